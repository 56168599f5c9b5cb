"""The rule list in a real browser: what is asked of it reaches the page, once and in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from streamlit.testing.v1 import AppTest

APP = Path(__file__).with_name("rule_list_app.py")
# Streamlit's own page shell puts elements outside of landmarks.
KNOWN_AXE = {"region"}

Open = Callable[..., Page]
pytestmark = pytest.mark.browser


@pytest.fixture
def opened(chromium_page: Page, serve: Callable[[Path], str]) -> Open:
    """Open the app with the given query and wait for the list."""

    def open_(query: str = "", scheme: str = "light") -> Page:
        chromium_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        chromium_page.goto(f"{serve(APP)}/?{query}")
        expect(rule(chromium_page, "else")).to_be_visible(timeout=20_000)
        return chromium_page

    return open_


def rule(page: Page, name: str) -> Locator:
    return page.locator(f'[data-rule="{name}"]')


def body(page: Page, name: str) -> Locator:
    return rule(page, name).locator(".body")


def expect_actions(page: Page, *lines: str) -> None:
    expect(page.get_by_text("actions:")).to_have_text("\n".join(["actions:", *lines]))


def expect_order(page: Page, order: str) -> None:
    expect(page.get_by_text(re.compile("^order: "))).to_have_text(f"order: {order}")
    cards = page.locator("[data-rule]")
    expect(cards).to_have_count(len(order.split()) + 1)
    for i, name in enumerate([*order.split(), "else"]):
        expect(cards.nth(i)).to_have_attribute("data-rule", name)


def drag(page: Page, moved: str, onto: str, *, drop: bool = True) -> None:
    grip = rule(page, moved).locator(".grip").bounding_box()
    goal = rule(page, onto).bounding_box()
    assert grip
    assert goal
    page.mouse.move(grip["x"] + 9, grip["y"] + 20)
    page.mouse.down()
    page.mouse.move(grip["x"] + 9, goal["y"] + goal["height"] - 4, steps=6)
    expect(page.locator(".line")).to_be_visible()
    if drop:
        page.mouse.up()


def test_a_click_selects_and_the_same_click_again_is_a_new_action(opened: Open) -> None:
    page = opened()
    body(page, "r3").click()
    expect_actions(page, "select r3 None")
    expect(body(page, "r3")).to_have_attribute("aria-current", "true")
    body(page, "r3").click()
    expect_actions(page, "select r3 None", "select r3 None")
    body(page, "else").click()
    expect(body(page, "else")).to_have_attribute("aria-current", "true")
    expect(page.locator("[aria-current]")).to_have_count(1)


def test_each_button_asks_for_its_own_action(opened: Open) -> None:
    page = opened()
    asked: list[str] = []
    for name, action, order in [
        ("Move rule 2 up", "move r2 0", "r2 r1 r3 r4 r5 r6"),
        ("Move rule 2 down", "move r1 2", "r2 r3 r1 r4 r5 r6"),
        ("Duplicate rule 4", "duplicate r4 None", "r2 r3 r1 r4 r4-copy1 r5 r6"),
        ("Switch rule 7 on", "toggle r6 None", "r2 r3 r1 r4 r4-copy1 r5 r6"),
        ("Remove rule 1", "remove r2 None", "r3 r1 r4 r4-copy1 r5 r6"),
    ]:
        button = page.get_by_role("button", name=name, exact=True)
        page.locator(".card").filter(has=button).hover()
        button.click()
        asked.append(action)
        expect_actions(page, *asked)
        expect_order(page, order)


def test_the_ends_of_the_list_cannot_move_further(opened: Open) -> None:
    page = opened()
    expect(page.get_by_role("button", name="Move rule 1 up")).to_be_disabled()
    expect(page.get_by_role("button", name="Move rule 6 down")).to_be_disabled()
    expect(page.get_by_role("button", name="Move rule 1 down")).to_be_enabled()
    expect(rule(page, "else").get_by_role("button")).to_have_count(1)


def test_dragging_the_first_rule_below_the_third(opened: Open) -> None:
    page = opened()
    drag(page, "r1", "r3")
    expect_actions(page, "move r1 2")
    expect_order(page, "r2 r3 r1 r4 r5 r6")
    expect(page.locator(".line")).to_be_hidden()


def test_escape_cancels_a_drag(opened: Open) -> None:
    page = opened()
    drag(page, "r1", "r3", drop=False)
    page.keyboard.press("Escape")
    expect(page.locator(".line")).to_be_hidden()
    page.mouse.up()
    body(page, "r1").press("Enter")
    expect_actions(page, "select r1 None")


def test_dragging_scrolls_a_long_list_and_else_stays_in_view(opened: Open) -> None:
    page = opened("n=50")
    drag(page, "r2", "else", drop=False)
    page.wait_for_function(
        "document.querySelector('[data-testid=stBidiComponentIsolated]')"
        ".shadowRoot.querySelector('.scroll').scrollTop > 2000"
    )
    expect(rule(page, "else")).to_be_in_viewport()
    page.mouse.up()
    expect(page.get_by_text("actions:")).to_contain_text(re.compile(r"move r2 \d\d"))


def test_the_keyboard_moves_focus_and_rules_and_keeps_its_place(opened: Open) -> None:
    page = opened()
    body(page, "r1").focus()
    page.keyboard.press("ArrowDown")
    expect(body(page, "r2")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect_order(page, "r1 r3 r2 r4 r5 r6")
    expect(body(page, "r2")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect_order(page, "r2 r1 r3 r4 r5 r6")
    expect(body(page, "r2")).to_be_focused()
    page.keyboard.press("End")
    expect(body(page, "else")).to_be_focused()
    page.keyboard.press("Space")
    expect_actions(page, "move r2 2", "move r2 1", "move r2 0", "select else None")


def test_a_button_keeps_the_focus_until_it_is_disabled(opened: Open) -> None:
    page = opened()
    up = rule(page, "r3").locator("[data-do=up]")
    up.focus()
    page.keyboard.press("Enter")
    expect_order(page, "r1 r3 r2 r4 r5 r6")
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect_order(page, "r3 r1 r2 r4 r5 r6")
    expect(body(page, "r3")).to_be_focused()


def test_delete_removes_the_rule_and_the_next_one_takes_the_focus(opened: Open) -> None:
    page = opened()
    body(page, "r2").focus()
    page.keyboard.press("Delete")
    expect_order(page, "r1 r3 r4 r5 r6")
    expect(body(page, "r3")).to_be_focused()
    body(page, "else").focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect_actions(page, "remove r2 None", "select else None")


def test_quick_actions_all_arrive_in_order(opened: Open) -> None:
    """Streamlit alone keeps only the newest of several triggers."""
    page = opened()
    body(page, "r1").focus()
    for _ in range(4):
        page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Enter")
    expect_actions(page, "move r1 1", "move r1 2", "move r1 3", "move r1 4", "select r1 None")
    expect_order(page, "r2 r3 r4 r5 r1 r6")


def test_an_action_survives_a_run_that_another_widget_interrupts(opened: Open) -> None:
    page = opened("slow=1")
    expect(page.get_by_text("whole runs: 1")).to_be_visible()
    body(page, "r2").click()
    expect(page.locator("[data-test-script-state=running]")).to_have_count(1)
    page.get_by_text("other").click()
    expect_actions(page, "select r2 None")


def test_nodes_are_reused_so_nothing_flickers(opened: Open) -> None:
    page = opened()
    handles = {name: rule(page, name).element_handle() for name in ["r1", "r4", "else"]}
    drag(page, "r1", "r3")
    expect_order(page, "r2 r3 r1 r4 r5 r6")
    for name, handle in handles.items():
        assert rule(page, name).evaluate("(now, old) => now === old", handle)


def test_a_selected_rule_is_brought_into_view_but_scrolling_is_left_alone(opened: Open) -> None:
    page = opened("n=50")
    body(page, "r2").click()
    expect(rule(page, "r2")).to_have_class(re.compile("selected"))
    page.locator(".scroll").evaluate("e => { e.scrollTop = 1500 }")
    button = page.get_by_role("button", name="Duplicate rule 28", exact=True)
    button.dispatch_event("click")
    expect_actions(page, "select r2 None", "duplicate r28 None")
    assert page.locator(".scroll").evaluate("e => e.scrollTop") == 1500
    body(page, "else").press("ArrowUp")
    expect(body(page, "r50")).to_be_focused()
    expect(body(page, "r50")).to_be_in_viewport(ratio=1)


def test_inside_a_fragment_only_the_fragment_runs(opened: Open) -> None:
    page = opened("fragment=1")
    body(page, "r2").click()
    expect_actions(page, "select r2 None")
    page.get_by_role("button", name="Remove rule 2", exact=True).click()
    expect_order(page, "r1 r3 r4 r5 r6")
    expect(page.get_by_text("whole runs: 1")).to_be_visible()


def test_a_rule_that_is_off_says_so_and_shows_no_count(opened: Open) -> None:
    page = opened()
    off = rule(page, "r6")
    expect(off.get_by_text("off", exact=True)).to_be_visible()
    expect(off.locator(".count")).to_be_empty()
    expect(
        rule(page, "r4").get_by_role("img", name="warning: No task matches: rule 3 takes them all")
    ).to_be_visible()


def test_no_button_lies_over_the_numbers_of_the_selected_card(opened: Open) -> None:
    page = opened()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        body(page, "r2").click()
        expect(rule(page, "r2")).to_have_class(re.compile("selected"))
        tools = rule(page, "r2").locator(".tools").bounding_box()
        assert tools
        for part in (".sum", ".range", ".sentence"):
            box = rule(page, "r2").locator(part).bounding_box()
            assert box
            apart = (
                tools["x"] >= box["x"] + box["width"]
                or box["x"] >= tools["x"] + tools["width"]
                or tools["y"] >= box["y"] + box["height"]
                or box["y"] >= tools["y"] + tools["height"]
            )
            assert apart, f"{part} at {width} pixels"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Open, scheme: str) -> None:
    page = opened(scheme=scheme)
    body(page, "r3").click()
    expect(rule(page, "r3")).to_have_class(re.compile("selected"))
    found = {v["id"] for v in Axe().run(page).response["violations"]} - KNOWN_AXE
    assert found == set()


def test_app_test_sees_no_action() -> None:
    for _ in range(2):
        app = AppTest.from_file(str(APP)).run()
        assert not app.exception
        assert app.text[1].value == "actions:"
