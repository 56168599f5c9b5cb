"""The exact flow: how often a task of each group is at each stage, and how its way ends.

Stages are the states of an absorbing Markov chain (Kemeny and Snell 1960, chapter 3): with Q the
chances between stages that a task leaves again, N = (I - Q)^-1 are the expected visits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.flow.chain import Chain
from core.model.stages import Archive, Complete
from core.tasks.table import Floats

AT_ONCE = 256
"""Groups that are solved together."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What a task of each group does; arrays have a row per group.

    Args:
        ever: Chance to get to each stage; (groups, stages).
        again: Chance to come back to it, each time it was there; (groups, stages).
        taken: Expected passes through each exit; (groups, exits).
        taken_ever: Chance to take each exit at all; (groups, exits).
        taken_again: Chance to take it once more, each time it was taken; (groups, exits).
        stuck: Chance that the way ends at a stage without being completed or archived: in a loop
            without a way out, or at a stage of an unknown type; (groups, stages).
        loops: Whether a stage is in a loop without a way out that tasks get to; (groups, stages).
        touches: Expected visits to the stages of `people`, and their variance; (groups, 2).
    """

    ever: Floats
    again: Floats
    taken: Floats
    taken_ever: Floats
    taken_again: Floats
    stuck: Floats
    loops: Flags
    touches: Floats

    @property
    def visits(self) -> Floats:
        """Expected visits; (groups, stages)."""
        visits: Floats = self.ever / (1 - self.again)
        return visits


def solve(chain: Chain, worth: Floats) -> Solved:
    """Solve the chain of every group.

    A loop without a way out ends a task's way where it enters the loop: it is counted there once.

    Args:
        chain: Chances by group.
        worth: What a visit to each stage adds to a task's touches; (stages,).
    """
    parts = [
        _solved(chain, chain.chances[begin : begin + AT_ONCE], worth)
        for begin in range(0, len(chain.chances), AT_ONCE)
    ]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Solved.__slots__
    }
    return Solved(**joined)


def touches_law(
    chain: Chain, loops: Flags, worth: Floats, z: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    """The generating function of the touches of all tasks, at some points of the unit circle.

    That of a task at a stage is z to the worth of the visit, times those of the stages behind; so
    each point is a system of equations.

    Args:
        chain: Chances by group.
        loops: As of `Solved`.
        worth: As of `solve`.
        z: The points.
    """
    graph = chain.graph
    size = len(graph.stages)
    total = np.zeros(len(z), np.complex128)
    at_once = max(1, AT_ONCE * 2**14 // size**2)
    for chances, closed, tasks in zip(chain.chances, loops, chain.tasks, strict=True):
        steps, ends = np.zeros((size, size)), np.ones(size)
        for one, chance in zip(graph.exits, chances, strict=True):
            if one.target is not None and not closed[one.stage]:
                steps[one.stage, one.target] += chance
                ends[one.stage] -= chance
        for begin in range(0, len(z), at_once):
            powers = z[begin : begin + at_once, None] ** worth
            system = np.eye(size) - powers[:, :, None] * steps
            one_task = np.linalg.solve(system, (powers * ends)[:, :, None])[:, graph.start, 0]
            total[begin : begin + at_once] += tasks * np.log(one_task)
    return np.exp(total)


@dataclass(frozen=True, slots=True, eq=False)
class Fundamental:
    """Expected visits from every stage to every stage; arrays have a row per group.

    Args:
        visits: N, (groups, stages from, stages to); the visit that begins there is counted.
        closed: Stages in a loop without a way out; (groups, stages).
        ending: Stages where ways end without being completed or archived; (groups, stages).
        leaving: Chance of each exit, 0 where the way ends instead; (groups, exits).
    """

    visits: Floats
    closed: Flags
    ending: Flags
    leaving: Floats


def fundamental(chain: Chain, chances: Floats) -> Fundamental:
    """Solve the chains of some groups.

    Args:
        chain: The workflow.
        chances: Those of these groups; (groups, exits).
    """
    graph, size, groups = chain.graph, len(chain.graph.stages), len(chances)
    leads = np.zeros((groups, size + 1, size + 1))  # the last one is where tasks are trapped
    for place, one in enumerate(graph.exits):
        target = size if one.target is None else one.target
        leads[:, one.stage, target] += chances[:, place]
    closed = closed_loops(leads > 0)[:, :size]
    steps = leads[:, :size, :size].copy()
    steps[closed] = 0.0
    own = np.eye(size)
    visits = np.linalg.solve(own - steps, np.broadcast_to(own, steps.shape)).astype(np.float64)
    came = np.array([one.stage for one in graph.exits], np.int64)
    rest = np.array([not isinstance(stage, Complete | Archive) for stage in graph.stages])
    return Fundamental(
        visits=visits,
        closed=closed,
        ending=closed | (rest & ~np.isin(np.arange(size), came)),
        leaving=np.where(closed[:, came], 0.0, chances) if len(came) else chances,
    )


def _solved(chain: Chain, chances: Floats, worth: Floats) -> Solved:
    graph, start = chain.graph, chain.graph.start
    solution = fundamental(chain, chances)
    visits, leaving = solution.visits, solution.leaving
    here = np.diagonal(visits, axis1=1, axis2=2)
    from_start = visits[:, start]
    taken = from_start[:, np.array([one.stage for one in graph.exits], np.int64)] * leaving
    more = np.zeros_like(taken)
    for place, one in enumerate(graph.exits):
        if one.target is not None:
            more[:, place] = visits[:, one.target, one.stage] * leaving[:, place]
    mean = visits @ worth
    squares = np.einsum("gj,gj->g", from_start, 2 * worth * mean - worth**2)
    touches = np.column_stack((mean[:, start], squares - mean[:, start] ** 2))
    return Solved(
        ever=np.minimum(from_start / here, 1.0),
        again=1 - 1 / here,
        taken=taken,
        taken_ever=np.minimum(taken / (1 + more), 1.0),
        taken_again=more / (1 + more),
        stuck=np.where(solution.ending, from_start, 0.0),
        loops=solution.closed & (from_start > 0),
        touches=touches,
    )


def closed_loops(leads: Flags) -> Flags:
    """Stages that every way from them leads back to; (groups, stages).

    Args:
        leads: Whether an exit leads from a stage to a stage; (groups, stages, stages).
    """
    patterns, which = np.unique(leads.reshape(len(leads), -1), axis=0, return_inverse=True)
    size = leads.shape[1]
    closed = np.zeros((len(patterns), size), np.bool_)
    for place, pattern in enumerate(patterns):
        closed[place] = _closed(pattern.reshape(size, size))
    return closed[which.ravel()]


def _closed(leads: Flags) -> Flags:
    reach = leads.copy()
    for between in range(len(reach)):
        reach |= np.outer(reach[:, between], reach[between])
    returns = np.diagonal(reach)
    closed: Flags = returns & (~reach | reach.T).all(axis=1)
    return closed
