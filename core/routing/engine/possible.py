"""Is there a possible task that some conditions match and others do not? Decided exactly.

Every condition looks at one fact only: classes, annotators, batches or duration. Facts do not bind
each other, so the question falls apart into one per fact:

- classes: literals that must hold and clauses that must not all fail (DPLL);
- annotators and batches: names that are wanted and names that are forbidden; a task may have
  several, but one annotator only where the dialect reads the last one or the assignee;
- duration: unknown, or any float from 0 on that a file can hold; closed intervals.

A possible task is one whose annotations are known: that Ango Hub sees them is sure, and a task
whose annotations were not loaded here is counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf, nextafter
from sys import float_info

from core.model.dialect import Dialect
from core.model.project import Project
from core.model.rules import Condition
from core.routing.engine.hypothetical import Supposed
from core.rule_types.asked import Always, Asked, AskedNames, Classes, Never, Presence, Span, Unclear
from core.rule_types.registry import type_of

Clause = frozenset[Presence]

PATIENCE = 20_000
"""Clauses looked at before a question about classes is given up; real rules need a few hundred."""


def asked(condition: Condition, dialect: Dialect, project: Project | None) -> Asked:
    """What a condition asks, whatever its spelling: equal values match the same tasks."""
    return type_of(condition).asked(condition, dialect, project)


@dataclass(frozen=True, slots=True)
class Possibility:
    """Whether there is such a task.

    Args:
        task: An example, None when there is none or nobody can tell.
        known: False when nobody can tell.
    """

    task: Supposed | None
    known: bool = True


IMPOSSIBLE, CANNOT_TELL = Possibility(None), Possibility(None, known=False)


class _TooHard(Exception):
    """A question about classes took too many steps."""


@lru_cache(maxsize=8_192)
def possible(matched: tuple[Asked, ...], missed: tuple[Asked, ...], alone: bool) -> Possibility:
    """Look for a task.

    Args:
        matched: What it must match; a chance may always fall so.
        missed: What must not take it; a chance below 100 % may always fall so.
        alone: Whether a task has at most one annotator.
    """
    if any(isinstance(each, Never) for each in matched):
        return IMPOSSIBLE
    if any(isinstance(each, Always) for each in missed):
        return IMPOSSIBLE
    try:
        classes = _classes(matched, missed)
    except _TooHard:
        classes, hard = frozenset(), True
    else:
        hard = False
    people = _chosen("people", matched, missed, alone)
    batches = _chosen("batches", matched, missed, alone=False)
    duration = _duration(matched, missed)
    if classes is None or people is None or batches is None or duration is None:
        return IMPOSSIBLE
    if hard or any(isinstance(each, Unclear) for each in (*matched, *missed)):
        return CANNOT_TELL
    return Possibility(Supposed(classes, people, batches, duration if duration >= 0 else None))


def one_annotator(dialect: Dialect) -> bool:
    """Whether the dialect gives a task at most one annotator."""
    return dialect.annotator != "any"


# ---- classes --------------------------------------------------------------------------------


def _classes(matched: Sequence[Asked], missed: Sequence[Asked]) -> frozenset[str] | None:
    """Schema ids of a task, or None."""
    wanted = [frozenset({lit}) for each in matched if isinstance(each, Classes)
              for lit in sorted(each.literals)]  # fmt: skip
    refused = [
        frozenset((name, not present) for name, present in each.literals)
        for each in missed
        if isinstance(each, Classes)
    ]
    presences = _solve([*wanted, *refused], [PATIENCE])
    return None if presences is None else frozenset(name for name, present in presences if present)


def _solve(clauses: list[Clause], patience: list[int]) -> frozenset[Presence] | None:
    """Literals that make every clause true (Davis, Logemann and Loveland); absent is tried first.

    Raises:
        _TooHard: The patience is used up.
    """
    chosen: set[Presence] = set()
    while clauses:
        patience[0] -= len(clauses)
        if patience[0] < 0:
            raise _TooHard
        shortest = min(clauses, key=len)
        if not shortest:
            return None
        name, present = min(shortest, key=lambda literal: (literal[1], literal[0]))
        if len(shortest) > 1:
            for literal in ((name, present), (name, not present)):
                rest = _solve(_assume(clauses, literal), patience)
                if rest is not None:
                    return frozenset({*chosen, literal, *rest})
            return None
        chosen.add((name, present))
        clauses = _assume(clauses, (name, present))
    return frozenset(chosen)


def _assume(clauses: list[Clause], literal: Presence) -> list[Clause]:
    name, present = literal
    opposite = (name, not present)
    return [clause - {opposite} for clause in clauses if literal not in clause]


# ---- annotators and batches -----------------------------------------------------------------


def _chosen(
    fact: str, matched: Sequence[Asked], missed: Sequence[Asked], alone: bool
) -> frozenset[str] | None:
    """Names of a task, as few as needed, or None."""
    refused = {n for e in missed if isinstance(e, AskedNames) and e.fact == fact for n in e.names}
    wanted = [e.names - refused for e in matched if isinstance(e, AskedNames) and e.fact == fact]
    if not wanted:
        return frozenset()
    common = frozenset.intersection(*wanted)
    if common or alone:
        return frozenset({min(common)}) if common else None
    return frozenset(min(each) for each in wanted) if all(wanted) else None


# ---- duration -------------------------------------------------------------------------------

_UNKNOWN = -1.0


def _duration(matched: Sequence[Asked], missed: Sequence[Asked]) -> float | None:
    """Milliseconds of a task, `_UNKNOWN`, or None when there is none.

    What is taken changes only where an interval begins, or right behind its end; so it is enough to
    try the first float of each such stretch.
    """
    inside = [each for each in matched if isinstance(each, Span)]
    if not inside:
        return _UNKNOWN
    outside = sorted((e for e in missed if isinstance(e, Span)), key=lambda e: (e.low, e.high))
    low, high = max(e.low for e in inside), min(*(e.high for e in inside), float_info.max)
    for span in outside:
        if span.low <= low <= span.high:
            low = nextafter(span.high, inf)
    if low > high:
        return None
    end = min([high, *(nextafter(s.low, -inf) for s in outside if s.low > low)])
    whole = float(ceil(low)) if low < 2**53 else low
    return whole if whole <= end else low
