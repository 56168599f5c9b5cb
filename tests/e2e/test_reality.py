"""In a real browser: an event log is uploaded, and its first part forecasts the rest."""

import pytest
from browser_helpers import (
    PATIENCE,
    settled,
    upload,
)
from conftest import DATA
from playwright.sync_api import expect

from core.flow.logs.read_csv import read_log
from core.flow.logs.reality import against_reality
from core.model.phrases import hours_text

pytestmark = pytest.mark.browser


def test_an_uploaded_log_is_compared_and_the_tasks_come_back(chromium_page, serve, tmp_path):
    page = chromium_page
    page.goto(f"{serve()}/reality")
    expect(page.get_by_text("What the first part teaches")).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.get_by_role("button", name="Another event log").click()
    bad = tmp_path / "bad.csv"
    bad.write_text("Order,What\n1,A\n")
    menu = page.get_by_test_id("stPopoverBody")
    upload(menu, bad)
    page.get_by_role("button", name="Take this log").click()
    expect(page.get_by_text("no column is known as “case”")).to_be_visible()
    page.get_by_role("button", name="Remove bad.csv").click()
    expect(page.get_by_role("button", name="Take this log")).to_be_disabled()
    settled(page)
    upload(menu, DATA / "Production.csv")
    page.get_by_role("button", name="Take this log").click()
    expect(page.get_by_text("Event log Production.csv, 225 cases.")).to_be_visible()
    log = read_log((DATA / "Production.csv").read_text(encoding="utf-8"), "Production.csv")
    cycle = against_reality(log).distances["cycle_hours"]
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(
        hours_text(cycle.mean), timeout=PATIENCE
    )
    page.get_by_role("button", name="Back to the tasks").click()
    expect(page.get_by_text("Histories of")).to_be_visible()
