"""A table on disk as tests make it, and what each engine says of it, as the printed documents."""

import io
import json
from dataclasses import replace
from itertools import count

from core.ango_json.inputs import read_logic_input
from core.dataset.layout import Dataset, Part
from core.dataset.workspace import DatasetWorkspace
from core.export.reader import read_stream
from core.routing.document import compare_document, split_document
from core.tasks.parquet import NO_TASKS, names_in, write_parquet
from core.workspace import Workspace

NUMBERS = count()


def table_of(items, name="items.json"):
    return read_stream(io.BytesIO(json.dumps(items).encode()), name)


def logic(stage):
    return read_logic_input(json.dumps(stage), "stage")[0]


def on_disk(table, folder):
    """The table as a dataset of one part, without the care of a conversion."""
    path = folder / f"part-{next(NUMBERS)}.parquet"
    write_parquet(table, path)
    part = Part(path.name, len(table), path.stat().st_size, 0, 0)
    return Dataset(folder, (part,), names_in(path) if len(table) else names_of(table))


def names_of(table):
    return replace(NO_TASKS, counts=table.counts, notes=table.notes)


def split_in_memory(table, project, dialect, stage, seed):
    workspace = Workspace(table, project, dialect)
    result, problems = workspace.split(stage, seed), workspace.check(stage)
    return split_document(result, dialect, problems, workspace.honesty)


def split_on(engine, dataset, project, dialect, stage, seed):
    workspace = DatasetWorkspace(dataset, project, dialect, engine)
    counts = workspace.tally(stage, seed)
    result, problems = workspace.split_of(stage, counts, seed), workspace.check(stage, counts)
    return split_document(result, dialect, problems, workspace.honesty(counts))


def compare_in_memory(table, project, dialects, before, after, seed):
    first, second = (Workspace(table, project, dialect) for dialect in dialects)
    result = second.compare(before, after, other=first)
    sides = second.sides(before, after, first)
    moved = second.moves(sides, second.everything, seed)
    return compare_document(result, moved, before, after, seed)


def compare_on(engine, dataset, project, dialects, before, after, seed):
    first, second = (DatasetWorkspace(dataset, project, d, engine) for d in dialects)
    result = second.compare(before, after, first)
    moved = second.moves(before, after, first, seed)
    return compare_document(result, moved, before, after, seed)
