"""Why tasks go where they go: per rule, per task, per group, and what would change it.

Holds answers that are evaluated again; refuses guesses.
"""
