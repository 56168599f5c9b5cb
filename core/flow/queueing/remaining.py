"""How long the tasks under way still take, waiting included: simulated from where they are now.

Tasks stand at their stages in the order of the table at time 0, and nobody has begun any of them:
a visit that has begun is begun anew, so that the time is told a little too long. A task within a
Consensus is judged anew by all of its sub-stages. No other task comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.flow.chain import Chain, chain_of
from core.flow.graph import Exit, Graph
from core.flow.in_flight import InFlight
from core.flow.plan import Arrivals, WorkPlan
from core.flow.queueing.forecast import Forecast, forecast
from core.flow.queueing.priorities import PartForecast, by_priority
from core.flow.rates import rates_of
from core.model.reached import Reached, silent
from core.model.stages import Start
from core.tasks import bits
from core.tasks.table import Floats
from core.workspace import Workspace

HERE = "under way"
"""Id of the stage that is put before all others; no stage of Ango Hub has a blank in its id."""


@dataclass(frozen=True, slots=True)
class StageRemaining:
    """The tasks that are at one stage now.

    Args:
        stage: Its id.
        hours: Until they are at an end, before and after the edit, each as a mean with the 95 %
            interval of the mean; of those that get to one within the horizon.
    """

    stage: str
    hours: tuple[PartForecast, PartForecast]


@dataclass(frozen=True, slots=True, eq=False)
class Remaining:
    """How long the tasks under way still take.

    Args:
        looks: Forecasts by the workflow of now and by the edited one; `cycle` is the time that is
            left for a task, `finish` that for the last one.
        stages: Stage by stage, in the order of `InFlight.stages`.
    """

    looks: tuple[Forecast, Forecast]
    stages: tuple[StageRemaining, ...]


def remaining(
    workspace: Workspace,
    flight: InFlight,
    graphs: tuple[Graph, Graph],
    plan: WorkPlan,
    times: Mapping[str, Floats],
    typed: Mapping[str, float] | None = None,
    progress: Reached = silent,
) -> Remaining:
    """Simulate what is left for the tasks under way, by both versions under the same luck.

    Args:
        workspace: The tasks.
        flight: Which of them are under way, and where.
        graphs: The workflow of now, and the edited one.
        plan: Who works where; how tasks come, its warm-up and its priorities of batches apart from
            the latter are not used.
        times: Minutes of past visits, ascending, by stage id (`past_minutes`).
        typed: Rates of Review and Consensus by stage id, where histories shall not count.
        progress: Measures after each replication of each version.

    Raises:
        InputError: More is asked than can be simulated, or no task is under way.
    """
    now = replace(plan, arrivals=Arrivals("table"), warm_up_hours=0.0)
    before, after = graphs
    then = np.array([-1 if (p := after.find_id(s.id)) is None else p for s in before.stages])
    looks, many = [], plan.replications
    for version, (graph, places) in enumerate(((before, flight.at), (after, then[flight.at]))):

        def reached(done: int, total: int, version: int = version) -> None:
            progress(version * many + done * many // max(1, total), 2 * many)

        chain = _chain(workspace, graph, flight.rows, typed or {})
        chain, own = by_priority(chain, now, workspace.table, workspace.project)
        looks.append(forecast(from_where_they_are(chain, flight.rows, places, flight.at), own,
                              times, reached))  # fmt: skip
    first, second = ({one.number: one for one in look.parts} for look in looks)
    stages = tuple(
        StageRemaining(one.stage, (first[one.place], second[one.place])) for one in flight.stages
    )
    return Remaining((looks[0], looks[1]), stages)


def _chain(
    workspace: Workspace, graph: Graph, rows: NDArray[np.int64], typed: Mapping[str, float]
) -> Chain:
    numbers = {place: typed[s.id] for place, s in enumerate(graph.stages) if s.id in typed}
    rates = rates_of(graph, workspace.table, workspace.everything, numbers)
    inside = bits.of_rows(rows, len(workspace.table))
    everywhere = frozenset(range(len(graph.stages)))
    return chain_of(graph, workspace.matcher, rates, inside, everywhere)


def from_where_they_are(
    chain: Chain, rows: NDArray[np.int64], places: NDArray[np.int64], origins: NDArray[np.int64]
) -> Chain:
    """The same workflow with a stage before all others, which leads each task to where it is.

    Args:
        chain: The workflow, of these tasks alone.
        rows: Positions of the tasks in the table, ascending.
        places: Place of each one's stage; -1 for one that the workflow lacks, where it stays.
        origins: What cycle times are told apart by; equal ones have equal places.
    """
    graph = chain.graph
    size, (kinds, first, which) = (
        len(graph.stages),
        np.unique(origins, return_index=True, return_inverse=True),
    )
    ways = [
        Exit(size, output, None if place < 0 else place,
             None if place < 0 else graph.stages[place].id)
        for output, place in enumerate(places[first].tolist())
    ]  # fmt: skip
    whole = Graph(
        (*graph.stages, Start(id=HERE, name=HERE)), (*graph.exits, *ways), size,
        (*graph.subs, ()), graph.problems,
    )  # fmt: skip
    pairs, parted = np.unique(
        chain.group[rows].astype(np.int64) * len(kinds) + which, return_inverse=True
    )
    group, origin = pairs // len(kinds), pairs % len(kinds)
    groups = np.full_like(chain.group, -1)
    groups[rows] = parted
    return replace(
        chain,
        graph=whole,
        chances=np.hstack((chain.chances[group], np.eye(len(kinds))[origin])),
        tasks=np.bincount(parted, minlength=len(pairs)).astype(np.int64),
        group=groups,
        level=chain.level[group] if len(chain.level) else chain.level,
        part=origin,
        parts=tuple(kinds.tolist()),
    )
