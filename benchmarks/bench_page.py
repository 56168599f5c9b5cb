"""The Rules page over 100,000 tasks: what an edit costs on the server and until it is seen.

One edit is a click on "Move rule 2 up". Three servers run at once, all started as `make run` starts
the dashboard, and headless Chromium has a tab of each. Edits are made in turn, one tab at a time:

- the dashboard, on a draft of an opened file;
- the same dashboard with fixed figures: app and pages are the real ones, but splits, findings,
  cards, charts, tables and JSON of the two orders are remembered, and the edit is not saved;
- an empty page with a button.

Beside them a static page, without a server, whose button changes three numbers and six bars.

Time on the server: what Chromium sent for two edits, one there and one back, is sent again by a
client that draws nothing, and the time is from that message to the one that says that the run has
ended, so it holds the way over loopback but not Chromium's own work on the same processor cores.
Time in Chromium is from the click to the frame in which the list shows the new order and counts.
Edits during which a page refreshed itself are left out.

Above 400 lines because servers, browser and both measures of one edit are read together.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import time
from base64 import b64decode
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websocket import create_connection

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browser import ROOT, START_SECONDS, launch, served
from make_export import project_text, write_export
from measure import at_most, for_information, heading

from core.ango_json.drafts import write_draft
from core.ango_json.project import read_project
from core.export.reader import read_path
from core.model.project import Project
from core.model.rules import Condition, Rule
from core.model.stages import Logic
from core.routing import edit
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.annotator import Annotator
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.settings import read_settings
from core.store.database import open_database
from core.store.drafts import Drafts
from core.store.workspaces import OpenedFiles

TASKS = 100_000
WARM_UP = 4
EDITS = 25
MANY = 50
QUIET_SECONDS = 0.12
STILL = "[data-testid=stApp][data-test-script-state=notRunning]"

EMPTY = """
import streamlit as st

if st.button("Again"):
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.write(f"runs: {st.session_state.get('runs', 0)}")
"""

STATIC = """
<main data-testid="stMain"><div data-testid="stButton"><button>Again</button></div>
<p><b>1</b> <b>2</b> <b>3</b></p>
<div><i></i><i></i><i></i><i></i><i></i><i></i></div></main>
<style>i { display: block; height: 20px; margin: 4px; background: #0072b2; width: 100px }</style>
<script>
  let turn = 0;
  document.querySelector("button").onclick = () => {
    turn += 1;
    document.querySelectorAll("b").forEach((one, n) => { one.textContent = turn * 7 + n; });
    document.querySelectorAll("i").forEach((one, n) => {
      one.style.width = `${100 + ((turn * 37 + n * 53) % 400)}px`;
    });
  };
</script>
"""

FIXED = """
import streamlit as st

from core.charts import split as charts
from core.routing import edit
from core.workspace import Workspace
from pages._ui import drafting
from pages.logic.parts import cards
from pages.logic.parts import stage_json

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
    """The runs that a tab asked for: the first, and those of the last edit."""

    first: BackMsg | None = None
    asked: list[BackMsg] = field(default_factory=list)

    def sent(self, event: dict[str, Any]) -> None:
        """Note a request for a run."""
        message = BackMsg.FromString(b64decode(event["response"]["payloadData"]))
        if message.WhichOneof("type") == "rerun_script":
            self.first = self.first or message
            self.asked.append(message)

    def edit(self) -> BackMsg:
        """What the last edit sent."""
        return next(one for one in self.asked if not one.rerun_script.is_auto_rerun)


@dataclass
class Client:
    """A session of its own that draws nothing and says what Chromium said.

    Args:
        address: Of the server.
        first: What Chromium sent to open the page.
        edits: What it sent for its last two edits.
    """

    address: str
    first: BackMsg
    edits: Sequence[BackMsg]
    waited: list[float] = field(default_factory=list)
    turn: int = 0

    def __post_init__(self) -> None:
        self.socket = create_connection(
            f"ws{self.address.removeprefix('http')}/_stcore/stream",
            subprotocols=["streamlit"],
            sockopt=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
        )
        self._run(self.first)

    def edit(self) -> None:
        """Make one edit and note its time in milliseconds."""
        message = BackMsg()
        message.CopyFrom(self.edits[self.turn % 2])
        self.turn += 1
        for widget in message.rerun_script.widget_states.widgets:
            if widget.id.endswith("rules-list"):  # the list ignores a nonce that it knows
                nonce = f'"nonce":"again-{self.turn}"'
                widget.json_value = re.sub(r'"nonce":"[^"]*"', nonce, widget.json_value)
        self.waited.append(self._run(message) * 1e3)

    def _run(self, message: BackMsg) -> float:
        began = time.perf_counter()
        self.socket.send_binary(message.SerializeToString())
        while True:
            heard = ForwardMsg.FromString(self.socket.recv())
            what = heard.WhichOneof("type")
            assert not (what == "delta" and heard.delta.new_element.HasField("exception")), heard
            if what == "script_finished":
                return time.perf_counter() - began


@dataclass
class Tab:
    """A page in Chromium, and how long its edits took in milliseconds."""

    page: Page
    address: str
    action: str
    wire: Wire
    sent: list[BackMsg] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)

    def edit(self) -> None:
        """Make one edit and note it."""
        self.page.bring_to_front()
        self.wire.asked.clear()
        seen = self.page.evaluate(f"window.{self.action}()")
        self.page.wait_for_selector(STILL)
        self.page.wait_for_timeout(QUIET_SECONDS * 1e3)
        self.sent = [*self.sent[-1:], self.wire.edit()]
        if len(self.wire.asked) == 1:
            self.seen.append(seen)

    def client(self) -> Client:
        """A client that repeats the last two edits."""
        assert self.wire.first is not None
        return Client(self.address, self.wire.first, self.sent)


