"""Which tasks are looked at: by stage, batch and date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from core.model.names import Names
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import UNKNOWN_TIME, TaskTable


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a table; an empty field does not restrict.

    Args:
        stages: Where tasks are now: ids of stages, or the name of one that the table gives no id.
        batches: Names as `TaskTable.batch_names` has them; a task in any of them counts.
        first: First day (UTC) of the last activity, or None.
        last: Last day (UTC) of the last activity, included, or None.
    """

    stages: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


def select(table: TaskTable, selection: Selection) -> Bits:
    """The tasks of a selection; tasks without a date are in it unless a date restricts."""
    flags = np.ones(len(table), np.bool_)
    if selection.stages:
        wanted = {*selection.stages}
        codes = [code for code, stage in enumerate(table.stages) if _id(stage) in wanted]
        flags &= np.isin(table.stage, codes)
    if selection.batches:
        flags &= table.in_batches(selection.batches)
    if selection.first is not None:
        flags &= table.at >= _midnight(selection.first)
    if selection.last is not None:
        before = _midnight(selection.last + timedelta(days=1))
        flags &= (table.at < before) & (table.at != UNKNOWN_TIME)
    return bits.pack(flags)


def known(table: TaskTable, selection: Selection) -> Selection:
    """The selection without stages and batches that the table does not have."""
    return replace(
        selection,
        stages=tuple(dict.fromkeys(id for id in map(_id, table.stages) if id in selection.stages)),
        batches=tuple(sorted(name for name in table.batch_names if name in selection.batches)),
    )


def _id(stage: tuple[str, str]) -> str:
    id, name = stage
    return id or name


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1_000)


def days(table: TaskTable) -> tuple[date, date] | None:
    """First and last day (UTC) of activity in a table; None when it has no times."""
    known = table.at[table.at != UNKNOWN_TIME]
    if not len(known):
        return None
    first, last = (
        datetime.fromtimestamp(t / 1_000, UTC).date() for t in (known.min(), known.max())
    )
    return first, last


def stage_choices(table: TaskTable, names: Names) -> dict[str, set[str]]:
    """Stages in which tasks are: name to what a selection calls those of that name."""
    present = np.flatnonzero(np.bincount(table.stage + 1, minlength=1)[1:])
    named: dict[str, str] = {}  # one that was renamed is one choice
    for stage in (table.stages[code] for code in present.tolist()):
        named.setdefault(_id(stage), names.of_table_stage(stage))
    choices: dict[str, set[str]] = {}
    for id, name in named.items():
        choices.setdefault(name, set()).add(id)
    return choices


def batch_choices(table: TaskTable, names: Names) -> dict[str, set[str]]:
    """Batches of the tasks: name to the spellings that the file has for it, ids among them."""
    choices: dict[str, set[str]] = {}
    for raw in table.batch_names:
        choices.setdefault(names.of_batch(raw), set()).add(raw)
    return choices
