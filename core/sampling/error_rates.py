"""What history says: how often each group's work was wrong, who is worse, whether that drifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.model.figures import counted, share_text
from core.model.phrases import joined
from core.proportions import proportion_interval
from core.routing.engine.binomial import binomial_window
from core.routing.engine.exact import LEVEL, fisher, holm, hypergeometric_window
from core.sampling.looks import BY, Looks, check_by, looks_of, members_by, sets_by, week_name
from core.sampling.shrink import RatePrior, fit
from core.sampling.steered import Steering, WeightedRate, steering_of, weighted_rate
from core.tasks import bits
from core.tasks.table import person_key
from core.workspace import Workspace

LIMIT = 0.00135
"""Chance of a week beyond either control limit where nothing drifts: that of three sigma."""


@dataclass(frozen=True, slots=True)
class LookWords:
    """What looks are called.

    Args:
        one: One of them, in sentences.
        plural: Several.
        all_wrong: Behind *Every*, where none was right.
        counted: Several, in figures and tables.
        axis: What a rate is a part of.
    """

    one: str
    plural: str
    all_wrong: str
    counted: str
    axis: str


REVIEWS = LookWords(
    "a look", "looks", "look rejected or fixed", "reviews", "% of reviews that rejected or fixed"
)


@dataclass(frozen=True, slots=True)
class GroupRate:
    """How often a group's work was wrong.

    Args:
        name: Of the group.
        tasks: Tasks that were looked at.
        reviewed: Looks: entries of a review that accepted, rejected or fixed.
        wrong: Those that rejected or fixed.
        low: Lower end of the exact 95 % interval of the rate (Clopper and Pearson 1934).
        high: Upper end.
        shrunk: The rate as `core.sampling.shrink` draws it towards that of all.
        p: Chance of so many wrong or more if the group were as the rest, by the first look at each
            task (by stage, all looks), corrected for as many tests as there are groups (Holm
            1979); 1 where there is no rest.
        weighted: The rate without the steering of rules; None where that cannot be told.
    """

    name: str
    tasks: int
    reviewed: int
    wrong: int
    low: float
    high: float
    shrunk: float
    p: float
    weighted: WeightedRate | None

    @property
    def rate(self) -> float:
        """Wrong over reviewed."""
        return self.wrong / self.reviewed

    @property
    def worse(self) -> bool:
        """Whether it is worse than the rest by more than chance explains."""
        return self.p <= LEVEL


@dataclass(frozen=True, slots=True)
class ReviewedWeek:
    """A week on the control chart.

    Args:
        first: Its Monday, UTC, as `2026-09-07`.
        reviewed: Looks.
        wrong: Those that rejected or fixed.
        low: Lower control limit of the rate at so many looks, from all weeks together.
        high: Upper one.
    """

    first: str
    reviewed: int
    wrong: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """Wrong over reviewed."""
        return self.wrong / self.reviewed

    @property
    def out(self) -> bool:
        """Whether it lies beyond a limit."""
        return not self.low <= self.rate <= self.high


@dataclass(frozen=True, slots=True)
class ErrorDrift:
    """Error rates by week.

    Args:
        weeks: In order; looks without a date are in none.
        p: Chance of weeks at least as different if all are alike: each against the others
            (Fisher 1935), corrected (Holm 1979); None where there is nothing to compare.
    """

    weeks: tuple[ReviewedWeek, ...]
    p: float | None

    @property
    def drifts(self) -> bool:
        """Whether weeks differ by more than chance explains."""
        return self.p is not None and self.p <= LEVEL


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """All groups of a breakdown.

    Args:
        by: One of `BY`.
        groups: Those with looks; weeks in order, else most looks first.
        unreviewed: Name and tasks of those without a look, people without tasks among them.
        reviewed: Looks of all, each counted once.
        wrong: Those of them that rejected or fixed.
        prior: What the rates were drawn towards; None without a look.
        drift: By week.
        steering: Of the reviews by rules.
        sentences: What is to be known of it.
        words: What its looks are called.
        common: The rate of all groups together, which theirs are held against.
    """

    by: str
    groups: tuple[GroupRate, ...]
    unreviewed: tuple[tuple[str, int], ...]
    reviewed: int
    wrong: int
    prior: RatePrior | None
    drift: ErrorDrift
    steering: Steering
    sentences: tuple[str, ...]
    words: LookWords
    common: float

    def in_words(self) -> ErrorRates:
        """The same with its sentences."""
        return replace(self, sentences=tuple(_sentences(self)))


def error_rates(workspace: Workspace, by: str) -> ErrorRates:
    """Error rates of the tasks of a workspace.

    Args:
        workspace: Tasks with histories, project and readings.
        by: One of `BY`.

    Raises:
        InputError: It is none of them.
    """
    check_by(by, BY)
    looks = looks_of(workspace.table, workspace.project)
    sets, steering = sets_by(workspace, looks, by), steering_of(workspace, looks)
    # at another stage a look at the same task is of another kind
    rates = rates_of_looks(looks, sets, steering, by, REVIEWS, apart=by == "stage")
    seen = [one.name for one in rates.groups]
    return replace(rates, unreviewed=_unreviewed(workspace, by, seen)).in_words()


def rates_of_looks(
    looks: Looks,
    sets: Mapping[str, NDArray[np.bool_]],
    steering: Steering,
    by: str,
    words: LookWords,
    apart: bool = False,
) -> ErrorRates:
    """Error rates of some looks, without sentences.

    Args:
        looks: Reviews, or whatever else told right from wrong.
        sets: Flags of the looks of each group, by its name.
        steering: What chose the tasks that were looked at.
        by: What the groups are.
        words: What a look is called.
        apart: Whether looks at one task again are evidence of their own.
    """
    counts = {name: _count(flags, looks) for name, flags in sets.items()}
    seen = [name for name, (many, _) in counts.items() if many]
    if by != "week":
        seen.sort(key=lambda name: -counts[name][0])
    prior = fit([counts[name][1] for name in seen], [counts[name][0] for name in seen])
    tested = np.ones(len(looks), np.bool_) if apart else looks.first
    counted_once = [_count(sets[name] & tested, looks) for name in seen]
    adjusted = worse_than_rest(counted_once, *_count(tested, looks))
    groups = []
    for name, p in zip(seen, adjusted, strict=True):
        many, bad = counts[name]
        assert prior is not None
        tasks = len(np.unique(looks.rows[sets[name]]))
        limits = proportion_interval(bad, many)
        weighted = weighted_rate(steering, looks, sets[name])
        groups.append(
            GroupRate(name, tasks, many, bad, *limits, prior.shrunk(bad, many), p, weighted)
        )
    wrong = int(looks.wrong.sum())
    return ErrorRates(
        by, tuple(groups), (), len(looks), wrong, prior, drift_of(looks), steering, (), words,
        wrong / len(looks) if len(looks) else 0.0,
    )  # fmt: skip


def _count(flags: NDArray[np.bool_], looks: Looks) -> tuple[int, int]:
    """Looks that are flagged, and wrong ones among them."""
    return int(flags.sum()), int((flags & looks.wrong).sum())


def worse_than_rest(
    counts: Sequence[tuple[int, int]], reviewed: int, wrong: int
) -> tuple[float, ...]:
    """Chance of each group's wrong ones or more if it were as the rest, corrected for all groups.

    Args:
        counts: Looks and wrong ones of each group.
        reviewed: Looks of all.
        wrong: Wrong ones of all.
    """
    tails, chancy = [], []
    for many, bad in counts:
        first, weights = hypergeometric_window(reviewed, wrong, many)
        tails.append(min(1.0, float(weights[max(0, bad - first) :].sum())))
        chancy.append(0 < many < reviewed)
    adjusted = holm(tails, chancy)
    return tuple(p if free else 1.0 for p, free in zip(adjusted, chancy, strict=True))


def drift_of(looks: Looks) -> ErrorDrift:
    """The control chart of all looks with a date, tested by the first look at each task."""
    every = np.ones(len(looks), np.bool_)
    return ErrorDrift(_by_week(looks, every).weeks, _by_week(looks, looks.first).p)


def _by_week(looks: Looks, chosen: NDArray[np.bool_]) -> ErrorDrift:
    dated = (looks.week >= 0) & chosen
    weeks, place = np.unique(looks.week[dated], return_inverse=True)
    many = np.bincount(place, minlength=len(weeks))
    bad = np.bincount(place, looks.wrong[dated], minlength=len(weeks)).astype(np.int64)
    return drift_of_weeks([week_name(int(week)) for week in weeks], many.tolist(), bad.tolist())


def drift_of_weeks(
    names: Sequence[str], reviewed: Sequence[int], wrong: Sequence[int]
) -> ErrorDrift:
    """The control chart of some weeks, each with its looks and wrong ones."""
    all_looks, all_wrong = sum(reviewed), sum(wrong)
    rate = all_wrong / all_looks if all_looks else 0.0
    weeks = tuple(
        ReviewedWeek(name, many, bad, *control_limits(many, rate))
        for name, many, bad in zip(names, reviewed, wrong, strict=True)
    )
    if len(weeks) < 2:
        return ErrorDrift(weeks, None)
    tails = [
        fisher(all_wrong - one.wrong, all_looks - one.reviewed, one.wrong, one.reviewed)
        for one in weeks
    ]
    return ErrorDrift(weeks, min(holm(tails, [True] * len(tails))))


def control_limits(many: int, rate: float) -> tuple[float, float]:
    """Rates beyond which so many looks lie with a chance of at most 0.135 % at either end."""
    first, weights = binomial_window(many, rate)
    below = np.cumsum(weights)
    low, high = np.searchsorted(below / below[-1], (LIMIT, 1 - LIMIT))
    return (first + int(low)) / many, min(1.0, (first + int(high)) / many)


def _unreviewed(workspace: Workspace, by: str, seen: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Groups with tasks but no look, and people of the project without tasks."""
    if by in ("stage", "week"):
        return ()
    sizes = {name: bits.count(members) for name, members in members_by(workspace, by).items()}
    without = {name: tasks for name, tasks in sizes.items() if tasks and name not in seen}
    if by == "annotator" and workspace.project is not None:
        busy = {person_key(name) for name, tasks in sizes.items() if tasks}
        people = [workspace.names.of_person(one.email) for one in workspace.project.people or ()]
        without |= {name: 0 for name in people if person_key(name) not in busy}
    return tuple(sorted(without.items(), key=lambda one: (-one[1], one[0])))


