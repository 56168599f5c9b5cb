"""Socket.IO for plugins: who is connected, what they say, and handing sessions to them.

Nothing is stored inside a handler: lines go into a queue in the order of their arrival, and one
task writes them in batches. So a plugin that says 20,000 lines keeps nobody waiting.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import socketio
import sqlalchemy as sa

from core.hub.codec import Json, plain_bytes, text
from core.hub.routes.plugins import log_line
from core.store.hub import HubStore, LogLine

NAMESPACE = "/plugin"
MOST_LINES = 50_000
BATCH = 500
Run = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class Connection:
    """One connected plugin process.

    Args:
        sid: Of Socket.IO.
        since: Seconds since 1970.
        plugin: The plugin that it proved to be, "" before that or after a wrong secret.
        refused: Whether its last proof was wrong.
    """

    sid: str
    since: float
    plugin: str = ""
    refused: bool = False


def make_server() -> socketio.AsyncServer:
    """A server with the timing that unmodified plugins need."""
    return socketio.AsyncServer(
        async_mode="asgi",
        ping_interval=10,
        ping_timeout=120,  # a plugin may hold the interpreter lock that long
        max_http_buffer_size=64 * 2**20,
        async_handlers=False,  # log lines and responses in the order of their sending
    )


class Plugins(socketio.AsyncNamespace):  # type: ignore[misc]
    """The namespace `/plugin`."""

    def __init__(self, store: HubStore, run: Run) -> None:
        super().__init__(NAMESPACE)
        self._store = store
        self._run = run
        self.connections: dict[str, Connection] = {}
        self._queue: deque[tuple[str, Any]] = deque()
        self._said: Counter[str] = Counter()
        self._owner: dict[str, str] = {}
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    async def on_connect(self, sid: str, _: dict[str, Any], __: Any = None) -> None:
        """Answer at once: a plugin waits one second."""
        self.connections[sid] = Connection(sid, time.time())

    async def on_disconnect(self, sid: str, *_: Any) -> None:
        """Forget the connection; its sessions stay."""
        self.connections.pop(sid, None)

    async def on_heartbeat(self, sid: str, data: Any = None) -> None:
        """The only proof of a plugin. A wrong one is kept and marked, never disconnected."""
        connection = self.connections.get(sid)
        if connection is None:
            return
        known = data if isinstance(data, dict) else {}
        plugin, secret = str(known.get("id", "")), str(known.get("secret", ""))
        good = await self._run(self._store.knows_plugin, plugin, secret)
        connection.plugin, connection.refused = (plugin, False) if good else ("", True)

    async def on_log(self, sid: str, data: Any = None) -> None:
        """Queue a log line."""
        connection = self.connections.get(sid)
        if connection is None or not connection.plugin or not isinstance(data, dict):
            return
        line = log_line(plain_bytes(data), connection.plugin)
        self._said[line.session] += 1
        if self._said[line.session] > MOST_LINES:
            if self._said[line.session] > MOST_LINES + 1:
                return
            message = f"More than {MOST_LINES:,} lines; the rest is not kept."
            line = LogLine(line.session, "WARNING", message, plugin=connection.plugin)
        self._put("log", line)

    async def on_response(self, sid: str, data: Any = None) -> None:
        """Queue a response, behind the lines that came before it."""
        connection = self.connections.get(sid)
        if connection is None or not connection.plugin or not isinstance(data, dict):
            return
        self._put("response", (str(data.get("session") or ""), connection.plugin, data))

    def authorised(self, plugin: str) -> Connection | None:
        """The newest connection of a plugin that proved itself."""
        found = [c for c in self.connections.values() if c.plugin == plugin]
        return max(found, key=lambda c: c.since) if found else None

    async def send(self, plugin: str, payload: dict[str, Json]) -> bool:
        """Hand a session to a plugin, to exactly one of its processes.

        Returns:
            Whether the plugin was connected.
        """
        connection = self.authorised(plugin)
        if connection is None:
            return False
        session = str(payload["session"])

        def acknowledged(*_: Any) -> None:
            self._put("ack", session)

        await self.emit("plugin", payload, to=connection.sid, callback=acknowledged)
        return True

    def _put(self, kind: str, what: Any) -> None:
        self._queue.append((kind, what))
        self._wake.set()
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                some = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
                try:
                    await self._run(self._store_all, some)
                except sa.exc.OperationalError:  # a long write elsewhere; order must hold
                    self._queue.extendleft(reversed(some))
                    await asyncio.sleep(0.5)

    def _store_all(self, some: list[tuple[str, Any]]) -> None:
        """Runs in a thread; keeps the order of lines and responses."""
        lines: list[LogLine] = []
        for kind, what in some:
            if kind == "log":
                if self._is_its_own(what.session, what.plugin):
                    lines.append(what)
                continue
            self._store.say(lines)
            lines = []
            if kind == "ack":
                self._store.acknowledge(what)
            else:
                session, plugin, data = what
                self._store.answer(session, plugin, text(plain_bytes(data)))
        self._store.say(lines)

    def _is_its_own(self, session: str, plugin: str) -> bool:
        """Whether the session is not another plugin's; one that nobody started counts as its."""
        if session not in self._owner:
            row = self._store.session(session)
            self._owner[session] = row["plugin"] if row else plugin
        return self._owner[session] == plugin
