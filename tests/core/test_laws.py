"""Laws of a split: what must hold for every stage, every table and every seed."""

import io
import json
from dataclasses import astuple, replace

import naive
import numpy as np
import pytest
import strategies
from conftest import DATA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from core.ango_json.project import read_project
from core.ango_json.stages import read_logic
from core.errors import InputError
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.routing.engine.draw import RESOLUTION, hash_text, thresholds, uniform
from core.routing.engine.evaluate import first_match
from core.rule_types.registry import is_certain
from core.tasks import bits
from core.workspace import Workspace

KNOWN_UNIFORMS = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))["uniform"]
SEEDS = range(2_000)
many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def workspace_of(items, project=None, dialect=None):
    table = read_stream(io.BytesIO(json.dumps(items).encode()), "items.json")
    model = read_project(project) if project else None
    return Workspace(table, model, Dialect(**(dialect or {})))


def numbered(size, batches=lambda number: []):
    """So many tasks with nothing but an id and batches."""
    return [{"_id": f"task-{n}", "batches": batches(n)} for n in range(size)]


def chance(value):
    return {"type": "RandomSample", "value": value}


def batch(*names):
    return {"type": "Batch", "value": list(names)}


def stage_of(*conditions, targets=None):
    targets = targets or [f"stage-{n}" for n in range(len(conditions) + 1)]
    rules = [condition | {"index": n} for n, condition in enumerate(conditions)]
    return read_logic({"type": "Logic", "next": targets, "logic": {"conditions": rules}})


def taken(workspace, stage, seed):
    """The tasks that each output gets in the draw of the seed."""
    rules = stage.active
    drawn = [workspace.matcher.drawn(rule, seed) for rule in rules]
    return first_match(drawn, workspace.everything)


def same(some, others):
    return np.array_equal(some, others)


@st.composite
def cases(draw):
    """A workspace, a stage and a seed; None instead where the items hold no task at all."""
    project = draw(strategies.projects())
    items = draw(strategies.items(project) | strategies.hub_tasks(project))
    stage = draw(strategies.logic_stages(project, doubtful=True))
    try:
        workspace = workspace_of(items, project, draw(strategies.dialects()))
    except InputError:
        return None
    return workspace, stage, draw(st.integers(0, 99))


# ---- counts ---------------------------------------------------------------------------------


@many
@given(cases())
def test_the_counts_of_all_outputs_add_up_to_the_number_of_tasks(case):
    if case is None:
        return
    workspace, stage, seed = case
    result = workspace.split(read_logic(stage), seed)
    for counts in ([o.count for o in result.outputs], [c for _, c in result.stages]):
        assert sum(c.drawn for c in counts) == result.tasks
        assert sum(c.expected for c in counts) == pytest.approx(result.tasks, abs=1e-9)
        assert sum(c.share for c in counts) == pytest.approx(1 if result.tasks else 0, abs=1e-9)
        for count in counts:
            assert 0 <= count.certain <= count.low <= count.high <= result.tasks
            assert count.certain <= count.drawn <= result.tasks
            assert count.certain - 1e-9 <= count.expected <= result.tasks + 1e-9


@many
@given(cases())
def test_a_stage_gets_what_its_outputs_get(case):
    if case is None:
        return
    workspace, stage, seed = case
    result = workspace.split(read_logic(stage), seed)
    assert [target for target, _ in result.stages] == list(
        dict.fromkeys(output.target for output in result.outputs)
    )
    for target, together in result.stages:
        counts = [output.count for output in result.outputs if output.target == target]
        assert together.drawn == sum(count.drawn for count in counts)
        assert together.expected == pytest.approx(sum(count.expected for count in counts))
        assert together.certain >= sum(count.certain for count in counts)


