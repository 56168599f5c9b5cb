"""Drafts of starts: one text per draft, the last save wins."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from core.access.actions import Action
from core.access.record import document as digest
from core.errors import UnknownName
from core.store.database import Database
from core.store.tables.starts import starts


class Starts:
    """Drafts of starts of a data directory."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def add(self, document: str) -> str:
        """Keep a new draft; returns its id, which stands in its link."""
        made = secrets.token_hex(9)
        values = {"id": made, "document": document, "saved_at": self._store.clock()}
        with self._store.write(Action.START, f"start {made}", after=digest(document)) as tx:
            tx.execute(starts.insert().values(values))
        return made

    def get(self, draft: str) -> str:
        """The text of a draft.

        Raises:
            UnknownName: There is none of this id.
        """
        with self._store.read() as tx:
            document = tx.scalar(sa.select(starts.c.document).where(starts.c.id == draft))
        if document is None:
            raise UnknownName("This draft of a run is not kept here.", "Begin a new one.")
        return str(document)

    def save(self, draft: str, document: str) -> None:
        """Write a draft that was changed."""
        values = {"document": document, "saved_at": self._store.clock()}
        with self._store.write(Action.START, f"start {draft}", after=digest(document)) as tx:
            tx.execute(starts.update().where(starts.c.id == draft).values(values))
