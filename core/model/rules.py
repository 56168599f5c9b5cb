"""Rules of a Logic stage: the five conditions of Ango Hub, and those that cannot be simulated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

RuleNumber = NewType("RuleNumber", int)
"""A rule's number as people count: its place from 1, switched-off rules included.

Only a stage tells it (`Logic.numbers`); a position counts from 0, and only rules that take part.
"""


@dataclass(frozen=True, slots=True)
class ClassFilter:
    """A class that a task must have (`present`) or must not have."""

    schema_id: str
    present: bool = True


@dataclass(frozen=True, slots=True)
class AnnotationType:
    """Matches when every filter holds; no filter at all matches every task."""

    filters: tuple[ClassFilter, ...] = ()
    kind: Literal["AnnotationType"] = "AnnotationType"


@dataclass(frozen=True, slots=True)
class Annotator:
    """Matches when any of these people annotated the task; nobody listed matches none."""

    people: tuple[str, ...] = ()
    kind: Literal["Annotator"] = "Annotator"


@dataclass(frozen=True, slots=True)
class RandomSample:
    """Matches each task by an independent chance.

    Args:
        value: As Ango Hub holds it; `Dialect.chance` tells the chance that it means.
    """

    value: float = 0.2
    kind: Literal["RandomSample"] = "RandomSample"


@dataclass(frozen=True, slots=True)
class Duration:
    """Matches tasks whose duration lies in [low, high], both ends included.

    Args:
        low: In the dialect's unit; None is open.
        high: In the dialect's unit; None is open.
    """

    low: float | None = None
    high: float | None = None
    kind: Literal["Duration"] = "Duration"


@dataclass(frozen=True, slots=True)
class Batch:
    """Matches tasks in any of these batches, given by id or name; none listed matches none."""

    batches: tuple[str, ...] = ()
    kind: Literal["Batch"] = "Batch"


@dataclass(frozen=True, slots=True)
class Malformed:
    """A known type whose value is wrong: matches no task and is an error."""

    type: str
    reason: str
    kind: Literal["Malformed"] = "Malformed"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A condition that Switchyard does not know: kept as it is, matches no task when simulated."""

    type: str
    reason: str
    kind: Literal["Unknown"] = "Unknown"


Condition = AnnotationType | Annotator | RandomSample | Duration | Batch | Malformed | Unknown
CONDITION_TYPES = ("AnnotationType", "Annotator", "RandomSample", "Duration", "Batch")


@dataclass(frozen=True, slots=True)
class Note:
    """Something that reading a rule had to tolerate, to be reported by `logic.check`."""

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
