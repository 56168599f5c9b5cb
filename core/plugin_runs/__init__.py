"""Runs of batch model plugins as values: what is asked, what forbids it, what became of it.

Holds plugins, configs, mappings, drafts of starts and the table of states; refuses the database.
"""
