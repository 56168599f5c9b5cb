"""A task table as a folder: `project=ID/part-00000.parquet`, …, and a note that it is whole.

Each part is a task table of its own, as `tasks --out F.parquet` writes one (`core.tasks.parquet`),
and all parts number stages and sets of classes alike. What is stored is what the file said: ids and
their hash, classes and nested ones, batches, assignee, total time, the history entry by entry.
What depends on a project or a dialect (who annotated, which duration counts, which classes) is
never stored; `core.dataset.columns` works it out as part of each question.

`_tasks.json` is written last. Without it nobody takes the folder for a table; it holds the parts
with their sizes, and the names, counts and notes of the whole. Names beginning with `_` or `.` are
no data for any engine.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import InputError
from core.model.figures import counted
from core.tasks.parquet import DAMAGE, NO_TASKS, about_of, columns_of, names_of_about, table_of
from core.tasks.table import TaskTable

WHOLE, UNFINISHED = "_tasks.json", "_unfinished.json"
PARTITION = "project="
VERSION = 1
AGAIN = "Run the same `tasks --in … --out … --partition` again; it goes on where it stopped."
CONVERT = "Convert an export: tasks --in F --out DIR --partition."


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the table.

    Args:
        name: Of the file, in the folder.
        tasks: How many tasks it holds.
        size: Its bytes.
        items: Items of the source up to its end, those that were skipped included.
        first: Position of its first task in the whole table.
    """

    name: str
    tasks: int
    size: int
    items: int
    first: int


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A whole task table on disk.

    Args:
        folder: Where its parts are.
        parts: Its files, in the order of the tasks.
        names: A table without a task, with the names, counts and notes of the whole.
    """

    folder: Path
    parts: tuple[Part, ...]
    names: TaskTable

    def __len__(self) -> int:
        return sum(part.tasks for part in self.parts)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Its files."""
        return tuple(self.folder / part.name for part in self.parts)

    def rows(self, arrow: pa.Table) -> TaskTable:
        """Some of its rows, with all its names, counts and notes.

        Args:
            arrow: Columns as the parts have them.
        """
        return table_of(arrow, about_of(self.names))


def partition_name(project: str) -> str:
    """Name of the folder of a project's tasks, as other tools of Parquet write it, too."""
    return f"{PARTITION}{quote(project, safe='')}"


def write_document(path: Path, document: Any) -> None:
    """A small file that appears whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("w", encoding="utf-8") as stream:
            json.dump(document, stream)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def document_of(parts: Sequence[Part], names: TaskTable) -> dict[str, Any]:
    """What `_tasks.json` holds."""
    return {
        "switchyard": "tasks",
        "version": VERSION,
        "parts": [asdict(part) for part in parts],
        "about": about_of(names),
    }


def parts_and_names(path: Path) -> tuple[tuple[Part, ...], TaskTable]:
    """What was written by `document_of`.

    Raises:
        InputError: It is damaged, or of a newer version.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] > VERSION:
            message = "was written by a newer version of Switchyard."
            raise InputError(str(path), message, "Use that one, or convert the export again.")
        parts = tuple(Part(**part) for part in document["parts"])
        return parts, names_of_about(document["about"])
    except DAMAGE as error:
        hint = f"Delete {path.parent} and convert the export again."
        raise InputError(str(path), "is damaged.", hint) from error


def open_dataset(folder: Path, project: str = "") -> Dataset:
    """The table in a folder, or in a partition of it: that of the project, or the only one.

    Args:
        folder: Where it is.
        project: Id of the project, where one is known.

    Raises:
        InputError: There is none, or several; it is not finished; or a part of it is missing,
            damaged or of another kind.
    """
    own = folder / partition_name(project)
    home = _home(own if project and own.is_dir() else folder)
    parts, names = parts_and_names(home / WHOLE)
    for part in parts:
        refuse_damage(home, part)
    return Dataset(home, parts, names)


def holds_parts(folder: Path) -> bool:
    """Whether a folder is, or has, a task table in parts, finished or not."""
    if not folder.is_dir():
        return False
    names = {path.name for path in folder.iterdir()}
    return bool(names & {WHOLE, UNFINISHED}) or any(n.startswith(PARTITION) for n in names)


