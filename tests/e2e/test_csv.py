"""In a real browser: the only CSV that a table gives is the one that spreadsheets open safely."""

import json

import pytest
from browser_helpers import settled
from page_helpers import database
from playwright.sync_api import expect

from core.export.reader import read_path
from core.store.workspaces import OpenedFiles

pytestmark = pytest.mark.browser

FORMULA = '=HYPERLINK("http://x.example","é")'
THEIRS = "Download as CSV"


@pytest.mark.parametrize("path", ["tasks", "split", "explain", "plan"])
def test_a_table_offers_no_download_but_ours(chromium_page, serve, path):
    page = chromium_page
    page.goto(f"{serve()}/{path}")
    settled(page)
    if path == "plan":  # it opens on a question; tables are behind it
        page.get_by_role("tab", name="Shares", exact=True).click()
        settled(page)
    table = page.get_by_test_id("stDataFrame").locator("visible=true").first
    table.hover()
    tools = table.locator("xpath=ancestor::*[@data-testid='stElementContainer']").last
    expect(tools.get_by_role("button", name="Search")).to_be_visible()  # the toolbar is there
    expect(tools.get_by_label(THEIRS)).to_have_count(1)  # as Streamlit calls it in this version
    expect(tools.get_by_label(THEIRS)).to_be_hidden()
    expect(page.get_by_role("button", name=THEIRS)).to_have_count(0)  # nor for the keyboard
    expect(page.get_by_role("button", name="CSV").locator("visible=true").first).to_be_visible()


def test_the_list_of_tasks_leaves_without_a_formula(chromium_page, serve, tmp_path):
    file = tmp_path / "tasks.json"
    task = {"taskId": "t1", "totalDuration": 1_000}
    file.write_text(json.dumps([{"asset": "a.jpg", "externalId": FORMULA, "task": task}]))
    opened = OpenedFiles(database(tmp_path), tmp_path / "tables").add(
        "tasks.json", read_path(file), None
    )
    page = chromium_page
    page.goto(f"{serve(data=tmp_path)}/tasks?workspace={opened.id}")
    settled(page)
    with page.expect_download() as got:
        page.get_by_test_id("stDownloadButton").get_by_role("button", name="CSV").click()
    content = got.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    quoted = FORMULA.replace('"', '""')
    assert f'"\'{quoted}"' in content.decode("utf-8-sig")
    assert "t1" in content.decode()
