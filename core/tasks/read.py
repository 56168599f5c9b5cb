"""Opens a task file: an Ango export (`.json`, `.ndjson`, `.zip`), hub tasks, or a saved table.

Every error is one sentence that names the file, the place and what was expected. Items that cannot
be used are skipped and counted; the rest of the file is kept.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from core.errors import InputError
from core.tasks.builder import TableBuilder
from core.tasks.items import Response
from core.tasks.parquet import is_parquet, read_parquet
from core.tasks.pieces import Found, Lost, array_items, decode_item, first_value, line_items
from core.tasks.table import TaskTable

MAX_UNZIPPED_BYTES = 8 * 1024**3
MAX_ZIP_RATIO = 400
RATIO_COUNTS_FROM = 256 * 1024**2
MAX_DOCUMENT_BYTES = 512 * 1024**2
HEAD_BYTES = 64 * 1024

Progress = Callable[[int, int], None]
"""Called with the bytes read so far and the bytes in all."""


def _silent(done: int, total: int) -> None:
    """Report to nobody."""


def read_path(path: Path, progress: Progress = _silent) -> TaskTable:
    """Read a task file from disk; see `read_stream`."""
    try:
        with path.open("rb") as stream:
            return read_stream(stream, path.name, progress)
    except IsADirectoryError as error:
        raise InputError(str(path), "is a folder.", "Name a file.") from error
    except FileNotFoundError as error:
        raise InputError(str(path), "does not exist.", "Check the name.") from error
    except PermissionError as error:
        raise InputError(str(path), "may not be read.", "Check its permissions.") from error


def read_stream(stream: BinaryIO, name: str, progress: Progress = _silent) -> TaskTable:
    """Read tasks from a stream that can seek.

    Args:
        stream: The file; it is read in pieces and never held whole, small documents apart.
        name: Shown in sentences; its ending does not decide what the file is.
        progress: Told the bytes read and the bytes in all.

    Raises:
        InputError: There is no task in it, or it is not one of the known forms.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    head = stream.read(8)
    stream.seek(0)
    if is_parquet(head):
        return read_parquet(stream, name)
    builder = TableBuilder()
    if head.startswith(b"PK"):
        _read_zip(stream, name, builder, progress)
    else:
        _read_json(stream, name, "", size, builder, progress)
    if not len(builder) and not builder.no_task and builder.skipped:
        reason = builder.notes[0].removesuffix("; it was skipped.")
        raise InputError(name, f"holds no task. {reason}.", _EXPECTED)
    return builder.finish()


_EXPECTED = "Choose the .json, .ndjson or .zip of an Ango export, or a get_tasks response."


def _read_json(
    stream: BinaryIO, name: str, prefix: str, size: int, builder: TableBuilder, progress: Progress
) -> None:
    start = _start(stream, name)
    for found in _items(stream, start, name, lambda done: progress(min(done, size), size)):
        where = f"{prefix}item {found.number}"
        if isinstance(found, Lost):
            builder.skip(where, found.reason)
            continue
        if found.odd:
            builder.mended(where, found.odd)
        builder.add(found.item, where)


def _start(stream: BinaryIO, name: str) -> bytes:
    """The first bytes, without byte order mark and blanks."""
    start = stream.read(HEAD_BYTES)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:64]:
        raise InputError(
            name, "is not UTF-8 text.", "Save it as UTF-8 JSON, as Ango Hub exports it."
        )
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise InputError(name, "is empty.", _EXPECTED)
    return start


def _items(
    stream: BinaryIO, start: bytes, name: str, progress: Callable[[int], None]
) -> Iterator[Found | Lost]:
    if start[:1] == b"[":
        return array_items(stream, start, progress)
    if start[:1] != b"{":
        shown = start[:12].decode("utf-8", "replace").split("\n")[0]
        raise InputError(name, f"is no export: it starts with '{shown}'.", _EXPECTED)
    first, newline, rest = start.partition(b"\n")
    is_lines = name.lower().endswith((".ndjson", ".jsonl"))
    if is_lines or (newline and rest.strip() and isinstance(decode_item(first, 1), Found)):
        return line_items(stream, start, progress)
    document = start + stream.read(MAX_DOCUMENT_BYTES)
    if len(document) > MAX_DOCUMENT_BYTES:
        raise InputError(name, "is one JSON object of more than 512 MiB.", _EXPECTED)
    if b"\n" in document.rstrip():
        line = document[: document.index(b"\n")]
        if isinstance(decode_item(line, 1), Found):
            return line_items(io.BytesIO(), document, progress)
    return _document(document, name)


def _document(document: bytes, name: str) -> Iterator[Found | Lost]:
    try:
        response = msgspec.json.decode(document, type=Response)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        response = Response()
    if response.data is not None and response.data.tasks is not None:
        for number, raw in enumerate(response.data.tasks, start=1):
            yield decode_item(bytes(raw), number)
        return
    value = first_value(document, name)
    if isinstance(value, dict) and (response.data or "stages" in value or "logic" in value):
        raise InputError(
            name,
            "holds a project or a stage, not tasks.",
            "Give it as the project, and choose the export of its tasks here.",
        )
    yield decode_item(document, 1)


def _read_zip(stream: BinaryIO, name: str, builder: TableBuilder, progress: Progress) -> None:
    try:
        archive = zipfile.ZipFile(stream)
        members = [m for m in archive.infolist() if _is_json(m.filename)]
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(
            name, "is a damaged or cut-off zip archive.", "Download the export again."
        ) from error
    if not members:
        raise InputError(name, "has no .json or .ndjson file in it.", _EXPECTED)
    _refuse_bomb(members, name)
    total, done = sum(member.file_size for member in members), 0
    for member in members:
        prefix = f"{member.filename}, " if len(members) > 1 else ""
        before = done
        try:
            with archive.open(member) as opened:
                inner = f"{name}/{member.filename}"
                report = partial(_report, progress, before, total)
                _read_json(cast(BinaryIO, opened), inner, prefix, total, builder, report)
        except RuntimeError as error:
            raise InputError(name, "is protected by a password.", "Unpack it first.") from error
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
            if not len(builder):
                raise InputError(
                    name, f"is damaged inside {member.filename}.", "Download the export again."
                ) from error
            builder.skip(f"{prefix}after task {len(builder)}", "the archive is damaged here")
        done += member.file_size


def _report(progress: Progress, before: int, total: int, done: int, _: int) -> None:
    progress(min(before + done, total), total)


def _is_json(filename: str) -> bool:
    return not filename.startswith("__MACOSX/") and filename.lower().endswith(
        (".json", ".ndjson", ".jsonl")
    )


def _refuse_bomb(members: list[zipfile.ZipInfo], name: str) -> None:
    size = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if size > MAX_UNZIPPED_BYTES or (size > RATIO_COUNTS_FROM and size / packed > MAX_ZIP_RATIO):
        raise InputError(
            name,
            f"would unpack to {size / 2**30:,.1f} GiB ({size / packed:,.0f} times its size); "
            f"the limits are {MAX_UNZIPPED_BYTES // 2**30} GiB and {MAX_ZIP_RATIO} times.",
            "If it is a real export, unpack it and open the .json.",
        )
