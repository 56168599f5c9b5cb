"""What keeps a config from being sent: mistakes with line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema
import referencing.exceptions
from jsonschema.protocols import Validator
from referencing import Registry

from core.config.places import shown, spans
from core.errors import InputError
from core.wire.text import Json, loads

LARGE, MOST = 2 * 2**20, 8 * 2**20
"""Bytes beyond which a config is doubtful, and refused: plugins read text slowly."""
SOURCE = "Config"
_PLACE = re.compile(r"line (\d+), column (\d+)")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a config.

    Args:
        line: From 1.
        column: From 1.
        path: The value that it is about, `model.classes[2]`; "" when the text is not JSON.
        message: One sentence.
    """

    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        """The place and the sentence."""
        return f"Line {self.line}, column {self.column}: {self.message}"


@lru_cache(maxsize=8)
def mistakes(text: str, schema: str | None = None) -> tuple[Mistake, ...]:
    """Everything wrong in a config; no mistake means that it can be sent.

    Args:
        text: The config.
        schema: JSON Schema as text, or None.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST:
        message = f"The config is larger than {MOST >> 20} MiB. Pass an address to the rest."
        return (Mistake(1, 1, "", message),)
    try:
        value = loads(text, SOURCE)
    except InputError as error:
        return (_not_json(error, text),)
    if schema is None or not schema.strip():
        return ()
    try:
        validator = read_schema(schema)
    except InputError as error:
        return (Mistake(1, 1, "", f"Nothing can be checked: {error}"),)
    violations = list(_violations(validator, value))
    places = spans(text) if violations else {}
    found = []
    for path, message in violations:
        while path and path not in places:
            path = path[:-1]
        start = places[path][0]
        line = text.count("\n", 0, start) + 1
        column = start - text.rfind("\n", 0, start)
        found.append(Mistake(line, column, shown(path), message))
    return tuple(sorted(found, key=lambda mistake: (mistake.line, mistake.column)))


def _not_json(error: InputError, text: str) -> Mistake:
    place = _PLACE.search(error.where)
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    message = error.message.split(": ", 1)[-1] if not error.where else error.message
    if error.where:
        message = message.removeprefix(f"{error.source}, {error.where}: ")
    if not text.strip():
        message = "The config is empty. Write {} for a config without values."
    return Mistake(line, column, "", message[:1].upper() + message[1:])


def read_schema(text: str) -> Validator:
    """A JSON Schema, ready to check with; it may lead to no other document.

    Raises:
        InputError: It is not JSON or not a JSON Schema.
    """
    source = "JSON Schema"
    value = loads(text, source)
    if not isinstance(value, dict):
        raise InputError(source, "is not a JSON object.", "Check that it is the right file.")
    kind = jsonschema.validators.validator_for(value, default=jsonschema.Draft202012Validator)
    try:
        kind.check_schema(value)
    except jsonschema.SchemaError as error:
        place = shown(tuple(error.absolute_path)) if error.absolute_path else "the schema"
        message = f"is not a schema: {error.message[:200]}."
        raise InputError(source, message, "Mend it or leave it out.", place) from error
    validator: Validator = kind(value, registry=Registry())
    return validator


def _violations(validator: Validator, value: Json) -> Iterator[tuple[tuple[str | int, ...], str]]:
    try:
        for error in validator.iter_errors(value):
            yield tuple(error.absolute_path), _sentence(error)
    except referencing.exceptions.Unresolvable as error:
        yield (), f"The schema leads to “{error.ref}”, which is not part of it."


def _sentence(error: Any) -> str:
    """A violation in plain words; those that are rare keep the checker's own."""
    name, wanted = shown(tuple(error.absolute_path)), error.validator_value
    match error.validator:
        case "type":
            kinds = wanted if isinstance(wanted, list) else [wanted]
            return f"{name} must be {' or '.join(_KINDS.get(kind, str(kind)) for kind in kinds)}."
        case "minimum":
            return f"{name} must be at least {wanted}."
        case "maximum":
            return f"{name} must be at most {wanted}."
        case "enum":
            return f"{name} must be one of {', '.join(str(one) for one in wanted)}."
        case "required":
            missing = [key for key in wanted if key not in error.instance]
            return f"{name} lacks {', '.join(missing)}."
        case "additionalProperties" if wanted is False:
            return f"{name}: {error.message}."
    return f"{name}: {error.message[:200]}."


_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
