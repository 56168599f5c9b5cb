"""Exact distribution of how many of some independent tasks go one way.

Tasks of equal probability form a binomial; unequal ones are convolved group by group. Probabilities
below about 1e-18 of the mode are left out, which moves no quantile that can be printed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.tasks.table import Floats

LOW, HIGH = 0.025, 0.975
_NEGLIGIBLE = 1e-18
_DIRECT = 512


def binomial_window(trials: int, chance: float) -> tuple[int, Floats]:
    """Probabilities of the counts that matter, by ratios from the mode outwards.

    P(k + 1) / P(k) = (n - k) / (k + 1) * p / (1 - p).

    Returns:
        The first count, and the probabilities from it on, summing to 1.
    """
    if trials == 0 or chance <= 0:
        return 0, np.ones(1)
    if chance >= 1:
        return trials, np.ones(1)
    mode = min(trials, int((trials + 1) * chance))
    spread = int(10 * np.sqrt(trials * chance * (1 - chance))) + 40
    first, last = max(0, mode - spread), min(trials, mode + spread)
    odds = chance / (1 - chance)
    up = np.arange(mode, last, dtype=np.float64)
    down = np.arange(mode, first, -1, dtype=np.float64)
    above = np.cumprod((trials - up) / (up + 1) * odds)
    below = np.cumprod(down / (trials - down + 1) / odds)
    weights = np.concatenate((below[::-1], [1.0], above))
    kept = np.flatnonzero(weights > _NEGLIGIBLE)
    first += int(kept[0])
    weights = weights[kept[0] : kept[-1] + 1]
    return first, weights / weights.sum()


def count_window(groups: Sequence[tuple[int, float]]) -> tuple[int, Floats]:
    """Distribution of a sum of binomials.

    Args:
        groups: (tasks, probability) of each group; groups are independent.

    Returns:
        The first count, and the probabilities from it on.
    """
    merged: dict[float, int] = {}
    for trials, chance in groups:
        merged[chance] = merged.get(chance, 0) + trials
    first, weights = 0, np.ones(1)
    for chance, trials in merged.items():
        start, window = binomial_window(trials, chance)
        first, weights = first + start, convolve(weights, window)
    return first, weights


def convolve(a: Floats, b: Floats) -> Floats:
    """Distribution of a sum of two independent counts."""
    if min(len(a), len(b)) <= _DIRECT:
        return np.convolve(a, b)
    size = len(a) + len(b) - 1
    product = np.fft.irfft(np.fft.rfft(a, size) * np.fft.rfft(b, size), size)
    positive: Floats = np.maximum(product, 0.0)
    return positive


def interval(groups: Sequence[tuple[int, float]]) -> tuple[int, int]:
    """Central 95 % interval: the smallest k with P(X <= k) >= 0.025, and >= 0.975."""
    first, weights = count_window(groups)
    total: NDArray[np.float64] = np.cumsum(weights)
    total /= total[-1]
    low, high = np.searchsorted(total, (LOW, HIGH))
    return first + int(low), first + int(high)
