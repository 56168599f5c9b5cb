"""The report: one file that loads nothing, runs nothing, and says what core says."""

import json
import re
import tomllib
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from conftest import DATA, HERE

from core import VERSION
from core.cli.main import main
from core.model.dialect import Dialect
from core.model.figures import signed
from core.report import svg
from core.report.report import Against, report
from core.routing import edit
from core.routing.versions.golden import Golden
from core.routing.versions.stages import headline, stage_changes
from core.rule_types.random_sample import RandomSample
from core.scenario.file import read_scenario, write_scenario
from core.scenario.scenario import scenario_of
from core.workspace import Workspace

EVIL = "</td><script>alert(1)</script><img src=x onerror=alert(2)>\" ' & {{x}}"
HARMLESS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "a",
            "div", "b", "span", "table", "thead", "tbody", "tr", "th", "td", "svg", "rect", "path",
            "text"}  # fmt: skip


class Page(HTMLParser):
    """Tags, attributes and text of a report."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = set(), [], []
        self.open = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, *each) for each in attrs]
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "title"} & set(self.open[-1:]):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def edited(sample):
    stage = sample.project.logic_stages[0]
    return edit.set_condition(stage, "RandomSample-0", RandomSample(0.35))


@pytest.fixture
def scenario(sample, edited):
    golden = (Golden(sample.table.ids[0].as_py(), "Review", 1.0, "agreed"),)
    return scenario_of(sample, edited, "More reviews", 7, ("Nobody falls ill.",), golden)


@pytest.fixture
def against(sample):
    return Against("the project's rules", sample, sample.project.logic_stages[0])


def test_every_number_is_that_of_core(sample, scenario, against, edited):
    text = Page(report(scenario, sample, against)).text
    result = sample.split(edited, 7)
    for output, label in zip(result.outputs, result.labels, strict=True):
        count = output.count
        interval = "exact" if count.exact else f"{count.low:,} to {count.high:,}"
        row = f"{count.expected:,.1f} {interval} {label} {count.drawn:,}"
        assert row in text  # in the appendix
        whole = f"{count.expected:,.0f} {interval} {label}"
        assert whole in text.split("Appendix")[0] or not count.high
        assert abs(float(label.strip(" %")) - 100 * count.share) < 0.1
    for labels in (result.labels, result.stage_labels):
        assert round(sum(float(label.strip(" %")) for label in labels), 6) == 100
    result = sample.compare(against.rules, edited)
    assert f"{result.moved.expected:,.0f} {result.moved.low:,} to {result.moved.high:,}" in text
    for change in result.arrivals:
        if not change.changed:
            continue
        numbers = (change.expected_before, change.expected_after)
        assert "{:,.1f} {:,.1f}".format(*numbers) + f" {signed(change.expected, 1)}" in text
        assert f"{change.same_draws} {change.independent_draws}" in text
    for move in sample.moves(sample.sides(against.rules, edited), sample.everything, 7):
        assert move.because in text and move.external_id in text


def test_it_says_what_it_rests_on(sample, scenario, against):
    text = Page(report(scenario, sample, against)).text
    for words in (
        *("More reviews", "Street scenes", "Nobody falls ill.", sample.table.fingerprint),
        *("Random draw no. 7", f"Switchyard {VERSION}", "Who annotated a task"),
        *("20 % at random",),
        *("35 % at random", "tasks of unknown duration", "waived agreed", "Findings None."),
    ):
        assert words in text, words


def test_it_carries_its_own_scenario(sample, scenario):
    found = re.search(r"data:application/json;base64,([^\"]+)", report(scenario, sample))
    assert b64decode(found[1]).decode() == write_scenario(scenario)


def test_the_same_scenario_gives_the_same_bytes_on_another_workspace(sample, scenario, against):
    again = read_scenario(write_scenario(scenario))
    fresh = Workspace(sample.table, sample.project, Dialect())
    other = Against(against.name, fresh, against.rules)
    assert report(scenario, sample, against) == report(again, fresh, other)


def test_it_loads_nothing_and_runs_nothing(sample, scenario, against):
    page = Page(report(scenario, sample, against))
    assert page.tags <= HARMLESS
    for tag, name, value in page.attributes:
        assert not name.startswith("on") and name not in ("src", "srcset", "action"), (tag, name)
        if name == "href":
            assert value.startswith("data:application/json;base64,")
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert "url(" not in report(scenario, sample, against)


def test_names_are_shown_and_never_run(sample, scenario, against, edited):
    stage = replace(edited, name=EVIL, otherwise=EVIL)
    evil = replace(
        scenario, name=EVIL, rules=stage, project_name=EVIL, project_id="other",
        assumptions=(EVIL,), golden=(Golden(EVIL, EVIL, 0.5, EVIL),),
    )  # fmt: skip
    batches = tuple(replace(batch, name=EVIL + batch.name) for batch in sample.project.batches)
    project = replace(sample.project, name=EVIL, batches=batches)
    work = Workspace(sample.table, project, Dialect())
    text = report(evil, work, Against(EVIL, work, replace(against.rules, otherwise=EVIL[::-1])))
    assert "<script" not in text and "<img" not in text
    page = Page(text)
    assert page.tags <= HARMLESS
    assert page.text.count("<script>alert(1)</script>") >= 6


def test_without_a_baseline_or_a_difference_it_is_shorter(sample, scenario, against):
    assert "What changes" not in Page(report(scenario, sample)).text
    same = replace(scenario, rules=against.rules)
    text = Page(report(same, sample, against)).text
    assert "Tasks that move 0 exact" in text
    assert "No task goes to another stage than with the project's rules." in text


def test_it_opens_with_a_headline_a_date_and_an_author(sample, scenario, against, edited):
    text = Page(report(scenario, sample, against, "26 Nov 2026", "Ada <b>")).text
    before, after = sample.split(against.rules), sample.split(edited)
    changes, moved = stage_changes(before, after), sample.compare(against.rules, edited).moved
    words = headline(moved.expected, 400, changes, sample.names, "the project's rules")
    assert text.startswith(f"More reviews {words} Ada <b> · 26 Nov 2026 · Street scenes")
    assert words.startswith(f"{moved.expected:,.0f} of 400 tasks (")
    largest = max(changes, key=lambda change: abs(change.difference))
    whole = round(largest.after) - round(largest.before)
    assert f": {sample.names.of_stage(largest.stage)} {signed(whole)}" in words
    assert " · 26 Nov" not in Page(report(scenario, sample, against)).text
    alone = Page(report(scenario, sample)).text
    assert "Of 400 tasks " in alone.split("Where tasks go")[0]


def test_what_changes_is_in_whole_tasks_and_what_does_not_is_counted(
    sample, scenario, against, edited
):
    text = Page(report(scenario, sample, against)).text
    opening, appendix = text.split("Appendix", 1)
    changes = stage_changes(sample.split(against.rules), sample.split(edited))
    same = sum(not change.changed for change in changes)
    if same:
        assert f"{same} stage{'s' * (same != 1)} unchanged." in opening
    for change in changes:
        whole = signed(round(change.after) - round(change.before))
        name = sample.names.of_stage(change.stage)
        row = f"{name} {change.before:,.0f} {change.after:,.0f} {whole}"
        assert (row in opening) == change.changed
    for proof in (sample.table.fingerprint, "Random draw no.", "From output to output"):
        assert proof in appendix and proof not in opening


def test_date_and_author_alone_change_the_bytes(sample, scenario, against):
    one = report(scenario, sample, against, "26 Nov 2026", "Ada")
    assert one == report(scenario, sample, against, "26 Nov 2026", "Ada")
    assert one != report(scenario, sample, against, "27 Nov 2026", "Ada")


def test_flows_share_the_room_of_both_sides():
    drawn = svg.flows([("a", "#000"), ("b", "#111")], [("c", "#222")], [(0, 0, 3.0), (1, 0, 1.0)])
    heights = [float(h) for h in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert heights[0] == pytest.approx(3 * heights[1], rel=0.01)
    assert heights[2] == pytest.approx(heights[0] + heights[1], rel=0.01)


def test_the_command_line_writes_what_the_page_shows(sample, scenario, tmp_path, capsys):
    (tmp_path / "s.json").write_text(write_scenario(scenario), encoding="utf-8")
    words = ["report", "--tasks", str(DATA / "export.zip"), "--logic", str(tmp_path / "s.json")]
    words += ["--project", str(DATA / "project.json"), "--out", str(tmp_path / "r.html"), "--json"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["bytes"] == (tmp_path / "r.html").stat().st_size
    assert (tmp_path / "r.html").read_text(encoding="utf-8") == report(scenario, sample)
    assert main([*words, "--date", "26 Nov 2026", "--author", "Ada"]) == 0
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert text == report(scenario, sample, None, "26 Nov 2026", "Ada")
    assert main([*words, "--baseline", str(DATA / "project.json")]) == 0
    assert "20 % at random" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert main([*words[:-2], str(tmp_path / "none" / "r.html")]) == 2
    assert "Choose another place" in capsys.readouterr().err


def test_the_version_is_that_of_the_project():
    data = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert data["project"]["version"] == VERSION
