"""The JSON editor by itself: colours, the mark of a mistake, indenting, and when a text is sent."""

import base64

import pytest

from pages.plugins.parts.json_editor import _CSS, _HERE

SHOW = """async ([source, css]) => {
  const { default: component } = await import(source);
  const root = document.createElement('div');
  root.innerHTML = `<style>${css}</style><div class="json"></div><button>next</button>`;
  document.body.replaceChildren(root);
  window.sent = [];
  window.show = (text, mark, epoch) => { window.leave = component({
    parentElement: root, setStateValue: (_, edit) => window.sent.push(edit),
    data: { text, mark, epoch, label: 'Config', height: 200 } }); };
}"""
TEXT = """{
  "min": -4.5,
  "on": true, "name": "a \\" <b> & c"
}"""


@pytest.fixture
def editor(chromium):
    """The component as the page mounts it, without a server around it."""
    page = chromium.new_page()
    page.set_content("<body></body>")
    script = base64.b64encode((_HERE / "json_editor.js").read_bytes()).decode()
    page.evaluate(SHOW, [f"data:text/javascript;base64,{script}", _CSS])
    page.evaluate("(text) => window.show(text, null, 1)", TEXT)
    yield page
    page.close()


def typed(editor):
    return editor.locator("textarea").input_value()


def test_each_kind_of_value_has_its_colour_and_the_text_is_the_same(editor):
    parts = editor.evaluate("""() => [...document.querySelectorAll('.paint span')].map(
        (part) => [part.className, part.textContent])""")
    assert parts == [
        ["k", '"min":'], ["n", "-4.5"], ["k", '"on":'], ["w", "true"],
        ["k", '"name":'], ["s", '"a \\" <b> & c"'],
    ]  # fmt: skip
    assert editor.locator(".paint").text_content() == TEXT + "\n"
    assert editor.locator(".gutter").text_content().split() == ["1", "2", "3", "4"]


def test_a_mistake_is_marked_on_its_line(editor):
    editor.evaluate("(text) => window.show(text, { line: 3, column: 1 }, 1)", TEXT)
    mark = editor.locator(".mark")
    assert mark.evaluate("(node) => node.style.top") == f"{8 + 2 * 20}px" and mark.is_visible()
    assert editor.locator("textarea").get_attribute("aria-invalid") == "true"
    editor.evaluate("(text) => window.show(text, null, 1)", TEXT)
    assert mark.is_hidden()


def test_tab_and_enter_indent_and_escape_lets_tab_go_on(editor):
    editor.evaluate("() => window.show('{', null, 2)")
    box = editor.locator("textarea")
    box.press("Control+End")
    box.press("Enter")
    assert typed(editor) == "{\n  "
    box.press("Tab")
    assert typed(editor) == "{\n    "
    box.press("Escape")
    box.press("Tab")
    assert editor.evaluate("document.activeElement.textContent") == "next"


def test_a_text_is_sent_once_when_typing_pauses_or_the_field_is_left(editor):
    box = editor.locator("textarea")
    box.press("Control+End")
    box.press_sequentially("  ")
    editor.wait_for_function("window.sent.length === 1")
    box.press("Backspace")
    box.blur()
    sent = editor.evaluate("window.sent")
    assert [edit["text"] for edit in sent] == [TEXT + "  ", TEXT + " "]
    assert all(edit["epoch"] == 1 for edit in sent)


def test_what_the_server_draws_anew_replaces_the_text_and_its_own_echo_does_not(editor):
    box = editor.locator("textarea")
    box.press("Control+End")
    box.press_sequentially(" ")
    editor.evaluate("(text) => window.show(text, null, 1)", TEXT)
    assert typed(editor) == TEXT + " "
    editor.evaluate("() => window.show('{}', null, 2)")
    assert typed(editor) == "{}"


def test_what_was_not_sent_yet_is_sent_when_the_editor_goes(editor):
    editor.locator("textarea").press("Control+End")
    editor.locator("textarea").press_sequentially(" ")
    editor.evaluate("() => window.leave()")
    assert editor.evaluate("window.sent.map((edit) => edit.text)") == [TEXT + " "]
