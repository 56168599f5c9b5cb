"""Large workspaces on the pages: opening, page changes, memory of the server and per session.

Tables as `bench_scale` makes them up, of 1,000, 100,000 and 1,000,000 tasks in memory and of
10,000,000 on disk, each opened with a project of eight rules by a dashboard of its own. Chromium
opens Rules by its link, then goes through the pages twice: the first visit works out what the
second finds. In the end seven more sessions open Rules at once, and what the server grows by is
divided by them. Memory is what the process has to itself (its private pages).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_journey import PROBE, STILL, change
from bench_scale import STAGE, make
from browser import ROOT, dashboard, launch
from measure import at_most, for_information, heading

from core.settings import TASKS_IN_MEMORY, read_settings
from core.store.database import open_database
from core.store.workspaces import OpenedFiles

MILLION = 1_000_000
SIZES = (1_000, 100_000, MILLION, 10_000_000)
PAGES = ("Overview", "Tasks", "Split", "Explain", "Plan", "Compare", "Story", "Report", "Rules")
SESSIONS = 7
OPENED_SECONDS, PATIENCE_MS = 2.0, 180_000


def project_text() -> str:
    """A project around the stage of `bench_scale`."""
    targets = [
        {"id": one, "type": "Review", "name": one.title(), "next": ["Complete"]}
        for one in STAGE["next"]
    ]
    stages = [
        {"id": "Label", "type": "Label", "name": "Label", "next": ["Logic"]},
        {**STAGE, "id": "Logic", "name": "Routing"},
        *targets,
        {"id": "Complete", "type": "Complete", "name": "Complete", "next": []},
    ]
    return json.dumps({"_id": "large", "name": "Large", "stages": stages})


def private_mb(pid: int) -> float:
    """What a process has to itself, in MB."""
    kilobytes = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Private_"):
            kilobytes += int(line.split()[1])
    return kilobytes * 1_024 / 1e6


def opened(browser: Browser, address: str, workspace: str) -> tuple[Page, float]:
    """Rules of the workspace in a session of its own, and the seconds until it is still."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    began = perf_counter()
    page.goto(f"{address}/rules?workspace={workspace}")
    page.locator("table.bars .bar").first.wait_for()
    page.wait_for_selector(STILL)
    return page, perf_counter() - began


def measure(browser: Browser, folder: Path, tasks: int) -> None:
    """Print what a workspace of so many tasks costs."""
    folder.mkdir()
    make(folder / "tasks", tasks)
    settings = read_settings({"SWITCHYARD_DATA": str(folder / "data")})
    files = OpenedFiles(open_database(settings.database), settings.tables)
    table, file = files.open_path(folder / "tasks", project_text())
    where = "in memory" if table.in_memory else "on disk"
    del table
    heading(f"{tasks:,} tasks {where}")
    with dashboard(folder / "data", ROOT / "app.py") as server:
        page, first_page = opened(browser, server.address, "demo")
        page.context.close()
        page, demo = opened(browser, server.address, "demo")
        before = private_mb(server.pid)
        page.context.close()
        page, seconds = opened(browser, server.address, file.id)
        for_information("Rules of the demo, by its link, first page of the server", first_page, "s")
        for_information("the same again, in another session", demo, "s")
        for_information("Rules, by its link", seconds, "s")
        opening = "of which the tasks: over the demo"
        if tasks == MILLION:
            at_most(opening, OPENED_SECONDS, seconds - demo, "s")
        else:
            for_information(opening, seconds - demo, "s")
        page.evaluate(PROBE)
        first, again = ({one: change(page, one) for one in PAGES} for _ in range(2))
        slowest = max(first, key=first.__getitem__)
        for_information(f"slowest page at its first visit, {slowest}", first[slowest], "s")
        for_information("pages at their second visit, the slowest", max(again.values()), "s")
        for_information("pages at their second visit, the median", median(again.values()), "s")
        seen = private_mb(server.pid)
        for_information("memory of the server over that with the demo", seen - before, "MB")
        others = [opened(browser, server.address, file.id)[0] for _ in range(SESSIONS)]
        grown = (private_mb(server.pid) - seen) / len(others)
        for_information("memory per further session", grown, "MB")
        for one in (page, *others):
            one.context.close()


def main() -> None:
    """Measure each size; others can be named."""
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    assert max(SIZES) > TASKS_IN_MEMORY >= MILLION
    with TemporaryDirectory(prefix="switchyard-") as folder, sync_playwright() as driver:
        browser = launch(driver)
        for tasks in sizes:
            measure(browser, Path(folder) / str(tasks), tasks)
        browser.close()


if __name__ == "__main__":
    main()
