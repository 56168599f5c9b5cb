"""In what two configs differ, value by value, whatever their order and spelling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.ango_json.text import Json, dumps, loads
from core.model.figures import counted
from core.plugin_runs.config.check import SOURCE
from core.plugin_runs.config.edit import same
from core.plugin_runs.config.places import Path, shown

SHOWN = 80


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """One value that differs.

    Args:
        kind: Whether the value is new, gone, or another.
        path: Where it stands, `model.classes[2]`.
        before: Its JSON, "" when it was not there; long ones are cut.
        after: The same now.
    """

    kind: Literal["added", "removed", "changed"]
    path: str
    before: str
    after: str


def difference(before: str, after: str) -> tuple[ConfigChange, ...]:
    """What changed from one config to another, in the order of the text.

    Raises:
        InputError: One of them is not JSON.
    """
    return tuple(_changes(loads(before, SOURCE), loads(after, SOURCE), ()))


def _changes(before: Json, after: Json, path: Path) -> Iterator[ConfigChange]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            inner = (*path, key)
            if key not in after:
                yield ConfigChange("removed", shown(inner), _text(before[key]), "")
            elif key not in before:
                yield ConfigChange("added", shown(inner), "", _text(after[key]))
            else:
                yield from _changes(before[key], after[key], inner)
    elif isinstance(before, list) and isinstance(after, list) and _deep(before, after):
        for place in range(max(len(before), len(after))):
            inner = (*path, place)
            if place >= len(after):
                yield ConfigChange("removed", shown(inner), _text(before[place]), "")
            elif place >= len(before):
                yield ConfigChange("added", shown(inner), "", _text(after[place]))
            else:
                yield from _changes(before[place], after[place], inner)
    elif not same(before, after):
        yield ConfigChange("changed", shown(path), _text(before), _text(after))


def _deep(before: list[Json], after: list[Json]) -> bool:
    """Whether lists are compared entry by entry; short lists of plain values read better whole."""
    return any(isinstance(entry, (dict, list)) for entry in [*before, *after]) or (
        len(before) > 8 and len(after) > 8
    )


def _text(value: Json) -> str:
    if isinstance(value, (list, dict)) and len(value) > SHOWN:
        return f"{counted(len(value))} {'values' if isinstance(value, list) else 'keys'}"
    text = dumps(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
