"""An hour's traffic in minutes, part of `make soak`; the figures stand in `docs/operations.md`.

Twenty plugins by the SDK's own clients, two hundred queued runs, twenty of which say 50,000 lines
each, and thirty dashboards that look at runs while they go on. Nothing may be lost, the hub may not
grow, and pages must answer. A dashboard here draws nothing: it sends what Chromium sent to open a
run's page, and refreshes what the page refreshes, as often, reporting the lines that it has.
"""

import json
import re
import select
import socket
import statistics
import subprocess
import sys
import threading
import time
from base64 import b64decode
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import pytest
from browser_helpers import FLAGS, ROOT, chromium_path, free_port, settled, wait_until_ready
from hub_helpers import ENVIRONMENT
from playwright.sync_api import expect, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websocket import ABNF, create_connection

from core.hub.runs.plugin_events import MOST_LINES

CREWS, EACH = 4, 5
RUNS, LOUD_LINES, DASHBOARDS = 200, 50_000, 30
PATIENCE_SECONDS = 60.0
RUN = re.compile(r"run=[\w-]+")
LOG = "switchyard_log_view"


def private_mib(process):
    """Memory that a process shares with nobody."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(one.split()[1]) for one in lines if one.startswith("Private_")) / 1024


class Looker:
    """A dashboard in somebody's browser, on the page of a run; when that ends, of the next.

    Args:
        port: Of the dashboard.
        first: What Chromium sent to open a page.
        later: What it sent when its log had grown.
        sessions: The runs'.
    """

    def __init__(self, port, first, later, sessions):
        self.port, self.first, self.later = port, first, later
        self.sessions, self.session = cycle(sessions), ""
        self.opened, self.waited, self.problem = [], [], ""
        self.timers, self.log_of, self.last, self.is_over = {}, None, 0, False

    def look(self):
        """Open the page and follow it until it is told to stop."""
        try:
            self.socket = create_connection(
                f"ws://127.0.0.1:{self.port}/_stcore/stream",
                subprotocols=["streamlit"],
                sockopt=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
                timeout=PATIENCE_SECONDS,
            )
            while not self.is_over:
                if not self.timers:
                    self._open_next()
                self._refresh_what_is_due()
            self.socket.close()
        except Exception as error:  # the test says it
            self.problem = f"{type(error).__name__}: {error}"

    def _open_next(self):
        self.session, self.last = next(self.sessions), 0
        self.opened.append(self._ask(self._own(self.first)))

    def _own(self, message):
        own = BackMsg()
        own.CopyFrom(message)
        asked = own.rerun_script
        asked.query_string = RUN.sub(f"run={self.session}", asked.query_string)
        del asked.cached_message_hashes[:]
        for widget in asked.widget_states.widgets:
            if "runs-log" in widget.id and widget.json_value:
                have = json.loads(widget.json_value)
                have["have"] = {"run": self.session, "instance": "looker", "last": self.last}
                widget.json_value = json.dumps(have)
        return own

    def _refresh_what_is_due(self):
        now = time.monotonic()
        due = [one for one, (at, _) in self.timers.items() if at <= now]
        for one in due:
            if one not in self.timers:  # the run ended meanwhile, and the page was drawn anew
                continue
            message = self._own(self.later)
            message.rerun_script.fragment_id = one
            message.rerun_script.is_auto_rerun = True
            self.timers[one] = (now + self.timers[one][1], self.timers[one][1])
            self.waited.append(self._ask(message))
        wait = min([at for at, _ in self.timers.values()], default=now + 1) - time.monotonic()
        if select.select([self.socket.sock], [], [], max(0, min(wait, 0.5)))[0]:
            self._hear()

    def _ask(self, message):
        began = time.perf_counter()
        self.socket.send_binary(message.SerializeToString())
        while self._hear() not in (0, 3):
            assert time.perf_counter() - began < PATIENCE_SECONDS, "no answer"
        return time.perf_counter() - began

    def _hear(self):
        """Take in one message; how a run of the page's script ended, if it says that one did."""
        opcode, piece = self.socket.recv_data(control_frame=True)
        assert opcode != ABNF.OPCODE_CLOSE, "closed"
        if opcode != ABNF.OPCODE_BINARY:  # the server looks whether anybody is there
            return None
        message = ForwardMsg.FromString(piece)
        kind = message.WhichOneof("type")
        if kind == "delta":
            element = message.delta.new_element
            assert not element.HasField("exception"), element.exception.message
            if element.bidi_component.component_name.endswith(LOG):
                lines = json.loads(element.bidi_component.json or "{}").get("lines") or []
                self.last = lines[-1][0] if lines else self.last
        elif kind == "new_session" and not message.new_session.fragment_ids_this_run:
            self.timers = {}
        elif kind == "auto_rerun":
            interval = message.auto_rerun.interval
            self.timers[message.auto_rerun.fragment_id] = (time.monotonic() + interval, interval)
        return message.script_finished if kind == "script_finished" else None


