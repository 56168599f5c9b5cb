"""A wanted number of tasks for one output, and the settings of single rules that give it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from core.errors import InputError
from core.model.dialect import MILLISECONDS, Dialect
from core.model.figures import counted, percent, whole_number
from core.model.names import Names
from core.model.phrases import joined
from core.model.rules import Condition
from core.model.stages import Logic
from core.routing import edit
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import Shape, by_certain_rule, shape_of
from core.routing.plan.nearest import nearest_bound, nearest_choice
from core.routing.plan.shares import MOST_DIGITS
from core.routing.sentence import rule_text, sentence
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.tasks import bits
from core.tasks.bits import Bits

NEAR = 0.5
"""Tasks that an expected number may be off and still counts as the wanted one."""


@dataclass(frozen=True, slots=True)
class Way:
    """One rule changed so that an output gets about the wanted number.

    Args:
        rule: Position of the changed rule.
        words: The change: `rule 2 to 37.5 %`.
        stage: The stage with the change.
        expected: Expected tasks of the output then.
        note: What the search left out, "" when nothing is nearer.
    """

    rule: int
    words: str
    stage: Logic
    expected: float
    note: str = ""

    @property
    def condition(self) -> Condition:
        """What the rule asks then."""
        return self.stage.active[self.rule].condition


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
            f"{whole_number(wanted)} is not between 0 and the {counted(shape.tasks)} tasks looked "
            "at.",
            "Give a number of tasks in between, or widen the selection.",
        )
    ways = [*_percentages(stage, shape, output, wanted, matcher.facts.dialect)]
    if output < len(stage.active):
        rule = stage.active[output].condition
        if isinstance(rule, Duration):
            ways += _bounds(matcher, stage, within, shape, output, wanted, names)
        elif isinstance(rule, Batch):
            ways += _batches(matcher, stage, within, shape, output, wanted, names)
    return tuple(sorted(ways, key=lambda way: abs(way.expected - wanted)))


def _percentages(
    stage: Logic, shape: Shape, output: int, wanted: float, dialect: Dialect
) -> Iterator[Way]:
    """The output's own percentage, or one above: its mean is a straight line of each."""
    for rule, chance in enumerate(shape.chances[: output + 1]):
        if chance is None:
            continue
        none, all_of_them = (shape.with_chance(rule, p).expected(output) for p in (0.0, 1.0))
        if none == all_of_them:
            continue
        exact = min(1.0, max(0.0, (wanted - none) / (all_of_them - none)))
        # the roundest percentage that is near enough
        for digits in range(2, MOST_DIGITS + 1):
            share = round(exact, digits)
            expected = shape.with_chance(rule, share).expected(output)
            if abs(expected - wanted) < NEAR:
                break
        changed = edit.set_chances(stage, {stage.active[rule].id: share}, dialect)
        words = f"{rule_text(stage.numbers[rule])} to {percent(share)}"
        yield Way(rule, words, changed, expected)


def _reaching(matcher: Matcher, stage: Logic, within: Bits, output: int) -> Bits:
    """Tasks that no certain rule above the output takes."""
    return bits.union(by_certain_rule(matcher, stage, within)[output:], matcher.facts.tasks)


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
    reaching, in_ms = _reaching(matcher, stage, within, output), facts.dialect.milliseconds
    for lower in (True, False):
        other = Duration(None, condition.high) if lower else Duration(condition.low, None)
        free = bits.unpack(matcher.matching(other) & reaching, facts.tasks)
        spent = np.sort(facts.duration[free])
        if not len(spent):
            continue
        least = 0.0 if other.low is None else max(0.0, in_ms(other.low))
        most = inf if other.high is None else in_ms(other.high)
        bound = nearest_bound(spent, wanted / left, lower, least, most)
        if bound is None:
            continue
        value = bound / MILLISECONDS[facts.dialect.unit]
        changed = replace(other, low=value) if lower else replace(other, high=value)
        count = bits.count(matcher.matching(changed) & reaching)
        words = f"{rule_text(stage.numbers[output])} to “{sentence(changed, names, facts.dialect)}”"
        edited = edit.set_condition(stage, stage.active[output].id, changed)
        yield Way(output, words, edited, count * left)


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
    sets = {value: matcher.matching(Batch((value,))) & reaching for value in values}
    sets = {value: members for value, members in sets.items() if members.any()}
    if not left:
        return
    choice = nearest_choice(list(sets.values()), facts.tasks, wanted / left)
    if choice is None:
        return
    chosen = tuple(value for place, value in enumerate(sets) if place in choice.members)
    batch_names = joined([names.of_batch(value) for value in chosen], "or")
    words = f"{rule_text(stage.numbers[output])} to batch {batch_names}"
    note = ""
    if choice.tried < len(sets):
        note = f"nearest among the {counted(choice.tried)} fullest of {counted(len(sets))} batches"
    edited = edit.set_condition(stage, stage.active[output].id, Batch(chosen))
    yield Way(output, words, edited, choice.tasks * left, note)
