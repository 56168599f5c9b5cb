"""Tables of opened files and of the drafts over their Logic stages."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import NAME, TEXT, WHOLE, metadata

workspaces = sa.Table(
    "workspaces",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("name", NAME, nullable=False),
    sa.Column("table_fingerprint", NAME, nullable=False),
    sa.Column("project", TEXT, nullable=True),
    sa.Column("opened_at", sa.Float, nullable=False),
    sa.Column("called", NAME, nullable=True),
    sa.Column("deleted_at", sa.Float, nullable=True),
)
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("workspace", NAME, nullable=False, index=True),
    sa.Column("stage", NAME, nullable=False),
    sa.Column("version", WHOLE, nullable=False),
    sa.Column("step", WHOLE, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
    sa.Column("saved_by", NAME, nullable=False),
    sa.Column("name", NAME, nullable=True),
    sa.Column("deleted_at", sa.Float, nullable=True),
)
steps = sa.Table(
    "draft_steps",
    metadata,
    sa.Column("draft", NAME, primary_key=True),
    sa.Column("step", WHOLE, primary_key=True),
    sa.Column("document", TEXT, nullable=False),
)
editors = sa.Table(
    "draft_editors",
    metadata,
    sa.Column("draft", NAME, primary_key=True),
    sa.Column("editor", NAME, primary_key=True),
    sa.Column("seen_at", sa.Float, nullable=False),
)
