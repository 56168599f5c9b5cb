"""Does the hub do what the scenario says? Observed counts against their exact distribution.

The rules are looked at from the top, each among the tasks that get to it, so that a rule that is
off does not make those below look off:

- *The same tasks.* A random rule takes X ~ Bin(reaching, p). Random rules do not look at a task, so
  those that get to a certain rule are as if drawn from the tasks that no certain rule above takes:
  X is hypergeometric.
- *Tasks like these*, of which nothing else is known. A random rule is tested as before, whatever
  the mix; at a certain rule the two sets of tasks are two samples of one population (Fisher).
- *Histories* say of each task when it left, with which facts, and where to. Of outputs that cannot
  be followed nothing is concluded; the law of the others is the one given that they were taken.

All chances are exact, twice the smaller tail. Several are judged together by Holm's step-down
correction (1979). Else takes what is left and has no test of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.model.figures import counted
from core.model.phrases import joined
from core.model.rules import Unknown
from core.model.stages import Logic
from core.routing.engine.binomial import binomial_window, count_window
from core.routing.engine.evaluate import Matcher
from core.routing.engine.exact import (
    LEVEL,
    Window,
    central,
    fisher,
    fisher_interval,
    holm,
    hypergeometric_window,
    mean,
    tasks_to_see,
    two_sided,
)
from core.routing.engine.shape import Shape, shape_of
from core.routing.sentence import rule_title
from core.tasks.bits import Bits
from core.tasks.table import Floats

Basis = Literal["same", "like", "history"]
BASES: dict[str, str] = {
    "same": "these very tasks",
    "like": "other tasks like these",
    "history": "first passes in the histories of these tasks",
}
"""Whose counts they are, in words."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One count, and what the scenario says of it.

    Args:
        label: Of the output or stage.
        outputs: The outputs that it counts, by position.
        observed: Tasks; None where that cannot be told, like all that follows.
        reaching: Tasks that get there past the counts above.
        expected: Mean under the scenario, given how many get there.
        low: Lower end of the exact 95 % interval, given the same.
        high: Upper end.
        p: Chance of a count at least as far out, from 0 to 1; 1 where chance plays no part and
            the count is right, 0 where it cannot be.
        adjusted: The same after Holm's correction over all counts that chance plays a part in.
        why: Why nothing can be told, "" where it can.
    """

    label: str
    outputs: tuple[int, ...]
    observed: int | None = None
    reaching: int | None = None
    expected: float | None = None
    low: int | None = None
    high: int | None = None
    p: float | None = None
    adjusted: float | None = None
    why: str = ""

    @property
    def told(self) -> bool:
        """Whether anything is concluded."""
        return self.adjusted is not None

    @property
    def off(self) -> bool:
        """Whether chance does not explain it."""
        return self.adjusted is not None and self.adjusted <= LEVEL


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The verdict.

    Args:
        total: Observed tasks.
        basis: Whose counts they are.
        counts: From the top; in histories those that can be followed first.
        behaving: Whether chance explains all that can be told.
        sentences: What is off and what to check, or that nothing is; what cannot be told; and how
            many tasks it takes to see a difference.
        concluded: How many of the sentences are the verdict itself.
    """

    total: int
    basis: Basis
    counts: tuple[Seen, ...]
    behaving: bool
    sentences: tuple[str, ...]
    concluded: int


@dataclass(frozen=True, slots=True)
class _Test:
    """A count with its law: its chance, its interval, and whether chance can play a part at all."""

    seen: Seen
    chancy: bool


def of_counts(
    matcher: Matcher, stage: Logic, within: Bits, observed: Sequence[int], basis: Basis
) -> Behaviour:
    """Judge observed counts, one per output, Else last.

    Args:
        matcher: The facts of the tasks looked at.
        stage: The rules; switched-off ones have no count.
        within: The tasks looked at.
        observed: Tasks seen.
        basis: "same" or "like"; nothing in the counts themselves tells.

    Raises:
        InputError: A negative count, another number of counts, no task seen or looked at, or
            counts of the same tasks that are not as many.
    """
    labels = output_labels(stage)
    return judged(shape_of(matcher, stage, within), labels, observed, basis, first_doubtful(stage))


