"""The tables of the database, a module per subject.

Holds names, kinds and indexes of columns; refuses to ask, to change, or to know how they came.
"""
