"""Working hours by hour of the week, and time that is counted in them alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.tasks.table import Floats

WEEK = 10_080.0
HOURS = 168
POINTS_A_CELL = 10
"""Begins and ends per hour of the week, on the average, from which on each is judged by itself."""
OPEN_FROM = 0.1
"""An hour is worked in when it has this part of the average of those that have any."""


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """Weights of the 168 hours of a week from Monday, 00:00: how much a minute there counts.

    For working hours 0 and 1; for arrivals how many come, on the average 1.
    """

    weights: Floats

    @property
    def always(self) -> bool:
        """Whether all minutes count alike."""
        return bool((self.weights == 1).all())

    @property
    def open_share(self) -> float:
        """What part of a week counts."""
        return float(self.weights.mean())

    def counted_until(self, at: Floats) -> Floats:
        """Minutes that count from the Monday at 0 to each time."""
        if self.always:
            return at
        sums = np.concatenate(([0.0], np.cumsum(self.weights) * 60))
        weeks = np.floor(at / WEEK)
        grid = np.arange(HOURS + 1) * 60.0
        until: Floats = weeks * sums[-1] + np.interp(at - weeks * WEEK, grid, sums)
        return until

    def time_of(self, counted: Floats) -> Floats:
        """The first time until which so many minutes count."""
        if self.always:
            return counted
        sums = np.concatenate(([0.0], np.cumsum(self.weights) * 60))
        weeks = np.floor(counted / sums[-1])
        rest = counted - weeks * sums[-1]
        place = np.clip(np.searchsorted(sums, rest, "left") - 1, 0, HOURS - 1)
        weight = np.where(self.weights[place] > 0, self.weights[place], 1.0)
        times: Floats = weeks * WEEK + place * 60.0 + (rest - sums[place]) / weight
        return times

    def shifts(self) -> Floats | None:
        """Opening and closing, minutes of the week; None for always."""
        if self.always:
            return None
        edges = np.diff(np.concatenate(([0], self.weights > 0, [0])))
        opens, closes = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        return np.column_stack((opens, closes)).astype(np.float64) * 60.0


ALWAYS = Hours(np.ones(HOURS))


def hour_of_week(at: Floats) -> NDArray[np.int64]:
    """0 is Monday, 00:00 to 01:00."""
    hours: NDArray[np.int64] = (at % WEEK // 60).astype(np.int64)
    return hours


def working_hours(points: Floats) -> Hours | None:
    """Hours of the week in which work begins or ends; None where too little is known to tell.

    Each hour by itself, with `POINTS_A_CELL` points per hour of the week; with fewer, working days
    are judged as one day, and Saturday with Sunday as another.

    Args:
        points: Times at which something began or ended.
    """
    counts = np.bincount(hour_of_week(points), minlength=HOURS).astype(np.float64)
    if len(points) >= POINTS_A_CELL * HOURS:
        return Hours(_open(counts))
    if len(points) < POINTS_A_CELL * 48:
        return None
    days = counts.reshape(7, 24)
    kinds = np.concatenate((days[:5].mean(axis=0), days[5:].mean(axis=0)))
    opened = _open(kinds).reshape(2, 24)
    return Hours(opened[[0] * 5 + [1] * 2].ravel())


def _open(counts: Floats) -> Floats:
    opened: Floats = (counts >= OPEN_FROM * counts[counts > 0].mean()).astype(np.float64)
    return opened


def arrival_hours(begins: Floats, start: float, end: float) -> Hours:
    """How many cases begin in which hour of the week, where that tells more than it costs.

    Days and hours of the day have a factor each, and are taken if they lower Akaike's criterion
    against one number for all: twice the 29 parameters against the gain in likelihood.

    Args:
        begins: When cases began.
        start: From when cases were looked at.
        end: Until when.
    """
    if end - start < 2 * WEEK:
        return ALWAYS
    cells = np.bincount(hour_of_week(begins), minlength=HOURS).reshape(7, 24)
    grid = np.arange(start, end, 60.0)
    exposed = np.bincount(hour_of_week(grid), minlength=HOURS).reshape(7, 24) / len(grid)
    days = cells.sum(axis=1) / exposed.sum(axis=1)
    hours = cells.sum(axis=0) / exposed.sum(axis=0)
    rates = np.outer(days, hours)
    rates *= cells.sum() / (rates * exposed).sum()
    taken = cells > 0
    gain = float((cells[taken] * np.log(rates[taken] / cells.sum())).sum())
    if gain <= 29:
        return ALWAYS
    return Hours((rates / rates.mean()).ravel())
