"""Per rule, in order: how many tasks it matches alone, are left for it, it takes, and it loses.

A random rule does not look at a task, so it only scales what is left: every number is a count of a
certain set times a probability, and nothing is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import prod
from operator import and_
from typing import NamedTuple

from core.model.dialect import Dialect
from core.model.names import Names
from core.model.rules import Condition, RuleNumber, Unknown
from core.model.stages import Logic
from core.routing.engine.chances import left_above
from core.routing.engine.evaluate import Matcher
from core.routing.sentence import sentence
from core.rule_types.registry import chance_of, is_certain
from core.tasks import bits
from core.tasks.bits import Bits


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of tasks.

    Args:
        expected: Its mean.
        certain: Whether it is so at every draw.
    """

    expected: float
    certain: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """What becomes of the tasks of one rule; `alone` is `won` and all of `lost` together.

    Args:
        number: Place of the rule from 1, switched-off ones counted.
        rule_id: Its stable id.
        sentence: The rule in words.
        alone: Tasks that it matches by itself.
        reached: Tasks that get to it.
        won: Tasks that it takes.
        lost: Tasks that it matches, by the rule above that takes them.
        uncertain: A rule that cannot be simulated plays a part.
    """

    number: RuleNumber
    rule_id: str
    sentence: str
    alone: Amount
    reached: Amount
    won: Amount
    lost: tuple[Amount, ...]
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """What two neighbours changing places would do.

    Args:
        upper: Position of the upper one.
        moved: Tasks that would get to another stage.
        rerouted: Tasks that would get to the same stage by the other rule.
        uncertain: One of the two, or a rule above, cannot be simulated.
    """

    upper: int
    moved: Amount
    rerouted: Amount
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """All rules of a stage.

    Args:
        tasks: How many tasks are looked at.
        rules: One per rule that takes part.
        left: Tasks for Else.
        overlap: Tasks that both match by themselves, by position; the diagonal is `alone`.
        swaps: One per pair of neighbours.
    """

    tasks: int
    rules: tuple[Hit, ...]
    left: Amount
    overlap: tuple[tuple[Amount, ...], ...]
    swaps: tuple[Swap, ...]


def hits(matcher: Matcher, stage: Logic, within: Bits, names: Names) -> Hits:
    """Count the hits of a stage in order.

    Args:
        matcher: The facts, with remembered answers.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        names: For the sentences.
    """
    rules, todo = stage.active, within
    sets = [_matched(matcher, rule.condition) & within for rule in rules]
    dialect = matcher.facts.dialect
    chances = [_chance(rule.condition, dialect) for rule in rules]
    left = _left(chances)
    waiting = []
    for own, odds in zip(sets, chances, strict=True):
        waiting.append(todo)
        if odds.sure:
            todo = todo & ~own
    overlap = _overlap(sets, chances)
    unknown = [isinstance(rule.condition, Unknown) for rule in rules]
    per_rule = []
    for i, rule in enumerate(rules):
        lost = tuple(
            _amount(sets[i] & sets[j] & waiting[j], chances[i].times(left[j], chances[j]))
            for j in range(i)
        )
        per_rule.append(
            Hit(
                number=stage.numbers[i],
                rule_id=rule.id,
                sentence=sentence(rule.condition, names, dialect),
                alone=overlap[i][i],
                reached=_amount(waiting[i], left[i]),
                won=_amount(sets[i] & waiting[i], left[i].times(chances[i])),
                lost=lost,
                uncertain=any(unknown[: i + 1]),
            )
        )
    swaps = []
    for i in range(len(rules) - 1):
        odds = left[i].times(chances[i], chances[i + 1])
        both = _amount(sets[i] & sets[i + 1] & waiting[i], odds)
        same = rules[i].target == rules[i + 1].target
        none = Amount(0.0, True)
        moved, rerouted = (none, both) if same else (both, none)
        swaps.append(Swap(i, moved, rerouted, any(unknown[: i + 2])))
    tasks = bits.count(within)
    return Hits(tasks, tuple(per_rule), _amount(todo, left[-1]), overlap, tuple(swaps))


def _matched(matcher: Matcher, condition: Condition) -> Bits:
    """Tasks that the condition can match; a random one any of them."""
    if is_certain(condition, matcher.facts.dialect):
        return matcher.matching(condition)
    return bits.everything(matcher.facts.tasks)


class _Odds(NamedTuple):
    """A chance, and whether it is 1 by logic; a float may be 1 by rounding alone."""

    value: float
    sure: bool

    def times(self, *others: _Odds) -> _Odds:
        """Chance that all of it happens."""
        together = (self, *others)
        return _Odds(prod(one.value for one in together), all(one.sure for one in together))


_ALL = _Odds(1.0, True)


def _chance(condition: Condition, dialect: Dialect) -> _Odds:
    """Chance of a task that the condition can match."""
    chance = chance_of(condition, dialect)
    return _ALL if chance is None or is_certain(condition, dialect) else _Odds(chance, False)


def _left(chances: list[_Odds]) -> list[_Odds]:
    """Chance that no random rule above takes a task, per rule and last for Else."""
    values = left_above([None if odds.sure else odds.value for odds in chances], 1.0)
    sure = accumulate((odds.sure for odds in chances), and_, initial=True)
    return [_Odds(*odds) for odds in zip(values, sure, strict=True)]


def _amount(tasks: Bits, chance: _Odds) -> Amount:
    count = bits.count(tasks)
    return Amount(count * chance.value, chance.sure or not count)


def _overlap(sets: list[Bits], chances: list[_Odds]) -> tuple[tuple[Amount, ...], ...]:
    size = len(sets)
    table: list[list[Amount]] = [[Amount(0.0, True)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            chance = chances[i] if i == j else chances[i].times(chances[j])
            table[i][j] = table[j][i] = _amount(sets[i] & sets[j], chance)
    return tuple(tuple(row) for row in table)


def both_match(matcher: Matcher, stage: Logic, pair: tuple[int, int], seed: int = 0) -> Bits:
    """Tasks that two rules match by themselves, random ones in the draw of the seed."""
    one, other = (matcher.drawn(stage.active[i], seed) for i in pair)
    return one & other


def taken_from(matcher: Matcher, stage: Logic, pair: tuple[int, int], seed: int = 0) -> Bits:
    """Tasks that the lower rule of a pair matches and the upper one takes, in the draw."""
    taken = both_match(matcher, stage, pair, seed)
    for rule in stage.active[: min(pair)]:
        taken = taken & ~matcher.drawn(rule, seed)
    return taken
