"""Each condition as one set of tasks, and who takes which task: first match wins."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from threading import RLock
from typing import TypeVar

from core.model.dialect import Dialect
from core.model.project import Project
from core.model.rules import (
    AnnotationType,
    Annotator,
    Batch,
    Condition,
    Duration,
    Malformed,
    RandomSample,
    Rule,
    Unknown,
)
from core.routing.engine import draw
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.table import person_key

REMEMBERED_SETS = 512
REMEMBERED_DRAWS = 8

_Answer = TypeVar("_Answer")


class Matcher:
    """Answers "which tasks does this condition match?" for one set of facts.

    Answers are remembered by the condition's own parameters, so a slider recomputes one set and
    reordering none. Safe to share between threads; what it returns must not be changed.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._sets: OrderedDict[Hashable, Bits] = OrderedDict()
        self._draws: OrderedDict[Hashable, draw.Thresholds] = OrderedDict()
        self._lock = RLock()

    def matching(self, condition: Condition) -> Bits:
        """Tasks that the condition matches for certain; of a chance only 100 % is certain."""
        return self._set(condition, lambda: self._compute(condition))

    def drawn(self, rule: Rule, seed: int, turn: int = 0) -> Bits:
        """Tasks that pass the rule's condition in the draw of this seed."""
        condition = rule.condition
        dialect = self.facts.dialect
        if not isinstance(condition, RandomSample) or is_certain(condition, dialect):
            return self.matching(condition)
        key, chance = (rule.id, seed, turn), dialect.chance(condition.value)
        return self._set(
            (key, chance), lambda: draw.passing(self._thresholds(rule.id, seed, turn), chance)
        )

    def _set(self, key: Hashable, compute: Callable[[], Bits]) -> Bits:
        with self._lock:
            return _remembered(self._sets, key, compute, REMEMBERED_SETS)

    def _thresholds(self, rule: str, seed: int, turn: int) -> draw.Thresholds:
        hashes = self.facts.hashes
        return _remembered(
            self._draws,
            (rule, seed, turn),
            lambda: draw.thresholds(hashes, rule, seed, turn),
            REMEMBERED_DRAWS,
        )

    def _compute(self, condition: Condition) -> Bits:
        facts = self.facts
        match condition:
            case AnnotationType(filters):
                known = facts.answered
                found = bits.everything(facts.tasks) if known is None else known.copy()
                for wanted in filters:
                    has = facts.classes.get(wanted.schema_id)
                    if wanted.present:
                        found = found & has if has is not None else bits.nothing(facts.tasks)
                    elif has is not None:
                        found = found & ~has
                return found
            case Annotator(people):
                return self._any(facts.people.get(person_key(person)) for person in people)
            case Batch(names):
                known_names = (name for name in names for name in batch_names(facts, name))
                return self._any(facts.batches.get(name) for name in known_names)
            case Duration(low, high):
                in_ms = facts.dialect.milliseconds
                flags = facts.duration >= (0.0 if low is None else in_ms(low))
                if high is not None:
                    flags &= facts.duration <= in_ms(high)
                return bits.pack(flags)
            case RandomSample(value):
                whole = facts.dialect.chance(value) >= 1
                return bits.everything(facts.tasks) if whole else bits.nothing(facts.tasks)
            case Malformed() | Unknown():
                return bits.nothing(facts.tasks)

    def _any(self, sets: Iterable[Bits | None]) -> Bits:
        found = bits.nothing(self.facts.tasks)
        for one in sets:
            if one is not None:
                found |= one
        return found


def _remembered(
    memory: OrderedDict[Hashable, _Answer], key: Hashable, compute: Callable[[], _Answer], most: int
) -> _Answer:
    """The answer of this key, of which the `most` last used are kept."""
    found = memory.get(key)
    if found is None:
        found = memory[key] = compute()
        if len(memory) > most:
            memory.popitem(last=False)
    memory.move_to_end(key)
    return found


def batch_names(facts: Facts, wanted: str) -> set[str]:
    """All spellings, ids and names, of a batch that a rule names."""
    return spellings(facts.project, wanted)


def spellings(project: Project | None, wanted: str) -> set[str]:
    """All spellings, ids and names, of a batch that a rule names.

    With a project only its batches count; without one the text is taken as it stands.
    """
    batches = project.batches if project else None
    if batches is None:
        return {wanted}
    found = [batch for batch in batches if wanted in (batch.id, batch.name)]
    return {text for batch in found for text in (batch.id, batch.name)}


def is_certain(condition: Condition, dialect: Dialect) -> bool:
    """Whether the condition gives the same answer at every draw."""
    return not isinstance(condition, RandomSample) or dialect.chance(condition.value) in (0.0, 1.0)


def first_match(matches: Sequence[Bits], within: Bits) -> list[Bits]:
    """Who takes which task.

    Args:
        matches: Tasks that each rule matches, top to bottom.
        within: The tasks looked at.

    Returns:
        The tasks that each rule takes, and last those left for Else.
    """
    todo = within.copy()
    taken = []
    for match in matches:
        won = match & todo
        todo ^= won
        taken.append(won)
    return [*taken, todo]
