"""Moves tasks through the workflow of a sandbox project: what a submit or a review sets off.

Label, Review, Hold, Plugin, Complete and Archive keep a task until somebody acts; Start (when it
forwards by itself), Logic and Webhook pass it on. Consensus keeps it while each of its sub-stages
has a copy, a *sub-task*; when the last of them is submitted, the judgments are compared, the best
one becomes the task's, and it goes on. All of it happens inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.ango_json.text import loads
from core.hub.codec import decode, text
from core.hub.projects.documents import batch_names
from core.hub.projects.shapes import export_json, project_value, stage_names
from core.hub.workflow import webhooks
from core.hub.workflow.consensus import MEASURE, Measure, judge, thresholds_of
from core.hub.workflow.logic_stages import route
from core.model.passes import Pass
from core.model.phrases import iso
from core.model.project import Project
from core.model.stages import (
    Complete,
    Consensus,
    Logic,
    PluginStage,
    Stage,
    Start,
    Webhook,
    sub_stages,
)
from core.plugin_runs.hosted import plugin_stages
from core.plugin_runs.label_changes import EMPTY_ANSWER
from core.store.hub import HubProject, LogLine, log, new_id
from core.store.hub_passes import add_passes, rules_of
from core.store.hub_tasks import (
    Row,
    add_entries,
    batches_of,
    change_task,
    chunks,
    entries_of,
    find_task,
    next_number,
    remove_sub_tasks,
    rows_by_id,
    sub_tasks_of,
)
from core.store.tables.hub import assets, outbox, tasks

SUB_TASK = "consensus"
"""The type of a sub-task; those that annotators know as tasks are of type `default`."""
MOST_HOPS = 100
"""Stages that pass a task on by themselves, one after the other; more is a closed loop."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A task on its way out of a stage.

    Args:
        task: Its row, already with the annotations that it leaves with.
        output: Position in `next` of its stage.
        by: Who completed the stage.
        duration: Milliseconds spent.
        review: Review status of the entry, "" for none.
    """

    task: Row
    output: int
    by: str
    duration: float
    review: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A workflow being carried out within one transaction.

    Args:
        tx: The transaction.
        project: Whose tasks move.
        at: Seconds since 1970.
        measure: When judgments of a Consensus agree.
    """

    tx: sa.Connection
    project: HubProject
    at: float
    measure: Measure = MEASURE

    @property
    def value(self) -> Project:
        """The project as a value."""
        return project_value(self.project.document)

    def stage(self, stage_id: str) -> Stage | None:
        """A stage by its id."""
        stages = self.value.stages or ()
        return next((stage for stage in stages if stage.id == stage_id), None)

    def say(self, message: str, level: str = "WARNING") -> None:
        """Write a line into the hub's log, with the project."""
        log(self.tx, self.at, LogLine("", level, message, project=self.project.id))

    def leave(self, task: Row, output: int, by: str, duration: float, review: str = "") -> None:
        """Let a task leave its stage through an output, with a history entry; as `Leaving`."""
        self.leave_all([Leaving(task, output, by, duration, review)])

    def leave_all(self, leaving: Iterable[Leaving]) -> None:
        """Let tasks leave their stages together; those that come to a Logic stage go at once."""
        some = list(leaving)
        whole = [one for one in some if one.task.parent is None]
        self._record([(o.task, self._entry(o.task, o.by, o.duration, o.review)) for o in whole])
        moves: list[tuple[str, str | None]] = []
        for one in whole:
            stage = self.stage(one.task.stage)
            outputs = stage.next if stage else ()
            target = outputs[one.output] if one.output < len(outputs) else None
            moves.append((one.task.id, target))
        if moves:
            self.enter(moves)
        for one in some:
            if one.task.parent is not None:
                self._judged(one.task, one.by, one.duration)

    def enter(self, moves: Iterable[tuple[str, str | None]]) -> None:
        """Put tasks into stages and let the stages that pass on by themselves do so.

        Args:
            moves: Task id and stage id; None is an output that is not wired: the task stays.
        """
        waiting = list(moves)
        for _ in range(MOST_HOPS):
            bound: dict[str | None, list[str]] = {}
            for task, target in waiting:
                bound.setdefault(target, []).append(task)
            arrived = {t or "": some for t, some in bound.items() if self._arrive(some, t)}
            waiting = []
            for stage_id, its_tasks in arrived.items():
                stage = self.stage(stage_id)
                if isinstance(stage, Logic):
                    waiting += self._through_logic(stage, its_tasks)
                elif isinstance(stage, Webhook):
                    self._through_webhook(stage, its_tasks)
                    waiting += [(task, _first(stage)) for task in its_tasks]
                elif isinstance(stage, Start) and stage.auto_forward:
                    waiting += self.forward(stage, its_tasks)
                elif isinstance(stage, Consensus):
                    self._divide(stage, its_tasks)
                elif isinstance(stage, PluginStage):
                    self.say(f"{_tasks(its_tasks)} arrived. {plugin_stages([stage])}")
            if not waiting:
                return
        names = ", ".join(sorted({target or "" for _, target in waiting}))
        self.say(f"{len(waiting)} tasks go round in a closed loop of stages; they wait at {names}.")

    def forward(self, stage: Stage, its_tasks: Sequence[str]) -> list[tuple[str, str | None]]:
        """Let tasks leave a stage without anybody having worked on them, with history entries."""
        rows = rows_by_id(self.tx, tasks, its_tasks).values()
        whole = [row for row in rows if row.parent is None]
        if len(whole) < len(rows):
            self.say(f"{stage.name}: sub-tasks of a Consensus stay until they are submitted.")
        self._record([(row, self._entry(row, "", 0.0, "")) for row in whole])
        return [(row.id, _first(stage)) for row in whole]

    def _arrive(self, its_tasks: Sequence[str], target: str | None) -> bool:
        stage = self.stage(target) if target else None
        if stage is None:
            reason = f"to the unknown stage {target}" if target else "nowhere"
            who = (
                f"Task {its_tasks[0]}" if len(its_tasks) == 1 else f"Each of {len(its_tasks)} tasks"
            )
            self.say(f"{who} stays where it is: the output leads {reason}.")
            return False
        remove_sub_tasks(self.tx, its_tasks)
        done = isinstance(stage, Complete)
        worked = entries_of(self.tx, its_tasks)
        change = tasks.update().where(tasks.c.id == sa.bindparam("key"))
        values: dict[str, Any] = {
            "stage": stage.id,
            "status": "Completed" if done else "TODO",
            "completed_at": iso(self.at) if done else None,
            "updated_at": iso(self.at),
            "assignee": sa.bindparam("who"),
        }
        who_of = [{"key": t, "who": _sticky(worked.get(t, []), stage.id)} for t in its_tasks]
        self.tx.execute(change.values(values), who_of)
        return True

    def _record(self, entries: Sequence[tuple[Row, str]]) -> None:
        add_entries(self.tx, [(row.id, entry) for row, entry in entries])

    def _entry(self, task: Row, by: str, duration: float, review: str) -> str:
        """A history entry as JSON text."""
        stage = self.stage(task.stage)
        answer = decode(task.answer or EMPTY_ANSWER)
        entry: dict[str, Any] = {
            "stage": stage.name if stage else task.stage,
            "stageId": task.stage,
            "duration": int(duration) if duration == int(duration) else duration,
            "completedAt": iso(self.at),
            **({"completedBy": by} if by else {}),
            **answer,
            **({"brushDataUrl": task.brush} if task.brush else {}),
            **({"reviewStatus": review} if review else {}),
        }
        return text(entry)

    def _through_webhook(self, stage: Webhook, its_tasks: Sequence[str]) -> None:
        """Write the posts down that are to be made; `webhooks` makes them afterwards."""
        address = webhooks.address_of(loads(stage.source))
        what = f"Webhook {stage.name}: {_tasks(its_tasks)} passed on"
        if address is None or not webhooks.is_here(address):
            place = "the stage names no address"
            if address is not None:
                place = f"{webhooks.shown(address)} is not this machine"
            self.say(f"{what}, not posted: {place}.")
            return
        by_id = rows_by_id(self.tx, tasks, its_tasks)
        names = batch_names(loads(self.project.document))
        for task_ids in chunks(its_tasks):
            some = [by_id[task] for task in task_ids]
            rows = [
                {
                    "project": self.project.id,
                    "stage": stage.id,
                    "task": row.id,
                    "address": address,
                    "body": text(item | {"batchNames": [names.get(b, b) for b in item["batches"]]}),
                }
                for row, item in zip(some, self._items(some), strict=True)
            ]
            self.tx.execute(outbox.insert(), rows)
        self.say(f"{what}, each to be posted to {webhooks.shown(address)}.", "INFO")

    def _divide(self, stage: Consensus, its_tasks: Sequence[str]) -> None:
        """Give each sub-stage a sub-task of its own, as it was when the task came."""
        inside = sub_stages(self.value.stages or (), stage.id)
        if not inside:
            self.say(f"Consensus {stage.name} has no sub-stage for {_tasks(its_tasks)} there.")
            return
        kept = plugin_stages(inside)
        if kept:
            self.say(f"Consensus {stage.name} waits for {_tasks(its_tasks)}. {kept}")
        by_id = rows_by_id(self.tx, tasks, its_tasks)
        worked = entries_of(self.tx, its_tasks)
        number = next_number(self.tx, tasks, self.project.id)
        places = [(by_id[task], sub) for task in its_tasks for sub in inside]
        rows = [
            {
                "id": new_id(),
                "project": row.project,
                "number": place,
                "asset": row.asset,
                "stage": sub.id,
                "status": "TODO",
                "type": SUB_TASK,
                "assignee": _sticky(worked.get(row.id, []), sub.id),
                "priority": row.priority,
                "is_benchmark": False,
                "created_at": iso(self.at),
                "updated_at": iso(self.at),
                "brush": row.brush,
                "medical_brush": row.medical_brush,
                "passes": "{}",
                "answer": row.answer,
                "document": "{}",
                "parent": row.id,
            }
            for place, (row, sub) in enumerate(places, number)
        ]
        self.tx.execute(tasks.insert(), rows)

    def _judged(self, sub: Row, by: str, duration: float) -> None:
        """Note a sub-task's judgment; with the last of them the task itself goes on."""
        task = find_task(self.tx, sub.parent)
        assert task is not None
        add_entries(self.tx, [(task.id, self._entry(sub, by, duration, ""))])
        at = iso(self.at)
        spent = (task.total_duration or 0) + duration
        change_task(self.tx, task.id, {"total_duration": spent, "updated_at": at})
        done = {"status": "Completed", "completed_at": at, "assignee": by}
        change_task(self.tx, sub.id, done)
        judgments = sub_tasks_of(self.tx, task.id)
        stage = self.stage(task.stage)
        if stage is None or any(one.status != "Completed" for one in judgments):
            return
        thresholds, odd = thresholds_of(loads(stage.source))
        answers = [decode(one.answer or EMPTY_ANSWER) for one in judgments]
        judged = judge(answers, thresholds, self.measure)
        if odd:
            self.say(f"Consensus {stage.name}: its threshold {', '.join(odd)} cannot be read.")
        if judged.left_out:
            self.say(f"Consensus {stage.name}: not compared: {', '.join(judged.left_out)}.")
        best = judgments[judged.best]
        change_task(self.tx, task.id, {name: getattr(best, name) for name in _ANNOTATIONS})
        self.enter([(task.id, (*stage.next, None, None)[0 if judged.agreed else 1])])

    def _through_logic(
        self, stage: Logic, its_tasks: Sequence[str]
    ) -> list[tuple[str, str | None]]:
        by_id = rows_by_id(self.tx, tasks, its_tasks)
        rows = [by_id[task] for task in its_tasks]
        passed = [decode(row.passes) for row in rows]
        items = self._items(rows)
        before = [int(counts.get(stage.id, 0)) for counts in passed]
        outputs = route(self.value, stage, items, before, self.project.seed)
        for row, counts, turn in zip(rows, passed, before, strict=True):
            change_task(self.tx, row.id, {"passes": text({**counts, stage.id: turn + 1})})
        went = [
            Pass(row.id, len(item["task"]["stageHistory"]), output)
            for row, item, output in zip(rows, items, outputs, strict=True)
        ]
        add_passes(self.tx, rules_of(self.project.id, stage), went, iso(self.at))
        targets = stage.targets
        return [(task, targets[output]) for task, output in zip(its_tasks, outputs, strict=True)]

    def _items(self, rows: Sequence[Row]) -> list[Any]:
        around = rows_by_id(self.tx, assets, [row.asset for row in rows])
        batches = batches_of(self.tx, [row.asset for row in rows])
        entries = entries_of(self.tx, [row.id for row in rows])
        names = stage_names(self.value)
        return [
            export_json(
                row,
                around.get(row.asset),
                batches.get(row.asset, []),
                entries.get(row.id, []),
                names,
            )
            for row in rows
        ]


def _tasks(ids: Sequence[str]) -> str:
    return f"{len(ids):,} task{'' if len(ids) == 1 else 's'}"


_ANNOTATIONS = ("answer", "brush", "medical_brush")


def _first(stage: Stage) -> str | None:
    return stage.next[0] if stage.next else None


def _sticky(entries: Sequence[Row], stage_id: str) -> str | None:
    """Who worked on the task in this stage before: it comes back to the same person."""
    for row in reversed(entries):
        entry = decode(row.entry)
        if entry.get("stageId") == stage_id and entry.get("completedBy"):
            return str(entry["completedBy"])
    return None


def again(tx: sa.Connection, task: Row) -> Row:
    """The row of a task that was just changed."""
    row = find_task(tx, task.id)
    assert row is not None
    return row
