"""The whole loop on a fresh data folder: edit, publish, let tasks through, a plugin, start over."""

import signal
import subprocess
import sys

import pytest
from browser_helpers import (
    PATIENCE,
    free_port,
    settled,
    wait_until_ready,
)
from hub_helpers import ENVIRONMENT, ROOT, run_core
from playwright.sync_api import expect

from core import demo
from core.ango_json.text import loads
from core.launcher.labour import read_labour
from core.publish.backup import backups
from core.settings import read_settings
from core.store.hub import find_project, open_hub

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def up(tmp_path, until):
    """`python -m core up`, once the demo is on its hub; its dashboard, hub and data folder."""
    ports = [free_port(), free_port()]
    words = ["up", "--port", ports[0], "--dashboard-port", ports[1], "--data", tmp_path]
    with (tmp_path / "up.err").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "core", *map(str, words)],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    base, hub = (f"http://127.0.0.1:{port}" for port in reversed(ports))
    try:
        wait_until_ready(base, process)
        until((tmp_path / "demo" / "copy" / "about.json").exists, 180)
        yield base, hub, tmp_path
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def stage(data):
    with open_hub(read_settings({"SWITCHYARD_DATA": str(data)}).database).read() as tx:
        document = loads(find_project(tx, demo.PROJECT_ID).document)
    return next(one for one in document["stages"] if one["type"] == "Logic")


def go_to(page, name):
    page.get_by_test_id("stSidebarNav").get_by_text(name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=30_000)
    settled(page)


def publish(page):
    go_to(page, "Publish")
    expect(page.get_by_text("The draft against what the local hub has now")).to_be_visible()
    settled(page)
    page.get_by_role("textbox", name="Type the project's name").fill("Harbour traffic")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Written to the local hub and verified")).to_be_visible(timeout=30_000)


def let_through(page):
    go_to(page, "Split")
    page.get_by_text("How many, how fast").click()
    page.get_by_text("As fast as possible").click()
    settled(page)
    page.get_by_role("button", name="Let 500 tasks through").click()
    expect(page.get_by_text("500 of 500 tasks came through")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Observed against predicted")).to_be_visible(timeout=PATIENCE)
    settled(page)


def label_with_the_plugin(page, base):
    page.goto(f"{base}/start")
    expect(page.get_by_text("Connected").first).to_be_visible(timeout=PATIENCE)
    settled(page)
    chosen = page.get_by_test_id("stMultiSelect").filter(has_text="Batches").first
    expect(chosen).to_contain_text("pixels")  # whose images are here, and wait for labels
    expect(chosen).not_to_contain_text("by hand")
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_text("3 of the 35 tasks would go elsewhere")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Apply these").click()
    page.get_by_role("button", name="Write them").click()  # its buoys are boxes, not points
    expect(page.get_by_text("3 of the 35 tasks go elsewhere")).to_be_visible(timeout=30_000)
    settled(page)
    page.get_by_role("button", name="Show these tasks on Split").click()
    expect(page.get_by_role("heading", name="Split", exact=True)).to_be_visible(timeout=30_000)
    card = page.get_by_test_id("stMetric").filter(has_text="Double check").first
    expect(card.get_by_test_id("stMetricValue")).to_have_text("3", timeout=30_000)


def test_from_a_fresh_folder_round_the_loop_and_back(chromium_page, up):
    page, (base, hub, data) = chromium_page, up
    page.goto(f"{base}/rules")
    settled(page)
    before = stage(data)
    page.locator(".rules .card").nth(4).click()
    settled(page)
    page.get_by_role("button", name="Duplicate rule 5").click()
    expect(page.get_by_role("button", name="Duplicate rule 8")).to_be_visible(timeout=20_000)
    settled(page)
    publish(page)
    assert len(stage(data)["logic"]["conditions"]) == 8
    let_through(page)
    labour = read_labour(open_hub(read_settings({"SWITCHYARD_DATA": str(data)}).database))
    done = run_core("project", "behaving", "--id", demo.PROJECT_ID, "--data", data, "--json")
    told = loads(done.stdout)
    assert done.returncode == 0, told["sentences"]
    counts = [one["observed"] for one in told["counts"]]
    assert counts == list(labour.outputs[0].counts) and sum(counts) == 500
    assert all(one["adjusted"] > 0.05 for one in told["counts"]), told
    expect(page.get_by_text("The counts are what the scenario expects").first).to_be_visible()
    label_with_the_plugin(page, base)
    page.get_by_role("button", name="Start over").click()
    sure = page.get_by_role("dialog").get_by_role("button", name="Start over")
    sure.click()
    expect(page.get_by_text("as packaged again")).to_be_visible(timeout=15_000)
    card = page.get_by_test_id("stMetric").filter(has_text="Double check").first
    expect(card.get_by_test_id("stMetricValue")).to_have_text("0", timeout=15_000)
    assert stage(data) == before
    assert len(backups(data / "backups", hub, demo.PROJECT_ID)) == 1, "backups stay"
