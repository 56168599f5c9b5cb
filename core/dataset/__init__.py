"""A task table that may be larger than memory: a folder of Parquet files, counted where it lies.

Holds its layout and rules as expressions over its columns; refuses what looks at single tasks.
"""
