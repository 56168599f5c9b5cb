"""What would be left for people to do, had labels below a score been left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.model.numbers import read_number
from core.quality.check import Compared, right_ones, scored
from core.quality.columns import Ints
from core.quality.matching import matched

STEPS: Final = tuple(n / 50 for n in range(51))


@dataclass(frozen=True, slots=True)
class Prices:
    """What each correction costs, in whatever unit: seconds, cents.

    Args:
        remove: A label that should not be there.
        add: A label that is missing.
        move: A label of the right class at the wrong place.
        rename: A label at the right place with the wrong class.
    """

    remove: float = 1.0
    add: float = 5.0
    move: float = 3.0
    rename: float = 2.0


@dataclass(frozen=True, slots=True)
class AtScore:
    """What is left of the run's labels from a score on, and what people would correct.

    Args:
        least: The score.
        labels: Labels of the run.
        people: Labels of people.
        right: Labels that are right.
        remove: Labels to be removed.
        add: Labels to be drawn.
        move: Labels to be moved.
        rename: Labels to be given another class.
        tasks: Assets.
    """

    least: float
    labels: int
    people: int
    right: int
    remove: int
    add: int
    move: int
    rename: int
    tasks: int

    @property
    def precision(self) -> float | None:
        """Right labels among those of the run."""
        return self.right / self.labels if self.labels else None

    @property
    def recall(self) -> float | None:
        """Right labels among those of people."""
        return self.right / self.people if self.people else None

    def cost(self, prices: Prices) -> float:
        """What all corrections cost."""
        return (
            self.remove * prices.remove
            + self.add * prices.add
            + self.move * prices.move
            + self.rename * prices.rename
        )

    def as_dict(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "score": self.least,
            "labels": self.labels,
            "right": self.right,
            "precision": self.precision,
            "recall": self.recall,
            "remove": self.remove,
            "add": self.add,
            "move": self.move,
            "rename": self.rename,
        }


def read_prices(text: str, place: str) -> Prices:
    """Prices as people type them: `remove=1,add=5`; what is not named keeps its own.

    Raises:
        InputError: A word is no price.
    """
    prices = Prices()
    for word in filter(None, text.split(",")):
        name, _, value = word.partition("=")
        try:
            price = read_number(value)
            if price < 0 or name.strip() not in Prices.__slots__:
                raise ValueError
        except ValueError as error:
            hint = "Write remove=1,add=5,move=3,rename=2."
            raise InputError(place, f"“{word[:40]}” is no price of a correction.", hint) from error
        prices = replace(prices, **{name.strip(): price})
    return prices


def swept(
    both: Compared, iou: float, steps: Sequence[float] = STEPS
) -> dict[str | None, tuple[AtScore, ...]]:
    """The labels from each score on: by schema ID, and in total under None.

    A label that is to be moved answers a misplaced one of a person; both are one correction.

    Args:
        both: The labels; one without a score is always there.
        iou: The least overlap of a match.
        steps: Scores.
    """
    rows: dict[str | None, list[AtScore]] = {one: [] for one in (*both.schema_ids, None)}
    people = _by_class(both, both.people.schema)
    for least in steps:
        takes_part = scored(both.run, least)
        matches = matched(both.pairs, takes_part, len(both.people), iou)
        same = right_ones(both, matches)
        right = _by_class(both, both.people.schema[same])
        rename = _by_class(both, both.people.schema[(matches.of_people >= 0) & ~same])
        move = _by_class(both, both.people.schema[matches.misplaced])
        labels = _by_class(both, both.run.schema[takes_part])
        made_up = _by_class(both, both.run.schema[takes_part & (matches.of_run < 0)])
        remove, add = made_up - move, people - right - rename - move
        tasks = np.full_like(people, len(both.assets))
        columns = (labels, people, right, remove, add, move, rename, tasks)
        table = np.stack(columns, axis=1).tolist()
        for some, counts in zip(rows.values(), table, strict=True):
            some.append(AtScore(least, *counts))
    return {one: tuple(some) for one, some in rows.items()}


def _by_class(both: Compared, schema: Ints) -> NDArray[np.int64]:
    """How many there are of each class, and in all last."""
    many = np.bincount(schema, minlength=len(both.schema_ids))
    return np.append(many, many.sum())


def cheapest(rows: Sequence[AtScore], prices: Prices) -> AtScore:
    """The score with the least cost; of equal ones the lowest, which keeps most labels."""
    return min(rows, key=lambda row: (row.cost(prices), row.least))
