"""A project full of names that try something: none gets through a page, a command or a file.

Pages, the command line, CSV and the report each have one door for text of others; this looks at
what comes out behind them, whichever door it took.
"""

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest
from hostile import hub_world, opened_file, project_document, task_list
from page_helpers import database, look_at, shown

import core.spreadsheet
from core.ango_json.text import dumps
from core.cli.main import main
from core.model.text import visible
from core.scenario.file import write_scenario
from core.scenario.scenario import scenario_of
from core.store.scenarios import Scenarios
from pages._ui.nav import PAGES

MARKUP = [
    "zq<img src=x onerror=alert(1)>",
    'zq"><svg onload=alert(2)>',
    "zq</style></textarea><script>alert(3)</script>",
    "zq[click](http://evil.example/1)",
    "zq![picture](http://evil.example/2.png)",
    "zq**bold** `code`",
    "zq:red[coloured] :material/delete:",
    "zq$x^2$ ~~gone~~",
    "zq <http://evil.example/3>",
]
"""What a page, a figure or a report would take for markup."""
FORMULAS = ["=zq()", "+zq1+1", "@zq(A1)", "-zq+3", "\tzq", "＝zq()"]
STEERING = ["zq\x1b]0;pwned\x07 \x1b[2J", "zq\u202eexe.png", "zq\nERROR forged", "zq\u200b\ufeff"]
NAMES = [*MARKUP, *FORMULAS, *STEERING]
FILE = f"{MARKUP[0]}{STEERING[0]}{MARKUP[3]}.json"
STEERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
AS_IT_IS = {
    "selectbox.options", "selectbox.raw_value", "multiselect.options", "multiselect.raw_values",
    "text_input.value", "text_input.default", "text_area.value", "text_area.default",
    "code.code_text", "json.body", "bidi_component.json", "bidi_component.mixed",
}  # fmt: skip
"""What a browser shows letter by letter, or a script of ours gets as a value."""
HTML = {"html.body", "iframe.srcdoc"}
OURS = {"a", "abbr", "b", "body", "br", "caption", "circle", "code", "div", "em", "footer", "g",
        "h1", "h2", "h3", "head", "header", "html", "li", "line", "main", "meta", "ol", "p", "path",
        "polygon", "polyline", "pre", "rect", "section", "small", "span", "strong", "style", "svg",
        "table", "tbody", "td", "text", "th", "thead", "time", "title", "tr", "tspan",
        "ul"}  # fmt: skip


