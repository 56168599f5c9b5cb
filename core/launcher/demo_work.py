"""Lets tasks of the demo through: its people label, review and reject, and the hub routes.

Every step goes through the hub's own workflow, in its own transactions, so Logic stages really
route and a kill loses nothing. Only the state of this data folder is changed: nothing is sent.
"""

from __future__ import annotations

import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import sqlalchemy as sa

from core import demo
from core.ango_json.text import loads
from core.demo import by_hand, pixels
from core.demo import labour as habits
from core.demo.harbour import TEAMS
from core.errors import InputError
from core.hub.codec import decode, text
from core.hub.projects.documents import batch_names
from core.hub.workflow.consensus import Measure
from core.hub.workflow.flow import Flow, Leaving
from core.launcher.labour import (
    Ending,
    Labour,
    StageCounts,
    allow,
    is_allowed,
    is_asked_to_stop,
    only_one,
    write_labour,
)
from core.model.phrases import iso
from core.model.stages import Label, Logic, Review, Stage, Start
from core.plugin_runs.label_changes import EMPTY_ANSWER
from core.settings import Settings
from core.store.hub import HubProject, HubStore, find_project
from core.store.hub_passes import last_pass
from core.store.hub_tasks import (
    Row,
    batches_of,
    chunks,
    entries_of,
    next_number,
    rows_by_id,
)
from core.store.tables.hub import asset_batches, assets, passes, tasks

AT_ONCE = 50
"""Tasks that are taken up in one transaction; while they are written, others wait."""
TICKS = 4.0
"""Transactions a second at a speed that one can watch."""
MOST_STEPS = 20
"""A task that was gone over so often rests, wherever the rules keep sending it."""


@dataclass(slots=True)
class _Way:
    """A task that was let through, on its way."""

    labeler: str = ""
    looks: int = 0
    steps: int = 0


