"""The database of a data folder or of a server: one engine, one way to read and one to write."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import sqlalchemy as sa

from core.access.acting import Actor, acting, refuse_unless_may
from core.access.actions import Action
from core.errors import StoreUnavailable
from core.model.phrases import iso
from core.store import audit, sqlite
from core.store.address import read_address, shown
from core.store.people import as_of_now

_CHANGE = "switchyard_change"
LATER = (StoreUnavailable, sa.exc.OperationalError)
"""What ends by itself: whoever works in a loop tries again."""


class Database:
    """One database. Safe to share between threads; writers take turns within the process."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**_reading(engine))
        self._turn = Lock()  # one writes at a time; waiting here beats SQLite's polling
        self.clock = clock

    @contextmanager
    def write(
        self, action: Action, subject: str, before: object = None, after: object = None
    ) -> Iterator[sa.Connection]:
        """The door of people: one transaction, with who did it in the record of changes.

        All of it is on disk afterwards, or nothing when it raises.

        Args:
            action: What is done.
            subject: To what, in few words.
            before: What was there, for the record; `notes` says what is known only inside.
            after: What is there afterwards.

        Raises:
            Forbidden: Whoever acts may not do that.
            StoreUnavailable: The database does not answer, or somebody else writes for long.
        """
        with self.work() as connection:
            person = self._allowed(connection, action)
            about = connection.info  # of the connection that is lent now, whatever becomes of it
            about[_CHANGE] = {"subject": subject, "before": before, "after": after}
            try:
                yield connection
                audit.append(connection, iso(self.clock()), person, action, **about[_CHANGE])
            finally:
                about.pop(_CHANGE, None)

    @contextmanager
    def work(self) -> Iterator[sa.Connection]:
        """One transaction of the machinery, which no person asked for: hub, plugins, migrations.

        A test lists the modules that may use it. Raises as `write`, but never `Forbidden`.
        """
        with self._turn, self.explained(), self._engine.begin() as connection:
            yield connection

    def check(self, action: Action) -> None:
        """See whether whoever acts may do something, before work that is not undone by raising.

        Raises:
            Forbidden: They may not.
        """
        with self.read() as connection:
            self._allowed(connection, action)

    def note_done(
        self, action: Action, subject: str, before: object = None, after: object = None
    ) -> None:
        """Record what is done outside of the database: it is checked and written like a change."""
        with self.write(action, subject, before, after):
            pass

    def _allowed(self, connection: sa.Connection, action: Action) -> Actor:
        person = as_of_now(connection, acting())
        refuse_unless_may(person, action)
        return person

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One unchanging view of the state. Raises as `write`."""
        with self.explained(), self._reader.connect() as connection:
            yield connection

    @property
    def is_on_server(self) -> bool:
        """Whether processes with other data folders may use it, too."""
        return self._engine.dialect.name != "sqlite"

    @property
    def place(self) -> str:
        """Where it is, as people may see it."""
        return shown(self._engine.url)

    def own_connection(self) -> sa.Connection:
        """A connection outside of all transactions, which nobody shares; close it in the end."""
        options = _reading(self._engine) | {"isolation_level": "AUTOCOMMIT"}
        connection = self._engine.connect().execution_options(**options)
        connection.detach()
        return connection

    def close(self) -> None:
        """Let go of the file, or of the connections."""
        self._engine.dispose()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Makes a `StoreUnavailable` of what says that the database does not answer now."""
        try:
            yield
        except sa.exc.TimeoutError as error:
            raise StoreUnavailable(self.place, "has no connection free") from error
        except sa.exc.DBAPIError as error:
            why = self._why_not_now(error)
            if why is None:
                raise
            raise StoreUnavailable(self.place, *why) from error

    def _why_not_now(self, error: sa.exc.DBAPIError) -> tuple[str, str] | None:
        if not self.is_on_server:
            return sqlite.why_not_now(error.orig)
        from core.store import postgresql  # its driver is loaded where it is needed

        words = postgresql.why_not_now(error)
        return None if words is None else (words, "")


def notes(
    tx: sa.Connection, subject: str | None = None, before: object = None, after: object = None
) -> None:
    """Tell the record more of the change that is being written; the last word counts."""
    change = tx.info.get(_CHANGE)
    if change is not None:
        given = {"subject": subject, "before": before, "after": after}
        change |= {name: value for name, value in given.items() if value is not None}


def open_database(url: str, clock: Callable[[], float] = time.time) -> Database:
    """Open a database, made or brought up to date where it has to be. As `open_engine`."""
    return Database(open_engine(url), clock)


def open_engine(url: str) -> sa.Engine:
    """Connect, and bring the tables up to date; what is there is understood before it is changed.

    Args:
        url: SQLAlchemy URL of a SQLite file, or of a database on a PostgreSQL server.

    Raises:
        InputError: It is no such address; or as `open_file`, `open_server`.
    """
    parsed = read_address(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite.open_file(parsed)
    from core.store import postgresql

    return postgresql.open_server(parsed)


def _reading(engine: sa.Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return sqlite.READING
    from core.store import postgresql

    return postgresql.READING
