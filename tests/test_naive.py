"""The naive oracle itself: it meets the sample's expected values, and its strategies work."""

import itertools
import json
import math
import zipfile
from fractions import Fraction
from pathlib import Path

import naive
import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DATA = Path(__file__).parent / "data"
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def export():
    with zipfile.ZipFile(DATA / "export.zip") as archive:
        return json.loads(archive.read(archive.namelist()[0]))


def sample(name):
    """Items and Logic stage behind one entry of expected.json."""
    if name == "six.json with logic-six.json":
        return read("six.json"), read("logic-six.json")
    if name.startswith("project.json"):
        return export(), strategies.logic_of(read("project.json")["data"]["project"])
    return export(), read(name)


EXPECTED = read("expected.json")


@pytest.mark.parametrize("name", EXPECTED["splits"])
def test_the_oracle_meets_the_expected_split(name):
    items, stage = sample(name)
    got = naive.split(items, stage, read("project.json"), seed=EXPECTED["seed"])
    assert got["tasks"] == len(items)
    assert len(got["outputs"]) == len(EXPECTED["splits"][name])
    for output, wanted in zip(got["outputs"], EXPECTED["splits"][name], strict=True):
        assert output == wanted | {"expected": pytest.approx(wanted["expected"], abs=1e-9)}


def test_the_oracle_meets_the_expected_uniform_values():
    for one in EXPECTED["uniform"]:
        assert naive.uniform(one["task"], one["rule"], one["turn"], one["seed"]) == one["u"]


def test_the_sample_has_the_honesty_counts_one_finds_by_reading_it():
    items, stage = sample("logic-odd.json")
    missing = sum(not (i.get("task") or i["tasks"][0]).get("stageHistory") for i in items)
    got = naive.split(items, stage, read("project.json"))["honesty"]
    assert missing == got["no_history"] == 9
    assert (got["no_answer_loaded"], got["skipped"], got["no_task"]) == (0, 0, 0)


@given(st.lists(st.sampled_from([0.0, 0.02, 0.2, 0.5, 0.9, 1.0]), max_size=8))
def test_the_distribution_is_the_sum_over_all_outcomes(chances):
    exact = [Fraction(0)] * (len(chances) + 1)
    for outcome in itertools.product([0, 1], repeat=len(chances)):
        odds = Fraction(1)
        for hit, chance in zip(outcome, chances, strict=True):
            odds *= Fraction(chance) if hit else 1 - Fraction(chance)
        exact[sum(outcome)] += odds
    assert naive.distribution(chances) == pytest.approx([float(one) for one in exact], abs=1e-15)


def test_an_interval_on_the_very_bound_is_marked_as_a_tie():
    assert naive.interval([0.025])[2]
    assert naive.interval([0.5] * 6) == (1, 5, False)


def test_rule_ids_count_within_a_type():
    kinds = ["RandomSample", "Batch", "RandomSample", "Later"]
    ids = naive.rule_ids([{"type": kind} for kind in kinds])
    assert ids == ["RandomSample-0", "Batch-0", "RandomSample-1", "Later-0"]


@st.composite
def cases(draw):
    project = draw(strategies.projects())
    items = draw(strategies.items(project) | strategies.hub_tasks(project))
    stage = draw(st.just(strategies.logic_of(project)) | strategies.logic_stages(project, True))
    given_project = draw(st.sampled_from([project, None]))
    return items, stage, given_project, draw(strategies.dialects()), draw(st.integers(0, 3))


@slow
@given(cases())
def test_every_generated_split_adds_up(case):
    items, stage, project, dialect, seed = case
    got = naive.split(items, stage, project, dialect, seed)
    json.dumps([case, got], allow_nan=False)
    outputs = got["outputs"]
    assert len(outputs) == len(stage["logic"]["conditions"]) + 1
    assert sum(one["drawn"] for one in outputs) == got["tasks"]
    assert math.isclose(sum(one["expected"] for one in outputs), got["tasks"], abs_tol=1e-9)
    for one in outputs:
        assert one["certain"] <= one["low"] <= one["high"] <= got["tasks"]
        assert one["certain"] <= one["drawn"]
        assert one["certain"] <= one["expected"] + 1e-9


@slow
@given(cases())
def test_the_traces_of_all_tasks_make_the_split(case):
    items, stage, project, dialect, seed = case
    got = naive.split(items, stage, project, dialect, seed)
    tasks, _ = naive.tasks_of(items)
    traces = [naive.trace(items, stage, t["id"], project, dialect, seed) for t in tasks]
    json.dumps(traces, allow_nan=False)
    for output in got["outputs"]:
        position = output["output"]
        assert output["drawn"] == sum(one["output"] == position for one in traces)
        chances = [one["probabilities"][position] for one in traces]
        assert output["expected"] == pytest.approx(math.fsum(chances), abs=1e-9)


def test_a_task_that_is_not_there_has_no_trace():
    assert naive.trace([], {"logic": {"conditions": []}}, "gone") is None
