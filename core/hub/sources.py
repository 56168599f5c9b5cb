"""Files of tasks as whole items, for a sandbox project that must lose nothing of them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from core.errors import InputError
from core.hub.codec import decode
from core.tasks.items import NotJson, parse
from core.tasks.parquet import is_parquet

_EXPECTED = "Choose the .json, .ndjson or .zip of an Ango export, or a get_tasks response."


def read_items(path: Path) -> Iterator[dict[str, Any]]:
    """Items of an export, or tasks of a `get_tasks` response, one after the other.

    Raises:
        InputError: The file cannot be used; says where.
    """
    try:
        data = path.read_bytes()
        if is_parquet(data[:8]):
            message = "is a saved task table, which holds no annotations."
            raise InputError(str(path), message, "Choose the export that it was made from.")
        if not data.startswith((b"PK\3\4", b"PK\5\6")):
            yield from _items(data, str(path))
            return
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.lower().endswith((".json", ".ndjson"))]
            if not names:
                raise InputError(str(path), "holds no .json and no .ndjson.", _EXPECTED)
            for name in names:
                yield from _items(archive.read(name), f"{path}, {name}")
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        message = "is a zip that cannot be unpacked."
        raise InputError(str(path), message, "Download it again.") from error
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(str(path), f"{reason}.", "Check the name.") from error


def _items(data: bytes, name: str) -> Iterator[dict[str, Any]]:
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not data:
        raise InputError(name, "is empty.", _EXPECTED)
    if data[:1] == b"{":
        try:
            whole = decode(data)
        except ValueError:
            whole = None  # more than one line, each an item
        if whole is None:
            for number, line in enumerate(data.splitlines(), 1):
                if line.strip():
                    yield _item(line, name, f"line {number}")
            return
        yield from _inside(whole, name)
        return
    try:
        # the items stay bytes until their turn comes: an export is larger in objects than in text
        raws: list[msgspec.Raw] = msgspec.json.decode(data, type=list[msgspec.Raw])
    except msgspec.DecodeError:
        yield from _inside(_parsed(data, name, ""), name)
        return
    for number, raw in enumerate(raws, 1):
        yield _item(bytes(raw), name, f"item {number}")


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
