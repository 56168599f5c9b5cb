"""A story: levers, their table against the split of the edited rules, files, links, the command."""

import io
import json
from dataclasses import replace

import pytest
import strategies
from conftest import DATA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_world import stage_of, took, workspace_of

from core.ango_json.project import read_project
from core.ango_json.stages import read_logic
from core.cli.main import main
from core.errors import InputError
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.rule_types.duration import Duration
from core.scenario.file import read_scenario, write_scenario
from core.scenario.lever_texts import GONE, link_text, of_link, read_value
from core.scenario.levers import (
    MOST_LEVERS,
    Lever,
    edited,
    place,
    possible_levers,
    propose,
)
from core.scenario.scenario import scenario_of
from core.scenario.story import Story, board, count
from core.workspace import Workspace


@st.composite
def cases(draw):
    """A workspace and a stage; None instead where the items hold no task at all."""
    project = draw(strategies.projects())
    items = draw(strategies.items(project) | strategies.hub_tasks(project))
    stage = draw(strategies.logic_stages(project, doubtful=True))
    try:
        table = read_stream(io.BytesIO(json.dumps(items).encode()), "items.json")
    except InputError:
        return None
    dialect = Dialect(**draw(strategies.dialects()))
    return Workspace(table, read_project(project), dialect), read_logic(stage)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.data())
def test_the_table_gives_what_the_split_of_the_edited_rules_gives(case, data):
    if case is None:
        return
    workspace, stage = case
    tasks, dialect = len(workspace.table), workspace.dialect
    possible = possible_levers(workspace, stage)
    chosen = data.draw(st.permutations(possible))[:MOST_LEVERS]
    placed = [place(lever, stage, dialect, tasks) for lever in chosen]
    assert None not in placed
    table = count(workspace, stage, tuple(placed))
    for _ in range(3):
        placed = [
            replace(one, at=data.draw(st.integers(0, len(one.positions) - 1))) for one in placed
        ]
        come = [one.value for one in placed if one.lever.kind == "tasks"]
        scale = come[0] / tasks if come and tasks else 1.0
        split = workspace.split(edited(stage, placed, dialect))
        wanted = {target: one.expected * scale for target, one in split.stages}
        expected = dict(zip(table.targets, table.expected(placed), strict=True))
        assert {target: wanted.get(target, 0.0) for target in expected} == pytest.approx(
            expected, rel=1e-9, abs=1e-6
        )
        assert set(wanted) <= set(expected)


def test_what_is_proposed_moves_most_and_is_never_empty(sample):
    stage = sample.project.logic_stages[0]
    levers = propose(sample, stage)
    assert [lever.kind for lever in levers] == ["share", "share", "least", "tasks"]
    assert all(place(one, stage, sample.dialect, len(sample.table)) for one in levers)
    nothing = stage.with_rules(())
    assert [lever.kind for lever in propose(sample, nothing)] == ["tasks"]
    only = stage.with_rules(tuple(r for r in stage.rules if r.type in ("Batch", "AnnotationType")))
    assert [lever.kind for lever in propose(sample, only)][-2:] == ["switch", "tasks"]


def test_a_board_holds_numbers_against_the_baseline(sample):
    stage = sample.project.logic_stages[0]
    first = board(sample, stage, (sample, stage))
    assert [n.expected for n in first.numbers] == pytest.approx([n.before for n in first.numbers])
    assert sum(number.large for number in first.numbers) == 4
    share = replace(first.levers[0].lever, value=100.0)
    moved = board(sample, stage, (sample, stage), (share,))
    assert sum(n.expected for n in moved.numbers) == pytest.approx(len(sample.table))
    assert any(abs(n.expected - n.before) > 1 for n in moved.numbers)


def test_a_bound_that_is_a_fraction_of_its_unit_counts_as_it_is_read_again():
    workspace = workspace_of([{"took": n * 100} for n in range(200)], unit="min")
    stage = stage_of(took(0.05))
    levers = [one for one in possible_levers(workspace, stage) if one.kind == "least"]
    placed = [place(one, stage, workspace.dialect, 200) for one in levers]
    table = count(workspace, stage, tuple(placed))
    for at in range(len(placed[0].positions)):
        here = [replace(placed[0], at=at)]
        rule = edited(stage, here, workspace.dialect)
        assert isinstance(rule.rules[0].condition, Duration)
        split = workspace.split(rule)
        assert table.expected(here) == pytest.approx([n.expected for _, n in split.stages])


