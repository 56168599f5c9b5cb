"""Which mapping of classes the labels themselves ask for: what lies on what people labelled.

Labels of a probe are matched with people's whatever their classes, by falling overlap; then areas
with the points in them, since a model may well draw what people only mark. The mapping
takes one project class for each model class so that most labels are explained together (an
assignment problem, solved by scipy). Only where a class of the model lies on another class at least
twice as often as on the one that was left for it, it gets that one, too: two classes of a model
may well be one of the project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from core.proportions import proportion_interval
from core.quality.check import IOU, Compared
from core.quality.matching import matched
from core.quality.overlap import Pairs, points_inside

TWICE: Final = 2
STRONG: Final = 0.5
"""Where the least share that the counts allow is above it, the evidence is strong."""
Trust = Literal["strong", "weak", "none"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the labels of one model class lie on.

    Args:
        model_class: Its name.
        schema_id: The project class that explains most of them, None where nothing does.
        support: How many of its labels lie on that class.
        of: How many labels it has on the assets that were compared.
        trust: `strong` where the exact 95 % interval of support / of lies above a half.
        on: How many lie on each class, by schema ID, most first.
    """

    model_class: str
    schema_id: str | None
    support: int
    of: int
    trust: Trust
    on: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """Which part lies there."""
        return self.support / self.of if self.of else None

    def as_dict(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "modelClass": self.model_class,
            "schemaId": self.schema_id,
            "support": self.support,
            "of": self.of,
            "share": self.share,
            "trust": self.trust,
            "on": dict(self.on),
        }


def proposed(both: Compared, minted: Mapping[str, str], iou: float = IOU) -> tuple[Evidence, ...]:
    """The mapping that explains most labels.

    Args:
        both: Labels of a probe and of people.
        minted: The model class of each schema ID that the probe gave out, in their order.
        iou: The least overlap at which a label lies on another.
    """
    classes = [one for one in both.schema_ids if one not in minted]
    counts, labels = _lying_on(both, minted, classes, iou)
    chosen = _assigned(counts)
    evidence = []
    for row, name in enumerate(minted.values()):
        column = chosen.get(row)
        support = 0 if column is None else int(counts[row, column])
        order = np.argsort(-counts[row], kind="stable").tolist()
        on = {classes[n]: int(counts[row, n]) for n in order if counts[row, n]}
        evidence.append(
            Evidence(
                name, classes[column] if column is not None and support else None,
                support, labels[row], _trust(support, labels[row]), on,
            )
        )  # fmt: skip
    return tuple(evidence)


def _lying_on(
    both: Compared, minted: Mapping[str, str], classes: list[str], iou: float
) -> tuple[NDArray[np.int64], list[int]]:
    """Matches by model class and project class, and labels by model class."""
    everything = np.ones(len(both.run), np.bool_)
    matches = matched(_with_points(both), everything, len(both.people), iou)
    rows = {schema_id: n for n, schema_id in enumerate(minted)}
    columns = {schema_id: n for n, schema_id in enumerate(classes)}
    counts = np.zeros((len(rows), len(columns)), np.int64)
    there = np.flatnonzero(matches.of_people >= 0)
    for person, label in zip(there.tolist(), matches.of_people[there].tolist(), strict=True):
        row = rows.get(both.schema_ids[both.run.schema[label]])
        column = columns.get(both.schema_ids[both.people.schema[person]])
        if row is not None and column is not None:
            counts[row, column] += 1
    many = np.bincount(both.run.schema, minlength=len(both.schema_ids))
    known = {one: int(many[n]) for n, one in enumerate(both.schema_ids)}
    return counts, [known.get(one, 0) for one in minted]


def _with_points(both: Compared) -> Pairs:
    """What overlaps, and behind it what lies in what, as if it did so wholly."""
    ours, theirs = points_inside(both.run, both.people)
    pairs = both.pairs
    return Pairs(
        np.append(pairs.run, ours), np.append(pairs.people, theirs),
        np.append(pairs.overlap, np.ones(len(ours))), pairs.same,
    )  # fmt: skip


def _assigned(counts: NDArray[np.int64]) -> dict[int, int]:
    if not counts.size:
        return {}
    chosen = dict(zip(*(side.tolist() for side in linear_sum_assignment(-counts)), strict=True))
    for row, supports in enumerate(counts):
        best = int(supports.argmax())
        left = supports[chosen[row]] if row in chosen else 0
        if supports[best] >= TWICE * left and supports[best] > left:
            chosen[row] = best
    return chosen


def _trust(support: int, of: int) -> Trust:
    if not support:
        return "none"
    return "strong" if proportion_interval(support, of)[0] > STRONG else "weak"