def output_labels(stage: Logic) -> list[str]:
    """What to call each output: rules by their number, switched-off ones counted."""
    return [*(rule_title(number) for number in stage.numbers), "Else"]


def first_doubtful(stage: Logic) -> int:
    """Position of the first output that a rule which cannot be simulated may change."""
    places = (i for i, rule in enumerate(stage.active) if isinstance(rule.condition, Unknown))
    return next(places, len(stage.active) + 1)


def judged(
    shape: Shape,
    labels: Sequence[str],
    observed: Sequence[int],
    basis: Basis,
    doubtful: int | None = None,
) -> Behaviour:
    """Judge the counts of a shape; arguments as of `of_counts`.

    Args:
        shape: The scenario's tasks.
        labels: What to call each output, Else last.
        observed: Tasks seen per output.
        basis: "same" or "like".
        doubtful: From this output on nothing can be told; None when everything can.
    """
    _refuse_unusable(shape, labels, observed, basis)
    total = left = sum(observed)
    tests: list[_Test] = []
    for place, count in enumerate(observed):
        if doubtful is not None and place >= doubtful:
            why = "a rule that cannot be simulated stands here or above"
            tests.append(_Test(Seen(labels[place], (place,), count, left, why=why), False))
        elif place == len(observed) - 1:  # Else
            tests.append(_test(labels[place], place, count, left, (left, np.ones(1)), False))
        elif (chance := shape.chances[place]) is not None:
            free = 0 < chance < 1 and shape.left(place) > 0
            tests.append(
                _test(labels[place], place, count, left, binomial_window(left, chance), free)
            )
        else:
            tests.append(_certain(shape, labels[place], place, count, left, basis))
        left -= count
    return _verdict(total, basis, tests)


def _certain(shape: Shape, label: str, place: int, count: int, left: int, basis: Basis) -> _Test:
    """A certain rule among the tasks that get to it."""
    matching, known = shape.fates[place], sum(shape.fates[place:])
    if basis == "same":
        if left > known:
            why = "more tasks get there than the certain rules above leave"
            return _Test(Seen(label, (place,), count, left, why=why), False)
        free = 0 < matching < known and any(c is not None and c > 0 for c in shape.chances[:place])
        window = hypergeometric_window(known, matching, left)
        return _test(label, place, count, left, window, free)
    if not known:
        why = "none of the tasks looked at gets there"
        return _Test(Seen(label, (place,), count, left, why=why), False)
    low, high = fisher_interval(matching, known, left)
    p = fisher(matching, known, count, left)
    expected = left * matching / known
    free = shape.left(place) > 0
    return _Test(Seen(label, (place,), count, left, expected, low, high, p, p), free)


