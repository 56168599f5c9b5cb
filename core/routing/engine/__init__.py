"""Rules to sets of tasks, and sets to exact numbers: evaluate, draw, split.

Holds the one evaluator and the distributions; refuses advice and words about them.
"""
