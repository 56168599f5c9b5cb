"""What a forecast shows of its replications over time: tasks in each stage, and first moves."""

from __future__ import annotations

from dataclasses import dataclass

from core.tasks.table import Floats


@dataclass(frozen=True, slots=True)
class TaskMove:
    """A step of a task in the first replication.

    Args:
        hours: On the clock.
        task: Its number, from 0.
        came_from: Id of the stage it left; None when it comes.
        stage: Id of the stage it comes to.
    """

    hours: float
    task: int
    came_from: str | None
    stage: str


@dataclass(frozen=True, slots=True, eq=False)
class InProgress:
    """Tasks in each stage over time, all tasks last; of at most `forecast.COUNTED_REPLICATIONS`.

    Args:
        hours: (ticks,).
        mean: (stages + 1, ticks).
        low: The 5th percentile over replications, likewise.
        high: The 95th.
        first: Those of the first replication, likewise.
    """

    hours: Floats
    mean: Floats
    low: Floats
    high: Floats
    first: Floats
