"""Socket.IO for plugins: who is connected, what they say, and handing runs to them.

Nothing is stored inside a handler: what plugins say goes into a queue in the order of its arrival
(`plugin_events`). So a plugin that says 20,000 lines keeps nobody waiting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import socketio

from core.hub.codec import Json, Speech, plain_bytes, plain_text, text
from core.hub.door import MOST_OF_SOCKETS
from core.hub.runs.marks import marks_of
from core.hub.runs.outcome import log_line
from core.hub.runs.plugin_events import InThread, PluginEvents
from core.secret import Secret, claimed

NAMESPACE = "/plugin"
SETTLED_SECONDS = 1.0
"""A plugin that is being stopped connects once more and goes: nothing is sent to so young a one."""
REFUSE_SECONDS = 2.5
"""Refused earlier, a plugin connects again and again, or is left alive and deaf."""
PING_SECONDS, SILENT_SECONDS = 10, 120
"""A plugin that says nothing that long is gone: it may hold the interpreter lock for a while."""
Proof = Callable[[str, Secret], bool]


@dataclass(frozen=True, slots=True)
class Connection:
    """One connected plugin process.

    Args:
        sid: Of Socket.IO.
        since: Seconds since 1970.
        marks: By which its process is known again on another connection.
        plugin: The plugin that it proved to be, "" before that or after a wrong secret.
        claimed: The plugin that it says it is, "" before it said so.
        refused: Whether its last proof was wrong.
    """

    sid: str
    since: float
    marks: frozenset[str] = frozenset()
    plugin: str = ""
    claimed: str = ""
    refused: bool = False


def make_server() -> socketio.AsyncServer:
    """A server with the timing that unmodified plugins need."""
    return socketio.AsyncServer(
        async_mode="asgi",
        ping_interval=PING_SECONDS,
        ping_timeout=SILENT_SECONDS,
        max_http_buffer_size=MOST_OF_SOCKETS,
        async_handlers=False,  # log lines and responses in the order of their sending
        json=Speech,  # its own loses a message with an integer of more than 100 digits
    )


@dataclass(frozen=True, slots=True)
class _Acknowledged:
    """What is to happen when the plugin's handler of a run returns."""

    plugin_events: PluginEvents
    session: str
    plugin: str

    def __call__(self, *_: Any) -> None:
        self.plugin_events.hear_ack(self.session, self.plugin)


class Plugins(socketio.AsyncNamespace):  # type: ignore[misc]
    """The namespace `/plugin`.

    Args:
        proof: Whether a secret is a plugin's; asked in a thread.
        plugin_events: Takes what plugins say.
        in_thread: Runs a function in a thread.
    """

    def __init__(self, proof: Proof, plugin_events: PluginEvents, in_thread: InThread) -> None:
        super().__init__(NAMESPACE)
        self._proof = proof
        self._plugin_events = plugin_events
        self._in_thread = in_thread
        self.connections: Mapping[str, Connection] = {}
        """By sid; never changed in place, so that a thread may look at it."""

    async def on_connect(self, sid: str, environ: dict[str, Any], _: Any = None) -> None:
        """Answer at once: a plugin waits one second."""
        self._keep(Connection(sid, time.time(), marks_of(environ)))

    async def on_disconnect(self, sid: str, *_: Any) -> None:
        """Forget the connection; its runs are kept by session."""
        self.connections = {s: c for s, c in self.connections.items() if s != sid}

    async def on_heartbeat(self, sid: str, data: Any = None) -> None:
        """The only proof of a plugin. A wrong one is kept and marked, never disconnected."""
        known = data if isinstance(data, dict) else {}
        plugin, secret = str(known.get("id", "")), claimed(str(known.get("secret", "")))
        good = secret is not None and await self._in_thread(self._proof, plugin, secret)
        connection = self.connections.get(sid)
        if connection is None:
            return
        proven = plugin if good else ""
        self._keep(replace(connection, plugin=proven, claimed=plugin, refused=not good))
        if not good and not connection.refused:
            wait = max(0.0, connection.since + REFUSE_SECONDS - time.time())
            loop = asyncio.get_running_loop()
            loop.call_later(wait, lambda: loop.create_task(self._refuse(sid)))

    async def _refuse(self, sid: str) -> None:
        """Tell a plugin with a wrong secret so; it ends by itself at its next heartbeat."""
        connection = self.connections.get(sid)
        transport = self.server.manager.eio_sid_from_sid(sid, NAMESPACE)
        if connection is not None and connection.refused and transport is not None:
            refusal = text({"message": "The secret is not the one of this plugin."})
            await self.server.eio.send(transport, f"4{NAMESPACE},{refusal}")  # 4: CONNECT_ERROR

    async def on_log(self, sid: str, data: Any = None) -> None:
        """Queue a log line; the next of this connection is read when there is room for it."""
        self._lives(sid)
        connection = self.connections.get(sid)
        if connection is not None and connection.plugin and isinstance(data, dict):
            self._plugin_events.hear_log(log_line(plain_bytes(data), connection.plugin))
            await self._plugin_events.has_room(lambda: self._lives(sid))

    async def on_response(self, sid: str, data: Any = None) -> None:
        """Queue a response, behind the lines that came before it."""
        connection = self.connections.get(sid)
        if connection is not None and connection.plugin and isinstance(data, dict):
            session = plain_text(str(data.get("session") or ""))
            self._plugin_events.hear_response(session, connection.plugin, plain_bytes(data))

    def authorised(self, plugin: str) -> tuple[Connection, ...]:
        """The connections that proved to be a plugin, newest first."""
        proven = [c for c in self.connections.values() if c.plugin == plugin]
        return tuple(sorted(proven, key=lambda c: c.since, reverse=True))

    def ready(self, plugin: str) -> Connection | None:
        """The connection to hand a run to: the newest, unless it is too young to be sure of."""
        proven = self.authorised(plugin)
        settled = proven and time.time() - proven[0].since >= SETTLED_SECONDS
        return proven[0] if settled else None

    async def send(self, sid: str, plugin: str, payload: dict[str, Json]) -> None:
        """Hand a run to exactly one process of a plugin."""
        acknowledged = _Acknowledged(self._plugin_events, str(payload["session"]), plugin)
        await self.emit("plugin", payload, to=sid, callback=acknowledged)

    def wait_only_for(self, sessions: Collection[str]) -> None:
        """Let go of what waits for acknowledgements that are not to come; in the event loop."""
        for waiting in self.server.manager.callbacks.values():
            acknowledged = [
                (n, one) for n, one in waiting.items() if isinstance(one, _Acknowledged)
            ]
            for number, one in acknowledged:
                if one.session not in sessions:
                    del waiting[number]

    def _lives(self, sid: str) -> None:
        """Take what a plugin says for its answer to a ping, which stands behind that.

        The SDK queues its lines at once. Of a hub that is slow to take them, the answer would come
        too late, and with the connection all that is still in the plugin's queue would be lost.
        """
        transport = self.server.manager.eio_sid_from_sid(sid, NAMESPACE)
        line = self.server.eio.sockets.get(transport)
        if line is not None:
            line.schedule_ping()

    def _keep(self, connection: Connection) -> None:
        self.connections = {**self.connections, connection.sid: connection}
