"""What conditions ask of a task, each of one fact only, so that possibility can be decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Presence = tuple[str, bool]
"""A schema ID, and whether it must be there."""


@dataclass(frozen=True, slots=True)
class Classes:
    """Asks for classes: all literals hold."""

    literals: frozenset[Presence]


@dataclass(frozen=True, slots=True)
class AskedNames:
    """Asks for any of some names, of annotators or of batches."""

    fact: Literal["people", "batches"]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Span:
    """Asks for a known duration from low to high, both included, in milliseconds."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Always:
    """Takes every task."""


@dataclass(frozen=True, slots=True)
class Sometimes:
    """Takes any task or not, by chance."""


@dataclass(frozen=True, slots=True)
class Never:
    """Takes no task."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows what it takes."""


Asked = Classes | AskedNames | Span | Always | Sometimes | Never | Unclear
NEVER = Never()


def any_of(fact: Literal["people", "batches"], names: Iterable[str]) -> Asked:
    """Asks for any of these names; without one for the impossible."""
    given = frozenset(name for name in names if name)
    return AskedNames(fact, given) if given else NEVER
