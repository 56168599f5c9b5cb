"""What a run did to tasks: noted task by task, and counted.

A dry run leaves the tasks as they are and keeps only these notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from core.plugin_runs.label_changes import Difference, Labels, per_class
from core.plugin_runs.model import Run, RunRequest
from core.store.hub_tasks import chunks
from core.store.label_text import label_text, read_labels
from core.store.runs import save
from core.store.tables.runs import run_tasks, runs


@dataclass(frozen=True, slots=True)
class Addressed:
    """A task that a label was meant for.

    Args:
        task: Its id.
        asset: Id of its asset.
        external_id: Of the asset.
        answer: Its annotations as JSON text, None when they are not loaded.
        stage: Name of the stage that it is in, "" where it is not known.
    """

    task: str
    asset: str
    external_id: str | None
    answer: str | None
    stage: str = ""


def earlier(tx: sa.Connection, session: str, task_ids: Sequence[str]) -> dict[str, Difference]:
    """What a run has done so far to some tasks."""
    changes = {}
    for some in chunks(task_ids):
        of_run = (run_tasks.c.session == session) & run_tasks.c.task.in_(some)
        for row in tx.execute(sa.select(run_tasks).where(of_run)):
            changes[row.task] = Difference(read_labels(row.added), read_labels(row.removed))
    return changes


def of_other_runs(
    tx: sa.Connection, session: str, task_ids: Sequence[str]
) -> dict[str, list[Labels]]:
    """Labels that other runs put into tasks and that were not undone."""
    labels: dict[str, list[Labels]] = {}
    for some in chunks(task_ids):
        query = sa.select(run_tasks.c.task, run_tasks.c.added)
        query = query.join(runs, runs.c.session == run_tasks.c.session)
        wrote = (runs.c.dry_run.is_(False)) & runs.c.undone_at.is_(None)
        others = (run_tasks.c.session != session) & run_tasks.c.task.in_(some)
        for row in tx.execute(query.where(wrote & others)):
            labels.setdefault(row.task, []).append(read_labels(row.added))
    return labels


def note(tx: sa.Connection, run: Run, done: Mapping[str, tuple[Addressed, Difference]]) -> Run:
    """Record what a run did to tasks, and count it; returns the run with its counts, saved."""
    before = earlier(tx, run.session, list(done))
    last = sa.select(sa.func.max(run_tasks.c.number)).where(run_tasks.c.session == run.session)
    number = tx.scalar(last) or 0
    new, changed = [], []
    counts = Counter(run.per_class)
    for task, (about, difference) in done.items():
        old = before.get(task)
        whole = old.then(difference) if old else difference
        counts += _counted(run.request, whole)
        if old:
            counts -= _counted(run.request, old)
        texts = {"added": label_text(whole.added), "removed": label_text(whole.removed)}
        if old:
            changed.append({"key": task, **{f"new_{name}": v for name, v in texts.items()}})
            continue
        number += 1
        row = {"session": run.session, "task": task, "number": number, "asset": about.asset}
        new.append({**row, "external_id": about.external_id, **texts})
    if new:
        tx.execute(run_tasks.insert(), new)
    if changed:
        its_row = (run_tasks.c.session == run.session) & (run_tasks.c.task == sa.bindparam("key"))
        values: dict[str, Any] = {
            name: sa.bindparam(f"new_{name}") for name in ("added", "removed")
        }
        tx.execute(run_tasks.update().where(its_row).values(values), changed)
    counted = replace(run, tasks=run.tasks + len(new), per_class=dict(counts))
    save(tx, counted)
    return counted


def _counted(request: RunRequest, made: Difference) -> Counter[str]:
    """New labels per schema id; of a probe per class of the model, since nobody else knows its."""
    counts = per_class(made.added)
    if not request.probe:
        return counts
    names = {pair.schema_id: pair.model_class for pair in request.mapping or ()}
    return Counter({names[schema]: many for schema, many in counts.items() if schema in names})
