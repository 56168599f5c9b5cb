"""Two versions of a stage: the matrix, the moves and their reasons, intervals of differences."""

import io
import json
import math
from dataclasses import replace
from random import Random
from time import process_time

import naive
import naive_compare
import numpy as np
import pytest
import strategies
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from small_world import chance, has, stage_of, took, workspace_of

from core.ango_json.inputs import read_logic_input
from core.ango_json.project import read_project
from core.errors import InputError
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.model.rules import Rule
from core.model.stages import Logic
from core.routing import edit
from core.routing.document import compare_document
from core.routing.engine.difference import difference_interval, independent_interval
from core.routing.versions.align import aligned
from core.routing.versions.compare import drawn_moves
from core.routing.versions.moved_tasks import moved_groups
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.tasks import bits
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
    new = aligned(old, logic(after), Dialect(**dialect))
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
        apart = {"low": mine["independent_low"], "high": mine["independent_high"]}
        same_interval(apart, theirs["independent"])


@quick
@given(cases())
def test_the_moves_of_a_seed_are_the_naive_ones_and_each_has_a_reason(case):
    items, before, after, project, dialect, seed = case
    work = opened(items, project, dialect)
    old = logic(before)
    new = aligned(old, logic(after), Dialect(**dialect))
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
    new = aligned(old, logic(after), Dialect(**dialect))
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


def test_same_draws_and_two_weeks_have_two_intervals(capsys, tmp_path):
    work = workspace_of([{} for _ in range(400)])
    before, after = stage_of(chance(20)), stage_of(chance(22))
    first, other = work.compare(before, after).outputs
    assert (first.same_draws, first.independent_draws) == ("+3 to +14", "−15 to +31")
    assert (other.same_draws, other.independent_draws) == ("−14 to −3", "−31 to +15")
    same = work.compare(before, before).outputs[0]
    assert (same.same_draws, same.independent_draws) == ("exact", "−22 to +22")
    certain = work.compare(stage_of(took(None)), stage_of(has("A"))).outputs[0]
    assert (certain.same_draws, certain.independent_draws) == ("exact", "exact")


@pytest.mark.parametrize(("p", "q"), [(0.2, 0.22), (0.2, 0.2), (0.9, 0.01), (0.5, 1)])
@pytest.mark.parametrize("tasks", [1, 40, 4_000])
def test_the_interval_of_independent_draws_is_that_of_two_binomials(tasks, p, q):
    one, other = binom(tasks, q), binom(tasks + 3, p)
    odds = np.convolve(one.pmf(np.arange(tasks + 1)), other.pmf(np.arange(tasks + 4))[::-1])
    below = np.cumsum(odds)
    wanted = tuple(int(np.argmax(below >= b - 1e-11)) - (tasks + 3) for b in (0.025, 0.975))
    assert independent_interval([(tasks, q)], [(tasks + 3, p)]) == wanted


def long_stage(seed, kinds):
    """200 rules, all random or every other one certain."""
    rng = Random(seed)
    conditions = [
        chance(rng.uniform(0.001, 0.05)) if n % kinds == 0 else took(n * 10, n * 10 + 9)
        for n in range(200)
    ]
    return stage_of(*conditions, targets=[f"s{n % 7}" for n in range(201)])


def common_lengths(before, after):
    """Chance of every pair of outputs of two random stages, from the table of all intervals."""
    ids = [rule.id for rule in before.rules]
    assert ids == [rule.id for rule in after.rules]
    ends = []
    for stage in (before, after):
        chances = np.array([Dialect().chance(rule.condition.value) for rule in stage.rules])
        below = np.tri(len(ids) + 1, len(ids), -1, np.bool_)
        own = np.eye(len(ids) + 1, len(ids), dtype=np.bool_)
        ends.append((np.where(below, chances, 0), np.where(own, chances, 1)))
    (low, high), (low_now, high_now) = ends
    common = np.minimum(high[:, None], high_now[None]) - np.maximum(low[:, None], low_now[None])
    return np.maximum(common, 0).prod(axis=2)


@pytest.mark.slow
def test_200_rules_are_compared_in_closed_form():
    """In about the time that the table of all common intervals takes, which it does without."""
    work = workspace_of([{"took": n} for n in range(2_000)])
    work.compare(stage_of(chance(0.2)), stage_of(chance(0.5)))
    spent = []
    for kinds in (1, 2):
        before = long_stage(1, kinds)
        after = aligned(before, long_stage(2, kinds), Dialect())
        started = process_time()
        result = work.compare(before, after)
        spent.append(process_time() - started)
        assert result.matrix.sum() == pytest.approx(2_000)
        if kinds == 1:
            started = process_time()
            lengths = common_lengths(before, after)
            baseline = process_time() - started
            assert result.matrix == pytest.approx(2_000 * lengths, abs=1e-9)
    assert max(spent) < 6 * baseline  # it took a hundred times the baseline, line by line


@quick
@given(st.data())
def test_what_is_certain_is_so_by_logic_and_not_by_rounding(data):
    """Chances so near to 0 and 1 that floats cannot tell are still chances."""
    values = [1e-17, 1e-300, 0.5, 99.99999999999999, 0, 100]
    pool = [*(chance(v) for v in values), has("A"), took(0, 60)]
    work = workspace_of([{"classes": "AB"[: n % 3], "took": n} for n in range(100)])
    stages, ways = [], []
    for _ in range(2):
        conditions = data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=5))
        wires = data.draw(st.lists(st.sampled_from("xy"), min_size=6, max_size=6))
        stages.append(stage_of(*conditions, targets=wires[: len(conditions) + 1]))
        ways.append([possible_outputs(conditions, n) for n in range(100)])
    stage = stages[0]
    result = work.split(stage)
    for output in result.outputs:
        sure = sum(way == {output.position} for way in ways[0])
        assert output.count.certain == sure
    wires = [*(rule.target for rule in stage.rules), stage.otherwise]
    for target, count in result.stages:
        assert count.certain == sum({wires[o] for o in way} == {target} for way in ways[0])
    for hit, output in zip(work.hits(stage).rules, result.outputs, strict=False):
        if hit.won.certain:
            assert output.count.certain == output.count.expected
    later = [*(rule.target for rule in stages[1].rules), stages[1].otherwise]
    apart = sum(
        not {wires[o] for o in old} & {later[o] for o in new}
        for old, new in zip(*ways, strict=True)
    )
    other = replace(stages[1], rules=tuple(replace(r, id=f"new {r.id}") for r in stages[1].rules))
    assert work.compare(stage, other).moved.certain == apart  # no draw is shared


def possible_outputs(conditions, n):
    """Outputs that task n may take, whatever the chances are."""
    found = set()
    for place, condition in enumerate(conditions):
        if condition["type"] == "RandomSample":
            if condition["value"] == 100:
                return found | {place}
            found |= {place} if condition["value"] else set()
        elif n % 3 > 0 if condition["type"] == "AnnotationType" else n <= 60:
            return found | {place}
    return found | {len(conditions)}


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
