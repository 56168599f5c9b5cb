"""Event logs as CSV: columns by any usual name, dates in the usual spellings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from core.errors import InputError
from core.flow.logs.event_log import MONDAY_MS, NOBODY, EventLog, event_log
from core.flow.plan import plan_problem
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import counted
from core.model.phrases import joined
from core.spreadsheet import csv_rows

KNOWN: Mapping[str, tuple[str, ...]] = {
    "case": ("caseid", "case", "caseconceptname", "traceid", "caseidentifier", "taskid", "id"),
    "activity": ("activity", "activityname", "conceptname", "event", "task", "stage", "step"),
    "resource": ("resource", "orgresource", "user", "person", "worker", "assignee", "completedby"),
    "start": ("starttimestamp", "start", "starttime", "startdate", "begin", "startedat", "started"),
    "end": (
        *("completetimestamp", "end", "endtime", "endtimestamp", "enddate", "completiontime"),
        *("complete", "completedat", "finish", "finished", "timetimestamp", "timestamp"),
    ),
}
"""Names of columns, in small letters without signs; the first that a file has is taken."""
NEEDED = ("case", "activity")
SHOWN = 3
"""Rows that are left out and named one by one."""

_DATE = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})"
    r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp][Mm])?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_SINCE_1970 = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")


def read_log(text: str, source: str, columns: Mapping[str, str] | None = None) -> EventLog:
    """Read an event log.

    Args:
        text: CSV with a row of names; separated by comma, semicolon or tab.
        source: Names it in errors.
        columns: Name of the column of each of `KNOWN` that is not to be told by its name.

    Raises:
        InputError: It has no rows, a column is missing or not known, or no row can be used.
    """
    rows = csv_rows(text, source)
    names = next(rows, None)
    if names is None:
        raise InputError(source, "is empty.", "An event log is CSV with a row of names.")
    reader = _Reader(_places(names[1], source, columns or {}), source)
    for line, row in rows:
        reader.add(row, line)
    return reader.log()


def columns_of(pairs: Sequence[str]) -> dict[str, str]:
    """Which column is which part of an event, from texts such as `case=Order number`.

    Raises:
        InputError: One is no part and its column.
    """
    columns = {}
    for pair in pairs:
        what, sign, name = pair.partition("=")
        if not sign or not name.strip():
            hint = "For example case=Order, or start=Began at."
            raise InputError("--columns", f"“{pair}” is no part and its column.", hint)
        columns[what.strip()] = name.strip()
    return columns


def _places(names: Sequence[str], source: str, chosen: Mapping[str, str]) -> dict[str, int]:
    unknown = [what for what in chosen if what not in KNOWN]
    if unknown:
        message = f"“{unknown[0]}” is no part of an event."
        raise InputError("--columns", message, f"Parts are {joined(list(KNOWN), 'and')}.")
    plain = [re.sub(r"[\W_]", "", name.casefold()) for name in names]
    places = {}
    for what, known in KNOWN.items():
        if what in chosen:
            if chosen[what] not in names:
                message = f"has no column “{chosen[what]}”."
                raise InputError(source, message, _its_columns(names))
            places[what] = list(names).index(chosen[what])
        else:
            present = [plain.index(one) for one in known if one in plain]
            places |= {what: present[0]} if present else {}
    missing = [what for what in NEEDED if what not in places]
    missing += [] if {"start", "end"} & set(places) else ["start", "end"]
    if missing:
        message = f"no column is known as {joined([f'“{one}”' for one in missing], 'or')}."
        hint = f"{_its_columns(names)} Say --columns {missing[0]}=…"
        raise InputError(source, message, hint)
    return places


def _its_columns(names: Sequence[str]) -> str:
    return f"Its columns are {joined([name.strip()[:40] for name in names[:20]], 'and')}."


@dataclass
class _Reader:
    places: Mapping[str, int]
    source: str
    codes: dict[str, dict[str, int]] = field(
        default_factory=lambda: {"case": {}, "activity": {}, "resource": {}}
    )
    lines: list[int] = field(default_factory=list)
    numbers: list[tuple[int, int, int]] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)

    def add(self, row: Sequence[str], line: int) -> None:
        cells = {what: row[at].strip() for what, at in self.places.items() if at < len(row)}
        if not cells.get("case") or not cells.get("activity"):
            missing = "activity" if cells.get("case") else "case"
            self.left_out.append((line, f"it has no {missing}"))
            return
        resource = cells.get("resource", "")
        self.lines.append(line)
        self.numbers.append(
            (
                self._code("case", cells["case"]),
                self._code("activity", cells["activity"]),
                self._code("resource", resource) if resource else NOBODY,
            )
        )
        self.starts.append(cells.get("start", ""))
        self.ends.append(cells.get("end", ""))

    def _code(self, what: str, name: str) -> int:
        return self.codes[what].setdefault(name, len(self.codes[what]))

    def log(self) -> EventLog:
        problems: list[RuleDiagnostic] = []
        starts, ends = self.starts, self.ends
        if not any(ends):
            problems.append(self._one_time("end", "start"))
            ends = starts
        elif not any(starts):
            problems.append(self._one_time("start", "end"))
            starts = ends
        day_first = _day_first([*starts, *ends])
        if day_first is None:
            message = "Days and months of its dates cannot be told apart: the first is the month."
            problems.append(plan_problem("log.day_or_month", "warning", "", message, _ISO))
        times = np.full((len(starts), 2), np.nan)
        for at, pair in enumerate(zip(starts, ends, strict=True)):
            for side, cell in enumerate(pair):
                minute = _minute(cell, bool(day_first))
                if minute is None:
                    why = f"“{cell[:40]}” is no date" if cell else f"no {('start', 'end')[side]}"
                    self.left_out.append((self.lines[at], why))
                    break
                times[at, side] = minute
        known = ~np.isnan(times).any(axis=1)
        backwards = known & (times[:, 1] < times[:, 0])
        for line in np.array(self.lines, np.int64)[backwards].tolist():
            self.left_out.append((line, "it ends before it begins"))
        kept = known & ~backwards
        problems += self._left_out(int(kept.sum()))
        if not kept.any():
            reason = f"; {problems[-1].message}" if self.left_out else ""
            raise InputError(self.source, f"has no event that can be used{reason}.".rstrip("."))
        case, activity, resource = np.array(self.numbers, np.int64).T
        columns = (
            case[kept],
            activity[kept].astype(np.int32),
            resource[kept].astype(np.int32),
            times[kept, 0],
            times[kept, 1],
        )
        cases, activities, resources = (list(names) for names in self.codes.values())
        return event_log(columns, cases, activities, resources, problems)

    def _one_time(self, missing: str, other: str) -> RuleDiagnostic:
        message = f"It has no {missing} times: the {other} counts for both, so work takes no time."
        hint = f"Say --columns {missing}=… if there is one."
        code = "log.no_end" if missing == "end" else "log.no_start"
        return plan_problem(code, "warning", missing, message, hint)

    def _left_out(self, kept: int) -> list[RuleDiagnostic]:
        if not self.left_out:
            return []
        rows = sorted(self.left_out)
        few = "; ".join(f"line {line}: {why}" for line, why in rows[:SHOWN])
        more = f"; and {counted(len(rows) - SHOWN)} more" if len(rows) > SHOWN else ""
        message = f"{counted(len(rows))} of {counted(len(rows) + kept)} rows are left out: "
        return [plan_problem("log.rows", "warning", "", f"{message}{few}{more}.", "")]


_ISO = "Write dates as 2026-01-31 08:30."


def _day_first(cells: Sequence[str]) -> bool | None:
    """Whether 01/02/2026 is in February; None where nothing tells and it matters."""
    seen = [_DATE.fullmatch(cell) for cell in cells]
    parts = [one for one in seen if one is not None and len(one[1]) < 3]
    if not parts or any("." in one[0][:3] for one in parts):
        return bool(parts)
    if any(int(one[1]) > 12 for one in parts):
        return True
    return False if any(int(one[2]) > 12 for one in parts) else None


def _minute(cell: str, day_first: bool) -> float | None:
    """Minutes since the Monday of the logs; None for what is no date."""
    if _SINCE_1970.fullmatch(cell):
        ms = float(cell) * (1 if len(cell.partition(".")[0]) > 11 else 1_000)
        return (ms - MONDAY_MS) / 60_000
    parts = _DATE.fullmatch(cell)
    if parts is None:
        return None
    one, two, three = int(parts[1]), int(parts[2]), int(parts[3])
    if len(parts[1]) > 2:
        year, month, day = one, two, three
    else:
        year, month, day = three, *((two, one) if day_first else (one, two))
    hour, minute, second = (int(parts[place] or 0) for place in (4, 5, 6))
    if parts[8]:
        hour = hour % 12 + (12 if parts[8].lower() == "pm" else 0)
    fraction = float(f"0.{parts[7]}") if parts[7] else 0.0
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=_zone(parts[9]))
        return (at.timestamp() + fraction - MONDAY_MS / 1_000) / 60
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))
