"""Cuts a stream of JSON into items without holding the file.

An array is read in small pieces. The place where a piece can be cut is found by
looking for the last `}, {"first key"`; the decoder then proves it, because what stands before a
wrong cut is not JSON. Only where that fails, in a damaged stretch, brackets are counted; and where
even the brackets are damaged, reading goes on at the next object that is an item beyond doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import structs

from core.ango_json.text import printable
from core.export.schema import DECODER, Decoding, ExportItem, Lost, decode_item

PIECE_BYTES = 128 * 1024
"""What fits the processor's cache is decoded a third faster than pieces of megabytes."""
MAX_ITEM_BYTES = 64 * 1024 * 1024
TRIES = 4
BROKEN_TRIES = 32
MAX_LEVELS = 100_000

Progress = Callable[[int], None]
"""Called with the number of bytes read so far."""

_FIRST_KEY = re.compile(rb'\{\s*+"(?:[^"\\]|\\.)*"')
_BEFORE_HEAD = re.compile(rb"\}\s*,\s*$")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
# A string counts only where JSON can go on behind it, so that a lost quote shows at once.
_TOKEN = re.compile(_STRING.pattern + rb'(?=\s*+(?:[:,\]}]|\Z))|["\[\]{},]', re.DOTALL)
_KEY = re.compile(rb"(" + _STRING.pattern + rb")\s*+(:?)|[\[\]{}]", re.DOTALL)
_OBJECT = re.compile(rb'\{\s*+"')
_BETWEEN = re.compile(rb"[\s,]*+")
_BEHIND = re.compile(rb"[\s,\[\]]*+")
_COLON = re.compile(rb"\s*+:")
_IN_ORDER = re.compile(rb"\s*+(?:[,\]]|\Z)")
_NEVER_NESTED = re.compile(rb'\{\s*+"(?:asset|externalId|taskId)"')
_UNFINISHED, _BROKEN = -1, -2


class _Window:
    """The bytes between what is decoded and what is read."""

    def __init__(self, stream: BinaryIO, start: bytes, progress: Progress) -> None:
        self.stream, self.data, self.progress = stream, start, progress
        self.read = len(start)
        self.at_end = self.closed = self.dropped = False

    def grow(self) -> None:
        """Read on, twice as much each time that nothing could be decoded."""
        chunk = self.stream.read(max(PIECE_BYTES, len(self.data)))
        self.at_end = not chunk
        self.data += chunk
        self.read += len(chunk)
        self.progress(self.read)

    def may_wait(self, start: int) -> bool:
        """Whether more bytes may still complete the item that starts there."""
        return not self.at_end and len(self.data) - start <= MAX_ITEM_BYTES


def array_items(
    stream: BinaryIO, start: bytes, progress: Progress, decoding: Decoding, inner: bool = False
) -> Iterator[ExportItem | Lost]:
    """Items of a JSON array.

    Args:
        stream: Positioned behind `start`.
        start: Bytes read already, beginning with `[`.
        progress: Told how many bytes were read.
        decoding: What is made of an item.
        inner: Whether the array stands inside an object, so that text behind it is right.

    Yields:
        Every item; last a `Lost` when the file ends before the array.
    """
    window = _Window(stream, start[1:].lstrip(), progress)
    number = 1
    while not window.closed:
        window.grow()
        items = _whole_items(window, decoding.array)
        if items is not None:
            for item in items:
                yield ExportItem(number, item)
                number += 1
            continue
        for raw, remark in _one_by_one(window, inner):
            decoded = decoding.one(raw, number) if raw else Lost(number, remark)
            if remark and isinstance(decoded, ExportItem):
                decoded = ExportItem(number, decoded.item, (*decoded.odd, remark))
            yield decoded
            number += 1


def _whole_items(window: _Window, decode: Callable[[bytes], list[Any]]) -> list[Any] | None:
    """Decode the longest proven run of whole items and drop it from the window."""
    data = window.data
    if window.at_end:
        items = _decoded(b"[" + data, decode)
        window.closed = items is not None
        return items
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
        items = _decoded(b"[" + data[: before.start() + 1] + b"]", decode)
        if items is not None:
            window.data = data[end:]
            return items
    return None


