"""The geometry of a workflow's map: where stages stand, and how ways go around them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median
from typing import Any

from core.flow.layout import Place

WIDE, HIGH = (0.9, 1.3), (0.5, 1.2)
"""The least and the most that two neighbouring columns, and rows, may be apart."""
STEPS = 24
ASIDE = (0.0, -0.9, 0.9, -1.6, 1.6, -2.4, 2.4)
"""How far a way may be bent aside, in rows, the first that is clear of other stages first."""
BESIDE, ABOVE, BELOW = 0.35, 0.25, 0.5
"""How near to a stage a way may come, in columns and rows; its name stands below it."""


def spread(spots: Sequence[Place | None]) -> list[Any]:
    """Places in columns and rows: in the order of theirs, without wide gaps and narrow ones."""
    known = [spot for spot in spots if spot is not None]
    across = _even([x for x, _ in known], WIDE)
    down = _even([y for _, y in known], HIGH)
    return [None if spot is None else (across[spot[0]], down[spot[1]]) for spot in spots]


def _even(values: Sequence[float], steps: tuple[float, float]) -> dict[float, float]:
    """New coordinates by old ones; a step is that of before over the usual one, within `steps`."""
    distinct = sorted(set(values))
    gaps = [b - a for a, b in itertools.pairwise(distinct)]
    usual = median(gaps) if gaps else 1.0
    even = itertools.accumulate(
        (min(max(gap / usual, steps[0]), steps[1]) for gap in gaps), initial=0.0
    )
    return dict(zip(distinct, even, strict=True))


def curves_of(pairs: Sequence[tuple[int, int]], spots: Sequence[Any]) -> list[list[Place]]:
    """Points of each way from stage to stage; one that would cross another goes around it."""
    stages = [spot for spot in spots if spot is not None]
    curves = []
    for stage, target in pairs:
        begin, end = spots[stage], spots[target]
        others = [spot for spot in stages if spot not in (begin, end)]
        tried = (_curve(begin, end, aside) for aside in ASIDE)
        curves.append(next((c for c in tried if clear(c, others)), _curve(begin, end, 0.0)))
    return curves


def clear(curve: Sequence[Place], stages: Sequence[Place]) -> bool:
    """Whether points keep away from stages and their names."""
    return not any(
        abs(x - stage[0]) < BESIDE and -ABOVE < y - stage[1] < BELOW
        for x, y in curve
        for stage in stages
    )


def _curve(begin: Place, end: Place, aside: float) -> list[Place]:
    """Points of a way: level where it leaves and comes; a way back goes below the stages."""
    (x0, y0), (x1, y1) = begin, end
    if x1 > x0:
        bend = (x1 - x0) / 2 if not aside else (x1 - x0) / 5
        inner = ((x0 + bend, y0 + aside), (x1 - bend, y1 + aside))
    elif x1 == x0:
        inner = ((x0 + 0.5 + abs(aside), y0), (x1 + 0.5 + abs(aside), y1))
    else:
        sag = max(y0, y1) + 0.55 + 0.12 * (x0 - x1) + abs(aside)
        inner = ((x0, sag), (x1, sag))
    points = []
    for step in range(STEPS + 1):
        t = step / STEPS
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append(
            (
                a * x0 + b * inner[0][0] + c * inner[1][0] + d * x1,
                a * y0 + b * inner[0][1] + c * inner[1][1] + d * y1,
            )
        )
    return points
