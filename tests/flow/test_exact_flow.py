"""The exact flow against ways solved by hand, distributions of scipy, and tasks that walk."""

import random
from collections import Counter

import numpy as np
import pytest
from flow_helpers import (
    CONDITIONS,
    TASKS,
    consensus,
    end,
    label,
    logic,
    of,
    plain,
    random_workflow,
    review,
    start,
    walk,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from small_world import chance, has

from core.errors import InputError
from core.flow.flow import flow_of
from core.flow.graph import graph_of
from core.flow.rates import rates_of, read_rates
from core.flow.repeats import Repeats
from core.proportions import proportion_interval
from core.tasks import bits

LOOP = [start("W"), label("W", "R"), review("R", "Complete", "W"), end()]


def flow(tasks, *stages, rates=None):
    workspace = of(tasks, *stages)
    graph = graph_of(workspace.project.stages)
    return flow_of(workspace, read_rates(rates or {}, graph, "rates"), graph)


def by_id(flow_):
    return {one.stage.id: one for one in flow_.stages}


def codes(flow_):
    return {problem.code for problem in flow_.problems}


def test_a_reject_loop_is_a_negative_binomial():
    result = flow([{}] * 100, *LOOP, rates={"R": {"accepted": 0.8}})
    work = by_id(result)["W"]
    assert work.visits.mean == pytest.approx(125) and work.tasks.mean == pytest.approx(100)
    assert work.visits.variance == pytest.approx(100 * 0.2 / 0.8**2)
    law = stats.nbinom(100, 0.8, loc=100)
    assert work.visits.interval == (law.ppf(0.025), law.ppf(0.975))
    again = by_id(result)["R"].exits[1].count
    assert again.mean == pytest.approx(25) and again.interval == (
        law.ppf(0.025) - 100,
        law.ppf(0.975) - 100,
    )
    assert result.completed.mean == pytest.approx(100) and result.trapped.mean == 0
    assert result.touches == pytest.approx(250) and result.rework == pytest.approx(0.2)
    assert result.touches_variance == pytest.approx(4 * work.visits.variance)
    assert result.touches_interval == (2 * law.ppf(0.025), 2 * law.ppf(0.975))


def test_two_logic_stages_one_behind_the_other_are_followed_task_by_task():
    stages = [
        start("L"),
        logic("L", [has("A"), chance(0.5)], ["M", "M", "Complete"]),
        logic("M", [has("A"), chance(0.25)], ["Archive", "Complete", "X"]),
        end(),
        end("Archive", "Archive"),
    ]
    result = flow([{"classes": "A"}] * 30 + [{}] * 40, *stages)
    # 30 with A are archived for certain; of the 40 others half meet M, a quarter of these completes
    assert result.archived.mean == 30 and result.archived.interval == (30, 30)
    assert result.completed.mean == pytest.approx(40 * (0.5 + 0.5 * 0.25))
    assert result.trapped.mean == pytest.approx(40 * 0.5 * 0.75)
    law = stats.binom(40, 0.375)
    assert result.trapped.interval == (law.ppf(0.025), law.ppf(0.975))
    assert "output.unknown" in codes(result)


def test_behind_one_stage_it_is_the_split(sample):
    """The demo's shape without a way back: exits are what `split` says, digit by digit."""
    stage = sample.project.logic_stages[0]
    graph = graph_of(sample.project.stages)
    typed = dict.fromkeys(rates_of(graph, None, None, {}), 1.0)
    exits = by_id(flow_of(sample, typed, graph))[stage.id].exits
    for one, output in zip(exits, sample.split(stage).outputs, strict=True):
        assert one.count.mean == pytest.approx(output.count.expected, abs=1e-9)
        assert one.count.interval == (output.count.low, output.count.high)


@given(st.lists(st.sampled_from([*CONDITIONS, chance(0), chance(100)]), min_size=1, max_size=5))
def test_behind_one_stage_of_any_rules_it_is_the_split(conditions):
    """100 % at random takes all, above others and below them."""
    stages = [start("L"), logic("L", conditions, ["Complete"] * (len(conditions) + 1)), end()]
    workspace = of(TASKS, *stages)
    (stage,) = workspace.project.logic_stages
    exits = by_id(flow_of(workspace))["L"].exits
    for one, output in zip(exits, workspace.split(stage).outputs, strict=True):
        assert one.count.mean == pytest.approx(output.count.expected, abs=1e-9)
        assert one.count.interval == (output.count.low, output.count.high)


def test_flows_of_parts_of_a_table_add_up(sample):
    graph, whole = graph_of(sample.project.stages), flow_of(sample)
    typed = {place: rate.value for place, rate in whole.rates.items()}
    rng = np.random.default_rng(1)
    half = bits.pack(rng.random(len(sample.table)) < 0.5)
    parts = [flow_of(sample, typed, graph, part) for part in (half, sample.everything & ~half)]
    for one, *others in zip(whole.stages, *(part.stages for part in parts), strict=True):
        assert one.visits.mean == pytest.approx(sum(other.visits.mean for other in others))
        assert one.visits.variance == pytest.approx(sum(other.visits.variance for other in others))


@pytest.mark.parametrize("seed", range(50))
def test_tasks_that_walk_are_where_the_flow_says(seed):
    stages, rates = random_workflow(seed)
    result, draw = flow(TASKS, *stages, rates=rates), random.Random(seed)
    endless = "flow.endless" in codes(result)
    turns, most = (5, 300) if endless else (60, 100_000)
    came, took, ended = Counter(), Counter(), Counter()
    for _ in range(turns):
        for task in TASKS:
            where, exits, how = walk(stages, rates, task, draw, most)
            came.update(where)
            took.update(exits)
            ended[how] += 1

    def apart(count, observed):
        if count.variance < 1e-9:
            assert observed == pytest.approx(turns * count.mean)
            return 0.0
        return abs(observed - turns * count.mean) / (turns * count.variance) ** 0.5

    off = []
    for one in result.stages if not endless else ():  # who walks for ever is counted for ever
        off.append(apart(one.visits, came[one.stage.id]))
        exits = one.exits if "_" not in one.stage.id else ()
        off += [apart(exit_.count, took[one.stage.id, exit_.output]) for exit_ in exits]
    ends = {name: getattr(result, name) for name in ("completed", "archived", "trapped")}
    off += [apart(count, ended[name]) for name, count in ends.items()]
    assert max(off) < 4.5
    assert sum(count.mean for count in ends.values()) == pytest.approx(len(TASKS))


def test_a_loop_without_a_way_out_is_found_and_ends_there():
    stages = [
        start("L"),
        logic("L", [chance(0.25)], ["W", "Complete"]),
        label("W", "V"),
        label("V", "W"),
        end(),
    ]
    result = flow([{}] * 80, *stages)
    assert "flow.endless" in codes(result)
    assert result.trapped.mean == pytest.approx(20) and result.completed.mean == pytest.approx(60)
    assert by_id(result)["W"].loop and by_id(result)["W"].visits.mean == pytest.approx(20)


@pytest.mark.parametrize("accepted", [0, 1e-13])
def test_a_review_that_never_accepts_is_such_a_loop(accepted):
    result = flow([{}] * 10, *LOOP, rates={"R": {"accepted": accepted}})
    assert "flow.endless" in codes(result) and result.trapped.mean == pytest.approx(10)


def test_a_loop_that_almost_never_ends_has_an_answer():
    result = flow([{}] * 10, *LOOP, rates={"R": {"accepted": 1e-6}})
    assert result.completed.mean == pytest.approx(10)
    assert by_id(result)["W"].visits.mean == pytest.approx(1e7)
    assert by_id(result)["W"].visits.interval is None  # too wide to be worked out, and not made up


def test_a_loop_with_a_leak_is_no_endless_one():
    stages = [start("W"), label("W", "L"), logic("L", [chance(0.5)], ["W", None])]
    result = flow([{}] * 10, *stages)
    assert "flow.endless" not in codes(result) and result.trapped.mean == pytest.approx(10)
    assert by_id(result)["W"].visits.mean == pytest.approx(20)


def test_a_consensus_judges_each_visit_once_per_sub_stage():
    stages = [start("C"), *consensus("C", "Complete", "W", parts=3), label("W", "C"), end()]
    result = flow([{}] * 50, *stages, rates={"C": {"agreement": 0.5}})
    counts = by_id(result)
    assert counts["C"].visits.mean == pytest.approx(100)
    assert [counts[f"C_{n}"].visits.mean for n in range(3)] == pytest.approx([100] * 3)
    assert counts["C_0"].exits[0].to == "C" and counts["W"].visits.mean == pytest.approx(50)
    assert result.touches == pytest.approx(100 * 3 + 50)


C = consensus("C", "Complete", "Complete")
TIMED = [{"type": "Duration", "value": [0, 5]}]
WRONG = {
    "start.several": (
        "Start",
        [start("W"), start("W") | {"id": "S"}, label("W", "Complete"), end()],
    ),
    "start.missing": ("W", [label("W", "Complete"), end()]),
    "output.unwired": ("R", [start("R"), review("R", "Complete", None), end()]),
    "output.unknown": ("W", [start("W"), label("W", "gone"), end()]),
    "output.no_way_in": ("Start", [start("C_0"), *C, end()]),
    "stage.not_reached": ("W", [start("Complete"), label("W", "Complete"), end()]),
    "stage.unknown_type": ("H", [start("H"), plain("Robot", "H", "Complete"), end()]),
    "consensus.empty": ("C", [start("C"), C[0], end()]),
    "start.waits": ("Start", [start("Complete") | {"autoForward": False}, end()]),
    "stage.repeated": ("W", [start("W"), label("W", "Complete"), label("W", "Start"), end()]),
    "rate.assumed": ("R", LOOP),
    "rule.after_consensus": (
        "L",
        [start("C"), *consensus("C", "L", "L"), logic("L", TIMED, ["Complete"] * 2), end()],
    ),
}


def test_an_output_that_is_missing_altogether_is_not_wired():
    result = flow([{}] * 8, start("R"), review("R", "", "") | {"next": ["Complete"]}, end())
    assert "output.unwired" in codes(result)


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_is_said_at_its_stage_and_the_ends_still_make_one(code):
    where, stages = WRONG[code]
    result = flow([{}] * 8, *stages)
    assert where in [problem.place for problem in result.problems if problem.code == code]
    ends = (result.completed, result.archived, result.trapped)
    assert sum(count.mean for count in ends) == pytest.approx(8)


def test_no_tasks_are_no_numbers_but_zero():
    result = flow([], *LOOP)
    assert result.tasks == 0 and result.touches == 0 and result.rework == 0
    assert [one.visits.mean for one in result.stages] == [0, 0, 0, 0]


def test_a_project_without_stages_says_so():
    with pytest.raises(InputError, match="no stages"):
        graph_of(())


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),
            st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.01, 1)),
            st.one_of(st.just(0.0), st.floats(0.01, 0.8)),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_law_of_a_sum_is_that_of_adding_task_by_task(groups):
    tasks, ever, again = (np.array(one) for one in zip(*groups, strict=True))
    count = Repeats(tasks, ever, again)
    whole = np.ones(1)
    for many, f, r in groups:
        k = np.arange(1, 400)
        one = np.concatenate(([1 - f], f * (1 - r) * r ** (k - 1)))
        for _ in range(many):
            whole = np.convolve(whole, one)[:1200]
    values = np.arange(len(whole))
    assert count.mean == pytest.approx(values @ whole, abs=1e-6)
    assert count.variance == pytest.approx(values**2 @ whole - (values @ whole) ** 2, abs=1e-4)
    below = np.cumsum(whole)
    low, high = count.interval
    for level, at in ((0.025, low), (0.975, high)):
        assert below[at] >= level - 1e-9 and (at == 0 or below[at - 1] < level + 1e-9)


def test_the_interval_of_a_rate_is_that_of_clopper_and_pearson():
    assert proportion_interval(8, 10) == pytest.approx((0.4439045, 0.9747893), abs=1e-6)
    assert proportion_interval(0, 10) == pytest.approx((0, 0.3084971), abs=1e-6)
    assert proportion_interval(0, 0) == (0.0, 1.0)
