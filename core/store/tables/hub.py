"""Tables of the local hub: projects, assets, tasks and what plugins said.

JSON that the hub only keeps and hands back stands in text columns; what it searches by has columns.
"""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import NAME, TEXT, WHOLE, metadata

settings = sa.Table(
    "hub_settings",
    metadata,
    sa.Column("name", NAME, primary_key=True),
    sa.Column("value", TEXT, nullable=False),
)
projects = sa.Table(
    "hub_projects",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("name", NAME, nullable=False),
    sa.Column("backend", NAME, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("created_at", NAME, nullable=False),
    sa.Column("document", TEXT, nullable=False),
)
assets = sa.Table(
    "hub_assets",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("project", NAME, nullable=False),
    sa.Column("number", WHOLE, nullable=False),
    sa.Column("external_id", NAME, nullable=True),
    sa.Column("data", TEXT, nullable=True),
    sa.Column("prelabelled", sa.Boolean, nullable=False),
    sa.Column("created_at", NAME, nullable=True),
    sa.Column("document", TEXT, nullable=False),
    sa.Index("hub_assets_order", "project", "number"),
    sa.Index("hub_assets_external", "project", "external_id"),
    sa.Index("hub_assets_data", "project", "data"),
)
asset_batches = sa.Table(
    "hub_asset_batches",
    metadata,
    sa.Column("asset", NAME, primary_key=True),
    sa.Column("batch", NAME, primary_key=True),
    sa.Column("place", WHOLE, nullable=False),
    sa.Index("hub_asset_batches_batch", "batch"),
)
tasks = sa.Table(
    "hub_tasks",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("project", NAME, nullable=False),
    sa.Column("number", WHOLE, nullable=False),
    sa.Column("asset", NAME, nullable=False, index=True),
    sa.Column("stage", NAME, nullable=False),
    sa.Column("status", NAME, nullable=False),
    sa.Column("type", NAME, nullable=False),
    sa.Column("assignee", NAME, nullable=True),
    sa.Column("priority", WHOLE, nullable=False),
    sa.Column("duration", sa.Float, nullable=True),
    sa.Column("total_duration", sa.Float, nullable=True),
    sa.Column("review_status", NAME, nullable=True),
    sa.Column("is_benchmark", sa.Boolean, nullable=False),
    sa.Column("created_at", NAME, nullable=True),
    sa.Column("updated_at", NAME, nullable=True),
    sa.Column("completed_at", NAME, nullable=True),
    sa.Column("brush", TEXT, nullable=True),
    sa.Column("medical_brush", TEXT, nullable=True),
    sa.Column("passes", TEXT, nullable=False),  # how often the task went through each Logic stage
    sa.Column("answer", TEXT, nullable=True),  # null: not loaded, which is not the same as none
    sa.Column("document", TEXT, nullable=False),
    sa.Column("parent", NAME, nullable=True, index=True),  # of a sub-task: whose judgment it is
    sa.Index("hub_tasks_order", "project", "number"),
    sa.Index("hub_tasks_stage", "project", "stage"),
    sa.Index("hub_tasks_changed", "project", "updated_at"),
)
history = sa.Table(
    "hub_history",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("task", NAME, nullable=False),
    sa.Column("number", WHOLE, nullable=False),
    sa.Column("entry", TEXT, nullable=False),
    sa.Index("hub_history_task", "task", "number"),
)
passes = sa.Table(
    "hub_passes",  # what each Logic stage did with each task that came to it
    metadata,
    sa.Column("number", WHOLE, primary_key=True, autoincrement=True),
    sa.Column("project", NAME, nullable=False),
    sa.Column("stage", NAME, nullable=False),
    sa.Column("rules", NAME, nullable=False),  # names the rules that it had then
    sa.Column("task", NAME, nullable=False, index=True),
    sa.Column("entries", WHOLE, nullable=False),  # of the task's history when it came
    sa.Column("output", WHOLE, nullable=False),  # by position, Else last
    sa.Column("at", NAME, nullable=False),
    sa.Index("hub_passes_rules", "project", "stage", "rules"),
)
records = sa.Table(
    "hub_records",
    metadata,
    sa.Column("kind", NAME, primary_key=True),
    sa.Column("id", NAME, primary_key=True),
    sa.Column("scope", NAME, nullable=False),  # project or organization that it belongs to
    sa.Column("document", TEXT, nullable=False),
    sa.Index("hub_records_scope", "kind", "scope"),
)
logs = sa.Table(
    "hub_logs",
    metadata,
    sa.Column("number", WHOLE, primary_key=True, autoincrement=True),
    sa.Column("session", NAME, nullable=False, index=True),
    sa.Column("plugin", NAME, nullable=False),
    sa.Column("project", NAME, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("level", NAME, nullable=False),
    sa.Column("message", TEXT, nullable=False),
    sa.Column("extra", TEXT, nullable=False),
)
outbox = sa.Table(
    "hub_outbox",  # posts of Webhook stages that were not made yet
    metadata,
    sa.Column("number", WHOLE, primary_key=True, autoincrement=True),
    sa.Column("project", NAME, nullable=False),
    sa.Column("stage", NAME, nullable=False),
    sa.Column("task", NAME, nullable=False),
    sa.Column("address", TEXT, nullable=False),
    sa.Column("body", TEXT, nullable=False),
)
