"""What a story costs in a real browser: Python's numbers and words, live, and where they stand."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_helpers import (
    PATIENCE,
    settled,
)
from playwright.sync_api import expect
from review_worlds import steered_stages, task, workspace

from core.model.figures import counted, signed
from core.scenario.cost import money_texts
from core.scenario.levers import possible_levers
from core.scenario.story import board
from pages.share.parts.story_view import cost_value, lever_value, table_value

APP = Path(__file__).with_name("story_app.py")
SCRIPT = Path(__file__).parents[2] / "pages" / "share" / "parts" / "story.js"
OURS = {"include": [[".st-key-story-screen"], [".st-key-story-setup"]]}

pytestmark = pytest.mark.browser

ARITHMETIC = """async ([script, cases]) => {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const story = await import(url);
  return cases.map(({ table, levers, cost, at }) => {
    const sums = story.expected(table, levers, at);
    const prices = story.pricesAt(cost, levers, at);
    const words = story.costWords(cost, prices);
    if (!prices) return { words };
    const { now, before } = story.costs(cost, sums, prices);
    const numbers = [now.money, before.money, now.escaped, before.escaped];
    return { words, numbers, texts: story.moneyTexts(now.money, before.money) };
  });
}"""


def stories(sample):
    """Boards of several worlds: with looks and without, with all prices and with some."""
    half = steered_stages([{"type": "RandomSample", "value": 0.5}], ["R", "Complete"])
    looked = [*[task("a", "Rejected")] * 13, *[task("a", "Accepted")] * 44, *[task("b")] * 80]
    for work in (sample, workspace(looked, half), workspace([task("a")] * 9, half)):
        stage = work.project.logic_stages[0]
        possible = possible_levers(work, stage)
        plain = [one for one in possible if one.kind in ("share", "tasks")][-3:]
        costs = [one for one in possible if one.of_cost]
        for chosen in (costs, costs[:3], costs[1:2], costs[3:]):
            yield board(work, stage, (work, stage), [*plain, *chosen])


def test_the_browser_tells_the_cost_and_the_words_of_python(chromium_page, sample):
    luck = random.Random(7)
    cases, python = [], []
    for story in stories(sample):
        for turn in range(40):
            lasts = [len(one.positions) - 1 for one in story.levers]
            owns = [one.own for one in story.levers]
            at = [luck.choice((0, own, last, luck.randrange(last)))
                  for own, last in zip(owns, lasts, strict=True)] if turn else owns  # fmt: skip
            levers = tuple(replace(one, at=p) for one, p in zip(story.levers, at, strict=True))
            moved = replace(story, levers=levers)
            cases.append({
                "table": table_value(moved.table), "at": at,
                "levers": [lever_value(one) for one in levers],
                "cost": cost_value(moved.cost, levers),
            })  # fmt: skip
            python.append((moved.costs, moved.cost.words(levers)))
    chromium_page.goto("about:blank")
    browser = chromium_page.evaluate(ARITHMETIC, [SCRIPT.read_text("utf-8"), cases])
    told = 0
    for shown, (costs, words) in zip(browser, python, strict=True):
        assert shown["words"] == words
        assert ("numbers" in shown) == (costs is not None)
        if costs is not None:
            told += 1
            now, before = costs
            numbers = [now.money, before.money, now.escaped, before.escaped]
            assert shown["numbers"] == pytest.approx(numbers, rel=1e-12, abs=1e-9)
            assert tuple(shown["texts"]) == money_texts(now.money, before.money)
    assert 300 < told < len(cases)
    ties = [eighths / 8 + cents / 100 for eighths in range(0, 800, 7) for cents in (0, 0.5, 5)]
    texts = (
        "([text, sums]) => import(URL.createObjectURL(new Blob([text], {type: 'text/javascript'})))"
        ".then(story => sums.map(one => story.moneyTexts(one, one + 1)))"
    )
    shown = chromium_page.evaluate(texts, [SCRIPT.read_text("utf-8"), ties])
    assert [tuple(one) for one in shown] == [money_texts(one, one + 1) for one in ties]
    kinds = ("never pays", "reviewing all", "reviewing none", "any share", "nothing costs",
             "No cost", "at most 5 %", "no share costs over")  # fmt: skip
    assert [kind for kind in kinds if not any(kind in words for _, words in python)] == []


def expect_cost_of_python(page, places):
    """The card, at once and once Python has heard where the levers stand."""
    card = page.locator(".card.money")
    live = card.inner_text(), page.locator(".pays").inner_text()
    expect(page.get_by_text(re.compile("^at: "))).to_have_text(f"at: {json.dumps(places)}")
    settled(page)
    assert (card.inner_text(), page.locator(".pays").inner_text()) == live
    cost = page.get_by_text(re.compile("^cost: ")).inner_text().removeprefix("cost: ")
    words = page.get_by_text(re.compile("^words: ")).inner_text().removeprefix("words: ")
    now, before, escaped, was = json.loads(cost)
    text, difference, other = money_texts(now, before)
    change = "as before" if text == other else f"{difference} from {other}"
    fewer = round(round(escaped, 6)) - round(round(was, 6))
    errors = f"{counted(round(escaped, 6))} errors escape" + (f" {signed(fewer)}" if fewer else "")
    assert card.inner_text().splitlines() == ["Cost", text, change, errors]
    assert page.locator(".pays").inner_text() == words


def test_the_cost_moves_live_with_any_lever_and_is_that_of_python(chromium_page, serve):
    page = chromium_page
    page.goto(f"{serve(APP)}/?n=20000&prices=1")
    levers = page.locator(".lever input")
    expect(levers).to_have_count(7, timeout=PATIENCE)
    settled(page)
    places = json.loads(page.get_by_text(re.compile("^at: ")).inner_text().removeprefix("at: "))
    expect_cost_of_python(page, places)
    for name, value in (("Picked", 3), ("Tasks", 12), ("Review", 77), ("Escape", 8), ("Rework", 0),
                        ("Wrong", 4), ("At least", 40), ("Review", 0)):  # fmt: skip
        lever = page.get_by_role("slider", name=name, exact=True)
        place = int(lever.get_attribute("id").removeprefix("lever-"))
        lever.fill(str(value))
        places[place] = value
        expect_cost_of_python(page, places)


def boxes(page):
    """Where things stand in the story that must not jump while a lever moves."""
    root = page.locator(".story").bounding_box()
    names = (".numbers", ".prices", ".pays", ".levers", ".flow", ".foot")
    places = {name: page.locator(name).bounding_box() for name in names}
    return {name: box | {"y": round(box["y"] - root["y"], 3)} for name, box in places.items()}


def test_a_story_gets_prices_shows_them_and_keeps_them(chromium_page, serve):
    page = chromium_page
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{serve()}/story")
    expect(page.locator(".card")).to_have_count(4, timeout=30_000)
    expect(page.locator(".prices")).to_be_hidden()
    page.get_by_text("What may be moved, names and bounds, notes").click()
    prices = page.get_by_role("combobox", name="Prices, to show what it costs")
    for name in ("Price of a review", "Price of an escaped error", "Price of rework"):
        prices.click()
        page.get_by_role("option", name=name).click()
        expect(page.get_by_role("slider", name=name)).to_be_visible()
        settled(page)
    card = page.locator(".card.money")
    expect(card).to_contain_text("as before")
    expect(page.locator(".foot")).to_contain_text("notices every wrong task")
    start = page.get_by_role("textbox", name="Starts at").first
    start.fill("250")
    start.press("Enter")
    review = page.get_by_role("slider", name="Price of a review")
    expect(review).to_have_attribute("aria-valuetext", "250")
    settled(page)

    before, cost = boxes(page), card.inner_text()
    escape = page.get_by_role("slider", name="Price of an escaped error")
    for value in (0, 3, 50, 100):
        escape.fill(str(value))
        assert card.inner_text() != cost and boxes(page) == before
        cost = card.inner_text()
        for line in ("name", "sum", "change", "escaped"):
            wide, room = card.locator(f".{line}").evaluate(
                "one => [one.scrollWidth, one.clientWidth]"
            )
            assert wide <= room, card.inner_text()
    expect(page).to_have_url(re.compile(r"escape_price%22%2C%22%22%2C100\b"))
    settled(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".card.money .sum")).to_be_visible(timeout=30_000)
    settled(other)
    assert other.locator(".card.money").inner_text() == cost
    for scheme in ("light", "dark"):
        other.emulate_media(color_scheme=scheme)
        findings = Axe().run(other, context=OURS).response
        assert [one["id"] for one in findings["violations"]] == [], scheme
    paper = other.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    other.emulate_media(media="print", color_scheme="light")
    other.set_viewport_size({"width": 1047, "height": 707})
    last = other.locator(".levers .lever").last.bounding_box()
    assert last["y"] + last["height"] <= other.locator(".foot").bounding_box()["y"]
    other.close()

    page.get_by_role("slider", name="How many tasks come").fill("2")
    ends = "all => all.map(one => one.getBoundingClientRect()).map(r => [r.top, r.bottom])"
    bars = page.locator(".flow svg, .flow .before").evaluate_all(ends)  # drawn anew at any time
    (top, bottom), *bars = bars
    assert bars and all(top <= a + 0.5 and b <= bottom + 0.5 for a, b in bars)
    settled(page)
    page.get_by_role("slider", name="Picked at random for Review").fill("60")
    settled(page)
    cost = page.locator(".pays").inner_text()
    page.get_by_role("button", name="Apply to draft").press("Enter")
    expect(page).to_have_url(re.compile("draft="))
    settled(page)
    assert page.locator(".pays").inner_text() == cost
    expect(review).to_have_attribute("aria-valuetext", "250")
    expect(escape).to_have_attribute("aria-valuetext", "100")
    page.get_by_role("button", name="Reset").press("Enter")
    expect(escape).to_have_attribute("aria-valuetext", "20")
    expect(review).to_have_attribute("aria-valuetext", "250")
