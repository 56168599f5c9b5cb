"""What comes in at the hub: who may ask, how much they may send, and which paths there are.

It stands before all else of the application, Socket.IO included. What may not come in is answered
at once, and nothing more is read of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto import events

from core import file_links
from core.doors import ServerDoor
from core.hub.codec import failure
from core.model.figures import counted

MIB = 2**20
MOST_OF_SOCKETS = 64 * MIB
"""Of one message of a plugin, however it comes."""
MOST = (("/socket.io", MOST_OF_SOCKETS), ("/_hub", MIB), (file_links.PREFIX, 2_048 * MIB))
"""Bytes of a body, by the beginning of its path."""
MOST_ELSEWHERE = 512 * MIB
LEAST_PIECE = 64
"""So many bytes of memory even the smallest piece of a message costs."""
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"sandbox; default-src 'none'; frame-ancestors 'none'"),
)
"""So that a file that somebody uploaded is never a page of this hub."""
App = Callable[[Any, Any, Any], Awaitable[None]]


class _TooLarge(Exception):
    """More came than a path takes."""


def guarded(app: App, door: ServerDoor) -> App:
    """The same ASGI application behind a door.

    Args:
        app: The hub.
        door: Who may come in.
    """

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            return
        headers = [(n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in scope["headers"]]
        refused = door.refusal(headers)
        if refused:
            await _refuse(scope, send, 403, refused)
        elif not is_plain(scope["path"]):
            await _refuse(scope, send, 400, "The path of the call is no path of a hub.")
        elif scope["type"] == "websocket":
            await app(scope, receive, send)
        else:
            await _within(app, scope, receive, send, dict(headers))

    return behind


def is_plain(path: str) -> bool:
    """Whether a path means the same to all who read it: no other host, no way out of a folder."""
    return path.startswith("/") and not {".", ".."} & set(path.replace("\\", "/").split("/"))


async def _within(app: App, scope: Any, receive: Any, send: Any, headers: dict[str, str]) -> None:
    path = scope["path"]
    most = next((most for start, most in MOST if path.startswith(start)), MOST_ELSEWHERE)
    if int(headers.get("content-length") or 0) > most:
        await _refuse(scope, send, 413, _too_large(most))
        return
    size, is_over, has_begun = 0, False, False

    async def counting() -> Any:
        nonlocal size, is_over
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            is_over = True
            raise _TooLarge
        return message

    async def answering(message: Any) -> None:
        nonlocal has_begun
        if is_over and not has_begun:
            return  # what the application says instead of us
        if message["type"] == "http.response.start":
            has_begun = True
            message = {**message, "headers": [*message["headers"], *HEADERS]}
        await send(message)

    with suppress(_TooLarge):
        await app(scope, counting, answering)
    if is_over and not has_begun:
        await _refuse(scope, send, 413, _too_large(most))


def _too_large(most: int) -> str:
    return f"The body is larger than {counted(most // MIB)} MiB. Send it in parts."


async def _refuse(scope: Any, send: Any, status: int, sentence: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    body = failure(sentence)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),  # what else is on its way is not read
        *HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class BoundedSocket(WSProtocol):
    """A WebSocket that takes messages up to `ws_max_size`, which uvicorn's own does not look at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pieces: list[Any] = []
        self._size = 0

    def handle_text(self, event: events.TextMessage) -> None:
        """Take a piece of a text."""
        if self._takes(event):
            whole = "".join(self._pieces)
            self._pieces, self._size = [], 0
            super().handle_text(events.TextMessage(data=whole, message_finished=True))

    def handle_bytes(self, event: events.BytesMessage) -> None:
        """Take a piece of bytes."""
        if self._takes(event):
            whole = b"".join(self._pieces)
            self._pieces, self._size = [], 0
            super().handle_bytes(events.BytesMessage(data=whole, message_finished=True))

    def _takes(self, event: Any) -> bool:
        """Keep a piece; whether the message is whole with it."""
        if self._size > self.config.ws_max_size:
            return False
        self._size += max(len(event.data), LEAST_PIECE)
        if self._size <= self.config.ws_max_size:
            self._pieces.append(event.data)
            return bool(event.message_finished)
        self._pieces = []
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1009})
        reason = f"The message is larger than {counted(self.config.ws_max_size // MIB)} MiB."
        if not self.transport.is_closing():
            self.transport.write(self.conn.send(events.CloseConnection(code=1009, reason=reason)))
            self.transport.close()
        return False
