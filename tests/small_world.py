"""A world so small that every task and every rule set of it can be looked at."""

import io
import json
from itertools import product

from core.ango_json.stages import read_logic
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.workspace import Workspace

DURATIONS = (None, 0, 5, 5.5, 7, 10, 20)


def has(*words):
    """`A` must be there, `-A` must not."""
    tools = [
        {"schemaId": w.lstrip("-"), "filter": ["notExists" if w[0] == "-" else "exists"]}
        for w in words
    ]
    return {"type": "AnnotationType", "value": {"tools": tools}}


def people(*names):
    return {"type": "Annotator", "value": list(names)}


def batches(*names):
    return {"type": "Batch", "value": list(names)}


def chance(value):
    return {"type": "RandomSample", "value": value}


def took(*bounds):
    return {"type": "Duration", "value": list(bounds)}


LATER = {"type": "Later"}
CLASSES = [has(), has("A"), has("-A"), has("B"), has("-B"), has("A", "B"), has("A", "-B")]
CLASSES += [has("-A", "B"), has("-A", "-B"), has("A", "-A")]
OTHERS = [people(), people("p"), batches(), batches("q"), chance(0), chance(0.5), chance(100)]
OTHERS += [took(), took(None, 5), took(5, 10), took(6, None), took(None, -1), took(10, 5), LATER]
BINARY = CLASSES + OTHERS
SETS = [people("p"), people("r"), people("p", "r"), people("R "), people(" ")]
SETS += [batches("q"), batches("s"), batches("s", "q"), batches("s", "s"), chance(0.5)]
SETS += [took(0, 5), took(5, 10), took(None, 10), took(10), took(7, 7)]


def world(classes="AB", persons="p", batch_names="q"):
    """Every task of a small world, as the naive evaluator knows it."""

    def subsets(names):
        return [{n for n, k in zip(names, keep, strict=True) if k}
                for keep in product((False, True), repeat=len(names))]  # fmt: skip

    return [
        {"schema_ids": c, "annotators": p, "batches": b, "duration": d}
        for c, p, b, d in product(
            subsets(classes), subsets(persons), subsets(batch_names), DURATIONS
        )
    ]


def stage_of(*conditions, targets=None):
    targets = targets or [f"to-{n}" for n in range(len(conditions) + 1)]
    rules = [condition | {"index": n} for n, condition in enumerate(conditions)]
    return read_logic({"type": "Logic", "next": targets, "logic": {"conditions": rules}})


def workspace_of(tasks, **dialect):
    """Tasks given by what differs: classes, batch, who, and took in milliseconds."""
    items = [
        {
            "_id": f"t{n}",
            "answer": {"tools": [{"schemaId": c} for c in task.get("classes", "")]},
            "batches": [task["batch"]] if task.get("batch") else [],
            "assignee": task.get("who"),
            "totalDuration": task.get("took"),
        }
        for n, task in enumerate(tasks)
    ]
    table = read_stream(io.BytesIO(json.dumps(items).encode()), "tasks.json")
    return Workspace(table, None, Dialect(**dialect))
