"""Tasks by batch, class, annotator or duration, as named sets to break a number down by."""

from __future__ import annotations

import numpy as np

from core.model.names import Names
from core.model.phrases import duration_text
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.summary import NO_BATCH, NOBODY
from core.tasks.table import TaskTable, person_key

BREAKDOWNS = ("Batch", "Class", "Annotator", "Duration")
EDGES_MS = (0.0, 30e3, 60e3, 120e3, 300e3, 600e3, 1_800e3)
"""Lower ends of the duration bands; the last one is open."""


def groups(table: TaskTable, facts: Facts, names: Names, by: str) -> dict[str, Bits]:
    """Sets of tasks by name; a task in two batches, or of two people, is in both sets.

    Args:
        table: The tasks.
        facts: Under the dialect in force.
        names: Of batches and classes.
        by: One of `BREAKDOWNS`.
    """
    if by == "Duration":
        return _bands(facts)
    if by == "Class":
        return {names.of_class(schema_id): members for schema_id, members in facts.classes.items()}
    if by == "Batch":
        sets, rest = [(names.of_batch(raw), b) for raw, b in facts.batches.items()], NO_BATCH
    else:
        sets, rest = [(p, facts.people[person_key(p)]) for p in table.people], NOBODY
    members_of: dict[str, Bits] = {}
    left = bits.everything(facts.tasks)
    for name, members in sets:
        members_of[name] = members_of[name] | members if name in members_of else members
        left &= ~members
    return {**members_of, rest: left}


def _bands(facts: Facts) -> dict[str, Bits]:
    places = np.digitize(facts.duration, EDGES_MS)
    known = ~np.isnan(facts.duration)
    bands = {}
    for place, low in enumerate(EDGES_MS, start=1):
        high = EDGES_MS[place] if place < len(EDGES_MS) else None
        name = f"{duration_text(low)} or more" if high is None else f"under {duration_text(high)}"
        if high is not None and low:
            name = f"{duration_text(low)} to under {duration_text(high)}"
        bands[name] = bits.pack((places == place) & known)
    return {**bands, "unknown": bits.pack(~known)}
