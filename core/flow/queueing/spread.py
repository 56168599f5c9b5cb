"""Means over replications with their interval, and percentiles of what was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, sqrt

import numpy as np

from core.tasks.table import Floats


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something takes; None where nothing tells.

    Args:
        mean: Mean over replications of the mean in each.
        p50: Median of all, over replications together.
        p90: Nine in ten take no longer.
        p95: Nineteen in twenty take no longer.
        low: Lower end of the mean's 95 % interval, by Student's t over replications.
        high: Upper end.
    """

    mean: float | None = None
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    low: float | None = None
    high: float | None = None


UNKNOWN = Spread()
NO_TIME = Spread(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def spread_of(means: Sequence[float], values: Floats) -> Spread:
    """The spread of something.

    Args:
        means: Its mean in each replication that had any.
        values: A sample of it from all replications.
    """
    if not means or not len(values):
        return UNKNOWN
    half = half_width(means)
    mean = float(np.mean(means))
    p50, p90, p95 = (float(one) for one in np.percentile(values, (50, 90, 95)))
    low, high = (None, None) if half is None else (mean - half, mean + half)
    return Spread(mean, p50, p90, p95, low, high)


def half_width(means: Sequence[float]) -> float | None:
    """Half of the 95 % interval of a mean over replications; None of less than two."""
    from scipy.special import stdtrit  # what needs no interval starts without it

    many = len(means)
    if many < 2:
        return None
    return float(stdtrit(many - 1, 0.975) * np.std(means, ddof=1) / sqrt(many))


def mean_of(values: Sequence[float]) -> float | None:
    """The mean, None of nothing."""
    return float(np.mean(values)) if len(values) else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """A percentile between values of which some may be infinite; None where it is."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = (len(ordered) - 1) * percent / 100
    low = floor(place)
    part = place - low
    at = ordered[low] if not part else ordered[low] * (1 - part) + ordered[low + 1] * part
    return at if isfinite(at) else None
