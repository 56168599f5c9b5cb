"""Tables of the local hub: projects, assets, tasks and what plugins said.

JSON that the hub only keeps and hands back stands in text columns; what it searches by has columns.
"""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import metadata

settings = sa.Table(
    "hub_settings",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
projects = sa.Table(
    "hub_projects",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("backend", sa.String, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)
assets = sa.Table(
    "hub_assets",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("project", sa.String, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("external_id", sa.String, nullable=True),
    sa.Column("data", sa.Text, nullable=True),
    sa.Column("prelabelled", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.String, nullable=True),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("hub_assets_order", "project", "number"),
    sa.Index("hub_assets_external", "project", "external_id"),
    sa.Index("hub_assets_data", "project", "data"),
)
asset_batches = sa.Table(
    "hub_asset_batches",
    metadata,
    sa.Column("asset", sa.String, primary_key=True),
    sa.Column("batch", sa.String, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Index("hub_asset_batches_batch", "batch"),
)
tasks = sa.Table(
    "hub_tasks",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("project", sa.String, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("asset", sa.String, nullable=False, index=True),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("assignee", sa.String, nullable=True),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("duration", sa.Float, nullable=True),
    sa.Column("total_duration", sa.Float, nullable=True),
    sa.Column("review_status", sa.String, nullable=True),
    sa.Column("is_benchmark", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.String, nullable=True),
    sa.Column("updated_at", sa.String, nullable=True),
    sa.Column("completed_at", sa.String, nullable=True),
    sa.Column("brush", sa.Text, nullable=True),
    sa.Column("medical_brush", sa.Text, nullable=True),
    sa.Column(
        "passes", sa.Text, nullable=False
    ),  # how often the task went through each Logic stage
    sa.Column("answer", sa.Text, nullable=True),  # null: not loaded, which is not the same as none
    sa.Column("document", sa.Text, nullable=False),
    sa.Column(
        "parent", sa.String, nullable=True, index=True
    ),  # of a sub-task: whose judgment it is
    sa.Index("hub_tasks_order", "project", "number"),
    sa.Index("hub_tasks_stage", "project", "stage"),
    sa.Index("hub_tasks_changed", "project", "updated_at"),
)
history = sa.Table(
    "hub_history",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("task", sa.String, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("entry", sa.Text, nullable=False),
    sa.Index("hub_history_task", "task", "number"),
)
passes = sa.Table(
    "hub_passes",  # what each Logic stage did with each task that came to it
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("project", sa.String, nullable=False),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("rules", sa.String, nullable=False),  # names the rules that it had then
    sa.Column("task", sa.String, nullable=False, index=True),
    sa.Column("entries", sa.Integer, nullable=False),  # of the task's history when it came
    sa.Column("output", sa.Integer, nullable=False),  # by position, Else last
    sa.Column("at", sa.String, nullable=False),
    sa.Index("hub_passes_rules", "project", "stage", "rules"),
)
records = sa.Table(
    "hub_records",
    metadata,
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("scope", sa.String, nullable=False),  # project or organization that it belongs to
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("hub_records_scope", "kind", "scope"),
)
logs = sa.Table(
    "hub_logs",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("session", sa.String, nullable=False, index=True),
    sa.Column("plugin", sa.String, nullable=False),
    sa.Column("project", sa.String, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("level", sa.String, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("extra", sa.Text, nullable=False),
)
outbox = sa.Table(
    "hub_outbox",  # posts of Webhook stages that were not made yet
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("project", sa.String, nullable=False),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("task", sa.String, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
