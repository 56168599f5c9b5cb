"""How a database comes to have its tables: one list of steps, each of which runs once.

A step and its record are one transaction, so whoever is stopped leaves whole steps behind, and the
next to open goes on. Steps look before they add, since a database may have come by another order:
the earliest were recorded under numbers that stood several times.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.errors import InputError
from core.store.tables import access, drafts, hub, ledger, runs, scenarios, starts
from core.store.tables.metadata import NAME, metadata

records = sa.Table("migrations", metadata, sa.Column("name", NAME, primary_key=True))
OLD_PLUGINS, OLD_SESSIONS = "hub_plugins", "hub_sessions"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step.

    Args:
        number: Its place in the list, from 1.
        name: What it brings.
        run: Carries it out, inside a transaction.
        was: What it was recorded as before numbers were unique, "" for its number and name.
    """

    number: int
    name: str
    run: Callable[[sa.Connection], None]
    was: str = ""

    @property
    def record(self) -> str:
        """What a database that has taken the step says."""
        return self.was or f"{self.number:04}-{self.name}"


def _tables(*tables: sa.Table) -> Callable[[sa.Connection], None]:
    return lambda connection: metadata.create_all(connection, tables=tables)


def _columns(*columns: sa.Column[Any]) -> Callable[[sa.Connection], None]:
    def add(connection: sa.Connection) -> None:
        for column in columns:
            _column(column)(connection)

    return add


def _column(column: sa.Column[Any]) -> Callable[[sa.Connection], None]:
    def add(connection: sa.Connection) -> None:
        table = column.table
        assert isinstance(table, sa.Table)
        names = {each["name"] for each in sa.inspect(connection).get_columns(table.name)}
        if column.name in names:
            return
        definition = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
        connection.execute(sa.text(f"ALTER TABLE {table.name} ADD COLUMN {definition}"))
        for index in table.indexes:
            index.create(connection, checkfirst=True)

    return add


def _index(name: str, table: sa.Table) -> Callable[[sa.Connection], None]:
    def add(connection: sa.Connection) -> None:
        index = next(index for index in table.indexes if index.name == name)
        index.create(connection, checkfirst=True)

    return add


def _plugins_and_runs(connection: sa.Connection) -> None:
    """A registry of plugins, with those that the hub knew before; runs instead of sessions."""
    made = (runs.plugins, runs.runs, runs.run_assets, runs.run_tasks, runs.presets, runs.presence)
    metadata.create_all(connection, tables=made)
    if sa.inspect(connection).has_table(OLD_PLUGINS):
        known = connection.execute(sa.text(f"SELECT * FROM {OLD_PLUGINS}")).mappings().all()
        rows = [
            {
                "id": row["id"],
                "name": row["name"],
                "description": "",
                "classes": "[]",
                "config": "{}",
                "connector": "ws",
                "salt": row["salt"],
                "secret_hash": row["secret_hash"],
                "created_at": 0.0,
            }
            for row in known
        ]
        if rows:
            connection.execute(runs.plugins.insert(), rows)
    for name in (OLD_PLUGINS, OLD_SESSIONS):
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {name}"))


def _audit(connection: sa.Connection) -> None:
    metadata.create_all(connection, tables=[access.audit, access.audit_head])
    access.only_added_to(connection)


STEPS = (
    Migration(
        1,
        "workspaces-and-drafts",
        _tables(drafts.workspaces, drafts.drafts, drafts.steps, drafts.editors),
    ),
    Migration(
        2,
        "hub",
        _tables(
            *(hub.settings, hub.projects, hub.assets, hub.asset_batches),
            *(hub.tasks, hub.history, hub.records, hub.logs),
        ),
    ),
    Migration(3, "sub-tasks", _column(hub.tasks.c.parent)),
    Migration(4, "outbox", _tables(hub.outbox)),
    Migration(5, "plugins-and-runs", _plugins_and_runs, was="0003-plugins-and-runs"),
    Migration(6, "starts", _tables(starts.starts), was="0004-starts"),
    Migration(
        7,
        "scenarios",
        _tables(scenarios.scenarios, scenarios.golden_tasks),
        was="0004-scenarios",
    ),
    Migration(8, "doubtful", _column(runs.runs.c.doubtful), was="0005-doubtful"),
    Migration(9, "changed-tasks", _index("hub_tasks_changed", hub.tasks)),
    Migration(10, "passes", _tables(hub.passes)),
    Migration(
        11,
        "names-and-deletion",
        _columns(
            *(drafts.drafts.c.name, drafts.drafts.c.deleted_at),
            *(drafts.workspaces.c.called, drafts.workspaces.c.deleted_at),
        ),
    ),
    Migration(12, "deleted-scenarios", _column(scenarios.scenarios.c.deleted_at)),
    Migration(13, "audit", _audit),
    Migration(14, "accounts", _tables(access.accounts)),
    Migration(15, "ledger", _tables(ledger.ledger)),
)


def taken(connection: sa.Connection, source: str) -> frozenset[str]:
    """Records of the steps that a database has taken; writes nothing.

    Raises:
        InputError: A newer Switchyard has changed it, or its tables are somebody else's.
    """
    names = set(sa.inspect(connection).get_table_names())
    if records.name not in names:
        theirs = strangers(names)
        if theirs:
            message = f"has a table {theirs[0]} that Switchyard did not make."
            raise InputError(source, message, "Name another database.")
        return frozenset()
    done = frozenset(connection.execute(sa.select(records.c.name)).scalars())
    unknown = sorted(done - {step.record for step in STEPS})
    if unknown:
        message = f"was changed by a newer Switchyard ({', '.join(unknown[:3])})."
        hint = "Update Switchyard, or name another data folder; nothing was changed."
        raise InputError(source, message, hint)
    return done


def strangers(names: Iterable[str]) -> list[str]:
    """Of the names in a database that has taken no step those that the steps would need."""
    tables = metadata.tables.values()
    ours = {table.name for table in tables if table is not records}
    ours |= {str(index.name) for table in tables for index in table.indexes}
    return sorted(ours.intersection(names))


def migrate(engine: sa.Engine, done: Collection[str], steps: Sequence[Migration] = STEPS) -> None:
    """Take the steps that are left, one transaction each.

    Args:
        engine: Of the database; what it begins must be able to write.
        done: What `taken` found. Another process may have gone on since.
        steps: In their order.
    """
    left = [step for step in steps if step.record not in done]
    if left:
        with engine.begin() as connection:
            metadata.create_all(connection, tables=[records])
    for step in left:
        with engine.begin() as connection:
            this_step = records.c.name == step.record
            if connection.scalar(sa.select(records.c.name).where(this_step)) is None:
                connection.execute(records.insert().values(name=step.record))
                step.run(connection)
