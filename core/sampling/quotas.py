"""Quotas made into stages: each group is drawn with the share that its quota needs, or a larger.

A task of several groups is drawn with the largest of their shares, so that each of these groups
gets at least what it needs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.errors import InputError
from core.model.dialect import Dialect
from core.model.figures import about_percent, counted
from core.model.phrases import joined
from core.model.project import Project
from core.model.rules import Condition
from core.sampling.coverage import chance_of_fewer, share_for_at_least
from core.sampling.groups import BY, REST, named_groups
from core.sampling.inverse import ShareNeeded
from core.sampling.looks import check_by
from core.sampling.review_stages import QUOTAS, ReviewStages, stages_of
from core.tasks import bits
from core.workspace import Workspace

LATER = {
    "annotator": "people who come later",
    "batch": "batches that come later",
    "class": "classes that come later",
}
_TIE = 1e-9
"""What rounding may take from a chance that is just enough."""


def check_quota_groups(by: str) -> None:
    """Refuse groups that no rule can ask for.

    Raises:
        InputError: They are no breakdown, or weeks.
    """
    if by == "week":
        hint = f"Choose from {', '.join(BY)}."
        raise InputError("--by", "no rule asks for a week, so no stages can be made.", hint)
    check_by(by, BY)


@dataclass(frozen=True, slots=True)
class QuotaGroup:
    """A group with its quota, or all tasks that are in none.

    Args:
        name: Of the group.
        condition: What a rule asks to find its tasks; None for those of no group.
        tasks: How many there are.
        needed: The share that the quota needs; None for those of no group, which have none.
        takers: Its tasks by the place of the group whose rule takes them: that with the largest
            share of those that they are in.
    """

    name: str
    condition: Condition | None
    tasks: int
    needed: ShareNeeded | None
    takers: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class QuotaPlan:
    """A share for each group.

    Args:
        by: What the groups are.
        groups: The largest share first; those of no group last, with or without tasks.
        shares: Chance of review of the tasks that each group's rule takes.
        least: Tasks wanted of each group.
        confidence: With which chance, group by group.
        several: Tasks that are in more than one group.
        tasks: Tasks in all.
    """

    by: str
    groups: tuple[QuotaGroup, ...]
    shares: tuple[float, ...]
    least: int
    confidence: float
    several: int
    tasks: int

    @property
    def smallest(self) -> float:
        """The smallest share of a group."""
        return min(self.shares[:-1])

    def for_one_stage(self) -> QuotaPlan:
        """The plan that one stage can do: tasks of no group get the smallest share at most."""
        return replace(self, shares=(*self.shares[:-1], min(self.shares[-1], self.smallest)))

    @cached_property
    def taken(self) -> tuple[int, ...]:
        """Tasks that each group's rule takes."""
        return tuple(dict(one.takers).get(place, 0) for place, one in enumerate(self.groups))

    def reviews(self, shares: tuple[float, ...]) -> float:
        """Mean number of reviews with these shares."""
        return sum(many * share for many, share in zip(self.taken, shares, strict=True))


@dataclass(frozen=True, slots=True)
class QuotaGiven:
    """What the rules give a group.

    Args:
        group: Its name.
        tasks: Tasks of the group.
        needed: The share that its quota needs, from 0 to 1; None where no share is enough, and for
            tasks of no group.
        share: What its rule gives; its tasks that are also in a group before it get that one's.
        reviews: Mean number of its tasks that are reviewed.
        fewer: Chance of fewer than were wanted; None for tasks of no group.
        holds: Whether its quota holds; None for tasks of no group.
    """

    group: str
    tasks: int
    needed: float | None
    share: float
    reviews: float
    fewer: float | None
    holds: bool | None


