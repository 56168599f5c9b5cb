"""In a real browser: pin a baseline, change a percentage, read the migration, open a moved task,
export the report and open it without network; keep, export and import a scenario."""

import json
import re

import pytest
from browser_helpers import close_menus, go_to, menu, open_export, settled, upload
from conftest import DATA
from playwright.sync_api import expect

from core.routing import edit
from core.rule_types.random_sample import RandomSample
from core.scenario.file import VERSION, read_scenario, write_scenario
from core.scenario.scenario import scenario_of

pytestmark = pytest.mark.browser

ROW_HEIGHT = 35


def open_sample(page, base):
    page.goto(base)
    settled(page)
    open_export(page, DATA / "export.zip", DATA / "project.json")


def scenarios_dialog(page, tab):
    menu(page, "scenario")
    page.get_by_role("button", name="Save or import").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name=tab).click()
    return dialog


def save_as(page, name):
    dialog = scenarios_dialog(page, "Save and export")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("textbox", name="Name").press("Tab")
    settled(page)
    dialog.get_by_role("button", name="Save here").click()
    expect(dialog).to_have_count(0)
    settled(page)


def choose(page, label, option):
    menu(page, "scenario")
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=option).click()
    settled(page)
    close_menus(page)


def downloaded(page, button, folder):
    with page.expect_download() as waiting:
        button.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_from_a_pinned_baseline_to_a_report_that_opens_without_network(
    chromium_page, serve, sample, tmp_path
):
    page, stage = chromium_page, sample.project.logic_stages[0]
    open_sample(page, serve())
    go_to(page, "Rules")
    save_as(page, "As today")
    choose(page, "Open", "None")
    choose(page, "Baseline", "As today")
    page.locator(".rules .card").nth(1).click()
    settled(page)
    box = page.get_by_role("textbox", name="Chance, %")
    box.fill("35")
    box.press("Enter")
    card = page.locator(".rules .card").nth(1)
    expect(card.locator(".was")).to_have_text("was 20 % at random")
    after = edit.set_condition(stage, stage.rules[1].id, RandomSample(0.35))
    before_split = sample.split(stage)
    before_count = before_split.outputs[1].count
    expect(card.locator(".before")).to_have_text(
        f"was {before_count.expected:,.0f} · {before_split.labels[1]}"
    )

    go_to(page, "Compare")
    result, sides = sample.compare(stage, after), sample.sides(stage, after)
    numbers = page.get_by_test_id("stMetricValue")
    main = page.get_by_test_id("stMain").get_by_test_id("stMetricValue")
    expect(main.nth(0)).to_have_text(f"{result.moved.expected:,.0f}")
    expect(page.get_by_text("against “As today”")).to_be_visible()
    expect(page.get_by_text(f"{result.moved.low:,} to {result.moved.high:,}").first).to_be_visible()
    assert numbers.count() == 3

    (first, *_) = sample.moves(sides, sample.everything)
    table = page.locator(".st-key-compare-moves")
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    table.locator(".dvn-scroller").click(position={"x": 16, "y": int(1.5 * ROW_HEIGHT)})
    settled(page)
    page.get_by_role("button", name=f"Open {first.external_id}").click()
    expect(page.get_by_role("heading", name="Tasks", exact=True)).to_be_visible()
    settled(page)
    expect(page.get_by_role("heading", name=first.external_id)).to_be_visible()

    go_to(page, "Report")
    file = downloaded(page, page.get_by_role("button", name="Download"), tmp_path)
    context = page.context.browser.new_context(offline=True)
    alone, asked = context.new_page(), []
    context.set_offline(True)
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(file.as_uri())
    expect(alone.get_by_role("heading", level=1)).to_be_visible()
    expect(alone.get_by_text(f"{result.moved.expected:,.0f}", exact=True).first).to_be_visible()
    expect(alone.locator("svg").first).to_be_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()


def test_a_scenario_is_exported_and_imported_and_a_newer_one_is_refused(
    chromium_page, serve, sample, tmp_path
):
    page, stage = chromium_page, sample.project.logic_stages[0]
    open_sample(page, serve())
    go_to(page, "Split")
    dialog = scenarios_dialog(page, "Save and export")
    dialog.get_by_role("textbox", name="Name").fill("Exported")
    dialog.get_by_role("textbox", name="Name").press("Tab")
    settled(page)
    button = dialog.get_by_role("button", name="Export as a file")
    file = downloaded(page, button, tmp_path)
    found = read_scenario(file.read_text(encoding="utf-8"))
    assert (found.name, found.rules) == ("Exported", stage)
    page.keyboard.press("Escape")

    other = edit.set_condition(stage, stage.rules[1].id, RandomSample(0.5))
    scenario = scenario_of(sample, other, "Half", 9)
    data = json.loads(write_scenario(scenario))
    newer = tmp_path / "newer.json"
    newer.write_text(json.dumps(data | {"version": VERSION + 1}), encoding="utf-8")
    (tmp_path / "half.json").write_text(
        json.dumps(data | {"project": {"id": "p", "name": "Other"}}), encoding="utf-8"
    )
    dialog = scenarios_dialog(page, "Import")
    upload(dialog, newer)
    dialog.get_by_role("button", name="Open it").click()
    expect(dialog.get_by_text("was written by a newer Switchyard")).to_be_visible()
    expect(dialog.get_by_text("What was open stays open.")).to_be_visible()
    upload(dialog, tmp_path / "half.json")
    expect(dialog.get_by_text("was written by a newer Switchyard")).to_have_count(0)
    dialog.get_by_role("button", name="Open it").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("stToast")).to_contain_text("made for the project Other")
    settled(page)
    count = sample.split(other, 9).stages[0][1]
    shown = page.get_by_test_id("stMain").get_by_test_id("stMetricValue").first
    expect(shown).to_have_text(f"{count.expected:,.0f}")
    assert "scenario=" in page.url and "seed=9" in page.url
