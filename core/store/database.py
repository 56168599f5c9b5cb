"""The database of a data folder: one engine for its file, one way to read and one to write."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from core.errors import InputError
from core.private import close
from core.store.migrations import migrate, taken
from core.store.patterns import PatternMatcher

BUSY_SECONDS = 30
READING = {"switchyard_reading": True}
"""Execution options of a connection that will not write: it waits for no writer."""


class Database:
    """One database. Safe to share between threads; writers take turns within the process."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**READING)
        self._turn = Lock()  # SQLite lets one write at a time; waiting here beats its polling
        self.clock = clock

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: all of it is on disk afterwards, or nothing when it raises."""
        with self._turn, self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One unchanging view of the state."""
        with self._reader.connect() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def open_database(url: str, clock: Callable[[], float] = time.time) -> Database:
    """Open a database, made or brought up to date where it has to be. As `open_engine`."""
    return Database(open_engine(url), clock)


def open_engine(url: str) -> sa.Engine:
    """Connect, and bring the tables up to date; what is there is understood before it is changed.

    Args:
        url: SQLAlchemy URL; the folder of a SQLite file is made when it is missing. The file is
            its owner's alone, since it holds the hub's key; SQLite gives the files that it keeps
            beside it the same mode.

    Raises:
        InputError: It is no database, somebody else's, or a newer Switchyard has changed it.
    """
    parsed = sa.make_url(url)
    engine = sa.create_engine(parsed)
    if parsed.get_backend_name() != "sqlite":
        with engine.connect() as connection:
            done = taken(connection, parsed.render_as_string())
        migrate(engine, done)
        return engine
    done = frozenset()
    if parsed.database not in (None, "", ":memory:"):
        file = Path(parsed.database)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(0o600)
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            close(file.with_name(name))
        done = _understood(file)
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin_writing)
    sa.event.listen(engine, "before_cursor_execute", _begin_matching)
    migrate(engine, done)
    return engine


def _understood(file: Path) -> frozenset[str]:
    """The steps that a SQLite file has taken, read without the right to write."""

    def connect() -> sqlite3.Connection:
        address = f"{file.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, BUSY_SECONDS, uri=True)

    try:
        with sa.create_engine(
            "sqlite://", creator=connect, poolclass=NullPool
        ).connect() as looking:
            return taken(looking, str(file))
    except sa.exc.DatabaseError as error:
        message = f"cannot be read as a database ({error.orig})."
        hint = "Put a copy of it back, or name another data folder; nothing was changed."
        raise InputError(str(file), message, hint) from error


def _set_up_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:
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


def _begin_writing(connection: sa.Connection) -> None:
    reading = READING.keys() <= connection.get_execution_options().keys()
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
