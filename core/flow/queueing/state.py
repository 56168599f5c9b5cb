"""The tables of one replication, as they are at its beginning, and with room for more tasks."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.flow.queueing.kernel import (
    AFTER,
    BEFORE,
    DESK,
    FREE,
    IDLE,
    IDLE_HEAD,
    IDLE_TAIL,
    OPENING,
    STRIDE,
    WAITING,
    Ints,
    Keys,
    Measures,
    Network,
    Orders,
    State,
    simulate,
)

_N = TypeVar("_N", np.int64, np.float64)

FIRST_ROOM = 1_024
SAMPLE_ROOM = 2**19
"""Values of one kind that are kept for percentiles; of more every second, or fourth …"""


def new_state(net: Network, coming: int) -> State:
    """A workflow without tasks, everybody at rest in the order of their numbers."""
    stages, desks, persons = len(net.kind), len(net.stage), int(net.first_person[-1])
    room = max(1, min(FIRST_ROOM, coming))
    levels = int(net.level.max(initial=0)) + 1
    desk_rows = np.full((desks, 4), -1, np.int64)
    desk_rows[:, [WAITING, OPENING]] = 0
    people = np.full((persons, 5), -1, np.int64)
    many = np.diff(net.first_person)
    first, last = net.first_person[:-1][many > 0], net.first_person[1:][many > 0] - 1
    people[:, DESK] = np.repeat(np.arange(desks), many)
    people[:, BEFORE] = np.arange(persons) - 1
    people[:, AFTER] = np.arange(persons) + 1
    people[first, BEFORE] = -1
    people[last, AFTER] = -1
    people[:, IDLE] = 1
    desk_rows[many > 0, IDLE_HEAD] = first
    desk_rows[many > 0, IDLE_TAIL] = last
    marks = np.zeros(6, np.int64)
    marks[FREE] = room
    return State(
        desks=desk_rows,
        people=people,
        lines=np.full((desks, 2 * levels), -1, np.int64),
        own_lines=np.full((persons, 2 * levels), -1, np.int64),
        tasks=np.zeros((room, 4), np.int64),
        clock=np.zeros((room, 2)),
        visits=np.zeros((room, stages), np.int64),
        waiting=np.zeros((room, desks, 4), np.int64),
        joined=np.zeros((room, desks)),
        free=np.arange(room)[::-1].astype(np.int64),
        heap=np.zeros(persons + desks + 1),
        events=np.zeros((persons + desks + 1, 2), np.int64),
        begun=np.zeros(persons + 1, np.int64),
        joining=np.zeros(stages, np.int64),
        now=np.zeros(stages + 1, np.int64),
        marks=marks,
        comes_at=np.full(1, np.inf),
    )


def with_more_room(state: State) -> State:
    """The same state, all its rows of tasks in use, with as many free ones again."""
    room = len(state.tasks)
    state.marks[FREE] = room
    return state._replace(
        tasks=_doubled(state.tasks),
        clock=_doubled(state.clock),
        visits=_doubled(state.visits),
        waiting=_doubled(state.waiting),
        joined=_doubled(state.joined),
        free=np.concatenate((np.arange(room, 2 * room)[::-1], np.zeros(room, np.int64))),
    )


def _doubled(rows: NDArray[_N]) -> NDArray[_N]:
    return np.concatenate((rows, np.zeros_like(rows)))


def new_measures(
    stages: int,
    desks: int,
    grid: NDArray[np.float64],
    moves: int,
    services: int = 0,
    parts: int = 1,
) -> Measures:
    """Nothing is measured yet.

    Args:
        stages: How many there are.
        desks: How many of them have people.
        grid: Minutes at which tasks are counted.
        moves: How many moves may be written down.
        services: How many services may be.
        parts: How many cycle times are told apart by.
    """
    counters = np.zeros((desks + 1, 3), np.int64)
    counters[:, STRIDE] = 1
    sample = np.empty((desks + 1, SAMPLE_ROOM))  # memory is taken where it is written
    whole, real = np.zeros(0, np.int64), np.zeros(0)
    cycles = np.zeros((parts, 2))
    measures = Measures(real, whole, real, sample, counters, grid, whole, real, whole, real, cycles)
    return measures_anew(measures, stages, moves, services)


def measures_anew(measures: Measures, stages: int, moves: int, services: int = 0) -> Measures:
    """What the next replication writes into; the samples go on."""
    return measures._replace(
        sums=np.zeros((len(measures.counters) - 1, 5)),
        done=np.zeros(stages, np.int64),
        totals=np.zeros(9),
        inside=np.zeros((len(measures.grid), stages + 1), np.int64),
        trace=np.zeros((moves, 4)),
        moves=np.zeros(2, np.int64),
        services=np.zeros((services, 5)),
        cycles=np.zeros_like(measures.cycles),
    )


def run(
    net: Network,
    orders: Orders,
    draws: tuple[Keys, Keys],
    given: Ints,
    measures: Measures,
    most_cells: int,
) -> bool:
    """Run a replication; gives whether its tasks found room.

    Args:
        net: The workflow with its people.
        orders: What is asked.
        draws: Keys of the stages and of the arrivals.
        given: Group of each task, or nothing where groups are drawn by their shares.
        measures: Written into.
        most_cells: Numbers that tasks on their way may take.

    Raises:
        ValueError: There is no room for what is measured of each part; compiled code would not
            notice.
    """
    if len(measures.cycles) <= net.part.max(initial=0):
        raise ValueError("the measures are of fewer parts than the network has")
    state = new_state(net, orders.coming)
    world = (tuple(net), tuple(orders), *draws, given)
    while not simulate(*world, tuple(state), tuple(measures)):
        if 2 * (state.tasks.size + state.waiting.size + state.visits.size) > most_cells:
            return False
        state = with_more_room(state)
    return True
