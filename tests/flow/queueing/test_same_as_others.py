"""The same model elsewhere: SimPy to the last digit, Ciw within its error, naively at random."""

import statistics

import ciw
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from queue_helpers import (
    Naive,
    Shifts,
    Staff,
    at_once,
    chain_for,
    ends_of,
    exponential,
    in_simpy,
    judged,
    label,
    line,
    moves_of,
    plan_for,
    poisson,
    review,
    with_loop,
)

from core.flow.plan import ServiceTime

TASKS = 2_000


def loop_route(rates):
    """A, B, and back to A with the rest of B's rate."""

    def route(here, number, visit, luck):
        if here is None:
            return "A"
        if here == "A":
            return "B"
        return "Complete" if luck.of("exit", "B", number, visit) < rates["B"] else "A"

    return route


@pytest.mark.parametrize("replication", [0, 3])
def test_simpy_completes_every_task_at_the_same_moment(replication):
    rates = {"B": 0.8}
    staff = (Staff("A", 5, exponential(20)), Staff("B", 2, ServiceTime("lognormal", 6, 9)))
    plan = plan_for(staff, poisson(12), hours=150.0, sticky=False, seed=5)
    there = in_simpy(plan, loop_route(rates), replication)
    here = ends_of(moves_of(chain_for(with_loop(), rates), plan, replication))
    assert here == there and len(here) > 1_500


def test_simpy_completes_tasks_that_come_at_once_at_the_same_moment():
    rates = {"B": 0.7}
    staff = (Staff("A", 7, exponential(5)), Staff("B", 3, exponential(2)))
    plan = plan_for(staff, at_once(TASKS), hours=1e4, sticky=False, seed=1)
    here = ends_of(moves_of(chain_for(with_loop(), rates), plan))
    assert here == in_simpy(plan, loop_route(rates)) and len(here) == TASKS


def test_another_seed_would_be_noticed():
    staff = (Staff("A", 7, exponential(5)), Staff("B", 3, exponential(2)))
    plans = [plan_for(staff, at_once(50), sticky=False, seed=seed) for seed in (1, 2)]
    one, other = (ends_of(moves_of(chain_for(with_loop()), plan)) for plan in plans)
    assert one != other


def test_ciw_agrees_within_its_error():
    rates = {"B": 0.8}
    staff = (Staff("A", 3, exponential(10)), Staff("B", 2, exponential(5)))
    plan = plan_for(staff, poisson(10), hours=400.0, warm_up_hours=50.0, sticky=False,
                    replications=40)  # fmt: skip
    from core.flow.queueing.forecast import forecast

    ours = forecast(chain_for(with_loop(), rates), plan, {})
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(10 / 60), None],
        service_distributions=[ciw.dists.Exponential(1 / 10), ciw.dists.Exponential(1 / 5)],
        number_of_servers=[3, 2],
        routing=[[0.0, 1.0], [0.2, 0.0]],
    )
    waits = {1: [], 2: []}
    for seed in range(8):
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(400 * 60)
        records = [r for r in simulation.get_all_records() if r.arrival_date > 50 * 60]
        for node, means in waits.items():
            means.append(np.mean([r.waiting_time for r in records if r.node == node]))
    for node, means in waits.items():
        wait = next(one for one in ours.stages if one.stage.id == "AB"[node - 1]).wait
        error = statistics.stdev(means) / len(means) ** 0.5
        half = (wait.high - wait.low) / 2
        assert abs(wait.mean - statistics.mean(means)) < 3 * error + half


SHIFTS = st.none() | st.builds(
    Shifts,
    days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    opens=st.sampled_from([0.0, 480.0, 1_320.0]),
    closes=st.sampled_from([600.0, 960.0, 1_440.0]),
)


def staff(name):
    return st.builds(
        Staff,
        stage=st.just(name),
        people=st.integers(0, 3),
        minutes=st.sampled_from(
            [exponential(30), exponential(200), ServiceTime("lognormal", 40, 60)]
        ),
        shifts=SHIFTS,
    )


def chained():
    return line(label("A", "B"), review("B", "C", "A"), review("C", "Complete", "A"))


WORKFLOWS = [(with_loop, "AB"), (chained, "ABC"), (judged, ["C1", "C2"])]


@settings(max_examples=60)
@given(st.data())
def test_a_naive_simulation_moves_every_task_at_the_same_time(data):
    made, names = data.draw(st.sampled_from(WORKFLOWS))
    rates = {name: data.draw(st.sampled_from([1.0, 0.7, 0.4])) for name in ("B", "C")}
    people = [data.draw(staff(name)) for name in names]
    arrivals = data.draw(st.sampled_from([poisson(1.0), poisson(4.0), at_once(12)]))
    plan = plan_for(
        people, arrivals, hours=200.0, seed=data.draw(st.integers(0, 99)),
        sticky=data.draw(st.booleans()), start_minute=data.draw(st.sampled_from([0.0, 5_000.0])),
    )  # fmt: skip
    chain = chain_for(made(), rates)
    ours, theirs = moves_of(chain, plan), Naive(chain, plan).run()
    assert [move[1:] for move in ours] == [move[1:] for move in theirs]
    np.testing.assert_allclose([m[0] for m in ours], [m[0] for m in theirs], rtol=1e-12)
