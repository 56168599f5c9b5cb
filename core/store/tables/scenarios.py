"""Tables of scenarios and golden tasks."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import metadata

scenarios = sa.Table(
    "scenarios",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("workspace", sa.String, nullable=False, index=True),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
    sa.Column("deleted_at", sa.Float, nullable=True),
)
golden_tasks = sa.Table(
    "golden_tasks",
    metadata,
    sa.Column("workspace", sa.String, primary_key=True),
    sa.Column("stage", sa.String, primary_key=True),
    sa.Column("task", sa.String, primary_key=True),
    sa.Column("target", sa.String, nullable=False),
    sa.Column("chance", sa.Float, nullable=False),
    sa.Column("waived", sa.Text, nullable=False),
    sa.Column("pinned_at", sa.Float, nullable=False),
)
