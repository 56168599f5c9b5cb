"""Numbers as people and files write them: finite, or refused.

Python's own readers take more: `nan`, `inf`, `1_000`, digits of other scripts, and `1e400` for
infinity. None of these is a number to wait, to count or to draw with.
"""

from __future__ import annotations

import re
from math import isfinite

MOST_SECONDS = 365 * 86_400.0
"""The longest that anybody may ask to wait for anything."""

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,400}", re.ASCII)


def read_number(text: str) -> float:
    """A finite number written in decimal; blanks around it do not count.

    Raises:
        ValueError: It is none.
    """
    number = float(text) if _DECIMAL.fullmatch(text.strip()) else float("nan")
    if not isfinite(number):
        raise ValueError(f"{text[:40]!r} is not a number")
    return number


def read_whole(text: str) -> int:
    """A whole number written in decimal; blanks around it do not count.

    Raises:
        ValueError: It is none.
    """
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError(f"{text[:40]!r} is not a whole number")
    return int(text)


def is_number(value: object) -> bool:
    """Whether a parsed value is a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return isfinite(value)
    except OverflowError:
        return True  # a whole number beyond floating point
