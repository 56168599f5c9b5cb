"""In a real browser: what is clicked while a file is on its way waits for it, come what may."""

import pytest
from browser_helpers import menu, settled, upload
from conftest import DATA
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PROJECT_NAME = "Street scenes"


@pytest.fixture
def slow_project(chromium_page, serve):
    """The dialog with an export in it, its project on its way, and the requests that carry it."""
    page, on_their_way = chromium_page, []
    page.goto(serve())
    settled(page)
    menu(page, "project")
    page.get_by_role("button", name="Open an export").click()
    dialog = page.get_by_role("dialog")
    upload(dialog, DATA / "export.zip")
    settled(page)
    page.route("**/_stcore/upload_file/**", lambda request: on_their_way.append(request))
    dialog.locator("input[type=file]").nth(1).set_input_files(DATA / "project.json")
    expect(dialog.get_by_role("button", name="Cancel upload of project.json")).to_be_visible()
    go = dialog.get_by_role("button", name="Open", exact=True)
    go.click()
    expect(go).to_have_attribute("data-held", "")
    page.wait_for_timeout(500)
    expect(dialog).to_be_visible()
    return page, dialog, go, on_their_way


def test_open_waits_for_the_project_that_is_still_on_its_way(slow_project):
    page, dialog, _, on_their_way = slow_project
    on_their_way.pop(0).continue_()
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)  # its menu covers the page
    settled(page)
    expect(page.get_by_role("heading", name=PROJECT_NAME).first).to_be_visible()


def test_an_upload_that_is_called_off_opens_nothing_until_it_is_asked_again(slow_project):
    page, dialog, go, _ = slow_project
    dialog.get_by_role("button", name="Cancel upload of project.json").click()
    expect(go).not_to_have_attribute("data-held", "")
    page.wait_for_timeout(500)
    expect(dialog).to_be_visible()
    go.click()
    expect(dialog).to_have_count(0)


def test_an_upload_that_fails_opens_nothing_and_says_so(slow_project):
    page, dialog, go, on_their_way = slow_project
    on_their_way.pop(0).abort()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(go).not_to_have_attribute("data-held", "")
    page.wait_for_timeout(500)
    expect(dialog).to_be_visible()


def test_open_waits_from_the_moment_that_a_file_was_chosen(chromium_page, serve):
    """Streamlit shows a file only when the server has said where it goes."""
    page, later = chromium_page, []
    page.route_web_socket("**/_stcore/stream", lambda line: slow(line, page, later))
    page.goto(serve())
    settled(page)
    menu(page, "project")
    page.get_by_role("button", name="Open an export").click()
    dialog = page.get_by_role("dialog")
    upload(dialog, DATA / "export.zip")
    settled(page)
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


def test_what_has_nothing_to_do_with_the_file_is_not_held(slow_project):
    page, dialog, _, _ = slow_project
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    page.goto(page.url)
    settled(page)
