"""Assets, tasks and their history in the hub's state; all inside a caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.model.phrases import iso
from core.store.hub import new_id
from core.store.tables.hub import asset_batches, assets, history, passes, projects, records, tasks
from core.store.tables.ledger import ledger

CHUNK = 500
"""Ids per query: below the fewest variables that any SQLite allows."""

Row = sa.Row[Any]


def chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """Ids without repetition, in pieces that one query can take."""
    distinct = list(dict.fromkeys(ids))
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


def next_number(tx: sa.Connection, table: sa.Table, project: str) -> int:
    """Place of the next asset or task of a project."""
    last = sa.select(sa.func.max(table.c.number)).where(table.c.project == project)
    return (tx.scalar(last) or 0) + 1


def task_ids(where: sa.ColumnElement[bool]) -> sa.Select[tuple[str]]:
    """Ids of tasks, in the order of upload."""
    return sa.select(tasks.c.id).where(where).order_by(tasks.c.number)


def find_task(tx: sa.Connection, task: str) -> Row | None:
    """A task by its id."""
    return tx.execute(sa.select(tasks).where(tasks.c.id == task)).one_or_none()


def changed_since(tx: sa.Connection, project: str, at: float) -> bool:
    """Whether a project, or a task of it, is not what it was at a time.

    Args:
        tx: A connection.
        project: Its id.
        at: Seconds since 1970. What changed within its very millisecond counts.
    """
    newer = (tasks.c.project == project) & (tasks.c.updated_at >= iso(at))
    made = (projects.c.id == project) & (projects.c.created_at >= iso(at))
    for query in (sa.select(tasks.c.id).where(newer), sa.select(projects.c.id).where(made)):
        if tx.execute(query.limit(1)).first() is not None:
            return True
    return False


def change_task(tx: sa.Connection, task: str, values: Mapping[str, Any]) -> None:
    """Write some columns of a task."""
    tx.execute(tasks.update().where(tasks.c.id == task).values(dict(values)))


def rows_by_id(tx: sa.Connection, table: sa.Table, ids: Iterable[str]) -> dict[str, Row]:
    """Rows of assets or tasks by id."""
    by_id: dict[str, Row] = {}
    for some in chunks(ids):
        rows = tx.execute(sa.select(table).where(table.c.id.in_(some))).all()
        by_id |= {row.id: row for row in rows}
    return by_id


def batches_of(tx: sa.Connection, asset_ids: Iterable[str]) -> dict[str, list[str]]:
    """Batch ids of each asset, in the order of their assignment."""
    batches: dict[str, list[str]] = {}
    for some in chunks(asset_ids):
        query = sa.select(asset_batches).where(asset_batches.c.asset.in_(some))
        for row in tx.execute(query.order_by(asset_batches.c.asset, asset_batches.c.place)):
            batches.setdefault(row.asset, []).append(row.batch)
    return batches


def add_batches(tx: sa.Connection, asset: str, batches: Sequence[str]) -> None:
    """Assign batches to an asset; those that it has stay."""
    had = batches_of(tx, [asset]).get(asset, [])
    rows = [
        {"asset": asset, "batch": batch, "place": len(had) + place}
        for place, batch in enumerate(dict.fromkeys(batches))
        if batch not in had
    ]
    if rows:
        tx.execute(asset_batches.insert(), rows)


def entries_of(tx: sa.Connection, task_ids: Iterable[str]) -> dict[str, list[Row]]:
    """History entries of each task, oldest first."""
    entries: dict[str, list[Row]] = {}
    for some in chunks(task_ids):
        query = sa.select(history).where(history.c.task.in_(some))
        for row in tx.execute(query.order_by(history.c.task, history.c.number)):
            entries.setdefault(row.task, []).append(row)
    return entries


def add_entries(tx: sa.Connection, entries: Sequence[tuple[str, str]]) -> None:
    """Append history entries, at most one per task: task id and entry as JSON text."""
    last: dict[str, int] = {}
    for some in chunks(task for task, _ in entries):
        query = sa.select(history.c.task, sa.func.max(history.c.number).label("last"))
        query = query.where(history.c.task.in_(some)).group_by(history.c.task)
        last |= {row.task: row.last for row in tx.execute(query)}
    rows = [
        {"id": new_id(), "task": task, "number": last.get(task, 0) + 1, "entry": entry}
        for task, entry in entries
    ]
    if rows:
        tx.execute(history.insert(), rows)


def sub_tasks_of(tx: sa.Connection, task: str) -> Sequence[Row]:
    """The sub-tasks of a task that is in a Consensus, in the order of its sub-stages."""
    query = sa.select(tasks).where(tasks.c.parent == task)
    return tx.execute(query.order_by(tasks.c.number)).all()


def remove_sub_tasks(tx: sa.Connection, task_ids: Iterable[str]) -> None:
    """Delete the sub-tasks of tasks that left their Consensus."""
    for some in chunks(task_ids):
        tx.execute(tasks.delete().where(tasks.c.parent.in_(some)))


def in_order(
    tx: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool], size: int = 1_000
) -> Iterator[Sequence[Row]]:
    """Rows of a project in their order, in pieces; memory does not grow with the project."""
    last = 0
    while True:
        query = sa.select(table).where(where & (table.c.number > last))
        rows = tx.execute(query.order_by(table.c.number).limit(size)).all()
        if not rows:
            return
        yield rows
        last = rows[-1].number


def remove_assets(tx: sa.Connection, project: str, ids: Iterable[str]) -> int:
    """Delete assets of a project with their tasks; returns how many there were."""
    removed = 0
    for some in chunks(ids):
        chosen = (assets.c.project == project) & assets.c.id.in_(some)
        gone = [row.id for row in tx.execute(sa.select(assets.c.id).where(chosen))]
        theirs = sa.select(tasks.c.id).where(tasks.c.asset.in_(gone))
        for table in (history, passes):
            tx.execute(table.delete().where(table.c.task.in_(theirs)))
        tx.execute(tasks.delete().where(tasks.c.asset.in_(gone)))
        tx.execute(asset_batches.delete().where(asset_batches.c.asset.in_(gone)))
        tx.execute(assets.delete().where(assets.c.id.in_(gone)))
        removed += len(gone)
    return removed


def remove_project(tx: sa.Connection, project: str) -> None:
    """Delete a project with all that belongs to it."""
    its_tasks = sa.select(tasks.c.id).where(tasks.c.project == project)
    its_assets = sa.select(assets.c.id).where(assets.c.project == project)
    tx.execute(history.delete().where(history.c.task.in_(its_tasks)))
    tx.execute(asset_batches.delete().where(asset_batches.c.asset.in_(its_assets)))
    owned = ((tasks, "project"), (assets, "project"), (passes, "project"), (records, "scope"))
    for table, column in owned:
        tx.execute(table.delete().where(table.c[column] == project))
    # another hub's project may have the same id; what was forecast of that one stays
    tx.execute(ledger.delete().where((ledger.c.project == project) & ledger.c.own))
    tx.execute(projects.delete().where(projects.c.id == project))
