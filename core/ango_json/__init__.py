"""Ango JSON to model values and back.

Holds the spelling, so that what was not edited is written as it was read; refuses to judge it.
"""
