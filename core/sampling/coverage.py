"""How many tasks of each group leave by each output or get to each stage, and how likely few do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.model.stages import Logic
from core.routing.engine.binomial import count_window, interval
from core.routing.engine.chances import by_any, probabilities, reach
from core.routing.engine.shape import by_fate
from core.sampling.groups import REST
from core.sampling.inverse import IMPOSSIBLE, ShareNeeded, percents
from core.sampling.looks import check_by, members_by
from core.sampling.shares import binomial_below
from core.tasks import bits
from core.workspace import Workspace

BY = ("annotator", "batch", "class", "week")
_TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Covered:
    """One output, or one stage behind the outputs, for one group.

    Args:
        group: Its name.
        tasks: Tasks of the group.
        place: Of the output, Else last; or of the stage in `stages_behind`.
        expected: Mean of the tasks that leave by it.
        low: Lower end of the exact central 95 %.
        high: Upper end.
        fewer: Chance of fewer tasks than were asked about.
    """

    group: str
    tasks: int
    place: int
    expected: float
    low: int
    high: int
    fewer: float


def stages_behind(stage: Logic) -> dict[str | None, list[int]]:
    """The stages that outputs lead to, by id, with the places of these outputs.

    None for outputs that are not wired.
    """
    behind: dict[str | None, list[int]] = {}
    for output, target in enumerate(stage.targets):
        behind.setdefault(target, []).append(output)
    return behind


def coverage(
    workspace: Workspace, stage: Logic, by: str, least: int, by_stage: bool = False
) -> tuple[Covered, ...]:
    """Every output for every group with a task; or every stage that outputs lead to.

    Args:
        workspace: Tasks, project and readings.
        stage: Its switched-off rules take no part.
        by: One of `BY`.
        least: Tasks that are to leave by an output.
        by_stage: Whether outputs that lead to the same stage count as one.

    Raises:
        InputError: It is no such breakdown.
    """
    check_by(by, BY)
    matcher, rows = workspace.matcher, []
    read = stage.active, matcher.facts.dialect
    ways, may = probabilities(*read), reach(*read)
    together = list(stages_behind(stage).values())
    columns = together if by_stage else [[output] for output in range(len(ways))]
    chances = [by_any(outputs, ways, may)[0].tolist() for outputs in columns]
    for name, members in members_by(workspace, by).items():
        tasks = bits.count(members)
        fates = [bits.count(won) for won in by_fate(matcher, stage, members)]
        for place, some in enumerate(chances) if tasks else ():
            groups = [(many, chance) for many, chance in zip(fates, some, strict=True) if many]
            expected = sum(many * chance for many, chance in groups)
            fewer = chance_of_fewer(groups, least)
            rows.append(Covered(name, tasks, place, expected, *interval(groups), fewer))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Quota:
    """What a group needs so that enough of its tasks are drawn.

    Args:
        group: Its name.
        tasks: Tasks of the group.
        needed: The share.
    """

    group: str
    tasks: int
    needed: ShareNeeded


def quotas(
    workspace: Workspace, by: str, least: int, confidence: float = 0.95
) -> tuple[Quota, ...]:
    """The share of each group with a task at which at least so many are drawn.

    Tasks of no group have no quota, since no rule can ask for them.

    Args:
        workspace: Tasks, project and readings.
        by: One of `BY`.
        least: Tasks wanted of each group.
        confidence: With which chance, group by group, from 0 to 1.

    Raises:
        InputError: It is no such breakdown, or the confidence is no such number.
    """
    check_by(by, BY)
    sizes = {name: bits.count(members) for name, members in members_by(workspace, by).items()}
    return tuple(
        Quota(name, tasks, share_for_at_least(tasks, least, confidence))
        for name, tasks in sizes.items()
        if tasks and name != REST.get(by)
    )


def chance_of_fewer(groups: list[tuple[int, float]], least: int) -> float:
    """Chance that a sum of binomials is below a number."""
    first, weights = count_window([(many, chance) for many, chance in groups if many])
    inside = weights[: max(0, least - first)]
    return min(1.0, float(np.sum(inside) / np.sum(weights)))


def share_for_at_least(tasks: int, least: int, confidence: float = 0.95) -> ShareNeeded:
    """The share at which at least so many of some tasks are drawn, with a chance of `confidence`.

    Args:
        tasks: How many there are.
        least: How many are wanted.
        confidence: From 0 to 1.

    Raises:
        InputError: The confidence is no such number.
    """
    if not 0 <= confidence <= 1:
        raise InputError("confidence", "is not from 0 to 1.", "95 % are 0.95.")
    if least <= 0 or confidence == 0:
        return ShareNeeded(0.0, 0, max(0, least))
    if least > tasks:
        return IMPOSSIBLE
    from scipy.special import betaincinv  # late: as in `core.proportions`

    def enough(share: float) -> bool:
        return 1 - binomial_below(least - 1, tasks, share).item() >= confidence - _TIE

    start = float(betaincinv(least, tasks - least + 1, confidence))
    return ShareNeeded(*percents(start, enough), least)
