"""A task table that stays on disk, for the questions that a table in memory answers.

DuckDB reads what a question needs. What rules see of all tasks is kept, some bytes a task: hashes,
durations, and of classes, people and batches the tasks of each; names, histories and the rest are
read for the tasks that are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar
from weakref import finalize

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.dataset.columns import TaskColumns
from core.dataset.engines import open_engine
from core.dataset.layout import Dataset, plain
from core.dataset.named_sets import NamedSets, joined
from core.errors import InputError
from core.model.dialect import FINAL, Dialect
from core.model.figures import counted
from core.model.project import Project
from core.routing.engine.draw import hash_text
from core.tasks import bits
from core.tasks.facts import Facts, Honesty, OwnFacts, resolve
from core.tasks.parquet import NO_TASKS, columns_of
from core.tasks.table import UNKNOWN_TIME, TaskTable

MEMORY = "1GiB"
"""What DuckDB may hold while it answers; what is kept comes on top."""
IN_MEMORY = "Set SWITCHYARD_TASKS_IN_MEMORY above that number, where there is memory for it."

_FILLED: dict[str, tuple[str, type, Any]] = {
    "hashes": ("id_hash", np.uint64, 0),
    "stage": ("stage_code", np.int32, -1),
    "at": ("last_at", np.int64, UNKNOWN_TIME),
    "answered": ("answer_loaded", np.bool_, False),
}
"""Columns that are kept once they were asked for: their name on disk, type, and blank."""
_ON_DISK = frozenset(
    ("ids", "external_ids", "assignee", "total", "classes", "nested", "batches", "history")
)
"""Columns that are never held whole."""


class StoredTable(OwnFacts):
    """The tasks of a dataset. Safe to share between threads, which wait for each other's questions.

    Args:
        dataset: Where they are.
        fingerprint: As of `TaskTable.fingerprint`, short text that is equal for equal content.
    """

    in_memory: ClassVar[bool] = False

    def __init__(self, dataset: Dataset, fingerprint: str) -> None:
        known = {field.name: getattr(dataset.names, field.name) for field in fields(TaskTable)}
        columns = _ON_DISK.union(_FILLED)
        vars(self).update({name: known[name] for name in known.keys() - columns})
        opened = ExitStack()
        engine = opened.enter_context(open_engine("duckdb", memory=MEMORY))
        finalize(self, opened.close)
        vars(self).update(
            fingerprint=fingerprint,
            _dataset=dataset,
            _engine=engine,
            _tasks=len(dataset),
            _asking=RLock(),
            _rows=engine.rows(dataset),
            _files=_files_of(dataset),
        )

    def __len__(self) -> int:
        return int(self._tasks)

    def __getattr__(self, name: str) -> Any:
        if name in _ON_DISK:
            what = "Histories" if name == "history" else "Columns of single tasks"
            message = f"are not held of all {counted(len(self))} tasks at once."
            raise InputError(what, message, IN_MEMORY)
        if name not in _FILLED:
            raise AttributeError(name)
        column, kind, blank = _FILLED[name]
        vars(self)[name] = self._filled(self._rows[column], kind, blank)
        return vars(self)[name]

    def facts(self, project: Project | None, dialect: Dialect) -> Facts:
        """As of `core.tasks.facts.resolve`.

        Raises:
            InputError: A part is damaged, or no task left the stage that the dialect names.
        """
        if dialect.at != FINAL:
            return joined(
                len(self),
                ((first, resolve(some, project, dialect)) for first, some in self.pieces()),
            )
        columns = TaskColumns(self._rows, self._engine, self, project, dialect)
        people = self._sets(
            tuple(columns.people), columns.annotators, tuple(columns.people.values())
        )
        unknowns = columns.unknowns
        counts = self._ask(self._engine.sums(self._rows, unknowns)).to_pylist()[0]
        return Facts(
            tasks=len(self),
            hashes=self.hashes,
            classes=self._sets(self.schema_ids, columns.class_lists, self.schema_ids),
            people=people,
            batches=self._sets(self.batch_names, self._rows.batches, self.batch_names),
            duration=self._filled(columns.duration, np.float64, np.nan),
            answered=None if self.answered.all() else bits.pack(self.answered),
            dialect=dialect,
            project=project,
            honesty=Honesty(
                **{name: int(counts[name] or 0) for name in unknowns},
                skipped=self.counts.skipped,
                no_task=self.counts.no_task,
                repeated=self.counts.repeated,
                odd=self.counts.odd,
            ),
        )

    def row_of(self, task_id: str) -> int | None:
        """As of `TaskTable.row_of`; found by its hash first."""
        try:
            task_id.encode()
        except UnicodeEncodeError:
            return None
        same = self._engine.has_id(self._rows, hash_text(task_id), task_id)
        rows = self._places(self._ask(self._rows.filter(same).select("position")))
        return int(rows[0]) if len(rows) else None

    def with_text(self, text: str) -> NDArray[np.bool_]:
        """As of `TaskTable.with_text`."""
        columns = (self._rows.task_id, self._rows.external_id)
        hits = [one.lower().contains(text.lower()).coalesce(False) for one in columns]
        return self._flags(hits[0] | hits[1])

    def in_batches(self, names: Collection[str]) -> NDArray[np.bool_]:
        """As of `TaskTable.in_batches`."""
        columns = TaskColumns(self._rows, self._engine, self, None, Dialect())
        return self._flags(columns.in_batch(names))

    def take(self, rows: NDArray[np.int64]) -> TaskTable:
        """These tasks, in memory."""
        kept, wanted = columns_of(NO_TASKS), np.unique(rows)
        positions = (wanted + self._shifts[self._part_of(wanted)]).tolist()
        chosen = self._rows.filter(self._rows.position.isin(positions))
        answer = self._ask(chosen.select(*kept.column_names).order_by("position"))
        table: TaskTable = self._dataset.rows(self._engine.in_memory(answer, kept.schema))
        return table if np.array_equal(wanted, rows) else table.take(np.searchsorted(wanted, rows))

    @cached_property
    def stages_passed(self) -> tuple[int, ...]:
        """As of `TaskTable.stages_passed`."""
        codes = self._ask(self._engine.distinct(self._rows, self._rows.history, "stage_code"))
        return tuple(sorted(code for code in codes["value"].to_pylist() if code >= 0))

    def pieces(self) -> Iterator[tuple[int, TaskTable]]:
        """As of `TaskTable.pieces`: a group of rows of a file after the other."""
        first = 0
        for path in self._dataset.paths:
            self._refuse_changes()
            with pq.ParquetFile(path) as file:
                for group in range(file.num_row_groups):
                    rows = file.read_row_group(group)
                    some = self._dataset.rows(rows.cast(plain(rows.schema)))
                    yield first, some
                    first += len(some)

    @property
    def _shifts(self) -> NDArray[np.int64]:
        """By part, how far positions run ahead of rows: repeated tasks were taken out."""
        parts = self._dataset.parts
        return np.array([part.first for part in parts], np.int64) - self._starts

    @property
    def _starts(self) -> NDArray[np.int64]:
        sizes = [part.tasks for part in self._dataset.parts]
        return np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)

    def _part_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(self._starts, rows, "right") - 1

    def _places(self, answer: pa.Table) -> NDArray[np.int64]:
        """Rows of the tasks that an answer is about."""
        positions: NDArray[np.int64] = answer["position"].to_numpy()
        if self._shifts.any():
            parts = np.searchsorted(self._starts + self._shifts, positions, "right") - 1
            positions = positions - self._shifts[parts]
        return positions

    def _flags(self, bit: Any) -> NDArray[np.bool_]:
        flags = np.zeros(len(self), np.bool_)
        flags[self._places(self._ask(self._rows.filter(bit).select("position")))] = True
        return flags

    def _filled(self, column: Any, kind: type, blank: Any) -> NDArray[Any]:
        """One value per task; blank where there is none."""
        answer = self._ask(self._rows.select("position", value=column))
        value = answer["value"]
        filled: NDArray[Any] = np.full(len(self), blank, kind)
        if pa.types.is_timestamp(value.type):
            value = value.cast(pa.timestamp("ms", "UTC"), safe=False).cast(pa.int64())
        values = value.fill_null(pa.scalar(blank).cast(value.type)).to_numpy()
        filled[self._places(answer)] = values
        return filled

    def _sets(self, keys: Sequence[str], lists: Any, names: Sequence[str]) -> NamedSets:
        """The tasks of each name in a column of lists, by keys that stand for the names."""

        def read() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
            answer = self._ask(self._engine.coded(self._rows, lists, names))
            return self._places(answer), answer["code"].to_numpy()

        return NamedSets(keys, len(self), read)

    def _ask(self, query: Any) -> pa.Table:
        with self._asking:
            if _files_of(self._dataset) != self._files:
                hint = "Open the page again, or open these tasks again."
                raise InputError(
                    str(self._dataset.folder), "was changed since it was opened.", hint
                )
            return self._engine.answer(query, self._dataset)

    def _refuse_changes(self) -> None:
        if _files_of(self._dataset) != self._files:
            hint = "Open the page again, or open these tasks again."
            raise InputError(str(self._dataset.folder), "was changed since it was opened.", hint)


def _files_of(dataset: Dataset) -> list[tuple[int, int, int] | None]:
    """What tells each file from one that took its place; None of one that is gone."""
    return [_file(path) for path in dataset.paths]


def _file(path: Path) -> tuple[int, int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_ino, about.st_size, about.st_mtime_ns