def open_tab(browser: Browser, address: str, path: str, action: str) -> Tab:
    """Open a page and wait until it is still."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    wire, log = Wire(), page.context.new_cdp_session(page)
    log.on("Network.webSocketFrameSent", wire.sent)
    log.send("Network.enable")
    page.goto(f"{address}/{path}")
    waited_for = ".rules .card.else" if action == "edit" else "[data-testid=stButton]"
    page.wait_for_selector(waited_for, timeout=START_SECONDS * 1e3)
    page.wait_for_selector(STILL)
    page.evaluate(PROBE)
    return Tab(page, address, action, wire)


def repeat(tabs: dict[str, Tab]) -> dict[str, float]:
    """Let clients that draw nothing make the edits of the tabs; milliseconds by name."""
    clients = {name: tab.client() for name, tab in tabs.items()}
    for turn in range(WARM_UP + EDITS):
        for client in clients.values():
            client.edit()
            time.sleep(QUIET_SECONDS)
            if turn < WARM_UP:
                client.waited.clear()
    for client in clients.values():
        client.socket.close()
    return {name: median(client.waited) for name, client in clients.items()}


def take_turns(tabs: Sequence[Tab]) -> None:
    """Edit in all tabs in turn until each has enough; the first edits only warm up."""
    for turn in range(WARM_UP + 3 * EDITS):
        if turn == WARM_UP:
            for tab in tabs:
                tab.seen.clear()
        for tab in tabs:
            tab.edit()
        if turn > WARM_UP and all(len(tab.seen) >= EDITS for tab in tabs):
            return
    raise TimeoutError("too many edits met a refresh")


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


def prepare(data: Path, tasks: int = TASKS, rules: Sequence[int] = (MANY,)) -> dict[int, str]:
    """Put an opened file and drafts of so many rules into the data folder, and one of its own few.

    Returns:
        The drafts' ids by their numbers of rules.
    """
    settings = read_settings({"SWITCHYARD_DATA": str(data)})
    store = open_database(settings.database)
    export = data.parent / "export.ndjson"
    write_export(export, tasks)
    text = project_text()
    opened = OpenedFiles(store, settings.tables).add(export.name, read_path(export), text)
    export.unlink()
    project = read_project(json.loads(text))
    stage = project.logic_stages[0]
    several = [stage.with_rules(many_rules(project, stage, many)) for many in rules]
    few = edit.move(stage, stage.rules[1].id, 0)
    drafts, before = Drafts(store), write_draft(stage)
    return {
        len(edited.rules): drafts.create(
            opened.id, stage.id, before, write_draft(edited), "benchmark"
        ).id
        for edited in (few, *several)
    }


def many_rules(project: Project, stage: Logic, many: int = MANY) -> tuple[Rule, ...]:
    """So many distinct rules of all types."""
    assert project.schema and project.people and project.batches
    classes = [c.schema_id for c in project.schema.top_level]
    people = [person.email for person in project.people]
    batches = [batch.id for batch in project.batches]
    few = many // 5
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


def compare(
    browser: Browser, servers: dict[str, str], draft: str
) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds on the server and in Chromium: dashboard, fixed figures, empty page."""
    tabs = {
        name: open_tab(browser, server, "", "again")
        if name == "empty"
        else open_tab(browser, server, f"rules?draft={draft}", "edit")
        for name, server in servers.items()
    }
    take_turns(list(tabs.values()))
    for tab in tabs.values():
        tab.page.context.close()
    return repeat(tabs), {name: median(tab.seen) for name, tab in tabs.items()}


def static(browser: Browser) -> float:
    """Milliseconds from the click to the frame in which a page without a server has changed."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.set_content(STATIC)
    page.evaluate(PROBE)
    seen: list[float] = []
    for _ in range(WARM_UP + EDITS):
        seen.append(page.evaluate("window.again()"))
        page.wait_for_timeout(QUIET_SECONDS * 1e3)
    page.context.close()
    return median(seen[WARM_UP:])


def show(rules: int, waited: dict[str, float], seen: dict[str, float]) -> tuple[float, float]:
    """Print the table of one draft; returns server and Chromium times of the dashboard."""
    over, times = waited["app"] - waited["empty"], seen["app"] / seen["fixed"]
    heading(f"One edit of {rules} rules over {TASKS:,} tasks")
    if rules < MANY:
        at_most("server: over an empty page", 30, over, "ms")
        at_most("Chromium: click to seen, over the page with fixed figures", 1.3, times)
    else:
        for_information("server: over an empty page", over, "ms")
        for_information("Chromium: click to seen, over the page with fixed figures", times)
    for_information(
        "server: fixed figures over an empty page", waited["fixed"] - waited["empty"], "ms"
    )
    for_information("server: the empty page", waited["empty"], "ms")
    at_most("Chromium: click to seen", 100 if rules < MANY else 150, seen["app"], "ms")
    return waited["app"], seen["app"]


def main() -> None:
    """Measure both drafts and print their tables."""
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
        browser = launch(driver)
        alone = static(browser)
        few, many = (show(n, *compare(browser, servers, draft)) for n, draft in drafts.items())
        for_information(f"server: {MANY} rules over six", many[0] / few[0])
        for_information(f"Chromium: {MANY} rules over six", many[1] / few[1])
        for_information("Chromium: the static page", alone, "ms")
        at_most("Chromium: six rules over the static page", 1.5, few[1] / alone)
        browser.close()


if __name__ == "__main__":
    main()
