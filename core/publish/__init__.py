"""Brings a draft to the hub with care: difference, backup, a last look, write, verify, restore."""
