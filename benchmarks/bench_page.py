"""The Rules page over 100,000 tasks: what an edit costs on the server and until it is seen.

One edit is a click on "Move rule 2 up". Three servers run at once, all started as `make run` starts
the dashboard, and headless Chromium has a tab of each. Edits are made in turn, one tab at a time:

- the dashboard, on a draft of an opened file;
- the same dashboard with fixed figures: app and pages are the real ones, but splits, findings,
  cards, charts, tables and JSON of the two orders are remembered, and the edit is not saved;
- an empty page with a button.

Time on the server is taken from Chromium's network log: from the message that asks for a run to the
message that says that it has ended, so it holds the way over loopback. Chromium draws while the
server still works; on a machine with few or busy cores that stretches it, so the processor time of
the server per edit is printed, too. Time in Chromium is from the click to the frame in which the
list shows the new order and counts. Edits during which a page refreshed itself are left out.

Above 400 lines because servers, browser and both measures of one edit are read together.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from make_export import project_text, write_export
from measure import at_most, for_information, heading

from core.logic import edit
from core.model.project import Project
from core.model.rules import (
    AnnotationType,
    Annotator,
    Batch,
    ClassFilter,
    Condition,
    Duration,
    RandomSample,
    Rule,
)
from core.model.stages import Logic
from core.settings import read_settings
from core.store.database import open_database
from core.store.drafts import Drafts
from core.store.workspaces import OpenedFiles
from core.tasks.read import read_path
from core.wire.drafts import write_draft
from core.wire.project import read_project

ROOT = Path(__file__).resolve().parents[1]
TASKS = 100_000
WARM_UP = 4
EDITS = 25
MANY = 50
START_SECONDS = 60
QUIET_SECONDS = 0.12
STILL = "[data-testid=stApp][data-test-script-state=notRunning]"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]

START = """
from pathlib import Path

from pages._ui import serve

serve.APP = Path({script!r})
serve.main()
"""

EMPTY = """
import streamlit as st

if st.button("Again"):
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.write(f"runs: {st.session_state.get('runs', 0)}")
"""

FIXED = """
import streamlit as st

from core.charts import split as charts
from core.logic import edit
from core.workspace import Workspace
from pages._ui import drafting
from pages._ui.components import cards, stage_json

in_hand = drafting.stage_in_hand


def stage_in_hand(opened):
    if "orders" not in st.session_state:
        first = in_hand(opened)
        st.session_state["orders"] = [first, edit.move(first, first.rules[1].id, 0)]
    return st.session_state["orders"][0]


def save(opened, edited):
    st.session_state["orders"].reverse()


def fix(owner, name):
    compute, known = getattr(owner, name), {}

    def fixed(*args, **more):
        order = " ".join(rule.id for rule in st.session_state["orders"][0].rules)
        if order not in known:
            known[order] = compute(*args, **more)
        return known[order]

    setattr(owner, name, fixed)


drafting.stage_in_hand, drafting.save = stage_in_hand, save
for name in ("split", "check"):
    fix(Workspace, name)
for name in ("split_bars", "split_sankey", "split_table", "stage_table"):
    fix(charts, name)
for name in ("write_stage", "dumps"):
    fix(stage_json, name)
