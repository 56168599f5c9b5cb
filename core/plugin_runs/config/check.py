"""What keeps a config from being sent: mistakes with line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from jsonschema.exceptions import ValidationError

from core.ango_json.text import Json, SpelledFloat, dumps, loads
from core.errors import InputError
from core.model.diagnostics import Diagnostic
from core.model.figures import counted
from core.model.phrases import as_sentence
from core.model.text import HALF
from core.plugin_runs.config.keywords import OutOfSteps
from core.plugin_runs.config.numbers import MOST_DIGITS
from core.plugin_runs.config.patterns import TooSlow
from core.plugin_runs.config.places import Path, shown, spans
from core.plugin_runs.config.schema import Schema, read_schema

LARGE, MOST = 2 * 2**20, 8 * 2**20
"""Bytes beyond which a config is doubtful, and refused: plugins read text slowly."""
MOST_SAID = 1_000
"""Mistakes that are listed; a config of millions of values would say millions."""
SOURCE = "Config"
_PLACE = re.compile(r"line (\d+), column (\d+)")


class Position(NamedTuple):
    """Where a mistake stands in the text, line and column from 1."""

    line: int
    column: int


Mistake = Diagnostic[str, Position]
"""Something wrong in a config: of the value with this path, or of all of it (`""`)."""


def mistake(line: int, column: int, path: str, message: str) -> Mistake:
    """A mistake; each of them keeps the config from being sent."""
    place = f"line {line}, column {column}"
    return Diagnostic("config.mistake", "error", path, place, message, "", Position(line, column))


def mistake_text(wrong: Mistake) -> str:
    """The place and the sentence."""
    return f"{as_sentence(wrong.place)}: {wrong.message}"


@lru_cache(maxsize=8)
def mistakes(text: str, schema: str | None = None) -> tuple[Mistake, ...]:
    """Everything wrong in a config; no mistake means that it can be sent.

    What a plugin's `json.loads` would refuse is a mistake, and so is what no schema can be checked
    against: a part of a schema that is none is said, and the rest is checked.

    Args:
        text: The config.
        schema: JSON Schema as text, or None.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST:
        message = f"The config is larger than {MOST >> 20} MiB. Pass an address to the rest."
        return (mistake(1, 1, "", message),)
    listed = list(_not_sent(text))
    try:
        value = loads(text, SOURCE)
    except InputError as error:
        return (*listed, _not_json(error, text))
    violations = [*_numbers(value)]
    if schema is not None and schema.strip():
        try:
            read = read_schema(schema)
        except InputError as error:
            return (*listed, mistake(1, 1, "", f"Nothing can be checked: {error}"))
        listed += [mistake(1, 1, "", f"{fault} Mend it in the schema.") for fault in read.faults]
        violations += _violations(read, value, len(text))
    listed += _placed(text, violations)
    return tuple(sorted(listed, key=lambda wrong: wrong.data))


def _not_sent(text: str) -> Iterator[Mistake]:
    """What keeps any text from reaching a plugin's JSON reader."""
    if text.startswith("\ufeff"):
        message = "The text begins with a byte order mark, which a plugin's JSON reader refuses. "
        yield mistake(1, 1, "", f"{message}Save it as UTF-8 without one.")
    half = HALF.search(text)
    if half is not None:
        line, column = _lines(text)(half.start())
        message = "Half of a character cannot be sent. Write it whole, or as \\u and four digits."
        yield mistake(line, column, "", message)


