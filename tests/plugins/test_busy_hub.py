"""What only shows where plugins say more than a hub can take in at once."""

import json
import select
import time

import pytest
import websocket
from hub_helpers import PROJECT

from core.hub.runs import plugin_events, sockets
from core.hub.runs.engine import Engine
from core.hub.runs.memory import Memories
from core.hub.runs.plugin_events import PluginEvents
from core.plugin_runs.model import RunRequest
from core.store.hub import SANDBOX, open_hub
from core.store.plugins import Registry
from core.store.run_keys import run_of_key
from core.store.runs import Runs
from core.store.tables.hub import projects

from .test_memory import HubThread


def spoken(line, *event):
    line.send("42/plugin," + json.dumps(event))


@pytest.mark.slow
def test_a_plugin_whose_answer_to_a_ping_stands_behind_its_lines_stays_connected(
    make_bench, monkeypatch, until
):
    monkeypatch.setattr(sockets, "PING_SECONDS", 0.5)
    monkeypatch.setattr(sockets, "SILENT_SECONDS", 1.5)
    bench = make_bench(kind=HubThread)
    made = bench.registry.add("Loud", ["Car"])
    address = f"ws{bench.hub.url.removeprefix('http')}/socket.io/?EIO=4&transport=websocket"
    line = websocket.create_connection(address, timeout=20)
    assert line.recv().startswith("0")
    line.send("40/plugin,")
    assert line.recv().startswith("40/plugin,")
    spoken(line, "heartbeat", {"id": made.plugin.id, "secret": made.secret.reveal()})
    connections = bench.hub.server._engine._plugins
    until(lambda: connections.authorised(made.plugin.id), 20)
    end = time.monotonic() + 5
    while time.monotonic() < end:  # it is asked whether it is there, and does not come to answer
        spoken(line, "log", {"session": "s", "level": "INFO", "msg": "line"})
        assert connections.authorised(made.plugin.id), "it was let go of while it spoke"
        select.select([line.sock], [], [], 0.05)
    until(lambda: not connections.authorised(made.plugin.id), 20)  # once it is silent
    line.shutdown()


@pytest.fixture
def queued(database_url, tmp_path):
    """A store with a queued run, as a tick of the hub saw it."""
    store = open_hub(database_url)
    registry = Registry(store, tmp_path)
    plugin = registry.add("D").plugin.id
    return store, registry, Runs(store).start(RunRequest(plugin, PROJECT))


def engine_of(store, registry):
    memories = Memories()
    events = PluginEvents(store, memories, None)
    return Engine(store, registry, None, events, None, memories, lambda: None)


def test_a_run_that_an_earlier_look_took_for_queued_is_handed_over_once(queued):
    """Its key must hold, and its plugin must not begin twice."""
    store, registry, run = queued
    engine = engine_of(store, registry)
    with store.work() as tx:
        tx.execute(
            projects.insert().values(
                id=PROJECT, name="P", backend=SANDBOX, seed=1, created_at="", document="{}"
            )
        )
    memory, body = engine._prepare(run)
    assert engine._prepare(run) is None
    with store.read() as tx:
        assert run_of_key(tx, body["apiKey"], time.time()).session == run.session
    assert memory.key.reveal() == body["apiKey"]


def test_a_run_that_is_being_sent_while_a_tick_asks_the_store_is_not_ready_again(queued):
    store, registry, run = queued
    engine = engine_of(store, registry)
    engine._waits_for = lambda *_: ""
    engine._liveness = lambda *_: None
    engine._say = lambda *_: None
    assert [one.session for one, _ in engine._tick()] == [run.session]
    engine._busy.add(run.session)
    ask = engine._registry.list

    def sent_meanwhile(**more):
        engine._busy.discard(run.session)
        return ask(**more)

    engine._registry.list = sent_meanwhile
    assert engine._tick() == []


def test_what_waits_to_be_stored_is_bounded(make_bench, monkeypatch, until):
    """The plugin waits, and the hub's memory does not grow with what it says."""
    monkeypatch.setattr(plugin_events, "MOST_WAITING", 50)
    most = []
    hear = PluginEvents.hear_log

    def watched(self, line):
        hear(self, line)
        most.append(len(self._queue))

    monkeypatch.setattr(PluginEvents, "hear_log", watched)
    bench = make_bench(kind=HubThread)
    plugin = bench.plugin()
    until(lambda: bench.is_live(plugin), 30)
    run = bench.run(plugin, {"do": "lines", "count": 3_000}, 60)
    assert (run.state, run.message, run.dropped) == ("succeeded", "3000 lines", 0)
    assert bench.said(run.session, limit=5_000) == [f"line {n}" for n in range(3_000)]
    assert max(most) == 51
