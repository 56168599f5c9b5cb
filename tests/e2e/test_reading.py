"""Readings that take long: their progress is seen, and they stop when they are told to."""

import re

import pytest
from browser_helpers import IDLE, NAME, connect, open_project
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def fault(hub, pattern, kind, **more):
    hub.admin("POST", "faults", {"pattern": pattern, "kind": kind, **more})


def test_a_reading_shows_how_far_it_is_and_can_be_cancelled(chromium_page, serve, hub):
    page = chromium_page
    connect(page, serve(), hub.url, hub.key)
    expect(page.get_by_text("Connected: 1 project")).to_be_visible(timeout=20_000)
    fault(hub, "GET /v2/export", "hang")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("Asking for an export")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Stopped.")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(page.get_by_role("button", name="Open", exact=True)).to_be_enabled()
    expect(page.get_by_text("On show: Harbour traffic")).to_be_visible()


def test_histories_come_with_progress_and_what_came_before_a_cancel_is_kept(
    chromium_page, serve, hub
):
    page = chromium_page
    fault(hub, "GET /v2/export", "status", status=403)
    open_project(page, serve(), hub)
    page.get_by_role("button", name="Fetch history for these 400 tasks").click()
    progress = page.get_by_text(re.compile(r"Fetching stage histories: 2[1-9] of 400 tasks"))
    expect(progress).to_be_visible(timeout=40_000)
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector(IDLE)
    left = page.get_by_role("button", name=re.compile("Fetch history for these 3[0-9]+ tasks"))
    expect(left).to_be_visible(timeout=10_000)
    expect(page.get_by_role("button", name=NAME)).to_be_visible()
