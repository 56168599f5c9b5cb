"""Tasks that stay on disk, in the browser: opened from the server's folder, and taken away."""

import pytest
from browser_helpers import link_to, menu, settled
from conftest import DATA
from playwright.sync_api import expect

from core.dataset.convert import convert

pytestmark = pytest.mark.browser


def test_a_folder_of_parts_is_opened_and_what_goes_wrong_later_is_one_sentence(
    chromium_page, serve, tmp_path
):
    files = tmp_path / "files"
    convert(DATA / "export.zip", files / "scenes", "p", lambda *_: None, tasks_at_once=64)
    (data := tmp_path / "data").mkdir()
    base = serve(data=data, files=files, SWITCHYARD_TASKS_IN_MEMORY="100")
    page = chromium_page
    page.goto(f"{base}/rules")
    settled(page)
    menu(page, "project")
    page.get_by_role("button", name="Open an export").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Or a file from the server's folder").click()
    page.get_by_role("option", name="scenes (folder of parts)").click()
    dialog.get_by_role("button", name="Open", exact=True).click()
    line = page.get_by_role("button", name="Tasks stay on disk")
    expect(line).to_be_visible()
    expect(page.get_by_role("button", name="All 400 tasks")).to_be_visible()
    for part in (files / "scenes" / "project=p").glob("part-*"):
        part.write_bytes(part.read_bytes()[:-20])
    link_to(page, "Overview").click()
    alert = page.get_by_role("alert").filter(has_text="was changed since it was opened")
    expect(alert.first).to_contain_text("Open the page again, or open these tasks again.")
