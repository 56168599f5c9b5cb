"""How often a lot is accepted, and how many reviews that takes: single, double, sequential plans.

An operating characteristic tells the chance of acceptance at each error rate. It is that of a
series of lots from one kind of work (binomial) unless a lot is named (hypergeometric).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np

from core.errors import InputError
from core.routing.engine.exact import hypergeometric_window
from core.sampling.iso_2859 import SinglePlan
from core.sampling.shares import binomial_below, smallest
from core.tasks.table import Floats

GOOD_ACCEPTED, BAD_ACCEPTED = 0.95, 0.10
"""Chances of acceptance at which a plan's two points are told: the producer's, the consumer's."""
POINTS = 41
"""Error rates of a curve."""
_SURVIVING = 1e-10
"""Chance of going on below which a sequential plan counts as ended."""
MOST_STEPS = 20_000
"""Reviews after which a sequential plan is cut off."""


def oc(plan: SinglePlan, rates: Sequence[float]) -> Floats:
    """Chance that a lot is accepted, at each error rate."""
    return binomial_below(plan.accept, plan.n, np.asarray(rates, np.float64))


def oc_of_lot(plan: SinglePlan, tasks: int, rates: Sequence[float]) -> Floats:
    """The same for a lot of so many tasks of which round(tasks × rate) are wrong."""
    many, chances = min(plan.n, tasks), []
    for rate in rates:
        first, weights = hypergeometric_window(tasks, round(tasks * rate), many)
        inside = max(0, plan.accept - first + 1)
        chances.append(float(weights[:inside].sum()))
    accepted: Floats = np.minimum(np.array(chances), 1.0)
    return accepted


def oc_at_random(plan: SinglePlan, tasks: int, rates: Sequence[float]) -> Floats:
    """The same where each task of the lot is drawn by itself with the chance n / tasks."""
    share = min(1.0, plan.n / tasks)
    return binomial_below(plan.accept, tasks, share * np.asarray(rates, np.float64))


def rate_accepted(plan: SinglePlan, chance: float) -> float:
    """The error rate at which a lot is accepted with a chance."""
    from scipy.special import betaincinv  # late: as in `core.proportions`

    return float(betaincinv(plan.accept + 1, plan.n - plan.accept, 1 - chance))


def curve_rates(plan: SinglePlan, *more: float) -> tuple[float, ...]:
    """Error rates worth drawing: from 0 to where a lot is hardly accepted, and some others."""
    last = rate_accepted(plan, 0.005)
    rates = {float(f"{last * place / (POINTS - 1):.4g}") for place in range(POINTS)}
    return tuple(sorted({min(rate, 1.0) for rate in rates} | set(more)))


@dataclass(frozen=True, slots=True)
class DoublePlan:
    """Review n1 tasks; accept at c1 wrong or fewer, refuse at r1 or more, else review n2 more.

    Args:
        n1: Tasks of the first sample.
        c1: Acceptance number of the first.
        r1: Rejection number of the first.
        n2: Tasks of the second.
        c2: Acceptance number of both together.

    Raises:
        InputError: There is no such plan.
    """

    n1: int
    c1: int
    r1: int
    n2: int
    c2: int

    def __post_init__(self) -> None:
        """Refuse what is no plan."""
        if self.n1 < 1 or self.n2 < 1 or not 0 <= self.c1 < self.r1 or self.c2 < self.c1:
            message = f"{self.n1},{self.c1},{self.r1},{self.n2},{self.c2} is no double plan."
            hint = "Give n1,c1,r1,n2,c2 with c1 below r1, and c2 not below c1: 50,0,3,50,3."
            raise InputError("double", message, hint)

    def _first(self, rate: float) -> Floats:
        """Chance of each number of wrong tasks of the first sample that leads to the second."""
        below = [binomial_below(d, self.n1, rate).item() for d in range(self.c1, self.r1)]
        return np.diff(below)

    def accepted(self, rate: float) -> float:
        """Chance that a lot is accepted."""
        at_once = binomial_below(self.c1, self.n1, rate).item()
        wrong = range(self.c1 + 1, self.r1)
        later = [binomial_below(self.c2 - d, self.n2, rate).item() for d in wrong]
        return at_once + float(self._first(rate) @ np.array(later)) if later else at_once

    def reviews(self, rate: float) -> float:
        """Mean number of tasks reviewed, each sample to its end."""
        return self.n1 + self.n2 * float(self._first(rate).sum())


