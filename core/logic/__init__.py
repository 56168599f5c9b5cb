"""Logic stages, computed: check, evaluate, split, draw, trace and say in words.

One engine for pages and command line. Time and randomness come in as arguments.
"""
