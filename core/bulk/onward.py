"""Where requeued tasks come to rest: a Logic stage and a Webhook pass them on at once.

A certain rule is asked of each task with what the requeue leaves of it; a random one may take a
task or not. What a stage would do with a task whose history is not known, any output may do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.gateway.protocol import Requeueing
from core.model.dialect import Dialect
from core.model.project import Project
from core.model.rules import Condition
from core.model.stages import Logic, Stage, Start, Webhook
from core.routing.engine.evaluate import Matcher
from core.rule_types.duration import Duration
from core.rule_types.registry import chance_of
from core.tasks import bits
from core.tasks.facts import resolve
from core.tasks.table import History, Lists, TaskTable, no_label_sets

Flags = NDArray[np.bool_]


def passes_on(stage: Stage | None) -> bool:
    """Whether tasks that are requeued to a stage leave it again by themselves."""
    return isinstance(stage, (Logic, Webhook))


def resting(
    project: Project, wanted: Requeueing, table: TaskTable | None, tasks: int
) -> dict[str, Flags]:
    """Which tasks may come to rest in which stage, by its id.

    Args:
        project: With the workflow.
        wanted: The requeue.
        table: The tasks with their histories, row by row; None where these are not known.
        tasks: How many.
    """
    stages = {stage.id: stage for stage in reversed(project.stages or ())}
    matching = None if table is None else _Matching(project, wanted, table)
    rest: dict[str, Flags] = {}
    come: dict[str, Flags] = {}
    waiting = {wanted.to: np.ones(tasks, np.bool_)}
    while waiting:
        place, flags = waiting.popitem()
        before = come.get(place, np.zeros(tasks, np.bool_))
        fresh = flags & ~before
        if not fresh.any():
            continue
        come[place] = before | fresh
        stage = stages[place]
        forwards = isinstance(stage, Start) and stage.auto_forward and place != wanted.to
        if not (passes_on(stage) or forwards):
            _add(rest, place, fresh)
            continue
        for target, going in _leaving(stage, fresh, matching):
            if target in stages:
                _add(waiting, target, going)
            else:  # the output leads nowhere, so the task stays
                _add(rest, place, going)
    lost = ~np.any([*rest.values(), np.zeros(tasks, np.bool_)], axis=0)
    for place, flags in come.items():
        if (flags & lost).any():  # a closed loop of stages that pass on
            _add(rest, place, flags & lost)
    return rest


def _add(some: dict[str, Flags], place: str, flags: Flags) -> None:
    if flags.any():
        some[place] = some[place] | flags if place in some else flags


def _leaving(
    stage: Stage, tasks: Flags, matching: _Matching | None
) -> list[tuple[str | None, Flags]]:
    """Where tasks may go on from a stage that passes them on."""
    if not isinstance(stage, Logic):
        return [(stage.next[0] if stage.next else None, tasks)]
    going: list[tuple[str | None, Flags]] = []
    todo = tasks
    for rule in stage.active:
        surely, perhaps = (
            (np.zeros_like(tasks), np.ones_like(tasks))
            if matching is None
            else matching.of(rule.condition)
        )
        going.append((rule.target, todo & (surely | perhaps)))
        todo = todo & ~surely
    return [*going, (stage.otherwise, todo)]


class _Matching:
    """Which tasks a condition matches once they are requeued: surely, and perhaps."""

    def __init__(self, project: Project, wanted: Requeueing, table: TaskTable) -> None:
        self._wanted, self._tasks = wanted, len(table)
        self._dialect = Dialect()
        self._matcher = Matcher(resolve(left_over(wanted, table), project, self._dialect))

    def of(self, condition: Condition) -> tuple[Flags, Flags]:
        none, every = np.zeros(self._tasks, np.bool_), np.ones(self._tasks, np.bool_)
        chance = chance_of(condition, self._dialect)
        if chance is not None and 0 < chance < 1:
            return none, every
        if self._wanted.remove_history and isinstance(condition, Duration):
            return none, every  # whether a duration stays without its history is not known
        return bits.unpack(self._matcher.matching(condition), self._tasks), none


def left_over(wanted: Requeueing, table: TaskTable) -> TaskTable:
    """The tasks with what a requeue leaves of them; nobody has a task in a stage that passes on."""
    table = replace(table, assignee=np.full(len(table), -1, np.int32))
    no_codes, nothing = np.zeros(0, np.int32), np.zeros(len(table) + 1, np.int64)
    if wanted.remove_annotations:
        empty = Lists(nothing, no_codes)
        table = replace(table, classes=empty, nested=empty, answered=np.ones(len(table), np.bool_))
    if wanted.remove_history:
        no_floats, no_times = np.zeros(0, np.float64), np.zeros(0, np.int64)
        history = History(nothing, no_codes, no_codes, no_floats, no_times, no_codes, no_codes)
        table = replace(table, history=history, label_sets=no_label_sets())
    return table


def last_at(table: TaskTable, row: int, stage_id: str) -> str | None:
    """Who worked on a task in a stage the last time it was there; it comes back to them."""
    history = table.history
    for entry in range(int(history.offsets[row + 1]) - 1, int(history.offsets[row]) - 1, -1):
        code, person = int(history.stage[entry]), int(history.person[entry])
        if code >= 0 and person >= 0 and table.stages[code][0] == stage_id:
            return table.people[person]
    return None


def rows_of(table: TaskTable | None, ids: Sequence[str]) -> list[int | None]:
    """Positions of tasks in a table; None for those that it lacks, or where there is none."""
    each = [] if table is None else table.ids.to_pylist()
    places = {task: row for row, task in enumerate(each)}
    return [places.get(task) for task in ids]
