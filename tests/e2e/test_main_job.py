"""The main job in a real browser: open an export, build a Logic stage, read the split."""

import re

import pytest
from browser_helpers import (
    CONTRAST,
    go_to,
    in_dark,
    menu,
    open_export,
    settled,
    upload,
    violations_of_ours,
)
from conftest import DATA
from playwright.sync_api import expect

from core.routing import edit
from core.rule_types.random_sample import RandomSample
from pages._ui.nav import PAGES

pytestmark = pytest.mark.browser

HEADINGS = {"Home": "Harbour traffic"}


def open_page(page, base, path):
    page.goto(f"{base}/{path}")
    settled(page)


@pytest.fixture(scope="module")
def visitor(chromium, serve):
    """A page that goes from one page to the next, as visitors do: a load costs most of a test."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    open_page(page, serve(), "")
    yield page
    context.close()


def cards(page):
    """(sentence, count) of every card, Else last."""
    return [
        (card.locator(".sentence").inner_text(), card.locator(".count").inner_text())
        for card in page.locator(".rules .card").all()
    ]


def shown(workspace, stage):
    return [
        f"{o.count.certain:,}" if o.count.exact else f"about {o.count.expected:,.0f}"
        for o in workspace.split(stage).outputs
    ]


def expect_counts(page, wanted):
    expect(page.locator(".rules .card .count")).to_have_text(wanted)


def test_a_file_of_the_servers_folder_opens_without_an_upload(chromium_page, serve):
    page = chromium_page
    open_page(page, serve(), "")
    menu(page, "project")
    page.get_by_role("button", name="Open an export").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name="export.zip").click()
    dialog.get_by_role("button", name="Open", exact=True).click()
    expect(dialog).to_have_count(0)
    settled(page)
    expect(page.locator("[class*=st-key-frame-menu-tasks]")).to_contain_text("All 400 tasks")


ITEM = '{"asset": {"externalId": "%d.png"}, "task": {"taskId": "%d", "stage": "Review"}}\n'


def test_a_file_that_takes_long_shows_how_far_it_is_and_can_be_stopped(
    chromium_page, serve, tmp_path
):
    page, files = chromium_page, tmp_path / "files"
    files.mkdir()
    with (files / "large.ndjson").open("w") as file:
        file.writelines(ITEM % (number, number) for number in range(500_000))
    open_page(page, serve(data=tmp_path, files=files), "")
    dialog = page.get_by_role("dialog")
    for ending in ("the button", "the cross"):
        menu(page, "project")
        page.get_by_role("button", name="Open an export").click()
        dialog.get_by_role("combobox").click()
        page.get_by_role("option", name="large.ndjson").click()
        dialog.get_by_role("button", name="Open", exact=True).click()
        expect(dialog.get_by_text(re.compile(r"Reading: [\d.]+ of [\d.]+ MiB"))).to_be_visible()
        name = "Cancel" if ending == "the button" else "Close"
        dialog.get_by_role("button", name=name, exact=True).click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_text("Nothing was opened; what was open").first).to_be_visible()
        settled(page)
    expect(page.get_by_role("heading", name="Harbour traffic")).to_be_visible()
    assert not list(tmp_path.glob("**/*.parquet"))


def test_upload_add_move_and_undo_change_the_split_that_the_page_shows(
    chromium_page, serve, sample
):
    page, stage = chromium_page, sample.project.logic_stages[0]
    open_page(page, serve(), "")
    open_export(page, DATA / "export.zip", DATA / "project.json")
    expect(page.get_by_role("heading", name="Street scenes")).to_be_visible()
    go_to(page, "Rules")
    expect_counts(page, shown(sample, stage))

    page.get_by_test_id("stSelectbox").filter(has_text="Add a rule").locator("input").click()
    page.get_by_role("option", name="Random sample").click()
    added, rule = edit.add(stage, RandomSample(0.2), None)
    expect_counts(page, shown(sample, added))

    page.get_by_role("button", name="Move rule 6 up").click()
    moved = edit.move(added, rule, 4)
    expect_counts(page, shown(sample, moved))

    page.get_by_role("button", name="undo").click()
    expect_counts(page, shown(sample, added))
    page.get_by_role("button", name="undo").click()
    expect_counts(page, shown(sample, stage))
    page.get_by_role("button", name="redo").click()
    expect_counts(page, shown(sample, added))

    link = page.url
    assert re.search(r"draft=", link)
    page.reload()
    settled(page)
    expect_counts(page, shown(sample, added))

    other = page.context.browser.new_context().new_page()
    other.goto(link)
    settled(other)
    expect_counts(other, shown(sample, added))
    other.context.close()


def open_dialog(page, *paths):
    menu(page, "project")
    page.get_by_role("button", name="Open an export").click()
    dialog = page.get_by_role("dialog")
    for place, path in enumerate(paths):
        upload(dialog, path, place)
    dialog.get_by_role("button", name="Open", exact=True).click()
    return dialog


def test_a_file_that_is_no_export_gets_one_sentence_and_what_was_open_stays(
    chromium_page, serve, tmp_path
):
    bad = tmp_path / "holiday.json"
    bad.write_text('[{"photo": 1}]')
    open_page(chromium_page, serve(), "")
    dialog = open_dialog(chromium_page, bad)
    message = dialog.get_by_test_id("stAlert")
    expect(message).to_contain_text("holiday.json")
    expect(message).to_contain_text("item 1")
    dialog.get_by_role("button", name="Close").click()
    expect(chromium_page.get_by_role("heading", name="Harbour traffic")).to_be_visible()
    settled(chromium_page)
    expect(chromium_page.get_by_text("Stopped.")).to_have_count(0)  # nothing was


def test_two_windows_on_one_draft_are_told(chromium_page, serve):
    page = chromium_page
    open_page(page, serve(), "rules")
    page.get_by_role("button", name="Duplicate rule 1").click()
    page.wait_for_url(re.compile("draft="))
    other = page.context.browser.new_context().new_page()
    other.goto(page.url)
    settled(other)
    expect(other.get_by_text("also open in another window")).to_be_visible()  # it moves the list
    other.locator(".rules .card").nth(1).hover()
    other.get_by_role("button", name="Remove rule 2").click()
    expect(page.get_by_text("changed in another window")).to_be_visible(timeout=15_000)
    other.context.close()


@pytest.mark.parametrize("title", [entry.title for entry in PAGES])
def test_every_page_draws_without_an_error_and_keeps_the_rules_of_accessibility(visitor, title):
    visitor.emulate_media(color_scheme="light")
    go_to(visitor, title, HEADINGS.get(title))
    expect(visitor.get_by_role("heading").first).to_be_visible()
    settled(visitor)
    assert not violations_of_ours(visitor)
    in_dark(visitor)
    assert not violations_of_ours(visitor, CONTRAST)


def test_two_clicks_in_the_calendar_choose_a_span(chromium_page, serve):
    page = chromium_page
    open_page(page, serve(), "")
    menu(page, "tasks")
    page.get_by_test_id("stDateInput").locator("input").click()
    page.get_by_role("gridcell", name=re.compile("September 15")).first.click()
    page.wait_for_timeout(500)
    page.get_by_role("gridcell", name=re.compile("September 20")).first.click()
    settled(page)
    expect(page.locator("[class*=st-key-frame-menu-tasks]")).to_contain_text("of 5,012 tasks")
    shown = page.get_by_test_id("stDateInput").locator("input").input_value()
    assert re.search("2026.09.20$", shown)  # with the dashes that Streamlit draws


def test_the_menu_of_drafts_follows_an_edit_and_leads_back(chromium_page, serve):
    page = chromium_page
    open_page(page, serve(), "rules")
    before = 8
    expect(page.locator(".rules .card")).to_have_count(before)
    page.get_by_role("button", name="Duplicate rule 1").click()
    expect(page.locator("[class*=st-key-frame-menu-draft]")).to_contain_text("A draft")
    menu(page, "draft")
    box = page.get_by_role("combobox", name=re.compile("This draft"))
    box.click()
    page.get_by_role("option", name="The project's rules").click()
    expect(page.locator(".rules .card")).to_have_count(before)


def test_the_list_is_as_high_as_the_window_and_the_selection_goes_with_its_rule(
    chromium_page, serve
):
    page = chromium_page
    page.set_viewport_size({"width": 1280, "height": 800})
    open_page(page, serve(), "rules")
    last = page.locator(".rules .card.else")
    expect(last).to_be_in_viewport(ratio=1)
    heights = []
    for height in (800, 700):
        page.set_viewport_size({"width": 1280, "height": height})
        heights.append(page.locator(".rules").bounding_box()["height"])
    assert heights[0] - heights[1] == pytest.approx(100, abs=2)
    sentence = page.locator(".rules .card.selected .sentence")
    moved = sentence.inner_text()
    page.get_by_role("button", name="Move rule 1 down").click()
    expect(page.locator(".rules .card .sentence").nth(1)).to_have_text(moved)
    expect(sentence).to_have_text(moved)
    expect(page.get_by_text("Rule 2 · ")).to_be_visible()


def test_a_reversed_interval_is_said_and_the_rule_waits_for_the_other_bound(chromium_page, serve):
    page = chromium_page
    open_page(page, serve(), "rules")
    page.locator(".rules .card .body").nth(5).click()
    least, most = (page.get_by_role("textbox", name=f"At {end}, min") for end in ("least", "most"))
    most.fill("2")
    most.press("Enter")
    expect(page.get_by_text("above the upper one")).to_be_visible()
    expect(page.locator(".rules .card .sentence").nth(5)).to_have_text("took at least 10 min")
    least.fill("1")
    least.press("Enter")
    expect(page.locator(".rules .card .sentence").nth(5)).to_have_text("took 1 min to 2 min")
    expect(page.get_by_text("above the upper one")).to_have_count(0)


def test_fast_keys_on_the_slider_leave_one_draft_that_shows_what_the_slider_shows(
    chromium_page, serve
):
    page = chromium_page
    open_page(page, serve(), "rules")
    page.locator(".rules .card", has_text="20 % at random").locator(".body").click()
    settled(page)
    page.get_by_role("slider", name="Chance per task").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight", delay=20)
        page.wait_for_timeout(25)
    page.wait_for_timeout(800)
    settled(page)
    reached = float(page.get_by_role("slider").get_attribute("aria-valuenow"))
    assert 20 < reached <= 32
    expect(page.locator(".rules .card.selected .sentence")).to_have_text(f"{reached:g} % at random")
    expect(page.get_by_role("textbox", name="Chance, %")).to_have_value(f"{reached:g}")
    page.get_by_test_id("stBaseButton-secondary").filter(has_text="undo").first.click()
    settled(page)
    expect(page.locator(".rules .card.selected .sentence")).not_to_have_text(
        f"{reached:g} % at random"
    )
