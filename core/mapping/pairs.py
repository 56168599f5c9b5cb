"""The mapping that a plugin gets: `[{"schemaId": …, "modelClass": …}, …]`, or null for none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.wire.text import Json, loads, printable

Chosen = Mapping[str, str | None]
"""The schema id chosen for each model class, None where a class stays without one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One class of the model and the class of the project that its labels get."""

    schema_id: str
    model_class: str


Pairs = tuple[Pair, ...]


def pairs_of(chosen: Chosen) -> Pairs:
    """The pairs of a choice, in its order; classes without a target are left out."""
    return tuple(Pair(schema, name) for name, schema in chosen.items() if schema)


def chosen_of(pairs: Pairs, model_classes: Sequence[str]) -> dict[str, str | None]:
    """A row per model class, then one per class that only the pairs know; of two the first."""
    first: dict[str, str] = {}
    for pair in pairs:
        first.setdefault(pair.model_class, pair.schema_id)
    known = {name: first.get(name) for name in model_classes}
    return known | {name: schema for name, schema in first.items() if name not in known}


def write_pairs(pairs: Pairs) -> list[dict[str, str]] | None:
    """The JSON value that a plugin gets; null when nothing is mapped."""
    if not pairs:
        return None
    return [{"schemaId": p.schema_id, "modelClass": p.model_class} for p in pairs]


def read_pairs(value: Json, source: str = "Mapping") -> Pairs:
    """Read the JSON value; null and `[]` map nothing.

    Raises:
        InputError: It is not such a list; says which entry.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        hint = 'Write [{"schemaId": "…", "modelClass": "…"}].'
        raise InputError(source, "is not a list of pairs.", hint)
    return tuple(_pair(entry, place, source) for place, entry in enumerate(value))


def _pair(entry: Json, place: int, source: str) -> Pair:
    found = entry if isinstance(entry, dict) else {}
    for key in ("schemaId", "modelClass"):
        text = found.get(key)
        if not isinstance(text, str) or not text:
            shown = printable(str(entry)[:60])
            message = f"has no {key} as text, found {shown}."
            raise InputError(source, message, "Each entry needs both.", f"entry {place + 1}")
    return Pair(found["schemaId"], found["modelClass"])


def read_pairs_text(text: str, source: str = "Mapping") -> Pairs:
    """Read JSON text. Raises as `read_pairs`, and when it is not JSON."""
    return read_pairs(loads(text, source), source)
