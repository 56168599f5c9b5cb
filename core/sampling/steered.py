"""How a rule steers reviews, and what the error rate is without it.

A task that is reviewed with the chance π stands for 1/π tasks (Horvitz and Thompson 1952; as a
ratio Hájek 1971). The chance is exact: that of a task to get to any Review stage of the workflow
for the first time, from what its Logic stages do with tasks of its facts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.flow.chain import Chain, chain_of
from core.flow.graph import Graph, graph_of
from core.flow.rates import rates_of
from core.model.figures import counted
from core.model.rules import Malformed, Unknown
from core.model.stages import Logic, Review
from core.sampling.looks import Looks
from core.tasks.table import Floats
from core.workspace import Workspace

_CLOSE = 1e-13
_ROUNDS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Steering:
    """The chance of each task to be reviewed at all.

    Args:
        chance: Per task, from 0 to 1; None where it cannot be told.
        sentences: Why not, or how far it can be trusted.
    """

    chance: Floats | None
    sentences: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether looks can be weighted."""
        return self.chance is not None


@dataclass(frozen=True, slots=True)
class WeightedRate:
    """An error rate in which each task counts for those that it stands for.

    Args:
        rate: From 0 to 1.
        low: Lower end of its 95 % interval: that of Clopper and Pearson for as many looks as the
            weights are worth (Korn and Graubard 1998).
        high: Upper end.
        looks: First looks that are weighted.
        worth: Looks of equal weight that would tell as much (Kish 1965).
    """

    rate: float
    low: float
    high: float
    looks: int
    worth: float


def steering_of(workspace: Workspace, looks: Looks) -> Steering:
    """The chances of all tasks, by the workflow of the project as it is now."""
    project = workspace.project
    if project is None or not project.stages:
        return Steering(None, ("Without the workflow no task's chance of a review is known.",))
    graph = graph_of(project.stages)
    unknown = _unknown_rules(graph)
    if unknown:
        return Steering(None, (f"“{unknown}” has a rule that cannot be simulated, so no task's "
                               "chance of a review is known.",))  # fmt: skip
    rates = rates_of(graph, workspace.table, None, {})
    chain = chain_of(graph, workspace.matcher, rates, workspace.everything)
    chance = _reviewed(graph, chain)[chain.group]
    return Steering(chance, tuple(_sentences(chance, looks)))


def _unknown_rules(graph: Graph) -> str | None:
    """Name of a Logic stage, where tasks get to, with a rule that nobody knows."""
    for place in sorted(graph.reached):
        stage = graph.stages[place]
        if isinstance(stage, Logic) and any(
            isinstance(rule.condition, Unknown | Malformed) for rule in stage.active
        ):
            return stage.name
    return None


def _reviewed(graph: Graph, chain: Chain) -> Floats:
    """Chance to get to any Review, per group of tasks: the least solution of x = Q x + b."""
    reviews = [isinstance(stage, Review) for stage in graph.stages]
    chance = np.tile(np.array(reviews, np.float64), (len(chain.tasks), 1))
    exits = [(e, one.stage, one.target) for e, one in enumerate(graph.exits)
             if one.target is not None and not reviews[one.stage]]  # fmt: skip
    for _ in range(_ROUNDS):
        new = np.where(reviews, 1.0, 0.0) + np.zeros_like(chance)
        for place, stage, target in exits:
            new[:, stage] += chain.chances[:, place] * chance[:, target]
        done = np.abs(new - chance).max() < _CLOSE
        chance = new
        if done:
            break
    start: Floats = np.clip(chance[:, graph.start], 0.0, 1.0)
    return start


def _sentences(chance: Floats, looks: Looks) -> list[str]:
    reviewed = looks.rows[looks.first]
    sentences = ["Chances are those of the workflow as it is now, with the facts of now."]
    odd = int((chance[reviewed] <= 0).sum())
    if odd:
        sentences.append(
            f"{_tasks(odd, 'reviewed ')} could not have been reviewed by these rules: left "
            "out of what is weighted."
        )
    never = int((chance <= 0).sum())
    if never:
        sentences.append(
            f"No rule sends {_tasks(never)} to a review, whatever is drawn; nothing tells how "
            "often these are wrong."
        )
    kept = chance[reviewed][chance[reviewed] > 0]
    if len(kept) and np.ptp(kept) < 1e-9:
        sentences.append("All reviewed tasks had the same chance, so weights change nothing.")
    return sentences


def _tasks(many: int, kind: str = "") -> str:
    return f"{counted(many)} {kind}{'task' if many == 1 else 'tasks'}"


def weighted_rate(
    steering: Steering, looks: Looks, members: NDArray[np.bool_]
) -> WeightedRate | None:
    """The weighted rate of some looks, by the first look at each task; None where there is none.

    Args:
        steering: The chances.
        looks: All looks.
        members: Flags those of the group.
    """
    if steering.chance is None:
        return None
    chosen = np.flatnonzero(members & looks.first)
    chance = steering.chance[looks.rows[chosen]]
    chosen, chance = chosen[chance > 0], chance[chance > 0]
    if not len(chosen):
        return None
    weights = 1 / chance
    rate = float(weights @ looks.wrong[chosen] / weights.sum())
    worth = float(weights.sum() ** 2 / (weights @ weights))
    return WeightedRate(rate, *_interval(rate, worth), len(chosen), worth)


def _interval(rate: float, worth: float) -> tuple[float, float]:
    """Clopper and Pearson's limits for a number of looks that need not be whole."""
    from scipy.special import betaincinv  # late: as in `core.proportions`

    wrong = rate * worth
    low = betaincinv(wrong, worth - wrong + 1, 0.025) if wrong > 1e-9 else 0.0
    high = betaincinv(wrong + 1, worth - wrong, 0.975) if worth - wrong > 1e-9 else 1.0
    return float(low), float(high)
