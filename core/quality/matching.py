"""Which label of a run answers which label of a person: one match each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.quality.columns import Floats, Ints
from core.quality.overlap import Pairs

Flags = NDArray[np.bool_]
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Matches:
    """Who was matched with whom.

    Args:
        of_run: For each label of the run the person's label, or `NOBODY`.
        of_people: For each label of a person the run's, or `NOBODY`.
        overlap: Of each label of a person with its match, 0 without one.
        misplaced: Whether a person's label without any match overlaps a label of the run of its
            class that has none either, by less than the threshold; again one for one.
    """

    of_run: Ints
    of_people: Ints
    overlap: Floats
    misplaced: Flags


def matched(pairs: Pairs, run: Flags, people: int, least: float) -> Matches:
    """Match the pairs in their order, each label at most once.

    Args:
        pairs: As `pairs_of` orders them: one class before two, then by falling overlap.
        run: Which labels of the run take part, (n,).
        people: How many labels of people there are.
        least: The least overlap of a match.
    """
    of_run = np.full(len(run), NOBODY, np.int32)
    of_people = np.full(people, NOBODY, np.int32)
    overlap, misplaced = np.zeros(people), np.zeros(people, np.bool_)
    taken = np.zeros(len(run), np.bool_)
    _match(
        pairs.run, pairs.people, pairs.overlap, pairs.same, run, least,
        of_run, of_people, overlap, misplaced, taken,
    )  # fmt: skip
    return Matches(of_run, of_people, overlap, misplaced)


@compiled
def _match(
    ours: Ints,
    theirs: Ints,
    overlaps: Floats,
    same: int,
    takes_part: Flags,
    least: float,
    of_run: Ints,
    of_people: Ints,
    overlap: Floats,
    misplaced: Flags,
    taken: Flags,
) -> None:
    for n in range(len(ours)):
        i, j = ours[n], theirs[n]
        if overlaps[n] >= least and takes_part[i] and of_run[i] < 0 and of_people[j] < 0:
            of_run[i], of_people[j], overlap[j] = j, i, overlaps[n]
    for n in range(same):
        i, j = ours[n], theirs[n]
        free = of_run[i] < 0 and of_people[j] < 0 and not taken[i] and not misplaced[j]
        if overlaps[n] < least and takes_part[i] and free:
            taken[i], misplaced[j] = True, True
