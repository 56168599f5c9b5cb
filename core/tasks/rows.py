"""Rows of a task table for people to read; only the rows on show are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model.names import Names
from core.model.text import visible
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts, resolve
from core.tasks.table import UNKNOWN_TIME, TaskTable, person_key


@dataclass(frozen=True, slots=True)
class Filter:
    """What rows are looked for; an empty field does not restrict.

    Args:
        text: Part of the task id or external id, any case.
        has: Schema ids that a task must have.
        people: Addresses, any of which annotated it.
        low_ms: Least duration, None open.
    """

    text: str = ""
    has: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    low_ms: float | None = None


def find(table: TaskTable, facts: Facts, wanted: Filter, within: Bits) -> Bits:
    """The tasks that pass the filter."""
    matching = within.copy()
    nobody = bits.nothing(len(table))
    for schema_id in wanted.has:
        matching &= facts.classes.get(schema_id, nobody)
    if wanted.people:
        anyone = nobody.copy()
        for person in wanted.people:
            anyone |= facts.people.get(person_key(person), nobody)
        matching &= anyone
    if wanted.low_ms is not None:
        matching &= bits.pack(facts.duration >= wanted.low_ms)
    if wanted.text.strip():
        matching &= bits.pack(table.with_text(wanted.text.strip()))
    return matching


def rows(
    table: TaskTable, facts: Facts, names: Names, matching: Bits, start: int, count: int
) -> pd.DataFrame:
    """Rows from `start` on: asset, stage, annotators, duration in seconds, classes, batches, last.

    The index is the task id.
    """
    shown = table.take(bits.rows_of(matching, len(table))[start : start + count])
    known = resolve(shown, facts.project, facts.dialect)
    people = [(person, known.people[person_key(person)]) for person in shown.people]
    present = [(names.of_class(s), known.classes[s]) for s in shown.schema_ids]
    stage_names = [names.of_table_stage(stage) for stage in shown.stages]
    return pd.DataFrame(
        {
            "Asset": [visible(text or "") for text in shown.external_ids.to_pylist()],
            "Stage": [stage_names[c] if c >= 0 else "" for c in shown.stage.tolist()],
            "Annotators": [
                ", ".join(
                    names.of_person(name) for name, members in people if bits.has(members, row)
                )
                for row in range(len(shown))
            ],
            "Seconds": np.round(known.duration / 1_000),
            "Classes": [
                ", ".join(name for name, members in present if bits.has(members, row))
                for row in range(len(shown))
            ],
            "Batches": [
                ", ".join(names.of_batch(shown.batch_names[c]) for c in shown.batches.of(row))
                for row in range(len(shown))
            ],
            "Last activity": pd.to_datetime(
                pd.Series(shown.at, dtype="Int64").mask(shown.at == UNKNOWN_TIME),
                unit="ms",
                utc=True,
            ).array,  # as a series it would look for its own index among the ids of the tasks
        },
        index=pd.Index(shown.ids.to_pylist(), name="Task"),
    )
