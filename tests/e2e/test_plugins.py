"""Map, edit the config, dry run, apply, see boxes, find the run again; a log of many lines."""

import re
import subprocess
import sys
from io import BytesIO

import pytest
from browser_helpers import (
    CONTRAST,
    PATIENCE,
    in_dark,
    violations_of_ours,
)
from harbour_helpers import Harbour, drawn
from hub_helpers import ENVIRONMENT
from PIL import Image
from playwright.sync_api import expect

from core.plugin_runs.draft import read_start
from core.store.starts import Starts

pytestmark = pytest.mark.browser
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
LINES = 20_000
FLOOD = """
import sys
from imerit_ango.plugins import BatchModelPlugin, run

def callback(data):
    for number in range({lines}):
        data["logger"].info(f"line {{number}}")
    return "said it all"

run(BatchModelPlugin(sys.argv[2], sys.argv[3], callback), host=sys.argv[1])
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    made = Harbour(tmp_path_factory.mktemp("harbour"))
    yield made
    made.end()


@pytest.fixture
def base(serve, harbour):
    return serve(data=harbour.data)


def settled(page):
    page.wait_for_timeout(150)
    page.wait_for_selector(IDLE, timeout=30_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def choose(page, label, option):
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=re.compile(option)).first.click()
    page.keyboard.press("Escape")
    settled(page)


def draft(page, harbour):
    link = re.search(r"start=([\w-]+)", page.url)
    assert link, page.url
    return Starts(harbour.store).get(link[1])


def test_from_the_mapping_to_boxes_on_an_image(chromium_page, base, harbour):
    page = chromium_page
    page.goto(f"{base}/start")
    settled(page)
    expect(page.get_by_text(re.compile("Connected$")).first).to_be_visible(timeout=20_000)
    choose(page, "Batches", "pixels")
    choose(page, "Project class for kite", "Ferry")
    choose(page, "Project class for person", "Left out")
    settled(page)
    chosen = read_start(draft(page, harbour)).mapping
    assert chosen["kite"] and not chosen["person"], chosen

    editor = page.get_by_role("textbox", name="Config, JSON")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(",")
    expect(page.get_by_text(re.compile("Line 10, column 1")).first).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name="Start for real")).to_be_disabled()
    page.keyboard.press("Backspace")
    expect(page.get_by_text("Valid. The plugin receives")).to_be_visible(timeout=15_000)
    text = editor.input_value().replace('"min_area": 40', '"min_area": 1, "mine": 1.50')
    editor.fill(text)
    expect(page.get_by_text("2 differences from the default")).to_be_visible(timeout=15_000)
    tolerance = page.get_by_role("textbox", name="Colour tolerance")
    tolerance.fill("40")
    tolerance.press("Enter")
    expect(page.get_by_text("3 differences from the default")).to_be_visible(timeout=15_000)
    text = text.replace('"tolerance": 45', '"tolerance": 40')
    expect(editor).to_have_value(text)
    settled(page)
    assert '\\"mine\\": 1.50' in draft(page, harbour)

    page.get_by_role("button", name="Dry run").click()
    apply = page.get_by_role("button", name="Apply these")
    expect(apply).to_be_visible(timeout=PATIENCE)
    wanted = len(drawn(left_out=("person",)))
    expect(page.get_by_text(f"{wanted:,} labels in")).to_be_visible()
    assets = harbour.hub.ask("GET", f"/v2/project/{harbour.project_id}/assets?limit=1").json()
    assert assets["data"]["assets"][0]["isPreLabeled"] is False
    apply.click()
    page.get_by_role("button", name="Write them").click()  # its buoys are boxes, not points
    expect(page.get_by_text("were stored in").first).to_be_visible(timeout=30_000)
    session = re.search(r"run=([\w-]+)", page.url)[1]
    stored = harbour.runs.get(session)
    assert sum(stored.per_class.values()) == wanted
    assert stored.request.config == text  # byte for byte as shown

    image = (
        page.get_by_role("img", name="pixels-001.png, after")
        .or_(page.get_by_test_id("stImage").locator("img"))
        .first
    )
    expect(image).to_be_visible(timeout=30_000)
    picture = Image.open(BytesIO(page.request.get(image.evaluate("one => one.src")).body()))
    kept = harbour.labels.kept(session, 1)[0]
    scale = picture.width / 480

    def stands_out(box):
        """How far the edge of a box is from what is inside; names may lie over some boxes."""
        level = int((box["y"] + box["height"] / 2) * scale)
        edge = picture.getpixel((int(box["x"] * scale), level))
        middle = picture.getpixel((int((box["x"] + box["width"] / 2) * scale), level))
        return sum(abs(a - b) for a, b in zip(edge, middle, strict=True))

    assert max(stands_out(tool["bounding-box"]) for tool in kept.added["tools"]) > 60

    page.reload()
    settled(page)
    expect(page.get_by_text("were stored in").first).to_be_visible(timeout=20_000)
    other = page.context.browser.new_context().new_page()  # a second browser
    other.goto(page.url)
    expect(other.get_by_text("were stored in").first).to_be_visible(timeout=20_000)
    other.context.close()
    page.get_by_role("button", name="All runs").click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible(timeout=20_000)
    page.reload()
    settled(page)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert harbour.runs.list(limit=1)[0].session == session


def test_twenty_thousand_lines_are_all_there_in_their_order(chromium_page, base, harbour):
    made = harbour.registry.add("Flood")
    script = harbour.data / "flood.py"
    script.write_text(FLOOD.format(lines=LINES))
    words = [sys.executable, script, harbour.hub.url, made.plugin.id, made.secret.reveal()]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([str(word) for word in words], env=ENVIRONMENT, **quiet)
    try:
        harbour.until(
            lambda: (one := harbour.registry.liveness().get(made.plugin.id)) and one.state == "live"
        )
        from core.plugin_runs.model import RunRequest

        session = harbour.runs.start(RunRequest(made.plugin.id, harbour.project_id)).session
        page = chromium_page
        page.goto(f"{base}/run?run={session}")
        log = page.get_by_role("log", name="Log of the run")
        expect(log).to_be_visible(timeout=20_000)
        page.get_by_role("searchbox", name="Search the log").fill("line 1")  # usable meanwhile
        expect(page.get_by_text(re.compile(r"of [\d,]+ lines"))).to_be_visible(timeout=20_000)
        page.get_by_role("searchbox", name="Search the log").fill("")
        expect(page.get_by_text("said it all")).to_be_visible(timeout=90_000)
        expect(page.get_by_text(f"{LINES:,} lines", exact=True)).to_be_visible(timeout=PATIENCE)
        expect(log.locator(".row").last).to_contain_text(f"line {LINES - 1}")
        page.get_by_label("Follow").uncheck()
        for place in (0, 5_000, 12_345):
            log.evaluate("(view, top) => { view.scrollTop = top; }", place * 20)
            rows = log.locator(".row .text")
            expect(rows.first).to_contain_text(f"line {max(0, place - 8)}")
            numbers = [int(text.split()[1]) for text in rows.all_text_contents()]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download the log").click()
        lines = waiting.value.path().read_text().splitlines()
        assert [f'"message": "line {n}"' in line for n, line in enumerate(lines)] == [True] * LINES
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.parametrize("place", ["registry", "start", "runs", "run?run="])
def test_accessibility_rules_hold_but_for_what_streamlit_itself_breaks(
    chromium_page, base, harbour, place
):
    page = chromium_page
    if place.endswith("="):
        limited = harbour.request(dry_run=True, limit=2)
        place += harbour.runs.start(limited).session
        harbour.until(lambda: harbour.runs.list(limit=1)[0].is_final)
    page.goto(f"{base}/{place}")
    settled(page)
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()  # once its parts are named
    page.wait_for_timeout(800)
    assert not violations_of_ours(page)
    in_dark(page)
    assert not violations_of_ours(page, CONTRAST)