@dataclass(slots=True)
class _Work:
    store: HubStore
    measure: Measure
    labour: Labour
    rng: Random
    after: int  # passes up to this number were there before
    ways: dict[str, _Way] = field(default_factory=dict)
    counts: dict[str, Counter[int]] = field(default_factory=dict)
    counted: set[tuple[str, str]] = field(default_factory=set)

    def advance(self, at_once: int) -> bool:
        """Take up some tasks, and let those on their way go one stage on; whether any did."""
        with self.store.work() as tx:
            project = _project(tx)
            flow = Flow(tx, project, self.store.clock(), self.measure)
            missing = self.labour.tasks - len(self.ways)
            for row in self._take_up(flow, min(at_once, missing)):
                self.ways[row.id] = _Way()
            rows = self._workable(flow)
            if not rows:
                return False
            self._leave(flow, rows)
            self._count(tx, project, flow)
            self.labour = replace(
                self.labour, steps=self.labour.steps + len(rows), at=self.store.clock()
            )
        write_labour(self.store, self.labour)
        return True

    def _take_up(self, flow: Flow, many: int) -> Sequence[Row]:
        """Tasks that wait to be labelled; where there are too few, new pictures arrive."""
        if many <= 0:
            return []
        entrance = _entrance(flow)
        waiting = self._waiting(flow, entrance, many) if entrance is not None else []
        if len(waiting) < many:
            made = self._arrive(flow, many - len(waiting))
            waiting = [*waiting, *rows_by_id(flow.tx, tasks, made).values()]
        return waiting

    def _waiting(self, flow: Flow, entrance: Stage, many: int) -> list[Row]:
        """Tasks in the first Label stage; the images for the demo's plugin stay for it."""
        kept = [
            batch
            for batch, name in batch_names(loads(flow.project.document)).items()
            if name in (pixels.BATCH, by_hand.BATCH)
        ]
        inside = (asset_batches.c.asset == tasks.c.asset) & asset_batches.c.batch.in_(kept)
        where = (tasks.c.project == flow.project.id) & (tasks.c.stage == entrance.id)
        where &= tasks.c.parent.is_(None) & ~sa.exists().where(inside)
        query = sa.select(tasks).where(where).order_by(tasks.c.number)
        rows: list[Row] = []
        for row in flow.tx.execute(query.limit(many + len(self.ways))):
            if row.id not in self.ways and len(rows) < many:
                rows.append(row)
        return rows

    def _arrive(self, flow: Flow, many: int) -> list[str]:
        """New pictures, of the kinds that the project has; returns the ids of their tasks."""
        project, at = flow.project, iso(flow.at)
        by_name = {name: batch for batch, name in batch_names(loads(project.document)).items()}
        start = next((s for s in flow.value.stages or () if isinstance(s, Start)), None)
        first = start.id if start else "Start"
        place, number = (next_number(flow.tx, table, project.id) for table in (assets, tasks))
        rows: dict[str, list[dict[str, Any]]] = {"assets": [], "batches": [], "tasks": []}
        made = []
        for offset in range(many):
            batch = habits.arriving(self.rng).name
            asset, task = habits.new_ids(self.labour.seed, number + offset)
            external = f"{batch.replace(' ', '-')}-new-{number + offset:05d}.jpg"
            rows["assets"].append(
                {
                    "id": asset,
                    "project": project.id,
                    "number": place + offset,
                    "external_id": external,
                    "data": f"https://assets.example.com/harbour/{external}",
                    "prelabelled": False,
                    "created_at": at,
                    "document": "{}",
                }
            )
            if batch in by_name:
                rows["batches"].append({"asset": asset, "batch": by_name[batch], "place": 0})
            rows["tasks"].append(
                {
                    "id": task,
                    "project": project.id,
                    "number": number + offset,
                    "asset": asset,
                    "stage": first,
                    "status": "TODO",
                    "type": "default",
                    "priority": 0,
                    "is_benchmark": False,
                    "created_at": at,
                    "updated_at": at,
                    "passes": "{}",
                    "answer": EMPTY_ANSWER,
                    "document": "{}",
                }
            )
            made.append(task)
        for name, table in (("assets", assets), ("batches", asset_batches), ("tasks", tasks)):
            if rows[name]:
                flow.tx.execute(table.insert(), rows[name])
        if start is not None:
            flow.enter((task, start.id) for task in made)
        return made

    def _workable(self, flow: Flow) -> list[Row]:
        """Tasks on their way, and their judgments in a Consensus, that somebody can work on."""
        rows: list[Row] = []
        going = [task for task, way in self.ways.items() if way.steps < MOST_STEPS]
        for some in chunks(going):
            theirs = tasks.c.id.in_(some) | tasks.c.parent.in_(some)
            query = sa.select(tasks).where(theirs & (tasks.c.status == "TODO"))
            rows += flow.tx.execute(query.order_by(tasks.c.number)).all()
        return [row for row in rows if isinstance(flow.stage(row.stage), (Label, Review))]

    def _leave(self, flow: Flow, rows: Sequence[Row]) -> None:
        names = batch_names(loads(flow.project.document))
        batches = batches_of(flow.tx, [row.asset for row in rows])
        labelers = _labelers(flow, [r for r in rows if isinstance(flow.stage(r.stage), Review)])
        done: dict[str, habits.Done] = {}
        for row in rows:
            way = self.ways[row.parent or row.id]
            task = habits.Waiting(
                row.id,
                [names.get(batch, batch) for batch in batches.get(row.asset, [])],
                decode(row.answer or EMPTY_ANSWER),
                row.assignee or "",
                way.labeler or labelers.get(row.id, ""),
                way.looks,
            )
            done[row.id] = self._work_on(flow, row, task, way)
            way.steps += 1
        write = tasks.update().where(tasks.c.id == sa.bindparam("key"))
        names_of = ("answer", "duration", "total_duration", "review_status", "updated_at")
        values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names_of}
        flow.tx.execute(write.values(values), [_values(r, done[r.id], flow) for r in rows])
        changed = rows_by_id(flow.tx, tasks, done)
        flow.leave_all(
            Leaving(
                changed[task],
                int(what.review == "Rejected"),
                what.by,
                float(what.duration),
                what.review,
            )
            for task, what in done.items()
        )

    def _work_on(self, flow: Flow, row: Row, task: habits.Waiting, way: _Way) -> habits.Done:
        stage = flow.stage(row.stage)
        name = stage.name if stage else ""
        if isinstance(stage, Review):
            way.looks += 1
            return habits.review(self.rng, task, name)
        if row.parent is not None or name in TEAMS:
            return habits.look(self.rng, task, name)
        what = habits.label(self.rng, task, iso(flow.at))
        way.labeler = what.by
        return what

    def _count(self, tx: sa.Connection, project: HubProject, flow: Flow) -> None:
        """What the Logic stages did; each task counts once per stage."""
        new = (passes.c.project == project.id) & (passes.c.number > self.after)
        for row in tx.execute(sa.select(passes).where(new).order_by(passes.c.number)):
            self.after = row.number
            if row.task in self.ways and (row.stage, row.task) not in self.counted:
                self.counted.add((row.stage, row.task))
                self.counts.setdefault(row.stage, Counter())[row.output] += 1
        stages = [s for s in flow.value.stages or () if isinstance(s, Logic)]
        self.labour = replace(
            self.labour,
            passed=len({task for _, task in self.counted}),
            outputs=tuple(_counts(stage, self.counts.get(stage.id, Counter())) for stage in stages),
        )


