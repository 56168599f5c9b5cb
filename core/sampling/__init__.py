"""Review by sample: what a share buys, what reviews showed, and where the next ones find most.

Holds exact laws of counts and values for pages and commands; refuses files, clocks and drawing.
"""
