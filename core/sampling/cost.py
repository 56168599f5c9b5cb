"""What review costs: the cheapest share, how flat the costs are around it, when it pays at all.

With a known error rate costs are linear in the share, so either none or all is cheapest, and the
error rate at which that turns is the break-even. Where the rate is known only roughly, a sample
first and then all of the rest or none of it can be cheaper than both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.errors import InputError
from core.sampling.shares import Lot
from core.tasks.table import Floats

NEARLY = 0.05
"""Costs that are dearer than the least by at most this part of it count as flat."""
STEPS = 50
"""Parts of a curve of costs."""
MOST_PRICE = 1e9
"""The highest that a page asks for."""
PRICE_TITLES = {
    "review": "A review costs",
    "escape": "A wrong task that slips through costs",
    "rework": "Mending a wrong task costs",
}
"""What people are asked for, by the names of `ReviewPrices`."""


@dataclass(frozen=True, slots=True)
class ReviewPrices:
    """Prices in any one currency.

    Args:
        review: Of a review.
        escape: Of a wrong task that slips through.
        rework: Of mending a wrong task that is caught.

    Raises:
        InputError: One is below 0.
    """

    review: float
    escape: float
    rework: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no price."""
        for name in ("review", "escape", "rework"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise InputError("prices", f"{name} is below 0.", "For example review=2,escape=50.")

    def reviewed(self, rate: Floats | float, catch: float) -> Floats | float:
        """Cost of a task that is reviewed, at an error rate."""
        return self.review + rate * (catch * self.rework + (1 - catch) * self.escape)

    def left_alone(self, rate: Floats | float) -> Floats | float:
        """Cost of a task that is not."""
        return rate * self.escape

    def break_even(self, catch: float) -> float | None:
        """Error rate from which on review pays; None where it never does."""
        saved = catch * (self.escape - self.rework)
        if saved <= 0:
            return None if self.review > 0 or saved < 0 else 0.0
        rate = self.review / saved
        return rate if rate <= 1 else None


USUAL_PRICES = ReviewPrices(review=1.0, escape=20.0, rework=5.0)
"""What a page begins with."""


def flat_shares(none: float, every: float) -> tuple[float, float]:
    """Shares whose cost is at most 5 % above the least.

    Args:
        none: Cost without review.
        every: Cost where all is reviewed.
    """
    least, slope = min(none, every), every - none
    if slope == 0:
        return 0.0, 1.0
    reach = min(1.0, NEARLY * least / abs(slope))
    return (0.0, reach) if slope > 0 else (1.0 - reach, 1.0)


@dataclass(frozen=True)
class ReviewCost:
    """Costs of a lot by the share that is reviewed.

    Args:
        lot: The tasks.
        prices: What things cost.
    """

    lot: Lot
    prices: ReviewPrices

    def of(self, share: float) -> float:
        """Expected cost at a share from 0 to 1."""
        rate, lot = self.lot.wrong / self.lot.tasks, self.lot
        reviewed = self.prices.reviewed(rate, lot.catch)
        alone = self.prices.left_alone(rate)
        return float(lot.tasks * (share * reviewed + (1 - share) * alone))

    @property
    def cheapest(self) -> float:
        """The cheapest share, 0 or 1; 0 where all cost the same."""
        return 1.0 if self.of(1.0) < self.of(0.0) else 0.0

    @property
    def break_even(self) -> float | None:
        """Error rate from which on review pays; None where it never does."""
        return self.prices.break_even(self.lot.catch)

    @property
    def flat(self) -> tuple[float, float]:
        """Shares whose cost is at most 5 % above the least."""
        return flat_shares(self.of(0.0), self.of(1.0))

    @property
    def curve(self) -> tuple[tuple[float, float], ...]:
        """Share and cost."""
        return tuple((place / STEPS, self.of(place / STEPS)) for place in range(STEPS + 1))


@dataclass(frozen=True)
class SampleFirst:
    """Costs where a sample is reviewed first, and then the rest or nothing, whichever is cheaper.

    What is known of the error rate is a Beta distribution (Raiffa and Schlaifer 1961).

    Args:
        tasks: Of the lot.
        a: Its first parameter; the rate is known as from a of a + b reviews.
        b: Its second.
        catch: Chance that a review of a wrong task notices it.
        prices: What things cost.
    """

    tasks: int
    a: float
    b: float
    catch: float
    prices: ReviewPrices

    def of(self, many: int) -> float:
        """Expected cost with so many tasks in the sample."""
        from scipy.special import betaln, gammaln  # late: as in `core.proportions`

        caught = np.arange(many + 1, dtype=np.float64)
        if self.catch < 1:
            return self._blurred(many)
        logs = gammaln(many + 1) - gammaln(caught + 1) - gammaln(many - caught + 1)
        logs = logs + betaln(caught + self.a, many - caught + self.b) - betaln(self.a, self.b)
        rates: Floats = (self.a + caught) / (self.a + self.b + many)
        return self._total(many, np.exp(logs), rates)

    def _blurred(self, many: int) -> float:
        """The same where reviews miss: rates by a fine grid, weighted by what was caught."""
        from scipy.special import betaincinv, gammaln

        levels = (np.arange(400) + 0.5) / 400
        nodes = betaincinv(self.a, self.b, levels)[:, None]
        caught = np.arange(many + 1)[None, :]
        seen = np.clip(nodes * self.catch, 1e-300, 1 - 1e-16)
        logs = gammaln(many + 1) - gammaln(caught + 1) - gammaln(many - caught + 1)
        chances = np.exp(logs + caught * np.log(seen) + (many - caught) * np.log1p(-seen)) / 400
        weights: Floats = chances.sum(axis=0)
        rates: Floats = (chances * nodes).sum(axis=0) / np.maximum(weights, 1e-300)
        return self._total(many, weights, rates)

    def _total(self, many: int, weights: Floats, rates: Floats) -> float:
        mean = self.a / (self.a + self.b)
        rest = np.minimum(self.prices.reviewed(rates, self.catch), self.prices.left_alone(rates))
        first = many * self.prices.reviewed(mean, self.catch)
        return float(first + (self.tasks - many) * (weights @ rest))

    @cached_property
    def cheapest(self) -> int:
        """The sample that costs least; the smallest where several do."""
        sizes = self._sizes()
        costs = [self.of(many) for many in sizes]
        place = int(np.argmin(costs))
        low = sizes[max(0, place - 1)]
        high = sizes[min(len(sizes) - 1, place + 1)]
        between = range(low, high + 1, max(1, (high - low) // STEPS))
        all_costs = [(round(self.of(many), 9), many) for many in (*sizes, *between)]
        _, best = min(all_costs)
        return int(best)

    def _sizes(self) -> list[int]:
        most = min(self.tasks, 5_000)
        return sorted({round(most * (place / STEPS) ** 2) for place in range(STEPS + 1)})
