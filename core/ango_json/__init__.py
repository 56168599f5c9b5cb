"""Ango JSON to model values and back: what was not edited is written as it was read."""
