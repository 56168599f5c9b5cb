"""How good the labels of a run are, held against labels of people on the same assets.

Holds labels as columns, their overlaps, matches, counts and intervals; refuses to read a store.
"""
