"""Keys of widgets and of what a session remembers: the one place where they are made.

A key has a name of ours and, behind a slash, text of others: `start.map/lorry`. Ours holds no
slash, and theirs is encoded, so it holds neither slash nor `#`. So no class, id or field of
anybody's can make a key that is ours or that of something else, whatever it is called.
`tests/test_architecture.py` refuses keys that are put together elsewhere.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NewType
from urllib.parse import quote

Key = NewType("Key", str)
"""What `key` and `part` made."""

_OURS = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*")
LONGEST = 120
"""Characters of a text that a key holds as they are; of a longer one it holds a digest."""


def key(ours: str, *theirs: str | int) -> Key:
    """The key of a widget, or of something in the session.

    Args:
        ours: Its name here, written out where it is used: small letters, digits, `-` and `.`.
        theirs: What tells apart widgets of that name, such as a class, an id or a place in a list.

    Raises:
        ValueError: `ours` is not such a name.
    """
    if not _OURS.fullmatch(ours):
        msg = f"{ours!r} is not a name for a key: it has small letters, digits, '-' and '.'"
        raise ValueError(msg)
    return Key("/".join([ours, *(_encoded(str(text)) for text in theirs)]))


def part(whole: Key, ours: str | int) -> Key:
    """The key of a part of what has a key: `part(key("plan.chart"), "table")`."""
    return Key(f"{whole}#{ours}")


def _encoded(text: str) -> str:
    """The text in ASCII, different for different texts, without `/`, `#`, `=` and `__`."""
    data = text.encode("utf-8", "surrogatepass")
    if len(text) > LONGEST:
        return "=" + blake2b(data, digest_size=20).hexdigest()
    return quote(data, safe="").replace("__", "%5F%5F")  # Streamlit keeps `__` for itself
