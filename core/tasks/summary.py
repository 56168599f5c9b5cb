"""How many tasks per stage, batch, class and annotator, and how long they took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.model.figures import counted
from core.model.names import Names
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.table import Floats, TaskTable, person_key

Tally = tuple[tuple[str, int], ...]
"""(name, tasks), most first; names without a task are left out."""

DURATION_BANDS_MS = (0.0, 30e3, 60e3, 120e3, 300e3, 600e3, 1_800e3, 3_600e3)
"""Where bands of durations begin, in milliseconds; the last one is open."""
NO_STAGE, NO_BATCH, NOBODY = "stage unknown", "no batch", "nobody known"


@dataclass(frozen=True, slots=True)
class Durations:
    """How long tasks took.

    Args:
        known: Tasks of known duration.
        unknown: Tasks without one.
        median_ms: Half took at most this; NaN when none is known.
        p90_ms: Nine of ten took at most this; NaN when none is known.
        edges_ms: Edges of the bars, ascending; one more than `counts`.
        counts: Tasks per bar; the last bar holds all that took longer, too.
        longer: Tasks of the last bar that took longer than its upper edge.
    """

    known: int
    unknown: int
    median_ms: float
    p90_ms: float
    edges_ms: Floats
    counts: NDArray[np.int64]
    longer: int = 0


def overlap_words(batches: Tally, tasks: int) -> str:
    """Why batches sum to more than the tasks, "" where they do not."""
    total = sum(count for _, count in batches)
    if total <= tasks:
        return ""
    return (
        f"A task can be in several batches: they sum to {counted(total)} of {counted(tasks)} tasks."
    )


def per_stage(table: TaskTable, names: Names, within: Bits) -> Tally:
    """Tasks by the stage where they are."""
    flags = bits.unpack(within, len(table))
    counts = np.bincount(table.stage[flags] + 1, minlength=len(table.stages) + 1)
    labels = [NO_STAGE, *(names.of_table_stage(stage) for stage in table.stages)]
    return _ordered(_summed(zip(labels, counts.tolist(), strict=True)))


def per_batch(facts: Facts, names: Names, within: Bits) -> Tally:
    """Tasks by batch; a task in two batches counts in both."""
    sets: dict[str, Bits] = {}
    for raw, members in facts.batches.items():
        name = names.of_batch(raw)
        sets[name] = sets[name] | members if name in sets else members
    return _per_set(sets, within, NO_BATCH)


def per_class(facts: Facts, names: Names, within: Bits) -> Tally:
    """Tasks that have a class, whatever number of objects."""
    return _per_set({names.of_class(s): b for s, b in facts.classes.items()}, within, None)


def per_annotator(table: TaskTable, facts: Facts, names: Names, within: Bits) -> Tally:
    """Tasks by annotator under the dialect in force; a task of two people counts for both."""
    sets = {names.of_person(p): facts.people[person_key(p)] for p in table.people}
    return _per_set(sets, within, NOBODY)


def _per_set(sets: dict[str, Bits], within: Bits, rest: str | None) -> Tally:
    left = within.copy()
    pairs = []
    for name, members in sets.items():
        pairs.append((name, bits.count(members & within)))
        left &= ~members
    if rest is not None:
        pairs.append((rest, bits.count(left)))
    return _ordered(_summed(pairs))


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, count in pairs:
        sums[name] = sums.get(name, 0) + count
    return sums


def _ordered(tally: dict[str, int]) -> Tally:
    kept = [(name, count) for name, count in tally.items() if count]
    return tuple(sorted(kept, key=lambda pair: (-pair[1], pair[0])))


def durations(facts: Facts, within: Bits, bars: int = 40) -> Durations:
    """Durations under the dialect in force, in bars of equal width up to the 98th percentile."""
    flags = bits.unpack(within, facts.tasks)
    values = facts.duration[flags]
    known = values[~np.isnan(values)]
    if not len(known):
        empty = np.zeros(0)
        return Durations(0, len(values), np.nan, np.nan, empty, empty.astype(np.int64))
    width = _round_up(float(np.quantile(known, 0.98)) / bars)
    edges = np.arange(bars + 1, dtype=np.float64) * width
    counts = np.bincount(np.minimum(known // width, bars - 1).astype(np.int64), minlength=bars)
    median, p90 = (float(np.quantile(known, q)) for q in (0.5, 0.9))
    longer = int(np.count_nonzero(known >= edges[-1]))
    return Durations(len(known), len(values) - len(known), median, p90, edges, counts, longer)


def _round_up(milliseconds: float) -> float:
    """The next handy width: 1, 2, 5, 10, 15, 30 seconds or minutes, or hours."""
    handy = [s * 1_000 for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800)]
    for width in handy:
        if milliseconds <= width:
            return float(width)
    return float(np.ceil(milliseconds / 3_600_000) * 3_600_000)
