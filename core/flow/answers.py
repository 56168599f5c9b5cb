"""Answers of many forecasts: how many people are needed, and what the outcome depends on.

All forecasts share their luck (docs/semantics.md, Forecasts), so their differences are of the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from core.errors import InputError
from core.flow.chain import Chain
from core.flow.plan import Staff, WorkPlan
from core.flow.queueing.forecast import Forecast, forecast
from core.model.figures import counted, percent, whole_number
from core.model.reached import Reached, silent
from core.tasks.table import Floats

MOST_PEOPLE = 1_024
"""Tried at one stage."""
CHANGE = 0.2
"""Part by which minutes are varied."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One number of people.

    Args:
        people: At the stage.
        share: Part of the replications in which all tasks were through in time, from 0 to 1.
        finish: Median of the hours until all were through, None beyond the horizon.
    """

    people: int
    share: float
    finish: float | None


@dataclass(frozen=True, slots=True)
class PeopleNeeded:
    """How many people a stage needs.

    Args:
        stage: Its id.
        people: The fewest; None where no number up to `MOST_PEOPLE` is enough.
        hours: Within which all tasks shall be through.
        certainty: In which part of the replications, from 0 to 1.
        tried: What was tried, by people.
        limit: Id of the bottleneck with the most people that were tried, where `people` is None.
    """

    stage: str
    people: int | None
    hours: float
    certainty: float
    tried: tuple[Tried, ...]
    limit: str | None = None


def people_needed(
    chain: Chain,
    plan: WorkPlan,
    times: Mapping[str, Floats],
    stage: str,
    hours: float,
    certainty: float = 0.9,
    progress: Reached = silent,
) -> PeopleNeeded:
    """The fewest people of a stage with whom all tasks are through within some hours.

    Args:
        chain: The workflow.
        plan: Who works elsewhere; tasks are of a finite number.
        times: As of `forecast`.
        stage: Id or name of the stage.
        hours: On the clock, from the start.
        certainty: Part of the replications in which it must hold, above 0 and at most 1.
        progress: Told before each forecast; what it raises ends the work.

    Raises:
        InputError: Tasks come for ever, no such stage has people, or a number makes no sense.
    """
    if plan.arrivals.kind == "poisson":
        message = "tasks come for ever, so there is no hour at which all are through."
        raise InputError(plan.source, message, "Let them come at once.", "arrivals")
    if hours <= 0 or not 0 < certainty <= 1:
        message = "hours are above 0, a certainty is above 0 and at most 1."
        raise InputError("people needed", message)
    place = chain.graph.find(stage)
    own = [staff for staff in plan.staff if place is not None and _is_of(chain, staff, place)]
    if place is None or not own:
        message = f"“{stage}” is no stage with people in it."
        raise InputError(plan.source, message, "Choose one of the plan's.", "stages")
    within = replace(plan, horizon_hours=max(plan.horizon_hours, hours), precision=None)
    tried: dict[int, Tried] = {}
    results: dict[int, Forecast] = {}

    def enough(people: int) -> bool:
        if people not in tried:
            progress(len(tried), 2 * MOST_PEOPLE.bit_length())
            result = forecast(chain, _with_people(within, own[0], people), times)
            finished = result.finished
            share = sum(end <= hours for end in finished) / len(finished)
            results[people] = result
            tried[people] = Tried(people, share, result.finish[1])
        return tried[people].share >= certainty

    high = 1
    while not enough(high) and high < MOST_PEOPLE:
        high *= 2
    fewest = None
    if enough(high):
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        fewest = high
    limit = None if fewest is not None else results[max(results)].bottleneck
    rows = tuple(tried[people] for people in sorted(tried))
    return PeopleNeeded(chain.graph.stages[place].id, fewest, hours, certainty, rows, limit)


def _is_of(chain: Chain, staff: Staff, place: int) -> bool:
    return chain.graph.find(staff.stage) == place


def _with_people(plan: WorkPlan, staff: Staff, people: int) -> WorkPlan:
    changed = tuple(replace(one, people=people) if one is staff else one for one in plan.staff)
    return replace(plan, staff=changed)


def needed_words(result: PeopleNeeded, name_of: Callable[[str], str]) -> str:
    """The answer as a sentence."""
    hours, cases = whole_number(result.hours), percent(result.certainty)
    asked = f"within {hours} hours in {cases} of the cases"
    where = name_of(result.stage)
    if result.people is not None:
        noun = "person" if result.people == 1 else "people"
        return f"{counted(result.people)} {noun} at {where} have all tasks through {asked}."
    most = counted(result.tried[-1].people)
    why = f" {name_of(result.limit)} is the bottleneck then." if result.limit else ""
    return f"No number of people at {where} up to {most} has all tasks through {asked}.{why}"


@dataclass(frozen=True, slots=True)
class Influence:
    """What one change of the plan does.

    Args:
        stage: Id of the stage.
        what: `people` one fewer and one more, `minutes` a fifth shorter and longer.
        low: The outcome with the first.
        high: The outcome with the second.
    """

    stage: str
    what: str
    low: float
    high: float

    @property
    def span(self) -> float:
        """How far the outcomes are apart."""
        return abs(self.high - self.low)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What the outcome depends on.

    Args:
        outcome: `finish` (median hours until all are through) or `cycle` (mean hours of a task).
        now: By the plan as it is, in hours.
        bars: One per change, the widest first.
    """

    outcome: str
    now: float
    bars: tuple[Influence, ...]


