"""In a real browser: the guided tour, step by step, left and taken up again."""

import pytest
from browser_helpers import settled
from playwright.sync_api import expect

from pages._ui.tour import STEPS

pytestmark = pytest.mark.browser


FILL_THE_WINDOW = {"/story"}


def apart(one, other):
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    above = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
    return beside or above


def test_every_step_shows_a_real_part_and_the_tour_can_be_left_and_taken_up(chromium_page, serve):
    page = chromium_page
    base = serve()
    page.goto(base)
    settled(page)
    page.get_by_role("button", name="Take the tour").click()
    card = page.get_by_role("dialog", name="Guided tour")
    for number, step in enumerate(STEPS, 1):
        expect(card.get_by_text(f"{number} of {len(STEPS)}")).to_be_visible()
        expect(card.get_by_role("heading", name=step.title)).to_be_visible()
        page.wait_for_url(lambda url, path=step.path: url.partition("?")[0] == f"{base}{path}")
        settled(page)
        part = page.locator(step.part).first
        expect(part).to_be_visible()
        frame, box = page.locator(".tour-frame").bounding_box(), part.bounding_box()
        assert frame["x"] < box["x"] and frame["x"] + frame["width"] > box["x"] + box["width"]
        if step.path not in FILL_THE_WINDOW:
            assert apart(card.bounding_box(), box), f"the card covers what step {number} is about"
        if number == 3:  # left, reloaded, and taken up where it stood
            card.get_by_role("button", name="Leave").click()
            expect(card).to_have_count(0)
            page.goto(base)
            settled(page)
            expect(card).to_have_count(0)
            page.get_by_role("button", name="Take the tour").click()
            expect(card.get_by_text(f"3 of {len(STEPS)}")).to_be_visible()
        name = "Next" if number < len(STEPS) else "Done"
        card.get_by_role("button", name=name).click()
    expect(card).to_have_count(0)
    page.goto(base)
    settled(page)
    page.get_by_role("button", name="Take the tour").click()
    expect(card.get_by_text(f"1 of {len(STEPS)}")).to_be_visible()  # it was done: from the start
