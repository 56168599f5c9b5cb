"""The task table as a value: columns of integers and floats, texts in Arrow, no object per task.

It says what the file said. What that means for rules (who counts as annotator, which duration)
depends on the project and the dialect and is worked out by `core.tasks.facts`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa  # at run time where a table is: commands without tasks start without it

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

UNKNOWN_TIME = np.iinfo(np.int64).min
"""Stands for "no time" in columns of milliseconds since 1970."""

ROWS_AT_ONCE = 65_536

NO_REVIEW = 0
"""Code of a history entry without review status; the others are positions in `review_words`."""


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """A list of codes per task: those of task i are `codes[offsets[i]:offsets[i + 1]]`."""

    offsets: NDArray[np.int64]
    codes: Ints

    @property
    def rows(self) -> NDArray[np.int64]:
        """Task position of every code, shape of `codes`."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def of(self, row: int) -> list[int]:
        """The codes of one task."""
        return [int(code) for code in self.codes[self.offsets[row] : self.offsets[row + 1]]]

    def take(self, places: NDArray[np.int64]) -> Lists:
        """The lists at these places, in their order."""
        offsets, chosen = _of_places(self.offsets, places)
        return Lists(offsets, self.codes[chosen])


def _of_places(
    offsets: NDArray[np.int64], places: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Offsets of the lists at these places, and where their members stand."""
    lengths = np.diff(offsets)[places]
    chosen = np.concatenate(([0], np.cumsum(lengths)))
    starts = np.repeat(offsets[:-1][places] - chosen[:-1], lengths)
    return chosen, starts + np.arange(chosen[-1])


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Entries of all stage histories one after the other, in the order of the file.

    Args:
        offsets: Entries of task i are those from offsets[i] to offsets[i + 1].
        stage: Code in `TaskTable.stages`, -1 when it has none.
        person: Code in `TaskTable.people` of `completedBy`, -1 when nobody.
        duration: Milliseconds; NaN when absent, negative or not a number.
        at: `completedAt` in milliseconds since 1970, or `UNKNOWN_TIME`.
        review: Code in `TaskTable.review_words`; 0 is none.
        labels: Position in `TaskTable.label_sets` of the annotations as the task left the stage,
            -1 when the entry does not hold them.
    """

    offsets: NDArray[np.int64]
    stage: Ints
    person: Ints
    duration: Floats
    at: NDArray[np.int64]
    review: Ints
    labels: Ints

    @property
    def rows(self) -> NDArray[np.int64]:
        """Task position of every entry."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def keep_entries(self, chosen: NDArray[np.bool_]) -> History:
        """All tasks, with the flagged entries only."""
        before = np.concatenate(([0], np.cumsum(chosen)))
        return self._chosen(before[self.offsets], chosen)

    def take(self, places: NDArray[np.int64]) -> History:
        """The histories of the tasks at these places, in their order."""
        return self._chosen(*_of_places(self.offsets, places))

    def _chosen(self, offsets: NDArray[np.int64], chosen: NDArray[Any]) -> History:
        return History(
            offsets,
            self.stage[chosen],
            self.person[chosen],
            self.duration[chosen],
            self.at[chosen],
            self.review[chosen],
            self.labels[chosen],
        )


@dataclass(frozen=True, slots=True, eq=False)
class LabelSets:
    """The distinct sets of classes that history entries hold; the first is empty.

    Args:
        classes: Schema ids present at top level, codes in `TaskTable.schema_ids`.
        nested: Schema ids of answered nested classifications, same codes.
    """

    classes: Lists
    nested: Lists

    def __len__(self) -> int:
        return len(self.classes.offsets) - 1


def no_label_sets() -> LabelSets:
    """Only the empty set."""
    nothing = Lists(np.zeros(2, np.int64), np.zeros(0, np.int32))
    return LabelSets(nothing, nothing)


@dataclass(frozen=True, slots=True)
class Counts:
    """What reading a file left out.

    Args:
        skipped: Items that could not be used, repeated ids included.
        repeated: Those of them whose task id had come before.
        no_task: Assets without a task; no error.
        odd: Fields of another type than expected, taken as absent.
    """

    skipped: int = 0
    repeated: int = 0
    no_task: int = 0
    odd: int = 0


@dataclass(frozen=True, eq=False)
class TaskTable:
    """Tasks in columns; row i is the same task in all of them.

    Args:
        ids: Task ids, Arrow text.
        external_ids: Asset's external id, Arrow text with nulls; not unique.
        hashes: First 8 bytes of md5 of the task id, big-endian (docs/semantics.md, Draws).
        stage: Code in `stages` of where the task is, -1 unknown.
        assignee: Code in `people`, -1 nobody.
        total: Milliseconds: `totalDuration`; without it the sum over the history, of a hub task its
            `duration`; NaN when there is neither.
        at: Last time that anything is known to have happened, ms since 1970.
        answered: Whether the answer of the task was loaded.
        classes: Schema ids present at top level, codes in `schema_ids`.
        nested: Schema ids of answered nested classifications, same codes.
        batches: Codes in `batch_names`.
        history: Stage history.
        stages: (stage id, stage name) by code; either may be "".
        people: Addresses as first spelled, by code; unique but for case and blanks.
        schema_ids: Ids by code.
        schema_titles: Titles that the file gives them, "" when none.
        batch_names: Names or ids as the file gives them, by code.
        review_words: Review status by code; position 0 is "".
        label_sets: Sets of classes by code, for the history.
        counts: What was left out.
        notes: The first few sentences about odd items.
    """

    in_memory: ClassVar[bool] = True
    """Whether all columns are held; else `pieces` gives the tasks, some at a time."""

    ids: pa.Array
    external_ids: pa.Array
    hashes: NDArray[np.uint64]
    stage: Ints
    assignee: Ints
    total: Floats
    at: NDArray[np.int64]
    answered: NDArray[np.bool_]
    classes: Lists
    nested: Lists
    batches: Lists
    history: History
    stages: tuple[tuple[str, str], ...]
    people: tuple[str, ...]
    schema_ids: tuple[str, ...]
    schema_titles: tuple[str, ...]
    batch_names: tuple[str, ...]
    review_words: tuple[str, ...]
    label_sets: LabelSets = field(default_factory=no_label_sets)
    counts: Counts = field(default_factory=Counts)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.hashes)

    @cached_property
    def fingerprint(self) -> str:
        """Short text that is equal for equal content, whatever file it came from."""
        digest = blake2b(digest_size=12)
        names = (self.stages, self.people, self.schema_ids, self.schema_titles)
        more = (self.batch_names, self.review_words, self.counts)
        digest.update(repr((len(self), names, more)).encode())
        for start in range(0, len(self), ROWS_AT_ONCE):
            texts = self.external_ids.slice(start, ROWS_AT_ONCE).to_pylist()
            digest.update(repr(texts).encode())
        for column in self._columns():
            digest.update(np.ascontiguousarray(column).view(np.uint8).data)
        return digest.hexdigest()

    def _columns(self) -> tuple[NDArray[Any], ...]:
        history = self.history
        lists = [self.classes, self.nested, self.batches]
        snapshots = [history.labels] if (history.labels >= 0).any() else []
        if snapshots:
            lists += [self.label_sets.classes, self.label_sets.nested]
        return (
            self.hashes,
            self.stage,
            self.assignee,
            self.total,
            self.at,
            self.answered,
            *(column for each in lists for column in (each.offsets, each.codes)),
            history.offsets,
            history.stage,
            history.person,
            history.duration,
            history.at,
            history.review,
            *snapshots,
        )

    @cached_property
    def stages_passed(self) -> tuple[int, ...]:
        """Positions in `stages` of those that some history has, ascending."""
        entries = np.bincount(self.history.stage + 1, minlength=1)[1:]
        return tuple(np.flatnonzero(entries).tolist())

    def pieces(self) -> Iterator[tuple[int, TaskTable]]:
        """The tasks in order, in tables that memory holds: the first one's position, and each."""
        yield 0, self

    def row_of(self, task_id: str) -> int | None:
        """Position of a task, or None."""
        import pyarrow as pa
        import pyarrow.compute as pc

        try:
            row = pc.index(self.ids, pa.scalar(task_id, self.ids.type)).as_py()
        except UnicodeEncodeError:  # no id of a file is half a character
            return None
        return None if row < 0 else row

    def with_text(self, text: str) -> NDArray[np.bool_]:
        """Flags the tasks whose id or external id has a part like this, any case."""
        import pyarrow.compute as pc

        columns = (self.ids, self.external_ids)
        hits = [pc.match_substring(column, text, ignore_case=True) for column in columns]
        flags: NDArray[np.bool_] = pc.or_(*(pc.fill_null(one, False) for one in hits)).to_numpy(
            zero_copy_only=False
        )
        return flags

    def in_batches(self, names: Collection[str]) -> NDArray[np.bool_]:
        """Flags the tasks in any of these batches, as `batch_names` has them."""
        wanted = [code for code, name in enumerate(self.batch_names) if name in names]
        flags = np.zeros(len(self), np.bool_)
        flags[self.batches.rows[np.isin(self.batches.codes, wanted)]] = True
        return flags

    def take(self, rows: NDArray[np.int64]) -> TaskTable:
        """The tasks at these positions, in their order."""
        return replace(
            self,
            ids=self.ids.take(rows),
            external_ids=self.external_ids.take(rows),
            hashes=self.hashes[rows],
            stage=self.stage[rows],
            assignee=self.assignee[rows],
            total=self.total[rows],
            at=self.at[rows],
            answered=self.answered[rows],
            classes=self.classes.take(rows),
            nested=self.nested.take(rows),
            batches=self.batches.take(rows),
            history=self.history.take(rows),
        )

    def keep(self, flags: NDArray[np.bool_], counts: Counts) -> TaskTable:
        """The flagged tasks only, with other counts."""
        return replace(self.take(np.flatnonzero(flags)), counts=counts)


def person_key(address: str) -> str:
    """The form in which addresses are compared: no blanks around, no case."""
    return address.strip().casefold()
