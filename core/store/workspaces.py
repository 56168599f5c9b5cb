"""Opened files: their tables as Parquet in the data folder, their names in the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

import sqlalchemy as sa

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
        name: File name.
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
        path = self._path(table.fingerprint)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_parquet(table, path)
        self._written = table.fingerprint, table
        text = repr((name, table.fingerprint, project))
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        opened = OpenedFile(key, name, table.fingerprint, project, self._store.clock())
        values = asdict(opened)
        with self._store.write() as tx:
            again = workspaces.update().where(workspaces.c.id == key).values(**values)
            if not tx.execute(again).rowcount:
                tx.execute(workspaces.insert().values(**values))
        return opened

    def get(self, workspace: str) -> OpenedFile:
        """Find an opened file.

        Raises:
            UnknownName: It was never opened here, or its table is gone.
        """
        with self._store.read() as tx:
            query = sa.select(workspaces).where(workspaces.c.id == workspace)
            row = tx.execute(query).one_or_none()
        if row is None or not self._path(row.table_fingerprint).exists():
            raise UnknownName("This file is no longer kept here.", "Open it again.")
        return OpenedFile(**row._mapping)

    def recent(self, most: int = 20) -> tuple[OpenedFile, ...]:
        """Opened files, latest first."""
        query = sa.select(workspaces).order_by(workspaces.c.opened_at.desc()).limit(most)
        with self._store.read() as tx:
            rows = tx.execute(query).all()
        return tuple(OpenedFile(**row._mapping) for row in rows)

    def table(self, fingerprint: str) -> TaskTable:
        """A kept table; one that was added just now is handed over once instead of read back."""
        written, self._written = self._written, None
        if written is not None and written[0] == fingerprint:
            return written[1]
        return read_path(self._path(fingerprint))
