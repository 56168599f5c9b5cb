"""What Streamlit is kept from: blank pages after one was left, choices that are lost on the way."""

import os
import subprocess
import sys

import pytest
from browser_helpers import ROOT, free_port, wait_until_ready
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
APPS = ROOT / "tests" / "e2e"
TURNS = 5
OURS = """
import sys
from pathlib import Path
from pages._ui.serve import main
main(Path(sys.argv.pop(1)))
"""


@pytest.fixture
def base(tmp_path, request):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", OURS, str(APPS / request.param), "--server.port", str(port)],
        cwd=ROOT, env={**os.environ, "SWITCHYARD_DATA": str(tmp_path)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_until_ready(f"http://127.0.0.1:{port}", process)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


def go_round(page):
    """To the second page and back."""
    page.get_by_role("button", name="Go to the second").click()
    expect(page.get_by_text("This is all.")).to_be_visible(timeout=5_000)
    page.wait_for_timeout(200)  # what was under way arrives by then
    expect(page.get_by_text("This is all.")).to_be_visible(timeout=1_000)
    page.get_by_role("button", name="Back to the first").click()
    expect(page.get_by_role("heading", name="First")).to_be_visible(timeout=5_000)
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("base", ["left_page_app.py"], indirect=True)
def test_no_page_is_blank_after_another_was_left(chromium_page, base):
    chromium_page.goto(base)
    for _ in range(TURNS):
        go_round(chromium_page)


@pytest.mark.parametrize("base", ["busy_page_app.py"], indirect=True)
def test_what_is_chosen_while_another_choice_is_taken_is_taken_too(chromium_page, base):
    chromium_page.goto(base)
    expect(chromium_page.get_by_text("Taken: nothing.")).to_be_visible()
    for name in ("first", "second", "third"):
        chromium_page.get_by_text(name, exact=True).click()
    whole = chromium_page.get_by_text("Taken: first, second, third.")
    expect(whole).to_be_visible(timeout=15_000)
    expect(chromium_page.get_by_text("no-op")).to_have_count(0)
