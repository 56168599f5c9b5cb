"""What the database could not do, in words: a value of the caller's, or trouble of its own.

The hub's SQL is its own and values are always bound, so what a database or its driver cannot take
is something that the caller sent. Where it stands is looked for in the call.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from core.hub.call import Call
from core.hub.codec import Json, NotReadable, decode
from core.store.address import said_by

BEYOND_64_BITS = "22003"
LEAST, MOST = -(2**63), 2**63 - 1
MISFITS = (sa.exc.StatementError, OverflowError, UnicodeEncodeError)


def refusal(error: Exception, call: Call) -> tuple[int, str]:
    """HTTP status and a sentence for one of `MISFITS`."""
    if isinstance(error, OverflowError):
        return _too_large(call)
    if isinstance(error, UnicodeEncodeError):
        place = next(_places(call, _is_broken), "A text of the call")
        return 400, f"{place} has half of a surrogate pair, which UTF-8 cannot hold."
    original = error.orig if isinstance(error, sa.exc.StatementError) else error
    reason = said_by(original)
    if isinstance(error, sa.exc.IntegrityError):
        return 409, f"It does not fit what is stored: {reason}."
    if getattr(original, "sqlstate", "") == BEYOND_64_BITS:
        return _too_large(call)
    if isinstance(original, sqlite3.OperationalError):
        name = getattr(original, "sqlite_errorname", "")
        if "user-defined function" in reason:
            return 400, "A $regex of the call takes too long. Write it without nested repeats."
        if name != "SQLITE_ERROR":
            return 500, f"The hub's database could not do it: {reason}."
    return 400, f"A value of the call cannot be used where it stands: {reason}."


def _too_large(call: Call) -> tuple[int, str]:
    place = next(_places(call, _is_too_large), "A number of the call")
    return 400, f"{place} is an integer of more than 64 bits."


def _is_too_large(value: Json) -> bool:
    return isinstance(value, int) and not LEAST <= value <= MOST


def _is_broken(value: Json) -> bool:
    return isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value)


def _places(call: Call, is_odd: Callable[[Json], bool]) -> Iterator[str]:
    """Where in a call's query and body odd values stand, as `filter.priority.$gt`."""
    sent: list[tuple[str, Json]] = [("", _read(call.body))]
    for name, value in call.query.items():
        sent += [(name, value), (name, _read(value))]
    while sent:
        place, value = sent.pop(0)
        if is_odd(value):
            yield place or "The body"
        if isinstance(value, dict):
            if any(is_odd(name) for name in value):
                yield f"A key of {place or 'the body'}"
            sent += [(f"{place}.{name}".lstrip("."), child) for name, child in value.items()]
        elif isinstance(value, list):
            sent += [(f"{place}[{n}]", child) for n, child in enumerate(value)]


def _read(raw: bytes | str) -> Json:
    try:
        return decode(raw)
    except NotReadable:
        return None
