"""JSON in and out of the hub: quick for what is ordinary, tolerant of what SDKs really send."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import isfinite
from typing import Any

import msgspec

Json = Any

ENVELOPE_OK, ENVELOPE_FAIL = "success", "fail"


class NotReadable(ValueError):
    """Bytes that are not JSON."""


def decode(raw: bytes | str) -> Json:
    """Parse JSON; NaN and infinities, which only some senders write, become null, also as `1e400`.

    Raises:
        NotReadable: It is not JSON, is nested too deeply, or has an integer that is too long.
    """
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    try:
        return _parsed(raw, int)
    except RecursionError as error:
        raise NotReadable("it is nested too deeply") from error
    except ValueError as error:
        raise NotReadable(str(error)) from error


def heard(raw: bytes | str) -> Json:
    """Parse what a plugin says: whatever is too deep or too long for `decode` becomes text.

    Raises:
        NotReadable: It is not JSON.
    """
    try:
        return decode(raw)
    except NotReadable:
        pass
    try:
        return _parsed(
            _shallow(raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw), _number
        )
    except ValueError as error:
        raise NotReadable(str(error)) from error


def _parsed(raw: bytes | str, number: Callable[[str], Json]) -> Json:
    json_text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    return json.loads(
        json_text, parse_constant=lambda _: None, parse_float=_finite, parse_int=number
    )


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if isfinite(number) else None


def _number(digits: str) -> Json:
    """An integer, or its digits where Python reads no number of so many."""
    return int(digits) if len(digits) <= _LONGEST else digits


_DEEPEST, _LONGEST = 200, 4_000
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _shallow(json_text: str) -> str:
    """JSON text with "…" in place of whatever is nested too deeply."""
    kept, start, depth = [], 0, 0
    for token in _TOKEN.finditer(json_text):
        if token[0] in "[{":
            depth += 1
            if depth == _DEEPEST + 1:
                kept += [json_text[start : token.start()], '"…"']
        elif token[0] in "]}":
            depth -= 1
            if depth == _DEEPEST:
                start = token.end()
    return "".join(kept) + json_text[start:]


def encode(value: Json) -> bytes:
    """Write JSON; NaN and infinities become null, bytes text, and the rest what `str` says."""
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except (ValueError, OverflowError, TypeError, RecursionError):
        return json.dumps(_plain(value, 0), allow_nan=False).encode()


def text(value: Json) -> str:
    """JSON as text, for a column."""
    return encode(value).decode()


def raw(document: str | None) -> Json:
    """Kept JSON text, to stand inside something that is encoded."""
    return msgspec.Raw((document or "null").encode("utf-8", "replace"))


def plain_text(words: str) -> str:
    """Text that UTF-8 can hold: half of a surrogate pair becomes a question mark."""
    return words.encode("utf-8", "replace").decode()


def plain_bytes(value: Json) -> Json:
    """The same with bytes, which Socket.IO delivers as such, turned into text; of any depth."""
    whole = [value]
    todo: list[tuple[Any, Any]] = [(whole, 0)]
    while todo:
        place, key = todo.pop()
        one = place[key]
        if isinstance(one, (bytes, bytearray)):
            place[key] = bytes(one).decode("utf-8", "replace")
        elif isinstance(one, dict):
            place[key] = {str(name): child for name, child in one.items()}
            todo.extend((place[key], name) for name in place[key])
        elif isinstance(one, (list, tuple)):
            place[key] = list(one)
            todo.extend((place[key], n) for n in range(len(one)))
    return whole[0]


def _plain(value: Json, depth: int) -> Json:
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, dict):
        return {str(key): _plain(child, depth + 1) for key, child in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(child, depth + 1) for child in value]
    if isinstance(value, msgspec.Raw):
        return json.loads(bytes(value))
    if isinstance(value, float) and value - value != 0:
        return None
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def success(data: Json) -> bytes:
    """The envelope of an answer."""
    return encode({"status": ENVELOPE_OK, "data": data})


def failure(message: str) -> bytes:
    """The envelope of an error."""
    return encode({"status": ENVELOPE_FAIL, "message": message})


class Speech:
    """The JSON of Socket.IO: what plugins say is heard, whatever it looks like."""

    loads = staticmethod(heard)
    dumps = staticmethod(json.dumps)
