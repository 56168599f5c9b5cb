"""Connections that break, and two processes that say they are the same plugin."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from core.hub.runs.engine import REPLACED


class Wire:
    """A way to the hub that can be cut: plugins are told that the hub is here."""

    def __init__(self, port):
        self.port, self.open, self.delay = port, True, 0.0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.ends = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if not self.open:
                near.close()
                continue
            time.sleep(self.delay)
            far = socket.create_connection(("127.0.0.1", self.port))
            self.ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one, other):
        try:
            while some := one.recv(65_536):
                other.sendall(some)
        except OSError:
            pass
        self._shut(one, other)
        one.close()

    def _shut(self, *ends):
        for end in ends:
            with suppress(OSError):  # a thread that still reads keeps a socket open that is closed
                end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self._shut(*self.ends)
        self.ends.clear()

    def end(self):
        self.open = False
        self.listener.close()
        self.cut()


@pytest.fixture
def wire(bench):
    made = Wire(bench.hub.port)
    yield made
    made.end()


@pytest.fixture
def wired(bench, wire, until):
    made = bench.registry.add("Wired").plugin.id
    bench.launch(made, bench.registry.secret(made), host=wire.url)
    until(lambda: bench.is_live(made), 30)
    yield made
    bench.kill_last()


def begun(bench, until, session):
    until(lambda: bench.runs.get(session).state == "running")
    return session


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0, 3], ids=["at once", "as late as a new process"])
def test_a_run_outlives_a_connection_that_comes_back(bench, wire, wired, until, delay):
    session = begun(bench, until, bench.start(wired, {"do": "nap", "seconds": 3 + 3 * delay}))
    wire.delay = delay
    # the second time its mark comes with a connection that had one already; the SDK itself may stay
    # deaf for ever when it is cut off right after it has connected
    for pause in (0, 1.5) if delay else (0,):
        time.sleep(pause)
        before = bench.registry.liveness()[wired].since
        wire.cut()
        until(lambda: bench.is_live(wired) and bench.registry.liveness()[wired].since > before)  # noqa: B023
    run = bench.ended(session)
    assert (run.state, run.message) == ("succeeded", "awake")


@pytest.mark.slow
def test_a_process_that_took_the_place_of_another_at_once_is_not_that_one(
    bench, wire, until, tmp_path
):
    """The new one waits with all modules loaded, so it connects within milliseconds.

    Two connect directly, two through one proxy, which is the peer of old and new.
    """
    hosts = [bench.hub.url, wire.url] * 2
    made = [bench.registry.add(f"Killed {n}") for n in range(4)]
    pairs = list(zip(made, hosts, strict=True))
    old = [bench.launch(one.plugin.id, one.secret, host=host) for one, host in pairs]
    until(lambda: all(bench.is_live(one.plugin.id) for one in made), 60)
    held = [bench.start(one.plugin.id, {"do": "nap", "seconds": 600}) for one in made]
    queued = [bench.start(one.plugin.id, {"do": "who"}) for one in made]
    for one in held:
        begun(bench, until, one)
    gates = [tmp_path / one.plugin.id for one in made]
    new = [
        bench.launch(one.plugin.id, one.secret, "ws", 0, gate, host=host)
        for (one, host), gate in zip(pairs, gates, strict=True)
    ]
    until(lambda: all(gate.with_name(f"{gate.name}.ready").exists() for gate in gates), 60)
    for process, gate in zip(old, gates, strict=True):
        process.kill()
        gate.touch()
    ends = [bench.ended(one, 30) for one in held]
    assert {(run.state, run.reason) for run in ends} == {("interrupted", REPLACED)}
    said = [bench.ended(one, 30).message for one in queued]
    assert said == [str(process.pid) for process in new]
    for _ in range(8):
        bench.kill_last()


def test_of_two_processes_with_one_id_the_newest_gets_the_run(bench, until):
    plugin = bench.plugin()
    until(lambda: bench.is_live(plugin), 30)
    bench.launch(plugin, bench.registry.secret(plugin))
    until(lambda: bench.registry.liveness()[plugin].processes == 2, 30)
    run = bench.run(plugin, {"do": "who"})
    assert run.state == "succeeded" and run.message == str(bench.processes[-1].pid)
    assert "2 processes" in bench.registry.liveness()[plugin].note
    for _ in range(2):
        bench.kill_last()


def test_odd_lines_of_a_log(bench, plugins):
    run = bench.run(plugins["ws"], {"do": "odd_lines"})
    assert run.state == "failed" and "not JSON serializable" in run.reason
    lines = bench.runs.logs(run.session)
    said = [(line.level, line.message) for line in lines][:3]
    assert said == [("Level 25", "own"), ("INFO", "{'a': 1}"), ("INFO", "%d one more")]