fix(cards, "cards_of")
fix(drafting, "colors")
"""

PROBE = """
() => {
  const find = (node, what) => {
    for (const one of node.querySelectorAll("*")) {
      if (one.matches(what)) return one;
      const below = one.shadowRoot && find(one.shadowRoot, what);
      if (below) return below;
    }
  };
  const shown = (list) => [...list.querySelectorAll(".card")]
    .map((card) => card.dataset.rule + card.querySelector(".count").textContent).join();
  const painted = (done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  });
  const changed = (node, text) => new Promise((resolve) => {
    const before = text();
    const observer = new MutationObserver(() => {
      if (text() === before) return;
      observer.disconnect();
      painted(() => resolve(performance.now()));
    });
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(node, all);
  });
  window.edit = async () => {
    const list = find(document, ".rules");
    const button = list.querySelector('[aria-label="Move rule 2 up"]');
    const done = changed(list, () => shown(list));
    const began = performance.now();
    button.click();
    return (await done) - began;
  };
  window.again = async () => {
    const main = document.querySelector("[data-testid=stMain]");
    const done = changed(main, () => main.innerText);
    const began = performance.now();
    document.querySelector("[data-testid=stButton] button").click();
    return (await done) - began;
  };
}
"""


@dataclass
class Wire:
    """What a tab said to its server and heard from it, by Chromium's clock in seconds."""

    asked: list[tuple[float, bool]] = field(default_factory=list)
    finished: list[float] = field(default_factory=list)

    def sent(self, event: dict[str, Any]) -> None:
        """Note a request for a run, and whether the page made it by itself."""
        message = BackMsg.FromString(b64decode(event["response"]["payloadData"]))
        if message.WhichOneof("type") == "rerun_script":
            self.asked.append((event["timestamp"], message.rerun_script.is_auto_rerun))

    def received(self, event: dict[str, Any]) -> None:
        """Note the end of a run."""
        message = ForwardMsg.FromString(b64decode(event["response"]["payloadData"]))
        if message.WhichOneof("type") == "script_finished":
            self.finished.append(event["timestamp"])

    def forget(self) -> None:
        """Begin anew."""
        self.asked.clear()
        self.finished.clear()

    def server_seconds(self) -> float | None:
        """From the request to the end of its last run; None when the page refreshed itself."""
        if len(self.asked) != 1 or self.asked[0][1] or not self.finished:
            return None
        return self.finished[-1] - self.asked[0][0]


@dataclass(frozen=True)
class Server:
    """A running Streamlit server."""

    address: str
    process: int

    def cpu_seconds(self) -> float:
        """Processor time that it has used, by the system's clock of 10 ms."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="utf-8").rsplit(")")[-1]
        ticks = sum(int(word) for word in fields.split()[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")


@dataclass
class Tab:
    """A page in Chromium, and how long its edits took in milliseconds."""

    page: Page
    server: Server
    action: str
    wire: Wire
    waited: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)

    def edit(self) -> None:
        """Make one edit and note it."""
        self.page.bring_to_front()
        self.wire.forget()
        before = self.server.cpu_seconds()
        seen = self.page.evaluate(f"window.{self.action}()")
        self.page.wait_for_selector(STILL)
        self.page.wait_for_timeout(QUIET_SECONDS * 1e3)
        waited = self.wire.server_seconds()
        if waited is not None:
            self.waited.append(waited * 1e3)
            self.worked.append((self.server.cpu_seconds() - before) * 1e3)
            self.seen.append(seen)

    def forget(self) -> None:
        """Begin anew."""
        for times in (self.waited, self.worked, self.seen):
            times.clear()


def open_tab(browser: Browser, server: Server, path: str, action: str) -> Tab:
    """Open a page and wait until it is still."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    wire, log = Wire(), page.context.new_cdp_session(page)
    log.on("Network.webSocketFrameSent", wire.sent)
    log.on("Network.webSocketFrameReceived", wire.received)
    log.send("Network.enable")
    page.goto(f"{server.address}/{path}")
    waited_for = ".rules .card.else" if action == "edit" else "[data-testid=stButton]"
    page.wait_for_selector(waited_for, timeout=START_SECONDS * 1e3)
    page.wait_for_selector(STILL)
    page.evaluate(PROBE)
    return Tab(page, server, action, wire)


def take_turns(tabs: Sequence[Tab]) -> None:
    """Edit in all tabs in turn until each has enough; the first edits only warm up."""
    for turn in range(WARM_UP + 3 * EDITS):
        if turn == WARM_UP:
            for tab in tabs:
                tab.forget()
        for tab in tabs:
            tab.edit()
        if turn > WARM_UP and all(len(tab.seen) >= EDITS for tab in tabs):
            return
    raise TimeoutError("too many edits met a refresh")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(data: Path, script: Path) -> Iterator[Server]:
    """Run a Streamlit server from the root of the project."""
    port = free_port()
    with (data.parent / f"{port}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", START.format(script=str(script)), "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "SWITCHYARD_DATA": str(data)},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not answer")


def write_variants(folder: Path) -> tuple[Path, Path]:
    """Write the page with fixed figures and the empty page."""
    fixed, empty = folder / "fixed" / "app.py", folder / "empty.py"
    fixed.parent.mkdir()
    (fixed.parent / "pages").symlink_to(ROOT / "pages")
    (fixed.parent / "fixed_figures.py").write_text(FIXED, encoding="utf-8")
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    begin = "import streamlit"
    fixed.write_text(app.replace(begin, f"import fixed_figures\n{begin}", 1), encoding="utf-8")
    empty.write_text(EMPTY, encoding="utf-8")
    return fixed, empty


