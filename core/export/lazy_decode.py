"""The quick way to read items: annotations stay bytes until it is clear which have to be decoded.

A task's history repeats its annotations, mostly unchanged; bytes that equal those of the task need
not be decoded again.
"""

from __future__ import annotations

from typing import Any, cast

import msgspec

from core.export.schema import (
    Answer,
    Classification,
    Decoding,
    Entry,
    Item,
    Task,
    Tool,
    decode_item,
)

_ABSENT, _EMPTY = msgspec.Raw(b""), msgspec.Raw(b"[]")
_NOTHING = (_ABSENT, _ABSENT, _ABSENT)
_TOOLS = msgspec.json.Decoder(list[Tool | None] | None)
_CLASSIFICATIONS = msgspec.json.Decoder(list[Classification | None] | None)


class _Answer(msgspec.Struct, gc=False):
    tools: msgspec.Raw = _ABSENT
    objects: msgspec.Raw = _ABSENT
    classifications: msgspec.Raw = _ABSENT


def _lazily(shape: type[Answer], **inside: Any) -> Any:
    """The fields of a shape, with annotations as bytes and other shapes inside."""
    fields = [
        (
            one.name,
            inside.get(one.name, one.type),
            msgspec.field(default=one.default, name=one.encode_name),
        )
        for one in msgspec.structs.fields(shape)
        if one.name not in _Answer.__struct_fields__
    ]
    return msgspec.defstruct(f"_{shape.__name__}", fields, bases=(_Answer,), gc=False)


def _list_of(entry: Any) -> Any:
    """The type of a list; of a shape made above no type checker would take it written out."""
    return list[entry]


_Entry = _lazily(Entry)
_History = _list_of(_Entry | None) | None
_Task = _lazily(Task, stageHistory=_History)
_Item = _lazily(
    Item,
    stageHistory=_History,
    task=_Task | msgspec.UnsetType | None,
    tasks=_list_of(_Task | None) | msgspec.UnsetType | None,
    answer=_Answer | None,
)
_ARRAY, _LINE = msgspec.json.Decoder(_list_of(_Item)), msgspec.json.Decoder(_Item)


def decode_items(data: bytes) -> list[Item]:
    """The items of a JSON array.

    Raises:
        msgspec.DecodeError: It is not JSON, or a field is of another type than expected.
    """
    return _settled(_ARRAY.decode(data))


def decode_lines(data: bytes) -> list[Item]:
    """The items of newline-delimited JSON; raises as `decode_items`."""
    return _settled(_LINE.decode_lines(data))


FIELDS = Decoding(decode_items, decode_lines, decode_item, lambda only: (only,))
"""The fields that a task table is made of."""


def _settled(items: list[Any]) -> list[Item]:
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


def _settle(task: Any) -> None:
    before = task.tools, task.objects, task.classifications
    after = _decode(task)
    if task.stageHistory:
        for entry in task.stageHistory:
            if entry is not None:
                _decode(entry, before, after)


def _decode(answer: Any, before: Any = _NOTHING, after: Any = (None, None, None)) -> Any:
    """Decode the annotations of an answer; where they are as `before`, take those of `after`."""
    tools, objects, classifications = before
    raw = answer.tools
    if raw == tools:
        answer.tools = after[0]
    else:
        answer.tools = _list(raw, _TOOLS)
    raw = answer.objects
    answer.objects = after[1] if raw == objects else _list(raw, _TOOLS)
    raw = answer.classifications
    if raw == classifications:
        answer.classifications = after[2]
    else:
        answer.classifications = _list(raw, _CLASSIFICATIONS)
    return answer.tools, answer.objects, answer.classifications


def _list(raw: msgspec.Raw, decoder: msgspec.json.Decoder[Any]) -> list[Any] | None:
    if raw == _EMPTY:
        return []
    return None if raw == _ABSENT else decoder.decode(raw)
