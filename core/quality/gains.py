"""Two runs on the same assets: what got better and worse by class, paired.

Both are held against the same labels of people; the interval of a difference draws assets anew for
both at once, so what makes an asset hard for both does not widen it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.quality.check import (
    LABELS,
    PEOPLE,
    RIGHT,
    Compared,
    quality,
    right_ones,
    tallied,
)
from core.quality.columns import Ints, LabelColumns
from core.quality.overlap import pairs_of
from core.quality.resample import difference, sums_drawn


@dataclass(frozen=True, slots=True)
class Gain:
    """What the second run does differently in one class; in all, where `schema_id` is None.

    Args:
        schema_id: The class.
        gained: Labels of people that only the second run has right.
        lost: Labels of people that only the first one has right.
        precision: Difference of precisions, second less first, with its 95 % interval; None where
            one of them has none.
        recall: The same of recalls.
    """

    schema_id: str | None
    gained: int
    lost: int
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None

    def as_dict(self) -> dict[str, Any]:
        """As the command line prints it."""
        figures: dict[str, Any] = {"gained": self.gained, "lost": self.lost}
        for name in ("precision", "recall"):
            value, low, high = getattr(self, name) or (None, None, None)
            figures |= {name: value, f"{name}_low": low, f"{name}_high": high}
        return {"schemaId": self.schema_id, **figures}


def gains(first: Compared, second: Compared, iou: float) -> tuple[Gain, ...]:
    """By class, and in total last.

    Args:
        first: A run and people.
        second: Another run and the same labels of people.
        iou: The least overlap of a match.
    """
    assets = [one for one in first.assets if one in set(second.assets)]
    ids = tuple(dict.fromkeys((*first.schema_ids, *second.schema_ids)))
    sides = [on_assets(one, assets, ids) for one in (first, second)]
    results = [quality(one, iou) for one in sides]
    right = [right_ones(one, two.matches) for one, two in zip(sides, results, strict=True)]
    sums = [tallied(one, two.matches, two.takes_part)[0]
            for one, two in zip(sides, results, strict=True)]  # fmt: skip
    drawn = [sums_drawn(one) for one in sums]
    schema = sides[0].people.schema
    rows = []
    for n, schema_id in (*enumerate(ids), (None, None)):
        columns = slice(None) if n is None else [n]
        here = np.ones(len(schema), bool) if n is None else schema == n
        whole = [one[..., columns].sum(axis=(0, 2), dtype=np.float64) for one in sums]
        draws = [one[..., columns].sum(axis=2) for one in drawn]
        if not any(one[LABELS] or one[PEOPLE] for one in whole):
            continue
        differences = (
            difference(
                [(one[RIGHT], one[below]) for one in whole],
                [(one[:, RIGHT], one[:, below]) for one in draws],
            )
            for below in (LABELS, PEOPLE)
        )
        rows.append(
            Gain(
                schema_id,
                int((~right[0] & right[1] & here).sum()),
                int((right[0] & ~right[1] & here).sum()),
                *differences,
            )
        )
    return tuple(rows)


def on_assets(both: Compared, assets: Sequence[str], schema_ids: Sequence[str]) -> Compared:
    """The same with some assets alone, in an order that others share, classes as well."""
    places = {asset: place for place, asset in enumerate(assets)}
    moved = np.array([places.get(one, -1) for one in both.assets], np.int32)
    classes = np.array([schema_ids.index(one) for one in both.schema_ids], np.int32)
    run, people = both.run, both.people
    asset_of = np.full(1 + max(run.group.max(initial=0), people.group.max(initial=0)), -1)
    for side in (run, people):
        asset_of[side.group] = moved[side.asset]
    groups = np.empty(len(asset_of), np.int32)
    groups[np.argsort(asset_of, kind="stable")] = np.arange(len(asset_of))
    run, people = (_moved(side, moved, classes, groups) for side in (run, people))
    return replace(
        both, assets=tuple(assets), schema_ids=tuple(schema_ids), run=run, people=people,
        pairs=pairs_of(run, people),
    )  # fmt: skip


def _moved(side: LabelColumns, assets: Ints, classes: Ints, groups: Ints) -> LabelColumns:
    """Labels with new positions of assets, classes and groups, in the order of their groups."""
    order = np.lexsort((side.place, groups[side.group]))
    left = side.take(order[assets[side.asset[order]] >= 0])
    return replace(
        left,
        asset=assets[left.asset],
        group=groups[left.group],
        schema=classes[left.schema],
    )