def recorded(driver, base, session):
    """What Chromium sends to open the page of a run whose log grows, and then."""
    browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    page, asked = browser.new_page(), []

    def sent(event):
        message = BackMsg.FromString(b64decode(event["response"]["payloadData"]))
        if message.WhichOneof("type") == "rerun_script":
            asked.append(message)

    log = page.context.new_cdp_session(page)
    log.on("Network.webSocketFrameSent", sent)
    log.send("Network.enable")
    page.goto(f"{base}/run?run={session}")
    expect(page.locator(".logs .count")).to_have_text(re.compile("[1-9]"), timeout=60_000)
    page.wait_for_timeout(3_000)
    browser.close()
    later = [one for one in asked if '"last":' in str(one).replace("\\", "")]
    return asked[0], later[-1]


@pytest.fixture
def traffic(make_bench, until):
    """A hub with twenty plugins, and a dashboard of the same data folder."""
    bench = make_bench()
    made = [bench.registry.add(f"Model {n + 1}", ["Car"]) for n in range(CREWS * EACH)]
    for start in range(0, len(made), EACH):
        pairs = [word for one in made[start : start + EACH]
                 for word in (one.plugin.id, one.secret.reveal())]  # fmt: skip
        with (bench.data / f"crew-{start}.err").open("wb") as errors:
            bench.processes.append(
                subprocess.Popen(
                    [sys.executable, str(ROOT / "tests/soak/crew.py"), bench.hub.url, *pairs],
                    env={**ENVIRONMENT, "CONNECTOR": "WS"},
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                )
            )
    bench.made = [one.plugin.id for one in made]
    until(lambda: all(bench.is_live(one) for one in bench.made), 120)
    bench.dashboard_port = free_port()
    with ExitStack() as stack:
        log = stack.enter_context((bench.data / "dashboard.log").open("wb"))
        bench.dashboard = subprocess.Popen(
            [sys.executable, "-m", "pages._ui.serve", "--server.port", str(bench.dashboard_port)],
            cwd=ROOT,
            env={**ENVIRONMENT, "SWITCHYARD_DATA": str(bench.data)},
            stdout=log,
            stderr=log,
        )
        wait_until_ready(f"http://127.0.0.1:{bench.dashboard_port}", bench.dashboard)
        yield bench
        bench.dashboard.terminate()
        bench.dashboard.wait(20)


def queued(bench):
    """The runs, the loud one of each plugin in another place of its queue."""
    rounds = RUNS // len(bench.made)
    return [
        (bench.start(plugin, {"lines": LOUD_LINES}, dry_run=True), LOUD_LINES)
        if turn == number % rounds
        else (bench.start(plugin, {"lines": 20, "labels": 50}, dry_run=True), 20)
        for turn in range(rounds)
        for number, plugin in enumerate(bench.made)
    ]


def ended(bench, sessions):
    return sum(run.is_final for run in bench.runs.list(limit=RUNS + 10) if run.session in sessions)


