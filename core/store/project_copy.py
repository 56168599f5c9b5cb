"""Brings a project of the hub in from another state file, row by row within the database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from core.store.tables.hub import asset_batches, assets, history, projects, tasks

NAME = "packaged"
_TABLES = (projects, assets, asset_batches, tasks, history)


def copies_from_files(tx: sa.Connection) -> bool:
    """Whether this database can read another one's file."""
    return tx.dialect.name == "sqlite"


def copy_all(tx: sa.Connection, file: Path) -> None:
    """Copy every project of another state file, with its assets, tasks and histories.

    Args:
        tx: The transaction; none of the projects is there. The file stays attached to its
            connection, so let go of the database afterwards (`Database.close`).
        file: A SQLite file with the same tables.
    """
    preparer = tx.dialect.identifier_preparer
    tx.exec_driver_sql(f"ATTACH DATABASE ? AS {NAME}", (str(file),))
    for table in _TABLES:
        columns = ", ".join(preparer.quote(column.name) for column in table.columns)
        name = preparer.quote(table.name)
        tx.exec_driver_sql(
            f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM {NAME}.{name}"
        )
