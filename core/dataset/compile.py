"""Conditions as bits: a function per kind of thing that a condition may ask (`rule_types.asked`).

A type of rules says what a condition asks; so a new type is counted here without a change, and a
new kind of question fails a test until it has its line in the table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.dataset.columns import Bit, TaskColumns
from core.model.project import Project
from core.model.rules import Condition, Rule
from core.rule_types.asked import (
    Always,
    AskedNames,
    Classes,
    Never,
    Sometimes,
    Span,
    Unclear,
)
from core.rule_types.registry import chance_of, type_of


def _classes(asked: Classes, columns: TaskColumns) -> Bit:
    bit = columns.answered
    for schema_id, present in sorted(asked.literals):
        has = columns.has_class(schema_id)
        bit = bit & (has if present else ~has)
    return bit


def _names(asked: AskedNames, columns: TaskColumns) -> Bit:
    return (columns.annotated_by if asked.fact == "people" else columns.in_batch)(asked.names)


BITS: dict[type, Callable[[Any, TaskColumns], Bit]] = {
    Classes: _classes,
    AskedNames: _names,
    Span: lambda asked, columns: columns.took(asked.low, asked.high),
    Always: lambda asked, columns: columns.all(),
    Sometimes: lambda asked, columns: columns.none(),
    Never: lambda asked, columns: columns.none(),
    Unclear: lambda asked, columns: columns.none(),
}
"""What matches for certain, by what is asked."""


def matching(condition: Condition, columns: TaskColumns, project: Project | None) -> Bit:
    """The tasks that a condition matches for certain, as `RuleType.matching` has them."""
    asked = type_of(condition).asked(condition, columns.dialect, project)
    return BITS[type(asked)](asked, columns)


def by_facts(rule: Rule, columns: TaskColumns, project: Project | None) -> Bit:
    """The tasks that a certain rule matches; none of a random one, as in `engine.shape`."""
    if chance_of(rule.condition, columns.dialect) is not None:
        return columns.none()
    return matching(rule.condition, columns, project)


def drawn(rule: Rule, columns: TaskColumns, project: Project | None, seed: int) -> Bit:
    """The tasks that a rule matches in the draw of the seed."""
    chance = chance_of(rule.condition, columns.dialect)
    if chance is None or chance in (0.0, 1.0):
        return matching(rule.condition, columns, project)
    return columns.drawn(rule.id, chance, seed)
