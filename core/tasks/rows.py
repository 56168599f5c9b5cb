"""Rows of a task table for people to read; only the rows on show are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from core.model.names import Names
from core.model.text import visible
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
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
        text = wanted.text.strip()
        hits = [
            pc.fill_null(pc.match_substring(column, text, ignore_case=True), False)
            for column in (table.ids, table.external_ids)
        ]
        matching &= bits.pack(pc.or_(*hits).to_numpy(zero_copy_only=False))
    return matching


def rows(
    table: TaskTable, facts: Facts, names: Names, matching: Bits, start: int, count: int
) -> pd.DataFrame:
    """Rows from `start` on: asset, stage, annotators, duration in seconds, classes, batches, last.

    The index is the task id.
    """
    chosen = bits.rows_of(matching, len(table))[start : start + count]
    people = [(person, facts.people[person_key(person)]) for person in table.people]
    present = [(names.of_class(s), facts.classes[s]) for s in table.schema_ids]
    stage_names = [names.of_table_stage(stage) for stage in table.stages]
    at = table.at[chosen]
    return pd.DataFrame(
        {
            "Asset": [visible(text or "") for text in table.external_ids.take(chosen).to_pylist()],
            "Stage": [stage_names[c] if c >= 0 else "" for c in table.stage[chosen].tolist()],
            "Annotators": [
                ", ".join(visible(name) for name, members in people if bits.has(members, row))
                for row in chosen.tolist()
            ],
            "Seconds": np.round(facts.duration[chosen] / 1_000),
            "Classes": [
                ", ".join(name for name, members in present if bits.has(members, row))
                for row in chosen.tolist()
            ],
            "Batches": [
                ", ".join(names.of_batch(table.batch_names[c]) for c in table.batches.of(row))
                for row in chosen.tolist()
            ],
            "Last activity": pd.to_datetime(
                pd.Series(at, dtype="Int64").mask(at == UNKNOWN_TIME), unit="ms", utc=True
            ).array,  # as a series it would look for its own index among the ids of the tasks
        },
        index=pd.Index(table.ids.take(chosen).to_pylist(), name="Task"),
    )
