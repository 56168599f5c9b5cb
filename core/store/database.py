"""The database: its tables, and migrations that each run once and record themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from core.private import close
from core.store import hub_tables, run_tables, scenarios, start_tables
from core.store.metadata import metadata
from core.store.patterns import Matcher

migrations = sa.Table(
    "migrations",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
)
workspaces = sa.Table(
    "workspaces",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("table_fingerprint", sa.String, nullable=False),
    sa.Column("project", sa.Text, nullable=True),
    sa.Column("opened_at", sa.Float, nullable=False),
)
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("workspace", sa.String, nullable=False, index=True),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
    sa.Column("saved_by", sa.String, nullable=False),
)
steps = sa.Table(
    "draft_steps",
    metadata,
    sa.Column("draft", sa.String, primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
)
editors = sa.Table(
    "draft_editors",
    metadata,
    sa.Column("draft", sa.String, primary_key=True),
    sa.Column("editor", sa.String, primary_key=True),
    sa.Column("seen_at", sa.Float, nullable=False),
)


def _first(connection: sa.Connection) -> None:
    tables = [workspaces, drafts, steps, editors]
    metadata.create_all(connection, tables=tables)


def _hub(connection: sa.Connection) -> None:
    hub_tables.create(connection)


def _sub_tasks(connection: sa.Connection) -> None:
    hub_tables.add_parents(connection)


def _outbox(connection: sa.Connection) -> None:
    hub_tables.create_outbox(connection)


def _runs(connection: sa.Connection) -> None:
    run_tables.create(connection)


def _starts(connection: sa.Connection) -> None:
    start_tables.create(connection)


MIGRATIONS: dict[str, Callable[[sa.Connection], None]] = {
    "0001-workspaces-and-drafts": _first,
    "0002-hub": _hub,
    "0003-sub-tasks": _sub_tasks,
    "0004-outbox": _outbox,
    "0003-plugins-and-runs": _runs,
    "0004-starts": _starts,
    "0004-scenarios": scenarios.create,
    "0005-doubtful": run_tables.add_doubtful,
}
READING = {"switchyard_reading": True}
"""Execution options of a connection that will not write: it waits for no writer."""


def open_database(url: str) -> sa.Engine:
    """Connect, and bring the tables up to date.

    Args:
        url: SQLAlchemy URL; the folder of a SQLite file is made when it is missing. The file is
            its owner's alone, since it holds the hub's key; SQLite gives the files that it keeps
            beside it the same mode.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        file = Path(parsed.database)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(0o600)
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            close(file.with_name(name))
    engine = sa.create_engine(parsed)
    if parsed.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_writing)
        sa.event.listen(engine, "before_cursor_execute", _begin_matching)
    with engine.begin() as connection:
        metadata.create_all(connection, tables=[migrations])
    for name, migrate in MIGRATIONS.items():
        with engine.begin() as connection:
            if connection.scalar(sa.select(migrations.c.name).where(migrations.c.name == name)):
                continue
            connection.execute(migrations.insert().values(name=name))
            migrate(connection)
    return engine


def _set_up_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:
    # the driver's own BEGIN would start every transaction as a reader that may fail to write
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")
    entry.info[Matcher] = matcher = Matcher()
    connection.create_function("regexp", 2, matcher, deterministic=True)


def _begin_matching(connection: sa.Connection, *_: object) -> None:
    matcher: Matcher = connection.info[Matcher]
    matcher.begin()


def _begin_writing(connection: sa.Connection) -> None:
    reading = READING.keys() <= connection.get_execution_options().keys()
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
