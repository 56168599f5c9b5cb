"""The table of the forecasts that publishes keep."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import NAME, TEXT, WHOLE, metadata

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("number", WHOLE, primary_key=True, autoincrement=True),
    sa.Column("at", NAME, nullable=False),
    sa.Column("host", NAME, nullable=False),
    sa.Column("own", sa.Boolean, nullable=False),  # the hub of this database, which notes passes
    sa.Column("project", NAME, nullable=False),
    sa.Column("stage", NAME, nullable=False),
    sa.Column("name", NAME, nullable=False),
    sa.Column("rules", NAME, nullable=False),  # names the rules that were published
    sa.Column("document", TEXT, nullable=False),
    sa.Index("ledger_project", "project", "stage"),
)
