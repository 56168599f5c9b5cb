"""What an operation would do to which tasks, before it is carried out; a pure function."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.bulk import follows
from core.bulk.follows import Consequence
from core.bulk.onward import last_at, passes_on, resting, rows_of
from core.bulk.operation import (
    Assigning,
    Operation,
    Prioritising,
    change_words,
    checked,
    filter_words,
    fitting,
    unmatched,
)
from core.bulk.situation import Situation, fingerprint
from core.errors import NothingToChange
from core.gateway.protocol import HubTask, Requeueing
from core.model.figures import counted
from core.model.names import Names, names_of
from core.model.phrases import joined
from core.model.stages import Complete, Consensus, Stage
from core.tasks.table import TaskTable


@dataclass(frozen=True, slots=True)
class TaskThen:
    """A task that would be touched, and what it would be.

    Args:
        task: As it is.
        stages: Where it may be then; more than one where a random rule decides.
        assignees: Who would have it, in each of these stages; None where that is not known.
        priority: Its priority.
        annotations: How many; None where they were not counted.
        history: Entries of its stage history; None where that is not known.
    """

    task: HubTask
    stages: tuple[str, ...]
    assignees: tuple[str | None, ...] | None
    priority: int | None
    annotations: int | None
    history: int | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Tasks that fit the filter and stay as they are: why, as the end of `3 …`."""

    why: str
    tasks: int


@dataclass(frozen=True, slots=True)
class BulkMove:
    """Tasks that are alike now and would be alike then.

    Args:
        now: Stage id, priority or address.
        then: The same; of stages several where a random rule decides.
        tasks: How many.
    """

    now: str | int | None
    then: tuple[str | int | None, ...]
    tasks: int


