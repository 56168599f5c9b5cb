"""Where each value of a JSON text stands, so that one can be replaced and the rest kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]

from core.ango_json.text import MAX_DEPTH

Path = tuple[str | int, ...]
"""Keys and positions that lead to a value; () is the whole text."""
Span = tuple[int, int]
"""Where a value begins and ends in the text."""

_DECODER = JSONDecoder(strict=False, parse_int=str, parse_float=str)
_BLANK = re.compile(r"[ \t\r\n]*")
_PLAIN = re.compile(r"[^\s,\]}]+")


def spans(text: str, depth: int = MAX_DEPTH) -> dict[Path, Span]:
    """The place of every value, outer ones first.

    Args:
        text: JSON that `wire.text.loads` accepts.
        depth: How many levels are looked into; 1 gives the values of the outermost object.
    """
    walked = _walk(text, _skip(text, 0), (), depth)
    return dict(sorted(walked, key=lambda one: len(one[0])))


def _walk(text: str, at: int, path: Path, depth: int) -> Iterator[tuple[Path, Span]]:
    """The value at a position and what is inside it; the value itself comes last."""
    start = at
    if depth == 0:
        yield path, (start, _DECODER.raw_decode(text, start)[1])
        return
    opened = text[at]
    if opened not in '{["':
        plain = _PLAIN.match(text, at)
        yield path, (start, plain.end() if plain else at)
        return
    if opened == '"':
        yield path, (start, scanstring(text, at + 1)[1])
        return
    at = _skip(text, at + 1)
    number = 0
    while text[at] not in "}]":
        key: str | int = number
        if opened == "{":
            key, at = scanstring(text, at + 1)
            at = _skip(text, _skip(text, at) + 1)  # over the colon
        end = at
        for inner in _walk(text, at, (*path, key), depth - 1):
            yield inner
            end = inner[1][1]
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
        number += 1
    yield path, (start, at + 1)


def _skip(text: str, at: int) -> int:
    """The position after blanks, and after a byte order mark at the very start."""
    if at == 0 and text.startswith("\ufeff"):
        at = 1
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def shown(path: Path) -> str:
    """A path as people write it: `model.classes[2]`; the whole text is `the config`."""
    if not path:
        return "the config"
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = step if re.fullmatch(r"[\w-]+", step) else f'"{step}"'
            text += f".{name}" if text else name
    return text
