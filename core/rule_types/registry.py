"""The table of rule types: what asks about a condition asks its type here."""

from __future__ import annotations

from typing import Any

from core.model.dialect import Dialect
from core.model.rules import Condition
from core.rule_types.annotation_type import AnnotationTypeRule
from core.rule_types.annotator import AnnotatorRule
from core.rule_types.base import RuleType
from core.rule_types.batch import BatchRule
from core.rule_types.duration import DurationRule
from core.rule_types.opaque import MalformedRule, UnknownRule
from core.rule_types.random_sample import RandomSampleRule

_KNOWN: tuple[RuleType[Any], ...] = (
    AnnotationTypeRule(),
    AnnotatorRule(),
    RandomSampleRule(),
    DurationRule(),
    BatchRule(),
)

TYPES: dict[str, RuleType[Any]] = {known.of.kind: known for known in _KNOWN}
"""The types that can be read, simulated and added, by Ango Hub's names, in the order shown."""


def type_label(kind: str) -> str:
    """A type's name as Ango Hub's Logic page writes it; that of an unknown one as it stands."""
    return TYPES[kind].label if kind in TYPES else kind or "rule without a type"


_OPAQUE: dict[str, RuleType[Any]] = {
    opaque.of.kind: opaque for opaque in (MalformedRule(type_label), UnknownRule(type_label))
}


def type_of(condition: Condition) -> RuleType[Any]:
    """The type of a condition."""
    return TYPES.get(condition.kind) or _OPAQUE[condition.kind]


def chance_of(condition: Condition, dialect: Dialect) -> float | None:
    """Chance of each task to match, from 0 to 1; None where that is a matter of facts."""
    return type_of(condition).chance(condition, dialect)


def is_certain(condition: Condition, dialect: Dialect) -> bool:
    """Whether the condition gives the same answer at every draw."""
    return chance_of(condition, dialect) in (None, 0.0, 1.0)
