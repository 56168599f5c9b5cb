"""From “I can review 400 tasks a week” to a draft that Split shows: in a real browser."""

import re

import pytest
from browser_helpers import CONTRAST, in_dark, settled, violations_of_ours
from playwright.sync_api import expect

from core import demo
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.sampling.budget import budget_of, for_one_stage, rounded
from core.sampling.review_stages import stages_of
from core.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECTIONS = {
    "What a share buys": "Which share do I need?",
    "Who errs": "Error rate of all",
    "Where to look": "Make these stages",
    "Accept or refuse": "How often it accepts",
    "Coverage": "Who leaves by which output",
    "Costs": "Cost by the share reviewed",
}
"""With what each of them shows and no other."""
WEEKS = 7
"""That the demo's tasks took."""


def section(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text(SECTIONS[name], exact=True).first).to_be_visible()
    settled(page)


def filled(page, label, text):
    box = page.get_by_role("textbox", name=label)
    box.fill(text)
    box.press("Enter")
    settled(page)


def metric(page, label):
    return page.get_by_test_id("stMetric").filter(has_text=label).get_by_test_id("stMetricValue")


@pytest.fixture(scope="module")
def spread():
    """What one stage does with 400 reviews a week of the demo, in whole percents."""
    project = read_project(loads(demo.PROJECT.read_text(encoding="utf-8")))
    here = Workspace(read_path(demo.EXPORT), project, Dialect())
    budget = for_one_stage(budget_of(here, "annotator", 400 * WEEKS))
    return rounded(budget, stages_of(budget, project, here.dialect, whole=True).shares)


def test_from_reviews_a_week_to_a_draft_that_split_shows(chromium_page, serve, spread):
    page = chromium_page
    page.goto(f"{serve()}/sampling")
    settled(page)
    section(page, "Where to look")
    filled(page, "I can review, tasks a week", "400")
    expect(metric(page, "Reviews")).to_have_text("2,800")
    expect(metric(page, "More caught")).to_have_text(re.compile(r"\+\d+"))
    reviewed = f"{round(spread.expected_reviews):,}"
    expect(page.get_by_text(f"about {reviewed} of 5,012 tasks to “Expert review”")).to_be_visible()
    page.get_by_role("button", name="Make it my draft").click()
    page.wait_for_url(re.compile("draft="))
    expect(page.get_by_text("It is your draft.")).to_be_visible()
    page.get_by_role("button", name="Show it on Split").click()
    expect(page.get_by_role("heading", name="Split", exact=True)).to_be_visible()
    settled(page)
    expect(metric(page, "Expert review")).to_have_text(reviewed)
    page.get_by_role("link", name="Review", exact=True).click()
    settled(page)
    section(page, "Where to look")
    expect(page.get_by_text("It is your draft.")).to_be_visible()  # what was typed is kept
    page.get_by_role("button", name="Compare with before").click()
    expect(page.get_by_role("heading", name="Compare", exact=True)).to_be_visible()


def test_from_a_quota_to_a_draft_that_split_shows(chromium_page, serve):
    page = chromium_page
    page.goto(f"{serve()}/sampling")
    settled(page)
    section(page, "Coverage")
    filled(page, "Wanted of each group, tasks", "30")
    expect(page.get_by_role("heading", name="For at least 30 of each")).to_be_visible()
    settled(page)
    expect(page.get_by_text("who come later are reviewed with")).to_be_visible()
    page.get_by_role("button", name="Make it my draft").click()
    page.wait_for_url(re.compile("draft="))
    expect(page.get_by_text("It is your draft.")).to_be_visible()
    text = page.get_by_text(re.compile("In the place of the rules of")).inner_text()
    (reviewed,) = re.findall(r"it sends about ([\d,]+) of 5,012 tasks", text)
    page.get_by_role("link", name="Week by week, on Split").click()
    expect(page.get_by_role("heading", name="Split", exact=True)).to_be_visible()
    settled(page)
    expect(metric(page, "Expert review")).to_have_text(reviewed)


def test_two_stages_in_a_row_are_a_file(chromium_page, serve):
    page = chromium_page
    page.goto(f"{serve()}/sampling")
    settled(page)
    section(page, "Where to look")
    filled(page, "I can review, tasks a week", "400")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download both stages").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.count('"Logic"') == 2 and "review-budget-1" in text


def test_each_section_keeps_the_rules_of_accessibility(chromium_page, serve):
    page = chromium_page
    page.goto(f"{serve()}/sampling")
    settled(page)
    for name in SECTIONS:
        page.emulate_media(color_scheme="light")
        section(page, name)
        expect(page.locator("[data-testid=stPlotlyChart] .main-svg").first).to_be_visible()
        page.mouse.move(3, 3)  # what is hovered has Streamlit's own colours
        settled(page)
        assert violations_of_ours(page) == [], name
        in_dark(page)
        assert violations_of_ours(page, CONTRAST) == [], name
