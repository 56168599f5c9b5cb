"""The quick way to read items: annotations stay bytes until it is clear which have to be decoded.

A task's history repeats its annotations, mostly unchanged; bytes that equal those of the task need
not be decoded again.
"""

from __future__ import annotations

from typing import Any, cast

import msgspec

from core.export.schema import Classification, Item, Tool

_ABSENT, _EMPTY = msgspec.Raw(b""), msgspec.Raw(b"[]")
_NOTHING = (_ABSENT, _ABSENT, _ABSENT)
_TOOLS = msgspec.json.Decoder(list[Tool | None] | None)
_CLASSIFICATIONS = msgspec.json.Decoder(list[Classification | None] | None)


class _Answer(msgspec.Struct, gc=False):
    tools: msgspec.Raw = _ABSENT
    objects: msgspec.Raw = _ABSENT
    classifications: msgspec.Raw = _ABSENT


class _Entry(_Answer, gc=False):
    stage: Any = None
    stageId: Any = None
    duration: Any = None
    completedAt: Any = None
    completedBy: Any = None
    reviewStatus: Any = None


class _Task(_Answer, gc=False):
    taskId: Any = None
    stage: Any = None
    stageId: Any = None
    totalDuration: Any = None
    duration: Any = None
    assignee: Any = None
    stageHistory: list[_Entry | None] | None = None
    completedAt: Any = None
    updatedAt: Any = None
    createdAt: Any = None
    completedBy: Any = None
    duration_ms: Any = msgspec.field(default=None, name="duration(ms)")
    labelDuration: Any = None
    labelDuration_ms: Any = msgspec.field(default=None, name="labelDuration(ms)")


class _Item(_Task, gc=False):
    hub_id: Any = msgspec.field(default=None, name="_id")
    asset: Any = None
    externalId: Any = None
    batches: Any = None
    task: _Task | msgspec.UnsetType | None = msgspec.UNSET
    tasks: list[_Task | None] | msgspec.UnsetType | None = msgspec.UNSET
    answer: _Answer | None = None
    stages: Any = None


_ARRAY, _LINE = msgspec.json.Decoder(list[_Item]), msgspec.json.Decoder(_Item)


def decode_items(data: bytes) -> list[Item]:
    """The items of a JSON array.

    Raises:
        msgspec.DecodeError: It is not JSON, or a field is of another type than expected.
    """
    return _settled(_ARRAY.decode(data))


def decode_lines(data: bytes) -> list[Item]:
    """The items of newline-delimited JSON; raises as `decode_items`."""
    return _settled(_LINE.decode_lines(data))


def _settled(items: list[_Item]) -> list[Item]:
    for item in items:
        _settle(item)
        if item.answer is not None:
            _decode(item.answer)
        if isinstance(item.task, _Task):
            _settle(item.task)
        for task in item.tasks or ():
            if task is not None:
                _settle(task)
    return cast(list[Item], items)


def _settle(task: _Task) -> None:
    before = task.tools, task.objects, task.classifications
    after = _decode(task)
    if task.stageHistory:
        for entry in task.stageHistory:
            if entry is not None:
                _decode(entry, before, after)


def _decode(answer: Any, before: Any = _NOTHING, after: Any = (None, None, None)) -> Any:
    """Decode the annotations of an answer; where they are as `before`, take those of `after`."""
    tools, objects, classifications = before
    found = answer.tools
    if found == tools:
        answer.tools = after[0]
    else:
        answer.tools = _list(found, _TOOLS)
    found = answer.objects
    answer.objects = after[1] if found == objects else _list(found, _TOOLS)
    found = answer.classifications
    if found == classifications:
        answer.classifications = after[2]
    else:
        answer.classifications = _list(found, _CLASSIFICATIONS)
    return answer.tools, answer.objects, answer.classifications


def _list(raw: msgspec.Raw, decoder: msgspec.json.Decoder[Any]) -> list[Any] | None:
    if raw == _EMPTY:
        return []
    return None if raw == _ABSENT else decoder.decode(raw)
