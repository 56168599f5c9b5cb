"""An export to a task table in parts: in bounded memory, going on after a break, whole at the end.

Each part is written under another name and renamed; what is finished is noted after each in
`_unfinished.json`, with which source it came from. When all parts are there, tasks whose id came
before are taken out of the later parts, and `_tasks.json` is written last.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np

from core.dataset.layout import (
    UNFINISHED,
    WHOLE,
    Dataset,
    Part,
    document_of,
    open_dataset,
    partition_name,
    parts_and_names,
    refuse_damage,
    write_document,
)
from core.dataset.repeats import without_repeats
from core.errors import InputError
from core.export.pieces import TASKS_AT_ONCE, Pieces, read_pieces
from core.export.reader import no_task_in
from core.model.figures import counted
from core.model.reached import Reached
from core.tasks.parquet import NO_TASKS, names_in, write_parquet
from core.tasks.table import Counts, TaskTable

MOST_NOTES = 20
_HEAD_BYTES = 64 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Source:
    """Which file is converted, so that another one does not go on where this one stopped.

    Args:
        name: Without its folder.
        size: Bytes.
        head: Digest of its beginning.
    """

    name: str
    size: int
    head: str


def convert(
    source: Path,
    out: Path,
    project: str,
    progress: Reached,
    tasks_at_once: int = TASKS_AT_ONCE,
) -> Dataset:
    """Convert an export, or go on with it; a table that is whole already is left as it is.

    Args:
        source: An export or hub tasks.
        out: The folder; the tasks go to the partition of the project below it.
        project: Its id, or whatever names these tasks.
        progress: As of `read_path`.
        tasks_at_once: How many tasks a part holds.

    Raises:
        InputError: The source cannot be read, the folder holds other tasks, the disk is full, or
            somebody converts into it just now.
    """
    folder = out / partition_name(project)
    with _on_disk(folder), _alone(folder):
        return _Conversion(source, folder, tasks_at_once).run(progress)


class _Conversion:
    def __init__(self, source: Path, folder: Path, tasks_at_once: int) -> None:
        self.source, self.folder, self.tasks_at_once = source, folder, tasks_at_once
        self.mark = _mark(source)
        self.parts, self.names = self._finished()

    def run(self, progress: Reached) -> Dataset:
        if (self.folder / WHOLE).exists():
            return open_dataset(self.folder)
        self._clean()
        items = self.parts[-1].items if self.parts else 0
        read_pieces(
            self.source, Pieces(self._take, self.tasks_at_once, self.names, items), progress
        )
        counts = self.names.counts
        if counts.skipped and not counts.no_task and not sum(part.tasks for part in self.parts):
            first = "; ".join(self.names.notes[:1]).rstrip(".")
            raise no_task_in(self.source.name, first)
        dataset = without_repeats(Dataset(self.folder, tuple(self.parts), self.names))
        self._note(WHOLE, dataset.parts, dataset.names)
        (self.folder / UNFINISHED).unlink()
        return dataset

    def _finished(self) -> tuple[list[Part], TaskTable]:
        """Sound parts from the start, and the names that they have; a damaged one ends them."""
        noted = next((f for n in (WHOLE, UNFINISHED) if (f := self.folder / n).exists()), None)
        if noted is None:
            return [], NO_TASKS
        parts, names = parts_and_names(noted)
        before = json.loads(noted.read_text(encoding="utf-8")).get("source")
        if before != asdict(self.mark):
            what = (before or {}).get("name", "another file")
            message = f"holds the tasks of {what}, which is another file or was changed since."
            raise InputError(str(self.folder), message, "Name another --out, or delete it.")
        try:
            for part in parts:
                refuse_damage(self.folder, part)
        except InputError:
            sound = self._sound(parts)
            names = self._names_of(sound)
            self._note(UNFINISHED, sound, names)
            (self.folder / WHOLE).unlink(missing_ok=True)
            return list(sound), names
        return list(parts), names

    def _sound(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        sound: list[Part] = []
        for part in parts:
            try:
                refuse_damage(self.folder, part)
            except InputError:
                break
            sound.append(part)
        return tuple(sound)

    def _names_of(self, parts: Sequence[Part]) -> TaskTable:
        """Names and counts as they were when these were all."""
        names = NO_TASKS
        for part in parts:
            names = _joined(names, names_in(self.folder / part.name))
        return names

    def _note(self, name: str, parts: Sequence[Part], names: TaskTable) -> None:
        document = {**document_of(parts, names), "source": asdict(self.mark)}
        write_document(self.folder / name, document)

    def _clean(self) -> None:
        """Remove what a break left behind."""
        if not (self.folder / UNFINISHED).exists():
            self._note(UNFINISHED, self.parts, self.names)
        known = {part.name for part in self.parts}
        for path in self.folder.iterdir():
            leftover = path.name.startswith(".") and path.name.endswith(".part")
            if leftover or (path.suffix == ".parquet" and path.name not in known):
                path.unlink()

    def _take(self, table: TaskTable, items: int) -> None:
        with _on_disk(self.folder):  # here, for around this is what cannot be read
            self._write(table, items)

    def _write(self, table: TaskTable, items: int) -> None:
        if self.parts and not len(table) and table.counts == Counts():
            return
        name = f"part-{str(len(self.parts)).zfill(5)}.parquet"
        first = self.parts[-1].first + self.parts[-1].tasks if self.parts else 0
        write_parquet(table, self.folder / name, first)
        size = (self.folder / name).stat().st_size
        self.parts.append(Part(name, len(table), size, items, first))
        self.names = _joined(self.names, table)
        self._note(UNFINISHED, self.parts, self.names)


def _joined(before: TaskTable, table: TaskTable) -> TaskTable:
    """The names of a later piece, with the counts and notes of all."""
    one, other = asdict(before.counts), asdict(table.counts)
    return replace(
        table.keep(np.zeros(len(table), np.bool_), table.counts),
        counts=Counts(**{name: one[name] + other[name] for name in one}),
        notes=(*before.notes, *table.notes)[:MOST_NOTES],
    )


def _mark(source: Path) -> Source:
    try:
        with source.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
            size = os.fstat(stream.fileno()).st_size
    except FileNotFoundError as error:
        raise InputError(str(source), "does not exist.", "Check the name.") from error
    except IsADirectoryError as error:
        raise InputError(str(source), "is a folder.", "Name an export.") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(str(source), f"{reason}.", "Check the file.") from error
    return Source(source.name, size, blake2b(head, digest_size=12).hexdigest())


@contextmanager
def _on_disk(folder: Path) -> Iterator[None]:
    """Errors of writing as one sentence with the next step."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno in _FULL:
            reason = os.strerror(error.errno or 0).lower()
            done = _tasks_noted(folder)
            message = f"there is no room left ({reason}); {counted(done)} tasks are converted."
            hint = "Make room and run the same command again; it goes on where it stopped."
            raise InputError(str(folder), message, hint) from error
        reason = (error.strerror or str(error)).lower()
        raise InputError(str(folder), f"{reason}.", "Choose another place.") from error


def _tasks_noted(folder: Path) -> int:
    try:
        parts, _ = parts_and_names(folder / UNFINISHED)
    except InputError:
        return 0
    return sum(part.tasks for part in parts)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder; the system lets it go whenever the process ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        message = "somebody converts into it just now."
        raise InputError(str(folder), message, "Wait until that has ended.") from error
    finally:
        os.close(descriptor)
