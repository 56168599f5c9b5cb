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


class HubPage(msgspec.Struct, gc=False):
    """What `get_tasks` returns inside `data`."""

    tasks: list[msgspec.Raw] | None = None
    project: Any = None


class Response(msgspec.Struct, gc=False):
    """An Ango Hub response."""

    data: HubPage | None = None


_LISTS = ("tools", "objects", "classifications", "stageHistory", "tasks")
_OBJECTS = ("task", "answer")


def mend(data: dict[str, Any]) -> tuple[Item, int]:
    """Read an item some of whose lists or objects have a wrong type.

    Returns:
        The item, and how many fields or entries were left out.
    """
    kept, odd = _mended(data)
    return msgspec.convert(kept, Item), odd


def _mended(data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    kept, odd = dict(data), 0
    for name in _LISTS:
        entries = kept.get(name)
        if entries is None:
            continue
        if not isinstance(entries, list):
            del kept[name]
            odd += 1
            continue
        objects = [entry for entry in entries if isinstance(entry, dict)]
        odd += sum(entry is not None for entry in entries) - len(objects)
        pairs = [_mended(entry) for entry in objects]
        kept[name] = [entry for entry, _ in pairs]
        odd += sum(count for _, count in pairs)
    for name in _OBJECTS:
        inner = kept.get(name)
        if isinstance(inner, dict):
            kept[name], count = _mended(inner)
            odd += count
        elif inner is not None:
            del kept[name]
            odd += 1
    return kept, odd
