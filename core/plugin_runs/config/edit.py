"""Edits of a config as text: what is not meant stays byte for byte."""

from __future__ import annotations

from core.ango_json.text import Json, dumps, loads
from core.errors import InputError
from core.plugin_runs.config.check import SOURCE
from core.plugin_runs.config.places import spans


def layout(text: str) -> str:
    """The same config on indented lines; keys keep their order and numbers their spelling.

    Raises:
        InputError: The text is not JSON.
    """
    return dumps(loads(text, SOURCE), indent=2)


def with_value(text: str, key: str, value: Json) -> str:
    """The config with one value of its outermost object replaced, or added at its end.

    A value that means the same is left as it is spelled.

    Raises:
        InputError: The text is not JSON, or not an object.
    """
    before = _object(text)
    if key in before and same(before[key], value):
        return text
    written = dumps(value)
    places = spans(text, 1)
    if key in before:
        start, end = places[(key,)]
        return f"{text[:start]}{written}{text[end:]}"
    entry = f"{dumps(key)}: {written}"
    if not before:
        start, end = places[()]
        return f"{text[:start]}{{{entry}}}{text[end:]}"
    last = places[(list(before)[-1],)][1]
    return f"{text[:last]},{_between(text)}{entry}{text[last:]}"


def _between(text: str) -> str:
    """What stands before the first key: a line break with its indent, or nothing much."""
    opened = spans(text, 0)[()][0] + 1
    gap = text[opened:]
    gap = gap[: len(gap) - len(gap.lstrip())]
    return gap if "\n" in gap else " "


def _object(text: str) -> dict[str, Json]:
    value = loads(text, SOURCE)
    if not isinstance(value, dict):
        raise InputError(SOURCE, "is not a JSON object.", "Edit it as JSON.")
    return value


def same(one: Json, other: Json) -> bool:
    """Whether two values mean the same: 1 is 1.0 but not true, and keys have no order."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
