"""Cuts a stream of JSON into items without holding the file.

An array is read in pieces of a few megabytes. The place where a piece can be cut is found by
looking for the last `}, {"first key"`; the decoder then proves it, because what stands before a
wrong cut is not JSON. Only where that fails, in a damaged stretch, brackets are counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec

from core.errors import InputError
from core.tasks.items import Item, mend

PIECE_BYTES = 4 * 1024 * 1024
MAX_ITEM_BYTES = 64 * 1024 * 1024
TRIES = 4

Progress = Callable[[int], None]
"""Called with the number of bytes read so far."""


@dataclass(frozen=True, slots=True)
class Found:
    """A decoded item, its number in the file from 1, and how many odd fields were left out."""

    number: int
    item: Item
    odd: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """An item that cannot be used: its number and the reason, as a clause."""

    number: int
    reason: str


_ITEM = msgspec.json.Decoder(Item)
_ITEMS = msgspec.json.Decoder(list[Item])
_ANY = msgspec.json.Decoder()
_FIRST_KEY = re.compile(rb'\{\s*"(?:[^"\\]|\\.)*"')
_BEFORE_HEAD = re.compile(rb"\}\s*,\s*$")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)


def decode_item(raw: bytes, number: int) -> Found | Lost:
    """Decode one item, mending it where a field has a wrong type."""
    try:
        return Found(number, _ITEM.decode(raw))
    except msgspec.ValidationError:
        data = _ANY.decode(raw)
        if not isinstance(data, dict):
            return Lost(number, "expected an object with an asset and its task")
        item, odd = mend(data)
        return Found(number, item, odd)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Lost(number, _why(raw, error))


def _why(raw: bytes, error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply to be an export item"
    try:
        raw.decode()
    except UnicodeDecodeError as wrong:
        return f"its text is not UTF-8 (byte {wrong.start} of the item)"
    if re.search(rb"\bNaN\b|\bInfinity\b", raw):
        return "it holds NaN or Infinity where JSON needs a number or null"
    return f"it is not valid JSON ({error})"


class _Window:
    """The bytes between what is decoded and what is read."""

    def __init__(self, stream: BinaryIO, start: bytes, progress: Progress) -> None:
        self.stream, self.data, self.progress = stream, start, progress
        self.at_end, self.read = False, len(start)

    def grow(self) -> None:
        chunk = self.stream.read(PIECE_BYTES)
        self.at_end = not chunk
        self.data += chunk
        self.read += len(chunk)
        self.progress(self.read)


def array_items(stream: BinaryIO, start: bytes, progress: Progress) -> Iterator[Found | Lost]:
    """Items of a JSON array.

    Args:
        stream: Positioned behind `start`.
        start: Bytes read already, beginning with `[`.
        progress: Told how many bytes were read.

    Yields:
        Every item; last a `Lost` when the file ends in the middle of one.
    """
    window = _Window(stream, start[1:].lstrip(), progress)
    number = 1
    while True:
        window.grow()
        items = _whole_items(window)
        if items is not None:
            for item in items:
                yield Found(number, item)
                number += 1
            if window.at_end:
                return
            continue
        ended = False
        for raw in _counted(window):
            if raw is None:
                ended = True
                break
            yield decode_item(raw, number)
            number += 1
        if ended:
            return
        if window.at_end:
            if window.data.strip() or number == 1:
                yield Lost(number, "the file ends in the middle of it")
            else:
                yield Lost(number, "the file ends without the closing bracket")
            return
        if len(window.data) > MAX_ITEM_BYTES:
            size = MAX_ITEM_BYTES // 2**20
            yield Lost(number, f"it does not end within {size} MiB; the rest was not read")
            return


def _whole_items(window: _Window) -> list[Item] | None:
    """Decode the longest proven run of whole items and drop it from the window."""
    data = window.data
    if window.at_end:
        return _decoded(b"[" + data)
    head = _FIRST_KEY.match(data)
    if head is None:
        return None
    end = len(data)
    for _ in range(TRIES):
        end = data.rfind(head.group(), 1, end)
        if end < 0:
            return None
        before = _BEFORE_HEAD.search(data, max(0, end - 64), end)
        if before is None:
            continue
        items = _decoded(b"[" + data[: before.start() + 1] + b"]")
        if items is not None:
            window.data = data[end:]
            return items
    return None


def _decoded(piece: bytes) -> list[Item] | None:
    try:
        return _ITEMS.decode(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _counted(window: _Window) -> Iterator[bytes | None]:
    """Whole items of the window by counting brackets; None when the array ends."""
    data, start, level = window.data, 0, 0
    for token in _TOKEN.finditer(data):
        mark = token.group()
        if mark == b'"':
            break
        if mark in (b"{", b"["):
            level += 1
        elif mark in (b"}", b"]") and level:
            level -= 1
        elif level == 0 and mark in (b",", b"]"):
            raw = data[start : token.start()].strip()
            if raw:
                yield raw
            start = token.end()
            if mark == b"]":
                window.data = b""
                yield None
                return
    window.data = data[start:].lstrip()


def line_items(stream: BinaryIO, start: bytes, progress: Progress) -> Iterator[Found | Lost]:
    """Items of newline-delimited JSON; arguments and results as of `array_items`."""
    window = _Window(stream, start, progress)
    number = 1
    while not window.at_end:
        window.grow()
        cut = len(window.data) if window.at_end else window.data.rfind(b"\n") + 1
        if not cut:
            if len(window.data) > MAX_ITEM_BYTES:
                size = MAX_ITEM_BYTES // 2**20
                yield Lost(number, f"its line is longer than {size} MiB; the rest was not read")
                return
            continue
        piece, window.data = window.data[:cut], window.data[cut:]
        try:
            items: list[Item] | None = _ITEM.decode_lines(piece)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            items = None
        if items is not None:
            for item in items:
                yield Found(number, item)
                number += 1
            continue
        for line in piece.split(b"\n"):
            if line.strip():
                yield decode_item(line, number)
                number += 1


def first_value(data: bytes, name: str) -> Any:
    """Decode a whole small document.

    Raises:
        InputError: It is not JSON.
    """
    try:
        return _ANY.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            name,
            f"is no export: {_why(data, error)}.",
            "Choose the .json or .zip of an Ango export.",
        ) from error
