"""What two versions of a Logic stage do differently with the same tasks and the same draws.

A task's way depends only on which rule of each version takes it for certain, and on the uniforms of
the random rules. Every output is one interval of each uniform: a random rule above it must not
pass, and the output's own rule must. So the chance of "output i before, output j after" is the
product over all random rules, shared or not and in whatever order, of the length of the part that
two intervals have in common. Nothing is simulated, and work is per pair of certain rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.logic.binomial import interval
from core.logic.difference import difference_interval
from core.logic.evaluate import Matcher, first_match, is_certain
from core.model.rules import RandomSample, Rule, Unknown
from core.model.stages import Logic
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import Floats

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Side:
    """One version of the stage, with the facts that it is asked about.

    Args:
        matcher: Its facts; both sides look at the same table, perhaps in another dialect.
        stage: Its rules; those of the same id on both sides share their draws.
    """

    matcher: Matcher
    stage: Logic

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that take part."""
        return self.stage.active

    @cached_property
    def targets(self) -> tuple[str | None, ...]:
        """Stage behind each output, Else last."""
        return (*(rule.target for rule in self.rules), self.stage.otherwise)

    @cached_property
    def chancy(self) -> tuple[bool, ...]:
        """Which outputs belong to a rule that depends on the draw."""
        return (*(not is_certain(rule.condition) for rule in self.rules), False)

    @cached_property
    def reach(self) -> NDArray[np.float64]:
        """1 where a task that the rule of the row takes for certain may take the column's output.

        Shape (outputs, outputs).
        """
        size = len(self.targets)
        above = np.tri(size, size, -1, np.bool_) & np.array(self.chancy)
        reach: Floats = (above | np.eye(size, dtype=np.bool_)).astype(np.float64)
        return reach

    def certain(self, within: Bits) -> list[Bits]:
        """The tasks that each rule takes when no random rule above it passes, Else last."""
        return first_match([self.matcher.matching(r.condition) for r in self.rules], within)

    def drawn(self, within: Bits, seed: int) -> list[Bits]:
        """The tasks that leave through each output in the draw of the seed, Else last."""
        return first_match([self.matcher.drawn(rule, seed) for rule in self.rules], within)

    def intervals(self, ids: Sequence[str]) -> tuple[Floats, Floats]:
        """Ends of the uniforms that lead to each output; shape (outputs, random rules)."""
        low = np.zeros((len(self.targets), len(ids)))
        high = np.ones_like(low)
        for place, rule in enumerate(self.rules):
            if self.chancy[place] and isinstance(rule.condition, RandomSample):
                column = ids.index(rule.id)
                high[place, column] = rule.condition.probability
                low[place + 1 :, column] = rule.condition.probability
        return low, high

    @property
    def uncertain_from(self) -> int:
        """First output that a rule which cannot be simulated may change."""
        found = (i for i, r in enumerate(self.rules) if isinstance(r.condition, Unknown))
        return next(found, len(self.targets))