def _numbers(value: Json, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Numbers that a plugin's JSON reader refuses, or reads as infinite."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _numbers(inner, (*path, place))
    elif isinstance(value, SpelledFloat) and value.text.lstrip("-").isdecimal():
        if len(value.text.lstrip("-")) > MOST_DIGITS:
            many = len(value.text.lstrip("-"))
            message = (
                f"has {counted(many)} digits, more than the {counted(MOST_DIGITS)} that a "
                "plugin's JSON"
            )
            yield path, f"{shown(path)} {message} reader takes. Write it as text."
    elif isinstance(value, float) and not isfinite(value):
        yield path, f"{shown(path)} is so large that a plugin reads it as infinite."


def _violations(schema: Schema, value: Json, size: int) -> Iterator[tuple[Path, str]]:
    """What does not hold, each once; a check that cannot go on says so."""
    listed: set[tuple[Path, str]] = set()
    simpler = "Simplify the schema or leave it out."
    try:
        for error in schema.errors(value, size):
            one = (tuple(error.absolute_path), sentence(error))
            if one in listed:
                continue
            listed.add(one)
            yield one
            if len(listed) >= MOST_SAID:
                yield (
                    (),
                    f"There are more than {counted(MOST_SAID)} mistakes; the rest is not listed.",
                )
                return
    except RecursionError:
        yield (), f"The config is nested too deep to be checked with its schema. {simpler}"
    except OutOfSteps:
        yield (), f"The schema asks for too many steps on this config. {simpler}"
    except TooSlow:
        yield (), f"A pattern of the schema takes too long on this config. {simpler}"


def _placed(text: str, violations: Sequence[tuple[Path, str]]) -> Iterator[Mistake]:
    places = spans(text) if violations else {}
    at = _lines(text)
    for path, message in violations:
        while path and path not in places:
            path = path[:-1]
        line, column = at(places[path][0])
        yield mistake(line, column, shown(path), message)


def _lines(text: str) -> Callable[[int], tuple[int, int]]:
    """Says line and column of a position, both from 1, without reading the text again."""
    starts = [0, *(line_end.end() for line_end in re.finditer("\n", text))]

    def at(position: int) -> tuple[int, int]:
        line = bisect_right(starts, position)
        return line, position - starts[line - 1] + 1

    return at


def _not_json(error: InputError, text: str) -> Mistake:
    place = _PLACE.search(error.where)
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    message = error.message.split(": ", 1)[-1] if not error.where else error.message
    if error.where:
        message = message.removeprefix(f"{error.source}, {error.where}: ")
    if not text.strip():
        message = "The config is empty. Write {} for a config without values."
    return mistake(line, column, "", message[:1].upper() + message[1:])


def sentence(error: ValidationError) -> str:
    """What does not hold, in plain words; what is rare keeps the checker's own."""
    name, wanted = shown(tuple(error.absolute_path)), error.validator_value
    match error.validator:
        case "type":
            kinds = wanted if isinstance(wanted, list) else [wanted]
            return f"{name} must be {' or '.join(_KINDS.get(kind, str(kind)) for kind in kinds)}."
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return f"{name} must be {_BOUNDS[str(error.validator)]} {_short(wanted)}."
        case "enum":
            return f"{name} must be one of {_listed(wanted)}."
        case "const":
            return f"{name} must be {_short(wanted)}."
        case "anyOf" | "oneOf":
            single = [
                part["const"] for part in wanted if isinstance(part, dict) and "const" in part
            ]
            if len(single) == len(wanted):
                return f"{name} must be one of {_listed(single)}."
            many = "more than one" if error.message.endswith("valid under each of them") else "none"
            if error.validator == "oneOf" and not error.context:
                many = "more than one"
            return f"{name} fits {many} of the {len(wanted)} forms that the schema gives it."
        case "required":
            missing = [key for key in wanted if key not in error.instance]
            return f"{name} lacks {', '.join(missing)}."
        case "multipleOf" | "divisibleBy":
            return f"{name} must be a multiple of {_short(wanted)}."
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            word = "at least" if str(error.validator).startswith("min") else "at most"
            what = "characters" if str(error.validator).endswith("Length") else "entries"
            return f"{name} must have {word} {_short(wanted)} {what}."
        case None | "not" if wanted in (None, {}):
            return f"{name} is not allowed by the schema."
    return f"{name}: {error.message[:200]}."


def _listed(values: Sequence[Json]) -> str:
    return ", ".join(map(_short, values[:10])) + (" …" if len(values) > 10 else "")


def _short(value: Json) -> str:
    text = value if isinstance(value, str) else dumps(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
}
_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
