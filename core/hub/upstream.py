"""Calls of projects that live on Ango Hub, forwarded to the one host that may be asked.

Each person's key is for their own calls and for the runs that they started. It is kept in this
process's memory only and goes to that host only: redirects are not followed, and nothing of the
caller's headers but the content type is sent along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from core.errors import InputError
from core.gateway.hosts import is_loopback
from core.hub.call import Call, Refused
from core.hub.codec import Json, NotReadable, decode, encode
from core.hub.door import is_plain
from core.secret import Secret

CONNECT_SECONDS, READ_SECONDS = 5.0, 300.0
API = "/v2"
OF_PATHS = "/:@!$&'()*+,;=~"
"""What stands in a path as it is; a `?` in it would begin the query."""
KEPT_HEADERS = ("content-type", "retry-after")
ENTER_AGAIN = "Enter the Ango Hub key again: the hub keeps it in memory only, until it stops."


class NoAnswer(Refused):
    """The call was sent and got no answer, so whether it was carried out is not known."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes back to the caller."""

    status: int
    body: bytes
    headers: dict[str, str]


def read_upstream(url: str) -> str:
    """The host that may be forwarded to, without a slash at its end.

    Raises:
        InputError: It is not the address of a host, or the key would travel there unencrypted.
    """
    parts = urlsplit(url)
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise InputError("--upstream", "is not the address of a host.", "Give https://host.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        message = "begins with http://, so your key would travel unencrypted."
        raise InputError("--upstream", message, "Use https://.")
    return f"{parts.scheme}://{parts.netloc}"


class Upstream:
    """The upstream host, and the key for it."""

    def __init__(self, host: str | None) -> None:
        self.host = host
        self._keys: dict[str, Secret] = {}
        self._session = requests.Session()
        self._session.auth = _no_password_file

    def has_key(self, whose: str) -> bool:
        """Whether somebody's key was handed over since the hub was started."""
        return whose in self._keys

    def take_key(self, whose: str, key: Secret | None) -> None:
        """Keep somebody's key for their own calls and runs, or forget it."""
        if key is None:
            self._keys.pop(whose, None)
        else:
            self._keys[whose] = key

    def forward(self, call: Call, query: str) -> Reply:
        """Ask the upstream host; blocks, so it runs in a thread of its own kind."""
        who = whose_call(call)
        return self.send(who, call.method, call.path, query, call.body, call.content_type)

    def ask(self, whose: str, name: str, query: str = "", body: Json = None) -> Json:
        """Ask the upstream host under somebody's key; with a body it is a POST.

        Args:
            whose: Who handed the key over.
            name: Path below the host's API.
            query: As it stands in an address.
            body: To be sent as JSON.

        Returns:
            The `data` of its answer.

        Raises:
            Refused: It did not do it, in its own words.
        """
        path = f"{API}/{name}"
        sent = b"" if body is None else encode(body)
        method = "GET" if body is None else "POST"
        reply = self.send(whose, method, path, query, sent, "application/json")
        try:
            answer = decode(reply.body)
        except NotReadable as error:
            raise Refused(502, "Ango Hub did not answer in JSON.", "Try again.") from error
        if reply.status != 200 or not isinstance(answer, dict):
            message = answer.get("message") if isinstance(answer, dict) else None
            raise Refused(502, f"Ango Hub refused {path}: {message or reply.status}")
        return answer.get("data")

    def send(
        self, whose: str, method: str, path: str, query: str, body: bytes, content_type: str
    ) -> Reply:
        """One request under somebody's key. Raises Refused when there is no answer."""
        if self.host is None:
            hint = "Start it with --upstream and the address of that host."
            raise Refused(502, "This project lives on Ango Hub, and the hub may ask no host.", hint)
        key = self._keys.get(whose)
        if key is None:
            raise Refused(401, ENTER_AGAIN)
        if not is_plain(path):
            raise Refused(400, "The path of the call is no path of Ango Hub.")
        headers = {"apikey": key.reveal(), "Accept": "application/json"}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            answer = self._session.request(
                method,
                f"{self.host}{quote(path, OF_PATHS)}{'?' + query if query else ''}",
                data=body or None,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
        except requests.ReadTimeout as error:
            raise NoAnswer(504, "Ango Hub did not answer in time.", "Try again.") from error
        except requests.RequestException as error:
            kind = type(error).__name__  # its text would hold the address with the query
            refused = Refused if _never_left(error) else NoAnswer
            raise refused(502, f"Ango Hub could not be asked ({kind}).", "Try again.") from error
        if 300 <= answer.status_code < 400:
            raise Refused(502, "Ango Hub sent us to another address, which is not followed.")
        return Reply(answer.status_code, answer.content, _clean(answer.headers))


def whose_call(call: Call) -> str:
    """Under whose key a call is forwarded: that of whoever started its run, or makes it."""
    return call.run.request.run_by if call.run is not None else call.hub.user


def _never_left(error: requests.RequestException) -> bool:
    """Whether no connection was made, so that nothing can have arrived."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _clean(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in KEPT_HEADERS if name in headers}


def _no_password_file(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps `requests` from adding a password that a file of the user has for the host."""
    return request
