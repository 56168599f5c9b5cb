"""Fifty people on the demo at once: each opens Rules and edits a draft of their own for a minute.

The dashboard is the real one, started as `make run` starts it, once over a SQLite file and once
over a PostgreSQL server. One person is Chromium, and what it sends to open the page and for two
edits ("Move rule 2 up", there and back) is sent again by sessions that draw nothing: over WebSocket
and in Streamlit's own messages, each with its own draft, at its own times, with the timers of the
page. So every session costs the server what a browser costs it, and two cores are enough to play
them. In the end every draft in the store must have as many versions as its session made edits.

An edit's time is from sending it to the message that says that its run has ended. It is held
against that of one session alone on the same server, right before. The server's memory is looked at
before the fifty come and while all of them are there. On a machine that is busy with other work an
edit waits for that, too; how much of a processor core the server itself needs does not change then.
"""

from __future__ import annotations

import re
import select
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websocket import ABNF, WebSocketException, create_connection

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from bench_page import STILL, Tab, open_tab
from browser import ROOT, Server, dashboard, launch
from measure import at_most, for_information, heading, memory_mb, processor_seconds
from postgres_server import PostgresServer  # type: ignore[import-not-found]

from core import demo
from core.ango_json.drafts import write_draft
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.routing import edit
from core.store.database import open_database
from core.store.drafts import Drafts

PEOPLE = 50
SECONDS = 60.0
BETWEEN_SECONDS = 10.0
"""Between two edits of a person, on the average."""
ALONE_EDITS = 30
PATIENCE_SECONDS = 60.0
WORKSPACE = "demo"
DRAFT = re.compile("draft=[^&]*")
NONCE = re.compile('"nonce":"[^"]*"')


@dataclass(frozen=True)
class Spoken:
    """What Chromium sent to open the page, and for an edit there and one back."""

    first: BackMsg
    edits: Sequence[BackMsg]


class Dropped(Exception):
    """The server let go of a session, said an exception, or did not answer in a minute."""


@dataclass
class Session:
    """A browser that draws nothing, with a draft of its own.

    Args:
        server: Where it goes.
        draft: Id of its draft.
        spoken: What it says.
        opened: Seconds until its page was there.
        waited: Seconds of each edit.
        dropped: Why it was let go of, "" for not.
    """

    server: Server
    draft: str
    spoken: Spoken
    opened: float = 0.0
    waited: list[float] = field(default_factory=list)
    dropped: str = ""
    timers: dict[str, tuple[float, float]] = field(default_factory=dict)
    runs_now: set[str] = field(default_factory=set)

    def open(self) -> None:
        """Open the page and wait until it is still."""
        self.socket = create_connection(
            f"ws{self.server.address.removeprefix('http')}/_stcore/stream",
            subprotocols=["streamlit"],
            sockopt=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
            timeout=PATIENCE_SECONDS,
        )
        self.opened = self._run(self._own(self.spoken.first))

    def edit(self) -> None:
        """Make one edit and note its time."""
        message = self._own(self.spoken.edits[len(self.waited) % 2])
        for widget in message.rerun_script.widget_states.widgets:
            if widget.id.endswith("rules-list"):  # the list ignores a nonce that it knows
                nonce = f"nonce-{len(self.waited)}"
                widget.json_value = NONCE.sub(f'"nonce":"{nonce}"', widget.json_value)
        self.waited.append(self._run(message))

    def work(self, seconds: float, chance: Random) -> None:
        """Edit now and then, and let the page refresh itself, for so long."""
        end = time.monotonic() + seconds
        next_edit = time.monotonic() + chance.uniform(0, BETWEEN_SECONDS)
        while (now := time.monotonic()) < end:
            if now >= next_edit:
                self.edit()
                next_edit = time.monotonic() + chance.uniform(0.5, 1.5) * BETWEEN_SECONDS
            due = [one for one, (at, _) in self.timers.items() if at <= now]
            for one in due:
                self._refresh(one)
            until = min([next_edit, end, *(at for at, _ in self.timers.values())])
            while self._hears_within(max(until - time.monotonic(), 0)):
                self._hear()

    def close(self) -> None:
        """Leave."""
        self.socket.close()

    def _own(self, message: BackMsg) -> BackMsg:
        own = BackMsg()
        own.CopyFrom(message)
        asked = own.rerun_script
        asked.query_string = DRAFT.sub(f"draft={self.draft}", asked.query_string)
        del asked.cached_message_hashes[:]
        return own

    def _refresh(self, fragment: str) -> None:
        message = self._own(self.spoken.edits[0])
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = True
        widgets = message.rerun_script.widget_states.widgets
        mine = [one for one in widgets if not one.id.endswith("rules-list")]
        del widgets[:]
        widgets.extend(mine)
        _, interval = self.timers[fragment]
        self.timers[fragment] = (time.monotonic() + interval, interval)
        self.socket.send_binary(message.SerializeToString())

    def _run(self, message: BackMsg) -> float:
        """Send it; the seconds until a run that carries it out has ended."""
        began, wanted = time.perf_counter(), message.rerun_script.fragment_id
        self.socket.send_binary(message.SerializeToString())
        while True:
            status = self._hear()
            is_its = wanted in self.runs_now if wanted else not self.runs_now
            took = time.perf_counter() - began
            if status in (0, 3) and (is_its or not self.runs_now):
                return took
            if took > PATIENCE_SECONDS:
                raise Dropped("no answer")

    def _hears_within(self, seconds: float) -> bool:
        assert self.socket.sock is not None
        return bool(select.select([self.socket.sock], [], [], seconds)[0])

    def _hear(self) -> int | None:
        """Take in one message; how a run ended, if it says that one did."""
        opcode, data = self.socket.recv_data(control_frame=True)
        if opcode == ABNF.OPCODE_CLOSE:
            raise Dropped("closed")
        if opcode != ABNF.OPCODE_BINARY:  # the server looks whether anybody is there
            return None
        heard = ForwardMsg.FromString(data)
        what = heard.WhichOneof("type")
        if what == "delta" and heard.delta.new_element.HasField("exception"):
            raise Dropped(heard.delta.new_element.exception.message)
        if what == "new_session":
            self.runs_now = set(heard.new_session.fragment_ids_this_run)
        elif what == "auto_rerun":
            interval = heard.auto_rerun.interval
            at = time.monotonic() + interval
            self.timers.setdefault(heard.auto_rerun.fragment_id, (at, interval))
        return heard.script_finished if what == "script_finished" else None


