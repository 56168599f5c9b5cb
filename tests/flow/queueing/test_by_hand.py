"""Small workflows worked out by hand: who begins when, and when all is done."""

import numpy as np
import pytest
from queue_helpers import (
    Shifts,
    Staff,
    at_once,
    chain_for,
    ends_of,
    fixed,
    forecast_of,
    judged,
    label,
    line,
    moves_of,
    one_stage,
    plan_for,
    poisson,
    stage_of,
    with_loop,
)

from core.flow.chain import Chain
from core.flow.graph import graph_of
from core.flow.plan import Arrivals, ServiceTime
from core.model.stages import Complete, Hold, Start, UnknownStage, Webhook

EARLY = Shifts((0, 1, 2, 3, 4), 480.0, 960.0)
"""Weekdays, 08:00 to 16:00."""


def ends(stages, staff, arrivals, rates=None, hours=1_000.0, **more):
    return ends_of(moves_of(chain_for(stages, rates), plan_for(staff, arrivals, hours, **more)))


def test_tasks_at_once_leave_in_turns():
    result = forecast_of(one_stage(), [Staff("A", 2, fixed(30), 12.0)], at_once(5), replications=2)
    assert result.finish == (1.5, 1.5, 1.5)
    assert result.throughput == pytest.approx(5 / 1.5)
    stage = stage_of(result, "A")
    assert stage.wait.mean == pytest.approx((0 + 0 + 30 + 30 + 60) / 5)
    assert (stage.wait.p50, stage.wait.low, stage.wait.high) == (30, 24, 24)
    assert stage.queue == pytest.approx((3 * 30 + 1 * 30) / 90)
    assert stage.utilisation == pytest.approx(150 / 180)
    assert stage.done == 5
    assert stage.cost == result.cost == pytest.approx(2.5 * 12)
    assert result.cycle.mean == pytest.approx((0.5 + 0.5 + 1 + 1 + 1.5) / 5)
    assert result.problems == ()


def test_two_stages_work_side_by_side():
    stages = line(label("A", "B"), label("B", "Complete"))
    staff = [Staff("A", 1, fixed(10)), Staff("B", 1, fixed(25))]
    assert ends(stages, staff, at_once(3)) == {0: 35, 1: 60, 2: 85}


def test_work_pauses_at_the_end_of_a_shift():
    staff = [Staff("A", 1, fixed(300), shifts=EARLY)]
    day = 1_440
    done = {0: 480 + 300, 1: day + 480 + 120, 2: day + 480 + 420, 3: 2 * day + 480 + 240}
    assert ends(one_stage(), staff, at_once(4)) == done


def test_what_is_done_at_the_end_of_a_shift_is_not_done_the_next_day():
    staff = [Staff("A", 1, fixed(240), shifts=EARLY)]
    assert ends(one_stage(), staff, at_once(3)) == {0: 720, 1: 960, 2: 1_440 + 720}


def test_nobody_works_at_the_weekend():
    staff = [Staff("A", 1, fixed(300), shifts=EARLY)]
    friday = 4 * 1_440
    done = ends(one_stage(), staff, at_once(2), start_minute=friday + 600.0)
    assert done == {0: 300, 1: 3 * 1_440 - 600 + 480 + 240}


def test_a_shift_over_midnight_is_one_shift():
    staff = [Staff("A", 1, fixed(300), shifts=Shifts((6,), 1_320.0, 360.0))]
    sunday = 6 * 1_440
    assert ends(one_stage(), staff, at_once(3)) == {
        0: 300,  # of Sunday's night, which is on its way when the clock starts
        1: sunday + 1_320 + 240,
        2: 10_080 + sunday + 1_320 + 60,
    }


def test_work_longer_than_weeks_goes_on_from_shift_to_shift():
    staff = [Staff("A", 1, fixed(480.0 * 5 * 3 + 60), shifts=EARLY)]
    assert ends(one_stage(), staff, at_once(1)) == {0: 3 * 10_080 + 480 + 60}


