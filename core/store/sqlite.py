"""A database in a SQLite file, its owner's alone: WAL, and a writer that says so when it begins."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from core.errors import InputError
from core.private import close
from core.store.file_end import damage
from core.store.migrations import migrate, taken
from core.store.patterns import PatternMatcher

BUSY_SECONDS = 30
BESIDE = "plugins.key"
"""Lies beside a file only when that had its tables already."""
NOT_CHANGED = "Put a copy of it back (`python -m core restore`); nothing was changed."
LATER = "Try again in a moment; nothing was changed."
GOES_ON = "Switchyard goes on by itself then."
DAMAGED = "is damaged"
PUT_BACK = "Stop all that uses it and put a backup back: `python -m core restore`."
AWAY = {
    "SQLITE_BUSY": ("is busy with a long write", ""),
    "SQLITE_LOCKED": ("is busy with a long write", ""),
    "SQLITE_FULL": ("has no room left on its disk", f"Make room; {GOES_ON}"),
    "SQLITE_READONLY": ("cannot be written to", f"Give it the right to write; {GOES_ON}"),
    "SQLITE_CANTOPEN": ("cannot be opened", "Look whether its folder and its disk are there."),
    "SQLITE_IOERR": ("cannot be written or read on its disk", "Look at the disk and its room."),
    "SQLITE_CORRUPT": (DAMAGED, PUT_BACK),
    "SQLITE_NOTADB": (DAMAGED, PUT_BACK),
}
"""What keeps a file from answering and the next step, by the beginning of SQLite's own name."""
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
        done = _understood(_at_hand(Path(url.database)))
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "before_cursor_execute", _begin_matching)
    try:
        migrate(engine, done)
    except sa.exc.DBAPIError as error:
        engine.dispose()
        why = why_not_now(error.orig)
        if why is None:
            raise
        raise InputError(str(url.database), f"{why[0]}.", why[1] or LATER) from error
    return engine


def _at_hand(file: Path) -> Path:
    """The file, made where there is none, and its owner's alone."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        emptied = file.exists() and not file.stat().st_size
        file.touch(0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(str(file), f"cannot be written to ({reason}).", NOT_CHANGED) from error
    log = file.with_name(f"{file.name}-wal")  # SQLite would throw it away
    has_log = log.exists() and log.stat().st_size > 0
    if emptied and (has_log or file.with_name(BESIDE).exists()):
        raise InputError(str(file), "is empty, though it was in use before.", NOT_CHANGED)
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        close(file.with_name(name))
    return file


def why_not_now(error: BaseException | None) -> tuple[str, str] | None:
    """What keeps a file from answering, in words, and the next step; None where it has answered."""
    name = getattr(error, "sqlite_errorname", "") if isinstance(error, sqlite3.Error) else ""
    return next((words for kind, words in AWAY.items() if name.startswith(kind)), None)


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
            looking.exec_driver_sql("BEGIN")
            steps = taken(looking, str(file))
            wrong = damage(looking, file)
    except sa.exc.DatabaseError as error:
        why = why_not_now(error.orig)
        if why is not None and why[0] != DAMAGED:
            raise InputError(str(file), f"{why[0]}.", why[1] or LATER) from error
        message = f"cannot be read as a database ({error.orig})."
        raise InputError(str(file), message, NOT_CHANGED) from error
    if wrong:
        raise InputError(str(file), f"cannot be read as a database ({wrong}).", NOT_CHANGED)
    return steps


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