def test_an_hour_of_traffic_in_minutes(traffic, until):
    base = f"http://127.0.0.1:{traffic.dashboard_port}"
    recording = traffic.start(traffic.made[0], {"lines": 20_000}, dry_run=True)
    with sync_playwright() as driver:
        first, later = recorded(driver, base, recording)
    traffic.ended(recording, 120)
    memory = {"before": private_mib(traffic.hub.process.pid)}
    began = time.monotonic()
    runs = queued(traffic)
    sessions = {session for session, _ in runs}
    loud = [session for session, lines in runs if lines == LOUD_LINES]
    lookers = [
        Looker(traffic.dashboard_port, first, later, loud[n % len(loud) :] + loud)
        for n in range(DASHBOARDS)
    ]
    threads = [threading.Thread(target=one.look, daemon=True) for one in lookers]
    for thread in threads:
        thread.start()
    for share in (0.25, 0.5, 0.75, 1):
        until(lambda share=share: ended(traffic, sessions) >= share * RUNS, 1_800)
        memory[f"{share:.0%}"] = private_mib(traffic.hub.process.pid)
    took = time.monotonic() - began
    for one in lookers:
        one.is_over = True
    for thread in threads:
        thread.join()
    until(lambda: time.monotonic() > began + took + 15)  # a run is remembered until its key ends
    memory["after"] = private_mib(traffic.hub.process.pid)
    waited = [seconds for one in lookers for seconds in one.waited]
    cuts = statistics.quantiles(waited, n=100)
    print(f"\n{RUNS} runs of {len(traffic.made)} plugins in {took:.0f} s,",
          f"{sum(lines for _, lines in runs):,} lines")  # fmt: skip
    print("MiB of the hub:", {name: round(mib) for name, mib in memory.items()})
    opened = [seconds for one in lookers for seconds in one.opened]
    print(f"{len(opened):,} pages opened: median {statistics.median(opened):.1f} s, at most",
          f"{max(opened):.1f} s; {len(waited):,} refreshes: median",
          f"{cuts[49]:.2f} s, 95 % {cuts[94]:.2f} s, at most {max(waited):.1f} s")  # fmt: skip
    print(f"MiB of the dashboard: {private_mib(traffic.dashboard.pid):.0f}")

    assert [one.problem for one in lookers if one.problem] == []
    assert min(len(one.waited) for one in lookers) >= 20
    for session, lines in runs:
        run = traffic.runs.get(session)
        assert (run.state, run.message, run.dropped) == ("succeeded", f"{lines} lines", 0)
        assert run.logs >= lines
    for session in loud:
        said, last = [], 0
        while some := traffic.runs.logs(session, after=last, limit=10_000):
            said += [line.message for line in some if line.message.startswith("line ")]
            last = some[-1].number
        assert said == [f"line {n} of a model that says what it does" for n in range(LOUD_LINES)]
    assert max(memory.values()) < memory["25%"] + 60, memory
    assert memory["after"] < memory["25%"] + 60, memory


def test_what_is_more_than_is_kept_is_counted_and_its_page_still_answers(traffic, until):
    session = traffic.start(traffic.made[0], {"lines": MOST_LINES + 10_000}, dry_run=True)
    run = traffic.ended(session, 300)
    assert run.state == "succeeded"
    until(lambda: traffic.runs.get(session).dropped == 10_000, 30)
    run = traffic.runs.get(session)
    assert run.logs == MOST_LINES + 1
    marks = traffic.runs.logs(session, levels=["WARNING"])
    assert len(marks) == 1 and "only counted" in marks[0].message
    base = f"http://127.0.0.1:{traffic.dashboard_port}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_page()
        began = time.monotonic()
        page.goto(f"{base}/run?run={session}")
        page.get_by_text("Log", exact=True).first.click(timeout=60_000)
        expect(page.locator(".logs .row").first).to_be_visible(timeout=60_000)
        shown = time.monotonic() - began
        whole = f"{MOST_LINES + 1:,} lines"
        expect(page.locator(".logs .count")).to_have_text(whole, timeout=300_000)
        all_there = time.monotonic() - began
        settled(page)
        page.get_by_role("searchbox", name="Search the log").fill("only counted")
        began = time.monotonic()
        expect(page.locator(".logs .count")).to_have_text(f"1 of {whole}")
        print(f"\nfirst lines after {shown:.1f} s, all of {whole} after {all_there:.1f} s,",
              f"searched in {time.monotonic() - began:.2f} s")  # fmt: skip
        expect(page.get_by_text("10,000 more lines came than are kept")).to_be_visible()
        browser.close()
    assert shown < 15
