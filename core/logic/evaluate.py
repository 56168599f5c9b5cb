"""Each condition as one set of tasks, and who takes which task: first match wins."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from threading import Lock

from core.logic import draw
from core.model.dialect import MILLISECONDS
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
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.table import person_key

REMEMBERED_SETS = 512
REMEMBERED_DRAWS = 8


class Matcher:
    """Answers "which tasks does this condition match?" for one set of facts.

    Answers are remembered by the condition's own parameters, so a slider recomputes one set and
    reordering none. Safe to share between threads; what it returns must not be changed.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._sets: OrderedDict[Condition, Bits] = OrderedDict()
        self._draws: OrderedDict[Hashable, draw.Thresholds] = OrderedDict()
        self._lock = Lock()

    def matching(self, condition: Condition) -> Bits:
        """Tasks that the condition matches for certain; of a chance only 100 % is certain."""
        with self._lock:
            found = self._sets.get(condition)
            if found is None:
                found = self._sets[condition] = self._compute(condition)
            self._sets.move_to_end(condition)
            while len(self._sets) > REMEMBERED_SETS:
                self._sets.popitem(last=False)
        return found

    def drawn(self, rule: Rule, seed: int, turn: int = 0) -> Bits:
        """Tasks that pass the rule's condition in the draw of this seed."""
        condition = rule.condition
        if not isinstance(condition, RandomSample) or is_certain(condition):
            return self.matching(condition)
        key = (rule.id, seed, turn)
        with self._lock:
            mixed = self._draws.get(key)
            if mixed is None:
                mixed = draw.thresholds(self.facts.hashes, rule.id, seed, turn)
                self._draws[key] = mixed
            self._draws.move_to_end(key)
            while len(self._draws) > REMEMBERED_DRAWS:
                self._draws.popitem(last=False)
        return draw.passing(mixed, condition.probability)

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
                unit = MILLISECONDS[facts.dialect.unit]
                flags = facts.duration >= (0.0 if low is None else low * unit)
                if high is not None:
                    flags &= facts.duration <= high * unit
                return bits.pack(flags)
            case RandomSample():
                whole = condition.probability >= 1
                return bits.everything(facts.tasks) if whole else bits.nothing(facts.tasks)
            case Malformed() | Unknown():
                return bits.nothing(facts.tasks)

    def _any(self, sets: Iterable[Bits | None]) -> Bits:
        found = bits.nothing(self.facts.tasks)
        for one in sets:
            if one is not None:
                found |= one
        return found


def batch_names(facts: Facts, wanted: str) -> set[str]:
    """All spellings, ids and names, of a batch that a rule names.

    With a project only its batches count; without one the text is taken as it stands.
    """
    batches = facts.project.batches if facts.project else None
    if batches is None:
        return {wanted}
    found = [batch for batch in batches if wanted in (batch.id, batch.name)]
    return {text for batch in found for text in (batch.id, batch.name)}


def is_certain(condition: Condition) -> bool:
    """Whether the condition gives the same answer at every draw."""
    return not isinstance(condition, RandomSample) or condition.probability in (0.0, 1.0)


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
