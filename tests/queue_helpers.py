"""Workflows with people for the tests of forecasts, a naive simulation, and one in SimPy.

The naive one keeps lists and closures where ours keeps arrays, and knows the rules from
docs/semantics.md, Forecasts. Draws are those of the semantics, written out once more.
"""

import heapq
import math
from hashlib import md5
from itertools import count

import numpy as np
import simpy

from core.flow.chain import Chain
from core.flow.graph import graph_of
from core.flow.plan import Arrivals, ServiceTime, Shifts, Staff, WorkPlan
from core.flow.queueing.draws import keys_of_arrivals, keys_of_stages
from core.flow.queueing.forecast import forecast
from core.flow.queueing.network import orders_of, staffed
from core.flow.queueing.state import new_measures, run
from core.model.stages import Complete, Consensus, Label, Review, Start

WEEK = 10_080


def exponential(mean):
    return ServiceTime("exponential", mean)


def fixed(mean):
    return ServiceTime("fixed", mean)


def line(*stages):
    """Start, these stages one after another, Complete."""
    return [Start(id="Start", name="Start", next=(stages[0].id,)), *stages,
            Complete(id="Complete", name="Complete")]  # fmt: skip


def label(name, behind, **more):
    return Label(id=name, name=name, next=(behind,), **more)


def review(name, behind, back):
    return Review(id=name, name=name, next=(behind, back))


def one_stage():
    return line(label("A", "Complete"))


def with_loop():
    """A, then a review that sends some back to A."""
    return line(label("A", "B"), review("B", "Complete", "A"))


def judged():
    """A Consensus of two, then Complete or once more."""
    return line(
        Consensus(id="C", name="C", next=("Complete", "C")),
        label("C1", None, consensus_id="C"),
        label("C2", None, consensus_id="C"),
    )


def chain_for(stages, rates=None, groups=1):
    """A chain in which the first exit of a stage has the rate given for its id, else 1."""
    graph = graph_of(stages)
    chances = np.ones((groups, len(graph.exits)))
    for place, stage in enumerate(graph.stages):
        exits = graph.exits_of(place)
        if len(exits) == 2:
            rate = (rates or {}).get(stage.id, 1.0)
            chances[:, exits[0]], chances[:, exits[1]] = rate, 1 - rate
    return Chain(graph, chances, np.zeros(groups, np.int64), np.zeros(0, np.int32))


def plan_for(staff, arrivals, hours=1_000.0, **more):
    return WorkPlan(arrivals=arrivals, staff=tuple(staff), horizon_hours=hours, **more)


def poisson(per_hour):
    return Arrivals("poisson", per_hour=per_hour)


def at_once(tasks):
    return Arrivals("at_once", tasks=tasks)


def forecast_of(stages, staff, arrivals, hours=1_000.0, rates=None, times=None, **more):
    plan = plan_for(staff, arrivals, hours, **more)
    return forecast(chain_for(stages, rates), plan, times or {})


def stage_of(result, name):
    return next(one for one in result.stages if one.stage.id == name)


def moves_of(chain, plan, replication=0, times=None, room=1_000_000):
    """All moves of one replication of ours: minutes, task, from, to."""
    world = staffed(chain, plan, times or {})
    orders = orders_of(chain, plan, world.given)
    ids = [stage.id for stage in chain.graph.stages]
    levels = max(1, len(chain.priorities))
    measures = new_measures(len(ids), len(world.desks), np.zeros(0), room, parts=levels)
    draws = keys_of_stages(plan.seed, replication, ids), keys_of_arrivals(plan.seed, replication)
    assert run(world.net, orders, draws, world.given, measures, 10**9)
    return [
        (at, int(task), ids[int(left)] if left >= 0 else None, ids[int(to)])
        for at, task, left, to in measures.trace[: measures.moves[0]].tolist()
    ]


def ends_of(moves):
    """When each task got to Complete, in minutes."""
    return {task: at for at, task, _, to in moves if to == "Complete"}


