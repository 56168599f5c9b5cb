"""The task table as one Parquet file that any tool can read: one row per task, lists for the rest.

Names stand in the columns as dictionaries; what a row cannot carry (counts, titles) is in the
schema's metadata under `switchyard`.
"""

from __future__ import annotations

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.errors import InputError
from core.tasks.table import (
    UNKNOWN_TIME,
    Counts,
    History,
    Ints,
    LabelSets,
    Lists,
    TaskTable,
    no_label_sets,
)

VERSION = 1
_KEY = b"switchyard"


def is_parquet(head: bytes) -> bool:
    """Whether a file that starts so is Parquet."""
    return head.startswith(b"PAR1")


def _words(codes: Ints, names: tuple[str, ...]) -> pa.Array:
    index = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(index, pa.array(names, pa.string()))


def _times(values: NDArray[np.int64]) -> pa.Array:
    return pa.array(values, pa.timestamp("ms", tz="UTC"), mask=values == UNKNOWN_TIME)


def _numbers(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def _lists(lists: Lists, names: tuple[str, ...]) -> pa.Array:
    return pa.LargeListArray.from_arrays(pa.array(lists.offsets), _words(lists.codes, names))


def write_parquet(table: TaskTable, path: Path, first: int = 0) -> None:
    """Write the table; the file appears whole or not at all.

    Args:
        table: The tasks.
        path: Where to.
        first: Position of the first task, where the table is a part of a larger one.
    """
    arrow = columns_of(table, first).replace_schema_metadata(
        {_KEY: json.dumps(about_of(table)).encode()}
    )
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        pq.write_table(arrow, unfinished, compression="zstd")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def columns_of(table: TaskTable, first: int = 0) -> pa.Table:
    """The columns as Arrow has them; arguments as of `write_parquet`."""
    stage_names = tuple(name for _, name in table.stages)
    history = table.history
    entries = pa.StructArray.from_arrays(
        [
            pa.array(history.stage),
            _words(history.person, table.people),
            _numbers(history.duration),
            _times(history.at),
            _words(history.review, table.review_words),
            pa.array(history.labels),
        ],
        [
            *("stage_code", "completed_by", "duration_ms", "completed_at", "review_status"),
            _LABELS,
        ],
    )
    columns = {
        "position": pa.array(np.arange(first, first + len(table))),
        "task_id": table.ids,
        "external_id": table.external_ids,
        "id_hash": pa.array(table.hashes),
        "stage_code": pa.array(table.stage),
        "stage": pa.array(_named(table.stage, stage_names)),
        "assignee": _words(table.assignee, table.people),
        "total_duration_ms": _numbers(table.total),
        "last_at": _times(table.at),
        "answer_loaded": pa.array(table.answered),
        "schema_ids": _lists(table.classes, table.schema_ids),
        "nested_schema_ids": _lists(table.nested, table.schema_ids),
        "batches": _lists(table.batches, table.batch_names),
        "history": pa.LargeListArray.from_arrays(pa.array(history.offsets), entries),
    }
    return pa.table(columns)


def about_of(table: TaskTable) -> dict[str, Any]:
    """What a row cannot carry, as JSON values."""
    return {
        "version": VERSION,
        "stage_ids": [stage_id for stage_id, _ in table.stages],
        "stage_names": [name for _, name in table.stages],
        "people": table.people,
        "schema_ids": table.schema_ids,
        "schema_titles": table.schema_titles,
        "batch_names": table.batch_names,
        "review_words": table.review_words,
        "counts": {name: getattr(table.counts, name) for name in Counts.__dataclass_fields__},
        "notes": table.notes,
        "label_sets": [
            [each.of(place) for place in range(len(table.label_sets))]
            for each in (table.label_sets.classes, table.label_sets.nested)
        ],
    }


def _named(codes: Ints, names: tuple[str, ...]) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(codes, mask=codes < 0))


def read_parquet(stream: BinaryIO, name: str) -> TaskTable:
    """Read a table that `write_parquet` wrote.

    Raises:
        InputError: It is damaged, or some other Parquet file.
    """
    hint = "Choose a task table that Switchyard saved, or an Ango export."
    try:
        about = json.loads((pq.read_schema(stream).metadata or {}).get(_KEY, b"{}"))
        if about.get("version") == VERSION:
            stream.seek(0)
            return table_of(pq.read_table(stream), about)
    except DAMAGE as error:
        raise InputError(name, "is a damaged Parquet file.", hint) from error
    raise InputError(name, "is a Parquet file, but no task table of this version.", hint)


DAMAGE = (
    *(pa.ArrowException, OSError, ValueError, TypeError, LookupError, AttributeError),
    *(RuntimeError, ArithmeticError),
)
"""What reading raises on a file that is no sound Parquet, or whose columns somebody changed."""