def test_a_file_keeps_the_story_and_older_files_open(sample):
    stage = sample.project.logic_stages[0]
    story = Story(propose(sample, stage), "Say hello first.")
    scenario = scenario_of(sample, stage, "Told", story=story)
    assert read_scenario(write_scenario(scenario)) == scenario
    older = replace(scenario, story=None)
    assert json.loads(write_scenario(older))["version"] == 1
    assert read_scenario(write_scenario(older)) == older


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 4}, "newer Switchyard"),
        ({"story": []}, "an object with levers and notes"),
        ({"story": {"levers": [{}] * 5}}, "at most 4 levers"),
        ({"story": {"levers": [{"kind": "share"}]}}, "low, high, step"),
        ({"story": {"levers": [{"kind": "share", "low": 9, "high": 3, "step": 1}]}}, "cannot move"),
        ({"story": {"levers": [{"kind": "magic"}]}}, "of a kind"),
        ({"story": {"levers": [], "notes": 3}}, "expected text"),
    ],
)
def test_a_story_that_cannot_be_used_says_why(sample, change, words):
    text = write_scenario(scenario_of(sample, sample.project.logic_stages[0], "S"))
    with pytest.raises(InputError, match=words):
        read_scenario(json.dumps(json.loads(text) | change))


def test_a_link_opens_the_same_levers_and_says_what_is_gone(sample):
    stage = sample.project.logic_stages[0]
    usual = possible_levers(sample, stage)
    levers = (
        replace(propose(sample, stage)[0], value=35.0),
        replace(propose(sample, stage)[2], name="Long ones", high=1_200_000.0),
    )
    texts = [link_text(lever, usual) for lever in levers]
    assert of_link(texts, usual) == (levers, ())
    assert "Long" not in texts[0]
    gone = link_text(Lever("x", "share", "never", 0, 100, 1, 5), usual)
    assert of_link([gone, texts[0]], usual) == (levers[:1], (GONE,))
    kept, lost = of_link(["{", '["share"]', '["tasks","","many"]', texts[1]], usual)
    assert kept == levers[1:]
    assert len(lost) == 1


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("share", "35 %", 35), ("least", "1.5 min", 90_000), ("most", "2 h", 7_200_000),
     ("least", "250 ms", 250), ("most", "9s", 9_000), ("switch", "Off", 0),
     ("tasks", "8000", 8000)],
)  # fmt: skip
def test_values_are_read_as_people_type_them(kind, text, value):
    assert read_value(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"), [("switch", "maybe"), ("share", "nan"), ("tasks", "1_0")]
)
def test_other_values_are_refused(kind, text):
    with pytest.raises(ValueError, match=r"neither on|not a number"):
        read_value(kind, text)


def printed(capsys, *words):
    assert main(["story", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_prints_levers_and_numbers_with_their_difference(sample, tmp_path, capsys):
    files = ("--tasks", DATA / "export.zip", "--project", DATA / "project.json")
    story = printed(capsys, *files)
    assert [lever["id"] for lever in story["levers"]] == [
        "share:RandomSample-0", "share:RandomSample-1", "least:Duration-0", "tasks"]  # fmt: skip
    assert {number["difference"] for number in story["numbers"]} == {0.0}
    moved = printed(
        capsys, *files, "--set", "share:RandomSample-0=100%", "--set", "How many tasks come = 800"
    )
    assert sum(number["expected"] for number in moved["numbers"]) == pytest.approx(800)
    assert moved["levers"][0]["text"] == "100 %"
    for number in moved["numbers"]:
        difference = number["expected"] - number["baseline"]
        assert number["difference"] == pytest.approx(difference, abs=1e-6)

    stage = sample.project.logic_stages[0]
    switch = Lever("Without it", "switch", "Duration-0", 0, 1, 1, 0)
    scenario = scenario_of(sample, stage, "S", assumptions=("Rain.",), story=Story((switch,)))
    kept = tmp_path / "s.json"
    kept.write_text(write_scenario(scenario), encoding="utf-8")
    story = printed(capsys, *files, "--scenario", kept)
    assert [lever["text"] for lever in story["levers"]] == ["off"]
    assert story["assumptions"][0] == "Rain."
    assert story["baseline"] == "the project's rules"


@pytest.mark.parametrize(
    ("word", "says"),
    [("share:never=3", "is no lever"), ("share:RandomSample-0", "has no value"),
     ("tasks=many", "not a number"), ("tasks=9e9", "goes from"),
     ("share:RandomSample-0=101", "goes from")],
)  # fmt: skip
def test_a_lever_that_cannot_be_put_there_is_refused_in_one_line(capsys, word, says):
    files = ("--tasks", DATA / "export.zip", "--project", DATA / "project.json")
    assert main(["story", *map(str, files), "--set", word]) == 2
    assert says in capsys.readouterr().err