@dataclass(frozen=True)
class SequentialPlan:
    """Wald's plan: after each review accept, refuse or go on.

    Accept as soon as the wrong tasks are at most slope·n − accept_line, refuse as soon as they are
    at least slope·n + refuse_line (Wald, Sequential Analysis, 1947).

    Args:
        good: Error rate that is to be accepted.
        bad: Error rate that is to be refused.
        refuse_good: Chance to refuse the good one.
        accept_bad: Chance to accept the bad one.

    Raises:
        InputError: There is no such plan.
    """

    good: float
    bad: float
    refuse_good: float = 1 - GOOD_ACCEPTED
    accept_bad: float = BAD_ACCEPTED

    def __post_init__(self) -> None:
        """Refuse what is no plan."""
        risks = (self.refuse_good, self.accept_bad)
        if not 0 < self.good < self.bad < 1 or not all(0 < one < 0.5 for one in risks):
            message = (
                "needs a good error rate above 0, a larger bad one below 1, and risks below 0.5."
            )
            raise InputError("sequential", message, "For example 0.01,0.05.")

    @cached_property
    def _unit(self) -> float:
        return log(self.bad / self.good) + log((1 - self.good) / (1 - self.bad))

    @property
    def slope(self) -> float:
        """Wrong tasks per review at which neither line comes nearer."""
        return log((1 - self.good) / (1 - self.bad)) / self._unit

    @property
    def accept_line(self) -> float:
        """How far below the slope a lot is accepted."""
        return log((1 - self.refuse_good) / self.accept_bad) / self._unit

    @property
    def refuse_line(self) -> float:
        """How far above the slope a lot is refused."""
        return log((1 - self.accept_bad) / self.refuse_good) / self._unit

    def outcome(self, rates: Sequence[float], most: int = MOST_STEPS) -> SequentialOutcome:
        """What the plan does, exactly, review by review.

        Args:
            rates: Error rates.
            most: Reviews after which it is cut off: on the side of the slope that it is on then.
        """
        rate = np.asarray(rates, np.float64)[:, None]
        going = np.zeros((len(rate), 2))
        going[:, 0] = 1.0
        accepted, reviews = np.zeros(len(rate)), np.zeros(len(rate))
        lowest = 0  # wrong tasks of the first column
        many = min(most, MOST_STEPS)
        for step in range(1, many + 1):
            reviews += going.sum(axis=1)
            moved = np.zeros((len(rate), going.shape[1] + 1))
            moved[:, :-1] += going * (1 - rate)
            moved[:, 1:] += going * rate
            wrong = lowest + np.arange(moved.shape[1])
            middle = self.slope * step
            low = wrong <= middle - self.accept_line
            high = wrong >= middle + self.refuse_line
            if step == many:
                low = wrong <= middle
                high = ~low
            accepted += moved[:, low].sum(axis=1)
            inside = np.flatnonzero(~low & ~high)
            if not len(inside) or moved[:, inside].sum(axis=1).max() < _SURVIVING:
                break
            lowest += int(inside[0])
            going = moved[:, inside[0] : inside[-1] + 1]
        return SequentialOutcome(tuple(accepted.tolist()), tuple(reviews.tolist()))


@dataclass(frozen=True, slots=True)
class SequentialOutcome:
    """What a sequential plan does at some error rates.

    Args:
        accepted: Chance of acceptance, rate by rate.
        reviews: Mean number of reviews.
    """

    accepted: tuple[float, ...]
    reviews: tuple[float, ...]


def sequential_like(plan: SinglePlan) -> SequentialPlan | None:
    """The sequential plan with the same two points as a single plan; None where they are none."""
    good, bad = rate_accepted(plan, GOOD_ACCEPTED), rate_accepted(plan, BAD_ACCEPTED)
    return SequentialPlan(good, bad) if 0 < good < bad < 1 else None


def double_like(plan: SinglePlan) -> DoublePlan | None:
    """The double plan of two equal samples that keeps both points of a single plan.

    Of all with acceptance numbers not far from its own, that which reviews least on average at the
    producer's point; None where none reviews less than the single plan.
    """
    good, bad = rate_accepted(plan, GOOD_ACCEPTED), rate_accepted(plan, BAD_ACCEPTED)
    best, fewest = None, float(plan.n)
    for c2 in range(plan.accept, plan.accept + 4):
        for c1 in range(max(0, c2 // 4 - 1), c2):
            one = _double_of(bad, c1, c2, 2 * plan.n)
            if one is not None and one.accepted(good) >= GOOD_ACCEPTED:
                reviews = one.reviews(good)
                best, fewest = (one, reviews) if reviews < fewest else (best, fewest)
    return best


def _double_of(bad: float, c1: int, c2: int, most: int) -> DoublePlan | None:
    """The smallest of these acceptance numbers that hardly accepts the bad rate."""

    def sized(more: int) -> DoublePlan:
        return DoublePlan(1 + more, c1, c2 + 1, 1 + more, c2)

    def strict(more: int) -> bool:
        return sized(more).accepted(bad) <= BAD_ACCEPTED

    return sized(smallest(strict, most)) if strict(most) else None


def mean_reviews(plan: SinglePlan, rates: Sequence[float]) -> dict[str, tuple[float, ...]]:
    """Mean reviews at each error rate: `single`, and where there are such, `double`, `sequential`.

    Args:
        plan: The single plan, reviewed to its end; the others keep its two points.
        rates: Error rates.
    """
    means = {"single": (float(plan.n),) * len(rates)}
    double, sequential = double_like(plan), sequential_like(plan)
    if double is not None:
        means["double"] = tuple(double.reviews(rate) for rate in rates)
    if sequential is not None:
        means["sequential"] = sequential.outcome(rates).reviews
    return means
