"""Who may write: the one place where a role is looked up anew, inside the transaction."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from core.access.acting import LOCAL, Actor
from core.access.roles import Role
from core.errors import Forbidden
from core.store.tables.access import accounts


def account_id(name: str) -> str:
    """What two spellings of one account's name have in common."""
    return name.strip().casefold()


def has_accounts(tx: sa.Connection) -> bool:
    """Whether anybody has an account here; then everybody signs in."""
    return tx.execute(sa.select(accounts.c.id).limit(1)).first() is not None


def as_of_now(tx: sa.Connection, person: Actor) -> Actor:
    """A person with the role that they have at this moment.

    Raises:
        Forbidden: Their account is gone, or accounts were made since and they have none.
    """
    if person.has_account:
        row = tx.execute(
            sa.select(accounts.c.name, accounts.c.role).where(
                accounts.c.id == account_id(person.name)
            )
        ).one_or_none()
        if row is None:
            message = f"The account of {person.name} was deleted."
            raise Forbidden(message, "An admin can make a new one.")
        return replace(person, name=row.name, role=Role(row.role))
    if person.way == LOCAL and has_accounts(tx):
        message = "This Switchyard has accounts, and nobody is signed in."
        raise Forbidden(message, "Sign in; a command takes --as NAME, or SWITCHYARD_USER.")
    return person
