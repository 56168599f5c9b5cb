"""The first part of an event log forecasts the rest, and the rest says how well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from core.errors import InputError
from core.flow.logs.calibrate import FEW, Calibration, calibrate
from core.flow.logs.distances import (
    cycle_hours,
    earth_mover,
    ngram_distance,
    remaining_hours,
    under_way,
)
from core.flow.logs.event_log import MONDAY_MS, EventLog
from core.flow.logs.simulate import Replications, twin_of
from core.flow.plan import plan_problem
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import counted
from core.model.reached import Reached, silent
from core.tasks.table import Floats

SHARE = 0.7
"""Of the cases that begin in the first part, where nothing else is said."""
REPLICATIONS = 50
TICKS = 60
"""Times at which cases under way are counted."""
PERIODS = 10
"""Parts of the time in which begins are counted."""
DECILES = tuple(range(10, 100, 10))
MEASURES = ("cycle_hours", "remaining_hours", "begins_hours", "ngram_2", "ngram_3")


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """What came, and what nine in ten replications have.

    Args:
        at: Where: minutes of the log, or percents of the cases.
        real: What came.
        mean: Of the replications.
        low: Their 5th percentile.
        high: Their 95th.
    """

    at: Floats
    real: Floats
    mean: Floats
    low: Floats
    high: Floats

    @property
    def held(self) -> float:
        """Part of the points at which what came is within."""
        return float(((self.real >= self.low) & (self.real <= self.high)).mean())


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the forecast is from what came.

    Args:
        mean: Over replications.
        low: 5th percentile over replications.
        high: 95th.
        luck: The same between two replications, on the average: what a perfect forecast would have.
        first_part: The same between the cases that end in the first part, and what came: what a
            forecast without a workflow would have. None where it says nothing.
    """

    mean: float
    low: float
    high: float
    luck: float
    first_part: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Reality:
    """A forecast by the first part of a log beside the rest.

    Args:
        calibration: What the first part shows.
        rest: The cases that begin after it.
        distances: By the names of `MEASURES`.
        under_way: Cases under way over time, of those that begin after the date.
        begins: Cases that begin, by part of the time.
        cycle: Hours of a case at deciles.
        first_hours: Hours of the cases that end in the first part.
        real_hours: Of the cases of the rest.
        forecast_hours: Of all replications together, ascending.
        replications: How many were made.
        problems: What to know of it.
    """

    calibration: Calibration
    rest: EventLog
    distances: Mapping[str, Distance]
    under_way: Band
    begins: Band
    cycle: Band
    first_hours: Floats
    real_hours: Floats
    forecast_hours: Floats
    replications: int
    problems: tuple[RuleDiagnostic, ...]


def moment_of(log: EventLog, share: float) -> float:
    """The time until which this share of the cases has begun, in minutes of the log.

    Raises:
        InputError: There are not two cases, or all begin at one time.
    """
    begins = log.begins
    if len(log) < 2:
        message = f"has {counted(len(log))} case: the first part and the rest need one each."
        raise InputError("The log", message.replace("0 case", "no case"), "Give a longer log.")
    if begins[0] == begins[-1]:
        message = "all its cases begin at the same time, so no date parts them."
        raise InputError("The log", message, "Give cases that begin one after another.")
    at = float(begins[min(len(begins) - 1, max(1, round(share * len(begins))))])
    return at if at > begins[0] else float(begins[begins > begins[0]][0])


