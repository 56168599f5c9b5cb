"""A workflow with its people, learnt from what an event log shows until a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.flow.logs.event_log import EventLog
from core.flow.logs.hours import ALWAYS, Hours, arrival_hours, working_hours
from core.flow.logs.ways import Ways, ways_of
from core.flow.plan import plan_problem
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import counted, share_text
from core.model.phrases import joined
from core.tasks.table import Floats

FEW = 30
"""Below so many cases or events what is learnt is a guess, and the finding says so."""
OVERLAPPING = 0.1
"""From this part of a log's steps on its overlaps are a finding."""


TOGETHER, APART = 1.0, 60.0
"""Minutes within which cases begin together, and from which on they do not."""


@dataclass(frozen=True, slots=True, eq=False)
class CaseBegins:
    """How cases begin.

    Args:
        hours: How much each hour of the week counts.
        gaps: Minutes between two begins, or two uploads, in these hours, ascending.
        sizes: How many cases each of them has; 1 where cases do not come in uploads.
        begins: When the cases began that are known, ascending.
    """

    hours: Hours
    gaps: Floats
    sizes: NDArray[np.int64]
    begins: Floats

    @property
    def per_hour(self) -> float:
        """Cases per hour of the clock, on the average."""
        mean = float(self.gaps.mean()) if len(self.gaps) else 0.0
        return 60 * float(self.sizes.mean()) / mean if mean else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """How an activity is worked at.

    Args:
        activity: Its code in the log.
        people: How many at once.
        hours: When they work.
        minutes: How long it took, in working hours, ascending.
        delays: Minutes in working hours that a case waited for it though whoever then did it was
            free, ascending; 0 where nobody is known to have been.
    """

    activity: int
    people: int
    hours: Hours
    minutes: Floats
    delays: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A workflow with its people, as a log shows it until a date.

    Args:
        log: All of the log.
        until: The date, in minutes of the log.
        coming: How cases begin.
        work: By activity that was seen.
        ways: Which activity follows which.
        cases: Cases that end before the date.
        problems: What was assumed, or is known too little.
    """

    log: EventLog
    until: float
    coming: CaseBegins
    work: tuple[Work, ...]
    ways: Ways
    cases: int
    problems: tuple[RuleDiagnostic, ...]


def calibrate(log: EventLog, until: float) -> Calibration:
    """Learn a workflow with its people from what is known at a date.

    Begins are those of all cases until then; durations, people and hours those of all events that
    had ended. What follows what is known of these events too, but where a case ends only of cases
    that had (docs/semantics.md, Against reality).

    Args:
        log: The events.
        until: Minutes of the log.

    Raises:
        InputError: No case ends before the date.
    """
    over = (log.ends < until) & ~log.unfinished
    if not over.any():
        message = "no case ends before it, so nothing can be learnt."
        raise InputError("The date that parts the log", message, "Give a later one.")
    seen = log.end < until
    ways = ways_of(log, seen, over)
    every_hour = working_hours(np.concatenate((log.start[seen], log.end[seen])))
    problems = list(_problems(log, seen, over, every_hour is None))
    busy = _Busy(log, seen)
    waits_from = _enabled(log, seen)
    share = _share_of_people(log, seen)
    work = tuple(
        _work(log, busy, seen & (log.activity == code), waits_from, share[code], every_hour)
        for code in np.unique(log.activity[seen]).tolist()
    )
    begins = log.begins[log.begins < until]
    hours = arrival_hours(begins, float(begins[0]), until)
    uploads, sizes = _uploads(begins)
    gaps = np.sort(np.diff(hours.counted_until(uploads)))
    return Calibration(
        replace(log, problems=()),
        until,
        CaseBegins(hours, gaps, sizes, begins),
        work,
        ways,
        int(over.sum()),
        (*log.problems, *problems, *ways.problems),
    )


def _uploads(begins: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """When cases came, and how many at a time.

    Cases come in uploads where no two begin between `TOGETHER` and `APART` from each other. Gap by
    gap hundreds of them are nought, and a few tell the rate: it would be anything.
    """
    gaps = np.diff(begins)
    inside = gaps < TOGETHER
    stream = inside.all() and begins[-1] - begins[0] >= APART
    if stream or not inside.any() or (~inside & (gaps < APART)).any():
        return begins, np.ones(len(begins), np.int64)
    first = np.concatenate(([0], np.flatnonzero(~inside) + 1))
    return begins[first], np.diff(np.append(first, len(begins)))


def _problems(
    log: EventLog, seen: NDArray[np.bool_], over: NDArray[np.bool_], no_hours: bool
) -> list[RuleDiagnostic]:
    problems = []
    cases = int(over.sum())
    if cases < FEW:
        message = f"Only {counted(cases)} cases end before the date: what is learnt is a guess."
        problems.append(plan_problem("cases.few", "warning", "", message, "Give a later date."))
    many = np.bincount(log.activity[seen], minlength=len(log.activities))
    few = [name for name, one in zip(log.activities, many.tolist(), strict=True) if 0 < one < FEW]
    if few:
        shown = joined([f"“{one}”" for one in few[:4]], "and")
        more = f" and {counted(len(few) - 4)} more" if len(few) > 4 else ""
        message = f"Fewer than {FEW} events tell how long these take: {shown}{more}."
        problems.append(plan_problem("events.few", "note", "", message))
    if no_hours:
        message = "Too few events tell when people work: they are taken to work without pause."
        problems.append(plan_problem("hours.unknown", "note", "", message))
    if (log.resource[seen] < 0).all():
        message = "It does not say who did what: as many are counted as worked at once."
        problems.append(plan_problem("people.unknown", "note", "", message))
    inner = np.ones(len(log.start), np.bool_)
    inner[log.offsets[:-1]] = False
    before = np.flatnonzero(inner) - 1
    overlap = float((log.start[before + 1] < log.end[before]).mean()) if len(before) else 0.0
    if overlap > OVERLAPPING:
        message = (
            f"{share_text(overlap)} of the steps begin before the step before them has ended; "
            "here they follow each other, so cases take longer."
        )
        problems.append(plan_problem("steps.overlap", "note", "", message))
    if not (log.end[seen] > log.start[seen]).any():
        message = "No event takes any time: what cases take is waiting alone."
        problems.append(plan_problem("log.no_time", "warning", "", message))
    return problems


def _enabled(log: EventLog, seen: NDArray[np.bool_]) -> Floats:
    """When each event could have begun: as the one before it ended; not a number at the first."""
    enabled = np.full(len(log.start), np.nan)
    enabled[1:] = log.end[:-1]
    enabled[log.offsets[:-1]] = np.nan
    enabled[~seen] = np.nan
    return enabled


def _share_of_people(log: EventLog, seen: NDArray[np.bool_]) -> dict[int, float]:
    """People of each activity: each counts there by the part of their time that it takes."""
    known = seen & (log.resource >= 0)
    minutes = np.maximum(log.end - log.start, 1e-6)[known]
    size = max(1, len(log.resources))
    pairs = np.bincount(
        log.activity[known].astype(np.int64) * size + log.resource[known],
        weights=minutes,
        minlength=len(log.activities) * size,
    ).reshape(len(log.activities), size)
    whole = pairs.sum(axis=0)
    shares = pairs / np.where(whole > 0, whole, 1.0)
    return dict(enumerate(shares.sum(axis=1).tolist()))


def most_at_once(start: Floats, end: Floats) -> int:
    """How many of these spans run at one time at most; ends go before begins at one time."""
    lasting = end > start
    if not lasting.any():
        return 0
    times = np.concatenate((start[lasting], end[lasting]))
    steps = np.repeat([1, -1], lasting.sum())
    order = np.lexsort((steps, times))
    return int(np.cumsum(steps[order]).max())


def _work(
    log: EventLog,
    busy: _Busy,
    chosen: NDArray[np.bool_],
    enabled: Floats,
    share: float,
    every_hour: Hours | None,
) -> Work:
    start, end = log.start[chosen], log.end[chosen]
    hours = working_hours(np.concatenate((start, end))) or every_hour or ALWAYS
    minutes = hours.counted_until(end) - hours.counted_until(start)
    outside = (minutes <= 0) & (end > start)
    minutes[outside] = (end - start)[outside]  # done at night: as long as the clock says
    window = hours.counted_until(np.array([start.min(), end.max()]))
    open_for = float(window[1] - window[0])
    needed = ceil(float(minutes.sum()) / open_for - 1e-9) if open_for > 0 else 1
    people = max(1, round(share), most_at_once(start, end), needed)
    waits = np.flatnonzero(chosen & (enabled < log.start))
    idle = np.zeros(int((chosen & ~np.isnan(enabled)).sum()))
    if len(waits):
        idle[: len(waits)] = busy.free_minutes(waits, enabled[waits], hours, people)
    return Work(
        int(log.activity[chosen][0]), people, hours, np.sort(minutes), np.sort(np.maximum(idle, 0))
    )


class _Busy:
    """When each person was at work."""

    def __init__(self, log: EventLog, seen: NDArray[np.bool_]) -> None:
        self.log, self.seen = log, seen
        self.spans: dict[int, tuple[Floats, Floats]] = {}
        order = np.argsort(log.resource, kind="stable")
        order = order[seen[order] & (log.end > log.start)[order]]
        for person, rows in zip(*_split(log.resource[order], order), strict=True):
            if person >= 0:
                self.spans[person] = merged(log.start[rows], log.end[rows])

    def free_minutes(
        self, events: NDArray[np.int64], enabled: Floats, hours: Hours, people: int
    ) -> Floats:
        """Working minutes before each event in which whoever did it was free.

        Where that is nobody known: in which fewer than all people worked at the activity.
        """
        start = self.log.start[events]
        free = hours.counted_until(start) - hours.counted_until(enabled)
        persons = self.log.resource[events]
        for person in np.unique(persons).tolist():
            of = persons == person
            if person >= 0:
                spans = self.spans.get(person)
            else:
                spans = self._all_busy(int(self.log.activity[events[0]]), people)
            if spans is not None:
                free[of] -= covered(spans, enabled[of], start[of], hours)
        return free

    def _all_busy(self, activity: int, people: int) -> tuple[Floats, Floats]:
        rows = self.seen & (self.log.activity == activity) & (self.log.end > self.log.start)
        times = np.concatenate((self.log.start[rows], self.log.end[rows]))
        steps = np.repeat([1, -1], int(rows.sum()))
        order = np.lexsort((steps, times))
        running, times = np.cumsum(steps[order]), times[order]
        full = np.flatnonzero(running[:-1] >= people)
        return merged(times[full], times[full + 1])


def _split(
    keys: Sequence[int] | NDArray[np.int32], rows: NDArray[np.int64]
) -> tuple[list[int], list[NDArray[np.int64]]]:
    names, firsts = np.unique(keys, return_index=True)
    return names.tolist(), np.split(rows, firsts[1:]) if len(names) else []


def merged(start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """The union of spans, in order."""
    order = np.argsort(start, kind="stable")
    start, end = start[order], np.maximum.accumulate(end[order]) if len(end) else end
    fresh = np.ones(len(start), np.bool_)
    fresh[1:] = start[1:] > end[:-1]
    last = np.append(np.flatnonzero(fresh)[1:] - 1, len(start) - 1)
    return start[fresh], end[last] if len(start) else end


def covered(spans: tuple[Floats, Floats], start: Floats, end: Floats, hours: Hours) -> Floats:
    """Working minutes between two times that the spans cover."""
    begins, ends = spans
    if not len(begins):
        return np.zeros(len(start))
    counted_begins, counted_ends = hours.counted_until(begins), hours.counted_until(ends)
    sums = np.concatenate(([0.0], np.cumsum(counted_ends - counted_begins)))

    def until(at: Floats) -> Floats:
        place = np.searchsorted(begins, at, "right")
        beyond = counted_ends[place - 1] - hours.counted_until(at)
        covered_until: Floats = sums[place] - np.where(place > 0, np.maximum(beyond, 0.0), 0.0)
        return covered_until

    return until(end) - until(start)
