"""Tables of plugins and their runs."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import NAME, TEXT, WHOLE, metadata

plugins = sa.Table(
    "plugins",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("name", NAME, nullable=False),
    sa.Column("description", TEXT, nullable=False),
    sa.Column("classes", TEXT, nullable=False),
    sa.Column("config", TEXT, nullable=False),
    sa.Column("config_schema", TEXT, nullable=True),
    sa.Column("connector", NAME, nullable=False),
    sa.Column("url", NAME, nullable=True),
    sa.Column("script", NAME, nullable=True),
    sa.Column("salt", NAME, nullable=False),
    sa.Column("secret_hash", NAME, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("archived_at", sa.Float, nullable=True),
)
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("number", WHOLE, primary_key=True, autoincrement=True),
    sa.Column("session", NAME, nullable=False, unique=True),
    sa.Column("plugin", NAME, nullable=False, index=True),
    sa.Column("project", NAME, nullable=False),
    sa.Column("state", NAME, nullable=False, index=True),
    sa.Column("request", TEXT, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("fingerprint", NAME, nullable=False, index=True),
    sa.Column("origin", NAME, nullable=False),
    sa.Column("parent", NAME, nullable=True),
    sa.Column("message", TEXT, nullable=True),
    sa.Column("reason", TEXT, nullable=False),
    sa.Column("requested", WHOLE, nullable=False),
    sa.Column("labelled", WHOLE, nullable=False),
    sa.Column("tasks", WHOLE, nullable=False),
    sa.Column("assets", WHOLE, nullable=True),
    sa.Column("logs", WHOLE, nullable=False),
    sa.Column("dropped", WHOLE, nullable=False),
    sa.Column("per_class", TEXT, nullable=False),
    sa.Column("refused", TEXT, nullable=False),
    sa.Column("doubtful", TEXT, nullable=False, server_default="{}"),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("sent_at", sa.Float, nullable=True),
    sa.Column("started_at", sa.Float, nullable=True),
    sa.Column("finished_at", sa.Float, nullable=True),
    sa.Column("cancelled_at", sa.Float, nullable=True),
    sa.Column("discarded_at", sa.Float, nullable=True),
    sa.Column("undone_at", sa.Float, nullable=True),
    sa.Column("applied_by", NAME, nullable=True),
    sa.Column("key_hash", NAME, nullable=True, index=True),
)
run_assets = sa.Table(  # the assets that a canary or a retry shows; no row means all
    "run_assets",
    metadata,
    sa.Column("session", NAME, primary_key=True),
    sa.Column("asset", NAME, primary_key=True),
)
run_tasks = sa.Table(  # what a run does to a task, so that it can be shown, applied and undone
    "run_tasks",
    metadata,
    sa.Column("session", NAME, primary_key=True),
    sa.Column("task", NAME, primary_key=True),
    sa.Column("number", WHOLE, nullable=False),
    sa.Column("asset", NAME, nullable=False),
    sa.Column("external_id", NAME, nullable=True),
    sa.Column("added", TEXT, nullable=False),
    sa.Column("removed", TEXT, nullable=False),
    sa.Index("run_tasks_order", "session", "number"),
    sa.Index("run_tasks_task", "task"),
)
presets = sa.Table(
    "mapping_presets",
    metadata,
    sa.Column("project", NAME, primary_key=True),
    sa.Column("plugin", NAME, primary_key=True),
    sa.Column("name", NAME, primary_key=True),
    sa.Column("mapping", TEXT, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
)
presence = sa.Table(  # what the hub sees of plugins; it says so again every few seconds
    "plugin_presence",
    metadata,
    sa.Column("plugin", NAME, primary_key=True),
    sa.Column("state", NAME, nullable=False),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("processes", WHOLE, nullable=False),
    sa.Column("note", TEXT, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)
