"""A wanted number of tasks for one output, and the settings of single rules that give it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.logic import edit
from core.logic.evaluate import Matcher, first_match
from core.logic.plan import DIGITS
from core.logic.sentence import joined, sentence
from core.logic.shape import Shape, shape_of
from core.model.dialect import MILLISECONDS
from core.model.figures import percent
from core.model.names import Names
from core.model.rules import Batch, Condition, Duration, RandomSample
from core.model.stages import Logic
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import Floats

NEAR = 0.5
"""Tasks that an expected number may be off and still counts as the wanted one."""

_ROUND_MS = (1_000.0, 10_000.0, 60_000.0)

MOST_BATCHES = 12
"""Batches of which every choice is tried; of more, the fullest ones are."""


@dataclass(frozen=True, slots=True)
class Way:
    """One rule changed so that an output gets about the wanted number.

    Args:
        rule: Position of the changed rule.
        words: The change: `rule 2 to 37.5 %`.
        condition: What the rule asks then.
        expected: Expected tasks of the output then.
    """

    rule: int
    words: str
    condition: Condition
    expected: float

    def apply(self, stage: Logic) -> Logic:
        """The stage with the change."""
        return edit.set_condition(stage, stage.active[self.rule].id, self.condition)


def ways_to(
    matcher: Matcher, stage: Logic, within: Bits, output: int, wanted: float, names: Names
) -> tuple[Way, ...]:
    """Changes of one rule that bring an output nearest to a number of tasks, best first.

    Args:
        matcher: The facts.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        output: Position of the output; the last is Else.
        wanted: Tasks.
        names: For the sentences.

    Raises:
        InputError: The number is negative or more than there are tasks.
    """
    shape = shape_of(matcher, stage, within)
    if not 0 <= wanted <= shape.tasks:
        raise InputError(
            "The wanted number",
            f"{wanted:,g} is not between 0 and the {shape.tasks:,} tasks looked at.",
            "Give a number of tasks in between, or widen the selection.",
        )
    found = [*_percentages(stage, shape, output, wanted)]
    if output < len(stage.active):
        rule = stage.active[output].condition
        if isinstance(rule, Duration):
            found += _bounds(matcher, stage, within, shape, output, wanted, names)
        elif isinstance(rule, Batch):
            found += _batches(matcher, stage, within, shape, output, wanted, names)
    return tuple(sorted(found, key=lambda way: abs(way.expected - wanted)))


def _percentages(stage: Logic, shape: Shape, output: int, wanted: float) -> Iterator[Way]:
    """The output's own percentage, or one above: its mean is a straight line of each."""
    for rule, chance in enumerate(shape.chances[: output + 1]):
        if chance is None:
            continue
        none, all_of_them = (shape.with_chance(rule, p).expected(output) for p in (0.0, 1.0))
        if none == all_of_them:
            continue
        exact = min(1.0, max(0.0, (wanted - none) / (all_of_them - none)))
        # the roundest percentage that is near enough
        for digits in range(2, DIGITS + 1):
            share = round(exact, digits)
            expected = shape.with_chance(rule, share).expected(output)
            if abs(expected - wanted) < NEAR:
                break
        like = stage.active[rule].condition
        before = like.value if isinstance(like, RandomSample) else 0.0
        value = edit.sample_value(round(share * 100, DIGITS - 2), before)
        words = f"rule {stage.numbers[rule]} to {percent(share)}"
        yield Way(rule, words, RandomSample(value), expected)


def _reaching(matcher: Matcher, stage: Logic, within: Bits, output: int) -> Bits:
    """Tasks that no certain rule above the output takes."""
    nothing = bits.nothing(matcher.facts.tasks)
    above = [rule.condition for rule in stage.active[:output]]
    sets = [nothing if isinstance(c, RandomSample) else matcher.matching(c) for c in above]
    return first_match(sets, within)[-1]


