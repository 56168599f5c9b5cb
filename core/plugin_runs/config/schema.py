"""Reading a JSON Schema: its draft, what of it can be checked, and the parts that cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema
import referencing.exceptions
from jsonschema.exceptions import ValidationError
from referencing import Registry

from core.ango_json.text import Json, loads
from core.errors import InputError
from core.plugin_runs.config.keywords import REFERENCES, Check, Errors, Keyword, OutOfSteps
from core.plugin_runs.config.patterns import PatternError, compiled
from core.plugin_runs.config.places import Path, shown

SOURCE = "JSON Schema"
NEWEST = jsonschema.Draft202012Validator
DRAFTS = (
    NEWEST,
    jsonschema.Draft201909Validator,
    jsonschema.Draft7Validator,
    jsonschema.Draft6Validator,
    jsonschema.Draft4Validator,
)
"""Tried in this order where a schema does not say its own."""

NAMED = ("properties", "patternProperties", "dependentSchemas", "dependencies")
KEPT = ("$defs", "definitions")
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
SINGLE = (
    "additionalProperties", "propertyNames", "unevaluatedProperties", "items", "additionalItems",
    "unevaluatedItems", "contains", "not", "if", "then", "else",
)  # fmt: skip
TURNED = ("not", "if", "contains", "anyOf", "oneOf")
"""Keywords that may say no because something inside them holds; a part of them is not left out."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a schema that is not checked.

    Args:
        path: Where it stands in the schema.
        why: A clause that says why.
    """

    path: Path
    why: str

    def __str__(self) -> str:
        """One sentence."""
        return f"The schema's {shown(self.path)} is not checked: {self.why}."


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema, ready to check with.

    Args:
        value: The schema without its faulty parts; not to be changed.
        draft: Class of `jsonschema` for its draft.
        faults: What was left out.
        size: Characters of its text.
    """

    value: Json
    draft: Any
    faults: tuple[Fault, ...]
    size: int

    def errors(self, instance: Json, size: int) -> Errors:
        """What does not hold for a value.

        Args:
            instance: The value.
            size: Characters of its text; a check may take some steps for each.

        Raises:
            OutOfSteps: The schema asks for more than that.
            RecursionError: Schema and value are nested too deep.
        """
        check = Check(STEPS + STEPS_PER_CHARACTER * size + 4 * self.size)
        errors: Errors = _validator(self.draft, self.value, check).iter_errors(instance)
        return errors


STEPS, STEPS_PER_CHARACTER = 20_000, 20


MOST_STEPS = 2_000_000
"""Of reading a schema."""


def read_schema(text: str, source: str = SOURCE) -> Schema:
    """Read a JSON Schema; a part that is none is left out and said.

    A schema that does not name its draft is of the newest that it is a schema of.

    Args:
        text: The schema.
        source: What it is called in errors.

    Raises:
        InputError: It is not JSON, or no schema at all.
    """
    value = loads(text, source)
    if not isinstance(value, (dict, bool)):
        message = "expected an object, true or false."
        raise InputError(source, message, "Check that it is the right text.")
    named = value.get("$schema") if isinstance(value, dict) else None
    known = jsonschema.validators.validator_for(
        {"$schema": named} if isinstance(named, str) else True, default=NEWEST
    )
    drafts = (known,) if isinstance(named, str) else DRAFTS
    try:
        draft = next((one for one in drafts if not faults_of(value, one)), drafts[0])
        faults: dict[Path, Fault] = {}
        for _ in range(5):
            again = faults_of(value, draft)
            faults |= {fault.path: fault for fault in again}
            for fault in again:
                value = _without(value, fault.path)
            if not again:
                return Schema(value, draft, tuple(faults.values()), len(text))
    except (RecursionError, OutOfSteps) as error:
        message = "is nested too deep, or too large, to be read."
        raise InputError(source, message, "Simplify it or leave it out.") from error
    raise InputError(source, "is not a schema.", "Mend it or leave it out.")


def require_schema(text: str) -> None:
    """Accept a schema of which every part can be checked.

    Raises:
        InputError: It is not JSON, no schema, or has a part that is none.
    """
    for fault in read_schema(text).faults:
        raise InputError(SOURCE, f"{fault.why}.", "Mend it or leave it out.", shown(fault.path))


