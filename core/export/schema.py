"""The few fields of an export item or hub task that Switchyard reads, and how odd ones are mended.

Scalars are read as they come and judged by the builder. Where the quick decoding fails, the item
is parsed once more, slowly, to take what can be used of it or to say what is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from math import inf
from typing import Any, NoReturn

import msgspec

from core.ango_json.text import in_plain_words, place
from core.model.figures import counted


class Classification(msgspec.Struct, gc=False):
    """An answer to a classification, top-level or nested."""

    schemaId: Any = None
    title: Any = None
    answer: Any = None
    classifications: list[Classification | None] | None = None


class Tool(msgspec.Struct, gc=False):
    """An object drawn with a tool."""

    schemaId: Any = None
    title: Any = None
    classifications: list[Classification | None] | None = None


class Answer(msgspec.Struct, gc=False):
    """The annotations of a task; `objects` is the old name of `tools`."""

    tools: list[Tool | None] | None = None
    objects: list[Tool | None] | None = None
    classifications: list[Classification | None] | None = None


class Entry(Answer, gc=False):
    """One pass through a stage, with the annotations as they were when the task left it."""

    stage: Any = None
    stageId: Any = None
    duration: Any = None
    completedAt: Any = None
    completedBy: Any = None
    reviewStatus: Any = None


class Task(Answer, gc=False):
    """A task, as an export nests it; older exports have no history, but the last four fields."""

    taskId: Any = None
    stage: Any = None
    stageId: Any = None
    totalDuration: Any = None
    duration: Any = None
    assignee: Any = None
    stageHistory: list[Entry | None] | None = None
    completedAt: Any = None
    updatedAt: Any = None
    createdAt: Any = None
    completedBy: Any = None
    duration_ms: Any = msgspec.field(default=None, name="duration(ms)")
    labelDuration: Any = None
    labelDuration_ms: Any = msgspec.field(default=None, name="labelDuration(ms)")


class Item(Task, gc=False):
    """An entry of a file: an asset with its task, or a task of `get_tasks` (then `_id` is set).

    Only a project has `stages`; it would pass for a task otherwise, for it has an `_id` too.
    """

    hub_id: Any = msgspec.field(default=None, name="_id")
    asset: Any = None
    externalId: Any = None
    batches: Any = None
    task: Task | msgspec.UnsetType | None = msgspec.UNSET
    tasks: list[Task | None] | msgspec.UnsetType | None = msgspec.UNSET
    answer: Answer | None = None
    stages: Any = None


class ExportItem(msgspec.Struct, frozen=True, gc=False):
    """A decoded item, its number in the file from 1, and clauses on what was left out of it.

    What it holds is up to its `Decoding`: an `Item`, or the whole JSON object.
    """

    number: int
    item: Any
    odd: tuple[str, ...] = ()


class Lost(msgspec.Struct, frozen=True, gc=False):
    """An item that cannot be used: its number and the reason, as a clause.

    `line` is that of newline-delimited JSON, from 1, or 0 where nobody counts; `where` is the
    place inside the item, for those that name it apart from the reason.
    """

    number: int
    reason: str
    line: int = 0
    where: str = ""


class Decoding(msgspec.Struct, frozen=True):
    """What is made of an item's bytes.

    Args:
        array: Decodes a JSON array; raises msgspec.DecodeError where it cannot.
        lines: Decodes newline-delimited JSON; raises the same.
        one: Decodes what those refuse, an item with its number.
        alone: What stands in a document of one object that is no response of the known form.
        counts_lines: Whether a `Lost` of newline-delimited JSON says its line.
    """

    array: Callable[[bytes], list[Any]]
    lines: Callable[[bytes], list[Any]]
    one: Callable[[bytes, int], ExportItem | Lost]
    alone: Callable[[ExportItem | Lost], Iterable[ExportItem | Lost]]
    counts_lines: bool = False


class NotJson(Exception):
    """Bytes that are not JSON: the reason as a clause, and the line and column if known."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where


DECODER = msgspec.json.Decoder(Item)