def _test(label: str, place: int, count: int, left: int, window: Window, chancy: bool) -> _Test:
    low, high = central(window)
    p = two_sided(window, count)
    return _Test(Seen(label, (place,), count, left, mean(window), low, high, p, p), chancy)


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Passes by what is known of them; tasks of a group have the same law.

    Args:
        seen: Shape (groups, cells): passes of a group that went to a cell.
        chances: Shape (groups, cells): chance of each given that one of them was taken; a row of
            zeros where none of them can be.
    """

    seen: NDArray[np.int64]
    chances: Floats


def judged_passes(
    cells: Sequence[tuple[str, tuple[int, ...]]],
    passes: Followed,
    untold: Sequence[Seen] = (),
    notes: Sequence[str] = (),
) -> Behaviour:
    """Judge passes that could be followed, each with the law of its own facts.

    From the top, among the tasks that went no further up: that a task goes to a cell and not
    further down is a draw of its own, so a count is a sum of binomials, and what the cells above
    did changes nothing in it.

    Args:
        cells: Label and outputs of each, in order.
        passes: What was seen, and what could be.
        untold: What cannot be followed, with why.
        notes: More sentences.
    """
    seen, chances = passes.seen, passes.chances
    below = np.cumsum(chances[:, ::-1], axis=1)[:, ::-1]
    tests = []
    nowhere = ~(chances > 0).any(axis=1)
    for place, (label, outputs) in enumerate(cells):
        here = below[:, place] > 0
        going, other = seen[here, place], int(seen[~here, place].sum())
        many = seen[here, place:].sum(axis=1)
        last = below[here, place] == chances[here, place]
        chance = np.where(last, 1.0, chances[here, place] / below[here, place])
        first, weights = count_window(
            [(int(n), float(c)) for n, c in zip(many, chance, strict=True) if n and c > 0]
        )
        window = (first + other, weights)  # what should not have got here is off further up
        count = int(going.sum()) + other
        impossible = ((chance == 0) & (going > 0)) | ((chance == 1) & (going < many))
        low, high = central(window)
        wrong = impossible.any() or bool(seen[nowhere, place].any())
        p = 0.0 if wrong else two_sided(window, count)
        reaching = int(many.sum()) + other
        count_seen = Seen(label, outputs, count, reaching, mean(window), low, high, p, p)
        free = bool(((chance > 0) & (chance < 1) & (seen[here].sum(axis=1) > 0)).any())
        tests.append(_Test(count_seen, free))
    tests += [_Test(one, False) for one in untold]
    return _verdict(int(seen.sum()), "history", tests, notes)


def _verdict(
    total: int, basis: Basis, tests: Sequence[_Test], notes: Sequence[str] = ()
) -> Behaviour:
    tested = [test for test in tests if test.seen.told]
    chancy = [test.chancy for test in tested]
    adjusted = iter(holm([test.seen.p or 0.0 for test in tested], chancy))
    counts = tuple(
        replace(test.seen, adjusted=next(adjusted)) if test.seen.told else test.seen
        for test in tests
    )
    behaving = not any(count.off for count in counts)
    concluded = _conclusions(counts, total, basis, behaving)
    more = [f"{count.label}: cannot tell, {count.why}." for count in counts if not count.told]
    more.append(
        "To see 25 % where 20 % is set, four times in five, "
        f"{counted(tasks_to_see(max(1, sum(chancy))))} "
        "tasks must get to the rule."
    )
    sentences = (*concluded, *more, *notes)
    return Behaviour(total, basis, counts, behaving, sentences, len(concluded))


def _refuse_unusable(
    shape: Shape, labels: Sequence[str], observed: Sequence[int], basis: Basis
) -> None:
    where = "The observed counts"
    if len(observed) != len(labels):
        raise InputError(
            where,
            f"{len(labels)} are needed, {len(observed)} were given.",
            f"Give one each for {', '.join(labels)}.",
        )
    if any(count < 0 for count in observed):
        raise InputError(where, f"{min(observed)} is negative.", "Give numbers from 0 on.")
    total = sum(observed)
    if not total:
        raise InputError(where, "no task was seen.", "Give at least one task.")
    if not shape.tasks:
        raise InputError("The scenario", "no task is looked at.", "Widen the selection of tasks.")
    if basis == "same" and total != shape.tasks:
        raise InputError(
            where,
            f"they are {counted(total)} together, and {counted(shape.tasks)} tasks are looked at.",
            "Look at the tasks that were counted, or say that the counts are of other tasks like "
            "these.",
        )


def _conclusions(counts: Sequence[Seen], total: int, basis: Basis, behaving: bool) -> list[str]:
    tested = [count for count in counts if count.told]
    if not tested:
        return ["Nothing can be told: no output can be followed."]
    if not behaving:
        return [_off(count, total, basis) for count in tested if count.off]
    sentences = ["The counts are what the scenario expects; chance explains the differences."]
    outside = [c.label for c in tested if not _inside(c)]
    if outside:
        sentences.append(
            f"{joined(outside, 'and')} {'is' if len(outside) == 1 else 'are'} outside the own "
            f"95 % interval, which happens by chance among {len(tested)} counts."
        )
    return sentences


def _inside(count: Seen) -> bool:
    return (count.low or 0) <= (count.observed or 0) <= (count.high or 0)


def _off(count: Seen, total: int, basis: Basis) -> str:
    among = counted(count.reaching or 0) + (" that get there" if count.reaching != total else "")
    seen, low, high = (counted(end or 0) for end in (count.observed, count.low, count.high))
    if _inside(count):
        span = f"{seen} of {among}, some of which cannot have gone there or elsewhere"
    elif count.low != count.high:
        span = f"{seen} of {among} is outside {low} to {high}"
    else:
        span = f"{seen} of {among} is not {low}"
    check = "check the rule's order, the batch, or the setting"
    if basis == "like":
        check += ", and whether those tasks are like these"
    return f"{count.label}: {span}: {check}."
