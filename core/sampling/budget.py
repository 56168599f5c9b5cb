"""A budget of reviews spread over groups so that most wrong tasks are caught, a floor kept for all.

What a review of a group's task catches does not fall with their number, so the best spread is
greedy: the floor for all, then the group with the highest error rate up to all of its tasks, then
the next. Groups of equal rates get equal shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.errors import InputError
from core.flow.queueing.times import past_minutes
from core.model.figures import counted, percent
from core.model.phrases import joined
from core.model.rules import Condition
from core.model.stages import Review
from core.routing.engine.binomial import HIGH, LOW, binomial_window, convolve
from core.sampling.error_rates import ErrorRates, error_rates
from core.sampling.groups import BY, REST, named_groups
from core.sampling.looks import check_by
from core.tasks import bits
from core.tasks.table import Floats, person_key
from core.workspace import Workspace

FLOOR = 0.05
"""Share that everybody gets, or half of the even share where that is less."""
_NODES = 33
"""Rates that stand for the distribution of a group's rate."""
NAMED = 10
"""Groups that a sentence names."""
_SAME = 1e-9
"""Rates that are nearer to each other count as equal."""


@dataclass(frozen=True, slots=True)
class BudgetGroup:
    """Tasks that are reviewed with one chance; a task of several groups is in the worst one.

    Args:
        name: Of the group.
        condition: What a rule asks to find them; None for those that no group has.
        tasks: How many there are.
        rate: Expected error rate, from 0 to 1.
        posterior: Parameters of the Beta distribution of that rate; None where it is known.
    """

    name: str
    condition: Condition | None
    tasks: int
    rate: float
    posterior: tuple[float, float] | None = None

    @property
    def nodes(self) -> Floats:
        """Rates that stand for its distribution, all alike likely."""
        if self.posterior is None or min(self.posterior) <= 0:
            return np.array([self.rate])
        from scipy.special import betaincinv  # late: as in `core.proportions`

        levels = (np.arange(_NODES) + 0.5) / _NODES
        nodes: Floats = betaincinv(*self.posterior, levels)
        return nodes


@dataclass(frozen=True)
class Budget:
    """A spread.

    Args:
        groups: The highest rate first.
        shares: Chance of review of each group's tasks.
        reviews: How many were to be spread.
        floor: Share that every group has at least.
        notes: What is to be known of it, as sentences.
    """

    groups: tuple[BudgetGroup, ...]
    shares: tuple[float, ...]
    reviews: int
    floor: float
    notes: tuple[str, ...] = ()

    @property
    def tasks(self) -> int:
        """Tasks of all groups."""
        return sum(group.tasks for group in self.groups)

    @property
    def expected_reviews(self) -> float:
        """Mean number of reviews."""
        pairs = zip(self.groups, self.shares, strict=True)
        return sum(group.tasks * share for group, share in pairs)

    @property
    def even_share(self) -> float:
        """The share where all groups get the same."""
        return min(1.0, self.reviews / self.tasks)

    @property
    def caught(self) -> float:
        """Expected wrong tasks that are caught."""
        return self._expected(self.shares)

    @property
    def even(self) -> float:
        """Those of an even share."""
        return self._expected([self.even_share] * len(self.groups))

    def _expected(self, shares: Sequence[float]) -> float:
        return sum(g.tasks * s * g.rate for g, s in zip(self.groups, shares, strict=True))

    @cached_property
    def caught_interval(self) -> tuple[int, int]:
        """Central 95 % of the wrong tasks caught: by the draws, and by what is known of rates."""
        return _interval([_caught(g, s) for g, s in zip(self.groups, self.shares, strict=True)])

    @cached_property
    def even_interval(self) -> tuple[int, int]:
        """The same of an even share."""
        return _interval([_caught(group, self.even_share) for group in self.groups])

    @cached_property
    def more_interval(self) -> tuple[int, int]:
        """Central 95 % of how many more are caught than by an even share with the same draws."""
        pairs = zip(self.groups, self.shares, strict=True)
        return _interval([_difference(g, share, self.even_share) for g, share in pairs])


