"""The engine against the naive evaluator, over rule sets and odd tasks nobody would think of."""

import io
import json

import naive
import pytest
import strategies
from conftest import DATA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ango_json.inputs import read_logic_input
from core.ango_json.project import read_project
from core.errors import InputError
from core.export.reader import read_path, read_stream
from core.model.dialect import Dialect
from core.routing.document import split_document
from core.workspace import Workspace

EXPECTED = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
KEYS = ("output", "next", "certain", "low", "high", "drawn")


def table_of(items, name="items.json"):
    return read_stream(io.BytesIO(json.dumps(items).encode()), name)


def computed(table, stage, project, dialect, seed):
    logic, _ = read_logic_input(json.dumps(stage), "stage")
    model = read_project(project) if project else None
    workspace = Workspace(table, model, Dialect(**dialect))
    result = workspace.split(logic, seed)
    honesty = workspace.facts.honesty
    return split_document(result, workspace.dialect, workspace.check(logic), honesty)


def assert_same(got, wanted):
    assert got["tasks"] == wanted["tasks"]
    assert len(got["outputs"]) == len(wanted["outputs"])
    for mine, theirs in zip(got["outputs"], wanted["outputs"], strict=True):
        keys = [k for k in KEYS if not (theirs.get("tie") and k in ("low", "high"))]
        assert {k: mine[k] for k in keys} == {k: theirs[k] for k in keys}
        assert mine["expected"] == pytest.approx(theirs["expected"], abs=1e-9)
        assert mine.get("uncertain", False) == theirs.get("uncertain", False)
    for name, value in wanted["honesty"].items():
        assert got["honesty"][name] == value, name


@st.composite
def cases(draw, doubtful=False):
    project = draw(strategies.projects())
    source = strategies.hub_tasks if draw(st.booleans()) else strategies.items
    return (
        draw(source(project)),
        draw(strategies.logic_stages(project, doubtful=doubtful)),
        draw(st.sampled_from([project, None])),
        draw(strategies.dialects()),
        draw(st.integers(0, 9)),
    )


many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(cases())
def test_every_output_of_every_stage_equals_the_naive_one(case):
    items, stage, project, dialect, seed = case
    wanted = naive.split(items, stage, project, dialect, seed)
    try:
        table = table_of(items)
    except InputError:
        assert wanted["tasks"] == 0
        return
    assert_same(computed(table, stage, project, dialect, seed), wanted)


@many
@given(cases(doubtful=True))
def test_condition_forms_that_no_page_defines_are_read_alike_too(case):
    items, stage, project, dialect, seed = case
    wanted = naive.split(items, stage, project, dialect, seed)
    try:
        table = table_of(items)
    except InputError:
        assert wanted["tasks"] == 0
        return
    assert_same(computed(table, stage, project, dialect, seed), wanted)


@many
@given(cases(), st.data())
def test_every_trace_equals_the_naive_one(case, data):
    items, stage, project, dialect, seed = case
    tasks, _ = naive.tasks_of(items)
    if not tasks:
        return
    task_id = data.draw(st.sampled_from([task["id"] for task in tasks]))
    wanted = naive.trace(items, stage, task_id, project, dialect, seed)
    logic, _ = read_logic_input(json.dumps(stage), "stage")
    model = read_project(project) if project else None
    got = Workspace(table_of(items), model, Dialect(**dialect)).trace(logic, task_id, seed)
    assert got.output == wanted["output"]
    assert got.probabilities == pytest.approx(tuple(wanted["probabilities"]), abs=1e-12)
    rules = wanted["rules"][: len(got.steps) - 1]
    assert [s.verdict for s in got.steps[:-1]] == [r["verdict"] for r in rules]
    assert [s.p for s in got.steps[:-1]] == [r["p"] for r in rules]


@pytest.mark.parametrize("name", EXPECTED["splits"])
def test_the_sample_meets_its_expected_split(name):
    tasks = DATA / ("six.json" if name.startswith("six") else "export.zip")
    logic = DATA / name.split(" ")[-1 if name.startswith("six") else 0]
    text = logic.read_text(encoding="utf-8")
    stage, _ = read_logic_input(text, logic.name)
    project = read_project(json.loads((DATA / "project.json").read_text(encoding="utf-8")))
    result = Workspace(read_path(tasks), project, Dialect()).split(stage, EXPECTED["seed"])
    for output, wanted in zip(result.outputs, EXPECTED["splits"][name], strict=True):
        count = output.count
        assert output.target == wanted["next"]
        assert count.expected == pytest.approx(wanted["expected"], abs=1e-9)
        found = (count.certain, count.low, count.high, count.drawn)
        assert found == (wanted["certain"], wanted["low"], wanted["high"], wanted["drawn"])
