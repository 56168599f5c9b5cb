"""Columns that grow task by task and hold numbers and bytes, never an object per task."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from core.tasks.table import LabelSets, Lists, TaskTable, no_label_sets, person_key


class CodeBook:
    """Numbers names from 0 in the order of their first appearance."""

    def __init__(self) -> None:
        self.by_key: dict[Any, int] = {}
        self.names: list[Any] = []

    def of(self, key: Any, name: Any) -> int:
        """The number of a key; a new one is called `name`."""
        code = self.by_key.get(key)
        if code is None:
            code = self.by_key[key] = len(self.names)
            self.names.append(name)
        return code


class NameBooks:
    """The books of one table, or of all that follow a table and go on with its numbers."""

    def __init__(self, known: TaskTable | None) -> None:
        stages, people, schema, batches, reviews = (
            (known.stages, known.people, known.schema_ids, known.batch_names, known.review_words)
            if known
            else ((), (), (), (), ())
        )
        self.stages, self.schema = _book(stages, stages), _book(schema, schema)
        self.people = _book(map(person_key, people), people)
        self.batches, self.reviews = _book(batches, batches), _book(reviews, reviews)
        self.reviews.of("", "")
        self.titles = dict(enumerate(known.schema_titles if known else ()))
        self.label_sets = LabelBook(known.label_sets if known else no_label_sets())


def _book(keys: Iterable[Any], names: Iterable[Any]) -> CodeBook:
    book = CodeBook()
    for key, name in zip(keys, names, strict=True):
        book.of(key, name)
    return book


class TextColumn:
    """Texts as one run of UTF-8; None is kept apart from ""."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.ends = array("q", [0])
        self.valid = bytearray()

    def append(self, text: str | None) -> None:
        """Add the text of one task."""
        if text is not None:
            self.data += text.encode("utf-8", "replace")
        self.valid.append(text is not None)
        self.ends.append(len(self.data))

    def to_arrow(self) -> pa.Array:
        """The column as Arrow's large text."""
        bitmap = np.packbits(np.frombuffer(self.valid, np.uint8), bitorder="little")
        buffers = [pa.py_buffer(bitmap.tobytes()), pa.py_buffer(self.ends.tobytes())]
        data = pa.py_buffer(bytes(self.data))
        return pa.Array.from_buffers(pa.large_string(), len(self.valid), [*buffers, data])


class ListColumn:
    """A list of codes per task."""

    def __init__(self) -> None:
        self.codes = array("i")
        self.ends = array("q", [0])

    def append(self, codes: Iterable[int]) -> None:
        """Add the codes of one task."""
        self.codes.extend(codes)
        self.ends.append(len(self.codes))

    def to_lists(self) -> Lists:
        """The column as arrays."""
        return Lists(np.array(self.ends, np.int64), np.array(self.codes, np.int32))


LabelSet = tuple[set[int], set[int]]
"""Codes of the classes that are present, and of the nested ones that are answered."""


_NOTHING: frozenset[int] = frozenset()


class LabelBook:
    """Numbers distinct sets of classes; the empty one is 0."""

    def __init__(self, known: LabelSets) -> None:
        self._book = CodeBook()
        self.of((set(), set()))
        for place in range(len(known)):
            self.of((set(known.classes.of(place)), set(known.nested.of(place))))

    def of(self, labels: LabelSet) -> int:
        """The number of a set."""
        key = frozenset(labels[0]), frozenset(labels[1]) if labels[1] else _NOTHING
        return self._book.of(key, key)

    def to_sets(self) -> LabelSets:
        """The sets as arrays."""
        columns = ListColumn(), ListColumn()
        for each in self._book.names:
            for column, codes in zip(columns, each, strict=True):
                column.append(sorted(codes))
        return LabelSets(*(column.to_lists() for column in columns))