Window = tuple[int, Floats]


def _caught(group: BudgetGroup, share: float) -> Window:
    return _mixed([binomial_window(group.tasks, share * float(rate)) for rate in group.nodes])


def _difference(group: BudgetGroup, share: float, even: float) -> Window:
    """Wrong tasks that only the larger of two shares picks, by the same draw of each task."""
    windows = []
    for rate in group.nodes.tolist():
        first, weights = binomial_window(group.tasks, abs(share - even) * rate)
        below = share < even
        windows.append((1 - first - len(weights), weights[::-1]) if below else (first, weights))
    return _mixed(windows)


def _mixed(windows: Sequence[Window]) -> Window:
    """Distribution of a count that follows any of some laws, all alike likely."""
    first = min(start for start, _ in windows)
    last = max(start + len(weights) for start, weights in windows)
    mixed = np.zeros(last - first)
    for start, weights in windows:
        mixed[start - first : start - first + len(weights)] += weights / len(windows)
    return first, mixed


def _interval(windows: Sequence[Window]) -> tuple[int, int]:
    """Central 95 % of a sum of independent counts."""
    first, weights = 0, np.ones(1)
    for start, more in windows:
        first, weights = first + start, convolve(weights, more)
    below = np.cumsum(weights)
    low, high = np.searchsorted(below / below[-1], (LOW, HIGH))
    return first + int(low), first + int(high)


def spread(groups: Sequence[BudgetGroup], reviews: int, floor: float | None = None) -> Budget:
    """Spread a budget.

    Args:
        groups: With their rates; those without a task are left out.
        reviews: Tasks that can be reviewed.
        floor: Share that every group gets at least; None for the usual one.

    Raises:
        InputError: There is no task, or the floor alone takes more reviews.
    """
    kept = sorted((g for g in groups if g.tasks), key=lambda g: (-g.rate, g.condition is None))
    tasks = sum(group.tasks for group in kept)
    if not tasks:
        raise InputError("budget", "there is no task to review.", "Give tasks of some group.")
    even = min(1.0, reviews / tasks)
    least = min(FLOOR, even / 2) if floor is None else floor
    if not 0 <= least <= 1:
        raise InputError("floor", "is not from 0 to 100 %.", "Give percent, such as 5.")
    if least > even + _SAME:
        message = f"{percent(least)} of {counted(tasks)} tasks are more than {counted(reviews)}."
        raise InputError("floor", message, "Give more reviews, or a lower floor.")
    shares, left = [least] * len(kept), max(0.0, min(reviews, tasks) - least * tasks)
    place = 0
    while place < len(kept) and left > 0:
        alike = [p for p in range(place, len(kept))
                 if kept[place].rate - kept[p].rate <= _SAME]  # fmt: skip
        room = sum(kept[p].tasks for p in alike) * (1 - least)
        part = min(1.0, left / room) if room else 0.0
        for p in alike:
            shares[p] = min(1.0, least + (1 - least) * part)
        left -= part * room
        place += len(alike)
    return Budget(tuple(kept), tuple(shares), reviews, least)


def rounded(budget: Budget, shares: tuple[float, ...]) -> Budget:
    """The budget as the rules of its stages have it, by the shares that these give."""
    return replace(budget, shares=shares)


def for_one_stage(budget: Budget) -> Budget:
    """A spread that one stage can do: tasks of no group get the share of the last group."""
    lowest = min(group.rate for group in budget.groups)
    lowered = [g if g.condition is not None else replace(g, rate=lowest) for g in budget.groups]
    spread_anew = spread(lowered, budget.reviews, budget.floor)
    known = {group.name: group for group in budget.groups if group.condition is not None}
    rest = next((group for group in budget.groups if group.condition is None), None)
    groups = tuple(known[g.name] if g.condition is not None or rest is None else rest
                   for g in spread_anew.groups)  # fmt: skip
    return replace(spread_anew, groups=groups, notes=budget.notes)


