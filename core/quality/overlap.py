"""How much each label of a run overlaps each label of a person on the same asset and page.

Areas by intersection over union: level boxes compiled, everything else by GEOS (`shapely`). Two
points overlap by 1 - distance / `POINT_REACH`, two answers wholly where question and answer are the
same. Things of different kinds (a point, an area, an answer) do not overlap. Boxes of no area have
none in common with anything, as with COCO.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from core.compiled import compiled
from core.errors import InputError
from core.quality.columns import ANSWER, BOX, POINT, SHAPE, Floats, Ints, LabelColumns

LEAST: Final = 0.1
"""Smaller overlaps say nothing; no threshold can be lower."""
POINT_REACH: Final = 20.0
"""Pixels at which two points stop to overlap; half of it is an overlap of a half."""
_UNKNOWN: Final = -1.0


def check_least(least: float) -> float:
    """A least overlap that somebody asked for.

    Raises:
        InputError: It is below `LEAST`.
    """
    if least < LEAST:
        raise InputError("--iou", "is below 0.1, where an overlap says nothing.", "Take 0.5.")
    return least


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of overlapping labels, in the order in which they are matched.

    Pairs of one class come first; of these the greater overlap; of equal ones the earlier label of
    the person, then of the run, as they stand in their tasks.

    Args:
        run: Positions of the run's labels.
        people: Positions of the people's labels.
        overlap: From `LEAST` to 1.
        same: How many of the pairs, the first, are of one class.
    """

    run: Ints
    people: Ints
    overlap: Floats
    same: int


def pairs_of(run: LabelColumns, people: LabelColumns) -> Pairs:
    """All pairs that overlap by `LEAST` or more.

    Args:
        run: Labels of the run, in the order of their groups.
        people: Labels of people, with the same numbers of groups and classes.
    """
    sides = (run.corners, run.kind, run.schema, people.corners, people.kind, people.schema)
    ours, theirs, overlap = _noted(run, people, _fill, sides)
    _measure_shapes(run, people, ours, theirs, overlap)
    overlap[overlap < LEAST] = 0
    same = run.schema[ours] == people.schema[theirs]
    # as they were noted, of equal ones the earlier come first
    falling = np.argsort(-overlap, kind="stable")[: np.count_nonzero(overlap)]
    of_one_class = same[falling]
    order = np.concatenate((falling[of_one_class], falling[~of_one_class]))
    return Pairs(ours[order], theirs[order], overlap[order], int(of_one_class.sum()))


def points_inside(run: LabelColumns, people: LabelColumns) -> tuple[Ints, Ints]:
    """Pairs of a point and an area around it or an area and a point in it, the least area first."""
    sides = run.corners, run.kind, people.corners, people.kind
    ours, theirs, size = _noted(run, people, _enclose, sides)
    for side, positions, others in ((run, ours, theirs), (people, theirs, ours)):
        other = people if side is run else run
        shapes = np.flatnonzero(side.kind[positions] == SHAPE)
        areas = _areas(side, positions[shapes])
        at = other.corners[others[shapes]]
        size[shapes] = np.where(
            shapely.intersects_xy(areas, at[:, 0], at[:, 1]), shapely.area(areas), np.inf
        )
    order = np.argsort(size, kind="stable")[: np.count_nonzero(size < np.inf)]
    return ours[order], theirs[order]