@dataclass(frozen=True, slots=True)
class Losses:
    """What would be gone, and does not come back.

    Args:
        annotations: Labels and answers; None where they were not counted.
        annotated: Tasks that have some.
        assignees: Tasks that somebody has now.
        history: Entries of stage histories; None where they are not known.
        judgments: Parts of a Consensus.
        submitted: Those of them that were submitted.
    """

    annotations: int | None = 0
    annotated: int = 0
    assignees: int = 0
    history: int | None = 0
    judgments: int = 0
    submitted: int = 0


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What an operation would do.

    Args:
        operation: With ids for names.
        fits: Tasks that fit the filter.
        own: Tasks of the project.
        touched: Those that would be another, in the hub's order.
        left_out: Those that would not, by reason.
        moves: The touched, counted; the most first.
        losses: What would be gone.
        notes: What follows, the most serious first.
        code: Equal while the workflow and the tasks that fit are the same.
    """

    operation: Operation
    fits: int
    own: int
    touched: tuple[TaskThen, ...]
    left_out: tuple[LeftOut, ...]
    moves: tuple[BulkMove, ...]
    losses: Losses
    notes: tuple[Consequence, ...]
    code: str

    def sentence(self, names: Names) -> str:
        """How many tasks of which, in words."""
        words = change_words(self.operation.change, names)
        which = filter_words(self.operation.filter, names)
        many = f"{counted(len(self.touched))} of {counted(self.fits)}"
        if self.operation.filter.whole:
            which = f"every task of the project, {counted(self.own)} tasks"
        return f"{words}: {which}. {many} would change."


def preview(operation: Operation, situation: Situation, names: Names | None = None) -> BulkPreview:
    """Work it out.

    Args:
        operation: Names or ids; it is checked here.
        situation: What was read for it, by `situation.needs_of`.
        names: What people and stages are called; else as the project has them.

    Raises:
        InputError: It names what the project does not have.
    """
    operation, project = checked(operation, situation.project), situation.project
    shown = names_of(project) if names is None else names
    stages = {stage.id: stage for stage in reversed(project.stages or ())}
    those = fitting(operation.filter, situation.tasks)
    chosen, left = [], Counter[str]()
    for task in those:
        why = _left_out(task, operation, stages)
        if why:
            left[why] += 1
        else:
            chosen.append(task)
    touched = _then(operation, situation, chosen, stages)
    losses = _losses(operation, situation, touched)
    notes = [
        *follows.of_filter(operation, len(those), situation.own),
        *(Consequence("warning", one) for one in unmatched(operation.filter, situation.tasks)),
        *follows.of_change(operation.change, project, chosen, shown),
        *follows.of_losses(operation.change, losses),
    ]
    order = ("warning", "note")
    return BulkPreview(
        operation,
        len(those),
        situation.own,
        touched,
        tuple(LeftOut(why, many) for why, many in left.most_common()),
        _moves(operation, touched),
        losses,
        tuple(sorted(notes, key=lambda one: order.index(one.severity))),
        fingerprint(operation, situation),
    )


def refuse_nothing(shows: BulkPreview) -> None:
    """Stop where no task would be another than it is.

    Raises:
        NothingToChange: So it is.
    """
    if not shows.touched:
        reasons = [f"{counted(one.tasks)} {one.why}" for one in shows.left_out]
        why = joined(reasons, "and") if reasons else "none fits the filter"
        raise NothingToChange(f"No task would change: {why}.", "There is nothing to do.")


def _left_out(task: HubTask, operation: Operation, stages: dict[str, Stage]) -> str:
    """Why a task that fits stays as it is, as the rest of `3 …`; "" for one that does not."""
    change, asked = operation.change, operation.filter
    if isinstance(change, Prioritising):
        return "with this priority already" if task.priority == change.priority else ""
    if isinstance(change, Assigning):
        named = task.id in (asked.tasks or ()) or task.stage in (asked.stages or ())
        if task.part and task.status == "Completed":
            return "judgments in a Consensus that were submitted"
        if task.part and not named:
            return "judgments in a Consensus, which are assigned by their own stage or id"
        theirs = (task.assignee or "").strip().casefold() == change.person.strip().casefold()
        return "assigned to them already" if theirs else ""
    if task.part:
        return "judgments in a Consensus, which move with their task alone"
    here = stages.get(task.stage)
    if isinstance(here, Complete) and here.prevent_requeue:
        return "in a Complete stage that prevents requeuing"
    removes = change.remove_annotations or change.remove_assignee or change.remove_history
    if task.stage == change.to and not removes and not passes_on(here):
        return "there already"
    return ""


def _then(
    operation: Operation, situation: Situation, chosen: list[HubTask], stages: dict[str, Stage]
) -> tuple[TaskThen, ...]:
    change, table = operation.change, situation.table
    rows = rows_of(table, [task.id for task in chosen])
    entries = [_entries(table, row) for row in rows]
    if isinstance(change, (Prioritising, Assigning)):
        priority = change.priority if isinstance(change, Prioritising) else None
        person = change.person if isinstance(change, Assigning) else None
        return tuple(
            TaskThen(
                task,
                (task.stage,),
                (task.assignee if person is None else person,),
                task.priority if priority is None else priority,
                task.annotations,
                many,
            )
            for task, many in zip(chosen, entries, strict=True)
        )
    its_table = None if table is None or None in rows else table.take(np.array(rows, np.int64))
    rest = resting(situation.project, change, its_table, len(chosen))
    onward = passes_on(stages[change.to]) or isinstance(stages[change.to], Consensus)
    placed = []
    for place, (task, row, many) in enumerate(zip(chosen, rows, entries, strict=True)):
        there = tuple(stage for stage, flags in rest.items() if flags[place])
        placed.append(
            TaskThen(
                task,
                there,
                _assignees(change, task, there, table, row, onward),
                task.priority,
                0 if change.remove_annotations else task.annotations,
                0 if change.remove_history else many,
            )
        )
    return tuple(placed)


def _entries(table: TaskTable | None, row: int | None) -> int | None:
    if table is None or row is None:
        return None
    return int(table.history.offsets[row + 1] - table.history.offsets[row])


def _assignees(
    change: Requeueing,
    task: HubTask,
    there: tuple[str, ...],
    table: TaskTable | None,
    row: int | None,
    onward: bool,
) -> tuple[str | None, ...] | None:
    """Who has the task then: where it only moves, whoever has it; else who was there before."""
    if not onward:
        return (None if change.remove_assignee else task.assignee,) * len(there)
    if change.remove_history:
        return (None,) * len(there)
    if table is None or row is None:
        return None
    return tuple(last_at(table, row, stage) for stage in there)


def _moves(operation: Operation, touched: tuple[TaskThen, ...]) -> tuple[BulkMove, ...]:
    pairs: Counter[tuple[Any, tuple[Any, ...]]] = Counter()
    for one in touched:
        if isinstance(operation.change, Prioritising):
            pairs[one.task.priority, (one.priority,)] += 1
        elif isinstance(operation.change, Assigning):
            pairs[one.task.assignee, one.assignees or ()] += 1
        else:
            pairs[one.task.stage, one.stages] += 1
    return tuple(BulkMove(now, then, many) for (now, then), many in pairs.most_common())


def _losses(operation: Operation, situation: Situation, touched: tuple[TaskThen, ...]) -> Losses:
    change = operation.change
    has = sum(one.task.assignee is not None for one in touched)
    if isinstance(change, Prioritising):
        return Losses()
    if isinstance(change, Assigning):
        return Losses(assignees=has)
    counts = [one.task.annotations for one in touched]
    known = None if None in counts else sum(filter(None, counts))
    entries = _history_lost(situation, touched) if change.remove_history else 0
    moved = {one.task.asset for one in touched}
    parts = [task for task in situation.tasks if task.part and task.asset in moved]
    return Losses(
        annotations=known if change.remove_annotations else 0,
        annotated=sum(map(bool, counts)) if change.remove_annotations else 0,
        assignees=has if change.remove_assignee else 0,
        history=entries,
        judgments=len(parts),
        submitted=sum(part.status == "Completed" for part in parts),
    )


def _history_lost(situation: Situation, touched: tuple[TaskThen, ...]) -> int | None:
    table = situation.table
    counts = [_entries(table, row) for row in rows_of(table, [one.task.id for one in touched])]
    return None if None in counts else sum(filter(None, counts))
