"""What queueing theory knows exactly: each forecast is within four standard errors of it."""

from math import factorial

import numpy as np
import pytest
from queue_helpers import (
    Staff,
    exponential,
    fixed,
    forecast_of,
    label,
    line,
    one_stage,
    poisson,
    stage_of,
    with_loop,
)
from scipy.special import stdtrit

MANY = 40
LONG = {"hours": 2_000.0, "warm_up_hours": 200.0, "replications": MANY}


def erlang_c(people, load):
    """Mean wait of M/M/c in service times; `load` in people."""
    last = load**people / factorial(people) * people / (people - load)
    waiting = last / (sum(load**k / factorial(k) for k in range(people)) + last)
    return waiting / (people - load)


def error_of(spread):
    """Standard error of a mean over replications, from its interval."""
    return (spread.high - spread.low) / 2 / stdtrit(MANY - 1, 0.975)


def assert_mean(spread, exact):
    assert abs(spread.mean - exact) < 4 * error_of(spread)
    assert 4 * error_of(spread) < 0.1 * exact  # else it would show nothing


@pytest.mark.parametrize(("people", "per_hour"), [(1, 4.2), (2, 9.6), (5, 25.0)])
def test_waits_of_several_people_are_erlangs(people, per_hour):
    result = forecast_of(
        one_stage(), [Staff("A", people, exponential(10))], poisson(per_hour), **LONG
    )
    load = per_hour / 6
    stage = stage_of(result, "A")
    assert_mean(stage.wait, 10 * erlang_c(people, load))
    assert stage.utilisation == pytest.approx(load / people, rel=0.01)
    assert stage.load == pytest.approx(load / people)
    assert_mean(result.cycle, (10 + 10 * erlang_c(people, load)) / 60)
    assert result.throughput == pytest.approx(per_hour, rel=0.01)


def test_one_person_and_exponential_minutes_have_exponential_cycle_times():
    result = forecast_of(one_stage(), [Staff("A", 1, exponential(10))], poisson(4.2), **LONG)
    mean = 1 / (6 - 4.2)
    for share, quantile in ((0.5, result.cycle.p50), (0.9, result.cycle.p90)):
        assert quantile == pytest.approx(-mean * np.log(1 - share), rel=0.04)


def test_fixed_minutes_wait_half_as_long():
    result = forecast_of(one_stage(), [Staff("A", 1, fixed(10))], poisson(4.8), **LONG)
    assert_mean(stage_of(result, "A").wait, 0.8 / (2 * (1 - 0.8)) * 10)


def test_two_stages_one_after_another_are_independent_queues():
    stages = line(label("A", "B"), label("B", "Complete"))
    staff = [Staff("A", 2, exponential(10)), Staff("B", 1, exponential(4))]
    result = forecast_of(stages, staff, poisson(9.0), **LONG)
    assert_mean(stage_of(result, "A").wait, 10 * erlang_c(2, 1.5))
    assert_mean(stage_of(result, "B").wait, 4 * erlang_c(1, 0.6))


def test_rejected_tasks_come_again():
    """Jackson: with a quarter sent back, a third more come; each queue is as if it was alone."""
    staff = [Staff("A", 3, exponential(10)), Staff("B", 1, exponential(4))]
    result = forecast_of(with_loop(), staff, poisson(9.0), rates={"B": 0.75}, sticky=False, **LONG)
    first, second = stage_of(result, "A"), stage_of(result, "B")
    assert first.load == pytest.approx(12 * 10 / 60 / 3)
    assert second.load == pytest.approx(12 * 4 / 60)
    assert first.utilisation == pytest.approx(first.load, rel=0.01)
    assert second.utilisation == pytest.approx(second.load, rel=0.01)
    assert_mean(first.wait, 10 * erlang_c(3, 2.0))
    assert_mean(second.wait, 4 * erlang_c(1, 0.8))
    assert first.done == pytest.approx(12 * 1_800, rel=0.01)
    assert result.bottleneck == "B" and result.next_bottleneck == "A"


def test_littles_law_holds_between_what_is_measured_apart():
    """The queue is an area over time, the wait a mean over tasks, the rate a count."""
    result = forecast_of(one_stage(), [Staff("A", 3, exponential(14))], poisson(12.0), **LONG)
    stage = stage_of(result, "A")
    per_minute = stage.done / (1_800 * 60)
    assert stage.queue == pytest.approx(per_minute * stage.wait.mean, rel=0.01)
    shown = result.in_progress
    later = shown.mean[-1][shown.hours > 200]
    assert later.mean() == pytest.approx(result.throughput * result.cycle.mean, rel=0.03)


def test_the_interval_covers_the_true_mean_in_about_95_of_100_trials():
    exact = 10 * erlang_c(1, 0.5)
    inside = 0
    for seed in range(200):
        spread = stage_of(
            forecast_of(
                one_stage(),
                [Staff("A", 1, exponential(10))],
                poisson(3.0),
                hours=220.0,
                warm_up_hours=20.0,
                replications=20,
                seed=seed,
            ),
            "A",
        ).wait
        inside += spread.low <= exact <= spread.high
    assert 180 <= inside <= 199  # of a binomial of 200 and 0.95 but for one in a thousand


def test_people_who_need_to_be_the_same_make_tasks_wait_longer():
    staff = [Staff("A", 5, exponential(20)), Staff("B", 2, exponential(4))]
    free, bound = (
        forecast_of(with_loop(), staff, poisson(10.0), rates={"B": 0.75}, sticky=sticky, **LONG)
        for sticky in (False, True)
    )
    assert stage_of(bound, "A").wait.low > stage_of(free, "A").wait.high
