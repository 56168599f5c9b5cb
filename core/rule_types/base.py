"""What is known of a type of rules, and what a condition asks of a task."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator
from typing import Any, ClassVar, Generic, Literal, TypeVar

from core.model.diagnostics import Diagnostic, RuleDiagnostic, Severity
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.project import Project
from core.model.rules import Condition, Malformed, Note
from core.rule_types.asked import Asked
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.task_facts import TaskFacts

Json = Any
Fact = Literal["classes", "annotators", "batches", "duration", "draw"]
"""What a type looks at: something known of a task, or the draw."""

C = TypeVar("C", bound=Condition)


class NotDefined(Exception):
    """The condition uses something that no public page defines."""


class RuleType(ABC, Generic[C]):
    """One type of rules: everything about it that is not about other rules.

    Attributes:
        of: The class of its conditions.
        label: Its name on Ango Hub's Logic page.
        facts: What it looks at; what is not known of a task keeps such a rule from matching it.
    """

    of: ClassVar[type[Condition]]
    label: ClassVar[str]
    facts: ClassVar[frozenset[Fact]]

    @abstractmethod
    def read(self, value: Json, notes: list[Note]) -> C | Malformed:
        """The condition that an entry's `value` says; adds what it had to tolerate to the notes.

        Raises:
            NotDefined: The value has a meaning that nobody has published.
        """

    @abstractmethod
    def write(self, condition: C, absent: str, before: Json) -> Json:
        """The `value` of an entry.

        Args:
            condition: What to write.
            absent: Spelling of "the class is absent" in this workflow.
            before: The value of the entry that it replaces; None where there is none.
        """

    @abstractmethod
    def sentence(self, condition: C, names: Names, dialect: Dialect) -> str:
        """One line that says which tasks it matches."""

    @abstractmethod
    def matching(self, condition: C, facts: Facts) -> Bits:
        """The tasks that it matches for certain, in whole columns; of a chance 100 % only."""

    @abstractmethod
    def because(self, condition: C, task: TaskFacts, facts: Facts, names: Names) -> str:
        """Why it matches a task or not: the values that are compared, as a clause."""

    @abstractmethod
    def asked(self, condition: C, dialect: Dialect, project: Project | None) -> Asked:
        """What it asks of a task, whatever its spelling: equal values match the same tasks."""

    @abstractmethod
    def normal(self, condition: C, dialect: Dialect) -> Hashable:
        """Its values, equal for the same rule in two versions; 20 may be 0.2, lists are sets."""

    @abstractmethod
    def new(self, dialect: Dialect, names: Names) -> C:
        """What a new rule of this type starts with."""

    def remarks(
        self, condition: C, names: Names, dialect: Dialect, project: Project | None
    ) -> Iterator[RuleDiagnostic]:
        """What is wrong or doubtful in it; nothing unless a type says so."""
        yield from ()

    def chance(self, condition: C, dialect: Dialect) -> float | None:
        """Chance of each task to match, from 0 to 1; None where that is a matter of facts."""
        return None

    def named(self, condition: C) -> tuple[str, ...] | None:
        """The classes, people or batches that it names, as written; None where it names none."""
        return None

    def matches_none(self, condition: C) -> bool:
        """Whether no task can match, whatever its facts, as the condition itself shows."""
        return False


def remark(code: str, severity: Severity, message: str, hint: str) -> RuleDiagnostic:
    """What is wrong or doubtful in a condition's value; `lint.check` says of which rule."""
    return Diagnostic(code, severity, None, "value", message, hint)


def texts(value: Json, what: str) -> tuple[str, ...]:
    """A list of texts.

    Raises:
        NotDefined: It is something else.
    """
    if not isinstance(value, list):
        raise NotDefined(f"its value is not a list of {what}")
    if not all(isinstance(item, str) for item in value):
        raise NotDefined(f"its list of {what} holds something that is not text")
    return tuple(value)


def number(value: Json, where: str, notes: list[Note]) -> float | None:
    """A finite number, also from text; None when it is neither."""
    if isinstance(value, str):
        try:
            read = float("" if "_" in value else value)  # 1_000 is Python's spelling only
        except ValueError:
            return None
        if read - read != 0:
            return None
        message = f"The number {value.strip()} is written as text."
        notes.append(Note("number.as_text", where, message))
        return read
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        read = float(value)
    except OverflowError:
        return None
    return read if read - read == 0 else None


def written_number(value: float | None) -> float | int | None:
    """A number as JSON writes it: whole ones without a point."""
    return int(value) if value is not None and value == int(value) and abs(value) < 2**53 else value
