"""The types of rules that a Logic stage can have, a module each, and the table of them.

Holds all that is known of a type (`base.RuleType`); refuses what several rules do together.
"""
