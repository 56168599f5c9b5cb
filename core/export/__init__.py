"""Task files of Ango Hub, read once into columns: exports, hub tasks, saved tables.

Holds the one reader and what an export says; refuses an object per task and judging what it reads.
"""
