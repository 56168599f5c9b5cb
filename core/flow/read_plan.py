"""A plan of work, read from JSON.

What cannot be used at all is refused with its place; a value that is wrong by itself is a finding
with the value that is counted instead (docs/semantics.md, Forecasts).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeGuard, get_args

from core.errors import InputError
from core.flow.plan import (
    DAY,
    REPLICATIONS,
    ArrivalKind,
    Arrivals,
    Json,
    ServiceTime,
    Shifts,
    Staff,
    TimeKind,
    WorkPlan,
    plan_problem,
)
from core.model.diagnostics import RuleDiagnostic, Severity
from core.model.figures import counted, whole_number
from core.model.numbers import number_of
from core.model.phrases import joined

MOST_REPLICATIONS = 10_000
MOST_PEOPLE = 100_000
MOST_PRIORITY = 1_000_000
OF_TABLE = ("table", "uploads")
"""Arrivals whose tasks are those of a table, or drawn from it."""
HINT = "docs/semantics.md, Forecasts, has the whole form."


def read_plan(value: Json, source: str = "plan") -> WorkPlan:
    """Read a plan.

    Args:
        value: Parsed JSON.
        source: Names it in errors.

    Raises:
        InputError: It cannot be used at all; says where, and what stands there in a plan.
    """
    return _Reader(source).plan(value)


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[RuleDiagnostic] = []

    def refuse(self, where: str, message: str, hint: str = HINT) -> InputError:
        return InputError(self.source, message, hint, where)

    def note(self, code: str, severity: Severity, place: str, message: str, hint: str = "") -> None:
        self.problems.append(plan_problem(code, severity, place, message, hint))

    def plan(self, value: Json) -> WorkPlan:
        if not isinstance(value, dict):
            raise InputError(self.source, "this is not a plan.", "A plan is a JSON object; " + HINT)
        horizon = self.needed(value, "horizon_hours")
        if horizon <= 0:
            raise self.refuse("horizon_hours", f"{whole_number(horizon)} is not above 0.")
        warm_up = self.at_least_0(value.get("warm_up_hours", 0), "warm_up_hours")
        if warm_up >= horizon:
            message = f"the warm-up of {whole_number(warm_up)} hours leaves nothing to measure."
            raise self.refuse("warm_up_hours", message, "Make it shorter than the horizon.")
        sticky, start = value.get("sticky", True), value.get("start")
        if not isinstance(sticky, bool):
            self.unreadable("sticky", sticky, "true")
            sticky = True
        self.known(value, "", ("horizon_hours", "warm_up_hours", "replications", "seed", "arrivals",
                               "stages", "rates", "priorities", "sticky", "precision",
                               "start"))  # fmt: skip
        arrivals = self.arrivals(value.get("arrivals"))
        return WorkPlan(
            arrivals=arrivals,
            staff=self.stages(value.get("stages", {})),
            horizon_hours=horizon,
            warm_up_hours=warm_up,
            replications=self.replications(value.get("replications", REPLICATIONS)),
            seed=self.seed(value.get("seed", 0)),
            sticky=sticky,
            precision=self.precision(value.get("precision")),
            start_minute=0.0 if start is None else self.start(start),
            rates=self.rates(value.get("rates")),
            priorities=self.priorities(value.get("priorities"), arrivals),
            problems=tuple(self.problems),
            source=self.source,
        )

    def arrivals(self, value: Json) -> Arrivals:
        kinds = get_args(ArrivalKind)
        if not isinstance(value, dict):
            raise self.refuse("arrivals", f"is missing; it has a kind: {joined(kinds, 'or')}.")
        kind = value.get("kind")
        if not _is_one_of(kind, kinds):
            raise self.refuse("arrivals.kind", f"is not {joined(kinds, 'or')}.")
        needs = {"poisson": "per_hour", "at_once": "tasks", "uploads": "uploads"}.get(kind, "")
        self.known(value, "arrivals", ("kind", needs))
        if kind == "table":
            return Arrivals("table")
        if kind == "uploads":
            return self.uploads(value.get("uploads"))
        place = f"arrivals.{needs}"
        if needs not in value:
            raise self.refuse(place, "is missing: how many tasks come.")
        many = self.at_least_0(value[needs], place)
        if kind == "at_once":
            many = self.whole(many, place)
        if many == 0:
            self.note("arrivals.none", "warning", place, "No task comes.", "Give a number above 0.")
        if kind == "poisson":
            return Arrivals("poisson", per_hour=many)
        return Arrivals("at_once", tasks=int(many))

    def uploads(self, value: Json) -> Arrivals:
        place = "arrivals.uploads"
        if not isinstance(value, list) or not value:
            raise self.refuse(place, "is no list of uploads, each with at_hours and tasks.")
        uploads = [self.upload(one, f"{place}[{number}]") for number, one in enumerate(value)]
        many = sum(tasks for _, tasks in uploads)
        if many == 0:
            self.note("arrivals.none", "warning", place, "No task comes.", "Give a number above 0.")
        return Arrivals("uploads", tasks=many, uploads=tuple(sorted(uploads)))

    def upload(self, value: Json, place: str) -> tuple[float, int]:
        if not isinstance(value, dict):
            raise self.refuse(place, "is not an object with at_hours and tasks.")
        self.known(value, place, ("at_hours", "tasks"))
        numbers = []
        for name in ("at_hours", "tasks"):
            number = self.number(value.get(name), f"{place}.{name}")
            if number is None or number < 0 or (name == "tasks" and number != int(number)):
                what = "a number from 0" if name == "at_hours" else "a whole number from 0"
                raise self.refuse(f"{place}.{name}", f"is not {what}.")
            numbers.append(number)
        return numbers[0], int(numbers[1])

    def stages(self, value: Json) -> tuple[Staff, ...]:
        if not isinstance(value, dict):
            raise self.refuse("stages", "is not an object of stages by id or name.")
        return tuple(self.staff(name, entry) for name, entry in value.items())

    def staff(self, name: str, value: Json) -> Staff:
        place = f"stages.{name}"
        if not isinstance(value, dict):
            raise self.refuse(place, "is not an object with people and minutes.")
        self.known(value, place, ("people", "minutes", "cost_per_hour", "calendar"))
        cost = value.get("cost_per_hour")
        minutes = value.get("minutes")
        if minutes is None:
            message = "How long a visit takes is not said: it takes no time."
            self.note("minutes.missing", "warning", f"{place}.minutes", message, "Give minutes.")
        return Staff(
            stage=name,
            people=self.people(value, place),
            minutes=None if minutes is None else self.minutes(minutes, f"{place}.minutes"),
            cost_per_hour=None if cost is None else self.at_least_0(cost, f"{place}.cost_per_hour"),
            shifts=self.shifts(value.get("calendar"), f"{place}.calendar"),
        )

    def people(self, value: dict[str, Json], place: str) -> int:
        place = f"{place}.people"
        if "people" not in value:
            message = "How many people work there is not said: one is counted."
            self.note("people.missing", "warning", place, message, "Give a number.")
            return 1
        many = self.whole(self.at_least_0(value["people"], place), place)
        if many > MOST_PEOPLE:
            message = f"{counted(MOST_PEOPLE)} people are counted, and no more."
            self.note("people.many", "warning", place, message)
        if many == 0:
            message = "Nobody works there: tasks that come there stay."
            self.note("people.none", "error", place, message, "Give a number above 0.")
        return int(min(many, MOST_PEOPLE))

    def minutes(self, value: Json, place: str) -> ServiceTime:
        kinds = get_args(TimeKind)
        kind = value.get("kind") if isinstance(value, dict) else None
        if not _is_one_of(kind, kinds):
            raise self.refuse(f"{place}.kind", f"is not {joined(kinds, 'or')}.")
        self.known(value, place, ("kind", "mean", "sd"))
        mean, sd = value.get("mean"), value.get("sd")
        mean = None if mean is None else self.at_least_0(mean, f"{place}.mean")
        sd = None if sd is None else self.at_least_0(sd, f"{place}.sd")
        if sd is not None and kind != "lognormal":
            message = f"A deviation means nothing where minutes are {kind}: it is left out."
            self.note("sd.unused", "note", f"{place}.sd", message, "Or make the kind lognormal.")
            sd = None
        if mean == 0 and kind != "history":
            message = "Work there takes no time."
            self.note("minutes.zero", "warning", f"{place}.mean", message, "Give minutes above 0.")
        return ServiceTime(kind, mean, sd)

    def shifts(self, value: Json, place: str) -> Shifts | None:
        if value is None:
            return None
        calendar = value if isinstance(value, dict) else {}
        self.known(calendar, place, ("days", "from", "to"))
        days = calendar.get("days", list(range(7)))
        opens, closes = (_minute(calendar.get(one, two)) for one, two in _WHOLE_DAY)
        whole_days = isinstance(days, list) and all(
            type(one) is int and 0 <= one < 7 for one in days
        )
        if not isinstance(value, dict) or not whole_days or opens is None or closes is None:
            message = "These are no working hours: people there work without pause."
            hint = 'For example: {"days": [0, 1, 2, 3, 4], "from": "08:00", "to": "16:00"}.'
            self.note("calendar.unreadable", "warning", place, message, hint)
            return None
        if not days or opens == closes:
            message = "Nobody ever works there: tasks that come there stay."
            self.note("calendar.never", "error", place, message, "Give days, and hours between.")
            return Shifts((), 0, 0)
        return Shifts(tuple(sorted({*days})), opens, closes)

    def replications(self, value: Json) -> int:
        many = self.number(value, "replications")
        if many is None or many < 1 or many != int(many) or many > MOST_REPLICATIONS:
            message = f"is not a whole number from 1 to {counted(MOST_REPLICATIONS)}."
            raise self.refuse("replications", message, "Thirty tell much, a few hundred most.")
        return int(many)

    def seed(self, value: Json) -> int:
        number = self.number(value, "seed")
        if number is None or number != int(number):
            self.unreadable("seed", value, "0")
            return 0
        return int(value) if isinstance(value, int) else int(number)

    def precision(self, value: Json) -> float | None:
        if value is None:
            return None
        share = self.number(value, "precision")
        if share is None or share <= 0:
            self.unreadable("precision", value, "all replications")
            return None
        return share

    def start(self, value: Json) -> float:
        try:
            at = datetime.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.unreadable("start", value, "Monday, 00:00")
            return 0.0
        return at.weekday() * DAY + at.hour * 60 + at.minute + at.second / 60

    def rates(self, value: Json) -> Mapping[str, Json]:
        if value is not None and not isinstance(value, dict):
            raise self.refuse("rates", "is not an object of chances by stage.")
        return value or {}

    def priorities(self, value: Json, arrivals: Arrivals) -> Mapping[str, int]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.refuse("priorities", "is not an object of whole numbers by batch.")
        numbers = {}
        for name, one in value.items():
            number = self.number(one, f"priorities.{name}")
            if number is None or number != int(number) or abs(number) > MOST_PRIORITY:
                most = counted(MOST_PRIORITY)
                raise self.refuse(f"priorities.{name}", f"is not a whole number up to {most}.")
            numbers[name] = int(number)
        if numbers and arrivals.kind not in OF_TABLE:
            message = "Tasks that are of no table are in no batch: priorities change nothing."
            hint = "Let the table's tasks come, at once or in uploads."
            self.note("plan.priorities_unused", "note", "priorities", message, hint)
            return {}
        return numbers

    def needed(self, value: dict[str, Json], key: str) -> float:
        number = self.number(value.get(key), key)
        if number is None:
            raise self.refuse(key, "is missing or is not a number.")
        return number

    def number(self, value: Json, place: str) -> float | None:
        """A finite number, also from text; None for anything else."""
        try:
            number = number_of(value)
        except (ValueError, OverflowError):
            return None
        if isinstance(value, str):
            message = f"The number {value.strip()} is written as text."
            self.note("number.as_text", "note", place, message, "It is read as a number.")
        return number

    def at_least_0(self, value: Json, place: str) -> float:
        number = self.number(value, place)
        if number is None:
            self.unreadable(place, value, "0")
            return 0.0
        if number < 0:
            message = f"{whole_number(number)} is below 0: it is counted as 0."
            self.note("value.negative", "error", place, message, "Give a number from 0.")
            return 0.0
        return number

    def whole(self, number: float, place: str) -> float:
        if number == int(number):
            return number
        message = f"{whole_number(number)} is not whole: {counted(int(number))} is counted."
        self.note("value.fraction", "warning", place, message, "Give a whole number.")
        return float(int(number))

    def unreadable(self, place: str, value: Json, instead: str) -> None:
        message = f"“{str(value)[:40]}” cannot be read there: {instead} is counted."
        self.note("value.unreadable", "error", place, message, "Give what the form asks for.")

    def known(self, value: dict[str, Json], place: str, keys: Collection[str]) -> None:
        for key in value:
            if key not in keys:
                where = f"{place}.{key}" if place else key
                message = f"A plan has no {key} there: it changes nothing."
                self.note("plan.key_unknown", "note", where, message, HINT)


_WHOLE_DAY = (("from", "00:00"), ("to", "24:00"))


def _is_one_of(value: Json, kinds: Collection[Any]) -> TypeGuard[Any]:
    return isinstance(value, str) and value in kinds


def _minute(value: Json) -> float | None:
    """`08:30` as a minute of the day, up to `24:00`; None for anything else."""
    hours, colon, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        return None
    minute = int(hours) * 60 + int(minutes) if len(hours) <= 2 else DAY + 1
    return minute if int(minutes) < 60 and minute <= DAY else None
