"""Does the hub do what the scenario says? Observed counts against their exact distribution.

Each count is tested by itself: twice the smaller tail of its exact distribution, a sum of binomials
(`core.logic.binomial`). That holds for few tasks as for many, where a chi-square or G test is only
near, and it says which output is off. Several counts are judged together by Holm's step-down
correction (Holm 1979), which needs no independence; two counts that make a fixed sum are one test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import InputError
from core.logic.binomial import HIGH, LOW, count_window
from core.logic.sentence import joined
from core.logic.shape import Shape
from core.tasks.table import Floats

LEVEL = 0.05
"""Chance that a hub which behaves is called off."""

Basis = Literal["these tasks", "tasks like these"]
Groups = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One observed count.

    Args:
        label: Of the output or stage.
        observed: Tasks.
        expected: Mean under the scenario.
        low: Lower end of the exact central 95 % interval.
        high: Upper end.
        p: Chance of a count at least as far out, from 0 to 1; 1 where chance plays no part and
            the count is right, 0 where it cannot be.
        adjusted: The same after Holm's correction over all counts that chance plays a part in.
    """

    label: str
    observed: int
    expected: float
    low: int
    high: int
    p: float
    adjusted: float

    @property
    def off(self) -> bool:
        """Whether chance does not explain it."""
        return self.adjusted <= LEVEL


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The verdict.

    Args:
        total: Observed tasks.
        basis: Whether they are the tasks looked at, or others like them.
        counts: In the order given.
        behaving: Whether chance explains all of them.
        sentences: What is off and what to check, or that nothing is.
    """

    total: int
    basis: Basis
    counts: tuple[Seen, ...]
    behaving: bool
    sentences: tuple[str, ...]


def behaviour(
    shape: Shape,
    members: Sequence[Sequence[int]],
    labels: Sequence[str],
    observed: Sequence[int],
    basis: Basis | None = None,
) -> Behaviour:
    """Judge observed counts.

    As many tasks as the scenario looks at are taken for the same tasks, whose certain ways are
    fixed; another number of tasks is taken as drawn from tasks like these, each going each way with
    the scenario's share.

    Args:
        shape: The scenario's tasks.
        members: Outputs that each count is about, by position; all outputs once.
        labels: What to call each count.
        observed: Tasks seen.
        basis: Whose counts they are; by default told from how many there are.

    Raises:
        InputError: A negative count, another number of counts, no task seen, or no task looked at.
    """
    _refuse_unusable(shape, labels, observed)
    total = sum(observed)
    if basis is None or total != shape.tasks:
        basis = "these tasks" if total == shape.tasks else "tasks like these"
    same = basis == "these tasks"
    windows = [_window(shape, outputs, total, same) for outputs in members]
    tails = [_p_value(*window, count) for window, count in zip(windows, observed, strict=True)]
    chancy = [len(weights) > 1 for _, weights in windows]
    adjusted = _holm(tails, chancy)
    counts = []
    for place, (first, weights) in enumerate(windows):
        low, high = _interval(first, weights)
        mean = float(first + np.arange(len(weights)) @ weights)
        counts.append(
            Seen(labels[place], observed[place], mean, low, high, tails[place], adjusted[place])
        )
    behaving = not any(count.off for count in counts)
    return Behaviour(total, basis, tuple(counts), behaving, _sentences(counts, total, behaving))


def _refuse_unusable(shape: Shape, labels: Sequence[str], observed: Sequence[int]) -> None:
    if len(observed) != len(labels):
        raise InputError(
            "The observed counts",
            f"{len(labels)} are needed, {len(observed)} were given.",
            f"Give one each for {', '.join(labels)}.",
        )
    if any(count < 0 for count in observed):
        raise InputError(
            "The observed counts", f"{min(observed)} is negative.", "Give numbers from 0 on."
        )
    if not sum(observed):
        raise InputError("The observed counts", "no task was seen.", "Give at least one task.")
    if not shape.tasks:
        raise InputError(
            "The scenario", "no task is looked at.", "Widen the selection in the sidebar."
        )


def _window(shape: Shape, outputs: Sequence[int], total: int, same: bool) -> tuple[int, Floats]:
    """Distribution of the number of tasks that leave through any of some outputs."""
    groups = _groups(shape, outputs)
    if same:
        return count_window(groups)
    tasks = sum(n for n, p in groups if p == 1.0)
    share = 1.0 if tasks == shape.tasks else sum(n * p for n, p in groups) / shape.tasks
    return count_window([(total, share)])


def _groups(shape: Shape, outputs: Sequence[int]) -> Groups:
    """(tasks, probability) by fate: the certain rule that would take them."""
    found = []
    for fate, tasks in enumerate(shape.fates):
        if not tasks:
            continue
        passing = [o for o in range(fate) if shape.chances[o] is not None]
        ways = [(o, shape.left(o) * (shape.chances[o] or 0.0)) for o in passing]
        ways.append((fate, shape.left(fate)))
        inside = [p for o, p in ways if o in outputs]
        outside = [p for o, p in ways if o not in outputs]
        # what can go nowhere else goes here whatever the draws, also where chances are rounded
        found.append((tasks, sum(inside) if any(outside) else 1.0))
    return [(tasks, chance) for tasks, chance in found if chance > 0]


def _interval(first: int, weights: Floats) -> tuple[int, int]:
    below = np.cumsum(weights)
    below /= below[-1]
    low, high = np.searchsorted(below, (LOW, HIGH))
    return first + int(low), first + int(high)


def _p_value(first: int, weights: Floats, count: int) -> float:
    """Twice the smaller tail, the count included; at most 1."""
    place = count - first
    if not 0 <= place < len(weights):
        return 0.0
    total = weights.sum()
    tail = min(weights[: place + 1].sum(), weights[place:].sum()) / total
    return min(1.0, 2 * float(tail))


def _holm(tails: Sequence[float], chancy: Sequence[bool]) -> list[float]:
    """Adjusted chances; what no chance plays a part in stays as it is."""
    order = sorted((i for i, free in enumerate(chancy) if free), key=lambda i: tails[i])
    tests = 1 if len(order) == 2 else len(order)  # two that make a fixed sum are one question
    found, most = list(tails), 0.0
    for rank, place in enumerate(order):
        most = max(most, min(1.0, tails[place] * max(1, tests - rank)))
        found[place] = most
    return found


def _sentences(counts: Sequence[Seen], total: int, behaving: bool) -> tuple[str, ...]:
    if behaving:
        outside = [c.label for c in counts if not c.low <= c.observed <= c.high]
        found = ["The counts are what the scenario expects; chance explains the differences."]
        if outside:
            found.append(
                f"{joined(outside, 'and')} {'is' if len(outside) == 1 else 'are'} outside the own "
                f"95 % interval, which happens by chance among {len(counts)} counts."
            )
        return tuple(found)
    found = []
    for count in counts:
        if not count.off:
            continue
        wide = count.low < count.high
        span = f"outside {count.low:,} to {count.high:,}" if wide else f"not {count.low:,}"
        found.append(
            f"{count.label}: {count.observed:,} of {total:,} is {span}: check the rule's "
            "order, the batch, or the setting."
        )
    return tuple(found)


_NUMBER = re.compile(r"\d{1,3}(?:[ ,.\u00a0\u202f'’]\d{3})+(?!\d)|\d+")


def read_counts(text: str, labels: Sequence[str]) -> tuple[int, ...]:
    """Counts out of pasted text: `31, 69`, or a line per output with its number last.

    Raises:
        InputError: Not as many numbers as labels.
    """
    lines = [line for line in text.splitlines() if re.search(r"\d", line)]
    if len(lines) == len(labels) > 1:
        parts = [re.split(r"[\t;:|]|\s{2,}", line.strip())[-1] for line in lines]
        found = [_NUMBER.findall(part)[-1:] for part in parts]
        numbers = [each[0] for each in found if each]
    else:
        numbers = re.findall(r"\d+", text)
    if len(numbers) != len(labels):
        raise InputError(
            "The pasted counts",
            f"{len(numbers)} numbers were found, {len(labels)} are needed.",
            f"Paste one each for {', '.join(labels)}.",
        )
    return tuple(int(re.sub(r"\D", "", number)) for number in numbers)
