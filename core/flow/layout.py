"""Where the stages of a workflow stand on its map, whatever the numbers are."""

from __future__ import annotations

from collections.abc import Sequence

from core.flow.graph import Graph, takes_part

Place = tuple[float, float]

NEAR = 24.0
"""Units of Ango Hub's canvas within which two stages would lie on each other."""


def places(graph: Graph) -> tuple[Place | None, ...]:
    """X and y of each stage, y downwards; None for the sub-stages of a Consensus.

    The workflow's own positions where every stage has one and none covers another; else columns by
    the longest way from the start that leads back nowhere, in the order of the list.
    """
    shown = [place for place, stage in enumerate(graph.stages) if takes_part(stage)]
    own = [graph.stages[place].position for place in shown]
    known = [position for position in own if position is not None]
    if len(known) == len(shown) and not _covered(known):
        chosen = known
    else:
        columns = _columns(graph, shown)
        rows = [columns[:at].count(column) for at, column in enumerate(columns)]
        highest = max(columns.count(column) for column in columns)
        chosen = [
            (float(column), row + (highest - columns.count(column)) / 2)
            for column, row in zip(columns, rows, strict=True)
        ]
    by_place: dict[int, Place] = dict(zip(shown, chosen, strict=True))
    return tuple(by_place.get(place) for place in range(len(graph.stages)))


def _covered(positions: Sequence[Place]) -> bool:
    return any(
        abs(one[0] - other[0]) < NEAR and abs(one[1] - other[1]) < NEAR
        for at, one in enumerate(positions)
        for other in positions[:at]
    )


def _columns(graph: Graph, shown: Sequence[int]) -> list[int]:
    """Column of each stage that is shown; stages that nothing leads to stand in the first."""
    onward = _onward(graph)
    depth = dict.fromkeys(shown, 0)
    for _ in shown:  # without the ways back a longest way has fewer steps than stages
        for one, other in onward:
            depth[other] = max(depth[other], depth[one] + 1)
    return [depth[place] for place in shown]


def _onward(graph: Graph) -> list[tuple[int, int]]:
    """Pairs of stages without those that close a circle, found depth first from the start."""
    leads: dict[int, list[int]] = {}
    for one in graph.exits:
        if one.target is not None:
            leads.setdefault(one.stage, []).append(one.target)
    onward, done, open_ = [], set(), set()

    def visit(place: int) -> None:
        open_.add(place)
        for target in leads.get(place, []):
            if target in open_:
                continue
            onward.append((place, target))
            if target not in done:
                visit(target)
        open_.discard(place)
        done.add(place)

    for place in (graph.start, *range(len(graph.stages))):
        if place not in done:
            visit(place)
    return onward
