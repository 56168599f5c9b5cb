"""Opens a task file: an Ango export (`.json`, `.ndjson`, `.zip`), hub tasks, or a saved table.

Every error is one sentence that names the file, the place and what was expected. Items that cannot
be used are skipped and counted; the rest of the file is kept.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from core.ango_json.text import printable
from core.errors import InputError
from core.export import json_stream
from core.export.builder import TableBuilder
from core.export.lazy_decode import FIELDS
from core.export.schema import Decoding, ExportItem, Item, Lost, NotJson, decode_item, parse
from core.model.figures import counted, tenths
from core.model.reached import Reached, silent
from core.tasks.parquet import is_parquet, read_parquet
from core.tasks.parquet_door import refuse_unsound
from core.tasks.table import TaskTable

MAX_UNZIPPED_BYTES = 8 * 1024**3
MAX_ZIP_RATIO = 400
RATIO_COUNTS_FROM = 256 * 1024**2
ZIP = (b"PK\3\4", b"PK\5\6")
HEAD_BYTES = 64 * 1024
STEP_BYTES = 16 * 1024


class Building(Protocol):
    """What gets the items of an export: a builder of one table, or of many."""

    def __len__(self) -> int:
        """How many tasks were added."""

    def add(self, item: Item, where: str) -> None:
        """Add the task or tasks of one item; `where` names the item in sentences."""

    def skip(self, where: str, reason: str) -> None:
        """Count an item that cannot be used."""

    def mended(self, where: str, clause: str) -> None:
        """Count something odd that did not cost the item; it is added next."""

    def note(self, where: str, sentence: str) -> None:
        """Keep a sentence about one place of the file."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to read from, or the sentence that says why there is none.

    Raises:
        InputError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            yield stream
    except IsADirectoryError as error:
        raise InputError(str(path), "is a folder.", "Name a file.") from error
    except FileNotFoundError as error:
        raise InputError(str(path), "does not exist.", "Check the name.") from error
    except PermissionError as error:
        raise InputError(str(path), "may not be read.", "Check its permissions.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no ordinary file"
        message = f"cannot be read ({reason.lower()})."
        raise InputError(str(path), message, "Copy it to another place and try again.") from error


def read_path(path: Path, progress: Reached = silent, ours: bool = False) -> TaskTable:
    """Read a task file from disk; see `read_stream`."""
    with opened(path) as stream:
        return read_stream(stream, path.name, progress, ours)


def unpacked_size(path: Path) -> int:
    """Bytes of an export; of a zip those of the files in it.

    Raises:
        InputError: It cannot be read, or is a zip that is refused.
    """
    with opened(path) as stream:
        if not stream.read(8).startswith(ZIP):
            return stream.seek(0, io.SEEK_END)
        stream.seek(0)
        return sum(member.file_size for member in members_of(stream, path.name)[1])


def read_stream(
    stream: BinaryIO, name: str, progress: Reached = silent, ours: bool = False
) -> TaskTable:
    """Read tasks from a stream that can seek.

    Args:
        stream: The file; it is read in pieces and never held whole, small documents apart.
        name: Shown in sentences; its ending does not decide what the file is.
        progress: Told the bytes read and the bytes in all.
        ours: Whether it was kept here, so that a saved table needs no look before it is read.

    Raises:
        InputError: There is no task in it, or it is not one of the known forms.
    """
    stream.seek(0)
    head = stream.read(8)
    stream.seek(0)
    if is_parquet(head):
        if not ours:
            refuse_unsound(stream, name)
        return read_parquet(stream, name)
    builder = TableBuilder()
    read_export(stream, name, builder, progress)
    if not len(builder) and not builder.no_task and builder.skipped:
        raise no_task_in(name, builder.first_skipped)
    return builder.finish()


def read_export(stream: BinaryIO, name: str, builder: Building, progress: Reached = silent) -> None:
    """Read an export to its end; arguments as of `read_stream`, but for what gets its items."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    head = stream.read(8)
    stream.seek(0)
    if head.startswith(ZIP):
        _read_zip(stream, name, builder, progress)
    else:
        _read_json(stream, name, "", size, builder, progress)


def no_task_in(name: str, first_skipped: str) -> InputError:
    """The sentence about a file of which no item could be used."""
    hint = _SAVE_AS_UTF8 if "UTF-8" in first_skipped else EXPECTED
    return InputError(name, f"holds no task; {first_skipped}.", hint)


_SAVE_AS_UTF8 = "Save it as UTF-8 JSON, as Ango Hub exports it."
EXPECTED = "Choose the .json, .ndjson or .zip of an Ango export, or a get_tasks response."


def _read_json(
    stream: BinaryIO, name: str, prefix: str, size: int, builder: Building, progress: Reached
) -> None:
    for item in items_in(stream, name, FIELDS, lambda done: progress(min(done, size), size)):
        where = f"{prefix}item {item.number}"
        if isinstance(item, Lost):
            builder.skip(where, item.reason)
            continue
        for clause in item.odd:
            builder.mended(where, clause)
        builder.add(item.item, where)


def _start(stream: BinaryIO, name: str) -> bytes:
    """The first bytes, without byte order mark and blanks."""
    start = stream.read(HEAD_BYTES)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:2]:
        message = "is not UTF-8 text, but UTF-16 or something else with zero bytes."
        raise InputError(name, message, _SAVE_AS_UTF8)
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    while not start and (more := stream.read(HEAD_BYTES)):
        start = more.lstrip()
    if not start:
        raise InputError(name, "is empty.", EXPECTED)
    if start[:1] not in (b"[", b"{"):
        line = start[:12].splitlines()[0].decode("ascii", "ignore")
        shown = printable("".join(c for c in line if c.isprintable())) or "other bytes"
        message = f"is no export: expected a list or an object in JSON, found {shown}."
        raise InputError(name, message, EXPECTED)
    return start


def items_in(
    stream: BinaryIO, name: str, decoding: Decoding, progress: Callable[[int], None]
) -> Iterator[ExportItem | Lost]:
    """Items of an Ango export or a `get_tasks` response, whatever its form.

    Args:
        stream: JSON, at its first byte.
        name: As of `read_stream`.
        decoding: What is made of each item.
        progress: Told the bytes read.

    Raises:
        InputError: It is not one of the known forms.
    """
    start = _start(stream, name)
    if start[:1] == b"[":
        return json_stream.array_items(stream, start, progress, decoding)
    tasks = json_stream.tasks_at(start)
    if tasks is not None:
        return json_stream.array_items(stream, start[tasks:], progress, decoding, inner=True)
    # Whether there are more lines is seen only behind the first.
    while not start.partition(b"\n")[2].strip() and len(start) < json_stream.MAX_ITEM_BYTES:
        more = stream.read(json_stream.PIECE_BYTES)
        if not more:
            break
        start += more
    first, _, rest = start.partition(b"\n")
    is_lines = name.lower().endswith((".ndjson", ".jsonl")) or rest.lstrip()[:1] == b"{"
    if is_lines or (rest.strip() and isinstance(decode_item(first, 1), ExportItem)):
        return json_stream.line_items(stream, start, progress, decoding)
    document = start + stream.read(json_stream.MAX_ITEM_BYTES)
    if len(document) > json_stream.MAX_ITEM_BYTES:
        limit = json_stream.MAX_ITEM_BYTES // 2**20
        raise InputError(name, f"is one JSON object of more than {limit} MiB.", EXPECTED)
    only = decode_item(document, 1)
    if isinstance(only, ExportItem) and (only.item.asset is not None or only.item.task):
        return iter([decoding.one(document, 1)])
    tasks = json_stream.tasks_at(document)
    if tasks is not None:
        return json_stream.array_items(
            io.BytesIO(), document[tasks:], progress, decoding, inner=True
        )
    _refuse_other_json(document, name)
    return iter(decoding.alone(decoding.one(document, 1)))


def _refuse_other_json(document: bytes, name: str) -> None:
    try:
        value, _ = parse(document)
    except NotJson as error:
        message = f"is no export: {error.reason}."
        raise InputError(name, message, "Download the export again.", error.where) from error
    data = value.get("data", value)
    inner = data if isinstance(data, dict) else {}
    if isinstance(inner.get("project"), dict) or not _OF_PROJECTS.isdisjoint(inner):
        message = "holds a project or a stage; expected tasks."
        hint = "Give it as the project, and choose the export of its tasks here."
        raise InputError(name, message, hint)
    if data is inner is not value or {"status", "message"} <= set(value):
        raise InputError(name, "is a response without tasks; expected data.tasks.", EXPECTED)


_OF_PROJECTS = {"stages", "categorySchema", "assignedTo", "logic", "next"}
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
"""What Python's zip reader raises on bytes that are no sound archive."""


_UNPACK = "Download the export again, or unpack it and choose the .json."


class Member:
    """A file inside a zip; where the archive is damaged it ends, and what came before is kept.

    Raises:
        InputError: Not even its beginning can be read.
    """

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
        self.name, self.damaged = name, False
        try:
            self.opened = archive.open(member)
        except _DAMAGE as error:
            message = "is damaged in the archive, or packed in a way that is not known here."
            raise InputError(name, message, _UNPACK) from error

    def refuse_damage(self) -> None:
        """Raise InputError where the archive was found to be damaged."""
        if self.damaged:
            raise InputError(self.name, "is damaged in the archive.", _UNPACK)

    def read(self, size: int) -> bytes:
        """As of any stream; in small steps, for a step that fails is lost as a whole."""
        parts: list[bytes] = []
        while size > 0 and not self.damaged:
            try:
                part = self.opened.read(min(size, STEP_BYTES))
            except _DAMAGE:
                self.damaged = True
                break
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _read_zip(stream: BinaryIO, name: str, builder: Building, progress: Reached) -> None:
    archive, members = members_of(stream, name)
    total, done = sum(member.file_size for member in members), 0
    for member in members:
        inner = printable(member.filename).strip("'")
        prefix = f"{inner}, " if len(members) > 1 else ""
        report = partial(_report, progress, done, total)
        try:
            _read_member(archive, member, f"{name}/{inner}", prefix, builder, report)
        except InputError as error:
            if len(members) == 1:
                raise
            builder.skip(inner, error.message.removeprefix(error.source).strip(":,. "))
        done += member.file_size


def members_of(stream: BinaryIO, name: str) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """A zip and the JSON files in it.

    Raises:
        InputError: It is damaged, there is none, they are locked, or they would unpack beyond the
            limits.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGE as error:
        message = "is a damaged or cut-off zip archive."
        raise InputError(name, message, "Download the export again.") from error
    members = [member for member in archive.infolist() if _is_json(member.filename)]
    if not members:
        inside = [printable(member.filename) for member in archive.infolist()[:3]]
        inside_words = ", ".join(inside) or "nothing"
        message = f"has no .json or .ndjson file in it; found {inside_words}."
        raise InputError(name, message, EXPECTED)
    if any(member.flag_bits & 1 for member in members):
        hint = "Unpack it with the password and choose the .json."
        raise InputError(name, "is protected by a password.", hint)
    _refuse_bomb(members, stream.seek(0, io.SEEK_END), name)
    return archive, members


def _read_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    inner: str,
    prefix: str,
    builder: Building,
    report: Reached,
) -> None:
    opened = Member(archive, member, inner)
    before = len(builder)
    try:
        _read_json(cast(BinaryIO, opened), inner, prefix, member.file_size, builder, report)
    except InputError:
        opened.refuse_damage()
        raise
    if opened.damaged:
        place = f"{prefix}after {counted(len(builder) - before)} tasks"
        builder.note(place, "the archive is damaged; what follows in that file is missing.")


def _report(progress: Reached, before: int, total: int, done: int, _: int) -> None:
    progress(min(before + done, total), total)


def _is_json(filename: str) -> bool:
    return not filename.startswith("__MACOSX/") and filename.lower().endswith(
        (".json", ".ndjson", ".jsonl")
    )


def _refuse_bomb(members: list[zipfile.ZipInfo], whole: int, name: str) -> None:
    size = sum(member.file_size for member in members)
    # several entries of an archive may be the same bytes of it
    packed = max(1, min(whole, sum(member.compress_size for member in members)))
    if size > MAX_UNZIPPED_BYTES or (size > RATIO_COUNTS_FROM and size / packed > MAX_ZIP_RATIO):
        raise InputError(
            name,
            f"would unpack to {tenths(size / 2**30)} GiB ({counted(size / packed)} times its "
            "size); "
            f"the limits are {MAX_UNZIPPED_BYTES // 2**30} GiB and {MAX_ZIP_RATIO} times.",
            "If it is a real export, unpack it and open the .json.",
        )
