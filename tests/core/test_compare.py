"""Two versions of a stage: the matrix, the moves and their reasons, intervals of differences."""

import io
import json
import math

import naive
import naive_compare
import numpy as np
import pytest
import strategies
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.logic import edit
from core.logic.compare import drawn_moves
from core.logic.difference import difference_interval
from core.logic.document import compare_document
from core.logic.moves import moved_groups
from core.logic.pair import aligned
from core.model.dialect import Dialect
from core.model.rules import Batch, Duration, RandomSample, Rule
from core.model.stages import Logic
from core.tasks import bits
from core.tasks.read import read_stream
from core.wire.inputs import read_logic_input
from core.wire.project import read_project
from core.workspace import Workspace

quick = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
MOST_RANDOM = 6


@st.composite
def edits(draw, project, stage):
    """The stage after a few edits: rules moved, changed, removed and added, outputs wired anew."""
    rules = list(zip(stage["logic"]["conditions"], naive.targets(stage), strict=False))
    rest = naive.targets(stage)[-1]
    known = [one["id"] for one in project["stages"]]
    for _ in range(draw(st.integers(0, 3))):
        what = draw(st.sampled_from(["move", "change", "remove", "add", "wire"]))
        place = draw(st.integers(0, len(rules) - 1)) if rules else None
        if what == "add" or place is None:
            rules.insert(
                draw(st.integers(0, len(rules))),
                (draw(strategies.conditions(project)), draw(st.sampled_from(known))),
            )
        elif what == "move":
            rules.insert(draw(st.integers(0, len(rules) - 1)), rules.pop(place))
        elif what == "remove":
            rules.pop(place)
        elif what == "wire":
            rules[place] = (rules[place][0], draw(st.sampled_from(known)))
        elif rules[place][0].get("type") == "RandomSample":
            value = {"value": draw(st.sampled_from([0.1, 0.35, 60, 0, 100]))}
            rules[place] = (rules[place][0] | value, rules[place][1])
        else:
            rules[place] = (draw(strategies.conditions(project)), rules[place][1])
    changed = dict(stage)
    changed["next"] = [*(target for _, target in rules), rest]
    changed["logic"] = {"conditions": [condition for condition, _ in rules]}
    return changed


@st.composite
def cases(draw):
    project = draw(strategies.projects())
    before = draw(strategies.logic_stages(project))
    after = draw(st.one_of(edits(project, before), strategies.logic_stages(project)))
    chancy = [c for s in (before, after) for c in naive.conditions_of(s)
              if c.get("type") == "RandomSample"]  # fmt: skip
    assume(len(chancy) <= MOST_RANDOM + 2)
    return (
        draw(strategies.items(project)),
        before,
        after,
        draw(st.sampled_from([project, None])),
        draw(strategies.dialects()),
        draw(st.integers(0, 9)),
    )


def table_of(items):
    return read_stream(io.BytesIO(json.dumps(items).encode()), "items.json")


def logic(stage):
    return read_logic_input(json.dumps(stage), "stage")[0]


def opened(items, project, dialect):
    try:
        table = table_of(items)
    except InputError:
        assume(False)
    return Workspace(table, read_project(project) if project else None, Dialect(**dialect))


def same_interval(got, wanted):
    low, high, tie = wanted
    assert tie or (got["low"], got["high"]) == (low or 0, high or 0)


@quick
@given(cases())
def test_every_number_equals_the_naive_one(case):
    items, before, after, project, dialect, seed = case
    work = opened(items, project, dialect)
    old = logic(before)
    new = aligned(old, logic(after))
    result = work.compare(old, new)
    got = compare_document(result, (), old, new, seed)
    wanted = naive_compare.compare(items, before, after, project, dialect)
    assert got["tasks"] == wanted["tasks"]
    for name in ("matrix", "stages"):
        assert np.array(got[name]) == pytest.approx(np.array(wanted[name]), abs=1e-9)
    assert got["targets"] == wanted["targets"]
    for name in ("moved", "rerouted"):
        assert got[name]["certain"] == wanted[name]["certain"]
        assert got[name]["expected"] == pytest.approx(wanted[name]["expected"], abs=1e-9)
        same_interval(got[name], wanted[name]["interval"])
    assert [(c["before"], c["after"]) for c in got["outputs"]] == wanted["lines"]
    for mine, theirs in zip(
        [*got["outputs"], *got["arrivals"]], [*wanted["outputs"], *wanted["arrivals"]], strict=True
    ):
        assert mine["expected"] == pytest.approx(theirs["expected"], abs=1e-9)
        same_interval(mine, theirs["interval"])


