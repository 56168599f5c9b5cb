"""Labels as the text that is kept of them: what JSON can hold, whatever somebody sent."""

from __future__ import annotations

import json
from typing import Any

import msgspec


def label_text(value: Any) -> str:
    """Labels as JSON text."""
    try:
        return msgspec.json.encode(value, enc_hook=str).decode()
    except (ValueError, OverflowError, TypeError):  # half a surrogate pair, a huge number
        return json.dumps(value)


def read_labels(text: str) -> Any:
    """Labels of a JSON text."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError):
        return json.loads(text)
