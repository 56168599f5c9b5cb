"""The values of a config as fields of a form: from a flat default, or from a JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite
from typing import Any, Literal

import referencing.exceptions
import referencing.jsonschema
from referencing import Registry

from core.ango_json.text import Json, dumps, loads
from core.errors import InputError
from core.plugin_runs.config.check import SOURCE
from core.plugin_runs.config.numbers import meaning
from core.plugin_runs.config.schema import Schema, read_schema

Kind = Literal["switch", "whole", "number", "text", "choice", "choices", "texts"]
MOST_FIELDS = 40
SAFE = 2**53 - 1
"""Larger whole numbers lose digits in a browser; they are edited as JSON."""
MOST_FOLLOWED = 20
"""References and parts that are followed on the way to one value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value as a field.

    Args:
        key: In the config's outermost object.
        kind: Which widget suits it.
        title: To show beside it.
        help: What it means, "" when nobody said.
        value: In the config now; None where it is null or not sent.
        low: Least allowed number, or None.
        high: Largest allowed number, or None.
        options: Offered values, of choices only.
        labels: What each option is called, as many as options.
        sent: Whether the config has the key.
        nullable: Whether null is a value of it.
        default: What stands for it where it is not sent, as JSON; "" when nobody said.
    """

    key: str
    kind: Kind
    title: str
    help: str
    value: Json
    low: float | None = None
    high: float | None = None
    options: tuple[Json, ...] = ()
    labels: tuple[str, ...] = ()
    sent: bool = True
    nullable: bool = False
    default: str = ""

    def label(self, option: Json) -> str:
        """What an option is called."""
        named = zip(self.options, self.labels, strict=True)
        return next((label for one, label in named if one == option), str(option))


def fields(text: str, default: str, schema: str | None = None) -> tuple[Field, ...]:
    """The fields of a config; none when it does not suit a form.

    Args:
        text: The config now.
        default: The plugin's default config.
        schema: JSON Schema as text, or None.

    Returns:
        Fields in the order of the schema, else of the default. Values of other kinds (objects,
        lists of objects) and keys that neither describes have none; they stay as they are.
    """
    now, first = _flat(text), _flat(default)
    if now is None:
        return ()
    base = first or {}
    described = _properties(schema)
    if not described:
        described = {key: {} for key in base}
    described_fields = [_field(key, about, now, base) for key, about in described.items()]
    return tuple(field for field in described_fields if field is not None)[:MOST_FIELDS]


def _flat(text: str) -> dict[str, Json] | None:
    try:
        value = loads(text, SOURCE)
    except InputError:
        return None
    return value if isinstance(value, dict) else None


def _properties(schema: str | None) -> dict[str, dict[str, Json]]:
    """Each value that a schema describes, with all that it says of it."""
    if schema is None or not schema.strip():
        return {}
    try:
        read = read_schema(schema)
    except InputError:
        return {}
    follow = _follower(read)
    properties = _joined(read.value, follow).get("properties", {})
    return {key: _described(about, follow) for key, about in properties.items()}


Follow = Callable[[str], Json]


def _follower(schema: Schema) -> Follow:
    """What a reference leads to inside a schema; {} when it leads elsewhere."""
    kinds = referencing.jsonschema
    draft = str(schema.draft.META_SCHEMA.get("$id") or schema.draft.META_SCHEMA.get("id"))
    kind = kinds.specification_with(draft, default=kinds.DRAFT202012)
    resolver = Registry().resolver_with_root(kind.create_resource(schema.value))

    def follow(reference: str) -> Json:
        try:
            return resolver.lookup(reference).contents
        except (referencing.exceptions.Unresolvable, ValueError):
            return {}

    return follow


def _parts(schema: Json, follow: Follow, left: int = MOST_FOLLOWED) -> Iterator[dict[str, Json]]:
    """A schema and all that must hold beside it: what it refers to, and its `allOf`."""
    if not isinstance(schema, dict) or left == 0:
        return
    yield schema
    if isinstance(schema.get("$ref"), str):
        yield from _parts(follow(schema["$ref"]), follow, left - 1)
    parts = schema.get("allOf")
    for part in parts[:MOST_FIELDS] if isinstance(parts, list) else ():
        yield from _parts(part, follow, left - 1)


def _joined(schema: Json, follow: Follow) -> dict[str, Json]:
    """All parts of a schema as one: the outermost word counts, bounds are the narrowest."""
    joined: dict[str, Json] = {}
    for part, _ in zip(_parts(schema, follow), range(10 * MOST_FIELDS), strict=False):
        for key, value in part.items():
            if key == "properties" and isinstance(value, dict):
                known = joined.setdefault(key, {})
                for name, about in value.items():
                    known[name] = {"allOf": [known[name], about]} if name in known else about
            elif key in _TIGHTER and _is_number(value) and _is_number(joined.get(key)):
                joined[key] = _TIGHTER[key](joined[key], value)
            else:
                joined.setdefault(key, value)
    return joined


_TIGHTER: dict[str, Callable[[float, float], float]] = {
    "minimum": max,
    "exclusiveMinimum": max,
    "maximum": min,
    "exclusiveMaximum": min,
}


def _described(about: Json, follow: Follow, left: int = MOST_FOLLOWED) -> dict[str, Json]:
    """What a schema says of one value, with `nullable`, `options` and `inner` worked out."""
    if left == 0:
        return {"type": "a circle"}
    joined = _joined(about, follow)
    nullable, types = False, joined.get("type")
    if isinstance(types, list):
        nullable = "null" in types
        others = [one for one in types if one != "null"]
        joined["type"] = others[0] if len(others) == 1 else others
    for key in ("anyOf", "oneOf"):
        branches = joined.get(key)
        if not isinstance(branches, list):
            continue
        forms = [_joined(one, follow) for one in branches]
        others = [one for one in forms if not _is_null(one)]
        nullable = nullable or len(others) < len(forms)
        if all("const" in one for one in others):
            joined.setdefault("options", [(one["const"], one.get("title")) for one in others])
        elif len(others) == 1:
            inner = _described(others[0], follow, left - 1)
            nullable = nullable or bool(inner.get("nullable"))
            joined = {**inner, **joined}
        else:
            joined["type"] = "one of several"
    if isinstance(joined.get("enum"), list):
        nullable = nullable or None in joined["enum"]
        joined.setdefault("options", [(one, None) for one in joined["enum"] if one is not None])
    elif joined.get("const") is not None:
        joined.setdefault("options", [(joined["const"], None)])
    if joined.get("type") == "array":
        items = joined.get("items")
        joined["inner"] = _described(items, follow, left - 1) if isinstance(items, dict) else {}
    return {**joined, "nullable": nullable}


def _is_null(form: dict[str, Json]) -> bool:
    return form.get("type") == "null" or ("const" in form and form["const"] is None)


_TYPES: dict[str, Kind] = {
    "boolean": "switch",
    "integer": "whole",
    "number": "number",
    "string": "text",
}


def _field(
    key: str, about: dict[str, Json], now: dict[str, Json], base: dict[str, Json]
) -> Field | None:
    """The field of a value, or None where a form would show or write it wrongly."""
    sent = key in now
    other = base.get(key, about.get("default"))
    value = now.get(key)
    nullable = bool(about.get("nullable"))
    kind, options, labels = _offered(about, value if other is None else other)
    unset = value is None and (nullable or not sent)
    if kind is None or not (unset or _suits(kind, value, options)):
        return None
    whole = kind == "whole"
    title, help_ = about.get("title"), about.get("description")
    return Field(
        key=key,
        kind=kind,
        title=title if isinstance(title, str) and title else _title(key),
        help=help_ if isinstance(help_, str) else "",
        value=value,
        low=_bound(about, "minimum", "exclusiveMinimum", whole),
        high=_bound(about, "maximum", "exclusiveMaximum", whole),
        options=options,
        labels=labels,
        sent=sent,
        nullable=nullable,
        default="" if other is None else dumps(other)[:80],
    )


def _offered(
    about: dict[str, Json], value: Json
) -> tuple[Kind | None, tuple[Json, ...], tuple[str, ...]]:
    """The kind of a value with its options, from what a schema says, else from the value."""
    declared = about.get("type")
    if declared == "array":
        inner = about["inner"]
        chosen = _choices(inner.get("options"))
        if chosen is not None:
            return ("choices", *chosen) if chosen[0] else (None, (), ())
        return ("texts" if inner.get("type", "string") == "string" else None), (), ()
    chosen = _choices(about.get("options"))
    if chosen is not None:
        return ("choice", *chosen) if chosen[0] else (None, (), ())
    if declared is not None:
        return (_TYPES.get(declared) if isinstance(declared, str) else None), (), ()
    return (_kind(value) if "properties" not in about else None), (), ()


def _choices(options: Json) -> tuple[tuple[Json, ...], tuple[str, ...]] | None:
    """Options and labels; none where they cannot be told apart in a list of texts."""
    if not isinstance(options, list) or not options:
        return None
    plain = all(isinstance(one, (str, int, float)) for one, _ in options)
    mixed = len({isinstance(one, bool) for one, _ in options}) > 1
    if not plain or mixed or len({meaning(one) for one, _ in options}) < len(options):
        return (), ()
    labels = tuple(
        title if isinstance(title, str) and title else one if isinstance(one, str) else dumps(one)
        for one, title in options
    )
    if len(set(labels)) < len(labels):
        return (), ()
    return tuple(one for one, _ in options), labels


def _kind(value: Json) -> Kind | None:
    if isinstance(value, bool):
        return "switch"
    if isinstance(value, int):
        return "whole"
    if isinstance(value, float):
        return "number" if isfinite(value) else None
    if isinstance(value, str):
        return "text"
    texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return "texts" if texts else None


def _suits(kind: Kind, value: Json, options: Sequence[Json]) -> bool:
    """Whether a value can be shown in a field of this kind without a change of its kind."""
    if kind == "choice":
        return meaning(value) in {meaning(one) for one in options}
    if kind in ("choices", "texts"):
        if not isinstance(value, list) or len({meaning(one) for one in value}) < len(value):
            return False
        if kind == "choices":
            return {meaning(one) for one in value} <= {meaning(one) for one in options}
    value_kind = _kind(value)
    if value_kind == "whole" and abs(value) > SAFE:
        return False
    return value_kind == kind or (kind == "number" and value_kind == "whole")


def _bound(about: dict[str, Json], name: str, beyond: str, whole: bool) -> float | None:
    """The narrowest bound; of whole numbers the first that is allowed."""
    lower = name == "minimum"
    limits: list[float] = []
    for key in (name, beyond):
        limit: Any = about.get(key)
        if not _is_number(limit):
            continue
        exclusive = key == beyond or about.get(beyond) is True
        if isinstance(limit, float) and not isfinite(limit):
            continue
        if whole:
            edge = ceil(limit) if lower else floor(limit)
            if exclusive and edge == limit:
                edge += 1 if lower else -1
            limits.append(edge)
        else:
            try:
                limits.append(float(limit))
            except OverflowError:
                continue
    return (max if lower else min)(limits, default=None)


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _title(key: str) -> str:
    words = key.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] or key
