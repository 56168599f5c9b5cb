"""Table of the drafts of starts."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import NAME, TEXT, metadata

starts = sa.Table(
    "start_drafts",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("document", TEXT, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
)
