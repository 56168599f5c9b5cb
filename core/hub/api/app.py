"""The hub as one ASGI application: authentication, faults, files, `/v2`, `/_hub` and Socket.IO.

The event loop only moves bytes. Parsing, the database, building answers and asking upstream happen
in threads, since a plugin that connects must be answered within a second.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import socketio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response

from core import file_links
from core.access.acting import LOCAL, Actor, acting_as, local_actor
from core.doors import forwarding
from core.errors import Forbidden, StoreUnavailable, SwitchyardError
from core.hub.api import faults
from core.hub.api.access import guard, lives_upstream
from core.hub.api.admin import Admin
from core.hub.api.misfits import MISFITS, refusal
from core.hub.api.routes.asked import carry_out
from core.hub.api.table import ROUTES, RouteTable, of_machine
from core.hub.call import Call, Hub, Refused
from core.hub.codec import failure, success
from core.hub.runs.engine import Engine
from core.hub.runs.marks import marking
from core.hub.runs.memory import Memories
from core.hub.runs.plugin_events import PluginEvents
from core.hub.runs.run_calls import heard
from core.hub.runs.sockets import Plugins, make_server
from core.hub.runs.upstream_runs import UpstreamRuns
from core.hub.upstream import Reply, Upstream
from core.plugin_runs.model import Run
from core.secret import Secret
from core.store.person_keys import person_of_key
from core.store.plugins import Registry
from core.store.run_keys import run_of_key

JSON = {"content-type": "application/json"}
NO_KEY = (
    "The API key is missing or wrong (header apikey), or it is that of a run that was cancelled or "
    "has ended."
)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
OWN_LOG = logging.getLogger("switchyard.hub")


class _Forward:
    """Says that a call is to be asked upstream."""


class Application:
    """One hub.

    Args:
        hub: What handlers share.
        key: The hub's own key.
        upstream: The host that may be forwarded to.
        registry: The plugins.
        keep_seat: Makes sure that this hub is still the only one.
    """

    def __init__(
        self,
        hub: Hub,
        key: Secret,
        upstream: Upstream,
        registry: Registry,
        keep_seat: Callable[[], None] = lambda: None,
    ) -> None:
        self._key = key
        self._upstream = upstream
        self._faults = faults.Faults()
        self._threads = ThreadPoolExecutor(12, "hub")
        self._plugin_threads = ThreadPoolExecutor(2, "plugins")  # never behind a long export
        self._upstream_threads = ThreadPoolExecutor(8, "upstream")
        self._loop: asyncio.AbstractEventLoop | None = None
        server = make_server()
        memories = Memories()
        plugin_events = PluginEvents(hub.store, memories, self._in_plugin_thread)
        self._hub = replace(hub, hear=plugin_events.store_now)
        self._plugins = Plugins(registry.knows, plugin_events, self._in_plugin_thread)
        server.register_namespace(self._plugins)
        self._upstream_runs = UpstreamRuns(hub.store, upstream, memories, hub.keeping)
        runs = self._upstream_runs
        self.engine = Engine(
            hub.store, registry, self._plugins, plugin_events, runs, memories, keep_seat
        )
        admin = Admin(self._faults, upstream, self._plugins, self._on_loop)
        self._table = RouteTable((*ROUTES, *of_machine(admin)))
        self.asgi = marking(socketio.ASGIApp(server, other_asgi_app=self._http))

    async def _in_plugin_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._plugin_threads, function, *args)

    def _on_loop(self, function: Callable[..., Any], *args: Any) -> Any:
        async def run() -> Any:
            result = function(*args)
            return await result if asyncio.iscoroutine(result) else result

        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(timeout=10)

    async def _http(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            return
        self._loop = self._loop or asyncio.get_running_loop()
        path = re.sub("/{2,}", "/", scope["path"])
        path = path.rstrip("/") or "/"
        scope = {**scope, "path": path}
        fault = None if path.startswith("/_hub") else self._faults.take(scope["method"], path)
        if fault is None:
            await self._serve(scope, receive, send)
        else:
            await faults.suffer(fault, self._serve, scope, receive, send)

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except ClientDisconnect:
            return
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.scope["path"]
        if path == "/_hub/health":
            return _reply(200, success({"hub": "switchyard"}))
        if path.startswith(file_links.PREFIX):
            return await self._file(request)
        route, ids = self._table.match(request.method, path)
        own = route.opens == "machine"
        client = request.client.host if request.client else ""
        if own and (client not in LOOPBACK or forwarding(request.headers.items())):
            return _reply(403, failure("This part of the hub answers on this machine only."))
        sent = request.headers.get("apikey", "").encode("utf-8", "replace")
        run, person = None, local_actor()
        if not self._key.is_it(sent):
            holder = await self._in_thread(self._threads, _refusing(self._holder_of), sent)
            if isinstance(holder, Reply):  # the key may be right: nobody could look
                return _reply(holder.status, holder.body, holder.headers)
            if isinstance(holder, Actor):
                person = holder
            elif own or not isinstance(holder, Run):
                return _reply(401, failure(NO_KEY))
            else:
                run = holder
        body = await request.body()
        call = Call(
            hub=self._hub if person.way == LOCAL else replace(self._hub, user=person.name),
            method=request.method,
            path=path,
            ids=ids,
            query=dict(request.query_params),
            body=body,
            content_type=request.headers.get("content-type", ""),
            base=f"{_scheme(request)}://{request.headers.get('host', '')}",
            run=run,
            route=route,
            person=person,
        )
        reply = await self._in_thread(self._threads, self._here, call)
        if isinstance(reply, _Forward):
            query = request.scope["query_string"].decode("latin-1")
            reply = await self._in_thread(
                self._upstream_threads, _refusing(self._forward), call, query
            )
        assert isinstance(reply, Reply)
        return _reply(reply.status, reply.body, reply.headers)

    async def _in_thread(
        self, threads: ThreadPoolExecutor, function: Callable[..., Any], *args: Any
    ) -> Any:
        """Run in a thread; whatever fails there becomes an answer in JSON, and is logged."""
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(threads, function, *args)
        await asyncio.wait([future])
        error = future.exception()
        if error is None:
            return future.result()
        OWN_LOG.error("A call failed: %s", type(error).__name__, exc_info=error)
        return Reply(500, failure("The hub failed; its own log says why."), JSON)

    def _here(self, call: Call) -> Reply | _Forward:
        reply: Reply | _Forward = _refusing(self._here_or_refuse)(call)
        return reply

    def _holder_of(self, key: bytes) -> Actor | Run | None:
        """Whose key it is: a person's, or a run's; None for nobody's."""
        text = key.decode("utf-8", "replace")
        person = person_of_key(self._hub.store, text)
        if person is not None:
            return person
        with self._hub.store.read() as tx:
            return run_of_key(tx, text, self._hub.store.clock())

    def _forward(self, call: Call, query: str) -> Reply:
        if call.run is None:
            with acting_as(call.person):
                if call.route.effect != "reads":
                    call.note_done()
                return self._upstream.forward(call, query)
        guard(call, call.run, partial(self._upstream_runs.project_of, call.run))
        heard(call, call.run)
        return self._upstream_runs.answer(call, query, call.run)

    def _here_or_refuse(self, call: Call) -> Reply | _Forward:
        if lives_upstream(call):
            return _Forward()
        if call.run is not None:
            guard(call, call.run, None)
            heard(call, call.run)
            return Reply(200, success(carry_out(call.route, call)), JSON)
        with acting_as(call.person):
            if call.route.effect != "reads" and call.route.handler is not None:
                call.hub.store.check(call.route.needs)
            return Reply(200, success(carry_out(call.route, call)), JSON)

    async def _file(self, request: Request) -> Response:
        path = request.scope["path"].removeprefix(file_links.PREFIX)
        verb = "GET" if request.method == "HEAD" else request.method
        now = self._hub.store.clock()
        file = file_links.allowed(
            verb, path, dict(request.query_params), self._hub.signing, now, self._hub.files
        )
        if file is None:
            return _reply(403, failure("The link does not hold, or no longer. Ask for a new one."))
        loop = asyncio.get_running_loop()
        if verb == "PUT":
            await self._upload(request, file)
            return _reply(200, success({"stored": True}))
        if not await loop.run_in_executor(self._threads, file.is_file):
            return _reply(404, failure("There is no such file; it may have been removed."))
        return FileResponse(file)

    async def _upload(self, request: Request, file: Path) -> None:
        loop = asyncio.get_running_loop()

        def open_part() -> Any:
            file.parent.mkdir(parents=True, exist_ok=True)
            return tempfile.NamedTemporaryFile(dir=file.parent, delete=False)

        part = await loop.run_in_executor(self._threads, open_part)
        is_whole = False
        try:
            async for piece in request.stream():
                await loop.run_in_executor(self._threads, part.write, piece)
            is_whole = True
        finally:
            await loop.run_in_executor(self._threads, _finish, part, file if is_whole else None)


def _finish(part: Any, file: Path | None) -> None:
    """Put a whole upload in its place at once; throw a broken one away."""
    part.flush()
    os.fsync(part.fileno())
    part.close()
    if file is None:
        Path(part.name).unlink()
    else:
        Path(part.name).replace(file)


def _refusing(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function with refusals as answers."""

    def run(*args: Any) -> Any:
        try:
            return function(*args)
        except Refused as error:
            return Reply(error.status, failure(str(error)), JSON)
        except Forbidden as error:
            return Reply(403, failure(str(error)), JSON)
        except StoreUnavailable as error:
            return Reply(503, failure(str(error)), {**JSON, "retry-after": "1"})
        except SwitchyardError as error:
            return Reply(400, failure(str(error)), JSON)
        except MISFITS as error:
            status, message = refusal(error, args[0])
            if status == 500:
                OWN_LOG.error("A call failed: %s", message, exc_info=error)
            return Reply(status, failure(message), JSON)

    return run


def _scheme(request: Request) -> str:
    """By which a caller reached us: a proxy, which the door let in, may speak TLS for us."""
    return "https" if request.headers.get("x-forwarded-proto") == "https" else "http"


def _reply(status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers or JSON)
