"""A workflow, its chances and a plan of work put together as the arrays that are simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.flow.chain import Chain
from core.flow.graph import Graph
from core.flow.plan import DAY, Shifts, Staff, WorkPlan, plan_problem
from core.flow.queueing.kernel import END, FORK, PASS, SERVED, STAYS, WEEK, Network, Orders
from core.flow.queueing.services import NOTHING, Service, service_of
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import counted
from core.model.stages import Archive, Complete, Consensus, Label, Review, UnknownStage
from core.tasks.table import Floats

MOST_TASKS = 20_000_000
"""In one replication."""
MOST_CELLS = 2**28
"""Numbers that the tasks of one replication may take, 8 bytes each."""
MOST_EVENTS = 300_000_000
"""In one replication; some minutes."""
ANY_NUMBER = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """A stage with its people.

    Args:
        stage: Place in the graph.
        staff: Its people, as the plan has them.
        service: How long visits take.
        shifts: (shifts, 2) opening and closing, minutes of the simulation's week; None is always.
        shared_by: Places of other stages that the same people work at, as long.
    """

    stage: int
    staff: Staff
    service: Service
    shifts: Floats | None
    shared_by: tuple[int, ...] = ()

    @property
    def people(self) -> int:
        """How many work there at all."""
        return 0 if self.shifts is not None and not len(self.shifts) else self.staff.people

    @property
    def open_share(self) -> float:
        """What part of a week they work."""
        if self.shifts is None:
            return 1.0
        return float((self.shifts[:, 1] - self.shifts[:, 0]).sum()) / WEEK


@dataclass(frozen=True, slots=True, eq=False)
class Staffed:
    """A workflow with its people, ready to be simulated.

    Args:
        desks: Stages with people, by place.
        net: All of it as arrays.
        given: Group of each task; empty where they are drawn by their shares.
        problems: What was assumed or left out.
    """

    desks: tuple[Desk, ...]
    net: Network
    given: NDArray[np.int64]
    problems: tuple[RuleDiagnostic, ...]


def staffed(chain: Chain, plan: WorkPlan, times: Mapping[str, Floats]) -> Staffed:
    """Give the stages of a workflow their people.

    Args:
        chain: The workflow and its chances.
        plan: Who works where.
        times: Minutes of past visits, ascending, by stage id.
    """
    problems: list[RuleDiagnostic] = []
    graph = chain.graph
    staff_of = _staff_by_stage(graph, plan, problems)
    desks = []
    for place in sorted(staff_of):
        staff, stage = staff_of[place], graph.stages[place]
        past = times.get(stage.id, NOTHING)
        service, more = service_of(staff, past, f"stages.{staff.stage}")
        problems += more
        desks.append(Desk(place, staff, service, _shifts(staff.shifts, plan.start_minute)))
    for place in sorted(graph.reached):
        stage = graph.stages[place]
        if place not in staff_of and isinstance(stage, Label | Review):
            message = f"The plan does not have “{stage.name}”: work there takes no time."
            hint = "Add the stage with its people and minutes."
            problems.append(plan_problem("stage.not_planned", "note", stage.id, message, hint))
    given = chain.group[chain.group >= 0] if plan.arrivals.kind == "table" else np.zeros(0)
    return Staffed(
        tuple(desks),
        network_of(chain, desks, plan.sticky),
        given.astype(np.int64),
        tuple(problems),
    )


def orders_of(chain: Chain, plan: WorkPlan, given: NDArray[np.int64]) -> Orders:
    """What each replication is asked.

    Raises:
        InputError: More tasks come than can be simulated, or none can come from the table.
    """
    arrivals = plan.arrivals
    hours = plan.horizon_hours
    coming = {"poisson": 0, "table": len(given)}.get(arrivals.kind, arrivals.tasks)
    if arrivals.kind == "table" and not coming:
        hint = "Give --tasks, or another kind of arrivals."
        raise InputError(plan.source, "there is no task of a table.", hint, "arrivals")
    expected = max(coming, arrivals.per_hour * hours)
    cells = coming * (6 + 5 * len(chain.graph.stages))
    if expected > MOST_TASKS or cells > MOST_CELLS:
        message = f"{counted(expected)} tasks in one replication are too many to simulate."
        raise InputError(plan.source, message, "Give fewer, or a shorter horizon.", "arrivals")
    gap = 0.0
    if arrivals.kind == "poisson":
        coming = ANY_NUMBER if arrivals.per_hour > 0 else 0
        gap = 60 / arrivals.per_hour if coming else 0.0
    warm_up = plan.warm_up_hours * 60
    times, many = np.array(arrivals.uploads or ((0.0, 0),), np.float64).T
    at = np.repeat(times * 60, many.astype(np.int64))
    return Orders(chain.graph.start, coming, gap, hours * 60, warm_up, MOST_EVENTS, at)


def _staff_by_stage(
    graph: Graph, plan: WorkPlan, problems: list[RuleDiagnostic]
) -> dict[int, Staff]:
    """Staff by place; that of a Consensus is of its sub-stages without staff of their own."""
    chosen: dict[int, Staff] = {}
    consensus: dict[int, Staff] = {}
    for staff in plan.staff:
        key = f"stages.{staff.stage}"
        place = graph.find(staff.stage)
        if place is None:
            message = f"The workflow has no stage “{staff.stage}”: its people are left out."
            hint = "Name a stage by its id or name."
            problems.append(plan_problem("plan.stage_unknown", "error", key, message, hint))
            continue
        stage = graph.stages[place]
        if place in chosen or place in consensus:
            message = f"“{stage.name}” is there twice, by id and by name: the first one counts."
            problems.append(plan_problem("plan.stage_twice", "error", key, message, "Leave one."))
        elif isinstance(stage, Consensus):
            consensus[place] = staff
        elif isinstance(stage, Label | Review):
            chosen[place] = staff
        else:
            message = f"“{stage.name}” passes tasks on at once: its people are left out."
            hint = "People work at stages of the types Label and Review."
            problems.append(plan_problem("stage.no_people", "note", key, message, hint))
    for place, staff in consensus.items():
        for sub in graph.subs[place]:
            if isinstance(graph.stages[sub], Label):
                chosen.setdefault(sub, staff)
    return chosen


def _shifts(shifts: Shifts | None, start_minute: float) -> Floats | None:
    """Weekly opening hours in minutes of a week that begins when the clock is 0."""
    if shifts is None:
        return None
    length = shifts.closes - shifts.opens
    length += DAY if length <= 0 and shifts.days else 0
    parts = []
    for day in shifts.days:
        opens = (day * DAY + shifts.opens - start_minute) % WEEK
        parts += [(opens, min(opens + length, WEEK)), (0.0, opens + length - WEEK)]
    merged: list[list[float]] = []
    for opens, closes in sorted(part for part in parts if part[1] > part[0]):
        if merged and opens <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], closes)
        else:
            merged.append([opens, closes])
    return None if merged == [[0.0, WEEK]] else np.array(merged).reshape(-1, 2)


def network_of(chain: Chain, desks: Sequence[Desk], sticky: bool) -> Network:
    """The arrays that are simulated.

    Args:
        chain: The workflow and its chances.
        desks: Its stages with people.
        sticky: Whether a task that comes back waits for whoever had it.
    """
    graph = chain.graph
    size = len(graph.stages)
    desk_of, parent = np.full(size, -1), np.full(size, -1)
    kind = np.array([_kind(graph, place) for place in range(size)])
    for number, desk in enumerate(desks):
        for place in (desk.stage, *desk.shared_by):
            desk_of[place] = number
            kind[place] = SERVED
    for place, subs in enumerate(graph.subs):
        parent[list(subs)] = place
    came = np.array([one.stage for one in graph.exits], np.int64)
    first_exit = np.searchsorted(came, np.arange(size + 1))
    chance = np.nan_to_num(chain.chances, nan=0.0).astype(np.float64, copy=True)
    for first, last in pairwise(first_exit):
        chance[:, first:last] = np.cumsum(chance[:, first:last], axis=1)
    no_shift = np.zeros((0, 2))
    shifts = [no_shift if one.shifts is None else one.shifts for one in desks]
    services = [desk.service for desk in desks]
    level = chain.level if len(chain.level) else np.zeros(len(chain.chances))
    own = [1 if sticky and parent[desk.stage] < 0 else 0 for desk in desks]
    arrays = (
        kind,
        desk_of,
        [desk.stage for desk in desks],
        first_exit,
        [-1 if one.target is None else one.target for one in graph.exits],
        chance,
        _offsets(graph.subs),
        [sub for subs in graph.subs for sub in subs],
        parent,
        [one.kind for one in services],
        np.array([(one.first, one.second) for one in services]).reshape(-1, 2),
        _offsets([one.past for one in services]),
        np.concatenate([NOTHING, *(one.past for one in services)]),
        np.cumsum([0, *(desk.people for desk in desks)]),
        own,
        _offsets(shifts),
        np.concatenate([no_shift, *shifts]),
        _shares(chain),
        level,
        chain.part if len(chain.part) else level,
    )
    typed: list[Any] = [
        np.array(one, np.float64 if name in _FLOATS else np.int64, order="C")
        for name, one in zip(Network._fields, arrays, strict=True)
    ]
    return Network(*typed)


_FLOATS = {"chance", "time", "sample", "shifts", "share"}


def _offsets(parts: Sequence[Sequence[int] | Floats]) -> list[int]:
    return [0, *np.cumsum([len(part) for part in parts]).tolist()]


def _shares(chain: Chain) -> Floats:
    total = chain.tasks.sum()
    if not total:
        return np.ones(1)
    sums: Floats = np.cumsum(chain.tasks / total)
    return sums


def _kind(graph: Graph, place: int) -> int:
    stage = graph.stages[place]
    if isinstance(stage, Complete | Archive):
        return END
    if isinstance(stage, UnknownStage):
        return STAYS
    return FORK if isinstance(stage, Consensus) else PASS


def problems_of_groups(chain: Chain) -> Iterator[RuleDiagnostic]:
    """What to know where rules can see nothing of the tasks."""
    if not chain.tasks.sum() and any(one.kind == "Logic" for one in chain.graph.stages):
        message = "Without tasks no rule can see anything of them: only random rules take any."
        hint = "Give tasks like those that will come."
        yield plan_problem("tasks.none", "note", "", message, hint)