@many
@given(cases())
def test_the_drawn_counts_are_those_of_the_first_matching_rule(case):
    if case is None:
        return
    workspace, stage, seed = case
    stage = read_logic(stage)
    sets = taken(workspace, stage, seed)
    drawn = [output.count.drawn for output in workspace.split(stage, seed).outputs]
    assert drawn == [bits.count(one) for one in sets]


# ---- edits ----------------------------------------------------------------------------------


@many
@given(cases())
def test_switching_off_a_rule_takes_nothing_from_the_outputs_below_it(case):
    if case is None:
        return
    workspace, stage, seed = case
    stage = read_logic(stage)
    before = {output.rule_id: output.count for output in workspace.split(stage, seed).outputs}
    for place, off in enumerate(stage.rules):
        rules = (*stage.rules[:place], replace(off, enabled=False), *stage.rules[place + 1 :])
        after = {
            output.rule_id: output.count
            for output in workspace.split(stage.with_rules(rules), seed).outputs
        }
        assert set(before) - set(after) == {off.id}
        for rule in stage.rules[:place]:
            then, now = before[rule.id], after[rule.id]
            # tasks stand in other groups now, so means are added in another order
            assert (now.expected, now.share) == pytest.approx((then.expected, then.share), abs=1e-9)
            assert replace(now, expected=then.expected, share=then.share) == then
        for rule_id in [*(rule.id for rule in stage.rules[place + 1 :]), ""]:
            assert after[rule_id].expected >= before[rule_id].expected - 1e-9
            assert after[rule_id].certain >= before[rule_id].certain
            assert after[rule_id].drawn >= before[rule_id].drawn


percentages = st.sampled_from([0, 0.001, 0.02, 0.2, 0.5, 20, 50, 99.9, 100]) | st.floats(0, 100)


@many
@given(cases(), percentages, percentages, st.data())
def test_raising_a_percentage_only_adds_tasks_to_that_rule(case, one, other, data):
    if case is None:
        return
    workspace, written, seed = case
    low, high = sorted((one, other), key=workspace.dialect.chance)
    rules = written["logic"]["conditions"]
    place = data.draw(st.integers(0, len(rules)))

    def with_chance(value):
        conditions = [*rules[:place], chance(value), *rules[place:]]
        return read_logic(
            {"type": "Logic", "next": [], "logic": {"conditions": conditions}, "id": "logic"}
        )

    before, after = with_chance(low), with_chance(high)
    assert [rule.id for rule in before.rules] == [rule.id for rule in after.rules]
    for old, new in zip(before.rules, after.rules, strict=True):
        if old.id != before.rules[place].id:
            drawn = workspace.matcher.drawn(old, seed), workspace.matcher.drawn(new, seed)
            assert same(*drawn)
    had, has = taken(workspace, before, seed), taken(workspace, after, seed)
    gained = has[place] & ~had[place]
    assert bits.count(had[place] & ~has[place]) == 0
    for position, (old, new) in enumerate(zip(had, has, strict=True)):
        if position != place:
            assert same(new, old & ~gained)


@many
@given(cases())
def test_swapping_neighbours_that_match_different_tasks_changes_nothing(case):
    if case is None:
        return
    workspace, stage, seed = case
    stage = read_logic(stage)
    before = {o.rule_id: astuple(o.count)[:-1] for o in workspace.split(stage, seed).outputs}
    for place in range(len(stage.rules) - 1):
        upper, lower = stage.rules[place : place + 2]
        if not all(is_certain(one.condition, workspace.dialect) for one in (upper, lower)):
            continue
        both = workspace.matcher.matching(upper.condition)
        both = both & workspace.matcher.matching(lower.condition)
        if bits.count(both):
            continue
        rules = (*stage.rules[:place], lower, upper, *stage.rules[place + 2 :])
        swapped = workspace.split(stage.with_rules(rules), seed)
        # what is uncertain depends on the order, the counts do not
        assert {o.rule_id: astuple(o.count)[:-1] for o in swapped.outputs} == before


