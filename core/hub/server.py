"""Runs the hub: one uvicorn process, with the settings that unmodified plugins need."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import uvicorn

from core.doors import door_of, refuse_open_door
from core.errors import InputError
from core.hub.api.app import Application
from core.hub.call import Hub
from core.hub.classes import Keeping
from core.hub.door import MOST_OF_SOCKETS, BoundedSocket, guarded
from core.hub.lock import announce, announce_to_all, only_hub, only_hub_of
from core.hub.runs.engine import Engine
from core.hub.upstream import Upstream
from core.hub.workflow.consensus import Measure
from core.hub.workflow.webhooks import Webhooks
from core.secret import Secret
from core.settings import Settings
from core.store.hub import HubProject, all_projects, open_hub
from core.store.plugins import Registry
from core.terminal import show_log

FILES = "hub-files"
OWN_LOG = logging.getLogger("switchyard.hub")


@dataclass(frozen=True, slots=True)
class Ready:
    """A hub that answers: its address, its key and its projects."""

    url: str
    key: Secret
    projects: tuple[HubProject, ...]


def serve(
    settings: Settings,
    listener: socket.socket,
    upstream: str | None,
    ready: Callable[[Ready], None],
) -> None:
    """Run a hub until it is stopped by a signal.

    Args:
        settings: Whose data directory it is.
        listener: Where it listens; closed at the end.
        upstream: The host that may be forwarded to, or None.
        ready: Called once, when the hub answers.

    Raises:
        InputError: The data directory, or its database on a server, is in use; or the hub would
            be open to other machines.
    """
    show_log()
    with (
        listener,
        only_hub(settings.data) as lock,
        closing(open_hub(settings.database)) as store,
        only_hub_of(store) as seat,
    ):
        measure = Measure(settings.consensus_agreement, settings.consensus_overlap)
        signing = store.secret("signing")
        keeping = Keeping(settings.keep_unknown_labels, settings.keep_odd_labels)
        hub = Hub(store, settings.data / FILES, signing, measure=measure, keeping=keeping)
        Webhooks(store).start()
        key = store.secret("key")
        registry = Registry(store, settings.data)
        app = Application(hub, key, Upstream(upstream), registry, seat.keep)
        app.engine.recover()
        host, bound = listener.getsockname()[:2]
        refuse_open_door(host, settings.asks_who, "--host")
        door = door_of("hub", bound, settings.hosts, settings.asks_who)
        url = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"

        def answers() -> None:
            announce(lock, url)
            announce_to_all(store, url)
            with store.read() as tx:
                ready(Ready(url, key, tuple(all_projects(tx))))

        config = uvicorn.Config(
            guarded(app.asgi, door),
            workers=1,
            lifespan="off",
            log_config=None,  # what it logs goes to the terminal by `show_log`
            log_level="warning",
            access_log=False,  # addresses hold signatures
            ws=BoundedSocket,
            ws_max_size=MOST_OF_SOCKETS,
            ws_per_message_deflate=False,  # a small message would become a large one in one step
            proxy_headers=False,  # who asks is who is connected
            ws_ping_interval=None,
            ws_ping_timeout=None,
            timeout_graceful_shutdown=2,
        )
        _Server(config, answers, app.engine).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, answers: Callable[[], None], engine: Engine) -> None:
        super().__init__(config)
        self._answers = answers
        self._engine = engine
        self._serving: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._answers()
            self._serving = asyncio.create_task(self._engine.serve())
            self._serving.add_done_callback(self._stop)

    def _stop(self, serving: asyncio.Task[None]) -> None:
        """A hub that can no longer look after runs stops, so that it is seen and started again."""
        if not serving.cancelled() and serving.exception() is not None:
            OWN_LOG.error("The hub cannot look after runs.", exc_info=serving.exception())
            self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """A socket to listen on; port 0 takes a free one.

    Raises:
        InputError: The port is in use, or the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named as TCP, or asyncio leaves small answers waiting 40 ms for an acknowledgement
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a restart on the same port
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OverflowError as error:
        listener.close()
        raise InputError("--port", f"{port} is no port.", "Take one from 1 to 65535.") from error
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            hint = "Stop what uses it, or take another with --port."
            raise InputError("--port", f"{port} is in use.", hint) from error
        reason = (error.strerror or str(error)).lower()
        raise InputError("--host", f"{host}: {reason}.", "127.0.0.1 always works.") from error
    return listener
