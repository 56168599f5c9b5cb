"""The labels of a run judged by labels of people: per class, in total, and who was taken for whom.

A label of the run is *right* where it is matched with a person's label of its class. One that is
matched with a label of another class is wrong, and counts as `wrong_class` of the person's class.
A person's label without a match of its class is *missed*, *misplaced* ones among them; a label of
the run without any match is *made up*. Precision is right / labels of the run, recall is right /
labels of people, F1 = 2 right / (both together), IoU the mean overlap of what is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.quality.columns import BOX, SHAPE, Floats, Gathering, Ints, LabelColumns
from core.quality.matching import Flags, Matches, matched
from core.quality.overlap import Pairs, pairs_of
from core.quality.resample import Counts, Measured, measured, sums_drawn

IOU: Final = 0.5
"""The overlap from which two labels are matched, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Labels of a run and of people on the same assets, ready to be matched.

    Args:
        assets: Asset ids.
        schema_ids: Schema IDs by position.
        run: Labels of the run.
        people: Labels of people.
        pairs: What overlaps.
        left_out: Labels that cannot be compared, by side (`run`, `people`) and what they are.
    """

    assets: tuple[str, ...]
    schema_ids: tuple[str, ...]
    run: LabelColumns
    people: LabelColumns
    pairs: Pairs
    left_out: Mapping[str, Mapping[str, int]]

    @property
    def has_scores(self) -> bool:
        """Whether a label of the run carries a score."""
        return bool((~np.isnan(self.run.score)).any())


def unlike(both: Compared) -> tuple[str, ...]:
    """Schema IDs of classes that never overlap: areas on one side, points or answers on the other.

    So a box of a run on a person's point is made up, and the point missed.
    """
    kinds = [
        {(schema, "area" if kind in (BOX, SHAPE) else kind) for schema, kind in
         zip(side.schema.tolist(), side.kind.tolist(), strict=True)}
        for side in (both.run, both.people)
    ]  # fmt: skip
    of_run, of_people = ({schema for schema, _ in side} for side in kinds)
    alike = {schema for schema, _ in kinds[0] & kinds[1]}
    return tuple(both.schema_ids[n] for n in sorted((of_run & of_people) - alike))


@dataclass(frozen=True, slots=True)
class ClassQuality:
    """How the labels of one class came out; of all classes, where `schema_id` is None.

    `labels` are the run's, `people` those of people; see the module for the other counts.
    """

    schema_id: str | None
    labels: int
    people: int
    right: int
    misplaced: int
    wrong_class: int
    missed: int
    made_up: int
    precision: Measured
    recall: Measured
    f1: Measured
    iou: Measured


@dataclass(frozen=True, slots=True)
class Quality:
    """A run held against people.

    Args:
        iou: The least overlap of a match.
        least_score: Labels of the run below it are left out, None for none.
        classes: By class, in the order of `Compared.schema_ids`; without those
            that nobody used.
        total: All of them together.
        confusion: Labels by the person's class and the run's, nothing there last: (n + 1, n + 1)
            in the order of `schema_ids`.
        schema_ids: Of `classes`.
        matches: Who was matched with whom.
        takes_part: Which labels of the run take part.
    """

    iou: float
    least_score: float | None
    classes: tuple[ClassQuality, ...]
    total: ClassQuality
    confusion: NDArray[np.int64]
    schema_ids: tuple[str, ...]
    matches: Matches
    takes_part: Flags


def compared(gathering: Gathering, assets: Sequence[str]) -> Compared:
    """What was gathered, with its overlaps."""
    run, people = gathering.columns()
    left_out = {
        "run": dict(gathering.run.left_out),
        "people": dict(gathering.people.left_out),
    }
    ids = tuple(gathering.schema_ids)
    return Compared(tuple(assets), ids, run, people, pairs_of(run, people), left_out)


def quality(both: Compared, iou: float = IOU, least_score: float | None = None) -> Quality:
    """Judge the run once; see `Judge.quality`."""
    return Judge.of(both).quality(iou, least_score)


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges a run at one threshold after another; what none of them changes is drawn once.

    Args:
        both: The labels.
        drawn: Labels of the run, none left out, and of people in each draw of assets,
            (`DRAWS`, 2, classes).
    """

    both: Compared
    drawn: Floats

    @classmethod
    def of(cls, both: Compared) -> Judge:
        """One for these labels."""
        size = len(both.assets), len(both.schema_ids)
        counts = np.zeros((size[0], 2, size[1]), np.float32)
        for place, side in enumerate((both.run, both.people)):
            cells = side.asset.astype(np.int64) * size[1] + side.schema
            counts[:, place] = np.bincount(cells, minlength=size[0] * size[1]).reshape(size)
        return cls(both, sums_drawn(counts))

    def quality(self, iou: float = IOU, least_score: float | None = None) -> Quality:
        """Judge the run.

        Args:
            iou: The least overlap of a match, from `overlap.LEAST` to 1.
            least_score: Labels of the run below it are left out; one without a score stays.
        """
        both = self.both
        takes_part = scored(both.run, least_score)
        matches = matched(both.pairs, takes_part, len(both.people), iou)
        sums, confusion = tallied(both, matches, takes_part)
        changed = LABELS if takes_part.all() else PEOPLE  # and what stands before it
        kept = self.drawn[:, changed - LABELS :]
        drawn = np.concatenate((sums_drawn(sums[:, :changed]), kept), axis=1)
        misplaced = np.bincount(
            both.people.schema[matches.misplaced], minlength=len(both.schema_ids)
        )
        *classes, total = _classes(both.schema_ids, sums, drawn, confusion, misplaced)
        seen = [n for n, one in enumerate(classes) if one.labels or one.people]
        shown = [*seen, len(both.schema_ids)]
        return Quality(
            iou, least_score, tuple(classes[n] for n in seen), total,
            confusion[np.ix_(shown, shown)], tuple(both.schema_ids[n] for n in seen),
            matches, takes_part,
        )  # fmt: skip


