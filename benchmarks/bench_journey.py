"""From `make run` to the first chart, from page to page, and Explain with 60 rules, in Chromium.

- Start: a fresh data folder, hub and dashboard as `make run` starts them on an installed clone.
  The time is from the start of the process to the frame that shows the first chart of Home; beside
  it an app of one page with one chart, started and waited for in the same way.
- Page changes: from the click on a page in the navigation to the frame in which its heading stands,
  its run has ended and each of its charts is drawn. Every page is entered from the one before, over
  the demo's 5,012 tasks; beside it the change between two pages of an app that hold a heading only.
- Explain: from the click on each of its tabs to the same frame, with 60 rules over 400 tasks.

The driver of the browser works on the same processor cores, so a machine with two of them shows
more than a user's would.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_page import prepare
from browser import ROOT, START_SECONDS, free_port, launch, served, started, wait_for
from measure import at_most, for_information, heading

from pages._ui.nav import PAGES

ROUNDS = 3
RULES, FEW_TASKS = 60, 400
FIRST_CHART_SECONDS, CHANGE_SECONDS, EXPLAIN_SECONDS = 5, 1.5, 1
TABS = ("Overlap", "Findings", "Safe to reorder?", "What falls into Else", "Hits")

ONE_CHART = """
import plotly.graph_objects as go
import streamlit as st

st.header("Home")
st.plotly_chart(go.Figure(go.Bar(y=[1, 2, 3])))
"""

TWO_PAGES = """
import streamlit as st

def one():
    st.header("One")

def other():
    st.header("Other")

st.navigation([st.Page(one, title="One"), st.Page(other, title="Other")]).run()
"""

PROBE = """
() => {
  const main = () => document.querySelector("[data-testid=stMain]");
  const drawn = () =>
    document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]") &&
    !main().querySelector("[data-stale=true], [data-testid=stSkeleton]") &&
    [...main().querySelectorAll("[data-testid=stPlotlyChart]")]
      .every((chart) => !chart.offsetParent || chart.querySelector(".main-svg"));
  const headings = () => [...main().querySelectorAll("h1, h2")].map((one) => one.innerText.trim());
  const until = (ready) => new Promise((resolve) => {
    const look = () => {
      if (!ready()) return requestAnimationFrame(look);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(0);
    };
    requestAnimationFrame(look);
  });
  window.change = async (title) => {
    const links = document.querySelectorAll("[data-testid=stSidebarNavLink]");
    const named = (one) => [...one.querySelectorAll("*")].some((o) => o.textContent === title);
    const link = [...links].find(named);
    const before = headings()[0];
    const isOther = () => headings()[0] && headings()[0] !== before;
    const began = performance.now();
    link.click();
    const ended = await until(() =>
      isOther() && link.getAttribute("aria-current") === "page" && drawn());
    return ended - began;
  };
  window.tab = async (name) => {
    const tabs = [...document.querySelectorAll("[role=tab]")];
    const tab = tabs.find((one) => one.innerText.trim() === name);
    const panel = () => document.getElementById(tab.getAttribute("aria-controls"));
    const began = performance.now();
    tab.click();
    return (await until(() => panel() && panel().innerText.trim() && drawn())) - began;
  };
}
"""
DRAWN = ".js-plotly-plot .main-svg, table.bars .bar"
STILL = "[data-testid=stApp][data-test-script-state=notRunning]"


def first_chart(browser: Browser, folder: Path, *command: str, port: int) -> float:
    """Seconds from the start of a server to the first chart in the browser."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    began = perf_counter()
    with started(folder / "data", port, *command) as address:
        wait_for(address)
        page.goto(address)
        page.locator(DRAWN).first.wait_for(timeout=START_SECONDS * 1e3)
        taken = perf_counter() - began
        page.context.close()
    return taken


def alone(script: Path, port: int) -> tuple[str, ...]:
    """How Streamlit serves a script by itself."""
    quiet = ("--server.headless", "true", "--browser.gatherUsageStats", "false")
    return ("-m", "streamlit", "run", str(script), "--server.port", str(port), *quiet)


