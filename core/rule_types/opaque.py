"""Conditions that cannot be simulated: a known type with a wrong value, and unknown ones."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import ClassVar, TypeVar

from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.phrases import as_sentence
from core.model.project import Project
from core.model.rules import Condition, Malformed, Note, Unknown
from core.rule_types.asked import NEVER, Asked, Unclear
from core.rule_types.base import Fact, Json, NotDefined, RuleType, remark
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.task_facts import TaskFacts

Opaque = TypeVar("Opaque", Malformed, Unknown)


class _Opaque(RuleType[Opaque]):
    """Kept exactly as it was read; matches no task here.

    Args:
        label_of: Name of a type by Ango Hub's name of it.
    """

    facts: ClassVar[frozenset[Fact]] = frozenset()
    what: ClassVar[str]

    def __init__(self, label_of: Callable[[str], str]) -> None:
        self._label_of = label_of

    def read(self, value: Json, notes: list[Note]) -> Opaque:
        """Nothing is read as opaque by its type."""
        raise NotDefined("it has no type of its own")

    def write(self, condition: Opaque, absent: str, before: Json) -> Json:
        """Never: it only exists as it was read.

        Raises:
            ValueError: Always.
        """
        kind, reason = condition.type, condition.reason
        raise ValueError(f"a {kind} condition is written from its source: {reason}")

    def sentence(self, condition: Opaque, names: Names, dialect: Dialect) -> str:
        """The type, and why it cannot be simulated."""
        words = f"{self._label_of(condition.type)} {self.what}: {condition.reason}"
        return names.without_people(names.text(words))

    def matching(self, condition: Opaque, facts: Facts) -> Bits:
        """No task."""
        return bits.nothing(facts.tasks)

    def because(self, condition: Opaque, task: TaskFacts, facts: Facts, names: Names) -> str:
        """What is wrong with it."""
        return names.without_people(condition.reason)

    def normal(self, condition: Opaque, dialect: Dialect) -> Hashable:
        """Itself; two are the same rule when their sources are (`versions.align`)."""
        return condition

    def new(self, dialect: Dialect, names: Names) -> Opaque:
        """Nobody adds one."""
        raise NotDefined("it has no type of its own")

    def matches_none(self, condition: Opaque) -> bool:
        """Always."""
        return True


class MalformedRule(_Opaque[Malformed]):
    """A known type whose value is wrong."""

    of = Malformed
    label = "Malformed"
    what = "that matches nothing"

    def asked(self, condition: Malformed, dialect: Dialect, project: Project | None) -> Asked:
        """The impossible."""
        return NEVER

    def remarks(
        self, condition: Malformed, names: Names, dialect: Dialect, project: Project | None
    ) -> Iterator[RuleDiagnostic]:
        """The reason, as an error."""
        reason = names.without_people(as_sentence(condition.reason))
        message = f"{reason}; the rule matches no task."
        yield remark("value.malformed", "error", message, "Correct the value.")


class UnknownRule(_Opaque[Unknown]):
    """A type or a value that no public page defines."""

    of = Unknown
    label = "Unknown"
    what = "that cannot be simulated"

    def asked(self, condition: Unknown, dialect: Dialect, project: Project | None) -> Asked:
        """Nobody knows."""
        return Unclear()

    def remarks(
        self, condition: Unknown, names: Names, dialect: Dialect, project: Project | None
    ) -> Iterator[RuleDiagnostic]:
        """That it is kept, and what that means for the numbers."""
        reason = names.without_people(condition.reason)
        yield remark(
            "simulate.unknown",
            "warning",
            f"The rule cannot be simulated: {reason}. It is kept as it is and matches no "
            "task here, so its output and all below are uncertain.",
            "Check its effect in Ango Hub.",
        )


def is_opaque(condition: Condition) -> bool:
    """Whether it only exists as it was read."""
    return isinstance(condition, (Malformed, Unknown))
