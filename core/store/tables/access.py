"""Tables of accounts and of the record of changes, which nothing may change but by adding to it."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.tables.metadata import NAME, TEXT, WHOLE, metadata

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("at", NAME, nullable=False),
    sa.Column("person", NAME, nullable=False),
    sa.Column("role", NAME, nullable=False),
    sa.Column("way", NAME, nullable=False),
    sa.Column("action", NAME, nullable=False),
    sa.Column("subject", NAME, nullable=False),
    sa.Column("before", TEXT, nullable=False),
    sa.Column("after", TEXT, nullable=False),
    sa.Column("hash", NAME, nullable=False),
)
audit_head = sa.Table(  # one row: the last entry, so that a record cut short is seen
    "audit_head",
    metadata,
    sa.Column("place", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("number", WHOLE, nullable=False),
    sa.Column("hash", NAME, nullable=False),
)
accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", NAME, primary_key=True),  # the name in small letters: one account per name
    sa.Column("name", NAME, nullable=False),
    sa.Column("role", NAME, nullable=False),
    sa.Column("password_hash", TEXT, nullable=True),  # null: signs in elsewhere
    sa.Column("from_provider", sa.Boolean, nullable=False),  # its role is a provider's word
    sa.Column("key_salt", NAME, nullable=False),  # of the key for the local hub
    sa.Column("failures", WHOLE, nullable=False),
    sa.Column("failed_at", sa.Float, nullable=True),
    sa.Column("created_at", sa.Float, nullable=False),
)

_REFUSE = "the record of changes is only added to"
_SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END",
    f"CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON audit "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END",
    # a REPLACE deletes without asking the trigger above
    f"CREATE TRIGGER IF NOT EXISTS audit_only_next BEFORE INSERT ON audit "
    f"WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit) "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END",
)
_POSTGRESQL = (
    f"CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$",
    f"CREATE OR REPLACE FUNCTION audit_next() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit) THEN "
    f"RAISE EXCEPTION '{_REFUSE}'; END IF; RETURN NEW; END $$",
    "DROP TRIGGER IF EXISTS audit_no_change ON audit",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "DROP TRIGGER IF EXISTS audit_no_truncate ON audit",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "DROP TRIGGER IF EXISTS audit_only_next ON audit",
    "CREATE TRIGGER audit_only_next BEFORE INSERT ON audit "
    "FOR EACH ROW EXECUTE FUNCTION audit_next()",
)


def put_back(connection: sa.Connection) -> None:
    """Let a backup be put in place of what is there; `only_added_to` ends that."""
    if connection.dialect.name == "sqlite":
        names = ("audit_no_update", "audit_no_delete", "audit_only_next")
        statements = [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    else:
        names = ("audit_no_change", "audit_no_truncate", "audit_only_next")
        statements = [f"DROP TRIGGER IF EXISTS {name} ON audit" for name in names]
    for statement in statements:
        connection.exec_driver_sql(statement)


def only_added_to(connection: sa.Connection) -> None:
    """Make the database itself refuse to change or remove an entry of the record."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)
