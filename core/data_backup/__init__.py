"""A data folder as one file: made while all runs on, put back whole or not at all.

Holds list, way out and way back; refuses what can be made again, and paths that a file brings.
"""