def faults_of(value: Json, draft: Any) -> tuple[Fault, ...]:
    """The parts of a schema that are none in a draft, or hold a pattern that is none.

    Raises:
        RecursionError: It is nested too deep.
        OutOfSteps: It is too large.
    """
    check = Check(MOST_STEPS)
    faults: dict[Path, Fault] = {}
    for error in _validator(draft, draft.META_SCHEMA, check, follow_faulty=True).iter_errors(value):
        path = _cut(tuple(error.absolute_path))
        faults.setdefault(path, Fault(path, error.message[:200]))
    for path, schema in subschemas(value):
        pattern = schema.get("pattern")
        patterns = [((*path, "pattern"), pattern)] if isinstance(pattern, str) else []
        for_keys = schema.get("patternProperties")
        if isinstance(for_keys, dict):
            patterns += [((*path, "patternProperties", one), one) for one in for_keys]
        for place, one in patterns:
            try:
                compiled(one)
            except PatternError as error:
                faults.setdefault(_cut(place), Fault(_cut(place), f"{error}"))
    return tuple(faults.values())


def subschemas(value: Json, path: Path = ()) -> Iterator[tuple[Path, dict[str, Json]]]:
    """Every object of a schema that is itself one, outer ones first, with its place."""
    if not isinstance(value, dict):
        return
    yield path, value
    for key in (*NAMED, *KEPT):
        inner = value.get(key)
        for name, part in inner.items() if isinstance(inner, dict) else ():
            yield from subschemas(part, (*path, key, name))
    for key in LISTS:
        inner = value.get(key)
        for place, part in enumerate(inner) if isinstance(inner, list) else ():
            yield from subschemas(part, (*path, key, place))
    for key in SINGLE:
        yield from subschemas(value.get(key), (*path, key))


def _cut(path: Path) -> Path:
    """The keyword to leave out for something wrong at a place, so that the rest means the same."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    at = 0
    while at < len(path):
        key = path[at]
        if key in TURNED:
            return path[: at + 1]
        listed = key in LISTS and at + 1 < len(path) and isinstance(path[at + 1], int)
        at += 2 if key in (*NAMED, *KEPT) or listed else 1
    return path


def _without(value: Json, path: Path) -> Json:
    """The schema without the value at a place; what is gone already stays so."""
    if not path:
        return True
    holder = value
    for step in path[:-1]:
        inside = isinstance(holder, list) and isinstance(step, int) and step < len(holder)
        if not inside and not (isinstance(holder, dict) and step in holder):
            return value
        holder = holder[step]
    if isinstance(holder, dict):
        holder.pop(path[-1], None)
    return value


def _validator(draft: Any, value: Json, check: Check, follow_faulty: bool = False) -> Any:
    """A validator of a draft whose keywords belong to one check, everywhere in the schema."""
    keywords = check.keywords(draft)
    for _, schema in subschemas(value):
        check.known.add(id(schema))
        check.remembers &= not any(name in schema for name in REFERENCES[1:])
    for name in REFERENCES:
        if name in keywords and not follow_faulty:
            keywords[name] = _followed(keywords[name], draft, check.known)
    made = jsonschema.validators.extend(draft, keywords)
    descend = made.descend

    def evolve(self: Any, **changes: Any) -> Any:
        """The same for another part, whatever `$schema` that part names."""
        same = {"schema": self.schema, "registry": self._registry, "_resolver": self._resolver}
        return made(**{**same, **changes})

    def descend_with_place(
        self: Any, instance: Json, schema: Json, *more: Any, **named: Any
    ) -> Any:
        """The same, but what `false` refuses has its place, too."""
        return descend(self, instance, {"not": {}} if schema is False else schema, *more, **named)

    made.evolve, made.descend = evolve, descend_with_place
    return made(value, registry=Registry())


def _followed(keyword: Keyword, draft: Any, known: set[int]) -> Keyword:
    """A reference that leads out of the schema, or to no schema, is an error and no end."""

    def followed(validator: Any, wanted: Any, instance: Json, schema: Json) -> Errors:
        try:
            target = validator._resolver.lookup(wanted).contents
        except (referencing.exceptions.Unresolvable, ValueError):
            message = f"the schema leads to “{wanted}”, which is not part of it"
            return iter([ValidationError(message)])
        if isinstance(target, dict) and id(target) not in known and not faults_of(target, draft):
            known.add(id(target))
        if not isinstance(target, bool) and id(target) not in known:
            return iter([ValidationError(f"the schema leads to “{wanted}”, which is no schema")])
        return keyword(validator, wanted, instance, schema)

    return followed
