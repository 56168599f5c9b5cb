"""What belongs to a run ends with it: in the hub's memory nothing is left of a run that is over."""

import gc
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from hub_helpers import PROJECT, HubProcess

from core.hub import server
from core.hub.runs import engine, plugin_events
from core.hub.runs.memory import Memories
from core.plugin_runs.model import RunRequest
from core.secret import Secret
from core.settings import read_settings
from core.store.hub import LogLine, open_hub
from core.store.plugins import Registry
from core.store.runs import Runs


class HubThread(HubProcess):
    """A hub in this process, so that its memory can be looked through."""

    def start(self):
        made, ready = [], threading.Event()

        class Server(server._Server):
            def __init__(self, *args):
                super().__init__(*args)
                made.append(self)

        def told(found):
            self.url, self.key = found.url, found.key.reveal()
            ready.set()

        settings = read_settings({"SWITCHYARD_DATA": str(self.data)})
        upstream = self.words[1] if self.words else None
        listener = server.listen("127.0.0.1", 0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(server, "_Server", Server)
            args = (settings, listener, upstream, told)
            self.thread = threading.Thread(target=server.serve, args=args, daemon=True)
            self.thread.start()
            assert ready.wait(30)
        self.server = made[0]
        return self

    def end(self, how=None):
        self.server.should_exit = True
        self.thread.join(20)


KINDS = {
    "ws": [
        {"do": "many", "count": 3},
        {"do": "lines", "count": 3},
        {"do": "fail"},
        {"do": "nothing"},
        {"do": "unserialisable"},
        {"do": "secretive"},
        {"do": "open_task"},
    ],
    "rest": [{"do": "many", "count": 3}, {"do": "fail"}, {"do": "nothing"}],
}


@pytest.mark.slow
def test_nothing_is_left_of_runs_that_are_over(make_bench, bench, until, monkeypatch):
    monkeypatch.setattr(engine, "KEY_GRACE_SECONDS", 0.2)
    mine = make_bench(bench.hub, kind=HubThread)
    task = mine.hub.sdk().get_tasks(PROJECT, limit=1)["data"]["tasks"][0]["_id"]
    made = {connector: mine.plugin(connector) for connector in KINDS}
    until(lambda: all(mine.is_live(one) for one in made.values()), 30)

    def all_kinds():
        """Runs of every kind; their sessions backwards, or they would be found here."""
        sessions = [
            mine.start(made[connector], {**config, "task": task}, dry_run=True, deadline=2)
            for connector, kinds in KINDS.items()
            for config in kinds
        ]
        for session in sessions:
            mine.ended(session, 60)
        return [session[::-1] for session in sessions]

    all_kinds()  # a cache may keep the first of its kind, and a local name the last
    over = all_kinds()
    for one in made.values():
        mine.run(one, {"do": "lines", "count": 1})
    until(lambda: not mine.hub.server._engine._memories.sessions)
    end = time.monotonic() + 20
    found = found_in_memory(over)
    while found and time.monotonic() < end:
        found = None  # what was found names the runs, and would be found itself
        time.sleep(0.5)  # a thread may be about to let go of the last run
        found = found_in_memory(over)
    assert found == []


def found_in_memory(backwards):
    """What holds one of some texts, or a text with one of them in it."""
    gc.collect()
    wanted = re.compile("|".join(backwards))
    found, holders = [], gc.get_objects()
    while holders:
        holder = holders.pop()
        keys = list(dict.keys(holder)) if isinstance(holder, dict) else []  # texts are not followed
        for held in [*keys, *gc.get_referents(holder)]:
            if isinstance(held, str) and 36 <= len(held) < 4_000 and wanted.search(held[::-1]):
                found.append((type(holder), str(holder)[:300]))
            elif isinstance(held, (dict, tuple)) and not gc.is_tracked(held):
                holders.append(held)  # of plain values only, so it is not among the objects
    return found


@pytest.fixture
def store(database_url):
    return open_hub(database_url)


@pytest.fixture
def session(store, tmp_path):
    plugin = Registry(store, tmp_path).add("Loud").plugin.id
    return Runs(store).start(RunRequest(plugin, PROJECT)).session


def test_lines_that_come_in_many_threads_are_counted_each_once(store, session, monkeypatch):
    monkeypatch.setattr(plugin_events, "MOST_LINES", 40)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        memories = Memories()
        mine = plugin_events.PluginEvents(store, memories, None)
        memories.begin(session, Secret("key"))
        plugin = Runs(store).get(session).request.plugin
        line = LogLine(session, "INFO", "said", plugin=plugin)
        with ThreadPoolExecutor(12) as threads:
            for _ in range(600):
                threads.submit(mine.store_now, line)
        mine.finish(session)
        memories.forget(session)
    finally:
        sys.setswitchinterval(interval)
    run = Runs(store).get(session)
    assert (run.logs, run.dropped, len(store.log_lines(session))) == (41, 560, 41)
    assert memories.sessions == ()


def test_lines_that_are_dropped_are_counted_once_however_many_events_are_stored_with_them(
    store, session, monkeypatch
):
    monkeypatch.setattr(plugin_events, "MOST_LINES", 20)
    memories = Memories()
    mine = plugin_events.PluginEvents(store, memories, None)
    memories.begin(session, Secret("key"))
    plugin = Runs(store).get(session).request.plugin
    for _ in range(50):
        mine.store_now(LogLine(session, "INFO", "said", plugin=plugin))
    end = [plugin_events.Heard(kind, session, plugin, data="done") for kind in ("response", "ack")]
    mine._store_all(end)  # what a busy hub hears at once is stored at once
    mine.finish(session)
    mine.finish(session)
    assert Runs(store).get(session).dropped == 30


def test_plugins_that_talk_across_each_other_cost_no_more_than_one_after_the_other(store, tmp_path):
    memories, heard, asked = Memories(), [], []
    mine = plugin_events.PluginEvents(store, memories, None)
    for name in ("A", "B", "C"):
        plugin = Registry(store, tmp_path).add(name).plugin.id
        session = Runs(store).start(RunRequest(plugin, PROJECT)).session
        memories.begin(session, Secret("key"))
        heard.append((session, plugin))
    events = [
        plugin_events.Heard("log", session, plugin, LogLine(session, "INFO", f"{n}", plugin=plugin))
        for n in range(100)
        for session, plugin in heard
    ]
    sa.event.listen(store._engine, "before_cursor_execute", lambda *_: asked.append(1))
    mine._store_all(events)
    assert len(asked) < 40  # and not some for each line
    for session, _ in heard:
        lines = store.log_lines(session)
        assert [line["message"] for line in lines] == [f"{n}" for n in range(100)]


def test_what_is_said_outside_of_runs_is_bounded_whatever_it_says_it_belongs_to(
    store, session, monkeypatch
):
    monkeypatch.setattr(plugin_events, "MOST_LINES", 20)
    memories = Memories()
    mine = plugin_events.PluginEvents(store, memories, None)
    for number in range(100):
        mine.store_now(LogLine(f"made up {number}", "INFO", "x", plugin="p"))
    said = [line for n in range(100) for line in store.log_lines(f"made up {n}")]
    assert len(said) == 21 and "outside of runs" in said[-1]["message"]
    # the next run has room of its own, and so has what comes besides
    memories.begin(session, Secret("key"))
    mine.store_now(LogLine("late", "INFO", "x", plugin="p"))
    assert len(store.log_lines("late")) == 1


def test_a_memory_is_made_by_a_key_alone_and_holds_all_until_it_is_forgotten(store, session):
    memories = Memories()
    mine = plugin_events.PluginEvents(store, memories, None)
    mine.store_now(LogLine(session, "INFO", "before", plugin="p"))
    mine.finish(session)
    assert memories.of(session) is None and memories.sessions == ()
    begun = memories.begin(session, Secret("key"))
    mine.store_now(LogLine(session, "INFO", "within", plugin="p"))
    assert memories.of(session) is begun and begun.tally.lines == 1
    assert memories.outside.lines == 0
    memories.forget(session)
    memories.forget(session)
    mine.store_now(LogLine(session, "INFO", "after", plugin="p"))
    assert memories.all == () and (begun.tally.lines, memories.outside.lines) == (1, 1)