def sensitivity(
    chain: Chain, plan: WorkPlan, times: Mapping[str, Floats], progress: Reached = silent
) -> Sensitivity | None:
    """Vary people and minutes, one stage at a time; None where the outcome is not known.

    The outcome is the median of when all tasks are through, where these are of a finite number,
    else the mean cycle time. A change after which it is not known is left out.
    """
    outcome = "cycle" if plan.arrivals.kind == "poisson" else "finish"

    def asked(changed: _Variant) -> float | None:
        result = forecast(chain, changed.plan, changed.times)
        return result.finish[1] if outcome == "finish" else result.cycle.mean

    now = asked(_Variant(plan, times))
    if now is None:
        return None
    bars, changes = [], list(_changes(chain, plan, times))
    for number, (place, what, less, more) in enumerate(changes):
        progress(number, len(changes))
        low, high = asked(less), asked(more)
        if low is not None and high is not None:
            bars.append(Influence(chain.graph.stages[place].id, what, low, high))
    return Sensitivity(outcome, now, tuple(sorted(bars, key=lambda bar: -bar.span)))


class _Variant(NamedTuple):
    plan: WorkPlan
    times: Mapping[str, Floats]


def _changes(
    chain: Chain, plan: WorkPlan, times: Mapping[str, Floats]
) -> Iterator[tuple[int, str, _Variant, _Variant]]:
    """Place of a stage, what is changed, and the plan with less of it and with more."""
    for staff in plan.staff:
        place = chain.graph.find(staff.stage)
        if place is None:
            continue
        if staff.people > 1:
            fewer, more = (_with_people(plan, staff, staff.people + by) for by in (-1, 1))
            yield place, "people", _Variant(fewer, times), _Variant(more, times)
        if staff.minutes is not None:
            faster, slower = (
                _slower(plan, times, staff, chain.graph.stages[place].id, factor)
                for factor in (1 - CHANGE, 1 + CHANGE)
            )
            yield place, "minutes", faster, slower


def _slower(
    plan: WorkPlan, times: Mapping[str, Floats], staff: Staff, stage: str, factor: float
) -> _Variant:
    """All visits to a stage take so many times as long."""
    assert staff.minutes is not None
    mean, sd = (None if x is None else x * factor for x in (staff.minutes.mean, staff.minutes.sd))
    changed = replace(staff, minutes=replace(staff.minutes, mean=mean, sd=sd))
    staffs = tuple(changed if one is staff else one for one in plan.staff)
    return _Variant(
        replace(plan, staff=staffs), {**times, stage: times.get(stage, np.zeros(0)) * factor}
    )
