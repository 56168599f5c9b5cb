"""Exports of older forms: who did the work and how long it took stand beside the task.

Their keys are those of public exports of 2021 to 2023, which have no `stageHistory`.
"""

from __future__ import annotations

from math import isnan
from typing import Any, TypeGuard

from core.export.schema import Answer, Entry, Item, Task

TIMES = ("duration", "duration(ms)", "labelDuration", "labelDuration(ms)")
"""Keys of a task's or an asset's time, the first that can be used counts; in milliseconds."""

MAX_TIME = 2**53
"""Milliseconds beyond which a float skips whole numbers."""


def is_time(value: Any) -> TypeGuard[float]:
    """Whether a JSON value can be a time: a number from 0."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and 0 <= value <= MAX_TIME


def given_time(task: Task, item: Item) -> tuple[Any, str]:
    """What a task or, where it is the only one, its asset gives as its time, and under which key.

    Returns:
        The value; where none can be used the first as it stands, None where there is none.
    """
    alone = task is not item and len(item.tasks or ()) < 2
    odd: tuple[Any, str] = (None, TIMES[0])
    for one in (task, item) if alone else (task,):
        values = (one.duration, one.duration_ms, one.labelDuration, one.labelDuration_ms)
        for value, name in zip(values, TIMES, strict=True):
            if is_time(value):
                return value, name
            if value is not None and odd[0] is None:
                odd = value, name
    return odd


def one_pass(task: Task, answer: Answer | None, took: float) -> list[Entry | None]:
    """The one pass of unknown stage that a task without a history tells of, if it does.

    Args:
        task: Who completed it and when.
        answer: Its annotations.
        took: Milliseconds; NaN where not known.
    """
    if task.completedBy is None and isnan(took):
        return []
    labels = answer or Answer()
    return [
        Entry(
            tools=labels.tools,
            objects=labels.objects,
            classifications=labels.classifications,
            duration=None if isnan(took) else took,
            completedAt=task.completedAt,
            completedBy=task.completedBy,
        )
    ]
