"""Keywords of JSON Schema that are checked in a way of our own, so that none can hang or be wrong.

`jsonschema` does the rest. Its own keywords search patterns by backtracking, compare each item with
each, divide by floating point and follow a reference that leads to itself until the stack ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from decimal import Decimal
from typing import Any

import referencing.exceptions
from jsonschema.exceptions import ValidationError

from core.ango_json.text import Json
from core.model.figures import counted
from core.plugin_runs.config.numbers import exact, is_multiple, meaning
from core.plugin_runs.config.patterns import PatternError, Patterns, TooSlow

Errors = Iterator[ValidationError]
Keyword = Callable[[Any, Any, Any, Any], Errors]
SECONDS = 20.0
"""The longest that a check may take, however many steps it has."""
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


class OutOfSteps(Exception):
    """A check took more steps than its config and schema are worth."""


class Check:
    """One check of one config: what it may still spend, and where it is.

    Args:
        steps: Keywords that may be looked at.

    Attributes:
        known: Ids of the objects that are schemas, to which a reference may lead.
        remembers: Whether what held behind a reference holds there again, which needs no second
            look; false where a reference may lead to different places.
    """

    def __init__(self, steps: int) -> None:
        self.known: set[int] = set()
        self._left = steps
        self._end = time.monotonic() + SECONDS
        self._patterns = Patterns()
        self.remembers = True
        self._active: set[tuple[int, int]] = set()
        self._holds: set[tuple[int, int]] = set()
        self._listed: dict[int, frozenset[Hashable]] = {}

    def keywords(self, kind: Any) -> dict[str, Keyword]:
        """The keywords of a draft, each counted, some replaced."""
        own: dict[str, Keyword] = {
            "pattern": self.pattern,
            "patternProperties": self.pattern_properties,
            "additionalProperties": self.additional_properties,
            "unevaluatedProperties": self.unevaluated_properties,
            "uniqueItems": self.unique_items,
            "enum": self.enum,
            "multipleOf": _multiple_of,
            "divisibleBy": _multiple_of,
            "minimum": _bound("minimum", lambda value, bound: value < bound),
            "maximum": _bound("maximum", lambda value, bound: value > bound),
        }
        if "const" in kind.VALIDATORS:
            own["exclusiveMinimum"] = _bound("more", lambda value, bound: value <= bound)
            own["exclusiveMaximum"] = _bound("less", lambda value, bound: value >= bound)
        keywords = {
            name: self._counted(own.get(name, plain)) for name, plain in kind.VALIDATORS.items()
        }
        for name in REFERENCES:
            if name in keywords:
                keywords[name] = self._once(keywords[name])
        return keywords

    def spend(self, steps: int = 1) -> None:
        """Count steps.

        Raises:
            OutOfSteps: None are left, or the time is over.
        """
        self._left -= steps
        if self._left < 0 or (self._left % 512 == 0 and time.monotonic() > self._end):
            raise OutOfSteps

    def _counted(self, keyword: Keyword) -> Keyword:
        def counted(validator: Any, wanted: Any, instance: Json, schema: Json) -> Errors:
            self.spend()
            return keyword(validator, wanted, instance, schema) or iter(())

        return counted

    def _once(self, keyword: Keyword) -> Keyword:
        """A reference that is not followed again while it is followed for the same value."""

        def once(validator: Any, wanted: Any, instance: Json, schema: Json) -> Errors:
            place = (id(schema), id(instance))
            if place in self._holds:
                return
            if place in self._active:
                yield ValidationError(f"the schema's reference “{wanted}” leads in a circle")
                return
            self._active.add(place)
            try:
                errors = list(keyword(validator, wanted, instance, schema))
            finally:
                self._active.discard(place)
            if self.remembers and not errors:
                self._holds.add(place)
            yield from errors

        return once

    def has(self, pattern: str, text: str) -> bool:
        """Whether a text has a pattern; the cost is that of its length.

        Raises:
            TooSlow: It was not decided in time.
        """
        self.spend(1 + len(text) // 1000)
        try:
            return self._patterns.found(pattern, text)
        except PatternError:
            return False  # said once, when the schema was read

    def pattern(self, validator: Any, wanted: str, instance: Json, _: Json) -> Errors:
        """The text has the pattern."""
        if not validator.is_type(instance, "string"):
            return
        try:
            if not self.has(wanted, instance):
                yield ValidationError(f"does not have the form “{wanted}”")
        except TooSlow:
            yield ValidationError(f"the schema's pattern “{wanted}” takes too long on this text")

    def _matching(self, instance: dict[str, Json], schema: Json) -> Iterator[tuple[str, str]]:
        for pattern in schema.get("patternProperties", {}):
            for key in instance:
                if self.has(pattern, key):
                    yield pattern, key

    def pattern_properties(
        self, validator: Any, wanted: dict[str, Json], instance: Json, schema: Json
    ) -> Errors:
        """Values whose keys have a pattern hold to its schema."""
        if validator.is_type(instance, "object"):
            for pattern, key in self._matching(instance, schema):
                yield from validator.descend(
                    instance[key], wanted[pattern], path=key, schema_path=pattern
                )

    def additional_properties(
        self, validator: Any, wanted: Json, instance: Json, schema: Json
    ) -> Errors:
        """Values whose keys are not described hold to this schema."""
        if not validator.is_type(instance, "object"):
            return
        described = set(schema.get("properties", {}))
        described |= {key for _, key in self._matching(instance, schema)}
        yield from self._rest(validator, wanted, instance, described)

    def unevaluated_properties(
        self, validator: Any, wanted: Json, instance: Json, schema: Json
    ) -> Errors:
        """Values that no part of the schema looked at hold to this one."""
        if validator.is_type(instance, "object"):
            others = {key: value for key, value in schema.items() if key != "unevaluatedProperties"}
            looked_at = self._evaluated(validator, instance, others)
            yield from self._rest(validator, wanted, instance, looked_at)

    @staticmethod
    def _rest(validator: Any, wanted: Json, instance: dict[str, Json], known: set[str]) -> Errors:
        rest = [key for key in instance if key not in known]
        if wanted is False and rest:
            names = ", ".join(f"“{key}”" for key in rest[:5]) + (" …" if len(rest) > 5 else "")
            yield ValidationError(f"knows no {names}")
        elif wanted is not False:
            for key in rest:
                yield from validator.descend(instance[key], wanted, path=key)

    def _evaluated(self, validator: Any, instance: dict[str, Json], schema: Json) -> set[str]:
        """Keys of an object that a schema, which holds for it, looks at."""
        if not isinstance(schema, dict):
            return set()
        self.spend()
        evaluated: set[str] = schema.get("properties", {}).keys() & instance.keys()
        evaluated |= {key for _, key in self._matching(instance, schema)}
        if "additionalProperties" in schema or "unevaluatedProperties" in schema:
            return set(instance)
        for name in REFERENCES:
            if name in schema:
                evaluated |= self._evaluated_there(validator, instance, schema, name)
        either = (*schema.get("anyOf", ()), *schema.get("oneOf", ()))
        parts = [one for one in either if validator.evolve(schema=one).is_valid(instance)]
        parts += schema.get("allOf", ())
        if "if" in schema:
            holds = validator.evolve(schema=schema["if"]).is_valid(instance)
            parts += [schema["if"], schema.get("then")] if holds else [schema.get("else")]
        parts += [
            part for key, part in schema.get("dependentSchemas", {}).items() if key in instance
        ]
        return evaluated.union(*(self._evaluated(validator, instance, part) for part in parts))

    def _evaluated_there(
        self, validator: Any, instance: dict[str, Json], schema: Json, name: str
    ) -> set[str]:
        """The same behind a reference; one that leads nowhere is said by its own keyword."""
        place = (id(schema), id(instance))
        try:
            to = validator._resolver.lookup(schema[name])
        except (referencing.exceptions.Unresolvable, ValueError):
            return set()
        if place in self._active or id(to.contents) not in self.known:
            return set()
        self._active.add(place)
        try:
            inner = validator.evolve(schema=to.contents, _resolver=to.resolver)
            return self._evaluated(inner, instance, to.contents)
        finally:
            self._active.discard(place)

    def unique_items(self, validator: Any, wanted: Json, instance: Json, _: Json) -> Errors:
        """No two entries mean the same."""
        if not wanted or not validator.is_type(instance, "array"):
            return
        first: dict[Hashable, int] = {}
        for place, entry in enumerate(instance):
            before = first.setdefault(meaning(entry), place)
            if before != place:
                yield ValidationError(
                    f"entries {counted(before + 1)} and {counted(place + 1)} are the same"
                )
                return

    def enum(self, _: Any, wanted: list[Json], instance: Json, __: Json) -> Errors:
        """The value is one of those listed."""
        listed = self._listed.get(id(wanted))
        if listed is None:
            listed = self._listed[id(wanted)] = frozenset(map(meaning, wanted))
        if meaning(instance) not in listed:
            yield ValidationError("is none of those listed")


def _multiple_of(validator: Any, wanted: float, instance: Json, _: Json) -> Errors:
    if validator.is_type(instance, "number") and not is_multiple(instance, wanted):
        yield ValidationError(f"is no multiple of {wanted}")


def _bound(name: str, is_outside: Callable[[Decimal, Decimal], bool]) -> Keyword:
    """A bound, compared as the numbers are written; in draft 4 it may be said to be exclusive."""
    other = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}.get(name)

    def bound(validator: Any, wanted: float, instance: Json, schema: Json) -> Errors:
        if not validator.is_type(instance, "number"):
            return
        value, limit = exact(instance), exact(wanted)
        exclusive = other is not None and schema.get(other) is True
        if is_outside(value, limit) or (exclusive and value == limit):
            yield ValidationError("lies outside")

    return bound