def uniform(seed, replication, purpose, stage, number, visit):
    """As docs/semantics.md says it."""
    text = f"{seed}:{replication}:{purpose}:{stage}"
    key = int.from_bytes(md5(text.encode()).digest()[:8], "big")
    whole = 2**64
    z = (number * 0x9E3779B97F4A7C15 + visit * 0xD1B54A32D192ED03) % whole ^ key
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % whole
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % whole
    z ^= z >> 31
    return (z >> 11) / 2**53


class Luck:
    """The draws of one replication of a plan."""

    def __init__(self, plan, replication=0):
        self.plan, self.replication = plan, replication
        self.staff = {one.stage: one for one in plan.staff}

    def of(self, purpose, stage, number, visit=0):
        return uniform(self.plan.seed, self.replication, purpose, stage, number, visit)

    def gap(self, number):
        u = self.of("arrival", "", number)
        return -(60 / self.plan.arrivals.per_hour) * math.log1p(-u)

    def minutes(self, stage, number, visit):
        time = self.staff[stage].minutes
        if time.kind == "fixed":
            return time.mean
        u = self.of("time", stage, number, visit)
        if time.kind == "exponential":
            return -time.mean * math.log1p(-u)
        variance = math.log1p((time.sd / time.mean) ** 2)
        angle = 2 * math.pi * self.of("time2", stage, number, visit)
        normal = math.sqrt(-2 * math.log1p(-u)) * math.cos(angle)
        return math.exp(math.log(time.mean) - variance / 2 + math.sqrt(variance) * normal)


def in_simpy(plan, route, replication=0):
    """When each task is through, in minutes, by SimPy: a process per task, a Resource per stage.

    Args:
        plan: People and minutes.
        route: Gives the stage behind one, by the stage, the task, its visit and the luck.
        replication: Whose luck.
    """
    env, luck = simpy.Environment(), Luck(plan, replication)
    desks = {one.stage: simpy.Resource(env, one.people) for one in plan.staff}
    ends = {}

    def task(number):
        visits = dict.fromkeys(desks, 0)
        here = route(None, number, 0, luck)
        while here != "Complete":
            with desks[here].request() as asked:
                yield asked
                yield env.timeout(luck.minutes(here, number, visits[here]))
            visits[here] += 1
            here = route(here, number, visits[here] - 1, luck)
        ends[number] = env.now

    def uploaded():
        number = 0
        for hours, many in plan.arrivals.uploads:
            yield env.timeout(hours * 60 - env.now)
            for _ in range(many):
                env.process(task(number))
                number += 1

    def source():
        at_random = plan.arrivals.kind == "poisson"
        for number in count() if at_random else range(plan.arrivals.tasks):
            yield env.timeout(luck.gap(number) if at_random else 0)
            env.process(task(number))

    env.process(uploaded() if plan.arrivals.kind == "uploads" else source())
    env.run(until=plan.horizon_hours * 60)
    return ends


