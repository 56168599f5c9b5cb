"""Steps in the browser that tests of a hub share."""

from playwright.sync_api import expect

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
NAME = "Street scenes"


def settled(page):
    page.wait_for_selector(IDLE, timeout=30_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def go_to(page, section, name):
    page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=name).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    settled(page)


def connect(page, base, url, key):
    page.goto(f"{base}/connect")
    settled(page)
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
    expect(page.get_by_role("heading", name=NAME)).to_be_visible(timeout=40_000)
    settled(page)
