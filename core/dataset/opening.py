"""Opens whatever holds tasks: in memory up to a number of tasks, beyond it where they lie."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

import pyarrow.parquet as pq

from core.dataset.layout import WHOLE, Dataset, Part, open_dataset, read_whole, refuse_damage
from core.errors import InputError
from core.export.reader import read_path
from core.model.figures import counted
from core.model.reached import Reached, silent
from core.tasks.parquet import DAMAGE, names_in
from core.tasks.table import TaskTable


def open_table(
    path: Path,
    most: int,
    progress: Reached = silent,
    project: str = "",
    fingerprint: str = "",
    ours: bool = False,
) -> TaskTable:
    """The tasks of an export, of a saved table, or of a folder of parts.

    Args:
        path: Where they are.
        most: Tasks that memory is meant for; of an export all are read, whatever their number.
        progress: As of `read_path`.
        project: Id of the project, where a folder may hold several.
        fingerprint: Of the table, where it is known.
        ours: As of `read_stream`.

    Raises:
        InputError: As of `read_path` and `open_dataset`.
    """
    dataset = open_dataset(path, project) if path.is_dir() else _saved(path, most)
    if dataset is None:
        return read_path(path, progress, ours=ours)
    if len(dataset) <= most:
        return read_whole(dataset)
    from core.dataset.stored import StoredTable  # smaller tables are there sooner without it

    return StoredTable(dataset, fingerprint or fingerprint_of(dataset))


def fingerprint_of(dataset: Dataset) -> str:
    """Short text that changes with the content; not that of the same tasks in memory."""
    digest = blake2b(digest_size=12)
    whole = dataset.folder / WHOLE
    if whole.exists():
        digest.update(whole.read_bytes())
    for path in dataset.paths:
        digest.update(repr((path.name, path.stat().st_size)).encode())
        digest.update(_footer(path))
    return digest.hexdigest()


def on_disk(table: TaskTable) -> str:
    """One sentence about a table that is counted where it lies; "" of one in memory."""
    if table.in_memory:
        return ""
    return (
        f"{counted(len(table))} tasks are more than memory is meant for, so they stay on disk: "
        "DuckDB reads what a question needs."
    )


def _saved(path: Path, most: int) -> Dataset | None:
    """A saved table of more tasks as one part; None where it is to be read."""
    try:
        rows = pq.read_metadata(path).num_rows
        if rows <= most:
            return None
        part = Part(path.name, rows, path.stat().st_size, rows, 0)
        dataset = Dataset(path.parent, (part,), names_in(path))
        refuse_damage(path.parent, part)
    except (*DAMAGE, InputError):
        return None  # an export, or what reading it says
    return dataset


def _footer(path: Path) -> bytes:
    """What Parquet says of its columns: sizes, least and greatest values."""
    with path.open("rb") as stream:
        stream.seek(-8, 2)
        size = int.from_bytes(stream.read(4), "little")
        stream.seek(-min(size + 8, stream.tell() + 4), 2)
        return stream.read()
