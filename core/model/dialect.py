"""Readings of Ango Hub that are not public: each is a setting that the user can see and change."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Literal, get_args

from core.errors import InputError

AnnotatorReading = Literal["any", "last", "assignee"]
DurationReading = Literal["total", "labelling", "last"]
Unit = Literal["ms", "s", "min"]
Switch = Literal["off", "on"]
Scale = Literal["auto", "fraction", "percent"]

FINAL = "final"

MILLISECONDS: dict[str, float] = {"ms": 1.0, "s": 1_000.0, "min": 60_000.0}
CHOICES: dict[str, tuple[str, ...]] = {
    "annotator": get_args(AnnotatorReading),
    "duration": get_args(DurationReading),
    "unit": get_args(Unit),
    "nested": get_args(Switch),
    "random": get_args(Scale),
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the doubtful parts of Ango Hub are read.

    Args:
        annotator: Anyone in the labelling history, the last of them, or the current assignee.
        duration: Total time, time in labelling, or the last labelling pass.
        unit: Unit of the bounds in a Duration rule.
        nested: Whether answered nested classifications count as present.
        random: Scale of a Random sample's value; `auto` reads up to 1 as a fraction, above it as
            percent, each value by itself.
        at: Whether facts are the final ones, or those when a task left a stage, by id or name.
    """

    annotator: AnnotatorReading = "any"
    duration: DurationReading = "total"
    unit: Unit = "ms"
    nested: Switch = "off"
    random: Scale = "auto"
    at: str = FINAL

    def as_dict(self) -> dict[str, str]:
        """The settings by name, in the order of the definition."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def milliseconds(self, bound: float) -> float:
        """A bound of a Duration rule in milliseconds, without the drift of the product."""
        return round(bound * MILLISECONDS[self.unit], 6)

    def is_percent(self, value: float) -> bool:
        """Whether a Random sample's value is read as percent, and not as a fraction."""
        return self.random == "percent" or (self.random == "auto" and value > 1)

    def is_chance(self, value: float) -> bool:
        """Whether a Random sample's value, from 0 to 100, is one in the scale that is read."""
        return value <= 1 or self.is_percent(value)

    def chance(self, value: float) -> float:
        """Chance per task that a Random sample's value means, from 0 to 1; of no chance 0."""
        if self.is_percent(value):
            return of_percent(value)
        return value if self.is_chance(value) else 0.0


DIALECT_WORDS = {
    "annotator": (
        "Who annotated a task",
        {"any": "anyone in its labelling", "last": "the last of them", "assignee": "its assignee"},
    ),
    "duration": (
        "How long a task took",
        {"total": "total time", "labelling": "time in labelling", "last": "last labelling pass"},
    ),
    "unit": (
        "Unit of the bounds in JSON",
        {"ms": "milliseconds", "s": "seconds", "min": "minutes"},
    ),
    "nested": (
        "Nested classifications",
        {"off": "do not count as a class", "on": "count as a class"},
    ),
    "random": (
        "Percentages in JSON",
        {"auto": "fractions up to 1, else percent", "fraction": "fractions", "percent": "percent"},
    ),
}
"""Label of each setting with a fixed choice, and words for its values."""


def of_percent(percent: float) -> float:
    """A percentage as a chance: 12.3 is 0.123, and not the float that dividing gives."""
    return float(Decimal(repr(float(percent))).scaleb(-2))


def in_percent(chance: float) -> float:
    """A chance as a percentage, as exactly as a float can: 0.07 is 7."""
    return float(Decimal(repr(float(chance))).scaleb(2))


def parse_dialect(words: list[str], base: Dialect | None = None) -> Dialect:
    """Read `annotator=last duration=labelling` from a command line.

    Args:
        words: What was typed.
        base: What holds for the rest; the defaults when None.

    Raises:
        InputError: A name or a value that is not one of `CHOICES`.
    """
    dialect = base or Dialect()
    for word in words:
        name, _, value = word.partition("=")
        if name == "at" and value:
            dialect = replace(dialect, at=value)
            continue
        if value not in CHOICES.get(name, ()):
            known = "; ".join(f"{key}={'|'.join(values)}" for key, values in CHOICES.items())
            known += "; at=final|<stage>"
            raise InputError("--dialect", f"'{word}' is not a setting.", f"Choose from {known}.")
        dialect = replace(dialect, **{name: value})  # type: ignore[arg-type]
    return dialect
