"""What a handler gets and how it refuses. Handlers are plain functions that run in a thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.access.acting import STRANGER, Actor
from core.access.record import document as digest
from core.errors import SwitchyardError
from core.hub.classes import KEEPING, Keeping
from core.hub.codec import Json, NotReadable, decode
from core.hub.route import NOWHERE, Route
from core.hub.workflow.consensus import MEASURE, Measure
from core.model.numbers import read_whole
from core.plugin_runs.model import Run
from core.secret import Secret
from core.store.hub import HubProject, HubStore, LogLine, find_project
from core.store.hub_tasks import Row, find_task


class Refused(SwitchyardError):
    """A call that the hub does not carry out; `status` is the HTTP status."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.status = status


@dataclass(frozen=True, slots=True)
class Hub:
    """What all handlers share.

    Args:
        store: The state.
        files: Folder of uploads and exports.
        signing: Key of the links to files.
        user: Who acts when nobody is assigned.
        measure: When judgments of a Consensus agree.
        keeping: Which labels that do not fit the project are kept.
        hear: Takes a log line of a REST plugin, which waits until it is stored.
    """

    store: HubStore
    files: Path
    signing: Secret
    user: str = "local user"
    measure: Measure = MEASURE
    keeping: Keeping = KEEPING
    hear: Callable[[LogLine], None] | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Args:
        hub: What all handlers share.
        method: HTTP method.
        path: Path without doubled slashes.
        ids: The named parts of the path.
        query: Query parameters, the last of equal names.
        body: As it was sent.
        content_type: Of the body.
        base: `http://host:port` under which the caller reached the hub.
        run: The run whose key was sent, None under the hub's own key.
        route: The route that was matched.
        person: Who calls, where it is no run.
    """

    hub: Hub
    method: str
    path: str
    ids: dict[str, str]
    query: dict[str, str]
    body: bytes = field(repr=False)  # may hold a key
    content_type: str
    base: str
    run: Run | None = None
    route: Route = NOWHERE
    person: Actor = STRANGER

    def data(self) -> dict[str, Json]:
        """The body as a JSON object; an empty body is an empty one."""
        if not self.body.strip():
            return {}
        try:
            value = decode(self.body)
        except NotReadable as error:
            raise Refused(400, f"The body is not JSON: {error}.") from error
        if not isinstance(value, dict):
            raise Refused(400, "The body is not a JSON object.")
        return value

    def write(self) -> AbstractContextManager[sa.Connection]:
        """One transaction: under a run's key of the machinery, else of whoever calls."""
        if self.run is not None:
            return self.hub.store.work()
        return self.hub.store.write(self.route.needs, self.about, after=self._told)

    def note_done(self) -> None:
        """Record a call that changes something outside of the database."""
        if self.run is None:
            self.hub.store.note_done(self.route.needs, self.about, after=self._told)

    @property
    def about(self) -> str:
        """Method and path, as the record of changes names the call."""
        return f"{self.method} {self.path}"

    @property
    def _told(self) -> dict[str, Any] | None:
        return digest(self.body.decode("latin-1")) if self.body else None

    def flag(self, name: str, otherwise: bool = False) -> bool:
        """A query parameter that is true or false, in any case."""
        value = self.query.get(name)
        return otherwise if value is None else value.strip().casefold() in ("true", "1", "yes")

    def number(self, name: str, otherwise: int, most: int) -> int:
        """A query parameter that is a number from 1."""
        value = self.query.get(name, "")
        try:
            number = read_whole(value) if value else otherwise
        except ValueError as error:
            raise Refused(400, f"{name} is not a whole number.") from error
        return max(1, min(number, most))

    def parsed(self, name: str) -> Json:
        """A query parameter that holds JSON; None when it is absent or empty."""
        value = self.query.get(name)
        if not value:
            return None
        try:
            return decode(value)
        except NotReadable as error:
            raise Refused(400, f"The query parameter {name} is not JSON.") from error

    def listed(self, name: str) -> list[str] | None:
        """A query parameter that holds a JSON list of texts, or texts with commas between."""
        value = self.query.get(name)
        if not value:
            return None
        if value.lstrip().startswith("["):
            return [str(item) for item in self.parsed(name)]
        return [part.strip() for part in value.split(",") if part.strip()]


def need_project(tx: sa.Connection, project: Any) -> HubProject:
    """A project that a call names."""
    known = find_project(tx, project) if isinstance(project, str) else None
    if known is None:
        raise Refused(404, f"There is no project {_short(project)} on this hub.")
    return known


def need_task(tx: sa.Connection, task: str) -> Row:
    """A task that a call names."""
    row = find_task(tx, task)
    if row is None:
        raise Refused(404, f"There is no task {_short(task)} on this hub.")
    return row


def whole(text: str, otherwise: int | None = None) -> int:
    """A text that is a whole number of ASCII digits.

    Raises:
        Refused: It is none, and there is no other to take.
    """
    if text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 20:
        return int(text)
    if otherwise is None:
        raise Refused(400, f"{_short(text)} is not a whole number.")
    return otherwise


def objects(value: Json, name: str) -> list[Json]:
    """A list of a body; absent is empty."""
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        raise Refused(400, f"{name} is not a list.")
    return value


def texts(value: Json, name: str) -> list[str]:
    """A list of texts of a body; absent is empty."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refused(400, f"{name} is not a list of texts.")
    return value


def _short(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= 60 else shown[:57] + "…"
