"""In a real browser: shares are planned and applied, and an overlap opens its tasks."""

import json
import re

import pytest
from browser_helpers import go_to, open_export, settled
from conftest import DATA
from playwright.sync_api import expect

from core.routing.explain.hits import both_match
from core.tasks import bits

pytestmark = pytest.mark.browser


def two_random_rules(folder):
    """The sample's project with nothing but two random rules in its Logic stage."""
    project = json.loads((DATA / "project.json").read_text(encoding="utf-8"))
    inner = project.get("data", {}).get("project", project)
    stage = next(s for s in inner["stages"] if s.get("type") == "Logic")
    targets = [target for target in dict.fromkeys(stage["next"]) if target][:3]
    chance = {"type": "RandomSample", "value": 0.1}
    stage["logic"]["conditions"] = [chance | {"index": n} for n in range(2)]
    stage["next"] = [targets[n % len(targets)] for n in range(3)]
    file = folder / "random.json"
    file.write_text(json.dumps(project))
    return file


def test_20_30_50_is_planned_and_applied_to_the_draft(chromium_page, serve, tmp_path):
    page = chromium_page
    page.goto(f"{serve()}/")
    settled(page)
    open_export(page, DATA / "export.zip", two_random_rules(tmp_path))
    go_to(page, "Plan")
    page.get_by_role("tab", name="Shares").click()
    for label, share in (("Rule 1, %", 20), ("Rule 2, %", 30), ("Else, %", 50)):
        box = page.get_by_role("textbox", name=label)
        box.fill(str(share))
        box.press("Enter")
        settled(page)
    answer = page.get_by_text("Set rule 1 to 20 % and rule 2 to 37.5 %; Else gets the rest.")
    expect(answer).to_be_visible()
    page.get_by_role("button", name="Apply to the draft").click()
    page.wait_for_url(re.compile("draft="))
    settled(page)
    go_to(page, "Rules")
    expect(page.locator(".rules .card .sentence").nth(0)).to_have_text("20 % at random")
    expect(page.locator(".rules .card .sentence").nth(1)).to_have_text("37.5 % at random")
    expect(page.locator(".rules .card .count").nth(0)).to_have_text("about 80")
    expect(page.locator(".rules .card .count").nth(1)).to_have_text("about 120")
    expect(page.locator(".rules .card .count").nth(2)).to_have_text("about 200")


def test_a_row_of_the_overlap_opens_its_tasks_and_all_come_back(chromium_page, serve, sample):
    page, stage = chromium_page, sample.project.logic_stages[0]
    page.goto(f"{serve()}/")
    settled(page)
    open_export(page, DATA / "export.zip", DATA / "project.json")
    go_to(page, "Explain")
    page.get_by_role("tab", name="Overlap").click()
    found = sample.hits(stage)
    pairs = [(i, j) for j in range(len(found.rules)) for i in range(j)]
    upper, lower = max(pairs, key=lambda pair: found.overlap[pair[1]][pair[0]].expected)
    row = page.get_by_text(
        re.compile(f"^Rules {found.rules[upper].number} and {found.rules[lower].number}: ")
    )
    expect(row).to_be_visible()
    page.get_by_role("button", name="Open tasks").first.click()
    expect(page.get_by_role("heading", name="Tasks")).to_be_visible()
    tasks = bits.count(both_match(sample.matcher, stage, (upper, lower), 0))
    expect(page.get_by_text(re.compile(f"^{tasks:,} tasks; showing"))).to_be_visible()
    page.get_by_role("button", name="Show all tasks").click()
    expect(page.get_by_text(re.compile("^400 tasks; showing"))).to_be_visible()