def test_the_order_of_batches_without_common_tasks_does_not_matter():
    workspace = workspace_of(numbered(90, lambda n: [["a"], ["b"], []][n % 3]))
    some = workspace.split(stage_of(chance(0.5), batch("a"), batch("b"), chance(0.5)))
    other = workspace.split(stage_of(chance(0.5), batch("b"), batch("a"), chance(0.5)))
    assert [some.outputs[i].count for i in (0, 2, 1, 3, 4)] == [o.count for o in other.outputs]
    assert some.outputs[1].count.drawn > 0


# ---- draws ----------------------------------------------------------------------------------


@pytest.mark.parametrize("known", KNOWN_UNIFORMS, ids=lambda one: f"{one['task']} {one['turn']}")
def test_the_uniform_of_a_task_is_the_one_written_down(known):
    assert uniform(known["task"], known["rule"], known["seed"], known["turn"]) == known["u"]


@pytest.mark.parametrize("size", [0, 1, 70_001])
def test_a_whole_table_draws_what_its_tasks_draw_one_by_one(size):
    ids = [f"task-{n}" for n in range(size)]
    hashes = np.array([hash_text(one) for one in ids], np.uint64)
    untouched = hashes.copy()
    got = thresholds(hashes, "RandomSample-1", 3, 2) / RESOLUTION
    assert got.tolist() == [naive.uniform(one, "RandomSample-1", 2, 3) for one in ids]
    assert same(hashes, untouched)


def test_a_task_passes_when_its_uniform_is_below_the_probability():
    workspace = workspace_of(numbered(200))
    rule = stage_of(chance(0.3)).rules[0]
    passing = bits.unpack(workspace.matcher.drawn(rule, 5), 200)
    assert passing.tolist() == [uniform(f"task-{n}", "RandomSample-0", 5) < 0.3 for n in range(200)]


def test_other_seeds_rules_and_passes_draw_something_else():
    workspace = workspace_of(numbered(500))
    first, second = stage_of(chance(0.5), chance(0.5)).rules
    drawn = workspace.matcher.drawn
    start = drawn(first, 0)
    assert same(start, drawn(first, 0))
    for other in (drawn(first, 1), drawn(second, 0), drawn(first, 0, 1)):
        assert 200 < bits.count(start ^ other) < 300


MIXED = (60, 90)
"""How many tasks are in batch "a" and in batch "b"."""

INTERVALS = {
    "half of a few": ((7, 0), [chance(0.5)], "AB"),
    "rare": ((80, 0), [chance(0.01)], "AB"),
    "nearly all, in percent": ((150, 0), [chance(97.5)], "AB"),
    "a fifth": ((1_000, 0), [chance(0.2)], "AB"),
    "one below the other": ((40, 0), [chance(50), chance(50)], "ABC"),
    "two outputs to one stage": ((300, 0), [chance(0.3), chance(0.1), chance(0.25)], "ABAC"),
    "a certain rule between": (MIXED, [chance(0.3), batch("a"), chance(0.25)], "ABAC"),
    "certain and chance to one stage": (MIXED, [batch("b"), chance(0.6), chance(0.02)], "ABCA"),
    "a batch at the end": (MIXED, [chance(0.15), chance(0.4), batch("b")], "ABBA"),
}


def ways(conditions, name):
    """Chance of each output for a task of one batch, straight from the definition."""
    left, found = 1.0, []
    for condition in conditions:
        value = condition["value"]
        if condition["type"] == "Batch":
            takes = float(name in value)
        else:
            takes = value if value <= 1 else value / 100
        found.append(left * takes)
        left *= 1 - takes
    return [*found, left]


def distribution(groups):
    """P(X = 0), P(X = 1), … of a sum of binomials."""
    odds = np.ones(1)
    for size, p in groups:
        odds = np.convolve(odds, binom.pmf(np.arange(size + 1), size, min(p, 1.0)))
    return odds


