"""Exact tests of counts: tails, intervals that agree with them, and how much a test can see.

A *window* is (first count, probabilities from it on), as `core.routing.engine.binomial` makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from core.routing.engine.binomial import HIGH, LOW, binomial_window
from core.tasks.table import Floats

Window = tuple[int, Floats]

LEVEL = 0.05
"""Chance that something which is as it should be is called off."""
POWER = 0.8
"""How often a difference must be seen to say that it can be seen."""
SET, REALLY = 0.20, 0.25
"""The difference that a verdict speaks of: set to 20 %, really 25 %."""

_NEGLIGIBLE = 1e-18


def hypergeometric_window(population: int, marked: int, drawn: int) -> Window:
    """Marked ones among some drawn without putting back, by ratios from the mode outwards.

    P(k + 1) / P(k) = (K - k)(n - k) / ((k + 1)(N - K - n + k + 1)).
    """
    low, high = max(0, drawn + marked - population), min(drawn, marked)
    if low == high:
        return low, np.ones(1)
    mode = min(high, max(low, (drawn + 1) * (marked + 1) // (population + 2)))
    share = marked / population
    spread = int(10 * np.sqrt(drawn * share * (1 - share))) + 40
    first, last = max(low, mode - spread), min(high, mode + spread)
    rest = population - marked - drawn
    up, down = np.arange(mode, last, dtype=float), np.arange(mode, first, -1, dtype=float)
    above = np.cumprod((marked - up) * (drawn - up) / ((up + 1) * (rest + up + 1)))
    below = np.cumprod(down * (rest + down) / ((marked - down + 1) * (drawn - down + 1)))
    weights = np.concatenate((below[::-1], [1.0], above))
    kept = np.flatnonzero(weights > _NEGLIGIBLE)
    weights = weights[kept[0] : kept[-1] + 1]
    return first + int(kept[0]), weights / weights.sum()


def mean(window: Window) -> float:
    """Mean of a count."""
    first, weights = window
    return float(first + np.arange(len(weights)) @ weights / weights.sum())


def central(window: Window) -> tuple[int, int]:
    """Central 95 % interval: the smallest k with P(X <= k) >= 0.025, and >= 0.975."""
    first, weights = window
    below = np.cumsum(weights)
    low, high = np.searchsorted(below / below[-1], (LOW, HIGH))
    return first + int(low), first + int(high)


def two_sided(window: Window, count: int) -> float:
    """Twice the smaller tail, the count included; at most 1."""
    first, weights = window
    place = count - first
    if not 0 <= place < len(weights):
        return 0.0
    tail = min(weights[: place + 1].sum(), weights[place:].sum()) / weights.sum()
    return min(1.0, 2 * float(tail))


def fisher(marked: int, known: int, count: int, drawn: int) -> float:
    """Two samples of one population against each other (Fisher 1935), given how many are marked.

    Args:
        marked: Marked ones of the first sample.
        known: Size of the first sample.
        count: Marked ones of the second.
        drawn: Size of the second.

    Returns:
        Twice the smaller tail of the hypergeometric distribution, at most 1.
    """
    return two_sided(hypergeometric_window(known + drawn, marked + count, drawn), count)


def fisher_interval(marked: int, known: int, drawn: int) -> tuple[int, int]:
    """The counts of a second sample that `fisher` does not call off, lowest and highest.

    As a prediction of the second sample it holds at least 95 % of the time, whatever the share
    (Thatcher 1964).
    """

    def fits(count: int) -> bool:
        return fisher(marked, known, count, drawn) > LEVEL

    middle = min(drawn, max(0, round(drawn * marked / known)))
    low = _edge(lambda far: fits(middle - far), middle)
    high = _edge(lambda far: fits(middle + far), drawn - middle)
    return middle - low, middle + high


def _edge(fits: Callable[[int], bool], most: int) -> int:
    """The largest distance up to `most` that fits; what fits is without gaps from 0 on."""
    inside, outside = 0, most + 1
    while outside - inside > 1:
        half = (inside + outside) // 2
        inside, outside = (half, outside) if fits(half) else (inside, half)
    return inside


def holm(tails: Sequence[float], chancy: Sequence[bool]) -> list[float]:
    """Adjusted chances (Holm 1979); where no chance plays a part they stay as they are.

    Args:
        tails: Chance of each count, or further out.
        chancy: Whether chance plays a part. To be told from what is tested, not from what was
            seen: a number of tests that depends on their outcome would correct for too few.
    """
    order = sorted((i for i, free in enumerate(chancy) if free), key=lambda i: tails[i])
    adjusted, most = list(tails), 0.0
    for rank, place in enumerate(order):
        most = max(most, min(1.0, tails[place] * (len(order) - rank)))
        adjusted[place] = most
    return adjusted


@lru_cache(maxsize=256)
def tasks_to_see(tests: int) -> int:
    """Tasks that must get to a rule to tell 20 % from 25 %, four times in five.

    Args:
        tests: Counts judged together; the corrected level of the strictest is taken.

    Returns:
        The smallest number from which on the exact test keeps that power.
    """
    level = LEVEL / max(1, tests)
    most = 256
    while _seen(most, level) < POWER:
        most *= 2
    most += most // 2  # the power of an exact test goes up in teeth
    return next(n for n in range(most, -1, -1) if _seen(n, level) < POWER) + 1


def _seen(tasks: int, level: float) -> float:
    """Chance that the exact test of 20 % calls 25 % off."""
    first, weights = binomial_window(tasks, SET)
    below, above = np.cumsum(weights), np.cumsum(weights[::-1])[::-1]
    fits = np.flatnonzero(2 * np.minimum(below, above) > level)
    low, high = first + int(fits[0]), first + int(fits[-1])
    start, really = binomial_window(tasks, REALLY)
    inside = really[max(0, low - start) : max(0, high - start + 1)]
    return 1.0 - float(inside.sum())


def proportion_interval(first: int, of: int) -> tuple[float, float]:
    """Exact 95 % interval of a proportion (Clopper and Pearson 1934)."""
    from scipy.special import betaincinv  # commands that need none start without it

    low = betaincinv(first, of - first + 1, 0.025) if first else 0.0
    high = betaincinv(first + 1, of - first, 0.975) if first < of else 1.0
    return float(low), float(high)
