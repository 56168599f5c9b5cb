"""What two versions of a Logic stage do differently with the same tasks and the same draws.

A task's way depends only on which rule of each version takes it for certain, and on the uniforms of
the random rules. Every output is one interval of each uniform, so the chance of "output i before,
output j after" is a product of lengths (`engine.chances`), whatever random rules there are in
whatever order. Nothing is simulated, and work is per pair of certain rules that some task has.

Two questions have two intervals. What would the other version have done with these very tasks? Both
meet the same draws. How far may two counts be apart that were made one after the other, as in two
weeks? Their draws are independent, and differ even where the rules do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.model.figures import signed
from core.model.rules import Rule
from core.model.stages import Logic
from core.routing.engine.binomial import interval
from core.routing.engine.chances import Flags, by_any, joint, probabilities
from core.routing.engine.difference import difference_interval, independent_interval
from core.routing.engine.evaluate import Matcher, first_match
from core.routing.engine.shape import by_fate
from core.routing.versions.version import Version
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import Floats

SAME_DRAWS = "what the other version does with these very tasks"
INDEPENDENT_DRAWS = (
    "how far two counts may be apart that are drawn one by one, as in two weeks of such tasks"
)
WHICH_DRAWS = f"Same draws: {SAME_DRAWS}. Independent draws: {INDEPENDENT_DRAWS}."
"""What the two intervals of a difference mean."""


@dataclass(frozen=True)
class Side:
    """One version of the stage, with the facts that it is asked about.

    Args:
        matcher: Its facts; both sides look at the same table, perhaps in another dialect.
        stage: Its rules.
    """

    matcher: Matcher
    stage: Logic

    @cached_property
    def version(self) -> Version:
        """The stage under the dialect of its facts."""
        return Version(self.stage, self.matcher.facts.dialect)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that take part."""
        return self.version.rules

    @property
    def targets(self) -> tuple[str | None, ...]:
        """Stage behind each output, Else last."""
        return self.version.targets

    def certain(self, within: Bits) -> list[Bits]:
        """The tasks that each rule takes when no random rule above it passes, Else last."""
        return by_fate(self.matcher, self.version.stage, within)

    def drawn(self, within: Bits, seed: int) -> list[Bits]:
        """The tasks that leave through each output in the draw of the seed, Else last."""
        return first_match([self.matcher.drawn(rule, seed) for rule in self.rules], within)


@dataclass(frozen=True, slots=True)
class TaskCount:
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


SMALLEST = 0.05
"""Expected tasks below which two means are the same; a difference of floats is never quite 0."""


