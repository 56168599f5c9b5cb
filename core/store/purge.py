"""Everything that a database holds of a project, gone for good: from free pages and log, too."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from core.access.actions import Action
from core.errors import InputError
from core.plugin_runs.draft import read_start
from core.store.database import Database
from core.store.hub_tasks import remove_project
from core.store.tables.drafts import drafts, editors, steps, workspaces
from core.store.tables.hub import logs, outbox
from core.store.tables.ledger import ledger
from core.store.tables.runs import presets, run_assets, run_tasks, runs
from core.store.tables.scenarios import golden_tasks, scenarios
from core.store.tables.starts import starts

PATIENCE_SECONDS = 30.0


def purge_rows(
    store: Database, project: str, kept: Iterable[str], subject: str, before: object
) -> int:
    """Delete what belongs to a project; entries of the record of changes stay.

    Args:
        store: The database.
        project: Its id.
        kept: Ids of opened files and of copies from hubs that are of this project.
        subject: What the record calls it.
        before: What the record says of it.

    Returns:
        How many rows were deleted.

    Raises:
        Forbidden: Whoever acts may not purge.
    """
    workspace = tuple(kept)
    with store.write(Action.PURGE, subject, before=before) as tx:
        its_runs = sa.select(runs.c.session).where(runs.c.project == project)
        its_drafts = sa.select(drafts.c.id).where(drafts.c.workspace.in_(workspace))
        gone = [
            run_assets.delete().where(run_assets.c.session.in_(its_runs)),
            run_tasks.delete().where(run_tasks.c.session.in_(its_runs)),
            logs.delete().where(logs.c.session.in_(its_runs) | (logs.c.project == project)),
            runs.delete().where(runs.c.project == project),
            outbox.delete().where(outbox.c.project == project),
            presets.delete().where(presets.c.project == project),
            ledger.delete().where(ledger.c.project == project),
            starts.delete().where(starts.c.id.in_(_starts_of(tx, project))),
            steps.delete().where(steps.c.draft.in_(its_drafts)),
            editors.delete().where(editors.c.draft.in_(its_drafts)),
            drafts.delete().where(drafts.c.workspace.in_(workspace)),
            scenarios.delete().where(scenarios.c.workspace.in_(workspace)),
            golden_tasks.delete().where(golden_tasks.c.workspace.in_(workspace)),
            workspaces.delete().where(workspaces.c.id.in_(workspace)),
        ]
        rows = sum(tx.execute(statement).rowcount for statement in gone)
        remove_project(tx, project)
    wipe(store)
    return rows


def _starts_of(tx: sa.Connection, project: str) -> list[str]:
    rows = tx.execute(sa.select(starts.c.id, starts.c.document))
    return [row.id for row in rows if read_start(row.document).project == project]


def wipe(store: Database) -> None:
    """Write the database anew, so that nothing of what was deleted is left in its files.

    Of a database on a server its tables are; what the server itself still keeps (its write-ahead
    log, its backups) is its administrator's.
    """
    with store.explained():
        connection = store.own_connection()
        try:
            if store.is_on_server:
                connection.exec_driver_sql("VACUUM FULL")
                return
            driver: Any = connection.connection.dbapi_connection  # it begins no transaction
            driver.execute("VACUUM")
            end = time.monotonic() + PATIENCE_SECONDS
            while driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > end:
                    hint = "Stop hub and dashboard, and purge again."
                    raise InputError(
                        store.place, "is in use: its log holds what was deleted.", hint
                    )
                time.sleep(0.05)  # somebody reads what was there before
        finally:
            connection.close()
