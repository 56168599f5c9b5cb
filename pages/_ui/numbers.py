"""Numbers of others in number fields: a browser holds fewer than JSON does."""

from __future__ import annotations

import math
from typing import Any

from core.plugin_runs.config.form import SAFE


def fits(value: Any, kind: type[int] | type[float]) -> bool:
    """Whether a field can hold a number as it is."""
    try:
        number = kind(value)
    except (OverflowError, ValueError):  # 10**400 as a float, infinity as a whole number
        return False
    return abs(number) <= SAFE if kind is int else math.isfinite(number)


def bounds(value: Any, low: Any, high: Any, kind: type[int] | type[float]) -> dict[str, Any]:
    """The bounds of a field as its `min_value` and `max_value`.

    The present value lies within them, though it should not: the check says so, and a field that
    refuses what it shows would end the page. A bound that no field can hold is none.

    Args:
        value: What the field shows, or None.
        low: Least allowed number, or None.
        high: Largest allowed number, or None.
        kind: `int` or `float`.
    """
    least = None if low is None or not fits(low, kind) else kind(low)
    most = None if high is None or not fits(high, kind) else kind(high)
    if value is not None:
        least = None if least is None else min(least, kind(value))
        most = None if most is None else max(most, kind(value))
    return {"min_value": least, "max_value": most}
