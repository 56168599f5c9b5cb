"""JSON text in and out, keeping key order and the spelling of numbers.

The standard library turns `1.50` into `1.5` and accepts `NaN`; a stage that somebody wrote by hand
must come back as it was, and a value that no other reader accepts must be refused with its place.
"""

from __future__ import annotations

import json
from typing import Any

from core.errors import InputError

Json = Any
"""A parsed JSON value: None, bool, int, float, str, list or dict with text keys."""

MAX_DEPTH = 200


class SpelledFloat(float):
    """A number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> SpelledFloat:
        """Read the number; the text is kept beside it."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def _whole(text: str) -> int | SpelledFloat:
    return SpelledFloat(text) if text == "-0" else int(text)


def _refuse_constant(text: str) -> Json:
    raise ValueError(f"{text} is not a JSON number")


def _unique_keys(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'the key "{twice}" stands twice in one object')
    return found


def loads(text: str, source: str = "JSON") -> Json:
    """Parse JSON text; `source` names it in errors.

    Raises:
        InputError: The text is not JSON; says line and column where the parser can.
    """
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=SpelledFloat,
            parse_int=_whole,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique_keys,
        )
        return _within_depth(value, source)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(
            source, f"{_plain(error.msg)}.", "Mend the text at that place.", where
        ) from error
    except RecursionError as error:
        raise _too_deep(source) from error
    except ValueError as error:
        raise InputError(source, f"{error}.", "Write it as valid JSON.") from error


def _plain(message: str) -> str:
    message = message[0].lower() + message[1:]
    return message if message.startswith("expecting") else f"the text is not JSON, {message}"


def _too_deep(source: str) -> InputError:
    return InputError(
        source, f"is nested more than {MAX_DEPTH} levels deep.", "Check that it is the right file."
    )


def _within_depth(value: Json, source: str) -> Json:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep(source)
        level = [
            child
            for node in level
            if isinstance(node, (list, dict))
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return value


def dumps(value: Json, indent: int | None = None) -> str:
    """Write JSON text; numbers read by `loads` come out as they were spelled."""
    return "".join(_parts(value, indent, "\n"))


def _parts(value: Json, indent: int | None, line: str) -> list[str]:
    if isinstance(value, SpelledFloat):
        return [value.text]
    if not isinstance(value, (dict, list, tuple)) or not value:
        return [json.dumps(value, ensure_ascii=False, allow_nan=False)]
    inner = line + " " * (indent or 0)
    start, between, end = (inner, "," + inner, line) if indent is not None else ("", ", ", "")
    parts: list[str] = []
    if isinstance(value, dict):
        for key, child in value.items():
            parts += [between if parts else start, json.dumps(key, ensure_ascii=False), ": "]
            parts += _parts(child, indent, inner)
        return ["{", *parts, end, "}"]
    for child in value:
        parts += [between if parts else start, *_parts(child, indent, inner)]
    return ["[", *parts, end, "]"]
