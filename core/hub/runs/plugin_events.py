"""What plugins say on its way into the store: in order, in batches, bounded, and without keys."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Literal

import sqlalchemy as sa

from core.errors import UnknownName
from core.hub.codec import Json, plain_text
from core.hub.runs.memory import Memories
from core.hub.runs.outcome import acknowledged, count, event_of, settle
from core.plugin_runs.model import Run
from core.plugin_runs.probe import unminted
from core.plugin_runs.state import Event
from core.secret import Secret
from core.store.database import LATER
from core.store.hub import MAX_MESSAGE, HubStore, LogLine, log
from core.store.runs import find, record

MOST_LINES, MOST_CHARACTERS = 200_000, 64 * 2**20
BATCH = 500
MOST_WAITING = 10_000
"""Lines that wait to be stored, some 10 MB; what is beyond waits where it is said."""
ACK_SECONDS = 1.0
"""An acknowledgement alone ends a run after that long: a response sent before it comes first."""
PAUSE_SECONDS = 0.05
InThread = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that a plugin said: a log line, a response, or that its handler returned."""

    kind: Literal["log", "response", "ack"]
    session: str
    plugin: str
    line: LogLine | None = None
    data: Json = None


class PluginEvents:
    """Takes what plugins say and stores it, off the event loop.

    Args:
        store: Where it is stored.
        memories: What is remembered of runs.
        in_thread: Runs a function in a thread.
    """

    def __init__(self, store: HubStore, memories: Memories, in_thread: InThread) -> None:
        self._store = store
        self._memories = memories
        self._in_thread = in_thread
        self._queue: deque[Heard] = deque()
        self._counting, self._storing = Lock(), Lock()
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    def finish(self, session: str) -> None:
        """Tell the store what it does not know yet of a run that is about to be forgotten."""
        with self._storing:
            with self._store.work() as tx:
                number = self._count_dropped(tx, session)
            self._have_counted(session, number)

    def hear_log(self, line: LogLine) -> None:
        """Queue a log line, or count it when there are too many."""
        admitted = self._admit(line)
        if admitted is not None:
            self._put(Heard("log", line.session, line.plugin, line=admitted))

    async def has_room(self, meanwhile: Callable[[], None]) -> None:
        """Wait until the store has taken in most of what was heard.

        Args:
            meanwhile: Called now and then.
        """
        while len(self._queue) > MOST_WAITING:
            meanwhile()
            await asyncio.sleep(PAUSE_SECONDS)

    def hear_response(self, session: str, plugin: str, data: Json) -> None:
        """Queue a response, behind the lines that came before it."""
        self._put(Heard("response", session, plugin, data=data))

    def hear_ack(self, session: str, plugin: str) -> None:
        """Note that the plugin's handler returned."""
        heard = Heard("ack", session, plugin)
        asyncio.get_running_loop().call_later(ACK_SECONDS, self._put, heard)

    def store_now(self, line: LogLine) -> None:
        """Store a line at once, in the caller's thread: a REST plugin waits for each of its own."""
        admitted = self._admit(line)
        if admitted is not None:
            self._store_all([Heard("log", line.session, line.plugin, line=admitted)])

    def _admit(self, line: LogLine) -> LogLine | None:
        """The line if there is room for it; the first that finds none is told, the rest counted."""
        with self._counting:  # several threads of a REST plugin, and the event loop
            memory = self._memories.of(line.session)
            tally = self._memories.outside if memory is None else memory.tally
            tally.lines += 1
            tally.characters += min(len(line.message), MAX_MESSAGE) + len(line.extra)
            if tally.lines <= MOST_LINES and tally.characters <= MOST_CHARACTERS:
                return line
            tally.dropped += 1
            if tally.dropped > 1:
                return None
        warning = "This run says more than is kept; from here on its lines are only counted."
        if memory is None:
            warning = "More is said outside of runs than is kept, until the next run begins."
        return replace(line, level="WARNING", message=warning, extra="{}")

    def _put(self, heard: Heard) -> None:
        self._queue.append(heard)
        self._wake.set()
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self._write_some()

    async def _write_some(self) -> None:
        """Apart from the loop that waits: what it held last would live as long as the hub."""
        some = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
        try:
            await self._in_thread(self._store_all, some)
        except LATER:  # order must hold
            self._queue.extendleft(reversed(some))
            await asyncio.sleep(0.5)

    def _store_all(self, some: list[Heard]) -> None:
        """Runs in a thread: one transaction, of each session in the order of hearing.

        A session is written at once, also where twenty plugins talk across each other.
        """
        at = self._store.clock()
        by_session: dict[str, list[Heard]] = {}
        for heard in some:
            by_session.setdefault(heard.session, []).append(heard)
        with self._storing:
            with self._store.work() as tx:
                dropped = {session: self._count_dropped(tx, session) for session in by_session}
                for session, group in by_session.items():
                    self._store_one(tx, session, group, at)
            for session, number in dropped.items():
                self._have_counted(session, number)

    def _have_counted(self, session: str, number: int) -> None:
        """Remember it, now that it is on disk."""
        memory = self._memories.of(session)
        if memory is not None:
            memory.tally.counted = number

    def _count_dropped(self, tx: sa.Connection, session: str) -> int:
        """Tell the store of lines that were dropped since; returns how many it knows of then."""
        memory = self._memories.of(session)
        if memory is None:
            return 0
        dropped = memory.tally.dropped
        if dropped > memory.tally.counted:
            count(tx, session, 0, dropped - memory.tally.counted)
        return dropped

    def _store_one(self, tx: sa.Connection, session: str, some: list[Heard], at: float) -> None:
        """What came about one session."""
        run = _find(tx, session)
        of_plugin = [heard for heard in some if run is None or heard.plugin == run.request.plugin]
        lines = [self._clean(heard.line) for heard in of_plugin if heard.line is not None]
        if run is not None:
            lines = [_without_ids(line, run) for line in lines]
        log(tx, at, *lines)
        if run is None:
            if any(heard.kind == "response" for heard in of_plugin):
                message = "A response came that no run waits for."
                log(tx, at, LogLine(session, "WARNING", message, plugin=of_plugin[0].plugin))
            return
        if lines:
            count(tx, session, len(lines))
            record(tx, find(tx, session), Event("heard", at))
        for heard in of_plugin:
            if heard.line is None:
                self._settle(tx, session, heard, at)

    def _settle(self, tx: sa.Connection, session: str, heard: Heard, at: float) -> None:
        if heard.kind == "response":
            event = event_of(tx, session, heard.data, at)
        else:
            event = acknowledged(tx, session, at)
        settle(tx, find(tx, session), self.masked(event, session))

    def masked(self, event: Event, session: str) -> Event:
        """The event with the run's key made unreadable."""
        key = self._key(session)
        if key is None:
            return event
        message = None if event.message is None else key.mask(event.message)
        return replace(event, message=message, reason=key.mask(event.reason))

    def _key(self, session: str) -> Secret | None:
        memory = self._memories.of(session)
        return None if memory is None else memory.key

    def _clean(self, line: LogLine) -> LogLine:
        key = self._key(line.session)
        texts = {name: getattr(line, name) for name in ("level", "message", "extra")}
        for name, value in texts.items():
            plain = plain_text(value)
            texts[name] = key.mask(plain) if key else plain
        return replace(line, **texts)


def _without_ids(line: LogLine, run: Run) -> LogLine:
    """The line without the IDs that a probe made for its plugin."""
    message, extra = (unminted(run.request, text) for text in (line.message, line.extra))
    return replace(line, message=message, extra=extra)


def _find(tx: sa.Connection, session: str) -> Run | None:
    try:
        return find(tx, session)
    except UnknownName:
        return None
