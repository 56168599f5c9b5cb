"""What a change outside of the database asks of the door of the store: `Database` is one."""

from __future__ import annotations

from typing import Protocol

from core.access.actions import Action


class Door(Protocol):
    """Lets whoever acts through, or raises `Forbidden`."""

    def check(self, action: Action) -> None:
        """See whether they may, before anything is done."""

    def note_done(
        self, action: Action, subject: str, before: object = None, after: object = None
    ) -> None:
        """Record what is done; checked as well."""
