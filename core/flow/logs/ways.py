"""Which activity follows which in an event log: by the last one, or the last two where enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.flow.logs.event_log import EventLog
from core.flow.plan import plan_problem
from core.model.diagnostics import RuleDiagnostic

START, END = -1, -2
"""Stand for what is before the first activity, and behind the last one."""
ENOUGH = 20
"""Steps from which on what follows two activities is counted by itself."""
MOST_STATES = 400

State = tuple[int, int]
"""The activity before (START where it does not matter) and the activity."""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """How cases go on.

    Args:
        states: What is remembered of a case: its activity, or its last two.
        steps: By state, and for START: how often each activity followed; END where the case ended.
        problems: What was assumed.
    """

    states: tuple[State, ...]
    steps: Mapping[State, Mapping[int, int]]
    problems: tuple[RuleDiagnostic, ...]

    def behind(self, state: State, activity: int) -> State:
        """The state that a case is in once an activity follows."""
        two = (state[1], activity)
        return two if two in self.steps and two != START_STATE else (START, activity)

    def chances(self, state: State) -> dict[int, float]:
        """How often each activity follows, END among them; 1 in sum."""
        steps = self.steps[state]
        whole = sum(steps.values())
        return {activity: many / whole for activity, many in steps.items()}


START_STATE: State = (START, START)


def ways_of(log: EventLog, seen: NDArray[np.bool_], over: NDArray[np.bool_]) -> Ways:
    """Count what followed what.

    Args:
        log: The events.
        seen: Events that are known.
        over: Cases that are known to have ended.
    """
    rows, size = log.rows, len(log.activities)
    first = np.zeros(len(rows), np.bool_)
    first[log.offsets[:-1]] = True
    last = np.zeros(len(rows), np.bool_)
    last[log.offsets[1:] - 1] = True
    before = np.where(first, START, np.roll(log.activity, 1))
    behind = np.where(last, END, np.roll(log.activity, -1))
    known = seen & np.where(last, over[rows], np.roll(seen, -1))
    by_one: dict[State, dict[int, int]] = {START_STATE: {}}
    by_two: dict[State, dict[int, int]] = {}
    for code, many in zip(*np.unique(log.activity[first & seen], return_counts=True), strict=True):
        by_one[START_STATE][int(code)] = int(many)
    triples = np.column_stack((before, log.activity, behind))[known]
    for (one, two, three), many in zip(
        *np.unique(triples, axis=0, return_counts=True), strict=True
    ):
        for table, state in ((by_one, (START, int(two))), (by_two, (int(one), int(two)))):
            steps = table.setdefault(state, {})
            steps[int(three)] = steps.get(int(three), 0) + int(many)
    enough = {
        state: steps
        for state, steps in by_two.items()
        if state[0] >= 0 and sum(steps.values()) >= ENOUGH
    }
    if size + len(enough) > MOST_STATES:
        enough = {}
    return _ended({**by_one, **enough})


def _ended(steps: dict[State, dict[int, int]]) -> Ways:
    """All states with a way to the end: where none was seen, one is assumed."""
    states = {state for state in steps if state != START_STATE}
    states |= {(START, a) for table in steps.values() for a in table if a >= 0}
    for state in states:
        steps.setdefault(state, {END: 1})
    ways = Ways(tuple(sorted(states)), steps, ())
    ending = {state for state in states if END in steps[state]}
    while True:
        more = {
            state
            for state in states - ending
            if any(ways.behind(state, one) in ending for one in steps[state] if one >= 0)
        }
        if not more:
            break
        ending |= more
    stuck = states - ending
    for state in stuck:
        steps[state][END] = 1
    message = "Of some activities no end of a case was seen: one more is assumed to end there."
    problems = (plan_problem("ways.no_end", "note", "", message),) if stuck else ()
    return Ways(ways.states, steps, problems)
