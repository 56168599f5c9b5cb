"""One replication, compiled: flat arrays, a heap of events, and no object per task.

The state stands in a few tables of numbers whose columns are named below. Only what changes the
order of things is an event: a task that comes, a service that ends, a stage that opens while tasks
wait there. At equal times tasks that come are first, then events in the order they were planned.
Compiled code knows only of changes to its own file, so these 700 lines stay together.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled, inlined
from core.flow.queueing.draws import DROPPED, GAMMA, UNIT, VISIT

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

PASS, SERVED, FORK, END, STAYS = 0, 1, 2, 3, 4
"""Kinds of stages: at once, by people, a Consensus, the end, where tasks stay for good."""
FIXED, EXPONENTIAL, LOGNORMAL, HISTORY = 0, 1, 2, 3
"""Kinds of service times."""
K_EXIT, K_TIME, K_TIME_2 = 0, 1, 2
"""Columns of the keys of a stage."""
K_ARRIVAL, K_GROUP = 0, 1
"""Columns of the keys of the arrivals."""

WAITING, IDLE_HEAD, IDLE_TAIL, OPENING = 0, 1, 2, 3
"""Columns of a desk: how many wait in all, who is idle, whether an opening is planned."""
BUSY, AREA, AREA_AT, WAIT, WAITS = 0, 1, 2, 3, 4
"""What is summed at a desk: work and queue in the window, waits of tasks that count."""
DESK, SLOT, BEFORE, AFTER, IDLE = 0, 1, 2, 3, 4
"""Columns of a person: the task in hand, the neighbours among the idle, whether one is idle."""
NUMBER, GROUP, PENDING, MOVES = 0, 1, 2, 3
"""Columns of a task: sub-tasks that are not done, moves without time passing."""
CAME, MOVED = 0, 1
NEXT, ORDER, PERSON, AT = 0, 1, 2, 3
"""Columns of a task at a desk: who waits behind it, its turn, who had it (from 1), its stage."""
THROUGH, CYCLE, CYCLES, ENDED, ARRIVED, LEFT, TRAPPED, EVENTS, LOOPS = 0, 1, 2, 3, 4, 5, 6, 7, 8
"""Totals: ends in the window, sum and number of cycle times, when the last was settled, tasks that
came, that are through, that stay for good, events, and those that a loop without time kept."""
OPENS, CLOSES = 0, 1
COMING, FREE, PLANNED, TURN, JOINS, TICK = 0, 1, 2, 3, 4, 5
"""Marks: the number of the next task, how many rows and events there are, and so on."""
KEPT, SEEN, STRIDE = 0, 1, 2
"""Columns of a sample's counters."""

WEEK = 10_080.0
MOST_MOVES = 10_000
NEVER = 1e15
"""Minutes beyond every horizon."""


class Network(NamedTuple):
    """A workflow with its people, as arrays; S stages, D desks, E exits, P people, G groups.

    Args:
        kind: (S,) of the constants above.
        desk: (S,) position among the desks, -1 for none; stages may share one.
        stage: (D,) position among the stages of the first that has it.
        first_exit: (S + 1,) exits of stage s are those from first_exit[s].
        target: (E,) stage behind, -1 for none.
        chance: (G, E) sums of the chances of a stage's exits up to each.
        first_sub: (S + 1,) sub-stages of stage s stand in `sub` from first_sub[s].
        sub: Their positions.
        parent: (S,) the Consensus of a sub-stage, else -1.
        time_kind: (D,) how long a service takes.
        time: (D, 2) minutes: mean; of a lognormal mean and deviation of the logarithm.
        first_sample: (D + 1,) likewise in `sample`.
        sample: Minutes of past services, ascending at each desk.
        first_person: (D + 1,) people of each desk.
        sticky: (D,) 1 where a task that comes back waits for whoever had it.
        first_shift: (D + 1,) likewise in `shifts`; a desk without is always open.
        shifts: (shifts, 2) opening and closing in minutes of the week that begins at time 0.
        share: (G,) sums of the groups' shares.
        level: (G,) which of L priorities a group's tasks have; the people of a desk take those of 0
            first.
        part: (G,) which of K parts a group's tasks are of: cycle times are summed by them.
    """

    kind: Ints
    desk: Ints
    stage: Ints
    first_exit: Ints
    target: Ints
    chance: Floats
    first_sub: Ints
    sub: Ints
    parent: Ints
    time_kind: Ints
    time: Floats
    first_sample: Ints
    sample: Floats
    first_person: Ints
    sticky: Ints
    first_shift: Ints
    shifts: Floats
    share: Floats
    level: Ints
    part: Ints


