"""Carries an operation out: a last look, the write, and how many tasks are as wanted afterwards.

Each task is named to the hub with the stage in which it was seen, so one that somebody moves
between the last look and the write stays as it is. A write is made once, whatever comes of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.access.actions import Action
from core.access.door import Door
from core.access.record import document as digest
from core.ango_json.text import dumps
from core.bulk.onward import passes_on, rows_of
from core.bulk.operation import Assigning, Prioritising, operation_document
from core.bulk.preview import BulkPreview, TaskThen, refuse_nothing
from core.bulk.shown import FIRST
from core.bulk.situation import Needs, Situation, differences, fingerprint, look
from core.errors import (
    BulkInDoubt,
    GatewayError,
    HubFailed,
    SwitchyardError,
    TasksChanged,
    TimedOut,
    Unreachable,
)
from core.gateway.protocol import Gateway, Requeueing
from core.model.figures import counted
from core.model.project import Project
from core.model.stages import Consensus

AT_ONCE = 1_000
"""Tasks of one request."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of an operation.

    Args:
        wanted: Tasks that were to be changed.
        done: Those that are as wanted, read back from the hub.
        others: The first of those that are not, by what they are known by.
        trouble: Why not all was sent, or is in doubt; "" for neither.
    """

    wanted: int
    done: int
    others: tuple[str, ...]
    trouble: str

    @property
    def whole(self) -> bool:
        """Whether every task is as wanted."""
        return self.done == self.wanted

    @property
    def sentence(self) -> str:
        """In words."""
        many = f"{counted(self.done)} of {counted(self.wanted)} tasks are as wanted"
        if self.whole:
            return f"Carried out and read back: {many}."
        return f"Read back, {many}; nothing is sent again by itself. {self.trouble}".strip()


def carry_out(gateway: Gateway, seen: Situation, shows: BulkPreview, door: Door) -> Carried:
    """Do what a preview shows, if what it looked at is still so.

    Args:
        gateway: The hub.
        seen: What the preview was made of.
        shows: The preview.
        door: Knows whether whoever acts may do this, and records it.

    Raises:
        Forbidden: Whoever acts may not.
        TasksChanged: Somebody changed what the preview looked at; nothing was written.
        NothingToChange: No task would be another.
        BulkInDoubt: It was sent, and the hub could not be read afterwards.
        GatewayError: The hub refused it, or could not be asked; nothing was changed.
    """
    door.check(Action.BULK)
    refuse_nothing(shows)
    operation, project = shows.operation, seen.project
    fresh = look(gateway, gateway.read_project(project.id), Needs())
    if fingerprint(operation, fresh) != shows.code:
        stages = {stage.id: stage.name for stage in fresh.project.stages or ()}
        raise TasksChanged(
            "Tasks or the workflow changed after this preview was made; nothing was written.",
            "Look again, and carry it out then.",
            differences(operation, seen, fresh, stages),
        )
    about = f"{project.name or project.id} on {gateway.host}"
    what = {**_recorded(shows), "tasks": len(shows.touched), "code": shows.code}
    moves = [[one.now, list(one.then), one.tasks] for one in shows.moves]
    door.note_done(Action.BULK, about, {"moves": moves}, {**what, "outcome": "sent"})
    outcome: dict[str, Any] = {"outcome": "refused by the hub"}
    try:
        trouble, sent = _write(gateway, shows, project.id)
        if trouble is not None and not sent:
            raise trouble
        outcome = {"outcome": "in doubt"}
        after = _read_back(gateway, shows, fresh.project, trouble)
        left = [one.task.name for one in _not_as_wanted(shows, after)]
        done = len(shows.touched) - len(left)
        outcome = {"outcome": "verified" if not left else "not all verified", "done": done}
    finally:
        with suppress(SwitchyardError):  # that it was sent stands in the record already
            door.note_done(Action.BULK, about, None, {**what, **outcome})
    if trouble is not None and not done:
        raise trouble
    return Carried(len(shows.touched), done, tuple(left[:5]), str(trouble or ""))


def _recorded(shows: BulkPreview) -> dict[str, Any]:
    """The operation as the record of changes has it; a long list of ids by its digest."""
    written = operation_document(shows.operation)
    chosen = {
        name: ids if len(ids) <= FIRST else digest(dumps(ids))
        for name, ids in written["filter"].items()
    }
    return {**written, "filter": chosen}


def _write(
    gateway: Gateway, shows: BulkPreview, project_id: str
) -> tuple[GatewayError | None, bool]:
    """Send it, part by part; what ended it, and whether any part may have been carried out."""
    sent = False
    for task_ids, stage in _parts(shows):
        try:
            _send(gateway, shows, project_id, task_ids, stage)
        except GatewayError as error:
            doubt = isinstance(error, (TimedOut, Unreachable, HubFailed))
            return error, sent or doubt
        sent = True
    return None, sent


def _parts(shows: BulkPreview) -> Iterator[tuple[list[str], str]]:
    """Tasks of one request each, with the stage where they were seen."""
    by_stage: dict[str, list[str]] = defaultdict(list)
    for one in shows.touched:
        by_stage[one.task.stage].append(one.task.id)
    for stage, ids in by_stage.items():
        for start in range(0, len(ids), AT_ONCE):
            yield ids[start : start + AT_ONCE], stage


def _send(
    gateway: Gateway,
    shows: BulkPreview,
    project_id: str,
    task_ids: Sequence[str],
    stage: str,
) -> None:
    change = shows.operation.change
    if isinstance(change, Requeueing):
        gateway.requeue(project_id, change, task_ids, [stage])
    elif isinstance(change, Prioritising):
        gateway.set_priority(project_id, change.priority, task_ids, [stage])
    else:
        gateway.assign(project_id, change.person, task_ids, stage)


def _read_back(
    gateway: Gateway,
    shows: BulkPreview,
    project: Project,
    trouble: GatewayError | None,
) -> Situation:
    change = shows.operation.change
    needs = Needs()
    if isinstance(change, Requeueing):
        needs = Needs(change.remove_annotations, change.remove_history)
    try:
        return look(gateway, project, needs)
    except GatewayError as error:
        raise BulkInDoubt(
            "It was sent, but the hub could not be read afterwards.",
            "Look again: the preview then tells which tasks are still to be changed.",
        ) from trouble or error


def _not_as_wanted(shows: BulkPreview, after: Situation) -> list[TaskThen]:
    """The touched tasks that do not have what was asked for.

    Who has a task after a requeue is only looked at where it was asked for: how a hub gives a task
    back to somebody is its own affair.
    """
    change = shows.operation.change
    tasks = {task.id: task for task in after.tasks}
    stages = {stage.id: stage for stage in after.project.stages or ()}
    entries = _entries_left(shows, after)

    def is_wanted(then: TaskThen) -> bool:
        task = tasks.get(then.task.id)
        if task is None:
            return False
        if isinstance(change, Prioritising):
            return task.priority == change.priority
        if isinstance(change, Assigning):
            return (task.assignee or "").casefold() == change.person.casefold()
        to = stages.get(change.to)
        kept = change.remove_assignee and not passes_on(to) and not isinstance(to, Consensus)
        return (
            task.stage in then.stages
            and not (kept and task.assignee)
            and not (change.remove_annotations and task.annotations)
            and not entries.get(task.id)
        )

    return [one for one in shows.touched if not is_wanted(one)]


def _entries_left(shows: BulkPreview, after: Situation) -> dict[str, int]:
    """History entries of the touched tasks, where they should have none."""
    change, table = shows.operation.change, after.table
    if not isinstance(change, Requeueing) or not change.remove_history or table is None:
        return {}
    ids = [one.task.id for one in shows.touched]
    counts = np.diff(table.history.offsets)
    pairs = zip(ids, rows_of(table, ids), strict=True)
    return {each: int(counts[row]) for each, row in pairs if row is not None}