def test_utilisation_is_of_open_time_and_waits_are_on_the_clock():
    staff = [Staff("A", 1, fixed(480), cost_per_hour=10.0, shifts=EARLY)]
    result = forecast_of(one_stage(), staff, at_once(2), hours=48.0, replications=2)
    stage = stage_of(result, "A")
    assert result.finish[1] == (1_440 + 960) / 60
    assert stage.utilisation == pytest.approx(1)
    assert stage.wait.mean == pytest.approx((480 + 1_440 + 480) / 2)
    assert stage.cost == pytest.approx(160)


def test_a_task_that_comes_back_waits_for_whoever_had_it():
    """At 30 the first person takes task 2; at 40 task 0 comes back, and the second one rests."""
    staff, chain = (
        [Staff("A", 2, fixed(30)), Staff("B", 2, fixed(10))],
        chain_for(with_loop(), {"B": 0.6}),
    )
    for seed in range(100):
        plan = plan_for(staff, at_once(3), seed=seed)
        moves = moves_of(chain, plan)
        if [task for _, task, left, to in moves if (left, to) == ("B", "A")] == [0]:
            break
    assert ends_of(moves) == {1: 40, 2: 70, 0: 100}
    free = moves_of(chain, plan_for(staff, at_once(3), seed=seed, sticky=False))
    assert ends_of(free) == {1: 40, 2: 70, 0: 80}


def test_a_task_waits_for_its_person_though_another_is_free():
    """Two people at A: one is kept by a long task, whose earlier one comes back meanwhile."""
    long_first = {0: 10.0, 1: 10.0, 2: 100.0}
    staff = [Staff("A", 2, ServiceTime("history")), Staff("B", 3, fixed(5))]
    chain = chain_for(with_loop(), {"B": 0.5})
    times = {"A": np.array(sorted(long_first.values()))}
    held = 0
    for seed in range(300):
        bound, free = (
            moves_of(chain, plan_for(staff, at_once(3), seed=seed, sticky=sticky), times=times)
            for sticky in (True, False)
        )
        assert {move[1:] for move in bound} == {move[1:] for move in free}  # the same luck
        held += ends_of(bound) != ends_of(free)
    assert held > 10


def test_a_consensus_goes_on_when_the_last_judgment_is_there():
    staff = [Staff("C1", 1, fixed(10)), Staff("C2", 1, fixed(30))]
    assert ends(judged(), staff, at_once(2)) == {0: 30, 1: 60}


def test_staff_of_a_consensus_is_that_of_each_part_without_its_own():
    staff = [Staff("C", 2, fixed(20)), Staff("C2", 1, fixed(15))]
    result = forecast_of(judged(), staff, at_once(2), replications=2)
    assert [stage_of(result, one).people for one in ("C1", "C2")] == [2, 1]
    assert ends(judged(), staff, at_once(2)) == {0: 20, 1: 30}
    assert (stage_of(result, "C").done, stage_of(result, "C1").done) == (2, 2)
    assert stage_of(result, "C").utilisation is None


def test_a_consensus_without_people_passes_tasks_on():
    assert ends(judged(), [], at_once(2)) == {0: 0, 1: 0}
    assert ends(judged(), [Staff("C2", 1, fixed(7))], at_once(2)) == {0: 7, 1: 14}


def test_stages_without_people_take_no_time():
    stages = [
        Start(id="Start", name="Start", next=("H",)),
        Hold(id="H", name="H", next=("W",)),
        Webhook(id="W", name="W", next=("A",)),
        label("A", "B"),
        label("B", "Complete"),
        Complete(id="Complete", name="Complete"),
    ]
    result = forecast_of(stages, [Staff("B", 1, fixed(60))], at_once(2), replications=2)
    assert result.finish[1] == 2
    passing = stage_of(result, "A")
    assert (passing.wait.mean, passing.queue, passing.utilisation, passing.done) == (0, 0, None, 2)
    assert [one.code for one in result.problems] == ["stage.not_planned"]


def test_nobody_gets_out_of_a_stage_where_nobody_works():
    result = forecast_of(
        one_stage(), [Staff("A", 0, fixed(1))], at_once(3), hours=10.0, replications=2
    )
    stage = stage_of(result, "A")
    assert (stage.utilisation, stage.wait.mean, stage.queue, stage.done) == (None, None, None, 0)
    assert (result.finish, result.cycle.mean, result.bottleneck) == ((None,) * 3, None, None)
    assert "horizon.short" in {one.code for one in result.problems}
    assert (result.in_progress.mean[1] == 3).all()


