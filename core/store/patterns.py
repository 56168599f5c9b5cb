"""Regular expressions in a query: as Python's `re` reads them, and never for long.

SQLAlchemy's own function for SQLite has no limit: a pattern with nested repeats would hold the
interpreter, and with it the whole process, for hours. PostgreSQL has patterns of another kind, so
it is asked for the values, which are matched here.
"""

from __future__ import annotations

import time
from typing import Any

import regex
import sqlalchemy as sa

from core.errors import InputError
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


def matching(
    tx: sa.Connection, column: sa.Column[Any], pattern: str, among: sa.ColumnElement[bool]
) -> sa.ColumnElement[bool]:
    """Rows whose value in a column a pattern is found in.

    Args:
        tx: A connection.
        column: Of a table; a value is matched as the text that SQLite makes of it.
        pattern: One that `explained` takes.
        among: Which rows of the table are asked for at all.

    Raises:
        InputError: It takes too long. With SQLite the query says that, when it is carried out.
    """
    if tx.dialect.name == "sqlite":
        return column.regexp_match(pattern)
    matcher = PatternMatcher()
    try:
        values = [
            value
            for value in tx.execute(sa.select(column).where(among).distinct()).scalars()
            if matcher(pattern, int(value) if isinstance(value, bool) else value)
        ]
    except TimeoutError as error:
        hint = "Write it without nested repeats."
        raise InputError("$regex", "takes too long.", hint) from error
    return column.in_(values)


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
