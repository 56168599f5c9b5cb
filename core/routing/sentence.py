"""A rule in plain English, and durations and percentages as people say them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from core.model.dialect import Dialect
from core.model.figures import exact, percent, whole_number
from core.model.names import Names
from core.model.rules import (
    AnnotationType,
    Annotator,
    Batch,
    Condition,
    Duration,
    Malformed,
    RandomSample,
    RuleNumber,
    Unknown,
)

ELSE = "everything else"
TYPE_LABELS = {
    "AnnotationType": "Annotation type",
    "Annotator": "Annotator",
    "RandomSample": "Random sample",
    "Duration": "Task duration",
    "Batch": "Batch",
}
"""Names of the rule types as Ango Hub's Logic page writes them."""


def sentence(condition: Condition, names: Names, dialect: Dialect) -> str:
    """One line that says which tasks a condition matches."""
    match condition:
        case AnnotationType(filters):
            has = [names.of_class(f.schema_id) for f in filters if f.present]
            lacks = [names.of_class(f.schema_id) for f in filters if not f.present]
            parts = [f"has {joined(has, 'and')}"] if has else []
            parts += [f"no {joined(lacks, 'and no')}"] if lacks else []
            return ", ".join(parts) or "any task (no class chosen)"
        case Annotator(people):
            chosen = [names.text(person.strip()) for person in people]
            return (
                f"annotated by {joined(chosen, 'or')}" if chosen else "annotated by nobody listed"
            )
        case Batch(batches):
            chosen = [names.of_batch(batch) for batch in batches]
            return f"batch is {joined(chosen, 'or')}" if chosen else "batch is none listed"
        case RandomSample(value):
            if dialect.is_chance(value):
                return f"{percent(dialect.chance(value))} at random"
            return f"{_type_label(condition.kind)} that matches nothing: {no_fraction(value)}"
        case Duration(low, high):
            return _interval(low, high, dialect)
        case Malformed(kind, reason):
            return names.text(f"{_type_label(kind)} that matches nothing: {reason}")
        case Unknown(kind, reason):
            return names.text(f"{_type_label(kind)} that cannot be simulated: {reason}")


def no_fraction(value: float) -> str:
    """Why a Random sample's value is no chance where values are read as fractions."""
    return f"the percentage {whole_number(value)} is not a fraction from 0 to 1"


def _type_label(kind: str) -> str:
    return TYPE_LABELS.get(kind, kind or "rule without a type")


def joined(words: tuple[str, ...] | list[str], last: str) -> str:
    """Words as a list: `a, b and c`."""
    *front, end = words
    joint = ", no " if last == "and no" else ", "
    return f"{joint.join(front)} {last} {end}" if front else end


def rule_text(number: RuleNumber) -> str:
    """`rule 1`; all that names a rule by its number does it here."""
    return f"rule {number}"


def rule_title(number: RuleNumber) -> str:
    """`Rule 1`, where a sentence or a label begins."""
    return rule_text(number).capitalize()


def rules_text(numbers: Sequence[RuleNumber], capital: bool = False) -> str:
    """`rule 1`, `rules 1 and 2`."""
    if len(numbers) == 1:
        return rule_title(numbers[0]) if capital else rule_text(numbers[0])
    return f"{'Rules' if capital else 'rules'} {joined([str(n) for n in numbers], 'and')}"


def output_text(number: RuleNumber | None) -> str:
    """An output's short name: its rule's number, or Else."""
    return "Else" if number is None else str(number)


def _interval(low: float | None, high: float | None, dialect: Dialect) -> str:
    least = None if low is None else duration_text(dialect.milliseconds(low))
    most = None if high is None else duration_text(dialect.milliseconds(high))
    if least is None:
        return "took any known time" if most is None else f"took at most {most}"
    return f"took at least {least}" if most is None else f"took {least} to {most}"


def duration_text(milliseconds: float) -> str:
    """A duration in the largest units that say it exactly: `1 h 5 min`, `90.5 s`."""
    if not isfinite(milliseconds):
        return "∞ s"
    spent = exact(float(f"{milliseconds:.15g}")) / 1_000
    sign, spent = ("-", -spent) if spent < 0 else ("", spent)
    if spent < 60:
        return f"{sign}{whole_number(float(spent))} s"
    hours, rest = divmod(spent, 3_600)
    minutes, left = divmod(rest, 60)
    parts = [
        f"{hours:,} h" if hours else "",
        f"{minutes} min" if minutes else "",
        f"{whole_number(float(left))} s" if left else "",
    ]
    return sign + " ".join(part for part in parts if part)


def about_duration(milliseconds: float) -> str:
    """A measured duration, to the second from ten seconds on, below it to a tenth."""
    return duration_text(round(milliseconds, -3 if milliseconds >= 10_000 else -2))
