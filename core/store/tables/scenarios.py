"""Tables of scenarios and golden tasks."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import NAME, TEXT, metadata

scenarios = sa.Table(
    "scenarios",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("workspace", NAME, nullable=False, index=True),
    sa.Column("stage", NAME, nullable=False),
    sa.Column("name", NAME, nullable=False),
    sa.Column("document", TEXT, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
    sa.Column("deleted_at", sa.Float, nullable=True),
)
golden_tasks = sa.Table(
    "golden_tasks",
    metadata,
    sa.Column("workspace", NAME, primary_key=True),
    sa.Column("stage", NAME, primary_key=True),
    sa.Column("task", NAME, primary_key=True),
    sa.Column("target", NAME, nullable=False),
    sa.Column("chance", sa.Float, nullable=False),
    sa.Column("waived", TEXT, nullable=False),
    sa.Column("pinned_at", sa.Float, nullable=False),
)