def _noted(
    run: LabelColumns, people: LabelColumns, fill: Callable[..., int],
    sides: tuple[NDArray[Any], ...],
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Pairs with a number each, by the label of the person, then of the run.

    Args:
        run: Labels of the run.
        people: Labels of people.
        fill: Notes pairs as far as there is room, and says how many there are.
        sides: The columns that it looks at.
    """
    groups = 1 + max((int(s.group[-1]) for s in (run, people) if len(s)), default=-1)
    run_at, people_at = (np.searchsorted(s.group, np.arange(groups + 1)) for s in (run, people))
    many, room = 0, 2 * max(len(run), len(people))
    while True:
        ours, theirs, number = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
        many = fill(run_at, people_at, *sides, ours, theirs, number)
        if many <= room:
            return ours[:many], theirs[:many], number[:many]
        room = many


@compiled
def _enclose(
    run_at: NDArray[np.int64],
    people_at: NDArray[np.int64],
    a: Floats,
    a_kind: Ints,
    b: Floats,
    b_kind: Ints,
    ours: Ints,
    theirs: Ints,
    size: Floats,
) -> int:
    """Count the pairs of a point and a box around it, and note them as far as there is room."""
    many = 0
    for group in range(len(run_at) - 1):
        for j in range(people_at[group], people_at[group + 1]):
            for i in range(run_at[group], run_at[group + 1]):
                inside = (a_kind[i] == POINT) != (b_kind[j] == POINT)
                if a_kind[i] == ANSWER or b_kind[j] == ANSWER or not inside:
                    continue
                wide = min(a[i, 2], b[j, 2]) - max(a[i, 0], b[j, 0])
                high = min(a[i, 3], b[j, 3]) - max(a[i, 1], b[j, 1])
                if wide >= 0.0 and high >= 0.0:
                    if many < len(ours):
                        ours[many], theirs[many] = i, j
                        # of the two the area is the one that has a size
                        size[many] = (a[i, 2] - a[i, 0]) * (a[i, 3] - a[i, 1])
                        size[many] += (b[j, 2] - b[j, 0]) * (b[j, 3] - b[j, 1])
                    many += 1
    return many


@compiled
def _fill(
    run_at: NDArray[np.int64],
    people_at: NDArray[np.int64],
    a: Floats,
    a_kind: Ints,
    a_schema: Ints,
    b: Floats,
    b_kind: Ints,
    b_schema: Ints,
    ours: Ints,
    theirs: Ints,
    overlap: Floats,
) -> int:
    """Count the pairs that may overlap, and note them as far as there is room.

    By the label of the person, then of the run.
    """
    many = 0
    for group in range(len(run_at) - 1):
        for j in range(people_at[group], people_at[group + 1]):
            for i in range(run_at[group], run_at[group + 1]):
                near = 0.0
                if a_kind[i] == ANSWER or b_kind[j] == ANSWER:
                    alike = a_kind[i] == b_kind[j] and a_schema[i] == b_schema[j]
                    near = 1.0 if alike and a[i, 0] == b[j, 0] else 0.0
                elif a_kind[i] == POINT or b_kind[j] == POINT:
                    if a_kind[i] == b_kind[j]:
                        x, y = a[i, 0] - b[j, 0], a[i, 1] - b[j, 1]
                        near = 1.0 - np.sqrt(x * x + y * y) / POINT_REACH
                else:
                    wide = min(a[i, 2], b[j, 2]) - max(a[i, 0], b[j, 0])
                    high = min(a[i, 3], b[j, 3]) - max(a[i, 1], b[j, 1])
                    if wide > 0.0 and high > 0.0:
                        if a_kind[i] == SHAPE or b_kind[j] == SHAPE:
                            near = _UNKNOWN
                        else:
                            both = wide * high
                            area = (a[i, 2] - a[i, 0]) * (a[i, 3] - a[i, 1])
                            other = (b[j, 2] - b[j, 0]) * (b[j, 3] - b[j, 1])
                            near = both / (area + other - both)
                if near >= LEAST or near == _UNKNOWN:
                    if many < len(ours):
                        ours[many], theirs[many], overlap[many] = i, j, near
                    many += 1
    return many


def _measure_shapes(
    run: LabelColumns, people: LabelColumns, ours: Ints, theirs: Ints, overlap: Floats
) -> None:
    """Fill in the overlaps that boxes alone do not tell."""
    open_ones = np.flatnonzero(overlap == _UNKNOWN)
    if not len(open_ones):
        return
    one = _areas(run, ours[open_ones])
    other = _areas(people, theirs[open_ones])
    both = shapely.area(shapely.intersection(one, other))
    union = shapely.area(one) + shapely.area(other) - both
    measured = np.zeros(len(open_ones))
    np.divide(both, union, out=measured, where=union > 0)
    overlap[open_ones] = measured


def _areas(side: LabelColumns, positions: Ints) -> NDArray[np.object_]:
    areas = shapely.box(*side.corners[positions].T)
    for row, position in enumerate(positions):
        if side.kind[position] != BOX:
            areas[row] = side.areas[int(position)]
    return np.asarray(areas, dtype=object)
