"""Named sets of rules, readings and assumptions: kept, exported, imported and compared.

Holds scenarios as values and as files; refuses tasks in them.
"""
