"""In a real browser: what is clicked while a file is on its way waits for it, come what may."""

from shutil import copy

import pytest
from browser_helpers import menu, settled, upload
from conftest import DATA
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PROJECT_NAME = "Street scenes"


def dialog_with_an_export(page, base):
    """The dialog, with an export in it that has arrived."""
    page.goto(base)
    settled(page)
    menu(page, "project")
    page.get_by_role("button", name="Open an export").click()
    dialog = page.get_by_role("dialog")
    upload(dialog, DATA / "export.zip")
    settled(page)
    return dialog


def held(dialog, project):
    """Choose a project, which is on its way from now on, and click *Open*."""
    dialog.locator("input[type=file]").nth(1).set_input_files(project)
    expect(dialog.get_by_role("button", name=f"Cancel upload of {project.name}")).to_be_visible()
    go = dialog.get_by_role("button", name="Open", exact=True)
    go.click()
    expect(go).to_have_attribute("data-held", "")
    return go


def opens_nothing(page, dialog, go):
    expect(go).not_to_have_attribute("data-held", "")
    page.wait_for_timeout(500)
    expect(dialog).to_be_visible()


def test_open_waits_for_the_project_that_is_still_on_its_way(chromium_page, serve, tmp_path):
    page, on_their_way = chromium_page, []
    one, two, three = (copy(DATA / "project.json", tmp_path / f"{n}.json") for n in range(3))
    dialog = dialog_with_an_export(page, serve())
    page.route("**/_stcore/upload_file/**", lambda request: on_their_way.append(request))
    go = held(dialog, one)
    dialog.get_by_role("button", name=f"Cancel upload of {one.name}").click()
    opens_nothing(page, dialog, go)

    go = held(dialog, two)
    on_their_way.pop().abort()
    expect(dialog.get_by_role("alert")).to_be_visible()
    opens_nothing(page, dialog, go)
    dialog.get_by_role("button", name=f"Remove {two.name}").click()
    expect(dialog.get_by_role("alert")).to_have_count(0)

    held(dialog, three)
    on_their_way.pop().continue_()
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)  # its menu covers the page
    settled(page)
    expect(page.get_by_role("heading", name=PROJECT_NAME).first).to_be_visible()


def test_open_waits_from_the_moment_that_a_file_was_chosen(chromium_page, serve):
    """Streamlit shows a file only when the server has said where it goes."""
    page, later = chromium_page, []
    page.route_web_socket("**/_stcore/stream", lambda line: slow(line, page, later))
    dialog = dialog_with_an_export(page, serve())
    later.append(True)
    go = dialog.get_by_role("button", name="Open", exact=True)
    dialog.locator("input[type=file]").nth(1).set_input_files(DATA / "project.json")
    go.click()
    expect(go).to_have_attribute("data-held", "")
    assert dialog.get_by_text("project.json").count() == 0
    expect(dialog).to_have_count(0)
    settled(page)
    expect(page.get_by_role("heading", name=PROJECT_NAME).first).to_be_visible()


def slow(line, page, later):
    """A line to the server that takes a second once `later` holds anything."""
    server = line.connect_to_server()

    def passed_on(message):
        if later:
            page.wait_for_timeout(1000)
        server.send(message)

    line.on_message(passed_on)
