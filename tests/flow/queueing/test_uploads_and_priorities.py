"""Uploads at stated hours, and tasks that are taken first: by hand, elsewhere, in theory."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from queue_helpers import (
    Naive,
    Staff,
    at_once,
    chain_for,
    ends_of,
    exponential,
    fixed,
    forecast_of,
    in_simpy,
    label,
    line,
    moves_of,
    one_stage,
    plan_for,
    poisson,
    stage_of,
    with_loop,
)
from small_world import workspace_of

from core.cli.main import main
from core.errors import InputError
from core.flow.chain import Chain
from core.flow.plan import Arrivals
from core.flow.queueing.forecast import forecast
from core.flow.queueing.priorities import by_priority
from core.flow.read_plan import read_plan
from core.model.project import Project, ProjectBatch

PLAN = {"horizon_hours": 100, "replications": 2, "seed": 1,
        "stages": {"A": {"people": 1, "minutes": {"kind": "fixed", "mean": 45}}}}  # fmt: skip


def uploads(*some):
    return Arrivals("uploads", tasks=sum(n for _, n in some), uploads=tuple(sorted(some)))


def ranked(levels, group=(), stages=None, tasks=None):
    """A chain whose groups have these places among priorities; all tasks go the same ways."""
    chain = chain_for(stages or one_stage(), groups=len(levels))
    many = tasks if tasks is not None else np.bincount(group, minlength=len(levels))
    return Chain(
        chain.graph, chain.chances, np.asarray(many, np.int64), np.array(group, np.int32),
        np.array(levels, np.int64), tuple(range(max(levels), -1, -1)),
    )  # fmt: skip


# ---- uploads ----------------------------------------------------------------------------------


def test_uploads_come_at_their_hours_whatever_their_order():
    for some in ([(0, 2), (1, 1), (5, 1)], [(5, 1), (1, 1), (0, 1), (0, 1)]):
        value = [{"at_hours": at, "tasks": n} for at, n in some]
        plan = read_plan({**PLAN, "arrivals": {"kind": "uploads", "uploads": value}})
        moves = moves_of(chain_for(one_stage()), plan)
        assert [at for at, _, left, _ in moves if left is None] == [0, 0, 60, 300]
        assert ends_of(moves) == {0: 45, 1: 90, 2: 135, 3: 345}
    result = forecast(chain_for(one_stage()), plan, {})
    assert result.finish == (5.75, 5.75, 5.75) and result.tasks == 4
    assert stage_of(result, "A").wait.mean == pytest.approx((0 + 45 + 30 + 0) / 4)
    assert stage_of(result, "A").utilisation == pytest.approx(180 / 345)


def test_all_in_one_upload_is_all_at_once():
    staff = [Staff("A", 3, exponential(20)), Staff("B", 2, exponential(9))]
    plans = [plan_for(staff, one, seed=4) for one in (at_once(300), uploads((0, 300)))]
    here, there = (moves_of(chain_for(with_loop(), {"B": 0.7}), plan) for plan in plans)
    assert here == there


def test_what_comes_after_the_horizon_never_comes():
    result = forecast_of(one_stage(), [Staff("A", 1, fixed(5))], uploads((1, 4), (200, 3)), 100.0,
                         replications=2)  # fmt: skip
    assert result.tasks == 4 and result.finish == (None, None, None)
    assert [one.code for one in result.problems] == ["horizon.short"]


def test_simpy_completes_uploaded_tasks_at_the_same_moment():
    def route(here, number, visit, luck):
        if here is None:
            return "A"
        if here == "A":
            return "B"
        return "Complete" if luck.of("exit", "B", number, visit) < 0.8 else "A"

    staff = (Staff("A", 4, fixed(7.5)), Staff("B", 2, fixed(3.25)))
    some = uploads((0, 150), (3.1, 220), (3.1, 1), (40.7, 500))
    plan = plan_for(staff, some, hours=1e4, sticky=False, seed=3)
    here = ends_of(moves_of(chain_for(with_loop(), {"B": 0.8}), plan))
    assert here == in_simpy(plan, route) and len(here) == 871


REFUSED = [
    ([], "arrivals.uploads: is no list"),
    (None, "arrivals.uploads: is no list"),
    ([4], "arrivals.uploads[0]: is not an object"),
    ([{"at_hours": 1, "tasks": 2}, {"at_hours": -1, "tasks": 2}],
     "arrivals.uploads[1].at_hours: is not a number from 0"),
    ([{"at_hours": float("inf"), "tasks": 2}], "arrivals.uploads[0].at_hours: is not"),
    ([{"at_hours": float("nan"), "tasks": 2}], "arrivals.uploads[0].at_hours: is not"),
    ([{"tasks": 2}], "arrivals.uploads[0].at_hours: is not"),
    ([{"at_hours": 1, "tasks": -2}], "arrivals.uploads[0].tasks: is not a whole number from 0"),
    ([{"at_hours": 1, "tasks": 2.5}], "arrivals.uploads[0].tasks: is not a whole"),
    ([{"at_hours": 1}], "arrivals.uploads[0].tasks: is not a whole"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "sentence"), REFUSED)
def test_uploads_that_cannot_be_used_are_refused_with_their_place(value, sentence):
    with pytest.raises(InputError) as refused:
        read_plan({**PLAN, "arrivals": {"kind": "uploads", "uploads": value}}, "plan.json")
    assert sentence in str(refused.value) and refused.value.hint


def test_no_task_and_too_many_say_so():
    def plan(tasks):
        some = [{"at_hours": 0, "tasks": tasks}]
        return read_plan({**PLAN, "arrivals": {"kind": "uploads", "uploads": some}})

    assert [one.code for one in plan(0).problems] == ["arrivals.none"]
    assert forecast(chain_for(one_stage()), plan(0), {}).tasks == 0
    with pytest.raises(InputError, match="too many to simulate"):
        forecast(chain_for(one_stage()), plan(10**12), {})


# ---- priorities -------------------------------------------------------------------------------


def test_a_higher_number_is_taken_first_and_nobody_is_interrupted():
    """Group 1 goes before group 0; task 0 is in hand already when task 1 comes with it."""
    chain = ranked([1, 0], [0, 0, 1, 0, 1])
    plan = plan_for([Staff("A", 1, fixed(10))], Arrivals("table"))
    assert ends_of(moves_of(chain, plan)) == {0: 10, 2: 20, 4: 30, 1: 40, 3: 50}
    free = ranked([0, 0], [0, 0, 1, 0, 1])
    assert ends_of(moves_of(free, plan)) == {0: 10, 1: 20, 2: 30, 3: 40, 4: 50}


def test_one_priority_for_all_is_none():
    staff = [Staff("A", 3, exponential(20)), Staff("B", 2, exponential(9))]
    group = list(np.arange(200) % 3)
    plan = plan_for(staff, Arrivals("table"), seed=4)
    alike = moves_of(ranked([0, 0, 0], group, with_loop()), plan)
    assert alike == moves_of(chain_for(with_loop()), plan_for(staff, at_once(200), seed=4))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_naive_simulation_takes_the_same_tasks_first(data):
    rates = {"B": data.draw(st.sampled_from([1.0, 0.7, 0.4]))}
    group = data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=25))
    base = chain_for(with_loop(), rates, groups=3)
    chain = Chain(base.graph, base.chances, np.bincount(group, minlength=3),
                  np.array(group, np.int32), np.array([1, 0, 2]), (9, 5, 1))  # fmt: skip
    people = [Staff(name, data.draw(st.integers(1, 3)), exponential(20)) for name in "AB"]
    plan = plan_for(people, Arrivals("table"), hours=200.0, seed=data.draw(st.integers(0, 99)),
                    sticky=data.draw(st.booleans()))  # fmt: skip
    ours, theirs = moves_of(chain, plan), Naive(chain, plan).run()
    assert [move[1:] for move in ours] == [move[1:] for move in theirs]
    np.testing.assert_allclose([m[0] for m in ours], [m[0] for m in theirs], rtol=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), min_size=1, max_size=5),
       st.integers(0, 99))  # fmt: skip
def test_a_naive_simulation_moves_uploaded_tasks_at_the_same_time(some, seed):
    plan = plan_for([Staff("A", 2, exponential(30)), Staff("B", 1, exponential(9))],
                    uploads(*some), hours=500.0, seed=seed)  # fmt: skip
    chain = chain_for(with_loop(), {"B": 0.6})
    ours, theirs = moves_of(chain, plan), Naive(chain, plan).run()
    assert [move[1:] for move in ours] == [move[1:] for move in theirs]
    np.testing.assert_allclose([m[0] for m in ours], [m[0] for m in theirs], rtol=1e-12)


def test_two_classes_wait_as_cobham_says():
    """M/M/1, non-preemptive: W0 / (1 - r1) and W0 / ((1 - r1)(1 - r)), and together as in turn."""
    per_hour, share, mean = 4.5, 0.4, 10.0
    chain = ranked([1, 0], tasks=[60, 40])
    plan = plan_for([Staff("A", 1, exponential(mean))], poisson(per_hour), 4_000.0,
                    warm_up_hours=200.0, replications=40, seed=2)  # fmt: skip
    result = forecast(chain, plan, {})
    load = per_hour * mean / 60
    first = share * load
    residual = load * mean
    waits = residual / (1 - first), residual / ((1 - first) * (1 - load))
    high, low = result.priorities
    assert (high.number, low.number) == (1, 0)
    for one, wait in zip((high, low), waits, strict=True):
        exact = (wait + mean) / 60
        assert one.low <= exact <= one.high, (one, exact)
        assert one.high - one.low < 0.1 * exact
    assert low.mean > 1.5 * high.mean
    assert high.tasks / (high.tasks + low.tasks) == pytest.approx(share, rel=0.02)
    wait = stage_of(result, "A").wait
    in_turn = load * mean / (1 - load)  # the conservation law
    assert wait.low <= in_turn <= wait.high


def test_priorities_change_neither_the_work_nor_how_busy_people_are():
    stages = line(label("A", "B"), label("B", "Complete"))
    staff = [Staff("A", 2, exponential(12), 10.0), Staff("B", 1, exponential(5), 20.0)]
    group = list(np.arange(400) % 2)
    results = [
        forecast(ranked(levels, group, stages), plan_for(staff, Arrivals("table"), 1e4, seed=5), {})
        for levels in ([0, 0], [1, 0])
    ]
    alike, parted = results
    assert [one.done for one in alike.stages] == [one.done for one in parted.stages]
    assert alike.cost == pytest.approx(parted.cost)
    single = [
        forecast(ranked(levels, group), plan_for([Staff("A", 1, exponential(12))],
                 Arrivals("table"), 1e4, seed=5), {})
        for levels in ([0, 0], [1, 0])
    ]  # fmt: skip
    for one, other in zip(single[0].finished, single[1].finished, strict=True):
        assert one == pytest.approx(other)
    busy = [stage_of(one, "A").utilisation for one in single]
    assert busy[0] == pytest.approx(1) and busy[1] == pytest.approx(1)
    fast, slow = single[1].priorities
    assert fast.mean < single[0].cycle.mean < slow.mean
    assert (fast.mean + slow.mean) / 2 == pytest.approx(single[1].cycle.mean)


BATCHES = Project(
    id="p", name="P", batches=(ProjectBatch("b1", "north"), ProjectBatch("b2", "south"))
)


def parted(priorities, arrivals=None):
    tasks = [{"batch": name} for name in ("north", "south", None, "north")]
    plan = read_plan({**PLAN, "arrivals": arrivals or {"kind": "table"}, "priorities": priorities})
    base = chain_for(one_stage())
    chain = Chain(base.graph, base.chances, np.array([4]), np.zeros(4, np.int32))
    return by_priority(chain, plan, workspace_of(tasks).table, BATCHES)


def test_batches_are_found_by_name_and_by_id_and_others_are_0():
    chain, plan = parted({"south": 5, "b1": -2})
    assert chain.priorities == (5, 0, -2) and plan.problems == ()
    assert chain.level[chain.group].tolist() == [2, 0, 1, 2]
    assert chain.tasks.sum() == 4 and len(chain.chances) == 3
    ends = ends_of(moves_of(chain, plan))
    assert sorted(ends, key=ends.get) == [0, 1, 2, 3]  # the first is in hand when others come
    same, plan = parted({"north": 1, "b1": 4})
    assert same.priorities == (4, 0)


def test_a_batch_that_no_task_has_is_a_finding():
    _, plan = parted({"east": 1})
    assert [(one.code, one.place) for one in plan.problems] == [
        ("plan.batch_unknown", "priorities.east")
    ]


def test_priorities_of_tasks_of_no_table_change_nothing():
    for arrivals in ({"kind": "poisson", "per_hour": 2}, {"kind": "at_once", "tasks": 9}):
        chain, plan = parted({"south": 5}, arrivals)
        assert [one.code for one in plan.problems] == ["plan.priorities_unused"]
        assert chain.priorities == () and plan.priorities == {}


@pytest.mark.parametrize("value", [[], {"south": 1.5}, {"south": "many"}, {"south": 10**9}])
def test_priorities_that_cannot_be_used_are_refused(value):
    with pytest.raises(InputError, match="priorities"):
        parted(value)


def test_the_command_forecasts_uploads_and_priorities(capsys, tmp_path):
    tasks = [
        {"_id": f"t{n}", "answer": {"tools": []}, "batches": [("late", "now")[n % 2]]}
        for n in range(40)
    ]
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    plan = {
        **PLAN, "replications": 8, "priorities": {"now": 3},
        "arrivals": {"kind": "uploads", "uploads": [{"at_hours": 2, "tasks": 60}]},
    }  # fmt: skip
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    words = ["forecast", "--plan", str(tmp_path / "plan.json")]
    words += ["--tasks", str(tmp_path / "tasks.json")]
    assert main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    first, second = document["priorities"]
    assert (first["priority"], second["priority"]) == (3, 0)
    assert first["tasks"] + second["tasks"] == 60
    assert first["cycle_hours"]["high"] < second["cycle_hours"]["low"]
    assert document["finish_hours"]["p50"] == pytest.approx(2 + 60 * 0.75)
    assert main(words) == 0
    assert "of priority 3" in capsys.readouterr().out
