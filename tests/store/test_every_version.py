"""A database of each earlier version is brought up to date with all that it holds, on both kinds.

Each table of a kept dump gets rows of every column first, since most dumps are nearly empty.
"""

import sqlite3
from itertools import accumulate

import pytest
import sqlalchemy as sa
from conftest import DATA
from databases import KINDS
from sqlalchemy import make_url

from core.store.database import open_database
from core.store.migrations import OLD_PLUGINS, OLD_SESSIONS, STEPS
from core.store.tables.metadata import metadata

STATES = {file.stem: file for file in (DATA / "stores").glob("*.sql")}
MADE = 3


def records_of(state):
    made = sqlite3.connect(":memory:")
    made.executescript(STATES[state].read_text(encoding="utf-8"))
    return {name for (name,) in made.execute("SELECT name FROM migrations")}


def value(column, number):
    """What a column can hold, another one for each row."""
    kind = str(column.type).upper()
    if "BOOL" in kind:
        return bool(number % 2)
    if "INT" in kind:
        return 1_000 + number
    if "FLOAT" in kind or "REAL" in kind:
        return number + 0.25
    return f"{column.table.name}.{column.name} {number} é"


def filled(source, old):
    """Rows of each table of an old database, with some that were made."""
    rows = {}
    for table in old.sorted_tables:
        if table.name != "migrations":
            made = [{c.name: value(c, n) for c in table.columns} for n in range(MADE)]
            if table.name == "audit":  # entries are numbered without gaps
                last = source.scalar(sa.select(sa.func.max(table.c.number))) or 0
                made = [{**row, "number": last + n + 1} for n, row in enumerate(made)]
            source.execute(table.insert(), made)
        rows[table.name] = [dict(row) for row in source.execute(sa.select(table)).mappings()]
    return rows


def table_then(name, columns, target):
    """A table as an earlier version made it: the columns that it had, of the kinds of today."""
    today = metadata.tables.get(name)
    kept = {c.name: c for c in (() if today is None else today.columns)}
    return sa.Table(
        name, target, *(kept.get(c.name, c)._copy() for c in columns)
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", STATES)
def test_all_that_an_earlier_version_kept_is_there(state, kind, tmp_path, make_database, let_go):
    file = tmp_path / "switchyard.db"
    made = sqlite3.connect(file)
    made.executescript(STATES[state].read_text(encoding="utf-8"))
    made.close()
    old, source = sa.MetaData(), sa.create_engine(f"sqlite:///{file}")
    old.reflect(source)
    with source.begin() as tx:
        rows = filled(tx, old)
    url = f"sqlite:///{file}"
    if kind == "postgresql":
        url = make_database(kind, tables=False)
        engine = sa.create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        then = sa.MetaData()
        tables = [table_then(table.name, table.columns, then) for table in old.sorted_tables]
        with engine.begin() as tx:
            then.create_all(tx)
            for table in tables:
                if rows[table.name]:
                    tx.execute(table.insert(), rows[table.name])

    store = open_database(url)
    with store.read() as tx:
        assert set(tx.scalars(sa.text("SELECT name FROM migrations"))) == {
            step.record for step in STEPS
        }
        for name, before in rows.items():
            if name in ("migrations", OLD_PLUGINS, OLD_SESSIONS):
                continue
            after = tx.execute(sa.select(metadata.tables[name])).mappings().all()
            columns = list(before[0]) if before else []
            kept = [{name: row[name] for name in columns} for row in after]
            missing = [row for row in before if row not in kept]
            assert missing == [], name
        plugins = metadata.tables["plugins"]
        known = {row.id: row for row in tx.execute(sa.select(plugins))}
        for row in rows.get(OLD_PLUGINS, []):
            now = known[row["id"]]
            proof = (row["name"], row["salt"], row["secret_hash"])
            assert (now.name, now.salt, now.secret_hash) == proof
    store.close()


def test_there_is_a_database_of_every_version():
    order = [step.record for step in STEPS]
    kept = [records_of(state) for state in STATES]
    versions = list(accumulate(([record] for record in order), lambda one, more: one + more))
    assert [len(version) for version in versions if set(version) not in kept] == []
