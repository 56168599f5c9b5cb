"""What a Random Sample of a lot buys: tasks reviewed, wrong ones caught, wrong ones that escape.

A Random Sample draws each task by itself, so the number reviewed is binomial, and so are the wrong
tasks that are caught. A fixed sample takes so many tasks and no other number: its wrong ones are
hypergeometric, of which a review that misses some catches a binomial part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.errors import InputError
from core.proportions import proportion_interval
from core.routing.engine.binomial import HIGH, LOW, interval
from core.routing.engine.exact import hypergeometric_window
from core.tasks.table import Floats


@dataclass(frozen=True, slots=True)
class SampledCount:
    """A number of tasks that depends on the draw.

    Args:
        expected: Its mean.
        low: Lower end of the central 95 % of its exact distribution.
        high: Upper end.
    """

    expected: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Lot:
    """Tasks of which some are wrong.

    Args:
        tasks: How many there are, at least one.
        errors: The part of them that is wrong, from 0 to 1.
        catch: Chance that a review of a wrong task notices it, from 0 to 1.

    Raises:
        InputError: One of them is no such number.
    """

    tasks: int
    errors: float
    catch: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is no lot."""
        if self.tasks < 1:
            raise InputError("lot", "is empty.", "Give a number of tasks, 1 or more.")
        for name, value in (("errors", self.errors), ("catch", self.catch)):
            if not 0 <= value <= 1:
                raise InputError(name, f"is {value}, not from 0 to 1.", "5 % are 0.05.")

    @property
    def wrong(self) -> int:
        """How many tasks are wrong."""
        return round(self.tasks * self.errors)


@dataclass(frozen=True)
class FixedSample:
    """The same lot where exactly so many tasks are reviewed, any of them as likely as another.

    Args:
        lot: The tasks.
        reviewed: How many are reviewed, from 0 to all.
    """

    lot: Lot
    reviewed: int

    @cached_property
    def window(self) -> tuple[Floats, Floats]:
        """Numbers of wrong tasks in the sample, and their chances."""
        lot = self.lot
        first, weights = hypergeometric_window(lot.tasks, lot.wrong, self.reviewed)
        return np.arange(first, first + len(weights), dtype=np.float64), weights

    @cached_property
    def caught(self) -> SampledCount:
        """Wrong tasks that are caught."""
        lot, (drawn, weights) = self.lot, self.window
        expected = lot.catch * self.reviewed * lot.wrong / lot.tasks
        if lot.catch == 1:
            below = np.cumsum(weights)
            ends = np.searchsorted(below / below[-1], (LOW, HIGH))
            low, high = (int(drawn[0]) + int(end) for end in ends)
            return SampledCount(expected, low, high)

        def at_most(count: int) -> float:
            return float(weights @ binomial_below(count, drawn, lot.catch))

        low, high = (quantile(at_most, level, int(drawn[-1])) for level in (LOW, HIGH))
        return SampledCount(expected, low, high)

    @property
    def escaped(self) -> SampledCount:
        """Wrong tasks that slip through."""
        caught, wrong = self.caught, self.lot.wrong
        return SampledCount(wrong - caught.expected, wrong - caught.high, wrong - caught.low)

    @cached_property
    def none_caught(self) -> float:
        """Chance that no wrong task is caught."""
        drawn, weights = self.window
        return float(weights @ (1 - self.lot.catch) ** drawn)


def quantile(at_most: Callable[[int], float], level: float, most: int) -> int:
    """The smallest count whose chance of so many or fewer, `at_most`, reaches a level."""
    return smallest(lambda count: at_most(count) >= level, most)


def smallest(enough: Callable[[int], bool], most: int) -> int:
    """The smallest number from 0 that is enough, where all above it are, too, and `most` is."""
    low, high = -1, most
    while high - low > 1:
        half = (low + high) // 2
        low, high = (low, half) if enough(half) else (half, high)
    return high


def binomial_below(count: float, many: Floats | int, chance: Floats | float) -> Floats:
    """P(X <= count) of X ~ Bin(many, chance), for one number of trials or chance or for many."""
    from scipy.special import betaincc  # late: commands that count nothing start without it

    trials = np.asarray(many, np.float64)
    inside = np.maximum(trials - count, 1e-9)
    below = betaincc(count + 1, inside, chance) if count >= 0 else np.zeros(1)
    chances: Floats = np.atleast_1d(np.where(trials <= count, 1.0, below))
    return chances


@dataclass(frozen=True)
class ShareBought:
    """What a Random Sample buys.

    Args:
        lot: The tasks.
        share: Chance of each task to be reviewed, from 0 to 1.
    """

    lot: Lot
    share: float

    @property
    def noticed(self) -> float:
        """Chance of a wrong task to be reviewed and noticed."""
        return self.share * self.lot.catch

    @cached_property
    def reviewed(self) -> SampledCount:
        """Tasks that are reviewed."""
        return _binomial(self.lot.tasks, self.share)

    @cached_property
    def caught(self) -> SampledCount:
        """Wrong tasks that are caught."""
        return _binomial(self.lot.wrong, self.noticed)

    @cached_property
    def escaped(self) -> SampledCount:
        """Wrong tasks that slip through."""
        caught, wrong = self.caught, self.lot.wrong
        return SampledCount(wrong - caught.expected, wrong - caught.high, wrong - caught.low)

    @property
    def none_caught(self) -> float:
        """Chance that no wrong task is caught; certain where none is wrong."""
        return chance_of_none(self.lot.wrong, self.noticed)

    @property
    def margin(self) -> tuple[float, float]:
        """Exact 95 % limits of the error rate at the expected numbers, each rounded."""
        return proportion_interval(round(self.caught.expected), round(self.reviewed.expected))

    @cached_property
    def fixed(self) -> FixedSample:
        """A sample of exactly the expected number of tasks, rounded."""
        return FixedSample(self.lot, round(self.reviewed.expected))


def share_bought(lot: Lot, share: float) -> ShareBought:
    """What a share of review buys.

    Args:
        lot: The tasks.
        share: Chance of each task to be reviewed, from 0 to 1.

    Raises:
        InputError: The share is no chance.
    """
    if not 0 <= share <= 1:
        raise InputError("share", "is not from 0 to 100 %.", "Give percent, such as 20.")
    return ShareBought(lot, share)


def chance_of_none(many: int, chance: float) -> float:
    """Chance that of so many independent tasks none is hit."""
    if not many or chance <= 0:
        return 1.0
    return float(np.exp(many * np.log1p(-chance))) if chance < 1 else 0.0


def _binomial(many: int, chance: float) -> SampledCount:
    return SampledCount(many * chance, *interval([(many, chance)]))
