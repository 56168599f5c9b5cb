"""JSON in and out of the hub: quick for what is ordinary, tolerant of what SDKs really send."""

from __future__ import annotations

import json
from typing import Any

import msgspec

Json = Any

ENVELOPE_OK, ENVELOPE_FAIL = "success", "fail"


class NotReadable(ValueError):
    """Bytes that are not JSON."""


def decode(raw: bytes | str) -> Json:
    """Parse JSON; NaN and infinities, which only some senders write, become null.

    Raises:
        NotReadable: It is not JSON.
    """
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise NotReadable(str(error)) from error


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


def plain_bytes(value: Json) -> Json:
    """The same with bytes, which Socket.IO delivers as such, turned into text."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, dict):
        return {str(key): plain_bytes(child) for key, child in value.items()}
    return [plain_bytes(child) for child in value] if isinstance(value, (list, tuple)) else value


_DEEPEST = 200


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
