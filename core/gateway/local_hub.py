"""What the dashboard asks of the local hub itself: to forward a project's calls to Ango Hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from core.errors import HubFailed, NotAllowed, Unreachable
from core.gateway.secret import Secret

SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Forwarding:
    """How the local hub forwards.

    Args:
        host: The one host that it may ask, None when it was started without one.
        has_key: Whether somebody gave it a key since it was started.
    """

    host: str | None
    has_key: bool


class LocalHub:
    """The local hub of this machine.

    Args:
        url: Where it answers.
        key: Its own key.
    """

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = Secret(key)

    def forwarding(self) -> Forwarding:
        """How it forwards. Raises GatewayError."""
        found = self._ask("GET", "status")["upstream"]
        return Forwarding(found["host"], bool(found["hasKey"]))

    def forward(self, project: str, name: str, key: Secret) -> None:
        """Let plugins work on a project of Ango Hub, under the user's key.

        The hub keeps the key in its memory until it stops.

        Raises:
            GatewayError: It does not answer, or does not take the project.
        """
        self._ask("POST", "upstream-key", {"key": key.reveal()})
        self._ask("POST", "projects", {"_id": project, "name": name})

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"apikey": self._key.reveal()}
        url = f"{self._url}/_hub/{path}"
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between two processes of one machine
            try:
                answer = session.request(method, url, headers=headers, json=body, timeout=SECONDS)
            except requests.RequestException as error:
                raise Unreachable(
                    "The local hub does not answer.", "Start it with `python -m core hub`."
                ) from error
        if answer.status_code == requests.codes.ok:
            return answer.json()["data"]
        if answer.status_code >= requests.codes.server_error:
            raise HubFailed("The local hub failed.", status=answer.status_code)
        said = str(answer.json().get("message") or "The local hub refuses this.")
        raise NotAllowed(said, "Nothing was changed.", answer.status_code)
