"""Numbers as people and files write them: finite, or refused.

Python's own readers take more: `nan`, `inf`, `1_000`, digits of other scripts, and `1e400` for
infinity. None of these is a number to wait, to count or to draw with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite

from core.model.figures import whole_number

MOST_SECONDS = 365 * 86_400.0
"""The longest that anybody may ask to wait for anything."""

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
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


def number_of(value: object) -> float:
    """A finite number of a JSON document, also where it is written as text.

    Raises:
        ValueError: It is none.
    """
    if isinstance(value, str):
        return read_number(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{str(value)[:40]} is not a number")
    return float(value)


def read_whole(text: str) -> int:
    """A whole number written in decimal; blanks around it do not count.

    Raises:
        ValueError: It is none.
    """
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError(f"{text[:40]!r} is not a whole number")
    return int(text)


def read_field(
    text: str,
    units: Mapping[str, float] | None = None,
    low: float | None = None,
    high: float | None = None,
    whole: bool = False,
) -> float | int | None:
    """What somebody typed into a box for a number; None for nothing.

    The decimals of a number stand behind a comma or a point. A comma before three digits, as in
    `1,000`, separates thousands where numbers are whole, and may be either elsewhere.

    Args:
        text: As it was typed.
        units: Words that may follow, with what the number is multiplied by.
        low: The least that is taken.
        high: The most that is taken.
        whole: Whether only whole numbers are.

    Raises:
        ValueError: It is none of these; its text is a sentence for whoever typed it.
    """
    word, size = text.strip().replace("\N{MINUS SIGN}", "-"), 1.0
    if not word:
        return None
    for unit, by in (units or {}).items():
        if word.endswith(unit):
            word, size = word.removesuffix(unit).strip(), by
            break
    if whole:
        number: float | int = _whole(text, word)
    else:
        number = float(_exactly(_with_point(text, word), text) * Decimal(repr(size)))
    if (low is not None and number < low) or (high is not None and number > high):
        raise ValueError(f"{text.strip()[:40]} is not {range_words(low, high)}.")
    return number


def range_words(low: float | None, high: float | None) -> str:
    """`a number from 0 to 100`, for a box that takes no other."""
    if low is None and high is None:
        return "a number"
    if low is None or high is None:
        return (
            f"{whole_number(high or 0)} or less" if low is None else f"{whole_number(low)} or more"
        )
    return f"a number from {whole_number(low)} to {whole_number(high)}"


def _whole(text: str, word: str) -> int:
    digits = word.replace(",", "") if _GROUPED.fullmatch(word) else word
    try:
        return read_whole(digits)
    except ValueError:
        raise ValueError(f"“{text.strip()[:40]}” is not a whole number.") from None


def _with_point(text: str, word: str) -> str:
    if word.count(",") + word.count(".") < 2 and not _EITHER.fullmatch(word):
        return word.replace(",", ".")
    raise ValueError(
        f"“{text.strip()[:40]}” can be read in two ways. Write thousands without a sign between "
        "them, and the decimals behind one comma or point: 1000.5 or 1000,5."
    )


def _exactly(word: str, text: str) -> Decimal:
    try:
        read_number(word)
    except ValueError:
        raise ValueError(f"“{text.strip()[:40]}” is not a number.") from None
    return Decimal(word)


def is_number(value: object) -> bool:
    """Whether a parsed value is a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return isfinite(value)
    except OverflowError:
        return True  # a whole number beyond floating point
