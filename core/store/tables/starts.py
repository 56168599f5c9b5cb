"""Table of the drafts of starts."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import metadata

starts = sa.Table(
    "start_drafts",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
)
