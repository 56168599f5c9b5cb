"""The few fields of an export item or hub task that Switchyard reads, and how odd ones are mended.

Scalars are read as they come and judged by the builder; only a list or object of the wrong kind
makes the quick decoding fail, and then `mend` takes what can be used of that one item.
"""

from __future__ import annotations

from typing import Any

import msgspec


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


class Entry(msgspec.Struct, gc=False):
    """One pass through a stage."""

    stage: Any = None
    stageId: Any = None
    duration: Any = None
    completedAt: Any = None
    completedBy: Any = None
    reviewStatus: Any = None


class Answer(msgspec.Struct, gc=False):
    """The annotations of a task; `objects` is the old name of `tools`."""

    tools: list[Tool | None] | None = None
    objects: list[Tool | None] | None = None
    classifications: list[Classification | None] | None = None


class Task(Answer, gc=False):
    """A task, as an export nests it."""

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


class Item(Task, gc=False):
    """An entry of a file: an asset with its task, or a task of `get_tasks` (then `_id` is set)."""

    hub_id: Any = msgspec.field(default=None, name="_id")
    asset: Any = None
    externalId: Any = None
    batches: Any = None
    task: Task | None = None
    tasks: list[Task | None] | None = None
    answer: Answer | None = None


# The fields whose kind of value decides whether an item can be decoded, and what stands in them.
_LISTS: dict[type, dict[str, type]] = {
    Classification: {"classifications": Classification},
    Tool: {"classifications": Classification},
    Entry: {},
    Answer: {"tools": Tool, "objects": Tool, "classifications": Classification},
}
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


def mend(data: dict[str, Any]) -> tuple[Item, list[str]]:
    """Read an item some of whose lists or objects have a wrong type.

    Returns:
        The item, and a clause for each field or entry that was left out.
    """
    odd: list[str] = []
    return msgspec.convert(_mended(data, Item, odd), Item), odd


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
