"""Intervals of ratios over labels, by drawing whole assets anew.

Labels of one asset are not independent: who overlooks one on a dark image overlooks the next. So
assets are drawn with replacement, all labels of one together (a cluster bootstrap), `DRAWS` times
under a fixed seed. Limits are percentiles, moved outwards for few assets as Hesterberg's expanded
percentile interval has it ("What Teachers Should Know about the Bootstrap", 2015, section 4.2).
Where a ratio is 0 or 1 every draw is, too, and tells nothing: there the exact interval of Clopper
and Pearson stands in, with each asset counted once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from core.proportions import proportion_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.float32]
"""One row per asset; whole numbers (or sums of overlaps), exact up to 2 ** 24."""
DRAWS: Final = 1_000
SEED: Final = 20_261_128
CHUNK: Final = 4_000_000
"""Weights at once: so many numbers of four bytes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A ratio with its 95 % interval; all None where there is nothing to divide by.

    `low` and `high` are None, too, where one asset alone tells nothing of others.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


def sums_drawn(counts: Counts) -> Floats:
    """The columns' sums in each draw of assets, (`DRAWS`, …)."""
    if not counts.size:
        return np.zeros((DRAWS, *counts.shape[1:]))
    flat = counts.reshape(len(counts), -1)
    drawn = np.concatenate([w @ flat for w in _weights(len(counts))])
    return drawn.reshape(DRAWS, *counts.shape[1:]).astype(np.float64)


def measured(
    above: Floats, below: Floats, drawn_above: Floats, drawn_below: Floats, assets: Ints
) -> tuple[Measured, ...]:
    """Ratios of two sums over assets.

    Args:
        above: Numerators, (n,); each at most its denominator.
        below: Denominators.
        drawn_above: The same in each draw, (`DRAWS`, n).
        drawn_below: The same.
        assets: How many assets have a part in each denominator.
    """
    usable = drawn_below > 0
    ratios = np.full(drawn_below.shape, np.inf)  # unusable ones come last
    np.divide(drawn_above, drawn_below, out=ratios, where=usable)
    ratios.sort(axis=0)
    columns = zip(above.tolist(), below.tolist(), assets.tolist(), usable.sum(axis=0).tolist(),
                  ratios.T, strict=True)  # fmt: skip
    return tuple(
        _measured(one, of, many, column[:draws]) for one, of, many, draws, column in columns
    )


def _measured(above: float, below: float, assets: int, draws: Floats) -> Measured:
    if not below:
        return Measured(None)
    value = above / below
    if above in (0, below):
        return Measured(value, *proportion_interval(assets if above else 0, assets))
    if assets < 2 or not len(draws):
        return Measured(value)
    tail = float(ndtr(-np.sqrt(assets / (assets - 1)) * stdtrit(assets - 1, 0.975)))
    return Measured(value, _quantile(draws, tail), _quantile(draws, 1 - tail))


def _quantile(rising: Floats, share: float) -> float:
    """As `np.quantile`, of numbers that are sorted already."""
    place = share * (len(rising) - 1)
    first = min(int(place), len(rising) - 1)
    low, high = float(rising[first]), float(rising[min(first + 1, len(rising) - 1)])
    part = place - first
    return high - (high - low) * (1 - part) if part >= 0.5 else low + (high - low) * part


Ratio = tuple[Any, Any]
"""What is divided, and by what: two numbers, or two columns of `DRAWS`."""


def difference(
    values: Sequence[Ratio], draws: Sequence[Ratio]
) -> tuple[float, float, float] | None:
    """The second of two ratios less the first, with its 95 % interval.

    Args:
        values: Both ratios.
        draws: The same in each draw, the same assets for both.
    """
    if any(not below for _, below in values):
        return None
    first, second = (above / below for above, below in values)
    usable = (draws[0][1] > 0) & (draws[1][1] > 0)
    (one, one_of), (two, two_of) = ((above[usable], below[usable]) for above, below in draws)
    low, high = np.quantile(two / two_of - one / one_of, (0.025, 0.975))
    return second - first, float(low), float(high)


def _weights(assets: int) -> Iterator[Counts]:
    """How often each asset is in each draw, in pieces of (draws, assets)."""
    if assets * DRAWS <= 3 * CHUNK:
        yield _kept_weights(assets)
        return
    random = np.random.default_rng((SEED, assets))
    piece = max(1, CHUNK // assets)
    for start in range(0, DRAWS, piece):
        yield _draw(random, min(piece, DRAWS - start), assets)


@lru_cache(maxsize=2)
def _kept_weights(assets: int) -> Counts:
    return _draw(np.random.default_rng((SEED, assets)), DRAWS, assets)


def _draw(random: np.random.Generator, draws: int, assets: int) -> Counts:
    weights = np.empty((draws, assets), np.float32)
    for row in weights:
        row[:] = np.bincount(random.integers(assets, size=assets), minlength=assets)
    return weights
