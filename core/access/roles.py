"""Roles, each of which may do what the one before it may."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for; the later ones may more."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Its place, from 0."""
        return list(Role).index(self)

    def covers(self, other: Role) -> bool:
        """Whether it may all that another role may."""
        return self.rank >= other.rank

    @property
    def words(self) -> str:
        """The role with its article."""
        return f"{'an' if self.value[0] in 'ao' else 'a'} {self.value}"


ABOUT = {
    Role.VIEWER: "sees everything and changes nothing",
    Role.OPERATOR: "runs, presets, drafts, scenarios, files, work on tasks",
    Role.MANAGER: "publishing, restoring, plugins, projects",
    Role.ADMIN: "accounts and roles, purging",
}
"""What each role adds to the one before it."""
