"""Brings a draft to the hub: difference, backup, a last look, write, verify, restore.

Holds the order of these steps; refuses to write without the last look.
"""