def _decoded(piece: bytes, decode: Callable[[bytes], list[Any]]) -> list[Any] | None:
    try:
        return decode(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _one_by_one(window: _Window, inner: bool) -> Iterator[tuple[bytes, str]]:
    """Each whole item with a remark; no bytes when it is lost, then the remark is the reason."""
    data, at = window.data, 0
    while True:
        at = _behind(_BETWEEN, data, at)
        if at == len(data):
            if window.at_end:
                window.closed = True
                yield b"", "expected a closing bracket, found the end of the file"
            break
        end = _BROKEN
        if not data.startswith(b"]", at):
            end = _value_end(data, at)
        elif inner or _behind(_BEHIND, data, at) == len(data):
            window.closed = inner or window.at_end
            data, at = b"]", 0
            break
        if end > 0:
            raw = data[at:end].rstrip()
            yield raw, "" if _IN_ORDER.match(data, end) else "expected a comma behind it"
            at = end
            continue
        following = -1 if end == _UNFINISHED and window.may_wait(at) else _next_item(data, at)
        if following < 0:
            if not window.at_end:
                if not window.may_wait(at):
                    data, at, window.dropped = _stump(data, at), 0, True
                break
            following = len(data)
            window.closed = True
        yield b"", _reason(window, data[at:following], end == _UNFINISHED)
        if window.closed:
            break
        at, window.dropped = following, False
    window.data = data[at:]


def _stump(data: bytes, start: int) -> bytes:
    """What stands for an item that is too long, so that the next one is still looked for."""
    own = _NEVER_NESTED.match(data, start)
    return own.group() if own else b'{" "'


def _behind(pattern: re.Pattern[bytes], data: bytes, start: int) -> int:
    match = pattern.match(data, start)
    return match.end() if match else start


def _reason(window: _Window, raw: bytes, unfinished: bool) -> str:
    if window.dropped:
        return f"expected an item of at most {MAX_ITEM_BYTES // 2**20} MiB"
    if unfinished and window.closed:
        return "the file ends in the middle of it"
    if raw.startswith(b"]"):
        next_text = printable(raw.lstrip(b"[], \t\r\n")[:12].decode("utf-8", "replace"))
        behind = "expected the end of the file behind the closing bracket"
        return f"{behind}, found {next_text or 'more items'}"
    lost = decode_item(raw.rstrip(b", \t\r\n"), 0)
    return lost.reason if isinstance(lost, Lost) else "its brackets do not match"


def _value_end(data: bytes, start: int) -> int:
    """Where the value or stray text that starts here ends.

    Returns:
        The position behind it; `_UNFINISHED` when the data ends first, `_BROKEN` when no bytes
        that follow could make it JSON.
    """
    closers = bytearray()
    after_string = False
    for token in _TOKEN.finditer(data, start):
        at = token.start()
        mark = data[at]
        if mark == ord('"'):
            if token.end() - at == 1:
                return _BROKEN if _STRING.match(data, at) else _UNFINISHED
            # A key outside of any item belongs to one that was closed too early.
            if not closers and _COLON.match(data, token.end()):
                return _BROKEN
        elif mark in b"{[":
            if not closers and at > start:
                return at
            if closers[-1:] == b"}" and not after_string:
                return _BROKEN
            if len(closers) == MAX_LEVELS:
                return _BROKEN
            closers.append(mark + 2)  # in ASCII a closing bracket stands 2 behind its opening one
        elif closers:
            if mark == ord(","):
                after_string = False
                continue
            if closers.pop() != mark:
                return _BROKEN
            if not closers:
                return token.end()
        elif mark != ord("}"):
            return at
        after_string = mark == ord('"')
    return _UNFINISHED


def _next_item(data: bytes, start: int) -> int:
    """Where the next item begins behind damage whose end brackets do not tell; -1 if nowhere."""
    own = _NEVER_NESTED.match(data, start)
    if own is not None:
        return data.find(own.group(), start + 1)
    tries = BROKEN_TRIES
    for opening in _OBJECT.finditer(data, start + 1):
        end = _value_end(data, opening.start())
        if end > 0 and _is_item(data[opening.start() : end]):
            return opening.start()
        if end < 0:  # one that is unfinished was followed to the end of the window
            tries -= 1 if end == _BROKEN else BROKEN_TRIES // 4
        if tries <= 0:
            break
    return -1


def _is_item(raw: bytes) -> bool:
    """Whether an object is an item beyond doubt, not something inside one."""
    try:
        item = DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return item.asset is not None or bool(item.task) or bool(item.tasks)


def line_items(
    stream: BinaryIO, start: bytes, progress: Progress, decoding: Decoding
) -> Iterator[ExportItem | Lost]:
    """Items of newline-delimited JSON; arguments and results as of `array_items`."""
    window = _Window(stream, start, progress)
    number, line = 1, 1
    while not window.at_end:
        window.grow()
        cut = len(window.data) if window.at_end else window.data.rfind(b"\n") + 1
        if not cut:
            if window.data and not window.may_wait(0):
                reason = f"expected a line of at most {MAX_ITEM_BYTES // 2**20} MiB"
                yield Lost(number, reason, line if decoding.counts_lines else 0)
                number, line = number + 1, line + 1
                _skip_line(window)
            continue
        piece, window.data = window.data[:cut], window.data[cut:]
        items = _decoded(piece, decoding.lines)
        for item in items or ():
            yield ExportItem(number, item)
            number += 1
        for place, raw in enumerate(piece.split(b"\n") if items is None else (), line):
            if raw.strip():
                decoded = decoding.one(raw, number)
                is_told = decoding.counts_lines and isinstance(decoded, Lost)
                yield structs.replace(decoded, line=place) if is_told else decoded
                number += 1
        line += piece.count(b"\n") if decoding.counts_lines else 0


def _skip_line(window: _Window) -> None:
    while b"\n" not in window.data and not window.at_end:
        window.data = b""
        window.grow()
    window.data = window.data.partition(b"\n")[2]


def tasks_at(data: bytes) -> int | None:
    """Where the array of tasks begins in a `get_tasks` response; None in anything else."""
    path: list[bytes] = []
    for token in _KEY.finditer(data):
        if token[1]:
            if token[2] and path:
                path[-1] = token[1]
        elif token[0] == b"[" and path == [b'"data"', b'"tasks"']:
            return token.start()
        elif token[0] in (b"{", b"["):
            path.append(b"")
        elif path:
            path.pop()
    return None
