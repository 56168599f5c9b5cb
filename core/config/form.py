"""The values of a config as fields of a form: from a flat default, or from a JSON Schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.config.check import SOURCE
from core.errors import InputError
from core.wire.text import Json, loads

Kind = Literal["switch", "whole", "number", "text", "choice", "choices", "texts"]
MOST_FIELDS = 40


@dataclass(frozen=True, slots=True)
class Field:
    """One value as a field.

    Args:
        key: In the config's outermost object.
        kind: Which widget suits it.
        title: To show beside it.
        help: What it means, "" when nobody said.
        value: In the config now, else its default.
        low: Least allowed number, or None.
        high: Largest allowed number, or None.
        options: Offered texts, of choices only.
    """

    key: str
    kind: Kind
    title: str
    help: str
    value: Json
    low: float | None = None
    high: float | None = None
    options: tuple[str, ...] = ()


def fields(text: str, default: str, schema: str | None = None) -> tuple[Field, ...]:
    """The fields of a config; none when it does not suit a form.

    Args:
        text: The config now.
        default: The plugin's default config.
        schema: JSON Schema as text, or None.

    Returns:
        Fields in the order of the schema, else of the default. Values of other kinds (objects,
        lists of objects, null) and keys that the default lacks have none; they stay as they are.
    """
    now, first = _flat(text), _flat(default)
    if now is None:
        return ()
    described = _properties(schema)
    base = first or {}
    if described:
        found = [_described(key, about, now, base) for key, about in described.items()]
    else:
        found = [_guessed(key, value, now.get(key, value)) for key, value in base.items()]
    return tuple(field for field in found if field is not None)[:MOST_FIELDS]


def _flat(text: str) -> dict[str, Json] | None:
    try:
        value = loads(text, SOURCE)
    except InputError:
        return None
    return value if isinstance(value, dict) else None


def _properties(schema: str | None) -> dict[str, Json]:
    value = _flat(schema) if schema else None
    found = (value or {}).get("properties")
    return found if isinstance(found, dict) else {}


def _guessed(key: str, default: Json, value: Json) -> Field | None:
    kind = _kind(default)
    if kind is None or not _suits(kind, value):
        return None
    return Field(key, kind, _title(key), "", value)


def _kind(value: Json) -> Kind | None:
    if isinstance(value, bool):
        return "switch"
    if isinstance(value, int):
        return "whole"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "text"
    texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return "texts" if texts else None


def _suits(kind: Kind, value: Json) -> bool:
    """Whether a value can be shown in a field of this kind without a change of its kind."""
    found = _kind(value)
    if kind in ("text", "choice"):
        return found == "text"
    if kind in ("texts", "choices"):
        return found == "texts"
    return found == kind or (kind == "number" and found == "whole")


_TYPES: dict[str, Kind] = {
    "boolean": "switch",
    "integer": "whole",
    "number": "number",
    "string": "text",
}


def _described(key: str, about: Json, now: dict[str, Json], base: dict[str, Json]) -> Field | None:
    about = about if isinstance(about, dict) else {}
    value = now.get(key, base.get(key, about.get("default")))
    kind = _TYPES.get(str(about.get("type")))
    options = _texts(about.get("enum"))
    if kind == "text" and options:
        kind = "choice"
    if about.get("type") == "array":
        inner = about.get("items")
        options = _texts(inner.get("enum")) if isinstance(inner, dict) else ()
        kind = "choices" if options else "texts"
    if kind is None or not _suits(kind, value) or not _offered(value, options):
        return None
    return Field(
        key,
        kind,
        str(about.get("title") or _title(key)),
        str(about.get("description") or ""),
        value,
        _number(about.get("minimum")),
        _number(about.get("maximum")),
        options,
    )


def _texts(value: Json) -> tuple[str, ...]:
    listed = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return tuple(value) if listed else ()


def _offered(value: Json, options: tuple[str, ...]) -> bool:
    given = value if isinstance(value, list) else [value]
    return not options or all(one in options for one in given)


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _title(key: str) -> str:
    words = key.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] or key
