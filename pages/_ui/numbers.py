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
