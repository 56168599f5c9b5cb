"""Filters as Ango Hub spells them, `{"$gt": …}`, over columns and over numbers worked out here."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from core.hub.call import Refused
from core.hub.codec import Json
from core.store.patterns import explained, matching

Condition = sa.ColumnElement[bool]

_COMPARE: dict[str, Callable[[Any, Json], Condition]] = {
    "$eq": lambda column, value: column == value,
    "$ne": lambda column, value: column.is_distinct_from(value),
    "$gt": lambda column, value: column > value,
    "$gte": lambda column, value: column >= value,
    "$lt": lambda column, value: column < value,
    "$lte": lambda column, value: column <= value,
    "$in": lambda column, value: column.in_(value if isinstance(value, list) else [value]),
    "$nin": lambda column, value: column.not_in(value if isinstance(value, list) else [value]),
    "$exists": lambda column, value: column.is_not(None) if value else column.is_(None),
}
_COUNT: dict[str, Callable[[int, Any], bool]] = {
    "$eq": operator.eq,
    "$ne": operator.ne,
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
    "$in": lambda count, value: count in (value if isinstance(value, list) else [value]),
    "$nin": lambda count, value: count not in (value if isinstance(value, list) else [value]),
    "$exists": lambda _, value: bool(value),
}
TIMES = ("createdAt", "updatedAt", "completedAt")


def words_of(wanted: Json) -> dict[str, Json]:
    """What a filter asks, word by word; a plain value is what it must be."""
    return wanted if isinstance(wanted, dict) else {"$eq": wanted}


def compared(
    tx: sa.Connection, among: Condition, name: str, word: str, column: Any, value: Json
) -> Condition:
    """One word of a filter about a column.

    Args:
        tx: A connection.
        among: The rows of the column's table that are listed at all.
        name: Of what is filtered.
        word: As `$gt`.
        column: Where it stands.
        value: What it is compared with.

    Raises:
        Refused: 400; the word is not known, or the value is nothing to compare with.
    """
    if word == "$regex":
        if why := explained(value) if isinstance(value, str) else "no text":
            raise Refused(400, f"{name}.$regex is no regular expression: {why}.")
        return matching(tx, column, str(value), among)
    if word not in _COMPARE:
        raise Refused(400, f"The filter word {word} is not known.")
    if name in TIMES and word != "$exists":
        value = [moment(one, name) for one in value] if isinstance(value, list) else moment(
            value, name
        )  # fmt: skip
    return _COMPARE[word](column, value)


def counted(name: str, wanted: Json, count: int) -> bool:
    """Whether a number that is worked out here fits a filter. Raises as `compared`."""
    for word, value in words_of(wanted).items():
        if word not in _COUNT:
            raise Refused(400, f"{name} cannot be filtered by {word}.")
        values = value if isinstance(value, list) else [value]
        if word != "$exists" and not all(isinstance(one, (int, float)) for one in values):
            raise Refused(400, f"{name} is compared with a number.")
        if not _COUNT[word](count, value):
            return False
    return True


def moment(value: Json, name: str) -> str:
    """A time as the hub keeps it, whatever ISO 8601 spelling it came in; without a zone UTC."""
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
        whole = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # 0001-01-01T00:00+05:00 lies before all years
        hint = "Write it as 2026-09-01T08:00:00.000Z."
        raise Refused(400, f"{name} is compared with a time, found {value!r}.", hint) from error
    return whole.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ordered(words: list[str], columns: dict[str, Any], what: str) -> list[Any]:
    """Order of a list by `sort`: names with `-` before those that go downwards."""
    orders = []
    for word in words:
        name = word.strip().lstrip("+-")
        if name not in columns:
            known = ", ".join(sorted(columns))
            raise Refused(400, f"{what} cannot be sorted by {name}.", f"Known are {known}.")
        down = word.strip().startswith("-")
        column = columns[name]
        orders.append(column.desc().nulls_last() if down else column.asc().nulls_first())
    return orders
