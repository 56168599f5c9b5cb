"""Steps in the browser that tests share, and what starts one."""

import shutil
import socket
import time
import urllib.request
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # drawn by the processor, what moves while a page runs costs more than the page itself
    "--disable-threaded-animation",
]
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""By preference: the first has no windows to draw of its own."""
START_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(base, process):
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{base}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def chromium_path():
    """Where Chromium is."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    assert path, "Chromium is missing; `make test` installs it or says how"
    return path


# text boxes of choices, empty while something is chosen; the rest is mended by `landmarks.js`
STREAMLITS_OWN = {"color-contrast": 'role="combobox"'}
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
NAME = "Street scenes"
PATIENCE = 180_000
"""Milliseconds for what is worked out behind a page, on a busy machine."""


def settled(page):
    page.wait_for_selector(IDLE, timeout=60_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def menu(page, name):
    """Open a menu of the line above the page: project, draft, scenario, tasks or readings."""
    close_menus(page)
    page.locator(f"[class*=st-key-frame-menu-{name}]").get_by_test_id("stPopoverButton").click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()


def close_menus(page):
    """Close what is open, by a click beside it."""
    body = page.get_by_test_id("stPopoverBody")
    if body.count():
        page.mouse.click(3, 3)
        expect(body).to_have_count(0)


def upload(place, path, number=0):
    """Choose a file, and wait until it has arrived."""
    place.locator("input[type=file]").nth(number).set_input_files(path)
    expect(place.get_by_role("button", name=f"Remove {path.name}")).to_be_visible()


def open_export(page, *paths):
    """Open an export, and a project if its file is given, by upload."""
    menu(page, "project")
    page.get_by_role("button", name="Open an export").click()
    dialog = page.get_by_role("dialog")
    for place, path in enumerate(paths):
        upload(dialog, path, place)
    settled(page)
    dialog.get_by_role("button", name="Open", exact=True).click()
    expect(dialog).to_have_count(0)
    settled(page)


def link_to(page, name):
    """A page's link in the navigation, by the name that is read aloud."""
    pages = page.get_by_role("navigation", name="Pages")
    return pages.get_by_role("link", name=name, exact=True)


def go_to(page, name, heading=None):
    """Click a page in the navigation and wait for it; Overview has the project's name on top."""
    link = link_to(page, name)
    link.click()
    expect(page.get_by_role("heading", name=heading or name, exact=True).first).to_be_visible()
    expect(link).to_have_attribute("aria-current", "page")
    settled(page)


def metric(page, label):
    """The large number under a label."""
    of = page.get_by_test_id("stMetric").filter(has_text=label)
    return of.get_by_test_id("stMetricValue")


def connect(page, base, url, key):
    page.goto(f"{base}/connect")
    settled(page)
    enter_hub(page, url, key)


def enter_hub(page, url, key):
    """Fill in Connect, which is open."""
    page.get_by_role("combobox", name="Where your Ango Hub is").click()
    page.get_by_role("option", name="Another address").click()
    address = page.get_by_role("textbox", name="Address")
    address.fill(url)
    address.press("Enter")
    settled(page)
    page.get_by_role("textbox", name="API key").fill(key)
    page.get_by_role("button", name="Test the connection").click()


def open_project(page, base, hub):
    connect(page, base, hub.url, hub.key)
    expect(page.get_by_text("Connected: 1 project")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("button", name=NAME)).to_be_visible(timeout=40_000)
    settled(page)


def in_dark(page):
    """Waits until a page is drawn in dark."""
    light = "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    before = page.evaluate(light)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => ({light})() !== before", arg=before)
    settled(page)
    page.wait_for_timeout(300)  # colours fade into each other


ALL_RULES = {"resultTypes": ["violations"]}
"""Those of axe; what keeps them need not be told node by node."""
CONTRAST = {**ALL_RULES, "runOnly": ["color-contrast"]}
"""The one of axe's rules that asks for colours: what else it finds is the same in dark."""


def violations_of_ours(page, options=ALL_RULES):
    """What axe finds on a page; what was only just drawn is looked at once more."""
    return _violations(page, options) and _violations(page, options)


def _violations(page, options):
    return [
        (rule["id"], node["html"])
        for rule in Axe().run(page, options=options).response["violations"]
        for node in rule["nodes"]
        if STREAMLITS_OWN.get(rule["id"], "nowhere") not in node["html"]
    ]
