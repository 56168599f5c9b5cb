"""The tasks as they were when they left a stage, taken from their histories (dialect `at`).

An export shows final labels and total time, while a Logic stage saw each task earlier. Of several
passes the last one counts. What a history does not hold is unknown then: who was assigned, and the
labels where an entry has none; batches are those of today.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.model.project import Project
from core.model.stages import Stage
from core.tasks.table import Lists, TaskTable


def left(table: TaskTable, project: Project | None, stage: str) -> NDArray[np.int64]:
    """Where in the history each task left a stage the last time; -1 for those that never did.

    Args:
        table: The tasks.
        project: Names its stages, or None.
        stage: Id or name.

    Raises:
        InputError: Neither the project nor any history has such a stage.
    """
    history = table.history
    entries = np.flatnonzero(np.isin(history.stage, stage_codes(table, project, stage)))
    last = np.full(len(table), -1, np.int64)
    last[history.rows[entries]] = entries  # ascending, so the last one stays
    return last


def stage_codes(table: TaskTable, project: Project | None, stage: str) -> list[int]:
    """Positions in `TaskTable.stages` of a stage. Arguments and errors as of `left`."""
    stages = (project.stages if project else None) or ()
    codes = [code for code, key in enumerate(table.stages) if _is(key, stage, stages)]
    if not codes and not any(stage in (one.id, one.name) for one in stages):
        known = ", ".join(
            name or stage_id
            for stage_id, name in (table.stages[code] for code in table.stages_passed)
        )
        hint = f"Choose from final, {known}." if known else "Only at=final can be answered."
        raise InputError("--dialect at", f"no task left a stage called {stage}.", hint)
    return codes


def _is(key: tuple[str, str], wanted: str, stages: tuple[Stage, ...]) -> bool:
    """Whether a stage of the table, as (id, name), is the wanted one; found by id, else by name."""
    known = [s for s in stages if s.id == key[0]] or [s for s in stages if s.name == key[1]]
    return wanted in ((known[0].id, known[0].name) if known else key)


def as_of(table: TaskTable, last: NDArray[np.int64]) -> TaskTable:
    """The table as it was when each task left a stage.

    Args:
        table: The tasks as they are.
        last: What `left` gave.
    """
    history, size = table.history, len(table)
    kept = np.arange(len(history.stage)) <= last[history.rows]
    earlier = history.keep_entries(kept)
    known = ~np.isnan(earlier.duration)
    sums = np.bincount(earlier.rows[known], earlier.duration[known], size)
    timed = np.bincount(earlier.rows[known], minlength=size) > 0
    labels = np.where(last >= 0, history.labels[last], -1) if len(history.labels) else last
    sets = np.maximum(labels, 0)
    return replace(
        table,
        history=earlier,
        total=np.where(timed, sums, np.nan),
        answered=labels >= 0,
        classes=table.label_sets.classes.take(sets),
        nested=table.label_sets.nested.take(sets),
        assignee=np.full(size, -1, np.int32),
    )


def at_leaving(table: TaskTable, entry: NDArray[np.int64]) -> tuple[TaskTable, NDArray[np.bool_]]:
    """The table as it was when each task left a stage, with the end's facts where they are those.

    Nothing was worked on after a task's last entry, so what that entry does not hold is taken from
    the end. A history that holds no labels at all, or no durations, leaves nothing but the end's.

    Args:
        table: The tasks as they are.
        entry: The history entry that each left with, -1 for none.

    Returns:
        The table, and the tasks of which the end's facts were taken although entries follow.
    """
    history, size = table.history, len(table)
    then, left_it = as_of(table, entry), entry >= 0
    is_last = entry == history.offsets[1:] - 1
    rows = history.rows
    bare = np.bincount(rows[history.labels >= 0], minlength=size) == 0
    timeless = np.bincount(rows[~np.isnan(history.duration)], minlength=size) == 0
    no_labels, no_time = left_it & ~then.answered, left_it & np.isnan(then.total)
    labels_of_end = no_labels & table.answered & (is_last | bare)
    time_of_end = no_time & ~np.isnan(table.total) & (is_last | timeless)
    return replace(
        then,
        total=np.where(time_of_end, table.total, then.total),
        answered=then.answered | labels_of_end,
        classes=_either(labels_of_end, table.classes, then.classes),
        nested=_either(labels_of_end, table.nested, then.nested),
    ), (labels_of_end | time_of_end) & ~is_last


def _either(flags: NDArray[np.bool_], some: Lists, others: Lists) -> Lists:
    """The lists of `some` where flagged, else those of `others`."""
    both = Lists(
        np.concatenate((some.offsets, some.offsets[-1] + others.offsets[1:])),
        np.concatenate((some.codes, others.codes)),
    )
    places = np.arange(len(flags))
    return both.take(np.where(flags, places, places + len(flags)))
