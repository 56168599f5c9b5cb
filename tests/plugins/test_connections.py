"""Connections that break, and two processes that say they are the same plugin."""

import socket
import threading
from contextlib import suppress

import pytest


class Wire:
    """A way to the hub that can be cut: plugins are told that the hub is here."""

    def __init__(self, port):
        self.port, self.open = port, True
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
    bench.processes.pop().kill()


def begun(bench, until, session):
    until(lambda: bench.runs.get(session).state == "running")
    return session


def test_a_run_outlives_a_connection_that_comes_back(bench, wire, wired, until):
    session = begun(bench, until, bench.start(wired, {"do": "nap", "seconds": 3}))
    wire.cut()
    run = bench.ended(session)
    assert (run.state, run.message) == ("succeeded", "awake")


def test_of_two_processes_with_one_id_the_newest_gets_the_run(bench, until):
    plugin = bench.plugin()
    until(lambda: bench.is_live(plugin), 30)
    bench.launch(plugin, bench.registry.secret(plugin))
    until(lambda: bench.registry.liveness()[plugin].processes == 2, 30)
    run = bench.run(plugin, {"do": "who"})
    assert run.state == "succeeded" and run.message == str(bench.processes[-1].pid)
    assert "2 processes" in bench.registry.liveness()[plugin].note
    for _ in range(2):
        bench.processes.pop().kill()


def test_odd_lines_of_a_log(bench, plugins):
    run = bench.run(plugins["ws"], {"do": "odd_lines"})
    assert run.state == "failed" and "not JSON serializable" in run.reason
    lines = bench.runs.logs(run.session)
    said = [(line.level, line.message) for line in lines][:3]
    assert said == [("Level 25", "own"), ("INFO", "{'a': 1}"), ("INFO", "%d one more")]
