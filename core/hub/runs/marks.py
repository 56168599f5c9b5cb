"""A mark by which a plugin's process is known again when its connection breaks.

The SDK opens every connection with a client of its own and says nothing that tells a process that
connects again from one that took its place. But `websocket-client`, by which it connects, keeps
cookies for as long as its process lives (`websocket._handshake.CookieJar`, in memory only), and
sends them with each later handshake to the same host. So the hub answers a handshake without a
mark by a cookie of random name: who sends it is the process that got it, and no other.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

PREFIX = "switchyard-"
SCOPE_KEY = "switchyard.marks"
_HOST = re.compile(r"[\w.:-]{1,255}", re.ASCII)
App = Callable[[Any, Any, Any], Awaitable[None]]


def marking(app: App) -> App:
    """The same ASGI application, with a mark for each process that opens a WebSocket.

    Two plugins of one process may connect at once, before either mark arrives there: each mark
    has a name of its own, so both are kept, and marks are compared by what they have in common.
    """

    async def marked(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            await app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        known = _marks(headers.get(b"cookie", ""))
        if known:
            await app({**scope, SCOPE_KEY: known}, receive, send)
            return
        new = PREFIX + secrets.token_hex(16)
        # Origin is the address as the plugin knows it, also behind a proxy that changes Host
        host = _host(headers.get(b"origin", "")) or _host(f"//{headers.get(b'host', '')}")
        cookie = f"{new}=1; Domain={host}; Path=/; HttpOnly; SameSite=Strict".encode()

        async def with_mark(message: Any) -> None:
            if message["type"] == "websocket.accept" and host:
                others = message.get("headers") or ()
                message = {**message, "headers": [*others, (b"set-cookie", cookie)]}
            await send(message)

        await app({**scope, SCOPE_KEY: frozenset({new})}, receive, with_mark)

    return marked


def marks_of(environ: Mapping[str, Any]) -> frozenset[str]:
    """The marks of the process that opened a connection of Socket.IO; none where it is a page."""
    scope = environ.get("asgi.scope", {})
    marks: frozenset[str] = scope.get(SCOPE_KEY, frozenset())
    return marks


def _marks(cookies: str) -> frozenset[str]:
    try:
        return frozenset(name for name in SimpleCookie(cookies) if name.startswith(PREFIX))
    except CookieError:
        return frozenset()


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.lower() if _HOST.fullmatch(host) else ""
