"""Puts stage histories that were fetched later into a task table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.export.builder import TableBuilder
from core.export.schema import Entry, Item, Task
from core.tasks.table import History, Ints, LabelSets, Lists, TaskTable, person_key

Name = TypeVar("Name")


def with_histories(table: TaskTable, histories: Iterable[tuple[str, list[Entry]]]) -> TaskTable:
    """The table with these histories in place of what it had.

    Args:
        table: Any task table.
        histories: (task id, entries in time order); tasks that the table does not have are left
            out.
    """
    builder = TableBuilder()
    for task_id, entries in histories:
        item = Item(task=Task(taskId=task_id, stageHistory=list(entries)))
        builder.add(item, f"history of {task_id}")
    return _merged(table, builder.finish())


def _merged(table: TaskTable, new: TaskTable) -> TaskTable:
    order = np.argsort(table.hashes)
    places = np.searchsorted(table.hashes[order], new.hashes)
    known = places < len(table)
    known[known] = table.hashes[order][places[known]] == new.hashes[known]
    if not known.any():
        return table
    new = new.keep(known, new.counts)
    rows = order[places[known]]

    known_schema = dict(zip(table.schema_ids, table.schema_titles, strict=True))
    titles = dict(zip(new.schema_ids, new.schema_titles, strict=True)) | known_schema
    schema_ids, schema_codes = _names(table.schema_ids, new.schema_ids, lambda name: name)
    sets, more_sets = table.label_sets, new.label_sets
    stages, stage_codes = _names(table.stages, new.stages, lambda name: name)
    people, person_codes = _names(table.people, new.people, person_key)
    reviews, review_codes = _names(table.review_words, new.review_words, lambda name: name)
    old, more = table.history, new.history
    starts, lengths = old.offsets[:-1].copy(), np.diff(old.offsets)
    starts[rows] = len(old.stage) + more.offsets[:-1]
    lengths[rows] = np.diff(more.offsets)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    entries = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
    at = table.at.copy()
    at[rows] = np.maximum(at[rows], new.at)
    # the sets of the fetched histories stand behind those of the table
    later_sets = np.where(more.labels >= 0, more.labels + len(sets), -1).astype(np.int32)
    history = History(
        offsets,
        np.concatenate((old.stage, stage_codes[more.stage]))[entries],
        np.concatenate((old.person, person_codes[more.person]))[entries],
        np.concatenate((old.duration, more.duration))[entries],
        np.concatenate((old.at, more.at))[entries],
        np.concatenate((old.review, review_codes[more.review]))[entries],
        np.concatenate((old.labels, later_sets))[entries],
    )
    return replace(
        table,
        history=history,
        at=at,
        stages=stages,
        people=people,
        review_words=reviews,
        schema_ids=schema_ids,
        schema_titles=tuple(titles[schema_id] for schema_id in schema_ids),
        label_sets=LabelSets(
            _joined(sets.classes, more_sets.classes, schema_codes),
            _joined(sets.nested, more_sets.nested, schema_codes),
        ),
    )


def _joined(old: Lists, new: Lists, codes: Ints) -> Lists:
    offsets = np.concatenate((old.offsets, old.offsets[-1] + new.offsets[1:]))
    return Lists(offsets, np.concatenate((old.codes, codes[new.codes])))


def _names(
    old: tuple[Name, ...], new: tuple[Name, ...], key: Callable[[Name], object]
) -> tuple[tuple[Name, ...], Ints]:
    """All names, and the codes of the new ones among them; the last code is -1 for nobody."""
    names, codes = list(old), {key(name): code for code, name in enumerate(old)}
    new_codes: list[int] = []
    for name in new:
        if key(name) not in codes:
            codes[key(name)] = len(names)
            names.append(name)
        new_codes.append(codes[key(name)])
    mapping: NDArray[np.int32] = np.array([*new_codes, -1], np.int32)
    return tuple(names), mapping
