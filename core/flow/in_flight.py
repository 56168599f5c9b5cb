"""What becomes of the tasks that are under way, by the rules of now and by those of an edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.flow.absorbing import AT_ONCE, fundamental
from core.flow.chain import Chain, chain_of
from core.flow.flow import worth_of
from core.flow.graph import Graph
from core.flow.rates import rates_of
from core.model.stages import Archive, Complete, Logic
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import Floats
from core.tasks.transitions import stage_codes
from core.workspace import Workspace

ENDS = ("completed", "archived", "trapped")
SAME = 1e-9
"""A difference of expected numbers that is none."""


@dataclass(frozen=True, slots=True, eq=False)
class StillToCome:
    """What is still to come for some tasks, a row each.

    Args:
        ends: Chance of each of `ENDS`; (tasks, 3).
        visits: Expected visits to each stage, the one where it is included; (tasks, stages).
        touches: Expected touches by people; (tasks,).
        minutes: Expected minutes of work; (tasks,).
        rules: Chance to come to a Logic stage, the first of several; (tasks,).
    """

    ends: Floats
    visits: Floats
    touches: Floats
    minutes: Floats
    rules: Floats


@dataclass(frozen=True, slots=True, eq=False)
class StageInFlight:
    """The tasks that are at one stage now.

    Args:
        stage: Its id.
        place: Its place in the workflow of now.
        tasks: How many.
        ends: Expected tasks by `ENDS`, before and after; (2, 3).
        touches: Expected touches that are still to come, before and after.
        minutes: Expected minutes of work that are still to come, before and after.
        rules: Expected tasks that come to a Logic stage, before and after.
        changed: Tasks for which anything of this is another.
        stranded: Tasks that can reach no end after the edit, and could before.
    """

    stage: str
    place: int
    tasks: int
    ends: Floats
    touches: tuple[float, float]
    minutes: tuple[float, float]
    rules: tuple[float, float]
    changed: int
    stranded: int


@dataclass(frozen=True, slots=True, eq=False)
class InFlight:
    """All tasks under way.

    Args:
        stages: Those with tasks, in the order of the workflow of now.
        unknown: Tasks of which it is not known where they are.
        rows: Positions of the tasks under way in the table.
        at: Place of each one's stage in the workflow of now.
        before: Their outlook by the workflow of now.
        after: And by the edited one.
        changed: Whether anything is another for it; (tasks,).
        stranded: Whether it can reach no end after the edit, and could before; (tasks,).
    """

    stages: tuple[StageInFlight, ...]
    unknown: int
    rows: NDArray[np.int64]
    at: NDArray[np.int64]
    before: StillToCome
    after: StillToCome
    changed: NDArray[np.bool_]
    stranded: NDArray[np.bool_]

    @property
    def looks(self) -> tuple[StillToCome, StillToCome]:
        """Before and after."""
        return self.before, self.after


def in_flight(
    workspace: Workspace,
    before: Graph,
    after: Graph,
    typed: Mapping[str, float] | None = None,
    minutes: Mapping[str, float] | None = None,
    within: Bits | None = None,
) -> InFlight:
    """Look at every task that is under way, by two versions of its workflow.

    Args:
        workspace: The tasks, and where they are.
        before: The workflow of now.
        after: The edited one.
        typed: Rates of Review and Consensus by stage id, where histories shall not count.
        minutes: Mean minutes of a visit by stage id; what is not named takes none.
        within: The tasks looked at, None for all.
    """
    table = workspace.table
    chosen = bits.unpack(workspace.everything if within is None else within, len(table))
    place = np.full(len(table.stages) + 1, -1, np.int64)
    for number, stage in enumerate(before.stages):
        own = stage_codes(table, before.stages).get(stage.id, [])
        place[[code for code in own if place[code] < 0]] = number
    for consensus, subs in enumerate(before.subs):
        place[np.isin(place, subs)] = consensus
    where = place[table.stage]
    over = [p for p, s in enumerate(before.stages) if isinstance(s, Complete | Archive)]
    rows = np.flatnonzero(chosen & (where >= 0) & ~np.isin(where, over))
    at = where[rows]
    then = np.array([-1 if (p := after.find_id(s.id)) is None else p for s in before.stages])
    looks = [
        _outlook(workspace, graph, places, rows, typed or {}, minutes or {})
        for graph, places in ((before, at), (after, then[at]))
    ]
    changed = _differ(looks[0], looks[1], before, after)
    stranded = (looks[1].ends[:, 2] > 1 - SAME) & (looks[0].ends[:, 2] <= 1 - SAME)
    stages = tuple(
        _at_stage(before.stages[one].id, one, at == one, looks, changed, stranded)
        for one in np.unique(at).tolist()
    )
    unknown = int((chosen & (where < 0)).sum())
    return InFlight(stages, unknown, rows, at, looks[0], looks[1], changed, stranded)


def _outlook(
    workspace: Workspace,
    graph: Graph,
    places: NDArray[np.int64],
    rows: NDArray[np.int64],
    typed: Mapping[str, float],
    minutes: Mapping[str, float],
) -> StillToCome:
    """What is to come for tasks at these places of a workflow; -1 is a stage that it lacks."""
    numbers = {place: typed[s.id] for place, s in enumerate(graph.stages) if s.id in typed}
    rates = rates_of(graph, workspace.table, workspace.everything, numbers)
    inside = bits.of_rows(rows, len(workspace.table))
    chain = chain_of(graph, workspace.matcher, rates, inside, frozenset(range(len(graph.stages))))
    group = chain.group[rows].astype(np.int64)
    size = len(graph.stages)
    pairs, which = np.unique(group * (size + 1) + places + 1, return_inverse=True)
    groups, starts = pairs // (size + 1), pairs % (size + 1) - 1
    each = [np.empty((len(pairs), width)) for width in (3, size, 3)]
    for begin in range(0, len(chain.chances), AT_ONCE):
        here = (groups >= begin) & (groups < begin + AT_ONCE)
        some = _looked_up(chain, begin, groups[here], starts[here], minutes)
        for whole, part in zip(each, some, strict=True):
            whole[here] = part
    ends, visits, others = (one[which.ravel()] for one in each)
    return StillToCome(ends, visits, others[:, 0], others[:, 1], others[:, 2])


def _looked_up(
    chain: Chain,
    begin: int,
    groups: NDArray[np.int64],
    starts: NDArray[np.int64],
    minutes: Mapping[str, float],
) -> tuple[Floats, Floats, Floats]:
    graph = chain.graph
    solution = fundamental(chain, chain.chances[begin : begin + AT_ONCE])
    own = groups - begin
    visits = np.where((starts >= 0)[:, None], solution.visits[own, starts], 0.0)
    kinds = [type(stage) for stage in graph.stages]
    completed, archived = (
        visits[:, [p for p, kind in enumerate(kinds) if kind is end]].sum(axis=1)
        for end in (Complete, Archive)
    )
    nowhere = [place for place, one in enumerate(graph.exits) if one.target is None]
    left_by = [graph.exits[place].stage for place in nowhere]
    lost = (visits[:, left_by] * solution.leaving[own][:, nowhere]).sum(axis=1)
    trapped = lost + np.where(solution.ending[own], visits, 0.0).sum(axis=1) + (starts < 0)
    logic = [place for place, stage in enumerate(graph.stages) if isinstance(stage, Logic)]
    here = np.diagonal(solution.visits, axis1=1, axis2=2)[own]
    meets = (visits / here)[:, logic].max(axis=1, initial=0.0)
    work = visits @ worth_of(graph), visits @ _minutes_of(graph, minutes)
    return (
        np.column_stack((completed, archived, trapped)),
        visits,
        np.column_stack((*work, np.minimum(meets, 1.0))),
    )


def _minutes_of(graph: Graph, minutes: Mapping[str, float]) -> Floats:
    """Minutes of work at a visit to each stage; at a Consensus those of its sub-stages."""
    parts = [subs or (place,) for place, subs in enumerate(graph.subs)]
    return np.array([sum(minutes.get(graph.stages[p].id, 0.0) for p in some) for some in parts])


def _differ(before: StillToCome, after: StillToCome, old: Graph, new: Graph) -> NDArray[np.bool_]:
    """Whether a task's ends or its visits to any stage are others; stages are matched by id."""
    other: NDArray[np.bool_] = np.any(np.abs(before.ends - after.ends) > SAME, axis=1)
    ids = dict.fromkeys(stage.id for graph in (old, new) for stage in graph.stages)
    nothing = np.zeros(len(before.visits))
    for stage in ids:
        places = old.find_id(stage), new.find_id(stage)
        was, is_ = (
            nothing if place is None else look.visits[:, place]
            for place, look in zip(places, (before, after), strict=True)
        )
        other |= np.abs(was - is_) > SAME
    return other


def _at_stage(
    stage: str,
    place: int,
    here: NDArray[np.bool_],
    looks: list[StillToCome],
    changed: NDArray[np.bool_],
    stranded: NDArray[np.bool_],
) -> StageInFlight:
    def both(name: str) -> tuple[float, float]:
        first, second = (float(getattr(look, name)[here].sum()) for look in looks)
        return first, second

    return StageInFlight(
        stage=stage,
        place=place,
        tasks=int(here.sum()),
        ends=np.array([look.ends[here].sum(axis=0) for look in looks]),
        touches=both("touches"),
        minutes=both("minutes"),
        rules=both("rules"),
        changed=int((here & changed).sum()),
        stranded=int((here & stranded).sum()),
    )
