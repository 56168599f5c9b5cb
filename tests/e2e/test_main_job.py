"""The main job in a real browser: open an export, build a Logic stage, read the split."""

import re

import pytest
from conftest import DATA
from playwright.sync_api import expect

from core.logic import edit
from core.model.rules import RandomSample

pytestmark = pytest.mark.browser

PAGES = ("", "tasks", "rules", "split")
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


def settled(page):
    page.wait_for_selector(IDLE, timeout=30_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def open_page(page, base, path):
    page.goto(f"{base}/{path}")
    settled(page)


def upload_sample(page):
    page.get_by_role("button", name="Open an export").click()
    dialog = page.get_by_role("dialog")
    files = dialog.locator("input[type=file]")
    files.nth(0).set_input_files(DATA / "export.zip")
    files.nth(1).set_input_files(DATA / "project.json")
    expect(dialog.get_by_text("project.json")).to_be_visible()
    dialog.get_by_role("button", name="Open", exact=True).click()
    expect(dialog).to_have_count(0)
    settled(page)


def go_to(page, section, name):
    page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=name).click()
    settled(page)


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


def test_upload_add_move_and_undo_change_the_split_that_the_page_shows(
    chromium_page, serve, sample
):
    page, stage = chromium_page, sample.project.logic_stages[0]
    open_page(page, serve(), "")
    upload_sample(page)
    expect(page.get_by_role("heading", name="Street scenes")).to_be_visible()
    go_to(page, "Logic", "Rules")
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


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_draws_without_an_error_in_light_and_dark(chromium_page, serve, path, scheme):
    chromium_page.emulate_media(color_scheme=scheme)
    open_page(chromium_page, serve(), path)
    expect(chromium_page.get_by_role("heading").first).to_be_visible()
