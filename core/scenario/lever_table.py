"""All that levers can do to a Logic stage, counted once: few rows, whatever the number of tasks.

A task's way depends on the first rule without a lever that takes it for certain, on which rules
with a lever above that one match it, and on where its duration lies among the positions of a lever.
Tasks that share these are one row. What is expected at any position is arithmetic over the rows,
done here and, while a lever is dragged, by the browser (`pages/share/parts/story.js`) in the same
order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.model.dialect import of_percent
from core.model.rules import Condition, Rule
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher, first_match
from core.rule_types.duration import Duration
from core.rule_types.registry import chance_of
from core.scenario.levers import Placed
from core.tasks import bits
from core.tasks.bits import Bits

NONE = -1
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LeverStep:
    """One rule, and the levers that move it by their places; -1 for none.

    Args:
        target: Place of its stage among the targets.
        chance: Of a random rule, from 0 to 1; else None.
        bit: Place in `LeverTable.matched` of a certain rule with a lever.
        share: Lever of its percentage.
        least: Lever of its lower bound.
        most: Lever of its upper bound.
        switch: Lever that switches it.
    """

    target: int
    chance: float | None
    bit: int = NONE
    share: int = NONE
    least: int = NONE
    most: int = NONE
    switch: int = NONE


@dataclass(frozen=True, eq=False)
class LeverTable:
    """The rows.

    Args:
        tasks: How many tasks were counted.
        targets: Stage ids behind the outputs, in order of appearance; None is not wired.
        steps: The rules that may take part, top to bottom.
        otherwise: Place of Else's stage among the targets.
        scale: Lever of how many tasks come, -1 for none.
        counts: Tasks of each row.
        stops: The step that takes a row's tasks for certain, if no lever does before; behind the
            last step, Else.
        matched: Bits of the steps with a lever that match a row's tasks, as far as bounds without
            a lever go.
        bins: By lever of a bound: how many positions of a lower bound let a row's tasks pass, or
            how many of an upper bound do not.
    """

    tasks: int
    targets: tuple[str | None, ...]
    steps: tuple[LeverStep, ...]
    otherwise: int
    scale: int
    counts: Numbers
    stops: Numbers
    matched: Numbers
    bins: dict[int, Numbers]

    def expected(self, levers: Sequence[Placed]) -> list[float]:
        """Expected tasks of each target where the levers stand.

        Args:
            levers: Those that the table was made for, in that order.
        """
        sums = [0.0] * len(self.targets)
        left = self.counts.astype(np.float64)
        for place, step in enumerate(self.steps):
            if step.switch != NONE and not levers[step.switch].value:
                continue
            if step.chance is not None:
                chance = step.chance
                if step.share != NONE:
                    chance = of_percent(levers[step.share].value)
                sums[step.target] += float(left.sum()) * chance
                left *= 1 - chance
            else:
                taken = self._taken(place, step, levers)
                sums[step.target] += float(left[taken].sum())
                left[taken] = 0
        sums[self.otherwise] += float(left.sum())
        if self.scale == NONE or not self.tasks:
            return sums
        return [each * levers[self.scale].value / self.tasks for each in sums]

    def _taken(self, place: int, step: LeverStep, levers: Sequence[Placed]) -> NDArray[np.bool_]:
        if step.bit == NONE:
            stopped: NDArray[np.bool_] = self.stops == place
            return stopped
        taken: NDArray[np.bool_] = (self.matched >> step.bit & 1).astype(np.bool_)
        if step.least != NONE:
            taken &= levers[step.least].at < self.bins[step.least]
        if step.most != NONE:
            taken &= levers[step.most].at >= self.bins[step.most]
        return taken


def lever_table(
    matcher: Matcher, stage: Logic, within: Bits, levers: Sequence[Placed]
) -> LeverTable:
    """Count the tasks by what levers can do to them.

    Args:
        matcher: The facts, with remembered answers.
        stage: The rules.
        within: The tasks looked at.
        levers: Where they may stand; where they do stand does not matter.
    """
    facts = matcher.facts
    switched = {one.lever.rule for one in levers if one.lever.kind == "switch"}
    rules = [rule for rule in stage.rules if rule.enabled or rule.id in switched]
    targets = tuple(dict.fromkeys([*(rule.target for rule in rules), stage.otherwise]))
    steps: list[LeverStep] = []
    for rule in rules:
        step = _step(
            rule, targets.index(rule.target), chance_of(rule.condition, facts.dialect), levers
        )
        if step.chance is None and max(step.least, step.most, step.switch) != NONE:
            step = replace(step, bit=sum(other.bit != NONE for other in steps))
        steps.append(step)

    nothing = bits.nothing(facts.tasks)
    sets = [
        matcher.matching(rule.condition) if step.chance is None and step.bit == NONE else nothing
        for rule, step in zip(rules, steps, strict=True)
    ]
    rows = bits.rows_of(within, facts.tasks)
    stops = np.full(facts.tasks, len(steps), np.int64)
    for place, won in enumerate(first_match(sets, within)[:-1]):
        if won.any():
            stops[bits.unpack(won, facts.tasks)] = place
    stops = stops[rows]
    matched = np.zeros(len(rows), np.int64)
    bins: dict[int, Numbers] = {}
    for place, (rule, step) in enumerate(zip(rules, steps, strict=True)):
        if step.bit == NONE:
            continue
        base = matcher.matching(_without_levers(rule.condition, step))
        matches = bits.unpack(base, facts.tasks)[rows] & (place < stops)
        matched |= matches.astype(np.int64) << step.bit
        took = facts.duration[rows]
        if step.least != NONE:
            passed = np.searchsorted(levers[step.least].positions, took, "right")
            bins[step.least] = np.where(matches, passed, 0).astype(np.int64)
        if step.most != NONE:
            missed = np.searchsorted(levers[step.most].positions, took, "left")
            bins[step.most] = np.where(matches, missed, 0).astype(np.int64)
    columns = np.stack([stops, matched, *bins.values()])
    distinct, counts = _counted(columns)
    return LeverTable(
        tasks=len(rows),
        targets=targets,
        steps=tuple(steps),
        otherwise=targets.index(stage.otherwise),
        scale=next((i for i, one in enumerate(levers) if one.lever.kind == "tasks"), NONE),
        counts=counts,
        stops=distinct[0],
        matched=distinct[1],
        bins=dict(zip(bins, distinct[2:], strict=True)),
    )


def _step(rule: Rule, target: int, chance: float | None, levers: Sequence[Placed]) -> LeverStep:
    places = {one.lever.kind: i for i, one in enumerate(levers) if one.lever.rule == rule.id}
    return LeverStep(
        target,
        chance,
        share=places.get("share", NONE),
        least=places.get("least", NONE),
        most=places.get("most", NONE),
        switch=places.get("switch", NONE),
    )


def _without_levers(condition: Condition, step: LeverStep) -> Condition:
    if not isinstance(condition, Duration):
        return condition
    low = None if step.least != NONE else condition.low
    return Duration(low, None if step.most != NONE else condition.high)


def _counted(columns: Numbers) -> tuple[Numbers, Numbers]:
    """Distinct columns of several rows of numbers from 0, and how often each is there."""
    sizes = [int(row.max(initial=0)) + 1 for row in columns]
    key = np.zeros(columns.shape[1], np.int64)
    for row, size in zip(columns, sizes, strict=True):
        key = key * size + row
    distinct, counts = np.unique(key, return_counts=True)
    parts: list[Numbers] = []
    for size in reversed(sizes):
        distinct, part = np.divmod(distinct, size)
        parts.insert(0, part)
    return np.array(parts, np.int64), counts.astype(np.int64)