def prepare(data: Path) -> dict[int, str]:
    """Put an opened file and two drafts into the data folder; gives the drafts by rules."""
    settings = read_settings({"SWITCHYARD_DATA": str(data)})
    engine = open_database(settings.database)
    export = data.parent / "export.ndjson"
    write_export(export, TASKS)
    text = project_text()
    opened = OpenedFiles(engine, settings.tables).add(export.name, read_path(export), text)
    export.unlink()
    project = read_project(json.loads(text))
    stage = project.logic_stages[0]
    many = stage.with_rules(many_rules(project, stage))
    few = edit.move(stage, stage.rules[1].id, 0)
    drafts, before = Drafts(engine), write_draft(stage)
    return {
        len(edited.rules): drafts.create(
            opened.id, stage.id, before, write_draft(edited), "benchmark"
        ).id
        for edited in (few, many)
    }


def many_rules(project: Project, stage: Logic) -> tuple[Rule, ...]:
    """Fifty distinct rules of all types."""
    assert project.schema and project.people and project.batches
    classes = [c.schema_id for c in project.schema.top_level]
    people = [person.email for person in project.people]
    batches = [batch.id for batch in project.batches]
    few = MANY // 5
    conditions: list[Condition] = []
    for place, (a, b), who, where in zip(
        range(few),
        combinations(classes, 2),
        combinations(people, 2),
        combinations(batches, 2),
        strict=False,
    ):
        conditions += [
            Batch(where),
            RandomSample(0.02 + place / 1_000),
            AnnotationType((ClassFilter(a), ClassFilter(b, False))),
            Annotator(who),
            Duration(60_000 + 1_000 * place, 70_000 + 2_000 * place),
        ]
    return tuple(
        Rule(f"{c.kind}-{place}", c, stage.otherwise) for place, c in enumerate(conditions)
    )


def compare(browser: Browser, servers: dict[str, Server], draft: str) -> dict[str, Tab]:
    """Measure a draft on the dashboard and with fixed figures, and the empty page."""
    tabs = {
        name: open_tab(browser, server, "", "again")
        if name == "empty"
        else open_tab(browser, server, f"rules?draft={draft}", "edit")
        for name, server in servers.items()
    }
    take_turns(list(tabs.values()))
    for tab in tabs.values():
        tab.page.context.close()
    return tabs


def show(rules: int, tabs: dict[str, Tab]) -> tuple[float, float]:
    """Print the table of one draft; returns server and Chromium times of the dashboard."""
    waited = {name: median(tab.waited) for name, tab in tabs.items()}
    worked = {name: mean(tab.worked) for name, tab in tabs.items()}
    seen = {name: median(tab.seen) for name, tab in tabs.items()}
    over, times = waited["app"] - waited["empty"], seen["app"] / seen["fixed"]
    heading(f"One edit of {rules} rules over {TASKS:,} tasks")
    if rules < MANY:
        at_most("server: over an empty page", 60, over, "ms")
        at_most("Chromium: click to seen, over the page with fixed figures", 1.3, times)
    else:
        for_information("server: over an empty page", over, "ms")
        for_information("Chromium: click to seen, over the page with fixed figures", times)
    for_information(
        "server: fixed figures over an empty page", waited["fixed"] - waited["empty"], "ms"
    )
    for_information(
        "server: processor time over an empty page", worked["app"] - worked["empty"], "ms"
    )
    for_information("server: the empty page", waited["empty"], "ms")
    for_information("Chromium: click to seen", seen["app"], "ms")
    return waited["app"], seen["app"]


def main() -> None:
    """Measure both drafts and print their tables."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is missing"
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        drafts = prepare(folder / "data")
        fixed, empty = write_variants(folder)
        scripts = {"app": ROOT / "app.py", "fixed": fixed, "empty": empty}
        servers = {
            name: stack.enter_context(served(folder / "data", script))
            for name, script in scripts.items()
        }
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=found, args=FLAGS)
        few, many = (show(n, compare(browser, servers, draft)) for n, draft in drafts.items())
        for_information(f"server: {MANY} rules over six", many[0] / few[0])
        for_information(f"Chromium: {MANY} rules over six", many[1] / few[1])
        browser.close()


if __name__ == "__main__":
    main()
