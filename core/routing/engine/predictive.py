"""The predictive distribution of a count among the next tasks.

Of n tasks looked at, c may take an output, each with the known chance q. What share of the kind of
work may take it is not known: with Jeffreys' prior it is Beta(c + 1/2, n - c + 1/2), so of the next
N tasks M ~ BetaBinomial(N, c + 1/2, n - c + 1/2) may, and Y ~ Bin(M, q) do (Brown, Cai and DasGupta
2001 on the prior; Aitchison and Dunsmore 1975 on prediction).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.polynomial.legendre import leggauss

from core.routing.engine.binomial import HIGH, LOW

_SUMMED = 20_000
"""Up to so many next tasks a beta-binomial is summed up; above, it is integrated."""
_NODES = 240
_BEYOND = 1e-13
"""Probability that is left out at either end."""
_ROUNDING = 1e-10
"""How far an integral may be off; a level missed by less is reached."""


def predictive_mean(many: int, may: int, tasks: int, chance: float) -> float:
    """Mean of the count of the next tasks; arguments as of `predictive_interval`."""
    return many * chance * (may + 0.5) / (tasks + 1)


@lru_cache(maxsize=4_096)
def predictive_interval(many: int, may: int, tasks: int, chance: float) -> tuple[int, int]:
    """Central 95 % interval of the count of the next tasks.

    Args:
        many: Next tasks.
        may: Tasks looked at that may take the output.
        tasks: Tasks looked at, one at least.
        chance: Of a task that may take it, to take it.

    Returns:
        The smallest k with P(Y <= k) >= 0.025, and >= 0.975.
    """
    if not many or chance <= 0:
        return 0, 0
    if chance >= 1 and many <= _SUMMED:
        k = np.arange(many)
        up = (many - k) * (may + 0.5 + k)
        logs = np.log(up / ((k + 1) * (tasks - may + many - k - 0.5)))
        weights = np.concatenate(([0.0], np.cumsum(logs)))
        below = np.cumsum(np.exp(weights - weights.max()))
        low, high = np.searchsorted(below / below[-1], (LOW, HIGH))
        return int(low), int(high)
    law = (many, may + 0.5, tasks - may + 0.5, min(chance, 1.0))
    return _quantile(LOW, *law), _quantile(HIGH, *law)


def _quantile(level: float, many: int, a: float, b: float, chance: float) -> int:
    low, high = -1, many
    while high - low > 1:
        half = (low + high) // 2
        if predictive_below(half, many, a, b, chance) >= level - _ROUNDING:
            high = half
        else:
            low = half
    return high


def predictive_below(count: int, many: int, a: float, b: float, chance: float) -> float:
    """P(Y <= count), where Y ~ Bin(many, share * chance) and share ~ Beta(a, b).

    Where the binomial's own distribution function is 1 or 0 but for rounding, the integral over the
    share is Beta's distribution function; in between it is by Gauss and Legendre in the angle
    asin(sqrt(share)), in which the density has no pole for a, b >= 1/2. Both factors are smooth on
    the interval that is left, since it is some ten deviations of the narrower one wide at most.
    """
    from scipy import special  # late: 0.2 s, which commands that predict nothing need not wait for

    if count >= many:
        return 1.0
    above, below = count + 1, many - count
    first = min(1.0, special.betaincinv(above, below, _BEYOND) / chance)
    last = min(1.0, special.betainccinv(above, below, _BEYOND) / chance)
    start = max(first, special.betaincinv(a, b, _BEYOND))
    end = min(last, special.betainccinv(a, b, _BEYOND))
    whole = float(special.betainc(a, b, first))
    if start >= end:
        return whole
    low, high = np.arcsin(np.sqrt(start)), np.arcsin(np.sqrt(end))
    nodes, weights = _legendre()
    angle = (low + high) / 2 + (high - low) / 2 * nodes
    sine, cosine = np.sin(angle), np.cos(angle)
    log_density = (2 * a - 1) * np.log(sine) + (2 * b - 1) * np.log(cosine)
    density = 2 * np.exp(log_density - special.betaln(a, b))
    inside = special.betaincc(above, below, np.minimum(sine * sine * chance, 1.0))
    return whole + float((high - low) / 2 * (weights @ (density * inside)))


@lru_cache(maxsize=1)
def _legendre() -> tuple[np.ndarray, np.ndarray]:
    nodes, weights = leggauss(_NODES)
    return nodes, weights
