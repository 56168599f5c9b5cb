"""Chances of the outputs of a stage, and of pairs of outputs of two versions, in closed form.

A task's way depends only on its *fate*, the rule that takes it for certain if it gets there, and on
the uniforms of the random rules above. What is possible and what is certain follows from the rules
alone: a chance that is too small or too near to 1 for a float changes no "whatever the draws".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.model.dialect import Dialect
from core.model.rules import Rule
from core.rule_types.registry import chance_of, is_certain
from core.tasks.table import Floats

Flags = NDArray[np.bool_]
Chance = TypeVar("Chance", float, Fraction)


def chancy(rules: Sequence[Rule], dialect: Dialect) -> Flags:
    """Which outputs belong to a rule that depends on the draw; Else is last and does not."""
    return np.array([*(not is_certain(r.condition, dialect) for r in rules), False], np.bool_)


def _passing(rules: Sequence[Rule], dialect: Dialect) -> Floats:
    """Chance of each random rule to take a task that gets there; 0 at certain ones and Else."""
    chances = np.zeros(len(rules) + 1)
    for place, rule in enumerate(rules):
        if not is_certain(rule.condition, dialect):
            chances[place] = chance_of(rule.condition, dialect)
    return chances


def left_above(chances: Sequence[Chance | None], one: Chance) -> list[Chance]:
    """Chance that no rule above takes a task, per rule and last for Else; the one such product.

    Args:
        chances: Of each rule to take a task that gets there; None counts as 0.
        one: 1 as a float, or as a fraction where nothing may be rounded.
    """
    left = accumulate(chances, lambda left, c: left if c is None else left * (one - c), initial=one)
    return list(left)


def reach(rules: Sequence[Rule], dialect: Dialect) -> Flags:
    """Which outputs a task may take, by fate; shape (outputs, outputs) as in `probabilities`."""
    size = len(rules) + 1
    above: Flags = np.tri(size, size, -1, np.bool_) & chancy(rules, dialect)
    return above | np.eye(size, dtype=np.bool_)


def probabilities(rules: Sequence[Rule], dialect: Dialect) -> Floats:
    """Chance of each output by fate.

    Returns:
        Shape (rules + 1, rules + 1): row f is a task that rule f takes for certain if it gets
        there (the last row: no rule does), as `core.routing.engine.shape.by_fate` sorts tasks,
        column o is the output. Rows sum to 1.
    """
    passing = _passing(rules, dialect)
    left = np.array(left_above(passing[:-1].tolist(), 1.0))
    table = np.tril(np.broadcast_to(left * passing, (len(left), len(left))), -1)
    np.fill_diagonal(table, left)
    return table


def by_any(outputs: Sequence[int], ways: Floats, may: Flags) -> tuple[Floats, Flags]:
    """Chance, by fate, to leave through any of some outputs, and whether that is certain.

    It is certain where no other output can take a task, and only then is the chance 1: chances may
    sum to 1 by rounding alone.

    Args:
        outputs: Their places.
        ways: As of `probabilities`, or some of its rows.
        may: The same rows of `reach`.
    """
    sure: Flags = np.asarray(~np.delete(may, outputs, axis=1).any(axis=1))
    return np.where(sure, 1.0, np.minimum(ways[:, outputs].sum(axis=1), 1.0)), sure


def joint(
    before: Sequence[Rule], after: Sequence[Rule], readings: tuple[Dialect, Dialect]
) -> tuple[Floats, Flags]:
    """Chance of every pair of outputs where the rules' uniforms allow it, and where they do.

    Output i asks of the uniform of a random rule: nothing where the rule stands below, to be under
    its chance where it is the output's own, not to be under it where it stands above. What both
    versions ask of it is a part of [0, 1), and the chance of a pair is the product of these lengths
    over all random rules; rules of the same id share their uniform. So each rule multiplies nine
    blocks of the table, or three where one version lacks it. Each version is read in its dialect.

    Returns:
        Lengths and whether they are possible; shape (outputs before, outputs after).
    """
    places = [
        {rules[place].id: place for place in np.flatnonzero(chancy(rules, dialect)).tolist()}
        for rules, dialect in zip((before, after), readings, strict=True)
    ]
    old, new = _passing(before, readings[0]), _passing(after, readings[1])
    lengths = np.ones((len(old), len(new)))
    possible = np.ones(lengths.shape, np.bool_)
    for name in dict.fromkeys((*places[0], *places[1])):
        rows = _parts(places[0].get(name), old)
        columns = _parts(places[1].get(name), new)
        for here, low, high in rows:
            for there, low_now, high_now in columns:
                common = min(high, high_now) - max(low, low_now)
                lengths[here, there] *= max(common, 0.0)
                possible[here, there] &= common > 0
    return lengths, possible


def _parts(place: int | None, passing: Floats) -> list[tuple[slice, float, float]]:
    """Outputs above, at and below a random rule, and what each asks of its uniform: (low, high)."""
    if place is None:
        return [(slice(None), 0.0, 1.0)]
    chance = float(passing[place])
    return [
        (slice(0, place), 0.0, 1.0),
        (slice(place, place + 1), 0.0, chance),
        (slice(place + 1, None), chance, 1.0),
    ]