def reviews_in(hours: float, minutes: float) -> int:
    """How many reviews some hours are enough for, at so many minutes each."""
    return int(60 * hours / minutes)


def review_minutes(workspace: Workspace) -> float:
    """Minutes of a review, on the average of the histories'.

    Raises:
        InputError: No history tells how long a review takes.
    """
    stages = (workspace.project.stages if workspace.project else None) or ()
    reviews = [stage for stage in stages if isinstance(stage, Review)]
    minutes = np.concatenate([*past_minutes(workspace.table, reviews).values(), np.zeros(0)])
    if not minutes.sum():
        message = "no history tells how long a review takes."
        raise InputError("hours", message, "Give the number of reviews.")
    return float(minutes.mean())


def budget_of(
    workspace: Workspace,
    by: str,
    reviews: int,
    floor: float | None = None,
    rates: ErrorRates | None = None,
) -> Budget:
    """Spread a budget over the groups of a workspace, by what their reviews showed.

    Args:
        workspace: Tasks with histories, project and readings.
        by: One of `BY`.
        reviews: Tasks that can be reviewed.
        floor: As of `spread`.
        rates: By the same breakdown, where something else told right from wrong.

    Raises:
        InputError: As of `spread`; it is no such breakdown, or no review has said anything.
    """
    check_by(by, BY)
    given, rates = rates, rates or error_rates(workspace, by)
    if rates.prior is None:
        message = "no review has said anything of these tasks, so no group is known to be worse."
        hint = "Review an even share first; the command sample tells how large."
        raise InputError("budget", message, hint)
    groups, unknown = _groups(workspace, by, rates)
    if given and len(unknown) == sum(one.tasks > 0 for one in groups if one.condition is not None):
        message = f"nothing is known of any {by} that these tasks have."
        raise InputError("budget", message, "Give what was looked at of the same project.")
    budget = spread(groups, reviews, floor)
    notes = [f"{counted(budget.tasks)} tasks; the floor is {percent(round(budget.floor, 6))}."]
    if reviews >= budget.tasks:
        notes.append("The budget is enough for every task.")
    if max(g.rate for g in budget.groups) - min(g.rate for g in budget.groups) <= _SAME:
        notes.append("No group is known to be worse, so an even share is best.")
    if unknown:
        names = joined(unknown[:NAMED], "and") + " and others" * (len(unknown) > NAMED)
        notes.append(f"Nothing is known of {names}: taken to be as the others are.")
    return replace(budget, notes=tuple(notes))


def _groups(
    workspace: Workspace, by: str, rates: ErrorRates
) -> tuple[list[BudgetGroup], list[str]]:
    """The groups without overlaps, each task in the one with the highest rate.

    And the names of those that nothing is known of.
    """
    prior = rates.prior
    assert prior is not None
    spelled = person_key if by == "annotator" else str
    seen = {spelled(group.name): (group.wrong, group.reviewed) for group in rates.groups}
    named = named_groups(workspace, by)

    def looks(name: str) -> tuple[int, int]:
        return seen.get(spelled(name), (0, 0))

    groups: list[tuple[str, Condition | None, int]] = []
    left = bits.everything(len(workspace.table))
    for name, condition, members in sorted(named, key=lambda one: -prior.shrunk(*looks(one[0]))):
        taken = members & left
        left ^= taken
        groups.append((name, condition, bits.count(taken)))
    unknown = [name for name, _, tasks in groups if tasks and not looks(name)[1]]
    groups.append((REST[by], None, bits.count(left)))
    made = [
        BudgetGroup(name, condition, tasks, prior.shrunk(*looks(name)),
                    prior.posterior(*looks(name)))
        for name, condition, tasks in groups
    ]  # fmt: skip
    return made, unknown
