"""Tasks by batch, class, annotator or duration, as named sets to break a number down by."""

from __future__ import annotations

import numpy as np

from core.model.names import Names
from core.model.phrases import duration_text
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.summary import DURATION_BANDS_MS, NO_BATCH, NOBODY
from core.tasks.table import TaskTable, person_key

BREAKDOWNS = ("Batch", "Class", "Annotator", "Duration")


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
        sets, rest = (
            [
                (names.of_person(person), facts.people[person_key(person)])
                for person in table.people
            ],
            NOBODY,
        )
    members_of: dict[str, Bits] = {}
    left = bits.everything(facts.tasks)
    for name, members in sets:
        members_of[name] = members_of[name] | members if name in members_of else members
        left &= ~members
    return {**members_of, rest: left}


def _bands(facts: Facts) -> dict[str, Bits]:
    """Each task in one band, that of its lower end."""
    places = np.digitize(facts.duration, DURATION_BANDS_MS)
    known = ~np.isnan(facts.duration)
    bands = {}
    for place, low in enumerate(DURATION_BANDS_MS, start=1):
        high = DURATION_BANDS_MS[place] if place < len(DURATION_BANDS_MS) else None
        name = f"{duration_text(low)} or more" if high is None else f"under {duration_text(high)}"
        if high is not None and low:
            name = f"{duration_text(low)} to under {duration_text(high)}"
        bands[name] = bits.pack((places == place) & known)
    return {**bands, "unknown": bits.pack(~known)}