def _home(folder: Path) -> Path:
    if not folder.is_dir():
        raise InputError(str(folder), "does not exist.", "Check the name.")
    if (folder / WHOLE).exists():
        return folder
    if (folder / UNFINISHED).exists():
        raise InputError(str(folder), "the conversion was not finished.", AGAIN)
    partitions = sorted(one for one in folder.iterdir() if one.name.startswith(PARTITION))
    if len(partitions) > 1:
        projects = ", ".join(unquote(one.name.removeprefix(PARTITION)) for one in partitions)
        hint = f"Name one of them: {partitions[0]}."
        raise InputError(str(folder), f"holds the tasks of several projects: {projects}.", hint)
    if partitions:
        return _home(partitions[0])
    kind = "Parquet files, but no task table" if any(folder.glob("*.parquet")) else "no task table"
    raise InputError(str(folder), f"is a folder that holds {kind}.", CONVERT)


def refuse_damage(folder: Path, part: Part) -> None:
    """Look at a part without reading its tasks.

    Raises:
        InputError: It is missing, of another size than was written, or has other columns.
    """
    path = folder / part.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(str(path), "is missing.", AGAIN) from error
    if size != part.size:
        sizes = f"{counted(size)} bytes where {counted(part.size)} were written"
        message = f"is damaged: it has {sizes}."
        raise InputError(str(path), message, f"Delete it. {AGAIN}")
    try:
        kinds = _kinds(pq.read_schema(path))
    except DAMAGE as error:
        raise damaged(path) from error
    for name, kind in _WANTED.items():
        if kinds.get(name) != kind:
            has = f"{kinds[name]} as" if name in kinds else "no"
            message = f"is no part of a task table: it has {has} {name}, and {kind} is expected."
            raise InputError(str(path), message, f"Delete it. {AGAIN}")


def damaged(path: Path) -> InputError:
    """The sentence about a part that cannot be read."""
    return InputError(str(path), "is damaged.", f"Delete it. {AGAIN}")


def first_damaged(dataset: Dataset) -> Path | None:
    """The first part that cannot be read to its end; None where all can."""
    for path in dataset.paths:
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=65_536):
                    del batch
        except DAMAGE:
            return path
    return None


def read_whole(dataset: Dataset) -> TaskTable:
    """All tasks in memory.

    Raises:
        InputError: A part is damaged.
    """
    tables = []
    for path in dataset.paths:
        try:
            tables.append(pq.read_table(path, partitioning=None))
        except DAMAGE as error:
            raise damaged(path) from error
    if any(one.schema != tables[0].schema for one in tables):  # else its dictionaries are kept
        tables = [one.cast(plain(one.schema)) for one in tables]
    return dataset.rows(pa.concat_tables(tables))


def plain(schema: Any) -> Any:
    """A schema with texts as texts: the parts' dictionaries need not agree."""
    return pa.schema([field.with_type(_undone(field.type)) for field in schema])


def _undone(kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        return _undone(kind.value_type)
    if pa.types.is_string(kind):
        return pa.large_string()
    if pa.types.is_large_list(kind) or pa.types.is_list(kind):
        return pa.large_list(_undone(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_undone(field.type)) for field in kind])
    return kind


def _kinds(schema: Any) -> dict[str, str]:
    """Types of columns, and of the fields of a history entry, by name."""
    kinds = {field.name: _undone(field.type) for field in schema}
    entry = getattr(kinds.get("history"), "value_type", None)
    if entry is not None and pa.types.is_struct(entry):
        kinds |= {f"history.{field.name}": field.type for field in entry}
    return {name: _WORDS.get(str(kind), str(kind)) for name, kind in kinds.items()}


_WORDS = {"large_string": "text", "large_list<item: large_string>": "lists of text"}
_OF_TASKS = ["position", "task_id", "id_hash", "assignee", "total_duration_ms", "answer_loaded"]
_LISTS = ["schema_ids", "nested_schema_ids", "batches"]
_OF_ENTRIES = ("stage_code", "completed_by", "duration_ms", "review_status")
_EMPTY = _kinds(columns_of(NO_TASKS).schema)
_WANTED = {
    name: _EMPTY[name]
    for name in (*_OF_TASKS, *_LISTS, *(f"history.{field}" for field in _OF_ENTRIES))
}
"""Columns that questions are asked of, and their types."""