def start_of_all(browser: Browser, folder: Path) -> None:
    """Print how long the first chart takes, each time in a fresh data folder."""
    plain = folder / "one_chart.py"
    plain.write_text(ONE_CHART, encoding="utf-8")
    ours, empty = [], []
    for turn in range(ROUNDS):
        fresh = folder / f"fresh-{turn}"
        fresh.mkdir()
        port, hub = free_port(), free_port()
        up = ("-m", "core", "up", "--port", str(hub), "--dashboard-port", str(port))
        ours.append(first_chart(browser, fresh, *up, port=port))
        port = free_port()
        empty.append(first_chart(browser, fresh, *alone(plain, port), port=port))
    heading("From the start to the first chart, fresh data folder")
    at_most("first chart of Home", FIRST_CHART_SECONDS, median(ours), "s")
    for_information("an app of one page with one chart", median(empty), "s")


@contextmanager
def opened(browser: Browser, address: str, path: str = "") -> Iterator[Page]:
    """A page that is still, with the probe in it."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{address}/{path}")
    page.wait_for_selector("[data-testid=stHeading]", timeout=START_SECONDS * 1e3)
    page.wait_for_selector(STILL, timeout=START_SECONDS * 1e3)
    page.evaluate(PROBE)
    yield page
    page.context.close()


def change(page: Page, title: str) -> float:
    """Seconds of one change of page."""
    taken: float = page.evaluate("title => window.change(title)", title)
    page.wait_for_timeout(300)
    return taken / 1e3


def page_changes(browser: Browser, folder: Path) -> None:
    """Print what each page takes, beside an app that is empty."""
    bare = folder / "two_pages.py"
    bare.write_text(TWO_PAGES, encoding="utf-8")
    port, hub = free_port(), free_port()
    (folder / "whole").mkdir()
    (folder / "bare").mkdir()
    up = ("-m", "core", "up", "--port", str(hub), "--dashboard-port", str(port))
    taken: dict[str, list[float]] = {entry.title: [] for entry in PAGES}
    empty: list[float] = []
    with ExitStack() as stack:
        ours = stack.enter_context(started(folder / "whole" / "data", port, *up))
        wait_for(ours)
        app = stack.enter_context(opened(browser, ours))
        other = free_port()
        plain = stack.enter_context(started(folder / "bare" / "data", other, *alone(bare, other)))
        wait_for(plain)
        small = stack.enter_context(opened(browser, plain))
        for turn in range(ROUNDS + 1):  # the first round fills the caches of both
            for place, title in enumerate([*list(taken)[1:], "Home"]):
                app.bring_to_front()
                spent = change(app, title)
                small.bring_to_front()
                beside = change(small, ("Other", "One")[place % 2 ^ turn % 2])
                if turn:
                    taken[title].append(spent)
                    empty.append(beside)
    heading("Page changes, 5,012 tasks")
    for title, times in taken.items():
        at_most(title, CHANGE_SECONDS, median(times), "s")
    for_information("an empty page", median(empty), "s")


def explain(browser: Browser, folder: Path) -> None:
    """Print what each tab of Explain takes with many rules."""
    (folder / "explain").mkdir()
    data = folder / "explain" / "data"
    draft = prepare(data, FEW_TASKS, (RULES,))[RULES]
    taken: dict[str, list[float]] = {tab: [] for tab in TABS}
    with (
        served(data, ROOT / "app.py") as address,
        opened(browser, address, f"rules?draft={draft}") as page,
    ):
        entered = []
        for turn in range(ROUNDS + 1):
            spent = change(page, "Explain")
            for tab in TABS:
                each: float = page.evaluate("name => window.tab(name)", tab)
                page.wait_for_timeout(300)
                if turn:
                    taken[tab].append(each / 1e3)
            if turn:
                entered.append(spent)
            change(page, "Rules")
    heading(f"Explain, {RULES} rules over {FEW_TASKS} tasks")
    at_most("from Rules to its first tab", EXPLAIN_SECONDS, median(entered), "s")
    for tab, times in taken.items():
        at_most(tab, EXPLAIN_SECONDS, median(times), "s")


def main() -> None:
    """Measure all three and print their tables."""
    with TemporaryDirectory() as name, sync_playwright() as driver:
        browser = launch(driver)
        for part in (start_of_all, page_changes, explain):
            folder = Path(name) / part.__name__
            folder.mkdir()
            part(browser, folder)
        browser.close()


if __name__ == "__main__":
    main()