def scored(run: LabelColumns, least: float | None) -> Flags:
    """Which labels have at least a score; those without one always."""
    return np.ones(len(run), np.bool_) if least is None else ~(run.score < least)


RIGHT, OVERLAP, LABELS, PEOPLE = 0, 1, 2, 3
"""What is summed per asset and class."""


def tallied(
    both: Compared, matches: Matches, takes_part: Flags
) -> tuple[Counts, NDArray[np.int64]]:
    """Per asset what is summed, by class, (assets, 4, classes).

    And labels by the person's class and the run's; nothing there is the last row and column.
    """
    side = len(both.schema_ids) + 1
    sums = np.zeros((len(both.assets), 4, len(both.schema_ids)), np.float32)
    confusion = np.zeros((side, side), np.int64)
    run, people = both.run, both.people
    _tally(
        run.asset, run.schema, takes_part, matches.of_run,
        people.asset, people.schema, matches.of_people, matches.overlap, sums, confusion,
    )  # fmt: skip
    return sums, confusion


def right_ones(both: Compared, matches: Matches) -> Flags:
    """Which labels of people are matched with one of their class."""
    there = matches.of_people >= 0
    right = there.copy()
    right[there] = both.run.schema[matches.of_people[there]] == both.people.schema[there]
    return right


@compiled
def _tally(
    run_asset: Ints,
    run_schema: Ints,
    takes_part: Flags,
    of_run: Ints,
    people_asset: Ints,
    people_schema: Ints,
    of_people: Ints,
    overlap: Floats,
    sums: Counts,
    confusion: NDArray[np.int64],
) -> None:
    nothing = len(confusion) - 1
    for i in range(len(run_asset)):
        if takes_part[i]:
            sums[run_asset[i], LABELS, run_schema[i]] += 1
            if of_run[i] < 0:
                confusion[nothing, run_schema[i]] += 1
    for j in range(len(people_asset)):
        schema = people_schema[j]
        sums[people_asset[j], PEOPLE, schema] += 1
        other = nothing if of_people[j] < 0 else run_schema[of_people[j]]
        confusion[schema, other] += 1
        if other == schema:
            sums[people_asset[j], RIGHT, schema] += 1
            sums[people_asset[j], OVERLAP, schema] += overlap[j]


def _classes(
    schema_ids: Sequence[str], sums: Counts, drawn: Floats, confusion: NDArray[np.int64],
    misplaced: NDArray[np.int64],
) -> Iterator[ClassQuality]:  # fmt: skip
    """By class, and all together last."""
    has = np.zeros((4, len(schema_ids) + 1), np.int64)
    _count_assets(sums, has)
    whole = _and_all(sums.sum(axis=0, dtype=np.float64))
    right, overlap, labels, people = whole
    each = _and_all(drawn).swapaxes(0, 1)
    ratios = zip(
        measured(right, labels, each[RIGHT], each[LABELS], has[LABELS]),
        measured(right, people, each[RIGHT], each[PEOPLE], has[PEOPLE]),
        measured(
            2 * right, labels + people, 2 * each[RIGHT], each[LABELS] + each[PEOPLE], has[EITHER]
        ),
        measured(overlap, right, each[OVERLAP], each[RIGHT], has[RIGHT]),
        strict=True,
    )  # fmt: skip
    wrong = confusion[:-1, :-1].sum(axis=1) - confusion.diagonal()[:-1]
    columns = (labels, people, right, _and_all(misplaced), _and_all(wrong), people - right,
               _and_all(confusion[-1, :-1]))  # fmt: skip
    table = np.stack(columns, axis=1).astype(np.int64).tolist()
    for schema_id, counts, shares in zip((*schema_ids, None), table, ratios, strict=True):
        yield ClassQuality(schema_id, *(*counts, *shares))


def _and_all(columns: Any) -> Any:
    """What there is of each class, and of all of them last."""
    return np.concatenate((columns, columns.sum(axis=-1, keepdims=True)), axis=-1)


EITHER: Final = OVERLAP
"""Assets are never counted by overlap; there stands how many have a label of either side."""


@compiled
def _count_assets(sums: Counts, has: NDArray[np.int64]) -> None:
    """How many assets have something of each class, and of any last."""
    classes = sums.shape[2]
    for asset in range(len(sums)):
        any_right, any_label, any_person = False, False, False
        for n in range(classes):
            right, label = sums[asset, RIGHT, n] > 0, sums[asset, LABELS, n] > 0
            person = sums[asset, PEOPLE, n] > 0
            has[RIGHT, n] += right
            has[LABELS, n] += label
            has[PEOPLE, n] += person
            has[EITHER, n] += label or person
            any_right, any_label = any_right or right, any_label or label
            any_person = any_person or person
        has[RIGHT, classes] += any_right
        has[LABELS, classes] += any_label
        has[PEOPLE, classes] += any_person
        has[EITHER, classes] += any_label or any_person
