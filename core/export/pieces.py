"""An export as many small tables, one after the other, with the same numbers for the same names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.export.builder import TableBuilder
from core.export.reader import opened, read_export, read_stream
from core.export.schema import Item
from core.model.reached import Reached
from core.tasks.parquet import is_parquet
from core.tasks.table import Counts, TaskTable

TASKS_AT_ONCE = 200_000
"""Tasks of a piece: some hundred megabytes while it is built."""


class Pieces:
    """Gets the items of an export, and hands on a table whenever so many tasks have come.

    Args:
        take: Gets each table, and how many items of the source there are up to its end.
        size: Tasks of a piece, at least 1.
        known: Names that have their numbers already, or None.
        items: As many items from the start are left out; they were read before.
    """

    def __init__(
        self,
        take: Callable[[TaskTable, int], None],
        size: int = TASKS_AT_ONCE,
        known: TaskTable | None = None,
        items: int = 0,
    ) -> None:
        self._take, self._size, self._known_items, self.items = take, size, items, 0
        self._builder, self._tasks = TableBuilder(known), 0

    def __len__(self) -> int:
        return self._tasks + len(self._builder)

    def add(self, item: Item, where: str) -> None:
        """As of a builder; hands on the piece that it completes."""
        self.items += 1
        if self.items > self._known_items:
            self._builder.add(item, where)
            if len(self._builder) >= self._size:
                self.finish()

    def skip(self, where: str, reason: str) -> None:
        """As of a builder."""
        self.items += 1
        if self.items > self._known_items:
            self._builder.skip(where, reason)

    def mended(self, where: str, clause: str) -> None:
        """As of a builder."""
        if self.items >= self._known_items:
            self._builder.mended(where, clause)

    def note(self, where: str, sentence: str) -> None:
        """As of a builder."""
        self._builder.note(where, sentence)

    def finish(self) -> None:
        """Hand on what is left."""
        table = self._builder.finish()
        self._take(table, self.items)
        self._tasks += len(table)
        self._builder = TableBuilder(table)

    def cut(self, table: TaskTable) -> None:
        """Hand on a table that is there already, in pieces; its rows are its items."""
        rows = np.arange(len(table))
        for start in range(self._known_items, max(len(table), 1), self._size):
            flags = (rows >= start) & (rows < start + self._size)
            counts = Counts() if start else table.counts
            self._take(table.keep(flags, counts), min(start + self._size, len(table)))


def read_pieces(path: Path, pieces: Pieces, progress: Reached) -> None:
    """Read an export to its end.

    Args:
        path: An export or hub tasks, never held whole; or a table of one file, which is.
        pieces: Gets the tasks.
        progress: As of `read_stream`.

    Raises:
        InputError: It cannot be read.
    """
    with opened(path) as stream:
        if is_parquet(stream.read(8)):
            pieces.cut(read_stream(stream, path.name))
        else:
            read_export(stream, path.name, pieces, progress)
            pieces.finish()
