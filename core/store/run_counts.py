"""Counts about a run, worked out by the database: no asset is loaded for a number."""

from __future__ import annotations

import sqlalchemy as sa

from core.plugin_runs.model import RunRequest
from core.store.database import Database
from core.store.runs import scope_query
from core.store.tables.runs import run_assets, run_tasks


def shown_count(store: Database, session: str) -> int | None:
    """How many assets a canary or a retry shows its plugin; None: all of its batches."""
    query = sa.select(sa.func.count()).where(run_assets.c.session == session)
    with store.read() as tx:
        return tx.execute(query).scalar_one() or None


def left_count(store: Database, session: str, request: RunRequest) -> int:
    """How many assets it was to look at and gave no label: the length of `Runs.without_labels`."""
    done = sa.select(run_tasks.c.asset).where(run_tasks.c.session == session)
    chosen = sa.select(run_assets.c.asset.label("id")).where(run_assets.c.session == session)
    with store.read() as tx:
        some = tx.execute(chosen.limit(1)).first() is not None
        asked = (chosen if some else scope_query(request)).subquery()
        left = sa.select(sa.func.count()).select_from(asked).where(asked.c.id.not_in(done))
        return tx.execute(left).scalar_one()
