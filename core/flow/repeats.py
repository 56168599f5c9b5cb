"""A count to which each of some tasks adds nothing, once or again and again, with its exact law.

How often a task is at a stage, or leaves by an exit, is a *zero-modified geometric* number: with
chance f it comes there at all, and each time with chance r once more (Kemeny and Snell 1960, 3.5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.routing.engine.binomial import HIGH, LOW, interval
from core.tasks.table import Floats

SPREAD = 40.0
"""Standard deviations that are worked out around the mean; beyond them nothing is left to see."""
MOST = 2**22
"""Counts that are worked out at most."""


@dataclass(frozen=True, eq=False)
class Repeats:
    """The sum over all tasks; tasks of a group are alike, all are independent.

    Args:
        tasks: Tasks of each group.
        ever: Chance of each to add at all.
        again: Chance to add once more, each time.
    """

    tasks: NDArray[np.int64]
    ever: Floats
    again: Floats

    @property
    def mean(self) -> float:
        """Expected count."""
        return float(self.tasks @ (self.ever / (1 - self.again)))

    @property
    def variance(self) -> float:
        """Of the count."""
        once = self.ever / (1 - self.again)
        return float(self.tasks @ (once * (1 + self.again) / (1 - self.again) - once**2))

    @cached_property
    def interval(self) -> tuple[int, int] | None:
        """Central 95 % interval: the smallest k with P(X <= k) >= 0.025, and >= 0.975.

        The law is the product of the groups' generating functions f(z) = 1 - f + f (1 - r) z /
        (1 - r z), each to the power of its tasks, read off at roots of unity. None where it spreads
        over more than `MOST` counts.
        """
        if not self.again.any():
            return interval(list(zip(self.tasks.tolist(), self.ever.tolist(), strict=True)))
        laws, same = np.unique(
            np.column_stack((self.ever, self.again)), axis=0, return_inverse=True
        )
        tasks = np.bincount(same.ravel(), self.tasks, len(laws)).astype(np.float64)
        return law_interval(lambda z: _powers(z, laws, tasks), self.mean, self.variance)


def _powers(z: NDArray[np.complex128], laws: Floats, tasks: Floats) -> NDArray[np.complex128]:
    total = np.zeros(len(z), np.complex128)
    for (ever, again), many in zip(laws, tasks, strict=True):
        if ever > 0 and many:
            total += many * np.log(1 - ever + ever * (1 - again) * z / (1 - again * z))
    powers: NDArray[np.complex128] = np.exp(total)
    return powers


def law_interval(
    generating: Callable[[NDArray[np.complex128]], NDArray[np.complex128]],
    mean: float,
    variance: float,
) -> tuple[int, int] | None:
    """Central 95 % interval of a count by its generating function.

    Args:
        generating: Its values at points of the unit circle.
        mean: Of the count.
        variance: Of the count.

    Returns:
        As of `Repeats.interval`. A window of `SPREAD` standard deviations around the mean is worked
        out; what lies outside folds into it and is far less than a quantile can tell.
    """
    wanted = 2 * SPREAD * np.sqrt(max(variance, 0.0)) + 64
    if not wanted <= MOST:
        return None
    size = 1 << int(np.ceil(np.log2(wanted)))
    angles = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    weights = np.maximum(np.fft.irfft(generating(angles), size), 0.0)
    first = max(0, int(mean) - size // 2)
    below = np.cumsum(np.roll(weights, -(first % size)))
    low, high = np.searchsorted(below / below[-1], (LOW, HIGH))
    return first + int(low), first + int(high)
