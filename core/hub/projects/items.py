"""A project's tasks as the items of an export, and as a task table."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from core.ango_json.text import loads
from core.export.builder import TableBuilder
from core.export.schema import DECODER
from core.hub.codec import Json, encode
from core.hub.projects.documents import batch_names
from core.hub.projects.shapes import export_json, project_value, stage_names
from core.store.hub import HubProject
from core.store.hub_tasks import batches_of, entries_of, in_order, rows_by_id
from core.store.tables.hub import assets, tasks
from core.tasks.table import TaskTable


def items_of(
    tx: sa.Connection,
    project: HubProject,
    where: sa.ColumnElement[bool],
    history: bool = True,
    metadata: bool = True,
) -> Iterator[Json]:
    """Items of an export, piece by piece.

    Args:
        tx: A connection.
        project: Whose tasks they are.
        where: Which of its tasks.
        history: Whether with their stage histories.
        metadata: Whether with the metadata of their assets.
    """
    names = stage_names(project_value(project.document))
    titles = batch_names(loads(project.document))
    for rows in in_order(tx, tasks, where):
        around = rows_by_id(tx, assets, [row.asset for row in rows])
        batches = batches_of(tx, [row.asset for row in rows])
        entries = entries_of(tx, [row.id for row in rows]) if history else {}
        for row in rows:
            named = [titles.get(batch, batch) for batch in batches.get(row.asset, [])]
            its_history = entries.get(row.id, []) if history else None
            yield export_json(row, around.get(row.asset), named, its_history, names, metadata)


def table_of(tx: sa.Connection, project: HubProject) -> TaskTable:
    """The tasks of a project, without the judgments of a Consensus, which an export lacks, too."""
    builder = TableBuilder()
    whole = (tasks.c.project == project.id) & tasks.c.parent.is_(None)
    for item in items_of(tx, project, whole):
        builder.add(DECODER.decode(encode(item)), "task")
    return builder.finish()