def test_tasks_stay_where_no_way_leads_on():
    stages = [*line(label("A", None)), UnknownStage(id="U", name="U")]
    result = forecast_of(stages, [Staff("A", 1, fixed(5))], at_once(3), replications=2)
    assert stage_of(result, "A").done == 3
    assert (result.finish, result.throughput) == ((None,) * 3, 0)
    assert [one.code for one in result.problems] == ["tasks.trapped"]
    stages[1] = label("A", "U")
    assert {to for _, _, _, to in moves_of(chain_for(stages), plan_for([], at_once(1)))} == {
        "Start", "A", "U",
    }  # fmt: skip


@pytest.mark.parametrize("staff", [[], [Staff("A", 1, fixed(0)), Staff("B", 1, fixed(0))]])
def test_a_loop_without_time_ends(staff):
    result = forecast_of(with_loop(), staff, at_once(2), rates={"B": 0.0}, replications=1)
    assert {"loop.no_time", "tasks.trapped"} <= {one.code for one in result.problems}


def test_work_above_capacity_has_no_mean_wait():
    staff = [Staff("A", 1, fixed(30)), Staff("B", 1, fixed(1))]
    result = forecast_of(
        with_loop(), staff, poisson(2.0), rates={"B": 0.9}, hours=100.0, replications=3
    )
    first, second = stage_of(result, "A"), stage_of(result, "B")
    assert first.load == pytest.approx(2 / 0.9 * 0.5)
    assert (first.wait.mean, first.wait.p90, first.queue, result.cycle.mean) == (None,) * 4
    assert second.wait.mean is not None
    (problem,) = result.problems
    assert (problem.code, problem.place) == ("load.above_capacity", "stages.A")
    assert "“A”" in problem.message and "111.11 %" in problem.message
    finite = forecast_of(with_loop(), staff, at_once(500), hours=1e4, replications=2)
    assert finite.problems == () and stage_of(finite, "A").wait.mean is not None


def test_people_who_work_a_third_of_the_week_can_do_a_third():
    result = forecast_of(
        one_stage(),
        [Staff("A", 1, fixed(60), shifts=Shifts(tuple(range(7)), 480, 960))],
        poisson(0.4),
        hours=50.0,
        replications=2,
    )
    assert stage_of(result, "A").load == pytest.approx(1.2)
    assert result.problems[0].code == "load.above_capacity"


def test_a_loop_without_a_way_out_is_above_every_capacity():
    staff = [Staff("A", 9, fixed(3))]
    result = forecast_of(
        with_loop(), staff, poisson(1.0), rates={"B": 0.0}, hours=20.0, replications=2
    )
    assert result.problems[-1].code == "load.above_capacity"
    assert stage_of(result, "A").load is None


def test_each_group_of_tasks_goes_its_own_way():
    """Groups are drawn by their shares, and those of a table are its tasks' own."""
    graph = graph_of(with_loop())
    chances = np.ones((2, len(graph.exits)))
    first, second = graph.exits_of(2)
    chances[:, first], chances[:, second] = (1, 0), (0, 1)
    group = np.array([1, 0, -1, 0], np.int32)
    chain = Chain(graph, chances, np.array([2, 1]), group)
    staff = [Staff("A", 9, fixed(10))]
    moves = moves_of(chain, plan_for(staff, at_once(900), hours=0.1))
    assert 540 < len([1 for _, _, _, to in moves if to == "A"]) <= 900
    moves = moves_of(chain, plan_for(staff, at_once(900), hours=2.0))
    done = len(ends_of(moves))
    assert 0 < done < 108 * 0.8
    table = plan_for(staff, Arrivals("table"), hours=1.0)
    assert ends_of(moves_of(chain, table)) == {1: 10, 2: 10}


