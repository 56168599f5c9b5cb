"""Rates of groups drawn towards what all groups together show, the more the fewer there is to see.

Each group's rate is taken as drawn from one Beta distribution, fitted to all groups by maximum
likelihood (the beta-binomial; empirical Bayes, as in Efron and Morris 1975). The estimate is the
mean of the group's posterior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np

from core.tasks.table import Floats

_SIZES = (log(0.05), log(1e7))
"""Sizes that are looked at; at the upper end groups do not differ more than chance explains."""
_SAME = 1e6
"""From this size on groups count as alike."""


@dataclass(frozen=True, slots=True)
class RatePrior:
    """The distribution that groups' rates are drawn from: Beta(mean × size, (1 − mean) × size).

    Args:
        mean: Rate that a group without a review is expected to have.
        size: How many reviews the prior is worth; infinite where groups do not differ.
    """

    mean: float
    size: float

    def shrunk(self, wrong: int, reviewed: int) -> float:
        """The rate of a group in which so many of the reviewed were wrong."""
        if self.size == inf:
            return self.mean
        return (wrong + self.mean * self.size) / (reviewed + self.size)

    def posterior(self, wrong: int, reviewed: int) -> tuple[float, float]:
        """Parameters of the Beta distribution of a group's rate.

        Where groups do not differ, the prior is worth a million reviews.
        """
        size = min(self.size, _SAME)
        return wrong + self.mean * size, reviewed - wrong + (1 - self.mean) * size


def fit(wrong: Sequence[int], reviewed: Sequence[int]) -> RatePrior | None:
    """Fit the prior to groups; None where nothing was reviewed.

    Args:
        wrong: Wrong ones of each group.
        reviewed: Looks of each group.
    """
    hits = np.array([w for w, n in zip(wrong, reviewed, strict=True) if n], np.float64)
    looks = np.array([n for n in reviewed if n], np.float64)
    if not len(looks):
        return None
    pooled = float(hits.sum() / looks.sum())
    if len(looks) == 1 or pooled in (0.0, 1.0):
        return RatePrior(pooled, inf)
    rates = hits / looks
    ends = max(float(rates.min()), 1e-9), min(float(rates.max()), 1 - 1e-9)
    if ends[0] >= ends[1]:
        return RatePrior(pooled, inf)
    from scipy.optimize import minimize_scalar  # late: commands that fit nothing start without it

    def best_mean(size: float) -> tuple[float, float]:
        best = minimize_scalar(
            lambda mean: _loss(hits, looks, mean, size), bounds=ends, method="bounded",
            options={"xatol": 1e-9},
        )  # fmt: skip
        return float(best.fun), float(best.x)

    best = minimize_scalar(
        lambda size: best_mean(exp(size))[0], bounds=_SIZES, method="bounded",
        options={"xatol": 1e-6},
    )  # fmt: skip
    size = exp(float(best.x))
    alike = _loss(hits, looks, pooled, exp(_SIZES[1]))
    if size >= _SAME or alike <= float(best.fun) + 1e-9:
        return RatePrior(pooled, inf)
    return RatePrior(best_mean(size)[1], size)


def _loss(hits: Floats, looks: Floats, mean: float, size: float) -> float:
    """Minus the logarithm of the likelihood, but for what no parameter changes."""
    from scipy.special import betaln

    a, b = mean * size, (1 - mean) * size
    return float(-(betaln(hits + a, looks - hits + b) - betaln(a, b)).sum())
