"""What a calibrated workflow does after its date: event logs, by the compiled simulation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.flow.chain import Chain
from core.flow.graph import Exit, Graph
from core.flow.logs.calibrate import Calibration, CaseBegins
from core.flow.logs.event_log import EventLog, event_log
from core.flow.logs.hours import WEEK
from core.flow.logs.ways import END, START_STATE, State
from core.flow.plan import Staff
from core.flow.queueing.draws import GAMMA, keys_of_arrivals, keys_of_stages
from core.flow.queueing.kernel import EVENTS, HISTORY, Measures, Network, Orders
from core.flow.queueing.network import MOST_CELLS, Desk, network_of
from core.flow.queueing.services import Service
from core.flow.queueing.state import measures_anew, new_measures, run
from core.model.figures import counted
from core.model.stages import Complete, Label, Stage, Start
from core.routing.engine.draw import RESOLUTION, thresholds
from core.tasks.table import Floats

_Number = TypeVar("_Number", bound=np.generic)

MOST_SERVICES = 2_000_000
"""Written down of one replication."""
MOST_EVENTS = 20_000_000
"""Of one replication; a minute."""
MOST_PEOPLE = 2_000
"""Who may wait at once without anybody being busy."""
HORIZON = 2_000 * WEEK
"""Minutes behind the last begin; cases are through long before."""


@dataclass(frozen=True, slots=True, eq=False)
class Twin:
    """A calibrated workflow as the arrays that are simulated.

    Args:
        calibration: Where it comes from.
        chain: Each state of a case as a stage, and before it one in which it waits for no person.
        net: All of it as arrays.
        activity: By stage its activity; -1 for one that is not in the log.
    """

    calibration: Calibration
    chain: Chain
    net: Network
    activity: tuple[int, ...]


def twin_of(calibration: Calibration) -> Twin:
    """Build the workflow: a stage per state, its people shared by all states of an activity."""
    ways, names = calibration.ways, calibration.log.activities
    stages: list[Stage] = [Start(id="start", name="Start", next=("end",))]
    activity = [-1, -1]
    stages.append(Complete(id="end", name="Complete"))
    works: dict[State, int] = {}
    delays: dict[State, int] = {}
    delayed = {one.activity for one in calibration.work if one.delays.any()}
    for state in ways.states:
        name = names[state[1]]
        if state[1] in delayed:
            delays[state] = len(stages)
            stages.append(Label(id=f"wait {state}", name=name, next=()))
            activity.append(-1)
        works[state] = len(stages)
        stages.append(Label(id=f"work {state}", name=name, next=()))
        activity.append(state[1])
    exits: list[tuple[int, int]] = []
    chances: list[float] = []
    for state, stage in [(START_STATE, 0), *works.items()]:
        for target, chance in ways.chances(state).items():
            behind = ways.behind(state, target) if target != END else None
            first = stage == 0  # a case begins with its first activity, so it has not waited
            entry = works if first else {**works, **delays}
            exits.append((stage, 1 if behind is None else entry[behind]))
            chances.append(chance)
    exits += [(place, works[state]) for state, place in delays.items()]
    chances += [1.0] * len(delays)
    order = sorted(range(len(exits)), key=lambda place: exits[place][0])
    graph = Graph(
        tuple(stages),
        tuple(
            Exit(exits[o][0], n, exits[o][1], stages[exits[o][1]].id) for n, o in enumerate(order)
        ),
        0,
        ((),) * len(stages),
        (),
    )
    chain = Chain(
        graph, np.array([[chances[place] for place in order]]), np.ones(1, np.int64),
        np.zeros(0, np.int32),
    )  # fmt: skip
    desks = list(_desks(calibration, works, delays))
    return Twin(calibration, chain, network_of(chain, desks, sticky=False), tuple(activity))


def _desks(
    calibration: Calibration, works: dict[State, int], delays: dict[State, int]
) -> Iterator[Desk]:
    waiting = min(MOST_PEOPLE, 100 + 4 * len(calibration.log))
    for one in calibration.work:
        name = calibration.log.activities[one.activity]
        shifts = one.hours.shifts()
        for places, minutes, people in (
            (works, one.minutes, one.people if one.minutes.any() else waiting),
            (delays, one.delays, waiting),
        ):
            own = [place for state, place in places.items() if state[1] == one.activity]
            if own:
                service = Service(HISTORY, 0.0, 0.0, minutes, float(minutes.mean()))
                open_in = shifts if minutes.any() else None
                yield Desk(own[0], Staff(name, people), service, open_in, tuple(own[1:]))


def begins_after(
    coming: CaseBegins, until: float, end: float, seed: int, replication: int
) -> Floats:
    """Begins of cases from a date to another, drawn from the gaps that were seen.

    The gaps themselves are drawn anew first. The first is one that can still be, given that no case
    has begun since the last.
    """
    if not coming.gaps.any():
        return np.zeros(0)
    luck = _Luck("begins", seed, replication)
    gaps = luck.of(coming.gaps, len(coming.gaps))  # how well they are known is luck, too
    gaps = gaps if gaps.any() else coming.gaps
    last, now, stop = coming.hours.counted_until(np.array([coming.begins[-1], until, end]))
    longer = gaps[gaps > now - last]
    at = float(last + luck.of(longer, 1)[0] if len(longer) else now + luck.of(gaps, 1)[0])
    parts = [np.array([at])]
    while at < stop:
        steps = luck.of(gaps, max(16, int(1.2 * (stop - at) / gaps.mean()) + 1))
        parts.append(at + np.cumsum(steps))
        at = float(parts[-1][-1])
    every = np.concatenate(parts)
    begins = np.clip(coming.hours.time_of(every[every < stop]), until, end)
    if (coming.sizes == 1).all():
        return begins
    return np.repeat(begins, _Luck("uploads", seed, replication).of(coming.sizes, len(begins)))


class _Luck:
    """Draws by counter, one after another, as docs/semantics.md, Draws, has them for tasks."""

    def __init__(self, purpose: str, seed: int, replication: int) -> None:
        self.purpose, self.seed, self.replication, self.drawn = purpose, seed, replication, 0

    def of(self, values: NDArray[_Number], many: int) -> NDArray[_Number]:
        """So many of the values, each as likely as the others."""
        numbers = np.arange(self.drawn, self.drawn + many, dtype=np.uint64) * GAMMA
        self.drawn += many
        uniforms = thresholds(numbers, self.purpose, self.seed, self.replication) / RESOLUTION
        return values[(uniforms * len(values)).astype(np.int64)]


class Replications:
    """Repeats what a twin does after its date."""

    def __init__(self, twin: Twin, end: float, seed: int = 0) -> None:
        """A twin, and until when cases begin; luck is told by the seed."""
        self.twin, self.end, self.seed = twin, end, seed
        self.ids = [stage.id for stage in twin.chain.graph.stages]
        coming = twin.calibration.coming
        self.zero = float(np.floor(coming.begins[0] / WEEK) * WEEK)
        events = len(twin.calibration.log.start) / max(1, len(twin.calibration.log))
        self.room = min(MOST_SERVICES, int(60 * events * (len(twin.calibration.log) + 50)))
        desks = len(twin.net.stage)
        self.measures = new_measures(len(self.ids), desks, np.zeros(0), 0)

    def log(self, replication: int) -> EventLog:
        """The cases that begin after the date; those before it, as they began, keep people busy.

        Raises:
            InputError: More happens than can be simulated.
        """
        calibration, coming = self.twin.calibration, self.twin.calibration.coming
        drawn = begins_after(coming, calibration.until, self.end, self.seed, replication)
        begins = np.concatenate((coming.begins, drawn))
        given = np.ascontiguousarray(begins - self.zero)
        horizon = float(given[-1]) + HORIZON
        orders = Orders(0, len(given), 0.0, horizon, horizon, MOST_EVENTS, given)
        draws = (
            keys_of_stages(self.seed, replication, self.ids),
            keys_of_arrivals(self.seed, replication),
        )
        measures = measures_anew(self.measures, len(self.ids), 0, self.room)
        nothing = np.zeros(0, np.int64)
        fits = run(self._net(replication), orders, draws, nothing, measures, MOST_CELLS)
        many = int(measures.moves[1])
        if not fits or many == self.room or measures.totals[EVENTS] >= MOST_EVENTS:
            message = f"more happens than can be simulated, {counted(many)} events and more."
            raise InputError("The workflow of the log", message, "Take a shorter part of it.")
        return self._log(measures, many, len(coming.begins))

    def _net(self, replication: int) -> Network:
        """The workflow with durations drawn anew from those seen: how well they are known."""
        net = self.twin.net
        luck = _Luck("minutes", self.seed, replication)
        ends = net.first_sample.tolist()
        parts = [net.sample[first:last] for first, last in pairwise(ends)]
        drawn = [np.sort(luck.of(part, len(part))) if len(part) else part for part in parts]
        return net._replace(sample=np.concatenate(drawn) if drawn else net.sample)

    def _log(self, measures: Measures, many: int, before: int) -> EventLog:
        log = self.twin.calibration.log
        case, stage, person, start, end = measures.services[:many].T
        activity = np.array(self.twin.activity)[stage.astype(np.int64)]
        kept = (activity >= 0) & (case >= before)
        numbers = case[kept].astype(np.int64) - before
        columns = (
            numbers,
            activity[kept].astype(np.int32),
            person[kept].astype(np.int32),
            start[kept] + self.zero,
            end[kept] + self.zero,
        )
        names = [str(number) for number in range(int(numbers.max(initial=-1)) + 1)]
        people = [str(number) for number in range(len(self.twin.net.first_person))]
        return event_log(columns, names, log.activities, people)
