"""Calls of projects that live on Ango Hub, forwarded to the one host that may be asked.

The user's key is kept in this process's memory only and goes to that host only: redirects are not
followed, and nothing of the caller's headers but the content type is sent along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from core.errors import InputError
from core.hub.call import Call, Refused
from core.hub.codec import Json, NotReadable, decode
from core.store.hub import UPSTREAM, all_projects, find_project
from core.store.hub_tables import history, records
from core.store.hub_tasks import find_task

CONNECT_SECONDS, READ_SECONDS = 5.0, 300.0
OWN_PATHS = ("/v2/pluginLog", "/v2/pluginResponse", "/v2/listProjects", "/v2/project")
KEPT_HEADERS = ("content-type", "retry-after")
ENTER_AGAIN = "Enter the Ango Hub key again: the hub keeps it in memory only, until it stops."
_PROJECT = re.compile(r"/v2/(?:(?:project|batches|performance)/([^/]+)|([^/]+)/overview/)")
_TASK = re.compile(r"/v2/(?:task|annotate|review)/(?!assign$)([^/]+)")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes back to the caller."""

    status: int
    body: bytes
    headers: dict[str, str]


def read_upstream(url: str) -> str:
    """The host that may be forwarded to, without a slash at its end.

    Raises:
        InputError: It is not the address of a host.
    """
    parts = urlsplit(url)
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise InputError("--upstream", "is not the address of a host.", "Give https://host.")
    return f"{parts.scheme}://{parts.netloc}"


class Upstream:
    """The upstream host, and the key for it."""

    def __init__(self, host: str | None) -> None:
        self.host = host
        self._key: str | None = None
        self._session = requests.Session()
        self._session.auth = _no_password_file

    @property
    def has_key(self) -> bool:
        """Whether the user's key was handed over since the hub was started."""
        return self._key is not None

    def take_key(self, key: str | None) -> None:
        """Keep the user's key, or forget it."""
        self._key = key

    def owns(self, call: Call) -> bool:
        """Whether a call belongs to a project that lives upstream."""
        if call.path in OWN_PATHS:
            return False
        project, task = _named(call)
        with call.hub.store.read() as tx:
            if project is not None:
                found = find_project(tx, project)
                return found is not None and found.backend == UPSTREAM
            if task is not None:
                row = find_task(tx, task)
                known = row is not None
            elif call.path.startswith("/v2/issues/"):
                mine = (records.c.kind == "issue") & (records.c.id == call.path.split("/")[3])
                known = tx.execute(records.select().where(mine)).first() is not None
            elif call.path.startswith("/v2/taskHistory/"):
                entry = history.c.id == call.path.split("/")[3]
                known = tx.execute(history.select().where(entry)).first() is not None
            else:
                return False
            # what no sandbox project has can only be upstream, where there is such a project
            return not known and any(p.backend == UPSTREAM for p in all_projects(tx))

    def forward(self, call: Call, query: str) -> Reply:
        """Ask the upstream host; blocks, so it runs in a thread of its own kind."""
        if self.host is None:
            hint = "Start it with --upstream and the address of that host."
            raise Refused(502, "This project lives on Ango Hub, and the hub may ask no host.", hint)
        if self._key is None:
            raise Refused(401, ENTER_AGAIN)
        headers = {"apikey": self._key, "Accept": "application/json"}
        if call.content_type:
            headers["Content-Type"] = call.content_type
        url = f"{self.host}{call.path}{'?' + query if query else ''}"
        try:
            answer = self._session.request(
                call.method,
                url,
                data=call.body or None,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
        except requests.Timeout as error:
            raise Refused(504, "Ango Hub did not answer in time.", "Try again later.") from error
        except requests.RequestException as error:
            kind = type(error).__name__  # its text would hold the address with the query
            raise Refused(502, f"Ango Hub could not be asked ({kind}).", "Try again.") from error
        if 300 <= answer.status_code < 400:
            raise Refused(502, "Ango Hub sent us to another address, which is not followed.")
        return Reply(answer.status_code, answer.content, _clean(answer.headers))


def _clean(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in KEPT_HEADERS if name in headers}


def _no_password_file(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps `requests` from adding a password that a file of the user has for the host."""
    return request


def _named(call: Call) -> tuple[str | None, str | None]:
    """The project, else the task, that a call names in its path, query or body."""
    in_path = _PROJECT.match(call.path)
    if in_path:
        return in_path[1] or in_path[2], None
    if call.query.get("project"):
        return call.query["project"], None
    task = _TASK.match(call.path)
    if task:
        return None, task[1]
    body = _object(call)
    for name in ("project", "projectId"):
        if isinstance(body.get(name), str):
            return body[name], None
    labelled = body.get("labelTask")
    return None, labelled if isinstance(labelled, str) else None


def _object(call: Call) -> dict[str, Json]:
    try:
        found = decode(call.body) if call.body[:1] in (b"{", b" ", b"\n") else {}
    except NotReadable:
        return {}
    return found if isinstance(found, dict) else {}
