"""Probe, take the mapping, dry run, look at a mix-up, compare, apply: in a real browser."""

import re
from io import BytesIO

import pytest
from browser_helpers import (
    CONTRAST,
    PATIENCE,
    in_dark,
    metric,
    settled,
    violations_of_ours,
)
from harbour_helpers import Harbour
from PIL import Image
from playwright.sync_api import expect

from core.demo import by_hand, harbour, shapes
from core.plugin_runs.draft import read_start
from core.store.starts import Starts

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = Harbour(tmp_path_factory.mktemp("checked"))
    by_hand.add_by_hand(made.hub.url, made.hub.key, made.project_id)
    yield made
    made.end()


def choose(page, label, option):
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=re.compile(option)).first.click()
    page.keyboard.press("Escape")
    settled(page)


def field(page, many, row, column):
    """Click a field of the confusion matrix, counted from the top left."""
    chart = page.locator("[class*=st-key-check-heat]")
    chart.scroll_into_view_if_needed()
    plot = chart.locator(".nsewdrag").bounding_box()
    page.mouse.click(
        plot["x"] + plot["width"] * (column + 0.5) / many,
        plot["y"] + plot["height"] * (row + 0.5) / many,
    )


def test_from_a_probe_to_labels_that_are_known_to_be_good(chromium_page, serve, house, until):
    page, base = chromium_page, serve(data=house.data)
    page.goto(f"{base}/start")
    settled(page)
    expect(page.get_by_text(re.compile("Connected$")).first).to_be_visible(timeout=20_000)
    choose(page, "Project class for lorry", "^Vessel")
    editor = page.get_by_role("textbox", name="Config, JSON")
    editor.fill(shapes.CONFIG)
    expect(page.get_by_text("2 differences from the default")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Probe the model").click()
    seen = page.get_by_text(re.compile("lie there; it is mapped to Vessel"))
    expect(seen).to_be_visible(timeout=PATIENCE)
    lie, of = map(int, re.search(r"(\d+) of (\d+)", seen.inner_text()).groups())
    assert 0.8 * of < lie <= of
    settled(page)
    page.locator("[class*=st-key-start-map-lie]").get_by_role("button").click()
    expect(page.get_by_text(f"{lie} of {of} lie on it")).to_be_visible(timeout=15_000)
    settled(page)
    link = re.search(r"start=([\w-]+)", page.url)[1]
    mapping = read_start(Starts(house.store).get(link)).mapping
    assert mapping["lorry"] == harbour.made_id("Truck")

    page.get_by_role("button", name="Dry run").click()
    page.get_by_role("button", name="Check against the labels of people").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Check", exact=True)).to_be_visible(timeout=30_000)
    settled(page)
    session = re.search(r"run=([\w-]+)", page.url)[1]
    expect(page.get_by_text("labels of people on 24 assets")).to_be_visible()
    heat = page.locator("[class*=st-key-check-heat] .ytick text")
    expect(heat.first).to_be_attached()
    ticks = heat.all_text_contents()
    field(page, len(ticks), ticks.index("Small boat"), ticks.index("Vessel"))
    expect(page.get_by_text(re.compile("People: Small boat, run: Vessel"))).to_be_visible()
    image = page.get_by_test_id("stImage").locator("img").first
    expect(image).to_be_visible(timeout=30_000)
    picture = Image.open(BytesIO(page.request.get(image.evaluate("one => one.src")).body()))
    assert picture.width >= 900
    assert violations_of_ours(page) == []
    in_dark(page)
    assert violations_of_ours(page, CONTRAST) == []
    page.get_by_role("button", name="Leave this field").click()
    expect(page.get_by_text("such labels on")).to_be_visible()

    page.get_by_role("slider", name=re.compile("Least overlap")).press("ArrowRight")
    page.wait_for_url(re.compile(r"check\.iou=0\.55"))
    settled(page)
    other = page.context.new_page()
    other.goto(page.url)
    slider = other.get_by_role("slider", name=re.compile("Least overlap"))
    expect(slider).to_have_attribute("aria-valuenow", "0.55")
    for title in ("Precision", "Recall", "Mean overlap"):
        expect(metric(other, title)).to_have_text(metric(page, title).inner_text())
    other.close()
    page.get_by_role("button", name="Compare them in full").click()
    expect(page.get_by_role("heading", name="Compare", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("with the labels of the run against without them")).to_be_visible()
    page.goto(f"{base}/run?run={session}")
    settled(page)
    page.get_by_role("button", name="Apply these").click()
    page.get_by_role("button", name="Write them").click()
    expect(page.get_by_text("were stored in").first).to_be_visible(timeout=30_000)
    assert house.runs.get(session).applied_by is not None
