"""Posts the tasks that pass a Webhook stage, on this machine only.

A post is written down with the task's move and made afterwards, by a thread of its own: nothing
waits for a receiver, and a hub that was killed posts what is left after its next start.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha1
from urllib.parse import urlsplit

import requests
import sqlalchemy as sa

from core.ango_json.text import loads
from core.gateway.hosts import is_loopback
from core.hub.codec import Json
from core.store.database import LATER
from core.store.hub import HubStore, LogLine, find_project, log
from core.store.hub_tasks import Row
from core.store.tables.hub import outbox

CONNECT_SECONDS, READ_SECONDS = 2.0, 10.0
EVERY_SECONDS = 0.5
AT_ONCE = 4


def address_of(stage: Mapping[str, Json]) -> str | None:
    """Where a Webhook stage posts: its first text that is an address, under whatever key.

    Ango Hub does not say in public how it calls that key.
    """
    for _, text in _texts(stage, ""):
        if text.startswith(("http://", "https://")):
            return text
    return None


def shown(address: str) -> str:
    """An address without what may be secret in it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def is_here(address: str) -> bool:
    """Whether an address is on this machine."""
    try:
        return is_loopback(urlsplit(address).hostname or "")
    except ValueError:
        return False


def headers_of(stage: Mapping[str, Json], body: bytes) -> dict[str, str]:
    """Headers of a post: the signature or the bearer token, where the stage has a text for it."""
    headers = {"Content-Type": "application/json"}
    for key, text in _texts(stage, ""):
        if text and "secret" in key:
            headers["X-Hub-Signature"] = hmac.new(text.encode(), body, sha1).hexdigest()
        elif text and ("token" in key or "bearer" in key):
            headers["Authorization"] = f"Bearer {text}"
    return headers


def _texts(value: Json, key: str) -> Iterator[tuple[str, str]]:
    """The texts of a JSON value, each with its key in small letters."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, str(name).casefold())


class Webhooks:
    """Makes the posts that are written down.

    Args:
        store: The hub's state.
    """

    def __init__(self, store: HubStore) -> None:
        self._store = store
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy would be another machine

    def start(self) -> None:
        """Begin, in threads that end with the process."""
        threading.Thread(target=self._run, name="webhooks", daemon=True).start()

    def _run(self) -> None:
        idle = threading.Event()
        with ThreadPoolExecutor(AT_ONCE, "webhook") as threads:
            while True:
                try:
                    some = self._waiting()
                    list(threads.map(self._post, some))
                except LATER:
                    some = ()
                if not some:
                    idle.wait(EVERY_SECONDS)

    def _waiting(self) -> tuple[Row, ...]:
        query = sa.select(outbox).order_by(outbox.c.number).limit(AT_ONCE)
        with self._store.read() as tx:
            return tuple(tx.execute(query))

    def _post(self, row: Row) -> None:
        body = row.body.encode()
        try:
            answer = self._session.post(
                row.address,
                data=body,
                headers=headers_of(self._stage(row), body),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            answer.close()
            wrong = "" if answer.ok and not answer.is_redirect else f"HTTP {answer.status_code}"
        except requests.RequestException as error:
            wrong = type(error).__name__  # its text would hold the address
        with self._store.work() as tx:
            tx.execute(outbox.delete().where(outbox.c.number == row.number))
            if wrong:
                line = f"Webhook: task {row.task} was not taken by {shown(row.address)} ({wrong})."
                log(tx, self._store.clock(), LogLine("", "WARNING", line, project=row.project))

    def _stage(self, row: Row) -> Mapping[str, Json]:
        with self._store.read() as tx:
            project = find_project(tx, row.project)
        stages = loads(project.document).get("stages") if project else None
        for stage in stages or []:
            if isinstance(stage, dict) and stage.get("id") == row.stage:
                return stage
        return {}
