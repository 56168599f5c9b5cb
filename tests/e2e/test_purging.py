"""The dialog before a project is purged: it asks for the name, and says what comes of another."""

import pytest
from browser_helpers import menu, settled
from conftest import DATA
from playwright.sync_api import expect

from core.export.reader import read_path
from core.store.hub import open_hub
from core.store.workspaces import OpenedFiles

pytestmark = pytest.mark.browser

NAME = "Two  words\u200b.zip"
"""No field can hold it as it is."""
SHOWN = "Two words\\u200b.zip"


@pytest.mark.slow
def test_the_name_is_asked_for_as_it_is_shown(chromium_page, serve, tmp_path):
    store = open_hub(f"sqlite:///{tmp_path / 'switchyard.db'}")
    files = OpenedFiles(store, tmp_path / "tables")
    opened = files.add(NAME, read_path(DATA / "export.zip"), None).id
    page = chromium_page
    page.goto(f"{serve(data=tmp_path)}/rules?workspace={opened}")
    settled(page)
    menu(page, "project")
    page.get_by_role("button", name="Purge from this machine").click()
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_role("textbox", name="Type the project's name")
    name.fill("another")
    dialog.get_by_role("button", name="Purge it").click()
    expect(dialog.get_by_text("Nothing is purged yet")).to_be_visible()
    assert [one.id for one in files.all()] == [opened]
    name.fill(SHOWN)
    dialog.get_by_role("button", name="Purge it").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("stToast")).to_contain_text("is gone from this machine")
    assert files.all() == () and not [*(tmp_path / "tables").glob("*")]
