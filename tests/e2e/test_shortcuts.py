"""In a real browser: keys open pages, list themselves and take an edit back, not while typing."""

import re

import pytest
from browser_helpers import go_to, link_to, settled
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_keys_open_pages_list_themselves_and_take_an_edit_back(chromium_page, serve):
    page = chromium_page
    page.goto(f"{serve()}/split")
    settled(page)
    dialog = page.locator(".st-key-frame-shortcuts dialog")
    dialog.wait_for(state="attached")  # it listens from then on
    page.keyboard.press("?")
    expect(dialog.get_by_text("Rules", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()

    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()
    settled(page)
    cards = page.locator(".rules .card")
    expect(cards).to_have_count(8)
    page.get_by_role("button", name="Duplicate rule 1").click()
    expect(cards).to_have_count(9)
    settled(page)
    page.keyboard.press("Control+z")
    expect(cards).to_have_count(8)
    page.keyboard.press("Control+Shift+z")
    expect(cards).to_have_count(9)

    page.get_by_role("combobox", name="Add a rule").focus()  # a text box: letters are its own
    page.keyboard.type("gs")
    expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()
    page.keyboard.press("Escape")


def test_the_first_tab_stop_skips_to_the_content(chromium_page, serve):
    page = chromium_page
    page.goto(f"{serve()}/rules")
    settled(page)
    skip = page.get_by_role("link", name="Skip to content")
    skip.wait_for(state="attached")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    add = page.get_by_role("combobox", name="Add a rule")
    stops = 0
    while not add.evaluate("node => node === document.activeElement"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops <= 3, "the first control of Rules is far away"


def test_a_closed_navigation_is_opened_by_a_click(chromium_page, serve):
    page = chromium_page
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{serve()}/split")
    settled(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    link_to(page, "Rules").click()
    expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()


def test_every_page_is_reached_from_the_navigation_by_keyboard(chromium_page, serve):
    page = chromium_page
    page.goto(f"{serve()}/rules")
    settled(page)
    link = link_to(page, "Split")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Split", exact=True)).to_be_visible()
    expect(link).to_have_attribute("aria-current", "page")
    current = page.locator("[data-testid=stSidebarNav] [aria-current=page]")
    expect(current).to_have_count(1)


def test_back_leads_to_the_page_before_whatever_was_asked(chromium_page, serve):
    """Each answer changes the address; a step back used to end at the page it came from."""
    page, base = chromium_page, serve()
    page.goto(f"{base}/sampling")
    settled(page)
    for section in ("Costs", "Coverage"):
        page.get_by_role("button", name=section, exact=True).click()
        page.wait_for_url(re.compile(f"review.section={section}"))
        settled(page)
    go_to(page, "Split")
    go_to(page, "Review")
    page.wait_for_url(re.compile("review.section=Coverage"))
    settled(page)
    for path in ("split", "sampling"):
        page.go_back()
        page.wait_for_url(re.compile(f"/{path}"))
        settled(page)
    expect(page.get_by_text("Who leaves by which output")).to_be_visible()
    page.go_forward()
    page.wait_for_url(re.compile("/split"))