def work(
    settings: Settings,
    store: HubStore,
    tasks_wanted: int,
    seed: int,
    speed: float = 0.0,
    name: str = "",
    pause: Callable[[float], None] = time.sleep,
) -> Labour:
    """Let tasks through and follow them until they rest.

    Args:
        settings: Whose data folder it is.
        store: Its state.
        tasks_wanted: How many tasks; where fewer wait to be labelled, new pictures arrive.
        seed: Of everything that chance decides, but for the hub's own draws.
        speed: Tasks a second, 0 for as fast as possible.
        name: What to call it, "" for a new name.
        pause: Waits for some seconds.

    Raises:
        InputError: There is no demo here, or somebody works on it already.
        Forbidden: Whoever acts may not do that.
    """
    with only_one(settings.data, store):
        now = store.clock()
        name = name or secrets.token_hex(6)
        if not is_allowed(store, name):
            allow(store, name, tasks_wanted, seed)
        labour = Labour(name, seed, tasks_wanted, 0, 0, now, now, "working", process=os.getpid())
        with store.read() as tx:
            _project(tx)
            after = last_pass(tx)
        write_labour(store, labour)
        measure = Measure(settings.consensus_agreement, settings.consensus_overlap)
        going = _Work(store, measure, labour, Random(seed), after)
        state: Ending = "stopped"
        try:
            at_once = AT_ONCE if not speed else max(1, min(AT_ONCE, round(speed / TICKS)))
            while not is_asked_to_stop(store, name):
                if not going.advance(at_once):
                    state = "done"
                    break
                if speed and len(going.ways) < tasks_wanted:
                    pause(at_once / speed)
        finally:
            going.labour = replace(going.labour, state=state, at=store.clock())
            write_labour(store, going.labour)
        return going.labour


def _project(tx: sa.Connection) -> HubProject:
    project = find_project(tx, demo.PROJECT_ID)
    if project is None:
        hint = "Add it with `python -m core demo reset`, or start `python -m core up`."
        raise InputError("The demo", "is not in this data folder.", hint)
    return project


def _entrance(flow: Flow) -> Stage | None:
    """The Label stage behind Start, where the tasks wait; None where there is none."""
    start = next((s for s in flow.value.stages or () if isinstance(s, Start)), None)
    first = flow.stage(start.next[0]) if start and start.next and start.next[0] else None
    return first if isinstance(first, Label) else None


def _labelers(flow: Flow, rows: Iterable[Row]) -> dict[str, str]:
    """Who labelled each task last, by its history."""
    last: dict[str, str] = {}
    for task, entries in entries_of(flow.tx, [row.id for row in rows]).items():
        for entry in map(decode, (one.entry for one in entries)):
            if entry.get("stage") == "Label" and entry.get("completedBy"):
                last[task] = str(entry["completedBy"])
    return last


def _values(row: Row, what: habits.Done, flow: Flow) -> dict[str, Any]:
    return {
        "key": row.id,
        "new_answer": text(what.answer),
        "new_duration": (row.duration or 0) + what.duration,
        "new_total_duration": (row.total_duration or 0) + what.duration,
        "new_review_status": what.review or row.review_status,
        "new_updated_at": iso(flow.at),
    }


def _counts(stage: Logic, counts: Counter[int]) -> StageCounts:
    size = max([len(stage.active), *counts]) + 1
    return StageCounts(stage.id, stage.name, tuple(counts[place] for place in range(size)))