def minute_of(at: datetime) -> float:
    """A date as minutes of a log; without a zone it is UTC."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (aware.timestamp() * 1_000 - MONDAY_MS) / 60_000


def date_of(minute: float) -> datetime:
    """The date of a minute of a log."""
    return datetime.fromtimestamp((minute * 60_000 + MONDAY_MS) / 1_000, UTC)


def against_reality(
    log: EventLog,
    until: float | None = None,
    replications: int = REPLICATIONS,
    seed: int = 0,
    progress: Reached = silent,
) -> Reality:
    """Learn from the part before a date, forecast the rest, and compare.

    Args:
        log: The events.
        until: The date in minutes of the log; None is where `SHARE` of the cases have begun.
        replications: How often the rest is simulated; two at least.
        seed: Of all draws.
        progress: Measures after each replication; what it raises ends the work.

    Raises:
        InputError: A part has no case, or more happens than can be simulated.
    """
    shared = moment_of(log, SHARE)
    until = shared if until is None else until
    rest = log.choose(log.begins >= until)
    if not len(rest):
        hint = "Give an earlier date."
        raise InputError("The date that parts the log", "no case begins after it.", hint)
    calibration = calibrate(log, until)
    end = float(rest.begins[-1]) + 1.0
    repeated = Replications(twin_of(calibration), end, seed)
    until_end, whole = float(log.end.max()), holds_whole_cases(log)
    logs: list[EventLog] = []
    for replication in range(replications):
        progress(replication, replications)
        logs.append(_as_logged(repeated.log(replication), until_end, whole))
    progress(replications, replications)
    first = log.choose((log.ends < until) & ~log.unfinished)
    some = [one for one in logs if len(one)]
    ticks = np.linspace(until, end, TICKS + 1)[1:]
    edges = np.linspace(until, end, PERIODS + 1)
    return Reality(
        calibration,
        rest,
        _distances(first, rest, some, until) if some else {},
        _band(ticks, under_way(rest, ticks), [under_way(one, ticks) for one in logs]),
        _band(edges[1:], _begun(rest, edges), [_begun(one, edges) for one in logs]),
        _band(
            np.array(DECILES, np.float64),
            np.percentile(cycle_hours(rest), DECILES),
            [np.percentile(cycle_hours(one), DECILES) for one in some or [rest]],
        ),
        np.sort(cycle_hours(first)),
        np.sort(cycle_hours(rest)),
        np.sort(np.concatenate([cycle_hours(one) for one in logs])),
        replications,
        (*calibration.problems, *_problems(rest, some, whole)),
    )


def holds_whole_cases(log: EventLog) -> bool:
    """Whether a log seems to hold cases only that ended before it does.

    So it is when none is known to go on, and nine in ten end with one of the activities with which
    half of the cases do.
    """
    if log.unfinished.any():
        return False
    many = np.sort(np.bincount(log.activity[log.offsets[1:] - 1]))[::-1]
    share = np.cumsum(many) / len(log)
    half = int(np.searchsorted(share, 0.5))
    return bool(share[half] >= 0.9)


def _as_logged(simulated: EventLog, end: float, whole: bool) -> EventLog:
    """What the log would hold of a replication, since it ends."""
    return simulated.choose(simulated.ends <= end) if whole else simulated.until(end)


def _begun(log: EventLog, edges: Floats) -> Floats:
    return np.histogram(log.begins, edges)[0].astype(np.float64)


def _band(at: Floats, real: Floats, simulated: Sequence[Floats]) -> Band:
    values = np.array(simulated)
    low, high = np.percentile(values, (5, 95), axis=0)
    return Band(at, real, values.mean(axis=0), low, high)


def _measured(one: EventLog, other: EventLog, since: float) -> dict[str, float]:
    distances = {
        "cycle_hours": earth_mover(cycle_hours(one), cycle_hours(other)),
        "remaining_hours": earth_mover(remaining_hours(one), remaining_hours(other)),
        "begins_hours": earth_mover((one.begins - since) / 60, (other.begins - since) / 60),
        "ngram_2": ngram_distance(one, other, 2),
        "ngram_3": ngram_distance(one, other, 3),
    }
    return {name: value for name, value in distances.items() if value is not None}


def _distances(
    first: EventLog, rest: EventLog, logs: Sequence[EventLog], until: float
) -> dict[str, Distance]:
    real = [_measured(one, rest, until) for one in logs]
    pairs = zip(logs, logs[1:] or logs, strict=False)
    luck = [_measured(one, other, until) for one, other in pairs]
    plain = _measured(first, rest, until)
    distances = {}
    for name in MEASURES:
        values = [one[name] for one in real]
        low, high = np.percentile(values, (5, 95))
        between = float(np.mean([one[name] for one in luck]))
        known = None if name == "begins_hours" else plain[name]
        distances[name] = Distance(float(np.mean(values)), float(low), float(high), between, known)
    return distances


def _problems(rest: EventLog, logs: Sequence[EventLog], whole: bool) -> list[RuleDiagnostic]:
    problems = []
    if whole:
        message = (
            "The log seems to hold cases only that ended before it does, so late ones in it are "
            "short: cases of the forecast that end later are left out, too."
        )
        problems.append(plan_problem("log.whole_cases", "note", "", message))
    if len(rest) < FEW:
        message = (
            f"Only {counted(len(rest))} cases begin after the date: bands and distances say little."
        )
        problems.append(plan_problem("rest.few", "warning", "", message, "Give an earlier date."))
    if not logs:
        message = "In no replication a case begins after the date, so there is nothing to compare."
        problems.append(plan_problem("begins.none", "error", "", message, "Give a later date."))
    return problems
