"""Tables of plugins and their runs."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import metadata

plugins = sa.Table(
    "plugins",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("classes", sa.Text, nullable=False),
    sa.Column("config", sa.Text, nullable=False),
    sa.Column("config_schema", sa.Text, nullable=True),
    sa.Column("connector", sa.String, nullable=False),
    sa.Column("url", sa.String, nullable=True),
    sa.Column("script", sa.String, nullable=True),
    sa.Column("salt", sa.String, nullable=False),
    sa.Column("secret_hash", sa.String, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("archived_at", sa.Float, nullable=True),
)
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("session", sa.String, nullable=False, unique=True),
    sa.Column("plugin", sa.String, nullable=False, index=True),
    sa.Column("project", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False, index=True),
    sa.Column("origin", sa.String, nullable=False),
    sa.Column("parent", sa.String, nullable=True),
    sa.Column("message", sa.Text, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("requested", sa.Integer, nullable=False),
    sa.Column("labelled", sa.Integer, nullable=False),
    sa.Column("tasks", sa.Integer, nullable=False),
    sa.Column("assets", sa.Integer, nullable=True),
    sa.Column("logs", sa.Integer, nullable=False),
    sa.Column("dropped", sa.Integer, nullable=False),
    sa.Column("per_class", sa.Text, nullable=False),
    sa.Column("refused", sa.Text, nullable=False),
    sa.Column("doubtful", sa.Text, nullable=False, server_default="{}"),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("sent_at", sa.Float, nullable=True),
    sa.Column("started_at", sa.Float, nullable=True),
    sa.Column("finished_at", sa.Float, nullable=True),
    sa.Column("cancelled_at", sa.Float, nullable=True),
    sa.Column("discarded_at", sa.Float, nullable=True),
    sa.Column("undone_at", sa.Float, nullable=True),
    sa.Column("applied_by", sa.String, nullable=True),
    sa.Column("key_hash", sa.String, nullable=True, index=True),
)
run_assets = sa.Table(  # the assets that a canary or a retry shows; no row means all
    "run_assets",
    metadata,
    sa.Column("session", sa.String, primary_key=True),
    sa.Column("asset", sa.String, primary_key=True),
)
run_tasks = sa.Table(  # what a run does to a task, so that it can be shown, applied and undone
    "run_tasks",
    metadata,
    sa.Column("session", sa.String, primary_key=True),
    sa.Column("task", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("asset", sa.String, nullable=False),
    sa.Column("external_id", sa.String, nullable=True),
    sa.Column("added", sa.Text, nullable=False),
    sa.Column("removed", sa.Text, nullable=False),
    sa.Index("run_tasks_order", "session", "number"),
    sa.Index("run_tasks_task", "task"),
)
presets = sa.Table(
    "mapping_presets",
    metadata,
    sa.Column("project", sa.String, primary_key=True),
    sa.Column("plugin", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("mapping", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
)
presence = sa.Table(  # what the hub sees of plugins; it says so again every few seconds
    "plugin_presence",
    metadata,
    sa.Column("plugin", sa.String, primary_key=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("processes", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)