@inlined
def uniform(number: int, visit: int, key: int) -> float:
    """The uniform of a task's visit under a key, in [0, 1) (docs/semantics.md, Forecasts)."""
    z = (np.uint64(number) * GAMMA + np.uint64(visit) * VISIT) ^ np.uint64(key)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return np.float64(z >> DROPPED) * UNIT


@inlined
def is_open(first_shift: Ints, shifts: Floats, desk: int, at: float) -> bool:
    """Whether people work at a desk at a time."""
    first, last = first_shift[desk], first_shift[desk + 1]
    if first == last:
        return True
    minute = at % WEEK
    for one in range(first, last):  # noqa: SIM110 - compiled without generators
        if shifts[one, OPENS] <= minute < shifts[one, CLOSES]:
            return True
    return False


@inlined
def worked(first_shift: Ints, shifts: Floats, desk: int, at: float, minutes: float) -> float:
    """When work of so many minutes is done that begins at a time, or at the next opening."""
    first, last = first_shift[desk], first_shift[desk + 1]
    if first == last or minutes > NEVER:
        return at + minutes
    a_week = 0.0
    for one in range(first, last):
        a_week += shifts[one, CLOSES] - shifts[one, OPENS]
    if minutes > 2 * a_week:
        weeks = math.floor(minutes / a_week) - 1
        at += weeks * WEEK
        minutes -= weeks * a_week
    minute = at % WEEK
    monday = at - minute
    while True:
        for one in range(first, last):
            if minute < shifts[one, CLOSES]:
                minute = max(minute, shifts[one, OPENS])
                room = shifts[one, CLOSES] - minute
                if minutes <= room:
                    return monday + minute + minutes
                minutes -= room
        monday += WEEK
        minute = 0.0


@compiled
def next_opening(first_shift: Ints, shifts: Floats, desk: int, at: float) -> float:
    """When a desk that is closed opens."""
    first, last = first_shift[desk], first_shift[desk + 1]
    minute = at % WEEK
    for one in range(first, last):
        if minute < shifts[one, OPENS]:
            return at - minute + shifts[one, OPENS]
    return at - minute + WEEK + shifts[first, OPENS]


@inlined
def open_minutes(first_shift: Ints, shifts: Floats, desk: int, start: float, end: float) -> float:
    """How long a desk is open between two times."""
    if end <= start:
        return 0.0
    first, last = first_shift[desk], first_shift[desk + 1]
    if first == last:
        return end - start
    total = 0.0
    for sign, at in ((1.0, end), (-1.0, start)):
        weeks = math.floor(at / WEEK)
        minute = at - weeks * WEEK
        for one in range(first, last):
            width = shifts[one, CLOSES] - shifts[one, OPENS]
            total += sign * (weeks * width + min(max(minute - shifts[one, OPENS], 0.0), width))
    return total


@inlined
def minutes_of(
    kind: int, mean: float, spread: float, u: float, number: int, visit: int, key: int
) -> float:
    """How long a service takes that is not one of the past.

    Args:
        kind: Of the constants above.
        mean: Minutes; of a lognormal mean of the logarithm.
        spread: Deviation of the logarithm.
        u: Its uniform.
        number: Of the task.
        visit: From 0.
        key: Of its second uniform.
    """
    if kind == FIXED:
        return mean
    if kind == EXPONENTIAL:
        return -mean * math.log1p(-u)
    angle = 2 * math.pi * uniform(number, visit, key)
    normal = math.sqrt(-2 * math.log1p(-u)) * math.cos(angle)
    return math.exp(mean + spread * normal)


@inlined
def behind(target: Ints, chance: Floats, group: int, first: int, last: int, u: float) -> int:
    """The stage behind the exit that a uniform chooses, of those from `first`; -1 for none."""
    if first == last or chance[group, last - 1] <= 0:
        return -1
    for one in range(first, last):
        if u < chance[group, one]:
            return target[one]
    while last - 1 > first and chance[group, last - 2] == chance[group, last - 1]:
        last -= 1  # sums that rounding left below 1: the last exit with a chance
    return target[last - 1]


