"""Forecasts against SimPy and Ciw: the same queues, in turn, on this machine.

SimPy draws the same uniforms, by numpy and all at once, which is the least that it could do; every
task must be through at the same moment, to the last digit. Ciw has luck of its own, and is
timed for a few replications and taken for all. Compiling, once per installation, is apart.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import ciw
import simpy
from measure import at_least, for_information, heading, in_turn, seconds

from core.flow.chain import Chain
from core.flow.graph import graph_of
from core.flow.plan import Arrivals, ServiceTime, Staff, WorkPlan
from core.flow.queueing.draws import keys_of_arrivals, keys_of_stages
from core.flow.queueing.forecast import forecast
from core.flow.queueing.network import orders_of, staffed
from core.flow.queueing.state import new_measures, run
from core.model.stages import Complete, Label, Review, Start

TASKS = 100_000
PEOPLE, MEANS = (10, 6, 4), (5.0, 3.0, 2.0)
PER_HOUR, ACCEPTED = 100.0, 0.9
REPLICATIONS, REPLICATION_TASKS, TIMED = 200, 10_000, 2
ROUNDS = 5
VISITS = 10
"""More often no task comes to a stage."""
MORE = 2_000
"""Tasks that may come beyond the mean."""
IDS = ("Start", "Label", "Second", "Review", "Complete")


def chain() -> Chain:
    """Label, a second look, a review that sends one task in ten back."""
    graph = graph_of(
        [
            Start(id="Start", name="Start", next=("Label",)),
            Label(id="Label", name="Label", next=("Second",)),
            Label(id="Second", name="Second", next=("Review",)),
            Review(id="Review", name="Review", next=("Complete", "Label")),
            Complete(id="Complete", name="Complete"),
        ]
    )
    chances = np.array([[1.0, 1.0, 1.0, ACCEPTED, 1.0 - ACCEPTED]])
    return Chain(graph, chances, np.ones(1, np.int64), np.zeros(0, np.int32))


def plan(hours: float, replications: int = 1) -> WorkPlan:
    """Twenty people at three stages."""
    staff = tuple(
        Staff(name, many, ServiceTime("exponential", mean))
        for name, many, mean in zip(IDS[1:4], PEOPLE, MEANS, strict=True)
    )
    arrivals = Arrivals("poisson", per_hour=PER_HOUR)
    return WorkPlan(arrivals, staff, hours, replications=replications, sticky=False)


def ours(hours: float, room: int = 0) -> list[float]:
    """When each task is through, in the order of that, where there is room for all moves."""
    asked = plan(hours)
    world = staffed(chain(), asked, {})
    orders = orders_of(chain(), asked, world.given)
    measures = new_measures(len(IDS), len(PEOPLE), np.zeros(0), room)
    draws = keys_of_stages(0, 0, IDS), keys_of_arrivals(0, 0)
    assert run(world.net, orders, draws, world.given, measures, 2**28)
    moves = measures.trace[: measures.moves[0]]
    ends: list[float] = moves[moves[:, 3] == len(IDS) - 1, 0].tolist()
    return ends


def uniforms(key: int, visits: int) -> NDArray[np.float64]:
    """Uniforms of all tasks and visits under a key (docs/semantics.md, Forecasts)."""
    numbers = np.arange(TASKS + MORE, dtype=np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15)
    z = numbers + np.arange(visits, dtype=np.uint64) * np.uint64(0xD1B54A32D192ED03)
    z ^= np.uint64(key)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    drawn: NDArray[np.float64] = (z >> np.uint64(11)).astype(np.float64) / 2.0**53
    return drawn


def with_simpy(hours: float) -> list[float]:
    """The same in SimPy."""
    keys = keys_of_stages(0, 0, IDS)
    gaps = uniforms(keys_of_arrivals(0, 0)[0], 1)[:, 0].tolist()
    times = [uniforms(keys[place, 1], VISITS).tolist() for place in (1, 2, 3)]
    accepted = uniforms(keys[3, 0], VISITS).tolist()
    mean_gap = 60 / PER_HOUR

    env = simpy.Environment()
    desks = [simpy.Resource(env, many) for many in PEOPLE]
    ends: list[float] = []

    def task(number: int) -> Generator[Any, Any, None]:
        here = visit = 0
        while here < 3:
            with desks[here].request() as asked:
                yield asked
                u = times[here][number][visit]
                yield env.timeout(-MEANS[here] * math.log1p(-u))
            here += 1
            if here == 3 and accepted[number][visit] >= ACCEPTED:
                here, visit = 0, visit + 1
        ends.append(env.now)

    def source() -> Generator[Any, Any, None]:
        for number, u in enumerate(gaps):
            yield env.timeout(-mean_gap * math.log1p(-u))
            env.process(task(number))

    env.process(source())
    env.run(until=hours * 60)
    return ends


def with_ciw(hours: float, seeds: Iterator[int]) -> None:
    """Some replications in Ciw."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(PER_HOUR / 60), None, None],
        service_distributions=[ciw.dists.Exponential(1 / mean) for mean in MEANS],
        number_of_servers=list(PEOPLE),
        routing=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1 - ACCEPTED, 0.0, 0.0]],
    )
    for _ in range(TIMED):
        ciw.seed(next(seeds))
        ciw.Simulation(network).simulate_until_max_time(hours * 60)


def main() -> None:
    """Print the table."""
    hours = TASKS / PER_HOUR
    compiling = seconds(lambda: ours(1.0))
    here, there = ours(hours, 10 * TASKS), with_simpy(hours)
    assert here == there, "the moments at which tasks are through differ"
    both = {"ours": lambda: ours(hours), "simpy": lambda: with_simpy(hours)}
    took = in_turn(both, ROUNDS, warm=False)
    heading(f"{len(here):,} tasks through three stages with {sum(PEOPLE)} people")
    at_least("times faster than SimPy, with identical results", 50, took["simpy"] / took["ours"])
    for_information("ours", took["ours"] * 1e3, "ms")
    for_information("compiled code at the first call of this process", compiling * 1e3, "ms")
    hours = REPLICATION_TASKS / PER_HOUR
    asked = plan(hours, REPLICATIONS)
    seeds = iter(range(100))
    took = in_turn(
        {
            "ours": lambda: forecast(chain(), asked, {}),
            "ciw": lambda: with_ciw(hours, seeds),
        },
        3,
    )
    heading(f"{REPLICATIONS} replications of {REPLICATION_TASKS:,} tasks")
    ratio = took["ciw"] * REPLICATIONS / TIMED / took["ours"]
    at_least(f"times faster than Ciw ({TIMED} replications timed)", 20, ratio)
    for_information("ours, with percentiles and tasks in progress", took["ours"], "s")


if __name__ == "__main__":
    main()
