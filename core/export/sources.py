"""Files of tasks as whole items, for a sandbox project that must lose nothing of them.

A file is read in pieces, like the dashboard reads it; unlike there, nothing odd is left out: the
first item that cannot be used refuses the file.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from core.errors import InputError
from core.export import json_stream
from core.export.reader import HEAD_BYTES, members_of
from core.export.schema import NotJson, parse
from core.tasks.parquet import is_parquet

_EXPECTED = "Choose the .json, .ndjson or .zip of an Ango export, or a get_tasks response."
_ITEMS: msgspec.json.Decoder[list[dict[str, Any]]] = msgspec.json.Decoder(list[dict[str, Any]])


def read_items(path: Path) -> Iterator[dict[str, Any]]:
    """Items of an export, or tasks of a `get_tasks` response, one after the other.

    Raises:
        InputError: The file cannot be used; says where.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
            stream.seek(0)
            if is_parquet(head):
                message = "is a saved task table, which holds no annotations."
                raise InputError(str(path), message, "Choose the export that it was made from.")
            if not head.startswith((b"PK\3\4", b"PK\5\6")):
                yield from _items(stream, str(path))
                return
            with zipfile.ZipFile(stream) as archive:
                for member in members_of(archive, str(path)):
                    with archive.open(member) as inner:
                        yield from _items(cast(BinaryIO, inner), f"{path}, {member.filename}")
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        message = "is a zip that cannot be unpacked."
        raise InputError(str(path), message, "Download it again.") from error
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(str(path), f"{reason}.", "Check the name.") from error


def _items(stream: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
    start = stream.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    while not start and (more := stream.read(HEAD_BYTES)):
        start = more.lstrip()
    if not start:
        raise InputError(name, "is empty.", _EXPECTED)
    if start[:1] == b"[":
        return _array(stream, start, name)
    tasks = json_stream.tasks_at(start)
    if tasks is not None:
        return _array(stream, start[tasks:], name, inner=True)
    while b"\n" not in start and len(start) < json_stream.MAX_ITEM_BYTES:
        more = stream.read(json_stream.PIECE_BYTES)
        if not more:
            break
        start += more
    if _is_object(start.partition(b"\n")[0]):
        return _lines(stream, start, name)
    document = start + stream.read(json_stream.MAX_ITEM_BYTES)
    if len(document) > json_stream.MAX_ITEM_BYTES:
        limit = json_stream.MAX_ITEM_BYTES // 2**20
        raise InputError(name, f"is one JSON object of more than {limit} MiB.", _EXPECTED)
    return _inside(_parsed(document, name, ""), name)


def _array(
    stream: BinaryIO, start: bytes, name: str, inner: bool = False
) -> Iterator[dict[str, Any]]:
    number = 1
    for part in json_stream.array_parts(stream, start, lambda _: None, _ITEMS.decode, inner):
        if isinstance(part, list):
            yield from part
            number += len(part)
            continue
        raw, remark = part
        where = f"item {number}"
        item = _item(raw, name, where) if raw else {}
        if remark:
            raise InputError(name, f"{remark}.", _EXPECTED, where)
        yield item
        number += 1


def _lines(stream: BinaryIO, start: bytes, name: str) -> Iterator[dict[str, Any]]:
    """Items of newline-delimited JSON; a file of one line may be a response instead."""
    before, rest = 0, start
    while rest:
        more = stream.read(max(json_stream.PIECE_BYTES, len(rest)))
        *whole, rest = (rest + more).split(b"\n") if more else [*rest.split(b"\n"), b""]
        for number, line in enumerate(whole, before + 1):
            if line.strip():
                item = _item(line, name, f"line {number}")
                yield from _inside(item, name) if number == 1 else (item,)
        before += len(whole)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(parse(line.strip())[0], dict)
    except NotJson:
        return False


def _inside(whole: Any, name: str) -> Iterator[dict[str, Any]]:
    """The tasks in a response, or a single item."""
    found = whole
    for key in ("data", "tasks"):
        if isinstance(found, dict) and isinstance(found.get(key), (dict, list)):
            if key == "tasks" and ("asset" in found or "externalId" in found):
                break  # an item of an old export
            found = found[key]
    items = found if isinstance(found, list) else [found]
    for number, item in enumerate(items, 1):
        yield _checked(item, name, f"item {number}")


def _item(raw: bytes, name: str, where: str) -> dict[str, Any]:
    try:
        return _checked(msgspec.json.decode(raw), name, where)
    except (msgspec.DecodeError, UnicodeError):
        return _checked(_parsed(raw, name, where), name, where)


def _parsed(raw: bytes, name: str, where: str) -> Any:
    try:
        return parse(raw)[0]
    except NotJson as error:
        place = ", ".join(part for part in (where, error.where) if part)
        raise InputError(name, f"{error.reason}.", _EXPECTED, place) from error


def _checked(item: Any, name: str, where: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise InputError(name, "expected an asset with its task.", _EXPECTED, where)
    return item
