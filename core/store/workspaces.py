"""Opened files: their tables as Parquet in the data folder, their names in the database."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.access.actions import Action
from core.dataset.convert import convert
from core.dataset.layout import write_document
from core.dataset.opening import open_table
from core.errors import InputError, UnknownName
from core.export.reader import unpacked_size
from core.model.reached import Reached, silent
from core.settings import TASKS_IN_MEMORY
from core.store.database import Database
from core.store.tables.drafts import workspaces
from core.tasks.parquet import write_parquet
from core.tasks.table import TaskTable

PARTS = "parts-"
IN_PIECES_BYTES = 1024**3
"""Larger exports are converted in parts, in bounded memory."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A task file that was opened, optionally with its project.

    Args:
        id: Stands in links.
        name: File name, or what people call it.
        table_fingerprint: Of its task table.
        project: JSON text of the project, or None.
        opened_at: Seconds since 1970.
    """

    id: str
    name: str
    table_fingerprint: str
    project: str | None
    opened_at: float


class OpenedFiles:
    """Keeps what was opened, so that a refresh, a restart or another browser finds it again."""

    def __init__(self, store: Database, folder: Path, most: int = TASKS_IN_MEMORY) -> None:
        self._store = store
        self._folder = folder
        self._most = most
        self._written: tuple[str, TaskTable] | None = None

    def _path(self, fingerprint: str) -> Path:
        return self._folder / f"{fingerprint}.parquet"

    def _elsewhere(self, fingerprint: str) -> Path:
        """Says which folder holds a table that was too large to be kept once more."""
        return self._folder / f"{fingerprint}.json"

    def open_path(
        self, path: Path, project: str | None, project_id: str = "", progress: Reached = silent
    ) -> tuple[TaskTable, OpenedFile]:
        """Open an export, a saved table or a folder of parts on this machine.

        An export of more than `IN_PIECES_BYTES` is converted in parts below the folder of the
        tables first, and opened again it goes on where it stopped.

        Args:
            path: Where it is.
            project: As of `add`.
            project_id: Of the project, where one is known.
            progress: As of `read_path`.

        Raises:
            InputError: It cannot be read, or there is no room for it.
        """
        self._store.check(Action.FILE)  # what is large is converted before its row is written
        if path.is_dir() or unpacked_size(path) <= IN_PIECES_BYTES:
            table = open_table(path, self._most, progress, project_id)
            return table, self.add(path.name, table, project, path.absolute())
        parts = self._folder / f"{PARTS}{_digest(str(path.absolute()))}"
        convert(path, parts, project_id or path.stem, progress)
        table = open_table(parts, self._most)
        file = self.add(path.name, table, project, parts)
        if table.in_memory:
            shutil.rmtree(parts)  # it is kept like any other
        return table, file

    def add(
        self, name: str, table: TaskTable, project: str | None, source: Path | None = None
    ) -> OpenedFile:
        """Keep a table; the same content under the same name and project is kept once.

        Args:
            name: What it is called.
            table: The tasks.
            project: JSON text of the project, or None.
            source: Where the tasks are, of a table that stays on disk.
        """
        self._store.check(Action.FILE)  # the table is written before its row
        path = self._path(table.fingerprint)
        self._folder.mkdir(parents=True, exist_ok=True)
        if not table.in_memory:
            own = source is not None and source.parent == self._folder
            place = source.name if source is not None and own else str(source)
            write_document(self._elsewhere(table.fingerprint), {"source": place})
        else:
            write_parquet(table, path)  # also where it is kept already: it may be damaged by now
        if len(table) <= self._most:
            self._written = table.fingerprint, table
        key = _digest(repr((name, table.fingerprint, project)))
        opened = OpenedFile(key, name, table.fingerprint, project, self._store.clock())
        values = {**asdict(opened), "deleted_at": None}  # opened again, it is there again
        about = {"name": name, "table": table.fingerprint}
        with self._store.write(Action.FILE, f"file {key}", after={"opened": about}) as tx:
            again = workspaces.update().where(workspaces.c.id == key).values(**values)
            if not tx.execute(again).rowcount:
                tx.execute(workspaces.insert().values(**values))
        return self.get(key)

    def get(self, workspace: str) -> OpenedFile:
        """Find an opened file.

        Raises:
            UnknownName: It was never opened here, or its table is gone.
        """
        with self._store.read() as tx:
            row = tx.execute(_FILES.where(workspaces.c.id == workspace)).one_or_none()
        if row is None or not self._is_kept(row.table_fingerprint):
            raise UnknownName("This file is no longer kept here.", "Open it again.")
        if row.deleted_at is not None:
            raise UnknownName(f"{row.name} was deleted.", "Restore it, or open the file again.")
        return _opened(row)

    def recent(self, most: int = 20, deleted: bool = False) -> tuple[OpenedFile, ...]:
        """Opened files, the latest opened or deleted first."""
        gone = workspaces.c.deleted_at.is_not(None)
        order = workspaces.c.deleted_at if deleted else workspaces.c.opened_at
        query = _FILES.where(gone if deleted else ~gone).order_by(order.desc()).limit(most)
        with self._store.read() as tx:
            return tuple(map(_opened, tx.execute(query).all()))

    def all(self) -> tuple[OpenedFile, ...]:
        """Every file that was ever opened and not purged, deleted ones included."""
        with self._store.read() as tx:
            return tuple(map(_opened, tx.execute(_FILES).all()))

    def rename(self, workspace: str, name: str) -> None:
        """Call an opened file otherwise; "" gives it its file name back. Raises as `get`."""
        self.get(workspace)
        self._change(workspace, "renamed", called=name.strip() or None)

    def delete(self, workspace: str) -> None:
        """Put an opened file away, its drafts and scenarios with it. Raises as `get`."""
        self.get(workspace)
        self._change(workspace, "deleted", deleted_at=self._store.clock())

    def restore(self, workspace: str) -> None:
        """Bring a deleted file back with all that was made with it.

        Raises:
            UnknownName: It was never opened here.
        """
        self._change(workspace, "restored", deleted_at=None)

    def _change(self, workspace: str, done: str, **values: object) -> None:
        with self._store.write(Action.FILE, f"file {workspace}", after={done: values}) as tx:
            change = workspaces.update().where(workspaces.c.id == workspace).values(**values)
            if not tx.execute(change).rowcount:
                raise UnknownName("This file is no longer kept here.", "Open it again.")

    def table(self, fingerprint: str) -> TaskTable:
        """A kept table; one that was added just now is handed over once instead of read back."""
        written, self._written = self._written, None
        if written is not None and written[0] == fingerprint:
            return written[1]
        note = self._elsewhere(fingerprint)
        if not note.exists():
            path = self._path(fingerprint)
            try:
                table = open_table(path, self._most, fingerprint=fingerprint, ours=True)
            except InputError as error:
                hint = "Open the file again, or put a backup of it back."
                raise InputError(str(path), "is kept here, but damaged.", hint) from error
            vars(table)["fingerprint"] = fingerprint  # it was kept by it: nothing to work out again
            return table
        source = self._folder / json.loads(note.read_text(encoding="utf-8"))["source"]
        moved = self._folder / source.name
        if source.name.startswith(PARTS) and moved.is_dir():
            source = moved  # the data folder lies elsewhere by now
        table = open_table(source, self._most)
        if not table.in_memory and table.fingerprint != fingerprint:
            raise InputError(str(source), "was changed since it was opened.", "Open it again.")
        return table

    def _is_kept(self, fingerprint: str) -> bool:
        return self._path(fingerprint).exists() or self._elsewhere(fingerprint).exists()


_FILES = sa.select(
    *(workspaces.c.id, workspaces.c.table_fingerprint, workspaces.c.project),
    *(workspaces.c.opened_at, workspaces.c.deleted_at),
    sa.func.coalesce(workspaces.c.called, workspaces.c.name).label("name"),
)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _opened(row: Any) -> OpenedFile:
    return OpenedFile(row.id, row.name, row.table_fingerprint, row.project, row.opened_at)
