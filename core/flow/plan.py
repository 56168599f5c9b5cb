"""A plan of work: who works where, how long that takes, how tasks come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.model.diagnostics import Diagnostic, RuleDiagnostic, Severity

Json = Any
TimeKind = Literal["exponential", "fixed", "lognormal", "history"]
ArrivalKind = Literal["poisson", "at_once", "table", "uploads"]

REPLICATIONS = 20
"""Where the plan says nothing."""
DAY = 1_440


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """How long one visit to a stage keeps a person; None is not said.

    Args:
        kind: How it is spread; `history` draws from the table's own durations.
        mean: Minutes.
        sd: Standard deviation in minutes, of a lognormal.
    """

    kind: TimeKind
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True, slots=True)
class Shifts:
    """The hours of a week in which people work.

    Args:
        days: 0 is Monday.
        opens: Minute of the day.
        closes: Minute of the day; not after `opens` is on the next day.
    """

    days: tuple[int, ...]
    opens: float = 0.0
    closes: float = DAY


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of a stage.

    Args:
        stage: Id or name, as the plan has it.
        people: How many.
        minutes: How long a visit takes; None takes no time.
        cost_per_hour: Of one person at work; None where it does not matter.
        shifts: Working hours; None is without pause.
    """

    stage: str
    people: int = 1
    minutes: ServiceTime | None = None
    cost_per_hour: float | None = None
    shifts: Shifts | None = None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How tasks come: at random times, at once, as the table's own at once, or in uploads.

    Args:
        kind: Which of these.
        per_hour: Of those at random times.
        tasks: How many come at once.
        uploads: Hours after the start, and how many tasks come then; in order.
    """

    kind: ArrivalKind
    per_hour: float = 0.0
    tasks: int = 0
    uploads: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """A plan of work.

    Args:
        arrivals: How tasks come.
        staff: People, stage by stage.
        horizon_hours: When a replication ends.
        warm_up_hours: From when it is measured.
        replications: How often it is repeated, each with luck of its own.
        seed: Of all draws.
        sticky: Whether a task that comes back waits for whoever had it.
        precision: Half width of the mean cycle time's interval, as a share of the mean, from which
            on no more replications are made; None makes all.
        start_minute: Minute of the week at which the clock is 0; 0 is Monday, 00:00.
        rates: Chances of reviews and agreements, by id or name of the stage, as JSON.
        priorities: Numbers by id or name of a batch; tasks of higher ones are taken first.
        problems: What was wrong in its text.
        source: What errors call it.
    """

    arrivals: Arrivals
    staff: tuple[Staff, ...]
    horizon_hours: float
    warm_up_hours: float = 0.0
    replications: int = REPLICATIONS
    seed: int = 0
    sticky: bool = True
    precision: float | None = None
    start_minute: float = 0.0
    rates: Mapping[str, Json] = field(default_factory=dict)
    priorities: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[RuleDiagnostic, ...] = ()
    source: str = "plan"


def plan_problem(
    code: str, severity: Severity, place: str, message: str, hint: str = ""
) -> RuleDiagnostic:
    """Something to know about a plan, at a place in it such as `stages.Review.people`."""
    return Diagnostic(code, severity, None, place, message, hint)