def decode_item(raw: bytes, number: int) -> ExportItem | Lost:
    """Decode one item, mending it where a field has a wrong type."""
    try:
        return ExportItem(number, DECODER.decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decode_slowly(raw, number)


def _decode_slowly(raw: bytes, number: int) -> ExportItem | Lost:
    try:
        data, odd = parse(raw)
        if not isinstance(data, dict):
            expected = "expected an object with an asset and its task"
            return Lost(number, f"{expected}, found {kind_of(data)}")
        item = msgspec.convert(_mended(data, Item, odd), Item)
    except NotJson as error:
        return Lost(
            number, f"{error.reason} ({error.where} of it)" if error.where else error.reason
        )
    except RecursionError:
        return Lost(number, TOO_DEEP)
    return ExportItem(number, item, tuple(odd))


TOO_DEEP = "expected an export item, found thousands of brackets inside each other"

# Every escape of a JSON text; the group catches half of a character, which UTF-8 cannot hold.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u[dD][89a-fA-F][\da-fA-F]{2})|.)"
)


def parse(raw: bytes) -> tuple[Any, list[str]]:
    """Parse JSON that the quick decoder refuses, such as numbers without a 64-bit form.

    Returns:
        The value, and clauses on what was mended.

    Raises:
        NotJson: It is none.
    """
    try:
        text = raw.decode()
        whole = _ESCAPE.sub(lambda e: "\\ufffd" if e[1] else e[0], text)
        odd = ["half a character (a lone surrogate) was replaced"] if whole != text else []
        return json.loads(whole, parse_int=_integer, parse_constant=_refuse), odd
    except UnicodeDecodeError as error:
        first_byte = f"found 0x{raw[error.start]:02x}"
        raise NotJson(
            f"expected UTF-8 text, {first_byte}", f"byte {counted(error.start + 1)}"
        ) from error
    except json.JSONDecodeError as error:
        raise NotJson(in_plain_words(error), place(whole, error.pos)) from error
    except _Constant as error:
        at = next(match.start() for match in _CONSTANT.finditer(whole) if match[1])
        reason = f"expected a number or null, found {error}"
        raise NotJson(reason, place(whole, at)) from error
    except RecursionError as error:
        raise NotJson(TOO_DEEP) from error


def _integer(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return inf


class _Constant(Exception):
    """NaN or Infinity."""


# Outside strings only: a text may well say NaN.
_CONSTANT = re.compile(r'"(?:[^"\\]++|\\.)*+"|(NaN|-?Infinity)')


def _refuse(constant: str) -> NoReturn:
    raise _Constant(constant)


# The fields whose kind of value decides whether an item can be decoded, and what stands in them.
_LISTS: dict[type, dict[str, type]] = {
    Classification: {"classifications": Classification},
    Tool: {"classifications": Classification},
    Answer: {"tools": Tool, "objects": Tool, "classifications": Classification},
}
_LISTS[Entry] = _LISTS[Answer]
_LISTS[Task] = {**_LISTS[Answer], "stageHistory": Entry}
_LISTS[Item] = {**_LISTS[Task], "tasks": Task}
_OBJECTS: dict[type, dict[str, type]] = {Item: {"task": Task, "answer": Answer}}

_KINDS: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def kind_of(value: Any) -> str:
    """What sort of JSON value this is, as a sentence names it."""
    return _KINDS.get(type(value), "something else")


def _mended(data: dict[str, Any], shape: type, odd: list[str]) -> dict[str, Any]:
    kept = dict(data)
    for name, inside in _LISTS[shape].items():
        entries = kept.pop(name, None)
        if isinstance(entries, list):
            kept[name] = [
                _mended(entry, inside, odd)
                for entry in entries
                if isinstance(entry, dict) or _left_out(odd, f"an entry of {name}", entry)
            ]
        else:
            _left_out(odd, name, entries, "a list")
    for name, inside in _OBJECTS.get(shape, {}).items():
        value = kept.pop(name, None)
        if isinstance(value, dict):
            kept[name] = _mended(value, inside, odd)
        else:
            _left_out(odd, name, value)
    return kept


def _left_out(odd: list[str], name: str, value: Any, expected: str = "an object") -> bool:
    if value is not None:
        odd.append(f"{name} is {kind_of(value)}, expected {expected}; taken as absent")
    return False
