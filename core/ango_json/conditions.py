"""One condition of a Logic stage: Ango JSON to a value and back.

Shapes are those of Ango Hub's `update_workflow_stages` page, each with its type. What is not
defined there becomes `Unknown` with the reason, and is written back as it came.
"""

from __future__ import annotations

from core.ango_json.text import Json
from core.model.rules import Condition, Note, Unknown
from core.rule_types.base import NotDefined
from core.rule_types.registry import TYPES, type_of

_IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def read_condition(data: Json) -> tuple[Condition, tuple[Note, ...]]:
    """Read one entry of `logic.conditions`; never raises.

    Returns:
        The condition, and notes on what had to be tolerated.
    """
    if not isinstance(data, dict):
        return Unknown("", "it is not a JSON object"), ()
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        many = _IN_WORDS[len(TYPES)]
        return Unknown(str(kind or ""), f"its type is not one of the {many} known ones"), ()
    extra = sorted(set(data) - {"type", "value", "index"})
    if extra:
        return Unknown(kind, f'the key "{extra[0]}" has no known meaning'), ()
    notes: list[Note] = []
    try:
        return TYPES[kind].read(data.get("value"), notes), tuple(notes)
    except NotDefined as reason:
        return Unknown(kind, str(reason)), ()


def write_condition(
    condition: Condition, index: int, absent: str = "notExists", before: Json = None
) -> dict[str, Json]:
    """A condition made here as Ango JSON.

    Args:
        condition: Any condition but `Unknown` and `Malformed`, which only exist as they were read.
        index: Position of the rule from 0.
        absent: Spelling of "the class is absent", as found in the project.
        before: The entry that it replaces; what it already says keeps its spelling.
    """
    alike = isinstance(read_condition(before)[0], type(condition))
    value = type_of(condition).write(condition, absent, before["value"] if alike else None)
    return {"type": condition.kind, "value": value, "index": index}