@dataclass(frozen=True, slots=True)
class ArrivalChange:
    """How the count of an output or stage differs, after minus before.

    Args:
        before: Output's position before, or None; of a stage any of them.
        after: Output's position after, or None.
        expected_before: Mean count before.
        expected_after: Mean count after.
        low: Lower end of the exact central 95 % interval of the difference under shared draws.
        high: Upper end.
        independent_low: Lower end of the same under independent draws, as of two weeks.
        independent_high: Upper end.
        uncertain: A rule that cannot be simulated may play a part.
    """

    before: int | None
    after: int | None
    expected_before: float
    expected_after: float
    low: int
    high: int
    independent_low: int
    independent_high: int
    uncertain: bool

    @property
    def expected(self) -> float:
        """Mean of the difference."""
        return self.expected_after - self.expected_before

    @property
    def changed(self) -> bool:
        """Whether the same draws may give another count."""
        return abs(self.expected) >= SMALLEST or self.low != 0 or self.high != 0

    @property
    def same_draws(self) -> str:
        """The interval under shared draws: `+3 to +14`, or `exact`, or `uncertain`."""
        return "uncertain" if self.uncertain else _between(self.low, self.high)

    @property
    def independent_draws(self) -> str:
        """The interval under independent draws, in the same words: `−15 to +31`."""
        if self.uncertain:
            return "uncertain"
        return _between(self.independent_low, self.independent_high)


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
        surely: Where it moves whatever the draws; there the chance is 1.
        uncertain: A rule that cannot be simulated may change any of it.
    """

    tasks: int
    matrix: Floats
    targets: tuple[str | None, ...]
    stages: Floats
    moved: TaskCount
    rerouted: TaskCount
    outputs: tuple[ArrivalChange, ...]
    arrivals: tuple[ArrivalChange, ...]
    chance: Floats
    surely: Flags
    uncertain: bool


def compare(before: Side, after: Side, within: Bits) -> Comparison:
    """Compare two versions of a stage over the tasks looked at."""
    counts = _pairs_of_certain_rules(before.certain(within), after.certain(within))
    return compare_counts(before.version, after.version, counts)


def compare_counts(before: Version, after: Version, counts: Floats) -> Comparison:
    """Compare two versions over tasks that were counted, whoever counted them.

    Args:
        before: The first version.
        after: The second.
        counts: Tasks by the rules that take them for certain before and after, 100 % at random
            included; shape (outputs before, outputs after).
    """
    law = _Law(before, after)
    reached = before.reach.T.astype(np.float64) @ counts @ after.reach.astype(np.float64)
    matrix = law.joint * reached
    targets = tuple(dict.fromkeys((*before.targets, *after.targets)))
    old = np.array([[one == target for one in before.targets] for target in targets])
    new = np.array([[one == target for one in after.targets] for target in targets])
    same_stage = (old[:, :, None] & new[:, None, :]).any(axis=0)
    same_rule = _same_rules(before, after)
    chance, surely = law.of(~same_stage)
    changes = _Changes(law, counts, matrix)
    rows, columns = matrix.shape
    return Comparison(
        tasks=int(counts.sum()),
        matrix=matrix,
        targets=targets,
        stages=old @ matrix @ new.T,
        moved=_amount(counts, chance, surely),
        rerouted=_amount(counts, *law.of(same_stage & ~same_rule)),
        outputs=tuple(changes.of(_only(i, rows), _only(j, columns)) for i, j in _lines(same_rule)),
        arrivals=tuple(changes.of(i, j) for i, j in zip(old, new, strict=True)),
        chance=np.where(surely, 1.0, chance),
        surely=surely,
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
) -> tuple[tuple[float, bool, Bits], ...]:
    """Tasks by their chance to move and whether that is certain; what cannot move is left out."""
    by_chance: dict[tuple[float, bool], Bits] = {}
    new = after.certain(within)
    for i, old in enumerate(before.certain(within)):
        for j in np.flatnonzero(comparison.chance[i]):
            key = float(comparison.chance[i, j]), bool(comparison.surely[i, j])
            members = old & new[j]
            by_chance[key] = by_chance[key] | members if key in by_chance else members
    return tuple((chance, sure, members) for (chance, sure), members in by_chance.items())


class _Law:
    """Chances of every pair of outputs, for tasks of every pair of certain rules."""

    def __init__(self, before: Version, after: Version) -> None:
        self.before, self.after = before, after
        readings = before.dialect, after.dialect
        self.joint, self.possible = joint(before.rules, after.rules, readings)

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
    """Differences of counts, line by line, over the pairs of certain rules that tasks have."""

    def __init__(self, law: _Law, counts: Floats, matrix: Floats) -> None:
        self.law, self.matrix = law, matrix
        self.leaving, self.arriving = matrix.sum(axis=1), matrix.sum(axis=0)
        rows, columns = np.nonzero(counts)
        self.tasks = counts[rows, columns].astype(np.int64)
        old, self.row = np.unique(rows, return_inverse=True)
        new, self.column = np.unique(columns, return_inverse=True)
        self.reach = law.before.reach[old], law.after.reach[new]
        self.counted = law.possible.astype(np.float64)
        whole = np.ones(len(law.joint), np.bool_), np.ones(law.joint.shape[1], np.bool_)
        self.ways = self._between(*whole, self.counted)
        self.alone = (
            _Alone(law.before, counts.sum(axis=1)),
            _Alone(law.after, counts.sum(axis=0)),
        )

    def of(self, old: Flags, new: Flags) -> ArrivalChange:
        """The change of everything behind some outputs before, against some after."""
        up, down = self._chance(~old, new), self._chance(old, ~new)
        some = np.flatnonzero((up > 0) | (down > 0))
        groups = zip(self.tasks[some].tolist(), up[some].tolist(), down[some].tolist(), strict=True)
        low, high = difference_interval(list(groups))
        apart = independent_interval(self.alone[1].groups(new), self.alone[0].groups(old))
        before, after = self.law.before.uncertain_from, self.law.after.uncertain_from
        return ArrivalChange(
            before=_first(old),
            after=_first(new),
            expected_before=float(self.leaving[old].sum()),
            expected_after=float(self.arriving[new].sum()),
            low=low,
            high=high,
            independent_low=apart[0],
            independent_high=apart[1],
            uncertain=bool(old[before:].any() or new[after:].any()),
        )

    def _chance(self, old: Flags, new: Flags) -> Floats:
        """Per pair of certain rules: chance of any of some outputs before and of some after.

        It is 1 only where nothing else is possible, and of whole numbers that can be counted.
        """
        chance = self._between(old, new, self.law.joint)
        surely = self._between(old, new, self.counted) == self.ways
        chances: Floats = np.where(surely, 1.0, np.minimum(chance, 1.0))
        return chances

    def _between(self, old: Flags, new: Flags, weights: Floats) -> Floats:
        """Weights of pairs of outputs summed over those that a task may take."""
        if not (old.any() and new.any() and len(self.tasks)):
            return np.zeros(len(self.tasks))
        left = self.reach[0][:, old].astype(np.float64)
        right = self.reach[1][:, new].T.astype(np.float64)
        table: Floats = np.linalg.multi_dot([left, weights[np.ix_(old, new)], right])
        return table[self.row, self.column]


class _Alone:
    """How many tasks of one version leave through some outputs, whatever the other version does."""

    def __init__(self, version: Version, fates: Floats) -> None:
        taken = np.flatnonzero(fates)
        self.fates = fates[taken].astype(np.int64).tolist()
        chances = probabilities(version.rules, version.dialect)
        self.ways, self.may = chances[taken], version.reach[taken]

    def groups(self, outputs: Flags) -> list[tuple[int, float]]:
        """(tasks, probability) of each certain rule's tasks."""
        chances, _ = by_any(np.flatnonzero(outputs).tolist(), self.ways, self.may)
        return list(zip(self.fates, chances.tolist(), strict=True))


def _between(low: int, high: int) -> str:
    if low == high:
        return "exact"
    return " to ".join(signed(end) for end in (low, high))


def _pairs_of_certain_rules(old: Sequence[Bits], new: Sequence[Bits]) -> Floats:
    """How many tasks each pair of rules takes for certain; shape (outputs, outputs)."""
    counts = np.zeros((len(old), len(new)))
    for i, one in enumerate(old):
        if not one.any():
            continue
        for j, other in enumerate(new):
            counts[i, j] = bits.count(one & other)
    return counts


def _same_rules(before: Version, after: Version) -> Flags:
    ids = [[*(rule.id for rule in version.rules), None] for version in (before, after)]
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


def _amount(counts: Floats, chance: Floats, surely: Flags) -> TaskCount:
    chances = np.where(surely, 1.0, np.minimum(chance, 1.0))
    some = (counts > 0) & (chances > 0)
    groups = list(zip(counts[some].astype(np.int64).tolist(), chances[some].tolist(), strict=True))
    low, high = interval(groups)
    return TaskCount(int(counts[surely].sum()), float(sum(n * p for n, p in groups)), low, high)