@pytest.mark.parametrize("name", INTERVALS)
def test_over_many_seeds_the_interval_covers_what_it_says(name):
    sizes, conditions, letters = INTERVALS[name]
    stage = stage_of(*conditions, targets=list(letters))
    workspace = workspace_of(numbered(sum(sizes), lambda n: ["a" if n < sizes[0] else "b"]))
    result = workspace.split(stage)
    drawn = np.array([[bits.count(s) for s in taken(workspace, stage, seed)] for seed in SEEDS])
    by_task = {letter: ways(conditions, letter) for letter in "ab"}

    columns = [([place], output.count) for place, output in enumerate(result.outputs)]
    for target, count in result.stages:
        columns.append(([i for i, letter in enumerate(letters) if letter == target], count))
    for places, count in columns:
        chances = [sum(by_task[letter][i] for i in places) for letter in "ab"]
        odds = distribution(list(zip(sizes, chances, strict=True)))
        below = np.cumsum(odds)
        assert below[count.low] >= 0.025 and below[count.high] >= 0.975
        assert count.low == 0 or below[count.low - 1] < 0.025
        assert count.high == 0 or below[count.high - 1] < 0.975

        exact = min(1.0, odds[count.low : count.high + 1].sum())
        values = drawn[:, places].sum(axis=1)
        covered = np.mean((count.low <= values) & (values <= count.high))
        assert abs(covered - exact) <= 4 * np.sqrt(exact * (1 - exact) / len(SEEDS)) + 1e-9
        spread = np.sqrt(sum(n * p * (1 - p) for n, p in zip(sizes, chances, strict=True)))
        assert abs(values.mean() - count.expected) <= 4 * spread / np.sqrt(len(SEEDS)) + 1e-9


# ---- the examples of the Logic page ---------------------------------------------------------


@pytest.mark.parametrize(
    ("percentage", "tasks", "expected", "low", "high"),
    [(20, 100, 20, 12, 28), (50, 10_000, 5_000, 4_902, 5_098), (50, 4, 2, 0, 4)],
)
def test_an_example_of_the_logic_page_has_its_interval(percentage, tasks, expected, low, high):
    workspace = workspace_of(numbered(tasks))
    for value in (percentage, percentage / 100):
        count = workspace.split(stage_of(chance(value))).outputs[0].count
        assert count.expected == pytest.approx(expected, abs=1e-9)
        assert (count.certain, count.low, count.high) == (0, low, high)
        assert low <= count.drawn <= high


def test_the_splits_that_the_logic_page_tells_of_are_inside_their_intervals():
    hundred = workspace_of(numbered(100)).split(stage_of(chance(20))).outputs
    assert hundred[0].count.low <= 17 <= hundred[0].count.high
    assert hundred[1].count.low <= 83 <= hundred[1].count.high
    many_tasks = workspace_of(numbered(10_000)).split(stage_of(chance(50))).outputs[0].count
    assert many_tasks.low <= 4_998 <= many_tasks.high
    four = workspace_of(numbered(4)).split(stage_of(chance(50))).outputs[0].count
    assert four.low <= 0 and four.high >= 3


def test_two_halves_one_below_the_other_make_a_half_and_two_quarters():
    outputs = workspace_of(numbered(400)).split(stage_of(chance(50), chance(50))).outputs
    assert [output.count.expected for output in outputs] == [200, 100, 100]
    assert [output.count.share for output in outputs] == [0.5, 0.25, 0.25]


def test_a_part_of_the_tasks_is_split_as_if_it_were_alone():
    workspace = workspace_of(numbered(100, lambda n: ["a"] if n % 4 else ["b"]))
    only = workspace.matcher.matching(stage_of(batch("b")).rules[0].condition)
    result = workspace.split(stage_of(chance(0.2)), within=only)
    assert result.tasks == 25
    alone = workspace_of([item for item in numbered(100) if int(item["_id"][5:]) % 4 == 0])
    assert result.outputs == alone.split(stage_of(chance(0.2))).outputs
