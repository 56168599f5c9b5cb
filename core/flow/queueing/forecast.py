"""What a workflow with its people will do: replications, and what they tell together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.flow.chain import Chain
from core.flow.plan import WorkPlan, plan_problem
from core.flow.queueing.capacity import capacity_problems, loads_of
from core.flow.queueing.draws import keys_of_arrivals, keys_of_stages
from core.flow.queueing.kernel import (
    AREA,
    ARRIVED,
    BUSY,
    CYCLE,
    CYCLES,
    ENDED,
    EVENTS,
    KEPT,
    LEFT,
    LOOPS,
    THROUGH,
    TRAPPED,
    WAIT,
    WAITS,
    Measures,
    Orders,
    open_minutes,
)
from core.flow.queueing.network import (
    MOST_CELLS,
    Staffed,
    orders_of,
    problems_of_groups,
    staffed,
)
from core.flow.queueing.priorities import PartForecast, cycles_by_part
from core.flow.queueing.spread import (
    NO_TIME,
    UNKNOWN,
    Spread,
    half_width,
    mean_of,
    percentile,
    spread_of,
)
from core.flow.queueing.state import measures_anew, new_measures, run
from core.flow.queueing.under_way import InProgress, TaskMove
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import counted
from core.model.reached import Reached, silent
from core.model.stages import Consensus, Label, Review, Stage
from core.tasks.table import Floats

TICKS = 200
"""Times at which tasks in progress are counted."""
MOVES = 5_000
"""Moves of the first replication that are written down."""
COUNTED_REPLICATIONS = 1_000
"""Of so many the tasks in progress are kept."""
LEAST_REPLICATIONS = 5
"""Before the precision that was asked for may end a forecast."""


@dataclass(frozen=True, slots=True)
class StageForecast:
    """What happens at a stage; means over replications.

    Args:
        stage: The stage.
        people: How many work there; None where nobody needs to.
        utilisation: Work over the people's open time in the window; None without people.
        load: Work that comes over what the people can do, exactly; None for a finite number of
            tasks.
        wait: Minutes on the clock before somebody begins, at each visit of a task that counts.
        queue: Mean number of tasks that wait.
        done: Visits that ended in the window.
        cost: Of the work in the window; None where the plan has no cost.
    """

    stage: Stage
    people: int | None
    utilisation: float | None
    load: float | None
    wait: Spread
    queue: float | None
    done: float
    cost: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """What a workflow with its people will do.

    Args:
        stages: Stages of the types Label, Review and Consensus, in the order of the workflow.
        cycle: Hours from coming to the end, of tasks that came after the warm-up.
        throughput: Tasks per hour that got to the end, in the window.
        priorities: The cycle times of each priority, the first one first; empty without any.
        parts: The same of each of the chain's parts, where it has some.
        finish: Hours until all tasks are through, at percentiles 10, 50 and 90; None where that is
            beyond the horizon or tasks come for ever.
        finished: Hours until all tasks were through, by replication; infinite beyond the horizon.
        cost: Of all work in the window; None where the plan has no cost.
        bottleneck: Id of the stage with the highest utilisation.
        next_bottleneck: Id of the one behind it.
        tasks: How many come in a replication; a mean where they come by chance.
        replications: How many were made.
        in_progress: Tasks in each stage over time.
        places: Row of each stage in it, by id.
        moves: The first moves of the first replication.
        problems: What was wrong, assumed or cannot be told.
    """

    stages: tuple[StageForecast, ...]
    cycle: Spread
    throughput: float | None
    priorities: tuple[PartForecast, ...]
    parts: tuple[PartForecast, ...]
    finish: tuple[float | None, float | None, float | None]
    finished: tuple[float, ...]
    cost: float | None
    bottleneck: str | None
    next_bottleneck: str | None
    tasks: float
    replications: int
    in_progress: InProgress
    places: Mapping[str, int]
    moves: tuple[TaskMove, ...]
    problems: tuple[RuleDiagnostic, ...]


def forecast(
    chain: Chain, plan: WorkPlan, times: Mapping[str, Floats], progress: Reached = silent
) -> Forecast:
    """Simulate a workflow with its people, again and again, each time under luck of its own.

    Waits and cycle times are kept for percentiles up to `SAMPLE_ROOM` of each kind, then every
    second one, every fourth and so on; memory grows with the tasks that are on their way at a time.

    Args:
        chain: The workflow with the chances of its exits.
        plan: Who works where, and how tasks come.
        times: Minutes of past visits, ascending, by stage id (`past_minutes`).
        progress: Measures after each replication; what it raises ends the work.

    Raises:
        InputError: More is asked than can be simulated, or the table's tasks where there are none.
    """
    world = staffed(chain, plan, times)
    orders = orders_of(chain, plan, world.given)
    loads = loads_of(chain, plan, world.desks)
    runs = _Runs(chain, plan, world, orders)
    for replication in range(plan.replications):
        progress(replication, plan.replications)
        runs.add(replication)
        if runs.precise:
            break
    progress(plan.replications, plan.replications)
    problems = [
        *plan.problems,
        *world.problems,
        *problems_of_groups(chain),
        *capacity_problems(chain, world.desks, loads),
        *runs.problems(),
    ]
    stages = tuple(_stages(chain, world, runs, loads))
    ranked = sorted(
        (one for one in stages if one.utilisation),
        key=lambda one: (-round(one.utilisation or 0.0, 9), -(one.wait.mean or 0.0)),
    )
    costs = [one.cost for one in stages if one.cost is not None]
    growing = any(load is not None and load >= 1 for load in loads)
    of_parts = cycles_by_part(chain.parts or chain.priorities, runs.cycles_of)
    return Forecast(
        stages=stages,
        cycle=UNKNOWN if growing else runs.cycle,
        throughput=mean_of(runs.throughputs),
        priorities=() if growing or chain.parts else of_parts,
        parts=of_parts if chain.parts else (),
        finish=runs.finish,
        finished=tuple(runs.finished),
        cost=sum(costs) if costs else None,
        bottleneck=ranked[0].stage.id if ranked else None,
        next_bottleneck=ranked[1].stage.id if len(ranked) > 1 else None,
        tasks=runs.came / runs.made,
        replications=runs.made,
        in_progress=runs.in_progress(),
        places={stage: place for place, stage in enumerate(runs.ids)},
        moves=runs.moves,
        problems=tuple(problems),
    )


class _Runs:
    """Replications, added up one by one."""

    def __init__(self, chain: Chain, plan: WorkPlan, world: Staffed, orders: Orders) -> None:
        self.chain, self.plan, self.world, self.orders = chain, plan, world, orders
        self.ids = [stage.id for stage in chain.graph.stages]
        self.finite = plan.arrivals.kind != "poisson"
        self.made = 0
        self.waits: list[list[float]] = [[] for _ in world.desks]
        self.cycles: list[float] = []
        self.cycles_of: list[Floats] = []
        self.throughputs: list[float] = []
        self.finished: list[float] = []
        self.utilisation: list[list[float]] = [[] for _ in world.desks]
        self.queues: list[list[float]] = [[] for _ in world.desks]
        self.busy = np.zeros(len(world.desks))
        self.done = np.zeros(len(self.ids))
        self.trapped = self.loops = self.came = 0
        self.unfinished = False
        self.counts: list[NDArray[np.int64]] = []
        self.moves: tuple[TaskMove, ...] = ()
        grid = np.linspace(0.0, self._shown(), TICKS)
        self.measures = self._room(grid, MOVES)

    def _shown(self) -> float:
        """Minutes until which tasks in progress are shown: a bit beyond the first one's end."""
        if not self.finite or not self.orders.coming:
            return self.orders.horizon
        end = self._end(self._simulated(0, self._room(np.zeros(0), 0)))
        return min(self.orders.horizon, max(1.0, 1.1 * end))

    def _room(self, grid: Floats, moves: int) -> Measures:
        parts = max(1, len(self.chain.parts or self.chain.priorities))
        return new_measures(len(self.ids), len(self.world.desks), grid, moves, parts=parts)

    def _simulated(self, replication: int, measures: Measures) -> Measures:
        seed = self.plan.seed
        draws = keys_of_stages(seed, replication, self.ids), keys_of_arrivals(seed, replication)
        orders = self.orders
        if not run(self.world.net, orders, draws, self.world.given, measures, MOST_CELLS):
            message = "more tasks are on their way at a time than can be simulated."
            hint = "Plan more people, or a shorter horizon."
            raise InputError(self.plan.source, message, hint)
        if measures.totals[EVENTS] >= orders.most_events:
            message = f"a replication takes more than {counted(orders.most_events)} steps."
            raise InputError(self.plan.source, message, "Give a shorter horizon, or fewer tasks.")
        return measures

    def _settled(self, measures: Measures) -> bool:
        return bool(measures.totals[LEFT] + measures.totals[TRAPPED] == self.orders.coming)

    def _end(self, measures: Measures) -> float:
        """Where the window ends."""
        return float(measures.totals[ENDED]) if self._settled(measures) else self.orders.horizon

    def add(self, replication: int) -> None:
        self.measures = measures_anew(self.measures, len(self.ids), 0 if replication else MOVES)
        measures = self._simulated(replication, self.measures)
        totals, warm_up = measures.totals, self.orders.warm_up
        self.made += 1
        end = self._end(measures)
        window = end - warm_up
        if window > 0:
            self.throughputs.append(float(totals[THROUGH]) / window * 60)
        for number, desk in enumerate(self.world.desks):
            sums, net = measures.sums[number], self.world.net
            if sums[WAITS]:
                self.waits[number].append(float(sums[WAIT] / sums[WAITS]))
            if window > 0:
                self.queues[number].append(float(sums[AREA]) / window)
            open_for = open_minutes(net.first_shift, net.shifts, number, warm_up, end)
            if open_for > 0 and desk.people:
                self.utilisation[number].append(float(sums[BUSY]) / (open_for * desk.people))
        self.busy += measures.sums[:, BUSY]
        self.done += measures.done
        if totals[CYCLES]:
            self.cycles.append(float(totals[CYCLE] / totals[CYCLES]) / 60)
        self.cycles_of.append(measures.cycles)
        whole = bool(totals[LEFT] == self.orders.coming)
        self.finished.append(float(totals[ENDED]) / 60 if whole else np.inf)
        self.came += int(totals[ARRIVED])
        self.trapped += int(totals[TRAPPED])
        self.loops += int(totals[LOOPS])
        self.unfinished |= not self._settled(measures)
        if len(self.counts) < COUNTED_REPLICATIONS:
            self.counts.append(measures.inside)
        if replication == 0:
            self.moves = tuple(self._moves(measures))

    def _moves(self, measures: Measures) -> Iterator[TaskMove]:
        for at, task, left, stage in measures.trace[: measures.moves[0]].tolist():
            came_from = None if left < 0 else self.ids[int(left)]
            yield TaskMove(at / 60, int(task), came_from, self.ids[int(stage)])

    @property
    def precise(self) -> bool:
        """Whether the mean cycle time is known as well as was asked."""
        wanted, means = self.plan.precision, self.cycles
        if wanted is None or len(means) < LEAST_REPLICATIONS:
            return False
        return (half_width(means) or 0.0) <= wanted * float(np.mean(means))

    def kept(self, row: int) -> Floats:
        return self.measures.sample[row, : self.measures.counters[row, KEPT]]

    @property
    def cycle(self) -> Spread:
        return spread_of(self.cycles, self.kept(len(self.world.desks)) / 60)

    @property
    def finish(self) -> tuple[float | None, float | None, float | None]:
        if not self.finite or not self.orders.coming:
            return None, None, None
        p10, p50, p90 = (percentile(self.finished, one) for one in (10, 50, 90))
        return p10, p50, p90

    def in_progress(self) -> InProgress:
        counts = np.array(self.counts, np.float64)  # (replications, ticks, stages + 1)
        low, high = np.percentile(counts, (5, 95), axis=0)
        return InProgress(
            self.measures.grid / 60, counts.mean(axis=0).T, low.T, high.T, counts[0].T
        )

    def problems(self) -> Iterator[RuleDiagnostic]:
        if self.finite and self.unfinished:
            many = sum(np.isinf(self.finished))
            message = (
                f"In {counted(many)} of {counted(self.made)} replications not all tasks are "
                "through by the horizon."
            )
            hint = "Give a longer horizon, or more people."
            yield plan_problem("horizon.short", "warning", "horizon_hours", message, hint)
        if self.finite and self.orders.coming and not self.throughputs:
            message = "All tasks are through before the warm-up ends: nothing is measured."
            hint = "Make the warm-up shorter, or 0."
            yield plan_problem("window.empty", "warning", "warm_up_hours", message, hint)
        if self.trapped:
            message = (
                f"{counted(self.trapped / self.made)} tasks of a replication, on average, stay for "
                "good where no way leads on."
            )
            hint = "Wire every output, or look at `flow`."
            yield plan_problem("tasks.trapped", "warning", "", message, hint)
        if self.loops:
            message = "Tasks go round in a loop in which no time passes: they stay there."
            hint = "Plan people and minutes for a stage of the loop, or a rate that lets tasks out."
            yield plan_problem("loop.no_time", "error", "", message, hint)


def _stages(
    chain: Chain, world: Staffed, runs: _Runs, loads: Sequence[float | None]
) -> Iterator[StageForecast]:
    desk_at = {desk.stage: number for number, desk in enumerate(world.desks)}
    for place, stage in enumerate(chain.graph.stages):
        if not isinstance(stage, Label | Review | Consensus):
            continue
        done = float(runs.done[place]) / runs.made
        number = desk_at.get(place)
        if number is None:
            at_once = NO_TIME if done and not isinstance(stage, Consensus) else UNKNOWN
            yield StageForecast(stage, None, None, None, at_once, at_once.mean, done, None)
            continue
        desk, load = world.desks[number], loads[number]
        hours = float(runs.busy[number]) / runs.made / 60
        cost = desk.staff.cost_per_hour
        row = StageForecast(
            stage=stage,
            people=desk.people,
            utilisation=mean_of(runs.utilisation[number]),
            load=load if load is None or np.isfinite(load) else None,
            wait=spread_of(runs.waits[number], runs.kept(number)),
            queue=mean_of(runs.queues[number]),
            done=done,
            cost=None if cost is None else hours * cost,
        )
        growing = load is not None and load >= 1
        yield replace(row, wait=UNKNOWN, queue=None) if growing or not desk.people else row
