"""Tables of opened files and of the drafts over their Logic stages."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import metadata

workspaces = sa.Table(
    "workspaces",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("table_fingerprint", sa.String, nullable=False),
    sa.Column("project", sa.Text, nullable=True),
    sa.Column("opened_at", sa.Float, nullable=False),
    sa.Column("called", sa.String, nullable=True),
    sa.Column("deleted_at", sa.Float, nullable=True),
)
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("workspace", sa.String, nullable=False, index=True),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
    sa.Column("saved_by", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=True),
    sa.Column("deleted_at", sa.Float, nullable=True),
)
steps = sa.Table(
    "draft_steps",
    metadata,
    sa.Column("draft", sa.String, primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
)
editors = sa.Table(
    "draft_editors",
    metadata,
    sa.Column("draft", sa.String, primary_key=True),
    sa.Column("editor", sa.String, primary_key=True),
    sa.Column("seen_at", sa.Float, nullable=False),
)