def test_only_tasks_that_come_after_the_warm_up_count():
    result = forecast_of(
        one_stage(), [Staff("A", 1, fixed(30))], at_once(4), warm_up_hours=1.0, replications=2
    )
    stage = stage_of(result, "A")
    assert (stage.wait.mean, result.cycle.mean) == (None, None)
    assert (stage.done, result.throughput, stage.utilisation) == (3, 3, 1)  # at 60, 90 and 120
    assert stage.queue == pytest.approx(0.5)


def test_replications_do_not_depend_on_how_many_there_are():
    def cycles(many):
        plan = plan_for([Staff("A", 1, fixed(30))], poisson(1.5), hours=50.0, replications=many)
        return [ends_of(moves_of(chain_for(one_stage()), plan, one)) for one in range(2)]

    assert cycles(2) == cycles(9)


def test_a_change_elsewhere_leaves_draws_alone():
    """Two plans share their luck: with more people at B, A does all at the same moments."""
    chain = chain_for(line(label("A", "B"), label("B", "Complete")))
    minutes = ServiceTime("lognormal", 20, 15)
    one, other = (
        moves_of(chain, plan_for([Staff("A", 2, minutes), Staff("B", many, minutes)], at_once(50)))
        for many in (1, 5)
    )
    left = [[move for move in moves if move[2] == "A"] for moves in (one, other)]
    assert left[0] == left[1] and ends_of(one) != ends_of(other)


def test_enough_precision_ends_a_forecast():
    staff = [Staff("A", 1, ServiceTime("exponential", 10))]
    kinds = {"hours": 200.0, "replications": 60}
    coarse, fine, never = (
        forecast_of(one_stage(), staff, poisson(3.0), precision=one, **kinds)
        for one in (0.5, 0.04, 1e-9)
    )
    assert (coarse.replications, never.replications) == (5, 60)
    assert 5 < fine.replications < 60
    assert (fine.cycle.high - fine.cycle.low) / 2 <= 0.04 * fine.cycle.mean


def test_progress_is_told_and_can_stop_it():
    from core.flow.queueing.forecast import forecast

    told = []
    plan = plan_for([Staff("A", 1, fixed(30))], at_once(3), replications=3)
    forecast(chain_for(one_stage()), plan, {}, lambda *far: told.append(far))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]

    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forecast(chain_for(one_stage()), plan, {}, stop)


def test_tasks_in_progress_and_moves_are_there_for_pages():
    result = forecast_of(one_stage(), [Staff("A", 1, fixed(60))], at_once(4), replications=3)
    shown = result.in_progress
    assert len(shown.hours) == 200 and shown.mean.shape == (4, 200)
    assert shown.hours[-1] == pytest.approx(4.4)
    assert [float(np.interp(at, shown.hours, shown.mean[-1])) for at in (0.5, 1.5, 4.3)] == [
        4,
        3,
        0,
    ]
    assert (shown.low == shown.high).all() and (shown.mean[1] == shown.mean[-1]).all()
    assert [(m.hours, m.task, m.came_from, m.stage) for m in result.moves[-2:]] == [
        (3, 2, "A", "Complete"), (4, 3, "A", "Complete"),
    ]  # fmt: skip
    assert len(result.moves) == 12


def test_past_minutes_are_drawn_alike():
    times = {"A": np.array([1.0, 2.0, 6.0])}
    result = forecast_of(
        one_stage(), [Staff("A", 1, ServiceTime("history"))], at_once(3_000), times=times,
        replications=1, hours=1e4,
    )  # fmt: skip
    assert result.finish[1] == pytest.approx(3_000 * 3 / 60, rel=0.03)
    steps = np.diff([0, *sorted(ends(one_stage(), [Staff("A", 1, fixed(1))], at_once(2)).values())])
    assert steps.tolist() == [1, 1]


def test_a_lognormal_has_the_mean_and_deviation_of_its_minutes():
    plan = plan_for([Staff("A", 50_000, ServiceTime("lognormal", 12, 9))], at_once(50_000))
    minutes = np.array(list(ends_of(moves_of(chain_for(one_stage()), plan)).values()))
    assert minutes.mean() == pytest.approx(12, rel=0.02)
    assert minutes.std() == pytest.approx(9, rel=0.05)
