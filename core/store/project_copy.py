"""Brings a project of the hub in from another state file: by the database where it is a file, too.

A server cannot read the file, so its rows go there by way of this process.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from core.store.sqlite import read_file
from core.store.tables.hub import asset_batches, assets, history, projects, tasks

NAME = "packaged"
AT_ONCE = 1_000
_TABLES = (projects, assets, asset_batches, tasks, history)


def copy_all(tx: sa.Connection, file: Path) -> None:
    """Copy every project of another state file, with its assets, tasks and histories.

    Args:
        tx: The transaction; none of the projects is there. Where it is of a file, the other one
            stays attached to its connection, so let go of the database afterwards
            (`Database.close`).
        file: A SQLite file with the same tables.
    """
    if tx.dialect.name == "sqlite":
        _by_the_database(tx, file)
        return
    with read_file(file) as state:
        for table in _TABLES:
            for rows in state.execute(sa.select(table)).mappings().partitions(AT_ONCE):
                tx.execute(table.insert(), [dict(row) for row in rows])


def _by_the_database(tx: sa.Connection, file: Path) -> None:
    preparer = tx.dialect.identifier_preparer
    tx.exec_driver_sql(f"ATTACH DATABASE ? AS {NAME}", (str(file),))
    for table in _TABLES:
        columns = ", ".join(preparer.quote(column.name) for column in table.columns)
        name = preparer.quote(table.name)
        tx.exec_driver_sql(
            f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM {NAME}.{name}"
        )
