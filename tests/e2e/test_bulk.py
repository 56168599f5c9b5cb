"""The page Bulk in a browser: choose, see, be refused after somebody else's work, look, done."""

import pytest
from browser_helpers import (
    CONTRAST,
    NAME,
    go_to,
    in_dark,
    open_project,
    settled,
    violations_of_ours,
)
from hub_helpers import PROJECT
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def tasks_in(hub, stage):
    asked = hub.ask("GET", f"/v2/project/{PROJECT}/tasks?limit=1000&stage={stage}")
    return [task["_id"] for task in asked.json()["data"]["tasks"]]


def pick(page, name, option):
    page.get_by_role("combobox", name=name).click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def test_from_choosing_to_done_with_a_refusal_in_between(chromium_page, serve, hub):
    page, some = chromium_page, tasks_in(hub, "Complete")[:30]
    hub.sdk().requeue_tasks(PROJECT, "Review", {"taskIds": some}, {})
    review = tasks_in(hub, "Review")
    assert sorted(review) == sorted(some)
    open_project(page, serve(), hub)
    go_to(page, "Bulk")
    pick(page, "Requeue to", "Label")
    everywhere = page.get_by_text("this is every task of the project, 400 tasks.")
    expect(everywhere).to_be_visible()
    settled(page)  # the sentence is there before the page is
    pick(page, "In stages", "Review")
    expect(page.locator("[data-baseweb=tag]").filter(has_text="Review")).to_be_visible()
    page.get_by_role("heading", name="Bulk").click()  # Escape would clear a closed list
    settled(page)
    expect(everywhere).to_have_count(0)
    expect(page.get_by_text(f"{len(review)} of {len(review)} would change.")).to_be_visible()
    expect(page.get_by_text("A requeue cannot be taken back.")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    # a text box of Streamlit's names the last choice of its closed list while and after it is used
    others = [rule for rule, _ in violations_of_ours(page) if rule != "aria-valid-attr-value"]
    assert others == []
    button = page.get_by_role("button", name=f"Change {len(review)} tasks")
    button.click()
    expect(page.get_by_text("Nothing is done yet")).to_be_visible()
    assert tasks_in(hub, "Review") == review

    hub.ask("POST", f"/v2/annotate/{review[0]}?nextStage=true",
            json={"answer": {"tools": []}}).raise_for_status()  # fmt: skip
    left = tasks_in(hub, "Review")
    assert len(left) < len(review)
    page.get_by_role("textbox", name="Type the project's name").fill(NAME)
    button.click()
    expect(page.get_by_text("changed after this preview was made")).to_be_visible()
    expect(page.get_by_text("no longer fits the filter")).to_be_visible()
    expect(button).to_have_count(0)
    assert tasks_in(hub, "Review") == left

    page.get_by_role("button", name="Look again").click()
    settled(page)
    again = page.get_by_role("button", name=f"Change {len(left)} tasks")
    expect(again).to_be_visible()
    page.get_by_role("textbox", name="Type the project's name").fill(NAME)
    again.click()
    in_dark(page)
    assert violations_of_ours(page, CONTRAST) == []
    done = page.get_by_text(f"{len(left)} of {len(left)} tasks are as wanted")
    expect(done).to_be_visible()
    assert tasks_in(hub, "Review") == []
    assert sorted(left) == sorted(tasks_in(hub, "Label"))
