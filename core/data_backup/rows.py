"""All rows of a database, from one moment, brought into an empty one; of either kind."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from core.hub.lock import NOTE
from core.store.database import Database
from core.store.migrations import records
from core.store.tables.access import only_added_to, put_back
from core.store.tables.hub import settings
from core.store.tables.metadata import metadata

MANY = 1_000


def is_empty(store: Database) -> bool:
    """Whether no table has a row, but for the record of its migrations."""
    with store.read() as tx:
        return not any(
            tx.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
            for table in _tables()
        )


def copy_rows(source: Database, target: Database, reached: Callable[[int], None]) -> None:
    """Put all rows of a database in the place of those of another, in one transaction.

    What only the machine of the source knows stays there: where its hub answers.

    Args:
        source: Read in one unchanging view.
        target: Has the tables of this version.
        reached: Called with how many rows are there, now and then.
    """
    count = 0
    with source.read() as reading, target.work() as tx:
        put_back(tx)  # the record of changes comes whole, in place of another
        for table in _tables():
            tx.execute(table.delete())
            query = sa.select(table).order_by(*table.primary_key)
            if table is settings:
                query = query.where(settings.c.name != NOTE)
            streamed = reading.execution_options(yield_per=MANY).execute(query)
            for some in streamed.mappings().partitions():
                tx.execute(table.insert(), [dict(row) for row in some])
                count += len(some)
                reached(count)
        if target.is_on_server:
            _count_on(tx)
        only_added_to(tx)


def row_count(store: Database) -> int:
    """How many rows there are in all."""
    with store.read() as tx:
        counts = (sa.select(sa.func.count()).select_from(table) for table in _tables())
        return sum(int(tx.scalar(count) or 0) for count in counts)


def _tables() -> list[sa.Table]:
    return [table for table in metadata.sorted_tables if table is not records]


def _count_on(tx: sa.Connection) -> None:
    """Let a server number new rows behind those that came with their numbers."""
    for table in _tables():
        column = table.autoincrement_column
        if column is None:
            continue
        name = tx.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
        if name is not None:
            last = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
            tx.execute(sa.select(sa.func.setval(name, last, sa.false())))
