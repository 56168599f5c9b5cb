"""The labels of a run judged by labels of people: per class, in total, and who was taken for whom.

A label of the run is *right* where it is matched with a person's label of its class. One that is
matched with a label of another class is wrong, and counts as `wrong_class` of the person's class.
A person's label without a match of its class is *missed*, *misplaced* ones among them; a label of
the run without any match is *made up*. Precision is right / labels of the run, recall is right /
labels of people, F1 = 2 right / (both together), IoU the mean overlap of what is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.quality.columns import BOX, SHAPE, Floats, Gathering, Ints, LabelColumns
from core.quality.matching import Flags, Matches, matched
from core.quality.overlap import Pairs, pairs_of
from core.quality.resample import DRAWS, Counts, Measured, measured, sums_drawn

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
    run, people = gathering.run.columns(), gathering.people.columns()
    left_out = {
        "run": dict(gathering.run.left_out),
        "people": dict(gathering.people.left_out),
    }
    ids = tuple(gathering.schema_ids)
    return Compared(tuple(assets), ids, run, people, pairs_of(run, people), left_out)


def quality(both: Compared, iou: float = IOU, least_score: float | None = None) -> Quality:
    """Judge the run.

    Args:
        both: The labels.
        iou: The least overlap of a match, from `overlap.LEAST` to 1.
        least_score: Labels of the run below it are left out; one without a score stays.
    """
    takes_part = scored(both.run, least_score)
    matches = matched(both.pairs, takes_part, len(both.people), iou)
    sums, confusion = tallied(both, matches, takes_part)
    seen = np.flatnonzero(confusion[:-1].sum(axis=1) + confusion[:, :-1].sum(axis=0))
    drawn = drawn_sums(sums)
    misplaced = np.bincount(both.people.schema[matches.misplaced], minlength=len(both.schema_ids))
    classes = tuple(
        _class(both.schema_ids[n], sums[:, n], drawn[:, n], confusion, [n], int(misplaced[n]))
        for n in seen.tolist()
    )
    everything = list(range(len(both.schema_ids)))
    total = _class(
        None, sums.sum(axis=1), drawn.sum(axis=1), confusion, everything, int(misplaced.sum())
    )
    shown = np.append(seen, len(both.schema_ids))
    return Quality(
        iou, least_score, classes, total, confusion[np.ix_(shown, shown)],
        tuple(both.schema_ids[n] for n in seen), matches, takes_part,
    )  # fmt: skip


def scored(run: LabelColumns, least: float | None) -> Flags:
    """Which labels have at least a score; those without one always."""
    return np.ones(len(run), np.bool_) if least is None else ~(run.score < least)


RIGHT, LABELS, PEOPLE, OVERLAP = 0, 1, 2, 3
"""What is summed per asset and class."""


def tallied(
    both: Compared, matches: Matches, takes_part: Flags
) -> tuple[Counts, NDArray[np.int64]]:
    """Per asset and class: right ones, labels of the run and of people, overlap of right ones.

    And labels by the person's class and the run's; nothing there is the last row and column.
    """
    side = len(both.schema_ids) + 1
    sums = np.zeros((len(both.assets), len(both.schema_ids), 4), np.float32)
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


def drawn_sums(sums: Counts) -> NDArray[np.float64]:
    """The sums over assets in each draw of assets, (`DRAWS`, classes, 4)."""
    flat = sums.reshape(len(sums), sums.shape[1] * sums.shape[2])
    return sums_drawn(flat).reshape(DRAWS, *sums.shape[1:])


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
            sums[run_asset[i], run_schema[i], LABELS] += 1
            if of_run[i] < 0:
                confusion[nothing, run_schema[i]] += 1
    for j in range(len(people_asset)):
        schema = people_schema[j]
        sums[people_asset[j], schema, PEOPLE] += 1
        other = nothing if of_people[j] < 0 else run_schema[of_people[j]]
        confusion[schema, other] += 1
        if other == schema:
            sums[people_asset[j], schema, RIGHT] += 1
            sums[people_asset[j], schema, OVERLAP] += overlap[j]


def _class(
    schema_id: str | None, sums: Counts, drawn: NDArray[np.float64],
    confusion: NDArray[np.int64], rows: list[int], misplaced: int,
) -> ClassQuality:  # fmt: skip
    whole = sums.sum(axis=0, dtype=np.float64)
    right, labels, people = (int(whole[n]) for n in (RIGHT, LABELS, PEOPLE))
    wrong = int(confusion[rows, :-1].sum() - confusion[rows, rows].sum())
    made_up = int(confusion[-1, rows].sum())

    def ratio(above: Factors, below: Factors) -> Measured:
        has = np.zeros(len(sums), np.bool_)
        for column in below:
            has |= sums[:, column] > 0
        return measured(
            _weighed(whole, above), _weighed(whole, below),
            _weighed(drawn.T, above), _weighed(drawn.T, below), int(has.sum()),
        )  # fmt: skip

    return ClassQuality(
        schema_id, labels, people, right, misplaced, wrong, people - right, made_up,
        precision=ratio({RIGHT: 1}, {LABELS: 1}),
        recall=ratio({RIGHT: 1}, {PEOPLE: 1}),
        f1=ratio({RIGHT: 2}, {LABELS: 1, PEOPLE: 1}),
        iou=ratio({OVERLAP: 1}, {RIGHT: 1}),
    )  # fmt: skip


Factors = Mapping[int, int]
"""How often each column counts."""


def _weighed(columns: Any, factors: Factors) -> Any:
    return sum(columns[column] * factor for column, factor in factors.items())
