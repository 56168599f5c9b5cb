"""Who acts, what they may do, and how that is written down.

Holds roles, the closed list of changes, and entries of their record; refuses I/O and clocks.
"""
