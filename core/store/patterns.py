"""Regular expressions in a query: as Python's `re` reads them, and never for long.

SQLAlchemy's own function for SQLite has no limit: a pattern with nested repeats would hold the
interpreter, and with it the whole process, for hours.
"""

from __future__ import annotations

import time

import regex

from core.model.figures import counted

MOST_SECONDS = 5.0
"""Of matching, over all rows of one query."""
LONGEST = 1_000


def explained(pattern: str) -> str | None:
    """Why a pattern cannot be used; None when it can be."""
    if len(pattern) > LONGEST:
        return f"it has {counted(len(pattern))} characters, {counted(LONGEST)} are allowed"
    try:
        regex.compile(pattern)
    except (regex.error, ValueError, OverflowError) as error:
        return str(error)
    return None


class PatternMatcher:
    """SQLite's `REGEXP` for one connection; raises TimeoutError where a query takes too long."""

    def __init__(self) -> None:
        self._left = MOST_SECONDS

    def begin(self) -> None:
        """Another query begins, with time of its own."""
        self._left = MOST_SECONDS

    def __call__(self, pattern: str, value: object) -> bool | None:
        """Whether the pattern is found somewhere in a value's text; None for NULL."""
        if value is None:
            return None
        began = time.perf_counter()
        left = max(self._left, 0.001)
        try:
            return regex.search(pattern, str(value), timeout=left, concurrent=True) is not None
        finally:
            self._left -= time.perf_counter() - began
