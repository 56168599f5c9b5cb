"""HTTP under the SDK: timeouts, the hook that sees every answer, and errors as Switchyard's own.

The SDK loses status codes and logs whole error bodies; so the hook takes an answer that is not
good out of its hands before it can do either.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests import exceptions as http
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError

from core.ango_json.text import printable
from core.errors import (
    AnswerNotJson,
    BadRequest,
    GatewayError,
    Geofenced,
    HubFailed,
    KeyRefused,
    NotAllowed,
    NotFound,
    TimedOut,
    TooManyRequests,
    UnexpectedAnswer,
    Unreachable,
)
from core.gateway.hosts import is_loopback
from core.secret import Secret

SAID_CHARACTERS = 300
WRITE_IN_DOUBT = "The hub may have done it all the same: read it again before you repeat it."


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds.

    Args:
        connect: Until there is a connection.
        read: Between two pieces of an answer.
        export: The same while the hub puts an export together.
    """

    connect: float = 5.0
    read: float = 60.0
    export: float = 600.0


class RefusedByHub(Exception):
    """An answer that is not good, as the hook saw it.

    Args:
        status: HTTP status code.
        said: The hub's own message, without the key; "" when it is no JSON.
        retry_after: Seconds, or None.
    """

    def __init__(self, status: int, sentence: str, retry_after: float | None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.said = sentence
        self.retry_after = retry_after


class TimeoutAdapter(HTTPAdapter):  # type: ignore[misc]  # the library has no types
    """Gives every request a timeout; the SDK asks without one."""

    def __init__(self, timeouts: Timeouts) -> None:
        super().__init__()
        self._timeout = (timeouts.connect, timeouts.read)

    def send(self, *args: Any, **kwargs: Any) -> Any:
        """As of any adapter; a timeout that was asked for stays."""
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        return super().send(*args, **kwargs)


def prepare(session: requests.Session, host: str, key: Secret | None, timeouts: Timeouts) -> None:
    """Mount the adapter on a session, and for the hub itself the hook."""
    adapter = TimeoutAdapter(timeouts)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    # a proxy of the environment cannot reach this machine's own hub
    session.trust_env = not is_loopback(urlsplit(host).hostname or "")
    if key is not None:
        session.hooks["response"].append(lambda answer, *_, **__: refuse(answer, key))


def refuse(answer: requests.Response, key: Secret) -> None:
    """Raise what is not a good answer.

    A redirect counts as such: following one would carry the key to another address, and turn a
    write into a read that looks like success.
    """
    if not 200 <= answer.status_code < 300:
        raise RefusedByHub(answer.status_code, _said(answer, key), _retry_after(answer))


def _said(answer: requests.Response, key: Secret) -> str:
    try:
        body = json.loads(answer.content[:65536])
    except (ValueError, http.RequestException):
        return ""
    message = body.get("message") if isinstance(body, dict) else None
    return (
        key.mask(printable(message.rstrip(". ")))[:SAID_CHARACTERS]
        if isinstance(message, str)
        else ""
    )


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds; a time is measured against the hub's own clock."""
    wished = answer.headers.get("Retry-After", "").strip()
    if wished.isdecimal():
        return float(wished)
    try:
        until = parsedate_to_datetime(wished)
        now = parsedate_to_datetime(answer.headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None


_BY_STATUS: dict[int, tuple[type[GatewayError], str]] = {
    400: (BadRequest, "the hub does not accept the request"),
    401: (KeyRefused, "the hub does not know this API key"),
    403: (NotAllowed, "this key may not do that"),
    404: (NotFound, "the hub does not have it"),
    408: (TimedOut, "the hub gave up waiting"),
    429: (TooManyRequests, "the hub has been asked too often"),
    451: (Geofenced, "the hub is closed to this place or network"),
}


def refusal(refused: RefusedByHub, what: str, writes: bool) -> GatewayError:
    """The error for an answer that is not good.

    Args:
        refused: What the hook saw.
        what: What was asked, for example `Reading the project`.
        writes: Whether it would have changed something.
    """
    status = refused.status
    kind, clause = _BY_STATUS.get(status, (BadRequest, "the hub does not accept the request"))
    hint = ""
    if 300 <= status < 400:
        kind, clause = UnexpectedAnswer, "the host sends on to another address"
    elif status >= 500:
        kind, clause = HubFailed, "the hub failed"
        hint = WRITE_IN_DOUBT if writes else ""
    words = f" It says: {refused.said}." if refused.said else ""
    message = f"{what}: {clause} (HTTP {status}).{words}"
    return kind(message, hint, status, refused.retry_after)


_BY_EXCEPTION: tuple[tuple[type[Exception], type[GatewayError], str], ...] = (
    (http.JSONDecodeError, AnswerNotJson, "the answer is no JSON"),
    (http.ConnectTimeout, TimedOut, "no connection in time"),
    (http.Timeout, TimedOut, "the hub did not answer in time"),
    (http.SSLError, Unreachable, "the host's certificate cannot be trusted"),
    (http.ProxyError, Unreachable, "the proxy does not let it through"),
    (http.ConnectionError, Unreachable, "there is no connection, or it was cut"),
    (http.ChunkedEncodingError, Unreachable, "the connection was cut"),
    (http.ContentDecodingError, UnexpectedAnswer, "the answer cannot be unpacked"),
    (http.TooManyRedirects, UnexpectedAnswer, "the host sends on without end"),
    (http.InvalidJSONError, BadRequest, "what was to be sent cannot be written as JSON"),
    (http.RequestException, Unreachable, "it could not be sent"),
)
"""Most specific first."""


def transport_error(error: http.RequestException, what: str, writes: bool) -> GatewayError:
    """The error for what the HTTP library raised."""
    if isinstance(error, http.ConnectionError) and any(
        isinstance(reason, ReadTimeoutError) for reason in error.args
    ):
        error = http.ReadTimeout()  # the library calls a body that stops coming a connection error
    _, kind, clause = next(row for row in _BY_EXCEPTION if isinstance(error, row[0]))
    never_sent = isinstance(error, http.ConnectTimeout)
    in_doubt = writes and kind in (TimedOut, Unreachable, AnswerNotJson) and not never_sent
    return kind(f"{what}: {clause}.", WRITE_IN_DOUBT if in_doubt else "")
