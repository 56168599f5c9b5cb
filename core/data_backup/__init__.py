"""A data folder as one file: made while all runs on, put back whole or not at all.

Holds the manifest, the way out, the way back; refuses what can be made again, and any path that a
file brings along.
"""