def _sentences(rates: ErrorRates) -> list[str]:
    words = rates.words
    if not rates.reviewed:
        return ["No review has said anything of these tasks yet, so nothing is known of errors."]
    rate = share_text(rates.wrong / rates.reviewed)
    many = f"{counted(rates.wrong)} of {counted(rates.reviewed)} {words.plural}"
    sentences = [f"{many} were wrong, {rate}."]
    if rates.wrong == rates.reviewed:
        sentences.append(f"Every {words.all_wrong}, so groups cannot be told apart.")
    worse = [one.name for one in rates.groups if one.worse]
    if worse:
        sentences.append(
            f"Worse than the rest by more than chance explains: {joined(worse, 'and')}."
        )
    elif len(rates.groups) > 1:
        sentences.append("No group is worse than the rest by more than chance explains.")
    out = [week.first for week in rates.drift.weeks if week.out]
    if rates.drift.drifts:
        sentences.append("The weeks differ by more than chance explains.")
    if out:
        sentences.append(f"Beyond the control limits: the weeks of {joined(out, 'and')}.")
    idle = [name for name, tasks in rates.unreviewed if tasks]
    if idle:
        sentences.append(f"Without {words.one}: {joined(idle, 'and')}.")
    return [*sentences, *rates.steering.sentences]