@quick
@given(cases())
def test_the_moves_of_a_seed_are_the_naive_ones_and_each_has_a_reason(case):
    items, before, after, project, dialect, seed = case
    work = opened(items, project, dialect)
    old = logic(before)
    new = aligned(old, logic(after))
    ids = [[rule.id for rule in stage.rules] for stage in (old, new)]
    wanted = naive_compare.movers(items, before, after, project, dialect, seed, ids)
    sides = work.sides(old, new)
    found = work.moves(sides, work.everything, seed, count=len(work.table))
    assert [(move.task, move.before, move.after) for move in found] == wanted
    assert all(move.because.endswith(".") and move.because[0].isupper() for move in found)
    result = work.compare(old, new)
    if not any(0 < p < 1 for p in result.chance.flat):
        assert len(found) == result.moved.certain


@quick
@given(cases())
def test_the_same_version_moves_nothing(case):
    items, before, _, project, dialect, _ = case
    work = opened(items, project, dialect)
    stage = logic(before)
    result = work.compare(stage, stage)
    assert (result.moved.expected, result.rerouted.expected) == (0, 0)
    assert np.count_nonzero(result.matrix - np.diag(np.diag(result.matrix))) == 0
    assert all((change.low, change.high) == (0, 0) for change in result.outputs)


@quick
@given(cases())
def test_rows_and_columns_sum_to_the_splits(case):
    items, before, after, project, dialect, _ = case
    work = opened(items, project, dialect)
    old = logic(before)
    new = aligned(old, logic(after))
    matrix = work.compare(old, new).matrix
    for stage, sums in ((old, matrix.sum(axis=1)), (new, matrix.sum(axis=0))):
        expected = [output.count.expected for output in work.split(stage).outputs]
        assert sums == pytest.approx(expected, abs=1e-9)


# ---- the interval of a difference -----------------------------------------------------------


def test_a_raised_percentage_moves_the_difference_and_no_more(sample):
    before = Logic(id="l", name="L", rules=(Rule("r", RandomSample(0.2), "a"),), otherwise="b")
    after = edit.set_condition(before, "r", RandomSample(0.3))
    moved = sample.compare(before, after).moved
    assert moved.expected == pytest.approx(400 * 0.1)
    assert (moved.certain, moved.low, moved.high) == (0, 29, 52)


