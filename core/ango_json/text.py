"""JSON text in and out, keeping key order and the spelling of numbers.

The standard library turns `1.50` into `1.5` and accepts `NaN`; a stage that somebody wrote by hand
must come back as it was, and a value that no other reader accepts must be refused with its place.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

from core.errors import InputError
from core.model.text import HALF

Json = Any
"""A parsed JSON value: None, bool, int, float, str, list or dict with text keys."""

MAX_DEPTH = 200
MOST_BYTES = 64 * 2**20


class SpelledFloat(float):
    """A number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> SpelledFloat:
        """Read the number; the text is kept beside it."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def _whole(text: str) -> int | SpelledFloat:
    """A whole number; Python refuses those of thousands of digits, whose spelling is kept."""
    try:
        return SpelledFloat(text) if text == "-0" else int(text)
    except ValueError:
        return SpelledFloat(text)


class _Refused(ValueError):
    """The parser takes it, Switchyard does not; the parser cannot say where it stands."""


def _refuse_constant(text: str) -> Json:
    raise _Refused(text)


def _unique_keys(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise _Refused
    return values


def loads(text: str, source: str = "JSON") -> Json:
    """Parse JSON text; `source` names it in errors.

    Raises:
        InputError: The text is not JSON; says line and column.
    """
    text = text.removeprefix("\ufeff")
    try:
        value = json.loads(
            text,
            parse_float=SpelledFloat,
            parse_int=_whole,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique_keys,
        )
    except json.JSONDecodeError as error:
        message, hint = f"{in_plain_words(error)}.", "Mend the text at that place."
        raise InputError(source, message, hint, place(text, error.pos)) from error
    except (_Refused, RecursionError) as error:
        raise _refusal(text, source) from error
    if not _is_within_depth(value):
        raise _refusal(text, source)
    return value


def kept(text: str) -> Json:
    """JSON that Switchyard itself kept, in a database or beside it.

    A number that is none (`NaN`, `Infinity`, one beyond floating point), which an earlier version
    may have written, is null: what was kept can always be opened.

    Raises:
        ValueError: It is not JSON.
    """
    return json.loads(text, parse_constant=lambda _: None, parse_float=_finite)


def written(value: Json) -> str:
    """JSON text to be kept; it is valid UTF-8 whatever it holds.

    Raises:
        ValueError: It holds a number that is none.
    """
    return _escaped(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _finite(text: str) -> float | None:
    number = float(text)
    return number if isfinite(number) else None


def decoded(data: bytes, source: str) -> str:
    """The text of a file that is one document, such as a project or a scenario.

    Raises:
        InputError: It is not UTF-8, or larger than any of these; parsed it would be ten times that.
    """
    if len(data) > MOST_BYTES:
        message = f"has more than {MOST_BYTES // 2**20} MiB."
        raise InputError(source, message, "A project, stage or scenario is far smaller; check it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(source, "is not UTF-8 text.", "Save it as UTF-8 JSON.") from error


def place(text: str, position: int) -> str:
    """Line and column of a position, both from 1."""
    line = text.count("\n", 0, position) + 1
    return f"line {line}, column {position - text.rfind(chr(10), 0, position)}"


_PLAIN = {
    "Expecting value": "expected a value",
    "Expecting property name enclosed in double quotes": "expected a name in double quotes",
    "Expecting ':' delimiter": "expected a colon",
    "Expecting ',' delimiter": "expected a comma or a closing bracket",
    "Extra data": "expected the end of the text",
    "Unterminated string starting at": "expected a closing quote for the text that begins here",
    "Invalid control character at": "expected no line break or control character inside a text",
}


def in_plain_words(error: json.JSONDecodeError) -> str:
    """What the parser expected and what it found, as a clause."""
    expected = _PLAIN.get(error.msg.strip(": "), f"expected valid JSON ({error.msg.lower()})")
    next_text = printable(error.doc[error.pos : error.pos + 12])
    return (
        f"{expected}, found {next_text}" if next_text else f"{expected}, found the end of the text"
    )


def printable(text: str) -> str:
    """A piece of unknown text in quotes, on one line; "" when there is nothing to show."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text.strip())
    return f"'{shown}'" if shown else ""


_MARK = re.compile(r'("(?:[^"\\]++|\\.)*+")\s*+(:?)|NaN|-?Infinity|[\[\]{}]', re.DOTALL)


def _refusal(text: str, source: str) -> InputError:
    """The error for text that the parser takes: NaN, a key twice, or too many levels."""
    names: list[set[str]] = []
    for mark in _MARK.finditer(text):
        message, hint = "", "Check that it is the right file."
        if mark[0] in ("{", "["):
            names.append(set())
            if len(names) > MAX_DEPTH:
                message = f"is nested more than {MAX_DEPTH} levels deep."
        elif mark[0] in ("}", "]"):
            names = names[:-1]
        elif not mark[1]:
            message, hint = f"expected a number or null, found {mark[0]}.", "Write null instead."
        elif mark[2] and names:
            name = json.loads(mark[1], strict=False)
            if name in names[-1]:
                message = f"the key {printable(name) or repr(name)} stands twice in one object."
                hint = "Keep one of the two."
            names[-1].add(name)
        if message:
            return InputError(source, message, hint, place(text, mark.start()))
    return InputError(source, "is not JSON that can be read.", "Check that it is the right file.")


def _is_within_depth(value: Json) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [node for node in level if isinstance(node, (list, dict))]
        if not level:
            return True
        level = [
            child for node in level for child in (node.values() if isinstance(node, dict) else node)
        ]
    return False


def dumps(value: Json, indent: int | None = None) -> str:
    """Write JSON text; numbers read by `loads` come out as they were spelled."""
    return _escaped("".join(_parts(value, indent, "\n")))


def _escaped(text: str) -> str:
    return HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


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