class Parts(HTMLParser):
    """What of a page of HTML is markup."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = set(), [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes

    def handle_data(self, text):
        self.text += text


def is_harmless_html(text):
    parts = Parts(text)
    links = [value or "" for name, value in parts.attributes if name in ("href", "src", "action")]
    return (
        parts.tags <= OURS
        and not any(name.startswith("on") for name, _ in parts.attributes)
        and not any("evil" in link or "script:" in link for link in links)
    )


def slipped(place, text):
    """Why a text of a page is not what it should be; "" when it is."""
    if STEERS.search(text):
        return "steers"
    if place in AS_IT_IS:
        return ""
    if place in HTML:
        return "" if is_harmless_html(text) else "is HTML"
    if place == "plotly_chart.spec":  # a figure takes tags for markup, and nothing else
        return "is a tag" if any("<" in name and name in text for name in NAMES) else ""
    return next((f"is {name}" for name in MARKUP if name in text), "")


def looked_at(app):
    """How many texts of a page hold a name, of which none slipped."""
    all_texts = list(shown(app._tree))
    assert [(p, why, t[:200]) for p, t in all_texts if (why := slipped(p, t))] == []
    return sum("zq" in text for _, text in all_texts)


@pytest.fixture
def opened(data):
    return opened_file(data, database(data), NAMES, FILE)


def test_no_name_gets_through_a_page(visit, data, opened):
    _, sessions, _ = hub_world(data, NAMES)
    names = {entry.file: looked_at(visit(entry.file, workspace=opened)) for entry in PAGES}
    assert len(names) == len(PAGES) and min(names.values()) >= 3, names
    for session in sessions:
        app = visit("plugins/run.py", run=session)
        for view in ("Log", "Labels", "Images", "What was asked", "Compare"):
            views = (one for one in app.button_group if str(one.key).startswith("runs.view/"))
            assert looked_at(next(views).set_value(view).run()) > 3
    app = visit("logic/rules.py", workspace=opened)
    for view in ("Split", "Flow", "Table", "JSON"):
        assert looked_at(look_at(app, view)) > 3
    for kind in ("Batch-0", "Annotator-0", "AnnotationType-0"):
        app.session_state["state"].rule = kind
        assert looked_at(app.run()) > 3
    app = visit("logic/explain.py", workspace=opened, task="t3")
    assert looked_at(app) > 3


def test_no_name_of_a_scenario_or_of_a_draft_gets_through(visit, data, demo_workspace):
    stage = demo_workspace.project.logic_stages[0]
    for name in NAMES:
        made = scenario_of(demo_workspace, stage, name, 0)
        kept = Scenarios(database(data)).save("demo", stage.id, visible(name), write_scenario(made))
    for page in ("logic/rules.py", "logic/compare.py", "share/report.py", "share/story.py"):
        assert looked_at(visit(page, scenario=kept.id)) > 1


def test_no_name_becomes_a_formula_in_a_file_for_a_spreadsheet(visit, data, opened, monkeypatch):
    files, write = [], core.spreadsheet.csv_of

    def writing(columns, rows):
        files.append(write(columns, rows))
        return files[-1]

    monkeypatch.setattr(core.spreadsheet, "csv_of", writing)
    hub_world(data, NAMES)
    for entry in PAGES:
        visit(entry.file, workspace=opened)
    app = visit("logic/rules.py", workspace=opened)
    for view in ("Split", "Flow", "Table"):
        look_at(app, view)
    cells = [
        cell
        for file in files
        for row in csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))
        for cell in row
    ]
    risky = [cell for cell in cells if cell[:1] in "=+-@\t\r\n＝＋－＠" and "zq" in cell]
    assert len(files) > 3 and risky == [] and "'=zq()" in cells
    assert {name for name in FORMULAS if f"'{name}" in cells} == set(FORMULAS)


@pytest.fixture
def files(tmp_path):
    """An export and a project of these names, in files of such a name."""
    tasks, project = tmp_path / FILE.replace("/", ":"), tmp_path / "project\n\x1b[2J.json"
    tasks.write_text(json.dumps(task_list(NAMES)), encoding="utf-8")
    project.write_text(dumps({"project": project_document(NAMES)}), encoding="utf-8")
    return tasks, project


def test_no_name_steers_a_terminal_from_any_command(files, tmp_path, capsys):
    tasks, project = map(str, files)
    data = ("--data", str(tmp_path / "data"))
    hub_world(tmp_path / "data", NAMES)
    both, logic = ("--tasks", tasks), ("--logic", project)
    out = ("--out", str(tmp_path / "report.html"))
    commands = [
        ("split", *both, *logic), ("trace", *both, *logic, "--task", "t3"),
        ("trace", *both, *logic, "--task", STEERING[0]), ("check", *both, *logic),
        ("compare", *both, "--before", project, "--after", project),
        ("plan", *both, *logic, "--shares", "20,80"), ("behaving", *both, *logic, "--history"),
        ("tasks", "--in", tasks, "--out", str(tmp_path / "t.parquet")),
        ("report", *both, *logic, *out, "--author", STEERING[0], "--date", MARKUP[0]),
        ("project", "add", "--name", STEERING[0], "--project", project, *both, "--new-id", *data),
        ("project", "add", "--name", "x", "--project", tasks, *data),
        ("split", "--tasks", project, "--logic", tasks), ("recently", *data),
        ("plugin", "list", *data), ("plugin", "show", STEERING[2], *data), ("run", "list", *data),
        ("run", "show", STEERING[0], *data), ("scenario", "list", *data), ("draft", "list", *data),
        ("project", "behaving", "--id", "hostile", *data),
    ]  # fmt: skip
    names = 0
    for words in commands:
        capsys.readouterr()
        main(list(words))
        printed = capsys.readouterr()
        for text in (printed.out, printed.err):
            assert not STEERS.search(text), (words, ascii(STEERS.search(text)))
            assert "\nERROR forged" not in text
        names += (printed.out + printed.err).count("zq")
    assert names > 100


def test_no_name_is_markup_in_a_report(files, tmp_path, capsys):
    tasks, project = map(str, files)
    out = tmp_path / "report.html"
    words = ["report", "--tasks", tasks, "--logic", project, "--out", str(out)]
    assert main([*words, "--author", MARKUP[1], "--date", MARKUP[2]]) == 0, capsys.readouterr().err
    text = out.read_text(encoding="utf-8")
    assert is_harmless_html(text) and not STEERS.search(text)
    parts = Parts(text)
    assert not {"script", "img", "iframe", "form", "object"} & parts.tags
    assert all(name in parts.text for name in MARKUP[:3])
    policy = next(value for name, value in parts.attributes if value and "default-src" in value)
    assert "default-src 'none'" in policy


def test_what_slips_would_be_seen():
    assert slipped("markdown.body", f"of {MARKUP[3]}") and slipped("button.label", MARKUP[5])
    assert slipped("html.body", f"<p>{MARKUP[0]}</p>") and slipped("html.body", "<a href=//evil>")
    assert slipped("plotly_chart.spec", MARKUP[1]) and slipped("code.code_text", STEERING[1])
    assert not slipped("html.body", "<p>zq&lt;img src=x&gt;</p>")
