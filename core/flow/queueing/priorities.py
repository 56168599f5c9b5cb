"""Tasks that are taken before others: by their batches, which a plan of work gives numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.flow.chain import Chain
from core.flow.plan import WorkPlan, plan_problem
from core.flow.queueing.spread import half_width, mean_of
from core.model.project import Project
from core.tasks.table import Floats, TaskTable

USUAL = 0
"""The priority of a task in no batch that the plan names."""
_NONE = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class PartForecast:
    """The tasks of one priority, or of another part of the tasks.

    Args:
        number: Of the part; of priorities higher ones are taken first.
        tasks: How many are through and were measured, as a mean over replications.
        mean: Mean hours from coming to the end; None where none is through.
        low: Lower end of the mean's 95 % interval over replications; None of fewer than two.
        high: Upper end.
    """

    number: int
    tasks: float
    mean: float | None
    low: float | None
    high: float | None


def by_priority(
    chain: Chain, plan: WorkPlan, table: TaskTable, project: Project | None
) -> tuple[Chain, WorkPlan]:
    """Part the groups of a workflow's tasks by the priorities of a plan.

    Args:
        chain: The workflow and its chances.
        plan: Names batches by id or name; of several a task has the highest number.
        table: The tasks, in whose batches these are.
        project: Knows the ids of batches.

    Returns:
        The workflow with more groups, and the plan with what was wrong in it.
    """
    if not plan.priorities:
        return chain, plan
    numbers, unknown = _by_name(plan.priorities, table, project)
    problems = [
        plan_problem(
            "plan.batch_unknown", "error", f"priorities.{name}",
            f"No task is in a batch “{name}”: its priority is left out.",
            "Name a batch of the tasks by its id or name.",
        )
        for name in unknown
    ]  # fmt: skip
    plan = replace(plan, problems=(*plan.problems, *problems))
    inside = chain.group >= 0
    of_tasks = _priorities(table, numbers)[inside]
    if not len(of_tasks):
        return chain, plan
    levels = np.unique(of_tasks)[::-1]
    level = np.searchsorted(-levels, -of_tasks)
    group = chain.group[inside].astype(np.int64) * len(levels) + level
    pairs, parted = np.unique(group, return_inverse=True)
    whole = chain.group.copy()
    whole[inside] = parted
    return Chain(
        chain.graph,
        chain.chances[pairs // len(levels)],
        np.bincount(parted, minlength=len(pairs)).astype(np.int64),
        whole,
        (pairs % len(levels)).astype(np.int64),
        tuple(levels.tolist()),
    ), plan


def _by_name(
    priorities: Mapping[str, int], table: TaskTable, project: Project | None
) -> tuple[dict[str, int], list[str]]:
    """Numbers by the names of the table's batches, and what names none of these."""
    titles = {batch.id: batch.name for batch in (project.batches if project else None) or ()}
    known = set(table.batch_names)
    numbers: dict[str, int] = {}
    unknown = []
    for name, number in priorities.items():
        own = name if name in known else titles.get(name, name)
        if own in known:
            numbers[own] = max(number, numbers.get(own, number))
        else:
            unknown.append(name)
    return numbers, unknown


def _priorities(table: TaskTable, numbers: Mapping[str, int]) -> NDArray[np.int64]:
    """The priority of each task."""
    parts = []
    for _, piece in table.pieces():
        of_batch = np.array([numbers.get(name, _NONE) for name in piece.batch_names], np.int64)
        highest = np.full(len(piece), _NONE, np.int64)
        if len(of_batch):
            np.maximum.at(highest, piece.batches.rows, of_batch[piece.batches.codes])
        parts.append(np.where(highest == _NONE, USUAL, highest))
    return np.concatenate(parts)


def cycles_by_part(numbers: Sequence[int], cycles: Sequence[Floats]) -> tuple[PartForecast, ...]:
    """What replications tell of each part of the tasks.

    Args:
        numbers: Of the parts; empty where all tasks are alike.
        cycles: Per replication sum, in minutes, and number of the cycle times of each.
    """
    rows = []
    for place, number in enumerate(numbers):
        means = [float(one[place, 0] / one[place, 1]) / 60 for one in cycles if one[place, 1]]
        many = float(np.mean([one[place, 1] for one in cycles]))
        mean, half = mean_of(means), half_width(means)
        known = mean is not None and half is not None
        low, high = (mean - half, mean + half) if known else (None, None)  # type: ignore[operator]
        rows.append(PartForecast(number, many, mean, low, high))
    return tuple(rows)
