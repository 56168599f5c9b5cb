"""Opened files: their tables as Parquet in the data folder, their names in the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.access.actions import Action
from core.errors import UnknownName
from core.export.reader import read_path
from core.store.database import Database
from core.store.tables.drafts import workspaces
from core.tasks.parquet import write_parquet
from core.tasks.table import TaskTable


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

    def __init__(self, store: Database, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._written: tuple[str, TaskTable] | None = None

    def _path(self, fingerprint: str) -> Path:
        return self._folder / f"{fingerprint}.parquet"

    def add(self, name: str, table: TaskTable, project: str | None) -> OpenedFile:
        """Keep a table; the same content under the same name and project is kept once."""
        self._store.check(Action.FILE)  # the table is written before its row
        path = self._path(table.fingerprint)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_parquet(table, path)
        self._written = table.fingerprint, table
        text = repr((name, table.fingerprint, project))
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
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
        if row is None or not self._path(row.table_fingerprint).exists():
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
        return read_path(self._path(fingerprint))


_FILES = sa.select(
    *(workspaces.c.id, workspaces.c.table_fingerprint, workspaces.c.project),
    *(workspaces.c.opened_at, workspaces.c.deleted_at),
    sa.func.coalesce(workspaces.c.called, workspaces.c.name).label("name"),
)


def _opened(row: Any) -> OpenedFile:
    return OpenedFile(row.id, row.name, row.table_fingerprint, row.project, row.opened_at)
