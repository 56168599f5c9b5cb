"""A choice of project classes, and the pairs that a plugin gets of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.ango_json.text import loads
from core.plugin_runs.model import Pair, read_pairs

Chosen = Mapping[str, str | None]
"""The schema id chosen for each model class, None where a class stays without one."""
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


def read_pairs_text(text: str, source: str = "Mapping") -> Pairs:
    """Read a JSON list of pairs; null and `[]` map nothing. Raises InputError."""
    return read_pairs(loads(text, source), source) or ()
