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
    Network,
    State,
    Told,
)

_N = TypeVar("_N", np.int64, np.float64)

FIRST_ROOM = 1_024
SAMPLE_ROOM = 2**19
"""Values of one kind that are kept for percentiles; of more every second, or fourth …"""


def new_state(net: Network, coming: int) -> State:
    """A workflow without tasks, everybody at rest in the order of their numbers."""
    stages, desks, persons = len(net.kind), len(net.stage), int(net.first_person[-1])
    room = max(1, min(FIRST_ROOM, coming))
    desk_rows = np.full((desks, 6), -1, np.int64)
    desk_rows[:, [WAITING, OPENING]] = 0
    people = np.full((persons, 7), -1, np.int64)
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
        tasks=np.zeros((room, 4), np.int64),
        clock=np.zeros((room, 2)),
        visits=np.zeros((room, stages), np.int64),
        waiting=np.zeros((room, desks, 3), np.int64),
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


def new_told(stages: int, desks: int, grid: NDArray[np.float64], moves: int) -> Told:
    """Nothing told yet.

    Args:
        stages: How many there are.
        desks: How many of them have people.
        grid: Minutes at which tasks are counted.
        moves: How many moves may be written down.
    """
    counters = np.zeros((desks + 1, 3), np.int64)
    counters[:, STRIDE] = 1
    sample = np.empty((desks + 1, SAMPLE_ROOM))  # memory is taken where it is written
    whole, real = np.zeros(0, np.int64), np.zeros(0)
    told = Told(real, whole, real, sample, counters, grid, whole, real, whole)
    return told_anew(told, stages, moves)


def told_anew(told: Told, stages: int, moves: int) -> Told:
    """What the next replication writes into; the samples go on."""
    return told._replace(
        sums=np.zeros((len(told.counters) - 1, 5)),
        done=np.zeros(stages, np.int64),
        totals=np.zeros(9),
        inside=np.zeros((len(told.grid), stages + 1), np.int64),
        trace=np.zeros((moves, 4)),
        moves=np.zeros(1, np.int64),
    )
