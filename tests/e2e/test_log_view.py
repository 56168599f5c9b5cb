"""The log view: what others said is shown on lines of ours, and looked at once."""

import base64
import json

import pytest
from conftest import DATA

from core.plugin_runs.model import LogEntry
from core.store.hub import MAX_MESSAGE
from pages.plugins.parts.log_view import _CSS, _HERE, _wire

LINES = json.loads((DATA / "cases" / "names.json").read_text(encoding="utf-8"))["log lines"]
MANY, MORE = 20_000, 40

SHOW = """async ([source, css]) => {
  const { default: component } = await import(source);
  const root = document.createElement('div');
  root.innerHTML = `<style>${css}</style><div class="logs"></div>`;
  document.body.replaceChildren(root);
  window.have = {};
  window.send = (lines) => component({
    parentElement: root,
    setStateValue: (_, have) => { window.have = have; },
    data: {
      run: 'r', instance: window.have.instance, after: window.have.last ?? 0, lines, height: 320,
    },
  });
  window.send([]);
}"""
ROWS = """() => [...document.querySelectorAll('.row')].map((row) => ({
  text: row.querySelector('.text').textContent, at: row.querySelector('.at').textContent,
  level: row.className, more: row.querySelector('.more').textContent }))"""
COUNT = """async ([many, more]) => {
  let read = 0;
  const line = (number) => {
    const made = [number, 'at', 'INFO', '', ''];
    Object.defineProperty(made, 3, { get: () => { read += 1; return `line ${number}`; } });
    return made;
  };
  const field = document.querySelector('[type=search]');
  window.send(Array.from({ length: many }, (_, i) => line(i + 1)));
  field.value = 'line';
  field.dispatchEvent(new Event('input'));
  const before = read;
  const start = performance.now();
  for (let i = 1; i <= more; i += 1) window.send([line(many + i)]);
  for (let i = 1; i <= more; i += 1) window.send([]);
  const took = performance.now() - start;
  const count = document.querySelector('.count').textContent;
  return { before, after: read - before, took, count };
}"""


@pytest.fixture
def view(chromium):
    """The component as the page mounts it, without a server around it."""
    page = chromium.new_page(viewport={"width": 1200, "height": 700})
    page.set_content("<body></body>")
    script = base64.b64encode((_HERE / "log_view.js").read_bytes()).decode()
    page.evaluate(SHOW, [f"data:text/javascript;base64,{script}", _CSS])
    yield page
    page.close()


def entries(*messages, extra="{}"):
    return [
        _wire(LogEntry(n, 1_764_122_467.123, "info", m, extra)) for n, m in enumerate(messages, 1)
    ]


def test_rows_show_what_was_said_and_nothing_that_steers(view):
    view.evaluate("(lines) => window.send(lines)", entries(*LINES[:5], "y" * MAX_MESSAGE))
    rows = view.evaluate(ROWS)
    assert [row["text"] for row in rows][:5] == [
        "red text",
        "100%|###| 10/10",
        "real line ⏎ ERROR    forged",
        r"title \u001b]0;pwned\u0007 clear \u001b[2J\u001b[H end",
        r"bidi \u202eevil\u202c end",
    ]
    assert [row["more"] for row in rows] == ["", "⋯", "⋯", "", "", "⋯"]
    assert rows[5]["text"] == "y" * 1_000 + "… 64,536 more characters"
    assert {row["at"] for row in rows} == {"2025-11-26 02:01:07.123 UTC"}
    assert view.evaluate("document.querySelector('.whole').hidden")


def test_a_click_shows_the_states_of_a_progress_bar_and_what_came_with_a_line(view):
    extra = json.dumps({"step\n\x1b": "a\u202eb", "n": 3})
    view.evaluate("(lines) => window.send(lines)", entries(LINES[1], "plain", extra=extra))
    view.locator(".row").first.click()
    whole = view.locator(".whole").text_content().splitlines()
    assert whole[:3] == [" 10%|# | 1/10", " 50%|## | 5/10", "100%|###| 10/10"]
    assert whole[3:] == [r"step ⏎ \u001b: a\u202eb", "n: 3"]
    view.locator("[type=search]").fill("50%")  # what is folded is found, too
    assert [row["text"] for row in view.evaluate(ROWS)] == ["100%|###| 10/10"]


def test_a_line_is_filtered_once_however_many_come_later(view):
    found = view.evaluate(COUNT, [MANY, MORE])
    assert found["before"] >= MANY
    in_sight = 320 / 20 + 2 * 8 + 2
    assert found["after"] <= 2 * MORE * (in_sight + 1), found
    assert found["count"] == f"{MANY + MORE:,} lines"


LEVELS = ["debug", "INFO", "", "Warn", "error", "FATAL"]


def test_only_lines_of_the_level_and_above_are_shown(view):
    lines = [
        _wire(LogEntry(n, 1_764_122_467.0, name, f"line {n}", "{}"))
        for n, name in enumerate(LEVELS, 1)
    ]
    view.evaluate("(lines) => window.send(lines)", lines)
    shown = {}
    for place, label in enumerate(["All levels", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]):
        view.locator("select").select_option(index=place)
        shown[label] = [int(row["text"].split()[1]) for row in view.evaluate(ROWS)]
    assert shown == {
        "All levels": [1, 2, 3, 4, 5, 6], "DEBUG": [1, 2, 3, 4, 5, 6], "INFO": [2, 3, 4, 5, 6],
        "WARNING": [4, 5, 6], "ERROR": [5, 6], "CRITICAL": [6],
    }  # fmt: skip
    assert view.locator(".count").text_content() == "1 of 6 lines"


def test_only_rows_in_sight_are_drawn_and_they_stand_at_their_place(view):
    view.evaluate("(lines) => window.send(lines)", entries(*["x"] * 1_000))
    view.locator(".follow").uncheck()
    view.evaluate("""() => new Promise((done) => { const box = document.querySelector('.view');
        box.scrollTop = 400 * 20; requestAnimationFrame(() => requestAnimationFrame(done)); })""")
    rows = view.evaluate("""() => [...document.querySelectorAll('.row')].map((row) =>
        [Number(row.dataset.number), row.style.top])""")
    assert rows[0] == [400 - 8 + 1, f"{(400 - 8) * 20}px"]
    assert len(rows) <= 320 / 20 + 2 * 8 + 1
    assert [top for _, top in rows] == [f"{(number - 1) * 20}px" for number, _ in rows]


def test_a_piece_that_does_not_join_is_not_taken(view):
    view.evaluate("(lines) => window.send(lines)", entries("a", "b"))
    view.evaluate("(lines) => { window.have.last = 7; window.send(lines); }", entries("c"))
    assert [row["text"] for row in view.evaluate(ROWS)] == ["a", "b"]
