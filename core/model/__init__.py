"""Frozen values of an Ango Hub project. No I/O; nothing here knows how they are spelled as JSON."""
