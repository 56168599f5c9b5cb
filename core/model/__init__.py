"""Frozen values of an Ango Hub project.

Holds what everything else speaks of; refuses I/O, and how values are spelled as JSON.
"""
