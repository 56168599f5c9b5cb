"""Where the tasks of a run would go now: each with its labels without the run, and with it.

Lines between plugins and Logic stages: what a model labels changes what rules see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.ango_json.project import read_project
from core.ango_json.text import dumps, loads
from core.export.builder import TableBuilder
from core.export.schema import DECODER
from core.model.dialect import Dialect
from core.model.project import Project
from core.plugin_runs.arrivals import AfterRun, StageArrivals
from core.plugin_runs.label_changes import Difference, Labels, change
from core.plugin_runs.model import KeptLabels, Run
from core.store.hub import HubStore, find_project
from core.store.hub_tasks import batches_of, entries_of, rows_by_id
from core.store.run_labels import RunLabels
from core.store.tables.hub import tasks
from core.tasks.table import TaskTable
from core.workspace import Workspace

DIALECT = Dialect()
MOST_TASKS = 5_000
"""More are not looked at; how many were is said."""


def after_run(store: HubStore, run: Run) -> AfterRun | None:
    """What a run changes in where its tasks go, or would change once it is applied.

    Args:
        store: The hub's state.
        run: A run; a dry run changes nothing yet, one that was undone would change it again.

    Returns:
        None where its project lives elsewhere, has no Logic stage, or no task got a label.
    """
    sides = around_run(store, run, MOST_TASKS)
    if sides is None:
        return None
    project, old, new = sides
    stage = project.logic_stages[0]
    result = new.compare(stage, stage, other=old)
    arrivals = tuple(
        StageArrivals(target, change.expected_before, change.expected_after)
        for target, change in zip(result.targets, result.arrivals, strict=True)
    )
    return AfterRun(result.tasks, run.tasks, stage.name, arrivals, result.moved.expected)


def around_run(
    store: HubStore, run: Run, most: int, dialect: Dialect = DIALECT
) -> tuple[Project, Workspace, Workspace] | None:
    """A run's project, and the tasks that it labels, without its labels and with them.

    Args:
        store: The hub's state.
        run: A run; a dry run that was not applied counts as if it were.
        most: The most tasks, the first ones.
        dialect: How Ango Hub is read.

    Returns:
        As `after_run`.
    """
    with store.read() as tx:
        kept_project = find_project(tx, run.request.project)
    if kept_project is None:
        return None
    project = read_project({"project": loads(kept_project.document)})
    labels = RunLabels(store).kept(run.session, most)
    with store.read() as tx:
        there = rows_by_id(tx, tasks, [one.task for one in labels])
    labels = tuple(one for one in labels if one.task in there)
    if not project.logic_stages or not labels:
        return None
    without, with_run = _tables(store, project, labels)
    old, new = (Workspace(table, project, dialect) for table in (without, with_run))
    return project, old, new


def _tables(
    store: HubStore, project: Project, labels: Sequence[KeptLabels]
) -> tuple[TaskTable, TaskTable]:
    """The tasks without the run and with it, in the same order."""
    with store.read() as tx:
        rows = rows_by_id(tx, tasks, [one.task for one in labels])
        batches = batches_of(tx, [row.asset for row in rows.values()])
        entries = entries_of(tx, rows)
    titles = {batch.id: batch.name for batch in project.batches or ()}
    without, with_run = TableBuilder(), TableBuilder()
    for one in labels:
        row, before = rows[one.task], one.before or {}
        after, _ = change(before, Difference(one.added, one.removed))
        names = [titles.get(batch, batch) for batch in batches.get(row.asset, [])]
        history = [loads(entry.entry) for entry in entries.get(row.id, [])]
        for builder, answer in ((without, before), (with_run, after)):
            item = _item(row, names, history, answer)
            builder.add(DECODER.decode(dumps(item).encode("utf-8", "replace")), "task")
    return without.finish(), with_run.finish()


def _item(row: sa.Row[Any], batches: list[str], history: list[Any], answer: Labels) -> Any:
    about = {"taskId": row.id, "stageId": row.stage, "totalDuration": row.total_duration}
    known = {name: value for name, value in about.items() if value is not None}
    task = {**known, "stageHistory": history, **answer}
    return {"externalId": row.id, "batches": batches, "task": task}
