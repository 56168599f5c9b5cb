"""A workflow as chances: which exit a task takes, for each group of tasks that rules see alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.flow.graph import Graph
from core.flow.rates import Rate
from core.model.stages import Logic
from core.routing.engine.chances import probabilities
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import by_fate
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import Floats

NEVER = 1e-12
"""A chance below it is none: else a loop that nothing leaves would pass for one that ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A workflow with the chances of its exits; tasks of a group share them all.

    Args:
        graph: The workflow.
        chances: Chance of each exit, given that a task of the group leaves the exit's stage; shape
            (groups, exits), 1 in sum over the exits of a stage that tasks may get to, else 0.
        tasks: How many tasks each group has.
        group: Group of each task of the table, -1 for one that is not looked at.
        level: Which of `priorities` each group has; empty where all tasks are taken in turn.
        priorities: Numbers, the one that is taken first at the front.
        part: Which of `parts` each group belongs to; empty where those are the priorities.
        parts: What cycle times are told apart by, as numbers.
    """

    graph: Graph
    chances: Floats
    tasks: NDArray[np.int64]
    group: NDArray[np.int32]
    level: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    priorities: tuple[int, ...] = ()
    part: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    parts: tuple[int, ...] = ()


def chain_of(
    graph: Graph,
    matcher: Matcher,
    rates: Mapping[int, Rate],
    within: Bits,
    reached: frozenset[int] | None = None,
) -> Chain:
    """Sort the tasks into groups by what the Logic stages see of them, and give the chances.

    A task keeps its facts on its way: a certain rule answers the same at each pass, a random one
    draws afresh (docs/semantics.md, Flow).

    Args:
        graph: The workflow.
        matcher: Facts of the tasks, with remembered answers.
        rates: By place of a Review or Consensus: how often its first exit is taken.
        within: The tasks looked at.
        reached: Places of the stages where these tasks may be; those behind Start unless given.
    """
    reached, dialect = graph.reached if reached is None else reached, matcher.facts.dialect
    logic = [p for p in sorted(reached) if isinstance(graph.stages[p], Logic)]
    size = matcher.facts.tasks
    inside = bits.unpack(within, size)
    group = np.zeros(int(inside.sum()), np.int64)
    fates = np.zeros((1, 0), np.int64)
    for place in logic:
        stage = graph.stages[place]
        assert isinstance(stage, Logic)
        taken = _taken_by(by_fate(matcher, stage, within), size)[inside]
        outputs = len(stage.active) + 1
        pairs, group = np.unique(group * outputs + taken, return_inverse=True)
        fates = np.column_stack((fates[pairs // outputs], pairs % outputs))
    tasks = np.bincount(group, minlength=len(fates)) if len(group) else np.zeros(1, np.int64)
    chances = np.ones((len(tasks), len(graph.exits)))
    for column, place in enumerate(logic):
        stage = graph.stages[place]
        assert isinstance(stage, Logic)
        table = probabilities(stage.active, dialect)
        chances[:, graph.exits_of(place)] = table[fates[:, column]] if len(group) else table[-1]
    for place, rate in rates.items():
        first, second = graph.exits_of(place)
        chances[:, first], chances[:, second] = rate.value, 1.0 - rate.value
    beside = [place for place, one in enumerate(graph.exits) if one.stage not in reached]
    chances[:, beside] = 0.0
    chances[chances < NEVER] = 0.0
    whole = np.full(size, -1, np.int32)
    whole[inside] = group
    return Chain(graph, chances, tasks.astype(np.int64), whole)


def _taken_by(sets: list[Bits], size: int) -> NDArray[np.int64]:
    """Place of the set that each task is in; 0 for one that is in none."""
    places = np.zeros(size, np.int64)
    for place, members in enumerate(sets):
        places[bits.rows_of(members, size)] = place
    return places
