"""Where a run is right and wrong, label by label: what the counts of a check stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.quality.check import Compared, Quality
from core.quality.columns import Ints
from core.quality.matching import NOBODY

Verdict = Literal["right", "mixed_up", "missed", "misplaced", "made_up"]
VERDICTS: Final[tuple[Verdict, ...]] = ("right", "mixed_up", "missed", "misplaced", "made_up")
MISTAKES: Final = VERDICTS[1:]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One row per label of a person, and per label of the run that answers none.

    Args:
        asset: Position of the asset.
        verdict: Position in `VERDICTS`.
        row: Position of the person's class, `NOBODY` where nothing is there.
        column: Position of the run's class, `NOBODY` where nothing is there.
        person: Position of the person's label, or `NOBODY`.
        label: Position of the run's label, or `NOBODY`.
    """

    asset: Ints
    verdict: Ints
    row: Ints
    column: Ints
    person: Ints
    label: Ints


@dataclass(frozen=True, slots=True)
class Spotted:
    """One asset with labels that somebody looks for.

    Args:
        asset: Its position.
        many: How many there are.
        people: Positions of the labels of people that are meant.
        run: Positions of the run's labels that are meant.
    """

    asset: int
    many: int
    people: frozenset[int]
    run: frozenset[int]


def outcomes(both: Compared, result: Quality) -> Outcomes:
    """How each label came out."""
    run, people, matches = both.run, both.people, result.matches
    person = np.arange(len(people), dtype=np.int32)
    label = matches.of_people
    column = np.where(label >= 0, run.schema[label], NOBODY) if len(run) else label
    verdict = np.full(len(people), VERDICTS.index("missed"))
    verdict[matches.misplaced] = VERDICTS.index("misplaced")
    verdict[label >= 0] = VERDICTS.index("mixed_up")
    verdict[column == people.schema] = VERDICTS.index("right")
    alone = np.flatnonzero(result.takes_part & (matches.of_run < 0)).astype(np.int32)
    nobody = np.full(len(alone), NOBODY, np.int32)
    made_up = np.full(len(alone), VERDICTS.index("made_up"))
    columns = (
        (people.asset, run.asset[alone]),
        (verdict, made_up),
        (people.schema, nobody),
        (column, run.schema[alone]),
        (person, nobody),
        (label, alone),
    )
    return Outcomes(*(np.concatenate(pair).astype(np.int32) for pair in columns))


def spotted(
    of: Outcomes, verdicts: tuple[Verdict, ...], cell: tuple[int, int] | None = None
) -> tuple[Spotted, ...]:
    """The assets with labels that came out so, those with most of them first.

    Args:
        of: How all labels came out.
        verdicts: What is looked for.
        cell: Only labels of this class of people and this class of the run, by position;
            `NOBODY` stands for nothing there. It may be a cell of right ones.
    """
    if cell is None:
        wanted = np.isin(of.verdict, [VERDICTS.index(one) for one in verdicts])
    else:
        wanted = (of.row == cell[0]) & (of.column == cell[1])
    rows = np.flatnonzero(wanted)
    assets, many = np.unique(of.asset[rows], return_counts=True)
    order = rows[np.argsort(of.asset[rows], kind="stable")]
    starts = np.concatenate(([0], np.cumsum(many)))
    worst = np.argsort(-many, kind="stable")
    return tuple(
        _spotted(of, int(assets[n]), order[starts[n] : starts[n + 1]]) for n in worst.tolist()
    )


def _spotted(of: Outcomes, asset: int, rows: NDArray[np.int64]) -> Spotted:
    people, run = (
        frozenset(one for one in side[rows].tolist() if one != NOBODY)
        for side in (of.person, of.label)
    )
    return Spotted(asset, len(rows), people, run)
