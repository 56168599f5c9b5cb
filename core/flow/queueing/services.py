"""How long a visit to a stage is taken to last: what the plan says, or the histories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log, log1p, sqrt

import numpy as np

from core.flow.plan import Staff, plan_problem
from core.flow.queueing.kernel import EXPONENTIAL, FIXED, HISTORY, LOGNORMAL
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import counted
from core.tasks.table import Floats

FEW = 30
"""Fewer durations than these say little of how they are spread."""
NOTHING = np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """Service times of a stage, as the simulation draws them.

    Args:
        kind: Of the kernel's constants.
        first: Minutes: the mean; of a lognormal the mean of the logarithm.
        second: Deviation of the logarithm.
        past: Minutes to draw from, ascending.
        mean: Minutes.
    """

    kind: int
    first: float
    second: float
    past: Floats
    mean: float


NO_TIME = Service(FIXED, 0.0, 0.0, NOTHING, 0.0)


def service_of(
    staff: Staff, past: Floats, place: str
) -> tuple[Service, tuple[RuleDiagnostic, ...]]:
    """The service times of a stage, and what was assumed for them.

    Args:
        staff: Its people.
        past: Minutes of past visits, ascending.
        place: Of the stage in the plan.
    """
    problems = tuple(_problems(staff, past, f"{place}.minutes"))
    minutes = staff.minutes
    if minutes is None:
        return NO_TIME, problems
    if minutes.kind == "history":
        if not len(past):
            return NO_TIME, problems
        return Service(HISTORY, 0.0, 0.0, past, float(past.mean())), problems
    mean, sd = minutes.mean, minutes.sd
    if mean is None:
        mean = float(past.mean()) if len(past) else 0.0
    if minutes.kind == "exponential":
        return Service(EXPONENTIAL, mean, 0.0, NOTHING, mean), problems
    if minutes.kind == "lognormal" and sd is None:
        sd = float(past.std()) if len(past) else 0.0
    if mean == 0 or not sd:
        return Service(FIXED, mean, 0.0, NOTHING, mean), problems
    ratio = sd / mean
    variance = log1p(ratio**2) if ratio < 1e100 else 2 * log(sd) - 2 * log(mean)
    return Service(LOGNORMAL, log(mean) - variance / 2, sqrt(variance), NOTHING, mean), problems


def _problems(staff: Staff, past: Floats, place: str) -> Iterator[RuleDiagnostic]:
    minutes = staff.minutes
    if minutes is None:
        return
    missing = [
        key
        for key, value in (("mean", minutes.mean), ("sd", minutes.sd))
        if value is None
        and minutes.kind != "history"
        and (key == "mean" or minutes.kind == "lognormal")
    ]
    if not len(past):
        if minutes.kind == "history":
            message = "No history tells how long visits take there: they take no time."
            hint = "Give tasks with a history, or another kind of minutes."
            yield plan_problem("history.none", "warning", place, message, hint)
        for key in missing:
            message = f"Neither the plan nor a history tells the {key}: 0 is counted."
            hint = "Give minutes, or tasks with a history."
            code = "minutes.no_mean" if key == "mean" else "minutes.no_sd"
            yield plan_problem(code, "warning", f"{place}.{key}", message, hint)
    elif missing or minutes.kind == "history":
        for key in missing:
            message = f"The {key} is that of {counted(len(past))} visits in the histories."
            yield plan_problem("minutes.fitted", "note", f"{place}.{key}", message)
        if len(past) < FEW:
            message = f"Only {counted(len(past))} visits in the histories tell how long they take."
            hint = f"{FEW} and more say how they are spread."
            yield plan_problem("history.few", "warning", place, message, hint)