def _bounds(
    matcher: Matcher,
    stage: Logic,
    within: Bits,
    shape: Shape,
    output: int,
    wanted: float,
    names: Names,
) -> Iterator[Way]:
    """The lower and the upper bound, the other one left as it is."""
    condition, left, facts = stage.active[output].condition, shape.left(output), matcher.facts
    if not isinstance(condition, Duration) or not left:
        return
    reaching = _reaching(matcher, stage, within, output)
    for lower in (True, False):
        other = Duration(None, condition.high) if lower else Duration(condition.low, None)
        free = bits.unpack(matcher.matching(other) & reaching, facts.tasks)
        spent = np.sort(facts.duration[free])
        bound = _nearest_bound(spent, wanted / left, lower)
        if bound is None:
            continue
        value = bound / MILLISECONDS[facts.dialect.unit]
        changed = replace(other, low=value) if lower else replace(other, high=value)
        if changed.low is not None and changed.high is not None and changed.low > changed.high:
            continue
        count = bits.count(matcher.matching(changed) & reaching)
        words = f"rule {stage.numbers[output]} to “{sentence(changed, names, facts.dialect)}”"
        yield Way(output, words, changed, count * left)


def _nearest_bound(spent: Floats, wanted: float, lower: bool) -> float | None:
    """Milliseconds at which about so many of the sorted durations lie inside; None without any.

    Whole minutes, tens of seconds or seconds are taken where they do as well.
    """
    if not len(spent):
        return None
    place = round(wanted)
    near = [len(spent) - place, len(spent) - place - 1] if lower else [place - 1, place]
    exact = {float(spent[min(max(i, 0), len(spent) - 1)]) for i in near}
    exact |= {float(spent[-1]) + 1_000} if lower else {max(0.0, float(spent[0]) - 1_000)}
    rough = {
        step * float(whole)
        for step in _ROUND_MS
        for bound in exact
        for whole in (np.floor(bound / step), np.ceil(bound / step))
    }

    def miss(bound: float) -> tuple[float, int, float]:
        side = "left" if lower else "right"
        below = int(np.searchsorted(spent, bound, side))  # type: ignore[call-overload]
        inside = len(spent) - below if lower else below
        return abs(inside - wanted), sum(bound % step != 0 for step in _ROUND_MS), bound

    return min(exact | rough, key=miss)


def _batches(
    matcher: Matcher,
    stage: Logic,
    within: Bits,
    shape: Shape,
    output: int,
    wanted: float,
    names: Names,
) -> Iterator[Way]:
    """The choice of batches whose tasks come nearest; the smallest such choice."""
    facts, left = matcher.facts, shape.left(output)
    reaching = _reaching(matcher, stage, within, output)
    values = list(dict.fromkeys(names.batch_ids.values())) or list(facts.batches)
    sets = {}
    for value in values:
        found = matcher.matching(Batch((value,))) & reaching
        if bits.count(found):
            sets[value] = found
    fullest = sorted(sets, key=lambda value: -bits.count(sets[value]))[:MOST_BATCHES]
    if not left or not fullest:
        return
    kinds, tasks = _kinds([sets[value] for value in fullest], facts.tasks)

    def count(choice: tuple[int, ...]) -> int:
        mask = sum(1 << place for place in choice)
        return int(tasks[(kinds & mask) != 0].sum())

    places = range(len(fullest))
    choices = [
        choice for size in range(1, len(fullest) + 1) for choice in combinations(places, size)
    ]
    best = min(choices, key=lambda c: (abs(count(c) * left - wanted), len(c)))
    chosen = tuple(v for v in values if v in {fullest[place] for place in best})
    shown = joined([names.of_batch(value) for value in chosen], "or")
    words = f"rule {stage.numbers[output]} to batch {shown}"
    yield Way(output, words, Batch(chosen), count(best) * left)


def _kinds(sets: list[Bits], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tasks by which of the sets they are in: (sets as binary digits, how many tasks)."""
    codes = np.zeros(size, np.int64)
    for place, members in enumerate(sets):
        codes |= bits.unpack(members, size).astype(np.int64) << place
    counts = np.bincount(codes, minlength=1 << len(sets))
    kinds = np.flatnonzero(counts)
    kinds = kinds[kinds > 0]
    return kinds, counts[kinds]
