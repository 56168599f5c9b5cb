"""Takes a picture of every page, light and dark, at three widths: `make screens`.

Hub, demo and dashboard run on a fresh data folder, with one dry run made, so that no page is empty.
The pictures are written to `screens/`, which is not committed, and are there to be looked at. With
`SCREENS_HIGH=3000` each shows the whole page, not the first view alone.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from browser_helpers import FLAGS, IDLE, chromium_path, free_port, wait_until_ready
from playwright.sync_api import expect, sync_playwright
from waiting import wait_until

from core import demo
from pages._ui.nav import PAGES, address

ROOT = Path(__file__).parents[1]
SIZES = ((1280, 800), (1920, 1080), (400, 800))
MODES = ("light", "dark")
WIDE = 800
"""Pixels from which the navigation stands beside a page."""
SLOW, QUIET = 120_000, 700
"""Milliseconds: for a busy machine, and for what moves on a page."""


def take(page, base, folder, names):
    """Pictures of the pages of these addresses, in the browser page's own size and mode."""
    for entry in PAGES:
        if names and entry.title.lower() not in names:
            continue
        link = page.get_by_test_id("stSidebarNav").get_by_role("link").and_(
            page.locator(f"a[href$='/{address(entry)}']"))  # fmt: skip
        if page.url == "about:blank" or page.viewport_size["width"] < WIDE:
            page.goto(f"{base}/{address(entry)}")
        else:
            link.click()  # a load costs most of the time
        shown = page.locator("[aria-current=page]").filter(has_text=entry.title)
        expect(shown.or_(page.locator("[data-testid=stMain] h2")).first).to_be_attached(
            timeout=SLOW
        )
        page.wait_for_timeout(QUIET)  # until the page of before is gone
        expect(page.locator(IDLE)).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(QUIET)  # what is drawn by the browser itself
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=SLOW)
        page.screenshot(path=folder / f"{entry.title.lower().replace(' ', '-')}.png")


def take_more(page, base, folder, names, session):
    """What is no page of the navigation: a run, what may be moved in Story, the menus on top."""
    menus = ("project", "draft", "scenario", "tasks", "readings")
    views = {
        "run": (f"run?run={session}", None),
        "story-setup": ("story", page.get_by_text("What may be moved")),
        **{f"menu-{one}": ("rules", page.locator(f"[class*=st-key-frame-menu-{one}] button"))
           for one in menus},
    }  # fmt: skip
    for name, (path, opens) in views.items():
        if names and name not in names:
            continue
        page.goto(f"{base}/{path}")
        expect(page.locator("[data-testid=stMain] h2").first).to_be_attached(timeout=SLOW)
        expect(page.locator(IDLE)).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(QUIET)
        if opens is not None:
            opens.first.click()
            page.wait_for_timeout(QUIET)
            expect(page.locator(IDLE)).to_be_visible(timeout=SLOW)
        page.screenshot(path=folder / f"{name}.png")


def core(*words):
    """What a command prints as JSON."""
    command = [sys.executable, "-m", "core", *words, "--json"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def dry_run():
    """One dry run of the demo's plugin, once the hub has it; gives its session."""
    plugin = wait_until(lambda: core("plugin", "list"), seconds=120)[0]["id"]
    mapping = core("plugin", "map", "--plugin", plugin, "--project", demo.PROJECT_ID)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([{name: pair[name] for name in ("schemaId", "modelClass")}
                   for pair in mapping if pair["schemaId"]], file)  # fmt: skip
        file.flush()
        return core("run", "start", "--plugin", plugin, "--project", demo.PROJECT_ID,
                    "--map", file.name, "--dry-run", "--wait", "120")["session"]  # fmt: skip


@contextmanager
def served():
    """The address of a dashboard whose pages have something to show, and a run of it."""
    os.environ["SWITCHYARD_DATA"] = tempfile.mkdtemp()
    hub, port = free_port(), free_port()
    command = [sys.executable, "-m", "core", "up", "--port", str(hub), "--dashboard-port",
               str(port)]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}", dry_run()
    finally:
        server.terminate()
        server.wait()


def main(names):
    """Take the pictures; names of pages narrow it."""
    high = int(os.environ.get("SCREENS_HIGH", "0"))
    with served() as (base, session), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        widths = os.environ.get("SCREENS_WIDTHS", "").split()
        for width, height in SIZES:
            if widths and str(width) not in widths:
                continue
            for mode in MODES:
                size = {"width": width, "height": high or height}
                context = browser.new_context(viewport=size, color_scheme=mode)
                folder = ROOT / "screens" / f"{width}-{mode}"
                folder.mkdir(parents=True, exist_ok=True)
                page = context.new_page()
                take(page, base, folder, names)
                take_more(page, base, folder, names, session)
                context.close()


if __name__ == "__main__":
    main({name.lower() for name in sys.argv[1:]})
