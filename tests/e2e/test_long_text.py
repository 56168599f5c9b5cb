"""A page stays a page, whatever length the text on it has."""

import json

import pytest
from playwright.sync_api import expect

from core.plugin_runs.model import Pair, RunRequest
from core.plugin_runs.state import Event
from core.store.hub import LogLine, log, open_hub
from core.store.plugins import Registry
from core.store.runs import Runs, find, record

pytestmark = pytest.mark.browser

BREAKS = "\n".join("word" for _ in range(200_000))
ONE_LINE = "x" * 2**20
PARAGRAPHS = "\n\n# heading\n\n- item\n\n    code" * 20_000
CLASSES = [f"class {n} <b>x</b>" for n in range(1_200)]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A data folder with a short run and long ones; no hub is needed to look at them."""
    folder = tmp_path_factory.mktemp("long")
    store = open_hub(f"sqlite:///{folder / 'switchyard.db'}")
    registry, found = Registry(store, folder), {}
    config = json.dumps({"text": "y" * 2**19})
    long = registry.add("Long", CLASSES, config=config).plugin.id
    short = registry.add("Short", ["a"]).plugin.id
    texts = {"short": "done", "lines": BREAKS, "line": ONE_LINE, "marks": PARAGRAPHS}
    for name, text in texts.items():
        mapping = tuple(Pair(f"s{n}", one) for n, one in enumerate(CLASSES))
        asked = {"mapping": mapping, "config": config} if name != "short" else {}
        run = Runs(store).start(RunRequest(short if name == "short" else long, "p", **asked))
        with store.work() as tx:
            for kind in ("sent", "heard"):
                record(tx, find(tx, run.session), Event(kind, 1.0))
            ended = Event("answered", 2.0, message=text)
            if name == "marks":
                ended = Event("failed", 2.0, reason=text)
            record(tx, find(tx, run.session), ended)
            log(tx, 2.0, LogLine(run.session, "INFO", text))
        found[name] = run.session
    return folder, found, long


SIZES = """() => ({
  height: document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight,
  elements: document.querySelectorAll('*').length,
  characters: document.body.textContent.length })"""


def opened(page, address):
    """How high the page is, of how many elements and characters."""
    page.goto(address)
    expect(page.get_by_role("log")).to_be_visible()
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0)
    return page.evaluate(SIZES)


def test_a_run_page_stays_small_whatever_was_said(serve, chromium, runs):
    folder, sessions, _ = runs
    base = serve(data=folder)
    page = chromium.new_page(viewport={"width": 1440, "height": 1000})
    short = opened(page, f"{base}/run?run={sessions['short']}")
    for name in ("lines", "line", "marks"):
        page.goto(f"{base}/run?run={sessions[name]}")
        expect(page.get_by_text("Download all").first).to_be_visible()
        long = opened(page, f"{base}/run?run={sessions[name]}")
        assert long["height"] < short["height"] + 600, (name, long, short)
        assert long["elements"] < short["elements"] + 1_000, (name, long, short)
        assert long["characters"] < short["characters"] + 100_000, (name, long, short)
    page.get_by_text("What was asked").click()
    expect(page.get_by_text("and 1,180 more.")).to_be_visible()
    assert page.evaluate(SIZES)["height"] < short["height"] + 3_000
    page.close()