@inlined
def keep(sample: Floats, counters: Ints, row: int, value: float) -> None:
    """Add a value to a sample of every 2^k-th, with the least k that it has room for."""
    if counters[row, SEEN] & (counters[row, STRIDE] - 1) == 0:
        room = sample.shape[1]
        if counters[row, KEPT] == room:
            for one in range(room // 2):
                sample[row, one] = sample[row, 2 * one]
            counters[row, KEPT] = room // 2
            counters[row, STRIDE] *= 2
        if counters[row, SEEN] & (counters[row, STRIDE] - 1) == 0:
            sample[row, counters[row, KEPT]] = value
            counters[row, KEPT] += 1
    counters[row, SEEN] += 1


@inlined
def push(times: Floats, events: Ints, size: int, at: float, turn: int, who: int) -> None:
    """Add an event to a heap of `size`."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if times[above] < at or (times[above] == at and events[above, 0] < turn):
            break
        times[place] = times[above]
        events[place, 0] = events[above, 0]
        events[place, 1] = events[above, 1]
        place = above
    times[place] = at
    events[place, 0] = turn
    events[place, 1] = who


@inlined
def pop(times: Floats, events: Ints, size: int) -> None:
    """Take the first event off a heap of `size`."""
    size -= 1
    at, turn, who = times[size], events[size, 0], events[size, 1]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (
            times[other] < times[below]
            or (times[other] == times[below] and events[other, 0] < events[below, 0])
        ):
            below = other
        if at < times[below] or (at == times[below] and turn < events[below, 0]):
            break
        times[place] = times[below]
        events[place, 0] = events[below, 0]
        events[place, 1] = events[below, 1]
        place = below
    times[place] = at
    events[place, 0] = turn
    events[place, 1] = who


@inlined
def queue_up(queues: Ints, row: int, head: int, waiting: Ints, desk: int, slot: int) -> None:
    """Put a task at the end of a queue, whose tail is the column behind its head."""
    waiting[slot, desk, NEXT] = -1
    if queues[row, head] < 0:
        queues[row, head] = slot
    else:
        waiting[queues[row, head + 1], desk, NEXT] = slot
    queues[row, head + 1] = slot


@inlined
def take_next(lines: Ints, own_lines: Ints, waiting: Ints, desk: int, person: int) -> int:
    """The task that a person takes: of the first priority there who waits longest; or -1."""
    for head in range(0, lines.shape[1], 2):
        common, own = lines[desk, head], own_lines[person, head]
        if own >= 0 and (common < 0 or waiting[own, desk, ORDER] < waiting[common, desk, ORDER]):
            own_lines[person, head] = waiting[own, desk, NEXT]
            return own
        if common >= 0:
            lines[desk, head] = waiting[common, desk, NEXT]
            return common
    return -1


@inlined
def rest(desks: Ints, people: Ints, desk: int, person: int) -> None:
    """A person has nothing to do, and stands behind those who rest longer."""
    last = desks[desk, IDLE_TAIL]
    people[person, BEFORE] = last
    people[person, AFTER] = -1
    if last < 0:
        desks[desk, IDLE_HEAD] = person
    else:
        people[last, AFTER] = person
    desks[desk, IDLE_TAIL] = person
    people[person, IDLE] = 1


@inlined
def rise(desks: Ints, people: Ints, desk: int, person: int) -> None:
    """A person rests no longer."""
    before, after = people[person, BEFORE], people[person, AFTER]
    if before < 0:
        desks[desk, IDLE_HEAD] = after
    else:
        people[before, AFTER] = after
    if after < 0:
        desks[desk, IDLE_TAIL] = before
    else:
        people[after, BEFORE] = before
    people[person, IDLE] = 0


@inlined
def count_queue(desks: Ints, sums: Floats, desk: int, at: float, since: float, more: int) -> None:
    """One more or less waits at a desk; the area below the number of those is kept."""
    start = max(sums[desk, AREA_AT], since)
    if at > start:
        sums[desk, AREA] += desks[desk, WAITING] * (at - start)
    sums[desk, AREA_AT] = at
    desks[desk, WAITING] += more


@inlined
def note_move(trace: Floats, many: int, at: float, number: int, left: int, to: int) -> int:
    """Write a move down where there is room; gives how many are written."""
    if many < len(trace):
        trace[many, 0] = at
        trace[many, 1] = number
        trace[many, 2] = left
        trace[many, 3] = to
        many += 1
    return many


class Orders(NamedTuple):
    """What one replication is asked.

    Args:
        start: Position of the stage where tasks come in.
        coming: How many tasks come; of Poisson arrivals any number above what can come.
        gap: Mean minutes between two; 0 for all at once.
        horizon: Minutes at which it ends.
        warm_up: Minutes from which it is measured.
        most_events: Where it gives up.
        given_times: (coming,) minutes at which tasks come, ascending; empty where chance says.
    """

    start: int
    coming: int
    gap: float
    horizon: float
    warm_up: float
    most_events: int
    given_times: Floats


class State(NamedTuple):
    """How a replication stands; T rows of tasks, which are used anew when a task is through.

    Args:
        desks: (D, 4) of the constants above.
        people: (P, 5) likewise.
        lines: (D, 2 L) first and last of those who wait at a desk for anybody, by priority.
        own_lines: (P, 2 L) likewise of those who wait for a person.
        tasks: (T, 4) likewise.
        clock: (T, 2) when it came, when it moved last.
        visits: (T, S) how often it has been in each stage.
        waiting: (T, D, 4) of the constants above.
        joined: (T, D) since when it waits at a desk, or is served there.
        free: (T,) rows of tasks that are free.
        heap: (P + D + 1,) times of events.
        events: (P + D + 1, 2) their turn, and the person who is done, or P and the desk that opens.
        begun: (P + 1,) room for people who begin something at one time.
        joining: (S,) room for stages that a task comes to at one time.
        now: (S + 1,) tasks in each stage, and in all.
        marks: (6,) of the constants above.
        comes_at: (1,) when the next task comes.
    """

    desks: Ints
    people: Ints
    lines: Ints
    own_lines: Ints
    tasks: Ints
    clock: Floats
    visits: Ints
    waiting: Ints
    joined: Floats
    free: Ints
    heap: Floats
    events: Ints
    begun: Ints
    joining: Ints
    now: Ints
    marks: Ints
    comes_at: Floats


class Measures(NamedTuple):
    """What replications write into; all but the samples begin empty for each.

    Args:
        sums: (D, 5) of the constants above.
        done: (S,) how often each stage was done in the window.
        totals: (9,) of the constants above.
        sample: (D + 1, room) waits at each desk and cycle times, minutes; goes on with the next.
        counters: (D + 1, 3) of the sample.
        grid: Times at which tasks in each stage are counted.
        inside: (grid, S + 1) these counts, all tasks last.
        trace: (room, 4) first moves: minutes, task, stage or -1, stage.
        moves: (2,) how many moves and services are written down.
        services: (room, 5) first services that ended: task, stage, person, begin, end in minutes.
        cycles: (K, 2) sum and number of the cycle times of each part.
    """

    sums: Floats
    done: Ints
    totals: Floats
    sample: Floats
    counters: Ints
    grid: Floats
    inside: Ints
    trace: Floats
    moves: Ints
    services: Floats
    cycles: Floats


@compiled
def simulate(
    net: tuple[Any, ...],
    orders: tuple[Any, ...],
    keys: Keys,
    coming: Keys,
    given: Ints,
    state: tuple[Any, ...],
    measures: tuple[Any, ...],
) -> bool:
    """Run a replication; gives whether it is over, or waits for room for more tasks.

    What it is given are the values below as plain tuples: what is kept of compiled code names the
    types of its arguments, and a class that a later version calls otherwise could not be read.

    Args:
        net: The workflow with its people.
        orders: What is asked.
        keys: (S, 3) of the stages.
        coming: (2,) of the arrivals.
        given: Group of each task, or nothing where groups are drawn by their shares.
        state: How it stands, and goes on from.
        measures: Written into.
    """
    (kind, desk_of, stage, first_exit, target, chance, first_sub, sub_stages, parent, time_kind,
     time, first_sample, past, first_person, sticky, first_shift, shifts, share,
     level, part) = net  # fmt: skip
    start, many_coming, gap, horizon, warm_up, most_events, given_times = orders
    (desks, people, lines, own_lines, tasks, clock, visits, waiting, joined, free, heap, events,
     begun, joining, now, marks, next_at) = state  # fmt: skip
    sums, done, totals, sample, counters, grid, inside, trace, moves, services, cycles = measures
    stages, many_desks, persons = len(kind), len(stage), len(people)
    number, many_free, planned = marks[COMING], marks[FREE], marks[PLANNED]
    turn, order, tick, comes_at = marks[TURN], marks[JOINS], marks[TICK], next_at[0]
    if number == 0 and many_coming > 0:
        comes_at = -gap * math.log1p(-uniform(0, 0, coming[K_ARRIVAL]))
        if len(given_times) > 0:
            comes_at = given_times[0]
    while True:
        at = min(comes_at, heap[0]) if planned > 0 else comes_at
        if at > horizon or totals[EVENTS] >= most_events:
            break
        if comes_at <= at and many_free == 0:
            marks[COMING], marks[FREE], marks[PLANNED] = number, many_free, planned
            marks[TURN], marks[JOINS], marks[TICK], next_at[0] = turn, order, tick, comes_at
            return False
        totals[EVENTS] += 1
        while tick < len(grid) and grid[tick] < at:
            for one in range(stages + 1):
                inside[tick, one] = now[one]
            tick += 1
        many_begun, many_joining, slot, left, to = 0, 0, -1, -1, -1
        if comes_at <= at:
            many_free -= 1
            slot, to = free[many_free], start
            tasks[slot, NUMBER] = number
            if len(given) > 0:
                tasks[slot, GROUP] = given[number]
            else:
                u, group = uniform(number, 0, coming[K_GROUP]), 0
                while group < len(share) - 1 and u >= share[group]:
                    group += 1
                tasks[slot, GROUP] = group
            tasks[slot, MOVES] = 0
            clock[slot, CAME] = at
            clock[slot, MOVED] = at
            for one in range(stages):
                visits[slot, one] = 0
            for one in range(many_desks):
                waiting[slot, one, PERSON] = 0
            totals[ARRIVED] += 1
            now[stages] += 1
            number += 1
            comes_at = math.inf
            if number < many_coming:
                comes_at = at - gap * math.log1p(-uniform(number, 0, coming[K_ARRIVAL]))
                if len(given_times) > 0:
                    comes_at = given_times[number]
        else:
            who = events[0, 1]
            pop(heap, events, planned)
            planned -= 1
            if who >= persons:
                desk = who - persons
                desks[desk, OPENING] = 0
                person = desks[desk, IDLE_HEAD]
                while person >= 0:
                    after = people[person, AFTER]
                    taken = take_next(lines, own_lines, waiting, desk, person)
                    if taken >= 0:
                        rise(desks, people, desk, person)
                        people[person, SLOT] = taken
                        begun[many_begun] = person
                        many_begun += 1
                    person = after
            else:
                desk, slot = people[who, DESK], people[who, SLOT]
                taken = -1
                if is_open(first_shift, shifts, desk, at):
                    taken = take_next(lines, own_lines, waiting, desk, who)
                elif desks[desk, WAITING] > 0 and desks[desk, OPENING] == 0:
                    desks[desk, OPENING] = 1
                    turn += 1
                    opens_at = next_opening(first_shift, shifts, desk, at)
                    push(heap, events, planned, opens_at, turn, persons + desk)
                    planned += 1
                if taken >= 0:
                    people[who, SLOT] = taken
                    begun[many_begun] = who
                    many_begun += 1
                else:
                    rest(desks, people, desk, who)
                left = waiting[slot, desk, AT]
                if moves[1] < len(services):
                    services[moves[1], 0] = tasks[slot, NUMBER]
                    services[moves[1], 1] = left
                    services[moves[1], 2] = who
                    services[moves[1], 3] = joined[slot, desk]
                    services[moves[1], 4] = at
                    moves[1] += 1
                now[left] -= 1
                if at >= warm_up:
                    done[left] += 1
                if parent[left] >= 0:
                    tasks[slot, PENDING] -= 1
                    if tasks[slot, PENDING] > 0:
                        slot = -1
                    else:
                        left = parent[left]
                        now[left] -= 1
                        if at >= warm_up:
                            done[left] += 1
        while slot >= 0:
            endless = False
            if left >= 0:
                first, last, u = first_exit[left], first_exit[left + 1], 0.0
                if last - first > 1:
                    u = uniform(tasks[slot, NUMBER], visits[slot, left] - 1, keys[left, K_EXIT])
                to = behind(target, chance, tasks[slot, GROUP], first, last, u)
            if to >= 0:
                moves[0] = note_move(trace, moves[0], at, tasks[slot, NUMBER], left, to)
                visits[slot, to] += 1
                tasks[slot, MOVES] = tasks[slot, MOVES] + 1 if clock[slot, MOVED] == at else 0
                clock[slot, MOVED] = at
                endless = tasks[slot, MOVES] > MOST_MOVES
                totals[LOOPS] += endless
            if to < 0 or endless or kind[to] == STAYS:
                now[left if to < 0 else to] += 1
                totals[TRAPPED] += 1
                totals[ENDED] = at
                free[many_free] = slot
                many_free += 1
                break
            if kind[to] == END:
                totals[LEFT] += 1
                totals[ENDED] = at
                totals[THROUGH] += at >= warm_up
                if clock[slot, CAME] >= warm_up:
                    totals[CYCLE] += at - clock[slot, CAME]
                    totals[CYCLES] += 1
                    cycles[part[tasks[slot, GROUP]], 0] += at - clock[slot, CAME]
                    cycles[part[tasks[slot, GROUP]], 1] += 1
                    keep(sample, counters, many_desks, at - clock[slot, CAME])
                now[stages] -= 1
                free[many_free] = slot
                many_free += 1
                break
            if kind[to] == SERVED:
                joining[0] = to
                many_joining = 1
                break
            for one in range(first_sub[to], first_sub[to + 1]):
                sub = sub_stages[one]
                moves[0] = note_move(trace, moves[0], at, tasks[slot, NUMBER], to, sub)
                visits[slot, sub] += 1
                if kind[sub] == SERVED:
                    joining[many_joining] = sub
                    many_joining += 1
                elif at >= warm_up:
                    done[sub] += 1
            if many_joining > 0:
                tasks[slot, PENDING] = many_joining
                now[to] += 1
                break
            if at >= warm_up:
                done[to] += 1
            left = to
        for one in range(many_joining):
            now[joining[one]] += 1
            desk = desk_of[joining[one]]
            joined[slot, desk] = at
            order += 1
            waiting[slot, desk, ORDER] = order
            waiting[slot, desk, AT] = joining[one]
            count_queue(desks, sums, desk, at, warm_up, 1)
            own = waiting[slot, desk, PERSON] - 1 if sticky[desk] else -1
            ready = desks[desk, OPENING] == 0 and is_open(first_shift, shifts, desk, at)
            person = -1
            if ready:
                person = (
                    desks[desk, IDLE_HEAD] if own < 0 else own if people[own, IDLE] == 1 else -1
                )
            if person >= 0:
                rise(desks, people, desk, person)
                people[person, SLOT] = slot
                begun[many_begun] = person
                many_begun += 1
                continue
            head = 2 * level[tasks[slot, GROUP]]
            if own >= 0:
                queue_up(own_lines, own, head, waiting, desk, slot)
            else:
                queue_up(lines, desk, head, waiting, desk, slot)
            staffed = first_person[desk + 1] > first_person[desk]
            if staffed and not ready and desks[desk, OPENING] == 0:
                desks[desk, OPENING] = 1
                turn += 1
                push(
                    heap,
                    events,
                    planned,
                    next_opening(first_shift, shifts, desk, at),
                    turn,
                    persons + desk,
                )
                planned += 1
        for one in range(many_begun):
            person = begun[one]
            desk, slot = people[person, DESK], people[person, SLOT]
            count_queue(desks, sums, desk, at, warm_up, -1)
            if clock[slot, CAME] >= warm_up:
                sums[desk, WAIT] += at - joined[slot, desk]
                sums[desk, WAITS] += 1
                keep(sample, counters, desk, at - joined[slot, desk])
            waiting[slot, desk, PERSON] = person + 1
            joined[slot, desk] = at
            row = waiting[slot, desk, AT]
            visit = visits[slot, row] - 1
            u = uniform(tasks[slot, NUMBER], visit, keys[row, K_TIME])
            if time_kind[desk] == HISTORY:
                past_at = first_sample[desk]
                minutes = past[past_at + int(u * (first_sample[desk + 1] - past_at))]
            else:
                minutes = minutes_of(
                    time_kind[desk],
                    time[desk, 0],
                    time[desk, 1],
                    u,
                    tasks[slot, NUMBER],
                    visit,
                    keys[row, K_TIME_2],
                )
            ends_at = worked(first_shift, shifts, desk, at, minutes)
            since, until = max(at, warm_up), min(ends_at, horizon)
            sums[desk, BUSY] += open_minutes(first_shift, shifts, desk, since, until)
            turn += 1
            push(heap, events, planned, ends_at, turn, person)
            planned += 1
    settled = totals[LEFT] + totals[TRAPPED] == many_coming
    for desk in range(many_desks):
        count_queue(desks, sums, desk, totals[ENDED] if settled else horizon,
                    warm_up, 0)  # fmt: skip
    while tick < len(grid):
        for one in range(stages + 1):
            inside[tick, one] = now[one]
        tick += 1
    return True
