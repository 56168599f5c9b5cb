"""How far a piece of work is, told to whoever follows it."""

from __future__ import annotations

from collections.abc import Callable

Reached = Callable[[int, int], None]
"""Called with how much is done and how much there is in all; what it raises ends the work."""


def silent(done: int, total: int) -> None:
    """Follow nothing."""