def record(server: Server, draft: str) -> Spoken:
    """What Chromium sends for a page and two edits of a draft."""
    with sync_playwright() as driver:
        browser = launch(driver)
        tab = open_tab(browser, server.address, f"rules?draft={draft}", "edit")
        edits = [one_edit(tab) for _ in range(4)]
        assert tab.wire.first is not None
        browser.close()
    return Spoken(tab.wire.first, edits[-2:])


def one_edit(tab: Tab) -> BackMsg:
    """What a click of Chromium sends."""
    tab.wire.asked.clear()
    tab.page.get_by_role("button", name="Move rule 2 up", exact=True).dispatch_event("click")
    while all(one.rerun_script.is_auto_rerun for one in tab.wire.asked):
        tab.page.wait_for_timeout(50)
    tab.page.wait_for_selector(STILL)
    return tab.wire.edit()


def make_drafts(url: str) -> Iterator[str]:
    """Drafts of the demo's Logic stage, each with one edit."""
    stage = read_project(loads(demo.PROJECT.read_text(encoding="utf-8"))).logic_stages[0]
    before, after = stage, edit.move(stage, stage.rules[1].id, 0)
    store = open_database(url)
    for _ in range(PEOPLE + 2):
        texts = write_draft(before), write_draft(after)
        yield Drafts(store).create(WORKSPACE, stage.id, *texts, "benchmark").id
    store.close()


def together(sessions: Sequence[Session], act: Callable[[Session, Random], None]) -> None:
    """Let all sessions do something at once, each with chances of its own."""

    def do(session: Session, number: int) -> None:
        try:
            act(session, Random(number))
        except (Dropped, WebSocketException, OSError) as error:
            session.dropped = f"{type(error).__name__}: {error}"

    threads = [
        threading.Thread(target=do, args=(session, number))
        for number, session in enumerate(sessions)
        if not session.dropped
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def percentile_95(values: Sequence[float]) -> float:
    """The time within which 95 of 100 are."""
    return statistics.quantiles(values, n=100, method="inclusive")[94]


def measure(name: str, url: str, folder: Path) -> float:
    """Print the table of one database; the 95th percentile of fifty, in seconds."""
    drafts = list(make_drafts(url))
    with dashboard(folder / "data", ROOT / "app.py", SWITCHYARD_DATABASE=url) as server:
        spoken = record(server, drafts.pop())
        alone = Session(server, drafts.pop(), spoken)
        alone.open()
        for _ in range(ALONE_EDITS):
            alone.edit()
        alone.close()
        before = memory_mb("VmRSS", server.pid)
        sessions = [Session(server, draft, spoken) for draft in drafts]
        together(sessions, lambda session, _: session.open())
        worked = -processor_seconds(server.pid)
        together(sessions, lambda session, chance: session.work(SECONDS, chance))
        worked += processor_seconds(server.pid)
        after = memory_mb("VmRSS", server.pid)
        for session in sessions:
            session.close()
    lost = [one for one in sessions if one.dropped]
    waited = [seconds for session in sessions for seconds in session.waited]
    store = open_database(url)
    versions = {one.draft: Drafts(store).get(one.draft).version for one in sessions}
    store.close()
    unsaved = sum(1 + len(one.waited) != versions[one.draft] for one in sessions)
    one, all_of_them = percentile_95(alone.waited), percentile_95(waited)
    heading(f"{name}: {PEOPLE} sessions, {SECONDS:g} s, an edit every {BETWEEN_SECONDS:g} s each")
    at_most("sessions that were dropped", 0, len(lost), "")
    at_most("sessions whose edits are not all in the store", 0, unsaved, "")
    for_information("memory of the server per session", (after - before) / PEOPLE, "MB")
    for_information("edits", len(waited), "")
    for_information("an edit, 95th percentile", all_of_them * 1e3, "ms")
    for_information("an edit, median", statistics.median(waited) * 1e3, "ms")
    for_information("work of the server, of one processor core", 100 * worked / SECONDS, "%")
    for_information("an edit of one session alone, 95th percentile", one * 1e3, "ms")
    for_information("95th percentile over that of one session alone", all_of_them / one)
    for_information("all open Rules at once: the last one has it after",
                    max(one.opened for one in sessions), "s")  # fmt: skip
    for_information("memory of the server before them", before, "MB")
    for session in lost:
        print(f"        {session.draft}: {session.dropped}")
    return all_of_them


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A server of our own, with what it writes on disk before it says so."""
    server = PostgresServer(careful=True)
    try:
        yield server
    finally:
        server.end()


def main() -> None:
    """Measure with both databases."""
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(TemporaryDirectory())) for _ in range(2)]
        file = measure("SQLite", f"sqlite:///{folders[0] / 'switchyard.db'}", folders[0])
        server = stack.enter_context(postgres())
        far = measure("PostgreSQL", server.url(server.database()), folders[1])
        for_information("95th percentile with PostgreSQL over that with SQLite", far / file)


if __name__ == "__main__":
    main()
