"""What was done with which case, by whom and when, as columns; no object per event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.model.diagnostics import RuleDiagnostic
from core.model.project import Project
from core.model.stages import Archive, Complete
from core.tasks.table import UNKNOWN_TIME, Floats, Ints, TaskTable

MONDAY_MS = 4 * 86_400_000
"""1970-01-05, a Monday, in milliseconds since 1970: where the minutes of a log begin."""
NOBODY = -1


@dataclass(frozen=True, slots=True, eq=False)
class EventLog:
    """Events by case, cases by their begin, the events of each by start, then end.

    Args:
        cases: Names of the cases.
        activities: What is done, by code.
        resources: Who does it, by code.
        offsets: Events of case i are those from offsets[i] to offsets[i + 1].
        activity: Code in `activities`.
        resource: Code in `resources`, -1 for nobody.
        start: Minutes since Monday, 1970-01-05, 00:00 UTC.
        end: Likewise; not before `start`.
        unfinished: Cases that are known to go on behind their last event.
        problems: What was wrong where it was read.
    """

    cases: tuple[str, ...]
    activities: tuple[str, ...]
    resources: tuple[str, ...]
    offsets: NDArray[np.int64]
    activity: Ints
    resource: Ints
    start: Floats
    end: Floats
    unfinished: NDArray[np.bool_]
    problems: tuple[RuleDiagnostic, ...] = ()

    def __len__(self) -> int:
        return len(self.cases)

    @property
    def begins(self) -> Floats:
        """When each case begins, ascending."""
        return self.start[self.offsets[:-1]]

    @property
    def ends(self) -> Floats:
        """When the last event of each case ends."""
        if not len(self):
            return np.zeros(0)
        ends: Floats = np.maximum.reduceat(self.end, self.offsets[:-1])
        return ends

    @property
    def rows(self) -> NDArray[np.int64]:
        """Case of every event."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def choose(self, cases: NDArray[np.bool_]) -> EventLog:
        """The flagged cases alone."""
        return self._kept(cases, cases[self.rows])

    def until(self, end: float) -> EventLog:
        """What such a log would hold at a time: the events that have ended, and their cases."""
        events = self.end <= end
        many = np.bincount(self.rows[events], minlength=len(self))
        return self._kept(many > 0, events)

    def _kept(self, cases: NDArray[np.bool_], events: NDArray[np.bool_]) -> EventLog:
        lengths = np.bincount(self.rows[events], minlength=len(self))[cases]
        return EventLog(
            tuple(self.cases[place] for place in np.flatnonzero(cases)),
            self.activities,
            self.resources,
            np.concatenate(([0], np.cumsum(lengths))),
            self.activity[events],
            self.resource[events],
            self.start[events],
            self.end[events],
            self.unfinished[cases] | (lengths < np.diff(self.offsets)[cases]),
        )


def event_log(
    columns: tuple[NDArray[np.int64], Ints, Ints, Floats, Floats],
    cases: Sequence[str],
    activities: Sequence[str],
    resources: Sequence[str],
    problems: Sequence[RuleDiagnostic] = (),
    unfinished: NDArray[np.bool_] | None = None,
) -> EventLog:
    """Put events in order.

    Args:
        columns: Case, activity, resource by code, start and end in minutes; in any order.
        cases: Names by code; those without an event are left out.
        activities: Names by code.
        resources: Names by code.
        problems: What was wrong with them.
        unfinished: Cases, by code, that are known to go on.
    """
    case, activity, resource, start, end = columns
    begins = np.full(len(cases), np.inf)
    np.minimum.at(begins, case, start)
    present = np.flatnonzero(np.isfinite(begins))
    ordered = present[np.argsort(begins[present], kind="stable")]
    place = np.zeros(len(cases), np.int64)
    place[ordered] = np.arange(len(ordered))
    order = np.lexsort((end, start, place[case]))
    lengths = np.bincount(place[case], minlength=len(ordered))
    return EventLog(
        tuple(cases[one] for one in ordered),
        tuple(activities),
        tuple(resources),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        activity[order].astype(np.int32),
        resource[order].astype(np.int32),
        start[order],
        end[order],
        np.zeros(len(ordered), np.bool_) if unfinished is None else unfinished[ordered],
        tuple(problems),
    )


def log_of_table(table: TaskTable, project: Project | None = None) -> EventLog:
    """The histories of tasks: stages are activities, people are resources, entries are events.

    An entry ends at its `completedAt` and begins its duration before that; without a duration it
    takes no time. Entries without a date or a stage tell nothing. A task that is not at an end of
    the workflow is unfinished.

    Args:
        table: Tasks with histories.
        project: Whose stages of the types Complete and Archive are the ends; without it those that
            are called so.

    Raises:
        InputError: No entry has a date and a stage.
    """
    ends = {
        one.id for one in (project and project.stages) or () if isinstance(one, Complete | Archive)
    }
    ends = ends or {"Complete", "Archive"}
    unfinished: list[NDArray[np.bool_]] = []
    parts: list[tuple[NDArray[np.int64], Ints, Ints, Floats, Floats]] = []
    names: list[str] = []
    activities: dict[str, int] = {}
    people: dict[str, int] = {}
    for begin, piece in table.pieces():
        history = piece.history
        known = (history.at != UNKNOWN_TIME) & (history.stage >= 0)
        stage_codes = _codes([name or stage_id for stage_id, name in piece.stages], activities)
        person_codes = _codes(piece.people, people)
        person = history.person[known]
        end = (history.at[known] - MONDAY_MS) / 60_000
        minutes = np.nan_to_num(history.duration[known], nan=0.0) / 60_000
        resource = np.append(person_codes, NOBODY)[person].astype(np.int32)
        rows = history.rows[known] + begin
        stage = stage_codes[history.stage[known]]
        parts.append((rows, stage, resource, end - minutes, end))
        at_end = np.array([bool(ends & {*stage}) for stage in (*piece.stages, ("", ""))])
        unfinished.append(~at_end[piece.stage])
        names += [str(one) for one in piece.ids.to_pylist()]
    if not sum(len(part[0]) for part in parts):
        message = "no entry of a history has a date and a stage, so nothing tells what happened."
        raise InputError("The tasks", message, "Export tasks with their histories.")
    columns = tuple(np.concatenate(column) for column in zip(*parts, strict=True))
    going_on = np.concatenate(unfinished)
    return event_log(columns, names, list(activities), list(people), (), going_on)  # type: ignore[arg-type]


def _codes(names: Sequence[str], known: dict[str, int]) -> Ints:
    return np.array([known.setdefault(name, len(known)) for name in names], np.int32)
