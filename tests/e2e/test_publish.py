"""Connect to a hub, publish a draft, be refused after somebody else's change, and restore."""

import pytest
from browser_helpers import NAME, connect, go_to, open_project, settled
from hub_helpers import PROJECT
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def stages_on(hub):
    return hub.ask("GET", f"/v2/project/{PROJECT}").json()["data"]["project"]["stages"]


def routing(stages):
    return next(stage for stage in stages if stage["name"] == "Routing")


def duplicate_first_rule(page):
    go_to(page, "Rules")
    page.get_by_role("button", name="Duplicate rule 1").click()
    expect(page.locator(".rules .card")).to_have_count(7)


def look(page):
    go_to(page, "Publish")
    expect(page.get_by_text("The draft against what the local hub has now")).to_be_visible()
    settled(page)


def allow(page):
    page.get_by_role("textbox", name="Type the project's name").fill(NAME)


def test_publish_verifies_and_restore_brings_back_what_was_there(chromium_page, serve, hub):
    page = chromium_page
    before = stages_on(hub)
    open_project(page, serve(), hub)
    duplicate_first_rule(page)
    look(page)
    expect(page.get_by_text("is new and leads to Expert review")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Nothing is written yet")).to_be_visible()
    assert stages_on(hub) == before
    allow(page)
    page.get_by_role("button", name="Publish", exact=True).click()  # nobody has to press Enter
    expect(page.get_by_text("and verified: 1 change.")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("textbox", name="Type the project's name")).to_have_value("")
    conditions = routing(stages_on(hub))["logic"]["conditions"]
    assert conditions[0]["value"] == conditions[1]["value"]
    assert [c["index"] for c in conditions] == list(range(6))
    page.get_by_role("button", name="Restore …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("is removed")).to_be_visible()  # the rule, before anything is written
    assert routing(stages_on(hub))["logic"]["conditions"] == conditions
    dialog.get_by_role("button", name="Restore it").click()
    expect(dialog.get_by_text("Nothing is written yet")).to_be_visible()  # it is asked anew
    assert routing(stages_on(hub))["logic"]["conditions"] == conditions
    dialog.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Restore …").click()
    dialog.get_by_role("textbox", name="Type the project's name").fill(NAME)
    dialog.get_by_role("button", name="Restore it").click()
    expect(page.get_by_role("button", name="Restore …")).to_have_count(2, timeout=20_000)
    assert stages_on(hub) == before


def test_somebody_elses_change_is_not_overwritten(chromium_page, serve, hub):
    page = chromium_page
    open_project(page, serve(), hub)
    duplicate_first_rule(page)
    look(page)
    theirs = stages_on(hub)
    routing(theirs)["name"] = "Routing"
    routing(theirs)["logic"]["conditions"][1]["value"] = 0.9
    hub.ask("POST", f"/v2/project/{PROJECT}", json={"stages": theirs}).raise_for_status()
    allow(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Somebody changed the workflow")).to_be_visible(timeout=20_000)
    assert stages_on(hub) == theirs


def test_a_wrong_key_is_said_in_words_and_what_was_open_stays(chromium_page, serve, hub):
    page = chromium_page
    connect(page, serve(), hub.url, "not-the-key")
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_be_visible(timeout=20_000)
    expect(alert).to_contain_text("key")
    assert "not-the-key" not in alert.inner_text()
    expect(page.get_by_text("What was open stays open.")).to_be_visible()


def test_a_published_forecast_waits_on_reality_for_what_comes(chromium_page, serve, hub):
    page = chromium_page
    open_project(page, serve(), hub)
    duplicate_first_rule(page)
    look(page)
    allow(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("and verified: 1 change.")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="How past forecasts held").click()
    expect(page.get_by_text("Nothing has come yet that a forecast")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Read the project again on the Connect page").first).to_be_visible()
    expect(page.get_by_text("Counted are tasks that came to the stage")).to_be_visible()
