"""A seat: work that one process at a time does for all who use a database on a server.

The server takes a seat back when the connection of its holder ends, whatever ended that. What a
SQLite file is used for is kept apart by a lock in its data folder, so there every seat is free.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

import sqlalchemy as sa

from core.errors import InputError
from core.store.database import Database

SeatName = Literal["hub", "demo"]
_NUMBERS: dict[SeatName, int] = {"hub": 2, "demo": 3}
OURS = 0x5357
"""As the first number of every advisory lock of Switchyard's; 1 is the writer's (`postgresql`)."""


class Seat:
    """One seat, as one process sees it; not to be shared between threads.

    Args:
        store: The database.
        name: Which of its seats.
    """

    def __init__(self, store: Database, name: SeatName) -> None:
        self._store = store
        self._name = name
        self._connection: sa.Connection | None = None

    def take(self) -> bool:
        """Sit down; False where somebody else sits there. Raises as `Database.read`."""
        if not self._store.is_on_server:
            return True
        with self._store.explained():
            connection = self._store.own_connection()
            query = sa.select(sa.func.pg_try_advisory_lock(OURS, _NUMBERS[self._name]))
            if connection.scalar(query):
                self._connection = connection
                return True
            connection.close()
        return False

    def keep(self) -> None:
        """See that it is still ours; after the server was away, sit down again.

        Raises:
            StoreUnavailable: The server does not answer.
            InputError: Somebody else sits there by now.
        """
        if not self._store.is_on_server:
            return
        if self._connection is not None:
            try:
                self._connection.scalar(sa.select(1))
            except sa.exc.DBAPIError:
                self.leave()
            else:
                return
        if not self.take():
            message = f"another {self._name} works on this database by now."
            raise InputError(self._store.place, message, "This one ends.")

    def leave(self) -> None:
        """Stand up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sa.exc.DBAPIError):
                connection.close()


def is_taken(store: Database, name: SeatName) -> bool:
    """Whether a process sits there, wherever it runs; never so for a SQLite file."""
    if not store.is_on_server:
        return False
    query = sa.text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE locktype = 'advisory' AND granted AND datname = current_database() "
        "AND classid = :ours AND objid = :number"
    )
    with store.read() as tx:
        return bool(tx.scalar(query, {"ours": OURS, "number": _NUMBERS[name]}))
