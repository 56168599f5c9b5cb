"""The command line: `python -m core <command>`, on the top floor beside the pages.

Holds arguments and printing; refuses to compute: each command asks the function that its page asks.
"""
