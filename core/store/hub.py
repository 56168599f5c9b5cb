"""The local hub's state: every change is one transaction, so a kill loses nothing acknowledged."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from core.model.phrases import iso
from core.model.text import cut
from core.secret import Secret
from core.store.database import Database, open_engine
from core.store.tables.hub import logs, projects, settings

SANDBOX, UPSTREAM, LOADING = "sandbox", "upstream", "loading"
MAX_MESSAGE = 64 * 1024
"""Characters of a log line that are kept; a longer one says how many are not."""


def new_id() -> str:
    """An id of the form that Ango Hub's own have: 24 hex digits."""
    return secrets.token_hex(12)


@dataclass(frozen=True, slots=True)
class HubProject:
    """A project as the hub keeps it.

    Args:
        id: Its `_id`.
        name: Shown name.
        backend: `sandbox`, `upstream`, or `loading` while its tasks are being written.
        seed: Of its random rules.
        created_at: ISO time.
        document: The whole project as JSON text, without loss.
    """

    id: str
    name: str
    backend: str
    seed: int
    created_at: str
    document: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a log.

    Args:
        session: Session of a plugin, "" for the hub's own lines.
        level: Free text.
        message: What was said.
        extra: JSON text of whatever else came with it.
        plugin: Id of the plugin, "" for the hub.
        project: Id of the project, "" when not known.
    """

    session: str
    level: str
    message: str
    extra: str = "{}"
    plugin: str = ""
    project: str = ""


class HubStore(Database):
    """The state of a hub: a database with the hub's own secrets, notes and log."""

    def now(self) -> str:
        """The time as Ango Hub writes it."""
        return iso(self.clock())

    def secret(self, name: str) -> Secret:
        """A secret of this data directory, made at first use: `key` or `signing`."""
        with self.work() as tx:
            query = sa.select(settings.c.value).where(settings.c.name == name)
            value = tx.scalar(query)
            if value is None:
                value = secrets.token_urlsafe(32)
                tx.execute(settings.insert().values(name=name, value=value))
            return Secret(str(value))

    def known_secret(self, name: str) -> Secret | None:
        """A secret of this data directory, None where it was never needed."""
        value = self.note(name)
        return None if value is None else Secret(value)

    def note(self, name: str) -> str | None:
        """Something that was noted about this data directory, or None."""
        with self.read() as tx:
            query = sa.select(settings.c.value).where(settings.c.name == name)
            return tx.scalar(query)

    def take_note(self, name: str, value: str) -> None:
        """Note something about this data directory."""
        with self.work() as tx:
            put_note(tx, name, value)

    def drop_note(self, name: str) -> None:
        """Note it no longer."""
        with self.work() as tx:
            tx.execute(settings.delete().where(settings.c.name == name))

    def say(self, lines: Sequence[LogLine]) -> None:
        """Keep log lines."""
        if lines:
            with self.work() as tx:
                log(tx, self.clock(), *lines)

    def log_lines(self, session: str, after: int = 0, most: int = 1_000) -> list[dict[str, Any]]:
        """Log lines of a session (or of the hub, ""), oldest first, after a number."""
        query = sa.select(logs).where((logs.c.session == session) & (logs.c.number > after))
        with self.read() as tx:
            rows = tx.execute(query.order_by(logs.c.number).limit(most)).all()
        return [dict(row._mapping) for row in rows]


def open_hub(url: str, clock: Callable[[], float] = time.time) -> HubStore:
    """Open the state. As `database.open_engine`."""
    return HubStore(open_engine(url), clock)


def put_note(tx: sa.Connection, name: str, value: str) -> None:
    """Note something about this data directory, as part of a transaction."""
    tx.execute(settings.delete().where(settings.c.name == name))
    tx.execute(settings.insert().values(name=name, value=value))


def log(tx: sa.Connection, at: float, *lines: LogLine) -> None:
    """Write log lines as part of a transaction."""
    rows = [
        {
            "session": line.session,
            "plugin": line.plugin,
            "project": line.project,
            "at": at,
            "level": line.level,
            "message": cut(line.message, MAX_MESSAGE, "more characters were not kept"),
            "extra": line.extra,
        }
        for line in lines
    ]
    if rows:
        tx.execute(logs.insert(), rows)


def find_project(tx: sa.Connection, project: str) -> HubProject | None:
    """A project by its id; one that is still loading is not there yet."""
    query = sa.select(projects).where(projects.c.id == project)
    row = tx.execute(query.where(projects.c.backend != LOADING)).one_or_none()
    return HubProject(**row._mapping) if row else None


def all_projects(tx: sa.Connection) -> list[HubProject]:
    """Every project, in the order of their making."""
    query = sa.select(projects).where(projects.c.backend != LOADING)
    rows = tx.execute(query.order_by(projects.c.created_at, projects.c.id)).all()
    return [HubProject(**row._mapping) for row in rows]


def insert_project(tx: sa.Connection, project: HubProject) -> None:
    """Add a project."""
    tx.execute(projects.insert().values(asdict(project)))


def new_seed() -> int:
    """A seed for a project's random rules."""
    return secrets.randbits(48)
