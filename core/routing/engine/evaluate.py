"""Each condition as one set of tasks, and who takes which task: first match wins."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import RLock
from typing import TypeVar

from core.model.rules import Condition, Rule
from core.routing.engine import draw
from core.rule_types.registry import chance_of, type_of
from core.tasks.bits import Bits
from core.tasks.facts import Facts

REMEMBERED_SETS = 512
REMEMBERED_DRAWS = 8
REMEMBERED_BYTES = 2**29
"""What either may take in memory; a few are remembered whatever they take."""

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
        fitting = REMEMBERED_BYTES // max(1, facts.tasks)  # a byte holds 8 tasks of a set
        self._most_sets = min(REMEMBERED_SETS, max(64, 8 * fitting))
        self._most_draws = min(REMEMBERED_DRAWS, max(1, fitting // 8))

    def matching(self, condition: Condition) -> Bits:
        """Tasks that the condition matches for certain; of a chance only 100 % is certain."""
        return self._set(condition, lambda: type_of(condition).matching(condition, self.facts))

    def matches_none(self, condition: Condition) -> bool:
        """Whether there are tasks, and it matches none of them for certain."""
        return self.facts.tasks > 0 and not self.matching(condition).any()

    def drawn(self, rule: Rule, seed: int, turn: int = 0) -> Bits:
        """Tasks that pass the rule's condition in the draw of this seed."""
        chance = chance_of(rule.condition, self.facts.dialect)
        if chance is None or chance in (0.0, 1.0):
            return self.matching(rule.condition)
        key = (rule.id, seed, turn)
        return self._set(
            (key, chance), lambda: draw.passing(self._thresholds(rule.id, seed, turn), chance)
        )

    def _set(self, key: Hashable, compute: Callable[[], Bits]) -> Bits:
        with self._lock:
            return _remembered(self._sets, key, compute, self._most_sets)

    def _thresholds(self, rule: str, seed: int, turn: int) -> draw.Thresholds:
        hashes = self.facts.hashes
        return _remembered(
            self._draws,
            (rule, seed, turn),
            lambda: draw.thresholds(hashes, rule, seed, turn),
            self._most_draws,
        )


def _remembered(
    memory: OrderedDict[Hashable, _Answer], key: Hashable, compute: Callable[[], _Answer], most: int
) -> _Answer:
    """The answer of this key, of which the `most` last used are kept."""
    answer = memory.get(key)
    if answer is None:
        answer = memory[key] = compute()
        if len(memory) > most:
            memory.popitem(last=False)
    memory.move_to_end(key)
    return answer


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