@pytest.mark.parametrize("tasks", [1, 7, 400, 6_000])
@pytest.mark.parametrize(
    ("up", "down"), [(0.3, 0.3), (0.5, 0.5), (0.02, 0.7), (0.25, 0.25), (1e-4, 0)]
)
def test_the_interval_is_that_of_the_added_up_steps(tasks, up, down):
    groups = [(tasks, up, down), (tasks // 3, down / 2, up / 2), (5, 1.0, 0.0), (2, 0.0, 1.0)]
    changes = [(n, a, b) for n, a, b in groups[:2] if n]
    odds = np.ones(1)
    for n, a, b in changes:
        odds = np.convolve(odds, power(np.array([b, 1 - a - b, a]), n))
    below = np.cumsum(odds)
    first = 3 - sum(n for n, _, _ in changes)
    low, high = (int(np.argmax(below >= bound - 1e-11)) for bound in (0.025, 0.975))
    assert difference_interval(groups) == (first + low, first + high)


def power(odds, n):
    """Distribution of n steps, by squaring."""
    found = np.ones(1)
    while n:
        if n & 1:
            found = np.convolve(found, odds)
        odds, n = np.convolve(odds, odds), n >> 1
    return found


def test_the_intervals_cover_what_fresh_seeds_draw(sample):
    stage = sample.project.logic_stages[0]
    rule = stage.rules[1].id
    after = edit.move(edit.set_condition(stage, rule, RandomSample(0.35)), rule, 3)
    result = sample.compare(stage, after)
    sides, seeds = sample.sides(stage, after), 2_000
    inside = np.zeros(len(result.arrivals))
    moved = 0
    for seed in range(seeds):
        old, new = (side.drawn(sample.everything, seed) for side in sides)
        for line, (target, change) in enumerate(zip(result.targets, result.arrivals, strict=True)):
            counts = [
                sum(bits.count(taken[i]) for i, t in enumerate(side.targets) if t == target)
                for side, taken in zip(sides, (old, new), strict=True)
            ]
            inside[line] += change.low <= counts[1] - counts[0] <= change.high
        count = bits.count(drawn_moves(*sides, sample.everything, seed))
        moved += result.moved.low <= count <= result.moved.high
    error = 4 * math.sqrt(0.95 * 0.05 / seeds)
    for change, share in zip([*result.arrivals, result.moved], [*inside, moved], strict=True):
        # a whole number of tasks cannot leave out exactly 5 %: the interval covers at least that
        assert share / seeds >= 0.95 - error
        assert share / seeds <= 0.985 + error or change.high - change.low < 8


# ---- who moves ------------------------------------------------------------------------------


def test_groups_add_up_to_all_moves(sample):
    stage = sample.project.logic_stages[0]
    after = edit.set_condition(stage, stage.rules[1].id, RandomSample(0.3))
    result = sample.compare(stage, after)
    half = bits.pack(np.arange(400) % 2 == 0)
    groups = moved_groups(
        *sample.sides(stage, after), result, sample.everything,
        {"even": half, "odd": sample.everything & ~half, "none": bits.nothing(400)},
    )  # fmt: skip
    assert {group.name for group in groups} == {"even", "odd"}
    assert sum(group.expected for group in groups) == pytest.approx(result.moved.expected)
    assert sum(group.certain for group in groups) == result.moved.certain
    assert sum(group.tasks for group in groups) == 400


TWO = Logic(
    id="l",
    name="L",
    rules=(Rule("Batch-0", Batch(("pilot",)), "a"), Rule("Duration-0", Duration(60_000), "b")),
    otherwise="c",
)


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (edit.remove(TWO, "Batch-0"), "Earlier rule 1, “batch is pilot”, is gone, so"),
        (edit.switch(TWO, "Batch-0"), "Earlier rule 1, “batch is pilot”, is switched off, so"),
        (edit.set_target(TWO, "Batch-0", "z"), "Rule 1 now leads to unknown stage z instead of"),
        (edit.move(TWO, "Duration-0", 0), "Rule 1 now stands above rule 2 and takes it."),
        (edit.set_target(TWO, None, "z"), "Else now leads to unknown stage z instead of"),
        (
            edit.set_condition(TWO, "Duration-0", Duration(120_000)),
            "Rule 2 was “took at least 1 min”, now “took at least 2 min” (took 1 min",
        ),
        (
            edit.move(edit.add(TWO, Duration(None, None), "z")[0], "Duration-1", 0),
            "New rule 1 takes it: took any known time.",
        ),
    ],
)  # fmt: skip
def test_the_reason_names_the_condition_that_changed_the_way(sample, after, says):
    found = sample.moves(sample.sides(TWO, after), sample.everything, count=400)
    assert any(move.because.startswith(says) for move in found), {m.because for m in found}


def test_a_reading_that_changed_is_named_as_the_reason(sample):
    other = Workspace(sample.table, sample.project, Dialect(unit="s"))
    sides = sample.sides(TWO, TWO, other)
    found = sample.moves(sides, sample.everything, count=400)
    assert found and "“took at least 1 min”" in found[0].because
