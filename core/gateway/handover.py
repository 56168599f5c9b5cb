"""Hands the user's key to the local hub, for projects that it forwards; on this machine only.

The hub keeps it in memory. After a restart of the hub it is asked for again, by `knows_key`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests

from core.ango_json.text import Json
from core.errors import InputError
from core.gateway.hosts import clean_host, is_loopback
from core.gateway.transport import RefusedByHub, Timeouts, prepare, refusal, transport_error
from core.secret import Secret

TIMEOUTS = Timeouts(connect=2.0, read=10.0)
WHAT = "Asking the local hub"


class LocalHub:
    """The hub of this data directory, as its dashboard talks to it.

    Args:
        url: Where it answers, on this machine.
        key: Its own key.

    Raises:
        InputError: The address is not on this machine.
    """

    def __init__(self, url: str, key: Secret) -> None:
        self._url = clean_host(url)
        if not is_loopback(urlsplit(self._url).hostname or ""):
            raise InputError("local hub", "is not on this machine; a key is only handed over here.")
        self._key = key
        self._session = requests.Session()
        prepare(self._session, self._url, key, TIMEOUTS)

    def knows_key(self, host: str) -> bool:
        """Whether it has a key for this host; not so after it was started again.

        Raises:
            InputError: It forwards to another host, or to none.
            GatewayError: It does not answer.
        """
        upstream = self._ask("GET", "status")["upstream"]
        if upstream["host"] is None or clean_host(upstream["host"]) != clean_host(host):
            where = f"forwards to {upstream['host']}" if upstream["host"] else "forwards nothing"
            hint = f"Start it with --upstream {clean_host(host)}."
            raise InputError("local hub", f"{where}, this project lives on {host}.", hint)
        return bool(upstream["hasKey"])

    def hand_over(self, host: str, project_id: str, name: str, key: Secret) -> None:
        """Let it forward the calls of a project to its host, under the user's key.

        Raises:
            InputError: It forwards to another host, or to none.
            GatewayError: It does not answer, or has a project of its own of that id.
        """
        self.knows_key(host)
        self._ask("POST", "projects", {"_id": project_id, "name": name})
        self._ask("POST", "upstream-key", {"key": key.reveal()})

    def _ask(self, method: str, path: str, body: Json = None) -> dict[str, Any]:
        try:
            address = f"{self._url}/_hub/{path}"
            headers = {"apikey": self._key.reveal()}
            answer = self._session.request(
                method, address, json=body, headers=headers, allow_redirects=False
            )
            return dict(answer.json()["data"])
        except RefusedByHub as error:
            raise refusal(error, WHAT, writes=False) from error
        except requests.RequestException as error:
            raise transport_error(error, WHAT, writes=False) from error
