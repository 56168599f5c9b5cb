"""A rule in plain English, and the one way to name it by its number."""

from __future__ import annotations

from collections.abc import Sequence

from core.model.dialect import Dialect
from core.model.names import Names
from core.model.phrases import joined
from core.model.rules import Condition, RuleNumber
from core.rule_types.registry import type_of

ELSE = "everything else"


def sentence(condition: Condition, names: Names, dialect: Dialect) -> str:
    """One line that says which tasks a condition matches."""
    return type_of(condition).sentence(condition, names, dialect)


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