@dataclass(frozen=True, slots=True)
class Amount:
    """How many tasks something happens to.

    Args:
        certain: Whatever the draws.
        expected: Sum of the chances under shared draws.
        low: Lower end of the exact central 95 % interval.
        high: Upper end.
    """

    certain: int
    expected: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Change:
    """How the count of an output or stage differs, after minus before.

    Args:
        before: Output's position before, or None; of a stage any of them.
        after: Output's position after, or None.
        expected_before: Mean count before.
        expected_after: Mean count after.
        low: Lower end of the exact central 95 % interval of the difference.
        high: Upper end.
        uncertain: A rule that cannot be simulated may play a part.
    """

    before: int | None
    after: int | None
    expected_before: float
    expected_after: float
    low: int
    high: int
    uncertain: bool

    @property
    def expected(self) -> float:
        """Mean of the difference."""
        return self.expected_after - self.expected_before


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions.

    Args:
        tasks: How many are looked at.
        matrix: Expected tasks from output i before to output j after; Else last in both.
        targets: Stages of either version, in order of appearance; None is not wired.
        stages: Expected tasks from stage to stage, both in the order of `targets`.
        moved: Tasks whose target stage differs.
        rerouted: Tasks that reach the same stage by another rule.
        outputs: One change per rule of either version, Else last.
        arrivals: One change per entry of `targets`.
        chance: Chance to move, by the rule that takes a task for certain before and after.
        uncertain: A rule that cannot be simulated may change any of it.
    """

    tasks: int
    matrix: Floats
    targets: tuple[str | None, ...]
    stages: Floats
    moved: Amount
    rerouted: Amount
    outputs: tuple[Change, ...]
    arrivals: tuple[Change, ...]
    chance: Floats
    uncertain: bool


def compare(before: Side, after: Side, within: Bits) -> Comparison:
    """Compare two versions of a stage over the tasks looked at."""
    law = _Law(before, after)
    counts = _pairs_of_certain_rules(before.certain(within), after.certain(within))
    matrix = law.joint * (before.reach.T @ counts @ after.reach)
    targets = tuple(dict.fromkeys((*before.targets, *after.targets)))
    old = np.array([[one == target for one in before.targets] for target in targets])
    new = np.array([[one == target for one in after.targets] for target in targets])
    same_stage = (old[:, :, None] & new[:, None, :]).any(axis=0)
    same_rule = _same_rules(before, after)
    chance, surely = law.of(~same_stage)
    changes = _Changes(law, counts, matrix)
    rows, columns = matrix.shape
    return Comparison(
        tasks=bits.count(within),
        matrix=matrix,
        targets=targets,
        stages=old @ matrix @ new.T,
        moved=_amount(counts, chance, surely),
        rerouted=_amount(counts, *law.of(same_stage & ~same_rule)),
        outputs=tuple(changes.of(_only(i, rows), _only(j, columns)) for i, j in _lines(same_rule)),
        arrivals=tuple(changes.of(i, j) for i, j in zip(old, new, strict=True)),
        chance=np.where(surely, 1.0, chance),
        uncertain=before.uncertain_from < rows or after.uncertain_from < columns,
    )


def drawn_moves(before: Side, after: Side, within: Bits, seed: int) -> Bits:
    """The tasks whose target stage differs in the draw of the seed."""
    stayed = bits.nothing(before.matcher.facts.tasks)
    old, new = before.drawn(within, seed), after.drawn(within, seed)
    for i, target in enumerate(before.targets):
        for j, other in enumerate(after.targets):
            if target == other:
                stayed |= old[i] & new[j]
    return within & ~stayed


def moving_chances(
    before: Side, after: Side, comparison: Comparison, within: Bits
) -> tuple[tuple[float, Bits], ...]:
    """Tasks by their chance to move; those that cannot move are left out."""
    found: dict[float, Bits] = {}
    new = after.certain(within)
    for i, old in enumerate(before.certain(within)):
        for j in np.flatnonzero(comparison.chance[i]):
            chance = float(comparison.chance[i, j])
            members = old & new[j]
            found[chance] = found[chance] | members if chance in found else members
    return tuple(found.items())


class _Law:
    """Chances of every pair of outputs, for tasks of every pair of certain rules."""

    def __init__(self, before: Side, after: Side) -> None:
        chancy = [
            rule.id
            for side in (before, after)
            for rule, by_chance in zip(side.rules, side.chancy, strict=False)
            if by_chance
        ]
        ids = list(dict.fromkeys(chancy))
        low, high = before.intervals(ids)
        low_now, high_now = after.intervals(ids)
        common = np.minimum(high[:, None], high_now[None]) - np.maximum(low[:, None], low_now[None])
        self.before, self.after = before, after
        self.possible: Flags = np.all(common > 0, axis=2)
        self.joint: Floats = np.maximum(common, 0.0).prod(axis=2)

    def of(self, event: Flags) -> tuple[Floats, Flags]:
        """Chance of an event by pair of certain rules, and where it happens whatever the draws.

        Args:
            event: Pairs of outputs that make it; shape (outputs before, outputs after).
        """
        otherwise = self._spread((self.possible & ~event).astype(np.float64))
        return self._spread(self.joint * event), otherwise == 0

    def _spread(self, weights: Floats) -> Floats:
        spread: Floats = self.before.reach @ weights @ self.after.reach.T
        return spread


class _Changes:
    """Differences of counts, line by line."""

    def __init__(self, law: _Law, counts: Floats, matrix: Floats) -> None:
        self.law, self.counts, self.matrix = law, counts, matrix
        self.leaving, self.arriving = matrix.sum(axis=1), matrix.sum(axis=0)

    def of(self, old: Flags, new: Flags) -> Change:
        """The change of everything behind some outputs before, against some after."""
        up, surely_up = self.law.of(~old[:, None] & new[None])
        down, surely_down = self.law.of(old[:, None] & ~new[None])
        groups = [
            (int(n), 1.0 if sure else float(a), 1.0 if sure_down else float(b))
            for n, a, b, sure, sure_down in zip(
                self.counts.flat, up.flat, down.flat, surely_up.flat, surely_down.flat, strict=True
            )
            if n and (a or b)
        ]
        low, high = difference_interval(groups)
        before, after = self.law.before.uncertain_from, self.law.after.uncertain_from
        return Change(
            before=_first(old),
            after=_first(new),
            expected_before=float(self.leaving[old].sum()),
            expected_after=float(self.arriving[new].sum()),
            low=low,
            high=high,
            uncertain=bool(old[before:].any() or new[after:].any()),
        )


def _pairs_of_certain_rules(old: Sequence[Bits], new: Sequence[Bits]) -> Floats:
    """How many tasks each pair of rules takes for certain; shape (outputs, outputs)."""
    counts = np.zeros((len(old), len(new)))
    for i, one in enumerate(old):
        if not one.any():
            continue
        for j, other in enumerate(new):
            counts[i, j] = bits.count(one & other)
    return counts


def _same_rules(before: Side, after: Side) -> Flags:
    ids = [[*(rule.id for rule in side.rules), None] for side in (before, after)]
    return np.array([[one == other for other in ids[1]] for one in ids[0]], np.bool_)


def _lines(same: Flags) -> list[tuple[int | None, int | None]]:
    """Outputs of both versions, paired: those of `after` in order, the removed above Else."""
    lines: list[tuple[int | None, int | None]] = [
        (_first(column), j) for j, column in enumerate(same.T)
    ]
    gone = [(i, None) for i, row in enumerate(same) if not row.any()]
    return [*lines[:-1], *gone, lines[-1]]


def _first(flags: Flags) -> int | None:
    return int(np.argmax(flags)) if flags.any() else None


def _only(place: int | None, size: int) -> Flags:
    flags = np.zeros(size, np.bool_)
    if place is not None:
        flags[place] = True
    return flags


def _amount(counts: Floats, chance: Floats, surely: Flags) -> Amount:
    chances = np.where(surely, 1.0, chance)
    groups = [(int(n), float(p)) for n, p in zip(counts.flat, chances.flat, strict=True) if n and p]
    low, high = interval(groups)
    return Amount(int(counts[surely].sum()), float(sum(n * p for n, p in groups)), low, high)
