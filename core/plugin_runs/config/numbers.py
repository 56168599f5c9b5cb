"""Numbers of JSON as they are written, compared and divided exactly whatever their size."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal, InvalidOperation

from core.ango_json.text import Json, SpelledFloat

MOST_DIGITS = 4300
"""Digits of a whole number beyond which Python's JSON reader, and so a plugin, refuses it."""
_LONG = 5000


def exact(value: float) -> Decimal:
    """A number as it was written; one of thousands of digits or a wild exponent as a float."""
    if isinstance(value, SpelledFloat) and len(value.text) > _LONG:
        return Decimal(float(value))
    try:
        return Decimal(value.text if isinstance(value, SpelledFloat) else value)
    except InvalidOperation:
        return Decimal(float(value))


def is_multiple(value: float, step: float) -> bool:
    """Whether a number is a whole number of steps, in decimal: 0.3 is 3 times 0.1.

    Powers of ten are not written out, so `1e999999` costs no more than 1.
    """
    number, unit = exact(value), exact(step)
    if not number.is_finite() or not unit.is_finite() or not unit:
        return False
    digits, power = _parts(number)
    units, unit_power = _parts(unit)
    shift = power - unit_power
    if shift >= 0:
        return digits * pow(10, shift, units) % units == 0
    return digits == 0 or (
        -shift <= len(number.as_tuple().digits) and digits % (units * 10**-shift) == 0
    )


def _parts(number: Decimal) -> tuple[int, int]:
    """A finite number as its digits, without sign, and the power of ten that they stand for."""
    _, digits, power = number.as_tuple()
    return int(Decimal((0, digits, 0))), int(power)


def meaning(value: Json) -> Hashable:
    """Something equal for exactly the values that JSON Schema calls equal: 1 and 1.0, not true."""
    if isinstance(value, dict):
        return frozenset((key, meaning(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return tuple(meaning(inner) for inner in value)
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return (type(value).__name__, value)
    return exact(value)
