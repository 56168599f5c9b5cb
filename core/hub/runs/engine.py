"""Carries out queued runs: one per plugin at a time, each handed over exactly once.

What it knows is in the store, so a page, the command line and the hub agree; what a connection
means for a run in flight is kept here, since it ends with the hub anyway.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Thread
from typing import Any

from core.ango_json.text import loads
from core.errors import StoreUnavailable, SwitchyardError
from core.hub.call import Refused
from core.hub.runs import rest_plugins
from core.hub.runs.memory import Holder, Memories, RunMemory
from core.hub.runs.outcome import event_of, last_error, settle
from core.hub.runs.plugin_events import PluginEvents
from core.hub.runs.sockets import Connection, Plugins
from core.hub.runs.upstream_runs import UpstreamRuns
from core.plugin_runs.hosted import ELSE
from core.plugin_runs.model import Liveness, Plugin, Run
from core.plugin_runs.request import payload
from core.plugin_runs.state import Event
from core.store.database import LATER
from core.store.hub import SANDBOX, HubStore, find_project
from core.store.plugins import Registry
from core.store.run_keys import KEY_GRACE_SECONDS, mint
from core.store.run_presence import write_presence
from core.store.runs import (
    find,
    in_flight,
    queued,
    record,
    save,
    scope,
    show_only,
    shown_assets,
    waits,
)

OWN_LOG = logging.getLogger("switchyard.hub")
PAUSE_SECONDS = 0.2
GONE_SECONDS = 6.0
"""A process whose connection breaks tries again once, for 5 s at most, and else ends."""
CANCEL_SECONDS = 30.0
SEEN_SECONDS = 5.0
GONE = "The plugin's connection ended, and it did not come back."
REPLACED = "The plugin's process ended; another one has taken its place."
LATE = "The plugin neither answered nor acknowledged within {:,.0f} s."
UNHEEDED = (
    "It was cancelled; after 30 s the plugin had not stopped. What it still sends is refused."
)
LOST = "The hub could not read the plugin's answer; its own log says why."
RESTARTED = "The hub was stopped while this run was in flight."


class Engine:
    """Carries out runs until the hub stops.

    Args:
        store: Where runs are queued and recorded.
        registry: The plugins and their secrets.
        plugins: Who is connected.
        plugin_events: Takes what plugins say.
        upstream_runs: For runs of projects that live on Ango Hub.
        memories: What is remembered of runs, begun and ended here.
        keep_seat: Raises where another hub looks after runs by now.
    """

    def __init__(
        self,
        store: HubStore,
        registry: Registry,
        plugins: Plugins,
        plugin_events: PluginEvents,
        upstream_runs: UpstreamRuns,
        memories: Memories,
        keep_seat: Callable[[], None],
    ) -> None:
        self._keep_seat = keep_seat
        self._store = store
        self._registry = registry
        self._plugins = plugins
        self._plugin_events = plugin_events
        self._upstream_runs = upstream_runs
        self._memories = memories
        self._ticking = ThreadPoolExecutor(1, "runs")
        self._sending = ThreadPoolExecutor(4, "sending")
        self._looking = ThreadPoolExecutor(8, "looking")
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._rest: dict[str, Liveness] = {}
        self._looked_at: dict[str, float] = {}
        self._rest_plugins: tuple[Plugin, ...] = ()
        self._said: tuple[float, dict[str, Liveness]] = (-SEEN_SECONDS, {})
        self._since: dict[tuple[str, str], float] = {}
        self._steady = time.monotonic  # waits are measured by it: a clock may be set meanwhile

    def recover(self) -> None:
        """What was in flight when the hub stopped is interrupted; what is queued stays queued."""
        with self._store.work() as tx:
            for run in in_flight(tx):
                settle(tx, run, Event("restarted", self._store.clock(), reason=RESTARTED))

    async def serve(self) -> None:
        """Look after runs for ever."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                waiting = await loop.run_in_executor(self._ticking, self._tick)
            except LATER:
                waiting = []
            self._plugins.wait_only_for(self._memories.sessions)
            for run, plugin in waiting:
                self._busy.add(run.session)
                self._spawn(self._carry_out(run, plugin))
            self._look_at_rest()
            await asyncio.sleep(PAUSE_SECONDS)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, LATER):
            OWN_LOG.error("A run could not be carried out.", exc_info=error)

    # ---- in the thread of ticks ----------------------------------------------------------------

    def _tick(self) -> list[tuple[Run, Plugin]]:
        """End what has to end; returns the runs that can be handed over now."""
        self._keep_seat()
        now = self._store.clock()
        busy = set(self._busy)  # before the store is asked: it may still say queued of what is sent
        with self._store.read() as tx:
            flying, waiting = in_flight(tx), queued(tx)
        for run in flying:
            event = self._ends(run, now)
            if event is not None:
                with self._store.work() as tx:
                    settle(tx, find(tx, run.session), event)
        alive = {run.session for run in flying}
        self._since = {key: since for key, since in self._since.items() if key[0] in alive}
        self._forget(alive, self._steady())
        known = {plugin.id: plugin for plugin in self._registry.list(archived=True)}
        rest = [p for p in known.values() if p.connector == "rest" and p.archived_at is None]
        self._rest_plugins = tuple(rest)
        live = {plugin.id: self._liveness(plugin, now) for plugin in known.values()}
        self._say(live)
        ready = []
        for run in waiting:
            plugin = known.get(run.request.plugin)
            if run.session in busy or plugin is None:
                continue
            reason = "" if run.origin == "apply" else self._waits_for(plugin, live[plugin.id])
            if reason:
                waits(self._store, run, reason)
            else:
                ready.append((run, plugin))
        return ready

    def _forget(self, alive: set[str], now: float) -> None:
        """Let go of the runs that have ended; while the key of one holds, it may still speak."""
        for memory in self._memories.all:
            if memory.session in alive:
                memory.over_since = None  # it was handed over since the store was asked
            elif memory.over_since is None:
                memory.over_since = now
            elif now > memory.over_since + KEY_GRACE_SECONDS + PAUSE_SECONDS:
                self._plugin_events.finish(memory.session)
                self._memories.forget(memory.session)

    def _ends(self, run: Run, now: float) -> Event | None:
        steady = self._steady()
        if run.cancelled_at is not None:
            since = self._since.setdefault((run.session, "cancelled"), steady)
            if steady > since + CANCEL_SECONDS:
                return Event("unheeded", now, reason=UNHEEDED)
        deadline = run.request.seconds
        if steady > self._since.setdefault((run.session, "sent"), steady) + deadline:
            unheard = f" {ELSE}" if run.state == "starting" else ""
            return Event("late", now, reason=LATE.format(deadline) + unheard)
        memory = self._memories.of(run.session)
        holder = None if memory is None else memory.holder
        if holder is None or holder.sid in self._plugins.connections:
            return None
        lost_at = holder.lost_at = holder.lost_at or steady
        proven = self._plugins.authorised(holder.plugin)
        for connection in proven:
            if connection.marks & holder.marks:
                holder.sid, holder.lost_at = connection.sid, None
                return None
        if steady <= lost_at + GONE_SECONDS:
            return None
        return Event("gone", now, reason=REPLACED if proven else GONE)

    def _liveness(self, plugin: Plugin, now: float) -> Liveness:
        if plugin.connector == "rest":
            return self._rest.get(plugin.id, Liveness("absent", now, note="Not asked yet."))
        proven = self._plugins.authorised(plugin.id)
        if proven:
            note = "" if len(proven) == 1 else f"{len(proven)} processes; the newest gets runs."
            return Liveness("live", proven[0].since, len(proven), note)
        refused = [c for c in self._plugins.connections.values() if _is_refused(c, plugin.id)]
        if refused:
            note = "A process is connected with a wrong secret."
            return Liveness("wrong secret", min(c.since for c in refused), 0, note)
        before = self._said[1].get(plugin.id)
        since = before.since if before is not None and before.state == "absent" else now
        return Liveness("absent", since)

    def _waits_for(self, plugin: Plugin, live: Liveness) -> str:
        """What a queued run waits for; "" when it can be handed over."""
        if plugin.archived_at is not None:
            return "It waits: the plugin is archived."
        if live.state == "wrong secret":
            return f"It waits: {plugin.name} is connected with a wrong secret."
        if live.state != "live":
            return f"It waits: {plugin.name} is not connected. {live.note}".strip()
        if plugin.connector == "ws" and self._plugins.ready(plugin.id) is None:
            return f"It waits: {plugin.name} has just connected."
        return ""

    def _say(self, live: dict[str, Liveness]) -> None:
        said_at, last = self._said
        if live != last or self._steady() > said_at + SEEN_SECONDS:
            write_presence(self._store, live)
            self._said = (self._steady(), live)

    # ---- handing over --------------------------------------------------------------------------

    async def _carry_out(self, run: Run, plugin: Plugin) -> None:
        try:
            await self._hand_over(run, plugin)
        finally:
            self._busy.discard(run.session)

    async def _hand_over(self, run: Run, plugin: Plugin) -> None:
        if run.origin == "apply":
            await self._in_thread(self._sending, self._upstream_runs.apply, run)
            return
        connection = self._plugins.ready(plugin.id) if plugin.connector == "ws" else None
        if plugin.connector == "ws" and connection is None:
            return
        prepared = await self._in_thread(self._sending, self._prepare, run)
        if prepared is None:
            return
        memory, body = prepared
        if connection is not None:
            memory.holder = Holder(plugin.id, connection.marks, connection.sid)
            await self._plugins.send(connection.sid, plugin.id, body)
        else:  # a thread that nobody waits for: a hub that stops must not wait for a plugin
            Thread(target=self._ask, args=(run, plugin, body), daemon=True).start()

    async def _in_thread(
        self, threads: ThreadPoolExecutor, work: Callable[..., Any], *args: Any
    ) -> Any:
        return await asyncio.get_running_loop().run_in_executor(threads, work, *args)

    def _prepare(self, run: Run) -> tuple[RunMemory, dict[str, Any]] | None:
        """Mint the key and record the sending; None when the run cannot or need not be sent."""
        request, chosen, assets = run.request, None, None
        try:
            with self._store.read() as tx:
                project = find_project(tx, request.project)
                if project is None:
                    raise Refused(404, "The project of this run is gone.")
                shown = shown_assets(tx, run.session)
                if project.backend == SANDBOX:
                    inside = scope(tx, request) if shown is None else shown
                    assets, chosen = len(inside), inside if request.limit and not shown else None
            if project.backend != SANDBOX:
                chosen = self._upstream_runs.first_assets(request)
                assets = None if chosen is None and shown is None else len(shown or chosen or ())
        except StoreUnavailable:
            raise  # it stays queued
        except SwitchyardError as error:
            with self._store.work() as tx:
                waiting = find(tx, run.session)
                if waiting.state != "queued":
                    return None
                failed = record(tx, waiting, Event("sent", self._store.clock()))
                settle(tx, failed, Event("failed", self._store.clock(), reason=str(error)))
            return None
        with self._store.work() as tx:
            waiting = find(tx, run.session)
            if waiting.state != "queued":  # cancelled meanwhile, or handed over already
                return None
            sent = record(tx, waiting, Event("sent", self._store.clock()))
            if chosen is not None:
                show_only(tx, run.session, chosen)
            save(tx, replace(sent, assets=assets))
            key = mint(tx, run.session)
        memory = self._memories.begin(run.session, key)
        organisation = str(loads(project.document).get("organization") or "") or "local"
        return memory, payload(run, key.reveal(), organisation)

    # ---- plugins with the REST connector -------------------------------------------------------

    def _ask(self, run: Run, plugin: Plugin, body: dict[str, Any]) -> None:
        """Hand a run to a REST plugin and wait for its end; runs in a thread of its own."""
        answer: Any = None
        missing: Event | None = Event("failed", 0.0, reason=LOST)
        try:
            secret = self._registry.secret(plugin.id)
            answer = rest_plugins.ask(str(plugin.url), secret, body, run.request.seconds)
            missing = None
        except rest_plugins.NotAnswered as error:
            missing = Event(error.kind, 0.0, reason=error.reason)
        except SwitchyardError as error:
            missing = Event("failed", 0.0, reason=str(error))
        finally:  # also after what nobody foresaw: a run must not wait for a thread that is gone
            while not self._has_ended(run.session, answer, missing):
                time.sleep(0.5)

    def _has_ended(self, session: str, answer: Any, missing: Event | None) -> bool:
        """Record a REST plugin's result; False while the database is busy with a long write."""
        try:
            with self._store.work() as tx:
                at = self._store.clock()
                event = missing or event_of(tx, session, answer, at)
                if event.kind == "failed" and not event.reason:
                    event = replace(event, reason=last_error(tx, session))
                masked = self._plugin_events.masked(replace(event, at=at), session)
                settle(tx, find(tx, session), masked)
        except LATER:
            return False
        return True

    def _look_at_rest(self) -> None:
        """Look whether REST plugins answer: a live one now and then, the others every second."""
        now = self._steady()
        for plugin in self._rest_plugins:
            known = self._rest.get(plugin.id)
            pause = SEEN_SECONDS if known is not None and known.state == "live" else 1.0
            if now > self._looked_at.get(plugin.id, -pause) + pause:
                self._looked_at[plugin.id] = float("inf")  # until this look is over
                self._spawn(self._in_thread(self._looking, self._look, plugin))

    def _look(self, plugin: Plugin) -> None:
        now, before = self._store.clock(), self._rest.get(plugin.id)
        try:
            live = rest_plugins.look(str(plugin.url), self._registry.secret(plugin.id), now)
        except StoreUnavailable:
            self._looked_at[plugin.id] = self._steady()
            return
        except SwitchyardError as error:
            live = Liveness("wrong secret", now, note=str(error))
        if before is not None and before.state == live.state:
            live = replace(live, since=before.since)
        self._rest[plugin.id] = live
        self._looked_at[plugin.id] = self._steady()


def _is_refused(connection: Connection, plugin: str) -> bool:
    return connection.refused and connection.claimed == plugin