def table_of(arrow: pa.Table, about: dict[str, Any]) -> TaskTable:
    """The table of some rows.

    Args:
        arrow: Columns as of `columns_of`.
        about: As of `about_of`.

    Raises:
        one of `DAMAGE`: They are not those.
    """
    with ThreadPoolExecutor() as threads:  # Arrow lets go of the interpreter while it copies
        column = dict(zip(arrow.column_names, threads.map(_whole, arrow.columns), strict=True))
    entries = column["history"].values
    names = {field: tuple(about[field]) for field in _NAMES}
    sets = _label_sets(about)
    stages = tuple(zip(about["stage_ids"], about["stage_names"], strict=True))
    return TaskTable(
        ids=column["task_id"].cast(pa.large_string()),
        external_ids=column["external_id"].cast(pa.large_string()),
        hashes=column["id_hash"].to_numpy(),
        stage=_within(column["stage_code"], len(stages)),
        assignee=_codes(column["assignee"], names["people"]),
        total=_floats(column["total_duration_ms"]),
        at=_stamps(column["last_at"]),
        answered=column["answer_loaded"].to_numpy(zero_copy_only=False),
        classes=_code_lists(column["schema_ids"], names["schema_ids"]),
        nested=_code_lists(column["nested_schema_ids"], names["schema_ids"]),
        batches=_code_lists(column["batches"], names["batch_names"]),
        history=History(
            np.array(column["history"].offsets, np.int64),
            _within(entries.field("stage_code"), len(stages)),
            _codes(entries.field("completed_by"), names["people"]),
            _floats(entries.field("duration_ms")),
            _stamps(entries.field("completed_at")),
            _codes(entries.field("review_status"), names["review_words"]),
            _label_codes(entries, len(sets)),
        ),
        label_sets=sets,
        stages=stages,
        people=names["people"],
        schema_ids=names["schema_ids"],
        schema_titles=names["schema_titles"],
        batch_names=names["batch_names"],
        review_words=names["review_words"],
        counts=Counts(**about["counts"]),
        notes=tuple(about["notes"]),
    )


def names_in(path: Path) -> TaskTable:
    """The names, counts and notes of a file, without its tasks. Raises as `table_of`."""
    return names_of_about(json.loads(pq.read_schema(path).metadata[_KEY]))


def names_of_about(about: dict[str, Any]) -> TaskTable:
    """A table without a task: only its names, counts and notes.

    Args:
        about: As of `about_of`. Raises as `table_of`.
    """
    return table_of(columns_of(NO_TASKS), about)


_NAMES = ("people", "schema_ids", "schema_titles", "batch_names", "review_words")


def _no_tasks() -> TaskTable:
    ints, floats, times = np.empty(0, np.int32), np.empty(0), np.empty(0, np.int64)
    texts, lists = pa.array([], pa.large_string()), Lists(np.zeros(1, np.int64), ints)
    return TaskTable(
        ids=texts,
        external_ids=texts,
        hashes=np.empty(0, np.uint64),
        stage=ints,
        assignee=ints,
        total=floats,
        at=times,
        answered=np.empty(0, np.bool_),
        classes=lists,
        nested=lists,
        batches=lists,
        history=History(np.zeros(1, np.int64), ints, ints, floats, times, ints, ints),
        stages=(),
        people=(),
        schema_ids=(),
        schema_titles=(),
        batch_names=(),
        review_words=(),
    )


_LABELS = "label_set"
"""Field of a history entry that tables of earlier versions do not have."""


def _label_sets(about: dict[str, Any]) -> LabelSets:
    stored = about.get("label_sets")
    if stored is None:
        return no_label_sets()
    classes, nested = (_coded(sets, len(about["schema_ids"])) for sets in stored)
    return LabelSets(classes, nested)


def _coded(sets: list[list[int]], size: int) -> Lists:
    offsets = np.cumsum([0, *(len(codes) for codes in sets)])
    codes = np.array([code for codes in sets for code in codes], np.int32)
    if len(codes) and not 0 <= codes.min() <= codes.max() < size:
        raise ValueError("a class code without a class")
    return Lists(offsets, codes)


def _label_codes(entries: Any, sets: int) -> Ints:
    if entries.type.get_field_index(_LABELS) < 0:
        return np.full(len(entries), -1, np.int32)
    return _within(entries.field(_LABELS), sets)


def _whole(column: Any) -> Any:
    chunked = column.combine_chunks()
    return chunked.chunk(0) if isinstance(chunked, pa.ChunkedArray) else chunked


def _within(column: Any, size: int) -> Ints:
    codes: Ints = column.to_numpy().astype(np.int32)
    if len(codes) and not -1 <= codes.min() <= codes.max() < size:
        raise ValueError("a stage code without a stage")
    return codes


def _floats(column: Any) -> NDArray[np.float64]:
    return np.array(column.to_numpy(zero_copy_only=False), np.float64)


def _stamps(column: Any) -> NDArray[np.int64]:
    stamps = column.cast(pa.timestamp("ms", "UTC"), safe=False)  # other tools keep microseconds
    return np.array(stamps.cast(pa.int64()).fill_null(UNKNOWN_TIME), np.int64)


def _codes(column: Any, names: tuple[str, ...]) -> Ints:
    """Codes in the order of `names`, whatever order Parquet gave the dictionary."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    position = {name: code for code, name in enumerate(names)}
    order = np.array([position[n] for n in encoded.dictionary.to_pylist()] or [-1], np.int32)
    indices = np.array(encoded.indices.fill_null(-1), np.int64)
    return np.where(indices < 0, -1, order[indices]).astype(np.int32)


def _code_lists(column: Any, names: tuple[str, ...]) -> Lists:
    return Lists(np.array(column.offsets, np.int64), _codes(column.values, names))


NO_TASKS = _no_tasks()
"""A table without a task and without a name."""
