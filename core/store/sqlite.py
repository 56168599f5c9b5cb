"""A database in a SQLite file, its owner's alone: WAL, and a writer that says so when it begins."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from core.errors import InputError
from core.private import close
from core.store.migrations import migrate, taken
from core.store.patterns import PatternMatcher

BUSY_SECONDS = 30
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
READING: dict[str, Any] = {"switchyard_reading": True}
"""Execution options of a connection that will not write: it waits for no writer."""


def open_file(url: sa.URL) -> sa.Engine:
    """Open a file, made or brought up to date where it has to be.

    Args:
        url: Names the file; its folder is made when it is missing. The file is its owner's alone,
            since it holds the hub's key; SQLite gives the files that it keeps beside it the same
            mode.

    Raises:
        InputError: It is no database, somebody else's, or a newer Switchyard has changed it.
    """
    engine = sa.create_engine(url)
    done = frozenset[str]()
    if url.database not in (None, "", ":memory:"):
        file = Path(url.database)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(0o600)
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            close(file.with_name(name))
        done = _understood(file)
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "before_cursor_execute", _begin_matching)
    migrate(engine, done)
    return engine


def is_busy(error: BaseException | None) -> bool:
    """Whether what the driver raised says that somebody else writes for long."""
    return isinstance(error, sqlite3.OperationalError) and getattr(
        error, "sqlite_errorname", ""
    ).startswith(BUSY)


def read_file(file: Path) -> sa.Connection:
    """A connection to a file, without the right to write."""

    def connect() -> sqlite3.Connection:
        address = f"{file.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, BUSY_SECONDS, uri=True)

    return sa.create_engine("sqlite://", creator=connect, poolclass=NullPool).connect()


def _understood(file: Path) -> frozenset[str]:
    """The steps that a SQLite file has taken."""
    try:
        with read_file(file) as looking:
            return taken(looking, str(file))
    except sa.exc.DatabaseError as error:
        message = f"cannot be read as a database ({error.orig})."
        hint = "Put a copy of it back, or name another data folder; nothing was changed."
        raise InputError(str(file), message, hint) from error


def _set_up(connection: Any, entry: ConnectionPoolEntry) -> None:
    # the driver's own BEGIN would start every transaction as a reader that may fail to write
    connection.isolation_level = None
    wait = f"busy_timeout={BUSY_SECONDS * 1_000}"
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", wait):
        connection.execute(f"PRAGMA {pragma}")
    entry.info[PatternMatcher] = matcher = PatternMatcher()
    connection.create_function("regexp", 2, matcher, deterministic=True)


def _begin_matching(connection: sa.Connection, *_: object) -> None:
    matcher: PatternMatcher = connection.info[PatternMatcher]
    matcher.begin()


def _begin(connection: sa.Connection) -> None:
    reading = READING.keys() <= connection.get_execution_options().keys()
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
