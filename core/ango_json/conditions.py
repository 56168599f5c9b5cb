"""One condition of a Logic stage: Ango JSON to a value and back.

Shapes are those of Ango Hub's `update_workflow_stages` page. What is not defined there becomes
`Unknown` with the reason, and is written back as it came.
"""

from __future__ import annotations

from collections.abc import Callable

from core.ango_json.text import Json
from core.model.figures import whole_number
from core.model.rules import (
    AnnotationType,
    Annotator,
    Batch,
    ClassFilter,
    Condition,
    Duration,
    Malformed,
    Note,
    RandomSample,
    Unknown,
)

NEGATIVE_WORDS = ("notExists", "not exists", "not-exists", "not_exists", "doesNotExist")
"""Spellings of "the class is absent" that are read alike; Ango Hub's own is not public."""


class _NotDefined(Exception):
    """The condition uses something that no public page defines."""


def read_condition(data: Json) -> tuple[Condition, tuple[Note, ...]]:
    """Read one entry of `logic.conditions`; never raises.

    Returns:
        The condition, and notes on what had to be tolerated.
    """
    if not isinstance(data, dict):
        return Unknown("", "it is not a JSON object"), ()
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in _READERS:
        return Unknown(str(kind or ""), "its type is not one of the five known ones"), ()
    extra = sorted(set(data) - {"type", "value", "index"})
    if extra:
        return Unknown(kind, f'the key "{extra[0]}" has no known meaning'), ()
    notes: list[Note] = []
    try:
        return _READERS[kind](data.get("value"), notes), tuple(notes)
    except _NotDefined as reason:
        return Unknown(kind, str(reason)), ()


def _number(value: Json, where: str, notes: list[Note]) -> float | None:
    """A finite number, also from text; None when it is neither."""
    if isinstance(value, str):
        try:
            number = float("" if "_" in value else value)  # 1_000 is Python's spelling only
        except ValueError:
            return None
        if number - number != 0:
            return None
        message = f"The number {value.strip()} is written as text."
        notes.append(Note("number.as_text", where, message))
        return number
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if number - number == 0 else None


def _texts(value: Json, what: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _NotDefined(f"its value is not a list of {what}")
    if not all(isinstance(item, str) for item in value):
        raise _NotDefined(f"its list of {what} holds something that is not text")
    return tuple(value)


def _annotation_type(value: Json, _: list[Note]) -> AnnotationType:
    if not isinstance(value, dict) or not isinstance(value.get("tools"), list):
        raise _NotDefined("its value has no list of tools")
    extra = sorted(set(value) - {"tools"})
    if extra:
        raise _NotDefined(f'the key "{extra[0]}" of its value has no known meaning')
    return AnnotationType(tuple(f for entry in value["tools"] for f in _class_filters(entry)))


def _class_filters(entry: Json) -> list[ClassFilter]:
    if not isinstance(entry, dict) or not isinstance(entry.get("schemaId"), str):
        raise _NotDefined("one of its tools has no schemaId")
    extra = sorted(set(entry) - {"schemaId", "filter", "exists"})
    if extra:
        raise _NotDefined(f'the key "{extra[0]}" of a tool has no known meaning')
    words = entry.get("filter", [])
    if not isinstance(words, list):
        raise _NotDefined("the filter of a tool is not a list")
    if "exists" in entry:
        words = [*words, {"exists": entry["exists"]}]
    if not words:
        raise _NotDefined("a tool has no filter")
    return [ClassFilter(entry["schemaId"], _is_present(word)) for word in words]


def _is_present(word: Json) -> bool:
    if isinstance(word, dict) and set(word) == {"exists"} and isinstance(word["exists"], bool):
        return bool(word["exists"])
    if word == "exists":
        return True
    if isinstance(word, str) and word in NEGATIVE_WORDS:
        return False
    raise _NotDefined(f"the filter {word!r} has no known meaning")


def _annotator(value: Json, _: list[Note]) -> Annotator:
    return Annotator(_texts(value, "people"))


def _batch(value: Json, _: list[Note]) -> Batch:
    return Batch(_texts(value, "batches"))


def _random_sample(value: Json, notes: list[Note]) -> RandomSample | Malformed:
    number = _number(value, "value", notes)
    if number is None:
        return Malformed("RandomSample", "the percentage is not a number")
    if not 0 <= number <= 100:
        shown = whole_number(number)
        return Malformed("RandomSample", f"the percentage {shown} is not between 0 and 100")
    return RandomSample(number)


def _duration(value: Json, notes: list[Note]) -> Duration | Malformed:
    if not isinstance(value, list) or len(value) > 2:
        raise _NotDefined("its value is not a list of two bounds")
    bounds: list[float | None] = []
    for position, item in enumerate((*value, None, None)[:2]):
        number = None if item is None else _number(item, f"value[{position}]", notes)
        if item is not None and number is None:
            raise _NotDefined(f"its bound {item!r} is not a number")
        bounds.append(number)
    low, high = bounds
    if low is not None and high is not None and low > high:
        shown = f"{whole_number(low)} is more than {whole_number(high)}"
        return Malformed("Duration", f"the interval is reversed: {shown}")
    return Duration(low, high)


_READERS: dict[str, Callable[[Json, list[Note]], Condition]] = {
    "AnnotationType": _annotation_type,
    "Annotator": _annotator,
    "RandomSample": _random_sample,
    "Duration": _duration,
    "Batch": _batch,
}


def _class_entries(filters: tuple[ClassFilter, ...], absent: str, before: Json) -> list[Json]:
    """One entry per filter; those that stood in `before` are taken from there as they are."""
    known: list[tuple[tuple[ClassFilter, ...], Json]] = []
    if isinstance(read_condition(before)[0], AnnotationType):
        known = [(tuple(_class_filters(entry)), entry) for entry in before["value"]["tools"]]
    entries: list[Json] = []
    at = 0
    while at < len(filters):
        kept = next((k for k in known if filters[at : at + len(k[0])] == k[0]), None)
        if kept is None:
            word = "exists" if filters[at].present else absent
            kept = (filters[at],), {"schemaId": filters[at].schema_id, "filter": [word]}
        else:
            known.remove(kept)
        entries.append(kept[1])
        at += len(kept[0])
    return entries


def _plain_number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) and abs(value) < 2**53 else value


def write_condition(
    condition: Condition, index: int, absent: str = "notExists", before: Json = None
) -> dict[str, Json]:
    """A condition made here as Ango JSON.

    Args:
        condition: Any condition but `Unknown` and `Malformed`, which only exist as they were read.
        index: Position of the rule from 0.
        absent: Spelling of "the class is absent", as found in the project.
        before: The entry that it replaces; classes that it already asks for keep their spelling.
    """
    value: Json
    match condition:
        case AnnotationType(filters):
            value = {"tools": _class_entries(filters, absent, before)}
        case Annotator(people):
            value = list(people)
        case RandomSample(number):
            value = _plain_number(number)
        case Duration(low, high):
            value = [_plain_number(low), _plain_number(high)]
        case Batch(batches):
            value = list(batches)
        case Malformed(kind, reason) | Unknown(kind, reason):
            raise ValueError(f"a {kind} condition is written from its source: {reason}")
    return {"type": condition.kind, "value": value, "index": index}
