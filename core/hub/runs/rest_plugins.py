"""Plugins with the REST connector: the hub asks them, and their reply is the result."""

from __future__ import annotations

from http.client import responses
from typing import Any

import requests

from core.hub.codec import Json, NotReadable, encode, heard
from core.plugin_runs.model import Liveness
from core.secret import Secret

CONNECT_SECONDS = 5.0
HEARTBEAT_SECONDS = 5.0
JSON = {"Content-Type": "application/json"}


class NotAnswered(Exception):
    """A REST plugin did not give a result.

    Args:
        kind: The event of the run's transition table.
        reason: In words.
    """

    def __init__(self, kind: Any, reason: str = "") -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


def look(url: str, secret: Secret, now: float) -> Liveness:
    """Whether a plugin answers and takes the secret; blocks, so it runs in a thread."""
    try:
        with _session() as session:
            answer = session.get(
                f"{url}/heartbeat",
                headers={"Secret": secret.reveal()},
                timeout=(CONNECT_SECONDS, HEARTBEAT_SECONDS),
                allow_redirects=False,
            )
    except requests.Timeout:
        return Liveness("absent", now, note=f"{url} did not answer within 5 s.")
    except requests.RequestException:
        return Liveness("absent", now, note=f"Nothing answers at {url}.")
    if answer.status_code == 401:
        return Liveness("wrong secret", now, note=f"The plugin at {url} has another secret.")
    if answer.status_code != 200:
        return Liveness("absent", now, note=_strange(url, answer.status_code))
    return Liveness("live", now, 1)


def ask(url: str, secret: Secret, payload: dict[str, Json], deadline: float) -> Json:
    """Hand a run over and wait for its result; blocks until the deadline.

    Raises:
        NotAnswered: There is no result; says which event that is.
    """
    try:
        with _session() as session:
            answer = session.post(
                f"{url}/plugin",
                data=encode(payload),
                headers={**JSON, "Secret": secret.reveal()},
                timeout=(CONNECT_SECONDS, deadline),
                allow_redirects=False,
            )
    except requests.ConnectTimeout as error:
        raise NotAnswered("gone", f"{url} did not take the connection within 5 s.") from error
    except requests.Timeout as error:
        raise NotAnswered("late", f"{url} did not answer within {deadline:,.0f} s.") from error
    except requests.RequestException as error:
        raise NotAnswered("gone", f"The connection to {url} broke.") from error
    if answer.status_code == 401:
        raise NotAnswered("failed", f"The plugin at {url} refused its secret; rotate it.")
    if answer.status_code == 500:  # the SDK's own, after an exception
        raise NotAnswered("failed")
    if answer.status_code != 200:
        raise NotAnswered("gone", _strange(url, answer.status_code))
    try:
        return heard(answer.content)
    except NotReadable as error:
        raise NotAnswered("failed", f"The answer of {url} is not JSON.") from error


def _strange(url: str, status: int) -> str:
    """What an answer means that the SDK's plugins never give; they know 200, 401 and 500."""
    name = f"{status} {responses[status]}" if status in responses else str(status)
    if status == 504:
        return f"{url} answered {name}: what stands before the plugin waited no longer for it."
    if status in (502, 503):
        return f"{url} answered {name}: what stands before the plugin does not reach it."
    return f"{url} answered {name}, as no plugin does: something else stands at this address."


def _session() -> requests.Session:
    """A session that sends no proxy's traffic and no password of the user's own."""
    session = requests.Session()
    session.trust_env = False
    return session
