"""Items of a task file whole, for a sandbox project that must lose nothing of them.

It is read as a task table reads it; unlike there, nothing odd is left out: the first item that
cannot be used refuses the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from core.errors import InputError
from core.export.reader import EXPECTED, ZIP, Member, items_in, members_of, opened
from core.export.schema import Decoding, ExportItem, Lost, NotJson, parse
from core.model.reached import Reached, silent
from core.tasks.parquet import is_parquet

_ARRAY: msgspec.json.Decoder[list[dict[str, Any]]] = msgspec.json.Decoder(list[dict[str, Any]])
_LINE: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A task file, wherever it is.

    Args:
        name: Shown in sentences.
        open: Gives it as a stream that can seek, for a `with`.
    """

    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]]


def task_file(path: Path) -> TaskFile:
    """One on disk."""
    return TaskFile(str(path), partial(opened, path))


def file_of(name: str, data: bytes) -> TaskFile:
    """One in memory."""
    return TaskFile(name, lambda: nullcontext(BytesIO(data)))


def read_items(file: TaskFile, progress: Reached = silent) -> Iterator[dict[str, Any]]:
    """Items of an export, or tasks of a `get_tasks` response, one after the other.

    Args:
        file: The file.
        progress: Told the bytes read and the bytes in all; those of a zip as they are unpacked.

    Raises:
        InputError: The file cannot be used; says where.
    """
    name = file.name
    with file.open() as stream:
        size = stream.seek(0, SEEK_END)
        stream.seek(0)
        head = stream.read(8)
        stream.seek(0)
        if is_parquet(head):
            message = "is a saved task table, which holds no annotations."
            raise InputError(name, message, "Choose the export that it was made from.")
        if not head.startswith(ZIP):
            yield from _items(stream, name, lambda done: progress(min(done, size), size))
            return
        archive, members = members_of(stream, name)
        total, before = sum(each.file_size for each in members), 0
        for each in members:
            member = Member(archive, each, f"{name}, {each.filename}")
            report = partial(_report, progress, before, total)
            try:
                yield from _items(cast(BinaryIO, member), member.name, report)
            except InputError:
                member.refuse_damage()
                raise
            member.refuse_damage()
            before += each.file_size


def _report(progress: Reached, before: int, total: int, done: int) -> None:
    progress(min(before + done, total), total)


def _items(
    stream: BinaryIO, name: str, progress: Callable[[int], None]
) -> Iterator[dict[str, Any]]:
    for item in items_in(stream, name, _WHOLE, progress):
        if isinstance(item, ExportItem) and not item.odd:
            yield item.item
            continue
        reason, where = (
            (item.odd[0], "") if isinstance(item, ExportItem) else (item.reason, item.where)
        )
        line = item.line if isinstance(item, Lost) else 0
        place = f"line {line}" if line else f"item {item.number}"
        raise InputError(name, f"{reason}.", EXPECTED, f"{place}, {where}" if where else place)


def _one(raw: bytes, number: int) -> ExportItem | Lost:
    try:
        item = _parsed(raw)
    except NotJson as error:
        return Lost(number, error.reason, where=error.where)
    return _checked(item, number)


def _parsed(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return parse(raw)[0]


def _checked(item: Any, number: int) -> ExportItem | Lost:
    if isinstance(item, dict):
        return ExportItem(number, item)
    return Lost(number, "expected an asset with its task")


def _alone(only: ExportItem | Lost) -> Iterator[ExportItem | Lost]:
    """The tasks in a response of another form, or a single item."""
    if isinstance(only, Lost):
        yield only
        return
    inside = only.item
    for key in ("data", "tasks"):
        if isinstance(inside, dict) and isinstance(inside.get(key), (dict, list)):
            if key == "tasks" and ("asset" in inside or "externalId" in inside):
                break  # an item of an old export
            inside = inside[key]
    for number, item in enumerate(inside if isinstance(inside, list) else [inside], 1):
        yield _checked(item, number)


_WHOLE = Decoding(_ARRAY.decode, _LINE.decode_lines, _one, _alone, counts_lines=True)