class Naive:
    """A replication by lists and closures: returns moves as `moves_of` does."""

    def __init__(self, chain, plan, replication=0):
        self.graph, self.plan, self.luck = chain.graph, plan, Luck(plan, replication)
        table = plan.arrivals.kind == "table"
        self.level = chain.level[chain.group].tolist() if table else None
        self.rates = {}
        for one, chance in zip(chain.graph.exits, chain.chances[0], strict=True):
            self.rates.setdefault(self.graph.stages[one.stage].id, []).append((one, chance))
        self.by_id = {stage.id: stage for stage in self.graph.stages}
        self.people = {
            one.stage: [f"{one.stage} {number}" for number in range(one.people)]
            for one in plan.staff
        }
        self.queue = {one: [] for one in self.people}
        self.opening = set()
        self.visits, self.had, self.pending = {}, {}, {}
        self.moves, self.events, self.turns, self.now = [], [], count(), 0.0

    def run(self):
        arrivals, horizon = self.plan.arrivals, self.plan.horizon_hours * 60
        comes, number = 0.0, 0
        uploaded = [60 * hours for hours, many in arrivals.uploads for _ in range(many)]
        for comes in uploaded:
            heapq.heappush(self.events, (comes, -1, next(self.turns), self.come, (number,)))
            number += 1
        many = len(self.level) if self.level is not None else arrivals.tasks
        while arrivals.kind != "uploads":
            if arrivals.kind == "poisson":
                comes += self.luck.gap(number)
            if comes > horizon or (arrivals.kind != "poisson" and number == many):
                break
            heapq.heappush(self.events, (comes, -1, next(self.turns), self.come, (number,)))
            number += 1
        while self.events and self.events[0][0] <= horizon:
            self.now, _, _, act, words = heapq.heappop(self.events)
            act(*words)
        return self.moves

    def at(self, time, act, *words):
        heapq.heappush(self.events, (time, 0, next(self.turns), act, words))

    def come(self, number):
        self.go(number, None, "Start")

    def minutes_open(self, stage, start):
        """Openings and closings from a time on, in minutes of the clock."""
        shifts = next(one.shifts for one in self.plan.staff if one.stage == stage)
        if shifts is None:
            yield start, math.inf
            return
        offset = self.plan.start_minute
        monday = (start + offset) // WEEK * WEEK - offset
        long = (shifts.closes - shifts.opens) % 1_440 or 1_440
        for week in count(-1):
            for day in shifts.days:
                opens = monday + week * WEEK + day * 1_440 + shifts.opens
                if opens + long > start:
                    yield max(opens, start), opens + long

    def open_now(self, stage):
        return next(self.minutes_open(stage, self.now))[0] == self.now

    def go(self, number, left, to):
        self.moves.append((self.now, number, left, to))
        stage, key = self.by_id[to], (number, to)
        self.visits[key] = self.visits.get(key, 0) + 1
        subs = [one.id for one in self.graph.stages if getattr(one, "consensus_id", 0) == to]
        if isinstance(stage, Complete):
            return
        if to in self.people:
            self.wait(number, to)
            return
        if subs:
            self.pending[key] = len(subs)
            for sub in subs:
                self.moves.append((self.now, number, to, sub))
                self.visits[number, sub] = self.visits.get((number, sub), 0) + 1
            for sub in subs:
                self.wait(number, sub)
            return
        self.leave(number, to)

    def leave(self, number, stage):
        exits = self.rates[stage]
        u, total = self.luck.of("exit", stage, number, self.visits[number, stage] - 1), 0.0
        for one, chance in exits:
            total += chance
            if u < total or len(exits) == 1:
                self.go(number, stage, self.graph.stages[one.target].id)
                return

    def wait(self, number, stage):
        free = self.people[stage]
        own = self.had.get((number, stage)) if self.plan.sticky else None
        if getattr(self.by_id[stage], "consensus_id", None):
            own = None
        ready = stage not in self.opening and self.open_now(stage)
        if ready and (own in free if own else free):
            self.start(number, stage, own or free[0])
            return
        self.queue[stage].append((number, own))
        if not ready:
            self.plan_opening(stage)

    def plan_opening(self, stage):
        if stage not in self.opening and self.by_id[stage] and self.count_people(stage):
            self.opening.add(stage)
            self.at(next(self.minutes_open(stage, self.now))[0], self.open, stage)

    def count_people(self, stage):
        return next(one.people for one in self.plan.staff if one.stage == stage)

    def open(self, stage):
        self.opening.remove(stage)
        for person in list(self.people[stage]):
            self.next_task(stage, person)

    def next_task(self, stage, person):
        first = self.level or {}
        by_turn = sorted(self.queue[stage], key=lambda one: first[one[0]] if first else 0)
        for one in by_turn:
            if one[1] in (None, person):
                self.queue[stage].remove(one)
                self.start(one[0], stage, person)
                return

    def start(self, number, stage, person):
        self.people[stage].remove(person)
        self.had[number, stage] = person
        left = self.luck.minutes(stage, number, self.visits[number, stage] - 1)
        for opens, closes in self.minutes_open(stage, self.now):
            if left <= closes - opens:
                self.at(opens + left, self.end, number, stage, person)
                return
            left -= closes - opens

    def end(self, number, stage, person):
        self.people[stage].append(person)
        if self.open_now(stage):
            self.next_task(stage, person)
        elif self.queue[stage]:
            self.plan_opening(stage)
        consensus = getattr(self.by_id[stage], "consensus_id", None)
        if consensus:
            self.pending[number, consensus] -= 1
            if self.pending[number, consensus]:
                return
            stage = consensus
        self.leave(number, stage)


__all__ = ["Shifts", "Staff"]