def quota_plan(
    workspace: Workspace,
    by: str,
    least: int,
    confidence: float = 0.95,
    others: float | None = None,
) -> QuotaPlan:
    """The share that each group's quota needs; a group with too few tasks gets all.

    Args:
        workspace: Tasks, project and readings.
        by: One of `core.sampling.groups.BY`.
        least: Tasks wanted of each group.
        confidence: With which chance, group by group, from 0 to 1.
        others: Share of tasks that are in no group; None for the smallest of all.

    Raises:
        InputError: No rule can ask for such groups, there is none, or a share is none.
    """
    check_quota_groups(by)
    if others is not None and not 0 <= others <= 1:
        raise InputError("others", "is not from 0 to 100 %.", "Give percent, such as 5.")
    tasks = len(workspace.table)
    groups = []
    for name, condition, members in named_groups(workspace, by):
        many = bits.count(members)
        if many:
            needed = share_for_at_least(many, least, confidence)
            groups.append((_share(needed), name, condition, many, needed, members))
    if not groups:
        message = f"no task has {'a' if by != 'annotator' else 'an'} {by}, so there is no group."
        raise InputError("quotas", message, "Choose another breakdown.")
    groups.sort(key=lambda one: -one[0])
    taker, times = np.full(tasks, len(groups)), np.zeros(tasks, np.int64)
    for place in range(len(groups) - 1, -1, -1):
        rows = bits.rows_of(groups[place][-1], tasks)
        taker[rows] = place
        times[rows] += 1
    made = []
    for _, name, condition, many, needed, members in groups:
        places, counts = np.unique(taker[bits.rows_of(members, tasks)], return_counts=True)
        takers = tuple(zip(places.tolist(), counts.tolist(), strict=True))
        made.append(QuotaGroup(name, condition, many, needed, takers))
    alone = int((times == 0).sum())
    made.append(QuotaGroup(REST[by], None, alone, None, ((len(groups), alone),)))
    shares = [one[0] for one in groups]
    shares.append(min(shares) if others is None else others)
    several = int((times > 1).sum())
    return QuotaPlan(by, tuple(made), tuple(shares), least, confidence, several, tasks)


def _share(needed: ShareNeeded) -> float:
    return 1.0 if needed.share is None else needed.share / 100


def quota_stages(
    plan: QuotaPlan,
    project: Project | None,
    dialect: Dialect,
    whole: bool = False,
    review: str | None = None,
) -> ReviewStages:
    """The stages of a plan; percentages are rounded so that no share is smaller than was needed.

    Args and Raises as of `core.sampling.review_stages.stages_of`.
    """
    return stages_of(plan, project, dialect, whole, review, name=QUOTAS, up=True)


def given_by(plan: QuotaPlan, stages: ReviewStages) -> tuple[QuotaGiven, ...]:
    """What the rules of a plan's stages give each group; those of no group last."""
    rows = []
    for group, share in zip(plan.groups, stages.shares, strict=True):
        drawn = [(many, stages.shares[place]) for place, many in group.takers]
        needed = group.needed
        fewer = None if needed is None else chance_of_fewer(drawn, plan.least)
        holds = None if fewer is None else fewer <= 1 - plan.confidence + _TIE
        rows.append(
            QuotaGiven(
                group.name,
                group.tasks,
                None if needed is None or needed.share is None else needed.share / 100,
                share,
                sum(many * chance for many, chance in drawn),
                fewer,
                holds,
            )
        )
    return tuple(rows)


def quota_notes(plan: QuotaPlan, stages: ReviewStages) -> tuple[str, ...]:
    """What is to be known of the stages of a plan, as sentences."""
    given = given_by(plan, stages)
    reviews = plan.reviews(stages.shares)
    part = about_percent(reviews / plan.tasks)
    notes = [f"About {counted(reviews)} of {counted(plan.tasks)} tasks are reviewed ({part})."]
    few = [group for group in plan.groups if group.needed is not None and not group.needed.possible]
    if few:
        names = joined([f"{one.name} ({counted(one.tasks)})" for one in few], "and")
        wanted = counted(plan.least)
        notes.append(f"Too few tasks for {wanted}, so that all of theirs are reviewed: {names}.")
    short = [
        one.group
        for one, group in zip(given, plan.groups, strict=True)
        if one.holds is False and group not in few
    ]
    if short:
        notes.append(f"As the rules are rounded, this does not hold for {joined(short, 'and')}.")
    if plan.several:
        have = "task is" if plan.several == 1 else "tasks are"
        notes.append(
            f"{counted(plan.several)} {have} in several groups and drawn with the largest of their "
            "shares, so that none of these groups gets less than it needs."
        )
    others, smallest = given[-1], plan.shares[-1] == plan.smallest
    notes.append(
        f"Tasks of {others.group} ({counted(others.tasks)} now) and of {LATER[plan.by]} are "
        f"reviewed with {about_percent(others.share)}{', the smallest share' * smallest}."
    )
    return tuple(notes)
