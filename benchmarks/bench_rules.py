"""Rules over 1,000,000 made-up tasks, against pandas, a Python loop, and Monte Carlo runs.

What each side is given and must answer:

- Switchyard starts from `Facts` (a bit per task and class, person or batch; a column of durations;
  a column of hashed ids) and a `Matcher` that remembers nothing, unless a line says "again".
- pandas starts from a data frame with one boolean column per class, person and batch and numeric
  columns of durations and of ready uniforms. It builds the six conditions and calls `np.select`.
- The loop starts from one dict per task with sets and ready uniforms, on 100,000 tasks; its time is
  multiplied by ten.
- All answer which output each task takes, as a number per task, and the tasks per output. The
  answers are compared. Switchyard mixes the uniforms from the hashes inside its time except where
  a line says that both have them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import at_least, at_most, for_information, heading, in_turn

from core.logic import draw
from core.logic.evaluate import Matcher, first_match
from core.logic.split import split
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.rules import (
    AnnotationType,
    Annotator,
    Batch,
    ClassFilter,
    Condition,
    Duration,
    RandomSample,
    Rule,
)
from core.model.stages import Logic
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts, Honesty

TASKS = 1_000_000
LOOPED = 100_000
RUNS = 1_000
SEED = 7
CLASSES, PEOPLE, BATCHES = 16, 20, 8

CONDITIONS: tuple[Condition, ...] = (
    Batch(("batch 2", "batch 3")),
    RandomSample(0.2),
    AnnotationType((ClassFilter("class 0"), ClassFilter("class 1", False))),
    Annotator(("person 1", "person 4")),
    AnnotationType((ClassFilter("class 2"), ClassFilter("class 3"))),
    Duration(60_000, 240_000),
)
EDITED: dict[str, tuple[int, Condition]] = {
    "Batch": (0, Batch(("batch 2", "batch 5"))),
    "RandomSample": (1, RandomSample(0.21)),
    "AnnotationType": (2, AnnotationType((ClassFilter("class 0"), ClassFilter("class 4")))),
    "Annotator": (3, Annotator(("person 1", "person 4", "person 9"))),
    "Duration": (5, Duration(60_000, 250_000)),
}


def rules_of(conditions: Sequence[Condition]) -> tuple[Rule, ...]:
    """Rules with distinct targets."""
    return tuple(
        Rule(f"{condition.kind}-{place}", condition, f"stage {place}")
        for place, condition in enumerate(conditions)
    )


Columns = dict[str, NDArray[Any]]


def make_columns(tasks: int) -> Columns:
    """One boolean column per class, person and batch; durations, some unknown; hashes."""
    random = np.random.default_rng(SEED)
    columns: Columns = {}
    for place in range(CLASSES):
        columns[f"class {place}"] = random.random(tasks) < 0.6 / (1 + place / 4)
    who, where = random.integers(0, PEOPLE, tasks), random.integers(0, BATCHES, tasks)
    columns |= {f"person {place}": who == place for place in range(PEOPLE)}
    columns |= {f"batch {place}": where == place for place in range(BATCHES)}
    duration = random.lognormal(11.7, 0.6, tasks).round()
    duration[random.random(tasks) < 0.02] = np.nan
    hashes = random.integers(0, 2**64, tasks, dtype=np.uint64)
    return columns | {"duration": duration, "hash": hashes}


def make_facts(columns: Columns) -> Facts:
    """The same as the engine holds it."""

    def sets(prefix: str) -> dict[str, Bits]:
        return {name: bits.pack(c) for name, c in columns.items() if name.startswith(prefix)}

    return Facts(
        tasks=len(columns["hash"]),
        hashes=columns["hash"],
        classes=sets("class"),
        people=sets("person"),
        batches=sets("batch"),
        duration=columns["duration"],
        answered=None,
        dialect=Dialect(),
        project=None,
        honesty=Honesty(0, 0, 0, 0, 0, 0, 0),
        fingerprint="made up",
    )


Answer = tuple[NDArray[np.uint8], list[int]]


def route(matcher: Matcher, rules: Sequence[Rule], within: Bits) -> list[Bits]:
    """The tasks that leave through each output, Else last."""
    return first_match([matcher.drawn(rule, SEED) for rule in rules], within)


def counted(matcher: Matcher, rules: Sequence[Rule], within: Bits) -> list[int]:
    """Tasks per output, which is all that a page shows."""
    return [bits.count(won) for won in route(matcher, rules, within)]


def with_bitmaps(matcher: Matcher, rules: Sequence[Rule], within: Bits) -> Answer:
    """Output per task and tasks per output."""
    taken = route(matcher, rules, within)
    labels = np.zeros(matcher.facts.tasks, np.uint8)
    for digit in range(len(taken).bit_length()):
        having = [won for place, won in enumerate(taken) if place >> digit & 1]
        plane = bits.unpack(np.bitwise_or.reduce(having), matcher.facts.tasks).view(np.uint8)
        labels |= plane << digit
    return labels, [bits.count(won) for won in taken]


def with_pandas(frame: pd.DataFrame) -> Answer:
    """The same by `np.select`."""
    conditions = [
        frame["batch 2"] | frame["batch 3"],
        frame["uniform"] < 0.2,
        frame["class 0"] & ~frame["class 1"],
        frame["person 1"] | frame["person 4"],
        frame["class 2"] & frame["class 3"],
        (frame["duration"] >= 60_000) & (frame["duration"] <= 240_000),
    ]
    outputs = [np.uint8(place) for place in range(len(conditions))]
    labels = np.select(conditions, outputs, np.uint8(len(conditions)))
    return labels, np.bincount(labels, minlength=len(conditions) + 1).tolist()


def with_a_loop(tasks: list[dict[str, Any]]) -> list[int]:
    """The same one task after the other."""
    labels = []
    for task in tasks:
        classes = task["classes"]
        if task["batch"] in ("batch 2", "batch 3"):
            output = 0
        elif task["uniform"] < 0.2:
            output = 1
        elif "class 0" in classes and "class 1" not in classes:
            output = 2
        elif task["person"] in ("person 1", "person 4"):
            output = 3
        elif "class 2" in classes and "class 3" in classes:
            output = 4
        elif task["duration"] is not None and 60_000 <= task["duration"] <= 240_000:
            output = 5
        else:
            output = 6
        labels.append(output)
    return labels
