"""A Logic stage over some tasks, as few numbers: enough to try percentages without the tasks.

Tasks are counted by the certain rule that takes them when no random one does before; so a
percentage can be changed without looking at a task again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.model.stages import Logic
from core.routing.engine.binomial import interval
from core.routing.engine.chances import left_above
from core.routing.engine.evaluate import Matcher, first_match
from core.rule_types.registry import chance_of
from core.tasks import bits
from core.tasks.bits import Bits

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers.

    Args:
        fates: Tasks by the certain rule that takes them, 0 at random rules; the last is Else.
        chances: Chance of each random rule, None at certain ones.
    """

    fates: tuple[int, ...]
    chances: tuple[float | None, ...]

    @property
    def settled(self) -> tuple[int, ...]:
        """Tasks by the rule that takes them for certain, where 100 % at random is certain, too."""
        return tuple(settled(np.array(self.fates), self.chances).tolist())

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return sum(self.fates)

    def with_chance(self, rule: int, chance: float) -> Shape:
        """The same with another chance at one random rule."""
        return replace(self, chances=(*self.chances[:rule], chance, *self.chances[rule + 1 :]))

    def left(self, rule: int) -> float:
        """Chance that no random rule above takes a task."""
        return left_above(self.chances[:rule], 1.0)[-1]

    def reaching(self, rule: int) -> float:
        """Expected tasks that get to a rule; behind the last one, to Else."""
        return sum(self.fates[rule:]) * self.left(rule)

    def expected(self, output: int) -> float:
        """Expected tasks of an output; `split` works out the same from the table by fate."""
        return sum(tasks * chance for tasks, chance in self.groups(output))

    def groups(self, output: int) -> list[tuple[int, float]]:
        """(tasks, probability) of the groups that may leave through an output."""
        chance = self.chances[output] if output < len(self.chances) else None
        left = self.left(output)
        if chance is None:
            return [(self.fates[output], left)]
        return [(sum(self.fates[output:]), left * chance)]

    def interval(self, output: int) -> tuple[int, int]:
        """Exact central 95 % interval of an output's tasks."""
        return interval(self.groups(output))


def settled(fates: Counts, chances: Sequence[float | None]) -> Counts:
    """What a random rule of 100 % takes for certain: all that no certain rule above it does.

    Args:
        fates: Tasks by certain rule along the first axis, Else last.
        chances: As of `Shape`.
    """
    if 1.0 not in chances:
        return fates
    place, moved = chances.index(1.0), fates.copy()
    moved[place] = fates[place:].sum(axis=0)
    moved[place + 1 :] = 0
    return moved


def shape_of(matcher: Matcher, stage: Logic, within: Bits) -> Shape:
    """Count the tasks of a table by fate.

    Args:
        matcher: The facts, with remembered answers.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
    """
    chances = [chance_of(rule.condition, matcher.facts.dialect) for rule in stage.active]
    fates = [bits.count(won) for won in by_certain_rule(matcher, stage, within)]
    return Shape(tuple(fates), tuple(chances))


def by_fate(matcher: Matcher, stage: Logic, within: Bits) -> list[Bits]:
    """Tasks that each rule takes for certain, 100 % at random included; the last is Else.

    These are the rows of `core.routing.engine.chances.probabilities`.
    """
    return first_match([matcher.matching(rule.condition) for rule in stage.active], within)


def by_certain_rule(matcher: Matcher, stage: Logic, within: Bits) -> list[Bits]:
    """Tasks that each rule takes that does not draw at all; the last is Else.

    Of a rule that draws, 100 % is a chance like any other here, as a `Shape` has it.
    """
    nothing, dialect = bits.nothing(matcher.facts.tasks), matcher.facts.dialect
    conditions = [rule.condition for rule in stage.active]
    sets = [matcher.matching(c) if chance_of(c, dialect) is None else nothing for c in conditions]
    return first_match(sets, within)
