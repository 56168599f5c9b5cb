"""In a real browser: from the demo's workflow to the reviewers that a date needs."""

import re

import pytest
from browser_helpers import (
    PATIENCE,
    go_to,
    metric,
    settled,
)
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_click_on_the_map_a_slider_and_the_reviewers_needed(chromium_page, serve):
    page = chromium_page
    page.goto(f"{serve()}/map")
    settled(page)
    stages = page.locator(".js-plotly-plot .scatterlayer .trace").last.locator(".points path")
    expect(stages).to_have_count(11)
    expect(page.get_by_role("heading", name="Routing")).to_be_visible()
    names = page.evaluate(
        """() => {
            const plot = document.querySelector(".js-plotly-plot");
            return plot.data.at(-1).hovertext.map((text) => text.split(" (")[0]);
        }"""
    )
    box = stages.nth(names.index("Expert review")).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", name="Expert review")).to_be_visible()
    settled(page)
    rework = metric(page, "Rework").inner_text()
    slider = page.get_by_role("slider", name=re.compile("Expert review: accepted"))
    slider.focus()
    for _ in range(10):
        slider.press("ArrowLeft")
    expect(metric(page, "Rework")).not_to_have_text(rework)

    go_to(page, "Forecast")
    expect(metric(page, "All through after")).to_be_visible(timeout=PATIENCE)
    page.locator(".st-key-forecast-needed-stage").get_by_role("combobox").click()
    page.get_by_role("option", name="Expert review").click()
    settled(page)
    answer = page.get_by_role("alert").filter(has_text="at Expert review")
    expect(answer).to_contain_text(
        re.compile(r"(person|people) at Expert review"), timeout=PATIENCE
    )
    hours = page.get_by_role("textbox", name="All through within, h")
    hours.fill("400")
    hours.press("Enter")
    expect(answer).to_contain_text("1 person at Expert review", timeout=PATIENCE)
    expect(answer).to_contain_text("within 400 hours in 90 % of the cases")
