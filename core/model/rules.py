"""Rules of a Logic stage; what each type of rules asks stands in `rule_types`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NewType

RuleNumber = NewType("RuleNumber", int)
"""A rule's number as people count: its place from 1, switched-off rules included.

Only a stage tells it (`Logic.numbers`); a position counts from 0, and only rules that take part.
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule asks. What a type of conditions means is said in its module in `rule_types`."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Malformed(Condition):
    """A known type whose value is wrong: matches no task and is an error."""

    type: str
    reason: str
    kind: ClassVar[str] = "Malformed"


@dataclass(frozen=True, slots=True)
class Unknown(Condition):
    """A condition that Switchyard does not know: kept as it is, matches no task when simulated."""

    type: str
    reason: str
    kind: ClassVar[str] = "Unknown"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that reading a rule had to tolerate, to be reported by `routing.lint.check`."""

    code: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and the stage that its output leads to.

    Args:
        id: Stable name within the stage; its draws depend on it.
        condition: What the rule asks.
        target: Stage id behind its output; None when the output is not wired.
        enabled: A switched-off rule stands in drafts only and takes no part in anything.
        source: JSON text of the condition as it was read, "" for one made here.
        notes: What reading it had to tolerate.
    """

    id: str
    condition: Condition
    target: str | None = None
    enabled: bool = True
    source: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def type(self) -> str:
        """Ango Hub's name of the condition's type."""
        condition = self.condition
        return condition.type if isinstance(condition, (Malformed, Unknown)) else condition.kind


def fresh_id(kind: str, taken: set[str]) -> str:
    """The first free id of the form `RandomSample-0`."""
    ordinal = 0
    while f"{kind}-{ordinal}" in taken:
        ordinal += 1
    return f"{kind}-{ordinal}"
