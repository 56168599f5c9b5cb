"""The bound, and the choice of batches, whose number of tasks is nearest to a wanted one; exactly.

A bound is searched among all distinct durations. A choice of batches is a subset-sum: batches that
share no task with another only add up, so all their sums are found one batch after the other;
batches that share tasks are tried in every combination, as one block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray

from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import Floats

ROUND_MS = (60_000.0, 10_000.0, 1_000.0)
"""Bounds that people prefer, where they do as well: minutes, tens of seconds, seconds."""

MOST_TOGETHER = 20
"""Batches that share tasks of which every combination is tried; of more, the fullest ones are."""

Counts = NDArray[np.int64]


def nearest_bound(
    spent: Floats, wanted: float, lower: bool, least: float = 0.0, most: float = inf
) -> float | None:
    """Milliseconds at which as near as can be to a number of durations lie inside.

    Args:
        spent: Known durations, ascending.
        wanted: How many should lie inside.
        lower: Whether it is the lower bound, else the upper one; both are inclusive.
        least: The bound may not be less.
        most: Nor more.

    Returns:
        The roundest of the bounds that are nearest, None when no bound is allowed.
    """
    values, counts = np.unique(spent, return_counts=True)
    reached = np.concatenate(([0], np.cumsum(counts)))
    edges = [-inf, *values.tolist(), inf]
    best: tuple[float, int, float] | None = None
    inside = reached[-1] - reached if lower else reached
    for place in np.argsort(np.abs(inside - wanted), kind="stable").tolist():
        miss = abs(float(inside[place]) - wanted)
        if best is not None and miss > best[0]:
            break
        # the bounds between two neighbouring durations have the same ones inside
        low, high = edges[place], edges[place + 1]
        if lower:  # (low, high]
            low, high = max(least, float(np.nextafter(low, inf))), min(most, high)
        else:  # [low, high)
            low, high = max(least, low), min(most, float(np.nextafter(high, -inf)))
        bound = _roundest(low, high, lower)
        if bound is not None:
            rough = sum(bound % step != 0 for step in ROUND_MS)
            if best is None or (miss, rough, bound) < best:
                best = miss, rough, bound
    return None if best is None else best[2]


def _roundest(low: float, high: float, lower: bool) -> float | None:
    """The roundest number of an interval, next to the durations that lie inside."""
    if low > high:
        return None
    for step in ROUND_MS:
        near = high if lower else low
        if near == inf:
            near = low  # beyond the longest duration
        elif near == -inf:
            near = high
        rounded = step * (floor(near / step) if near != low or lower else ceil(near / step))
        for number in (rounded, rounded + step):
            if low <= number <= high:
                return number
    return high if lower and high != inf else low


@dataclass(frozen=True, slots=True)
class Choice:
    """Some batches.

    Args:
        members: Their places.
        tasks: How many tasks are in any of them.
        tried: Places of the batches among which no other choice is nearer; all but where more
            than `MOST_TOGETHER` batches share tasks.
    """

    members: tuple[int, ...]
    tasks: int
    tried: int


def nearest_choice(sets: Sequence[Bits], size: int, wanted: float) -> Choice | None:
    """The choice of at least one batch whose tasks are nearest to a number; of equals the smallest.

    Args:
        sets: Tasks of each batch, none of them empty.
        size: How many tasks there are.
        wanted: How many should be in any chosen batch.
    """
    if not sets:
        return None
    places = sorted(_blocks(sets, size), key=len)
    limit = max(1, min(MOST_TOGETHER, (_MOST_WORK // max(size, 1)).bit_length() - 1))
    smaller = [_options(block[:limit], sets, size) for block in places[:-1]]
    last = _options(places[-1][:MOST_TOGETHER], sets, size)
    fewest, steps = _sums(smaller)
    option, remaining = _best(fewest, last, wanted)
    members = last.members(option - 1) if option else []
    tasks = remaining + (int(last.counts[option - 1]) if option else 0)
    for block, step in zip(reversed(smaller), reversed(steps), strict=True):
        for taken, better in reversed(step):
            if remaining < 8 * len(better) and better[remaining >> 3] >> (7 - remaining % 8) & 1:
                members += block.members(taken)
                remaining -= int(block.counts[taken])
                break
    return Choice(tuple(sorted(members)), tasks, sum(len(b.places) for b in (*smaller, last)))


_NONE = 2**30
_MOST_WORK = 2**28

_Step = list[tuple[int, NDArray[np.uint8]]]
"""Options of a block, and as bits the sums that each was the last to make of fewer batches."""


def _sums(blocks: Sequence[_Block]) -> tuple[NDArray[np.int32], list[_Step]]:
    """How few batches it takes to have so many tasks, and which option of each block does."""
    fewest = np.zeros(1, np.int32)
    steps = []
    for block in blocks:
        longer = np.full(len(fewest) + int(block.counts[-1]), _NONE, np.int32)
        longer[: len(fewest)] = fewest
        step: _Step = []
        for option, (count, batches) in enumerate(zip(block.counts, block.sizes, strict=True)):
            through = fewest + np.int32(batches)
            now = longer[count : count + len(fewest)]
            better = np.zeros(len(longer), np.bool_)
            better[count : count + len(fewest)] = through < now
            np.minimum(now, through, out=now)
            step.append((option, np.packbits(better)))
        fewest = np.minimum(longer, _NONE)
        steps.append(step)
    return fewest, steps


def _best(fewest: NDArray[np.int32], last: _Block, wanted: float) -> tuple[int, int]:
    """Option of the last block, from 1 (0 is none of it), and sum of the others; the nearest."""
    sums = np.flatnonzero(fewest < _NONE)
    counts, sizes = (np.concatenate(([0], each)) for each in (last.counts, last.sizes))
    behind = np.searchsorted(sums, wanted - counts)
    near = np.concatenate([np.clip(behind + step, 0, len(sums) - 1) for step in (-1, 0, 1)])
    options = np.tile(np.arange(len(counts)), 3)
    remaining = sums[near]
    some = (options > 0) | (remaining > 0)  # nothing at all is no choice
    options, remaining = options[some], remaining[some]
    miss = np.abs(remaining + counts[options] - wanted)
    best = np.lexsort((options, sizes[options] + fewest[remaining], miss))[0]
    return int(options[best]), int(remaining[best])


@dataclass(frozen=True, slots=True)
class _Block:
    """Batches that share tasks, at least by way of others, and the counts that they can make.

    Args:
        places: Of the batches.
        counts: Distinct numbers of tasks in any of the chosen ones.
        sizes: Of how many batches the smallest such choice is.
        masks: That choice, as binary digits.
    """

    places: tuple[int, ...]
    counts: Counts
    sizes: Counts
    masks: Counts

    def members(self, option: int) -> list[int]:
        mask = int(self.masks[option])
        return [place for digit, place in enumerate(self.places) if mask >> digit & 1]


def _blocks(sets: Sequence[Bits], size: int) -> list[list[int]]:
    """Places of batches that share tasks with each other; each block from the fullest down."""
    together: dict[int, Bits] = {}  # the tasks of each block so far, by its latest place
    block_of: list[int] = []
    for place, members in enumerate(sets):
        met = [block for block, tasks in together.items() if (tasks & members).any()]
        together[place] = bits.union((members, *(together.pop(block) for block in met)), size)
        block_of = [place if block in met else block for block in block_of]
        block_of.append(place)
    blocks: dict[int, list[int]] = {}
    for place in sorted(range(len(sets)), key=lambda p: -bits.count(sets[p])):
        blocks.setdefault(block_of[place], []).append(place)
    return list(blocks.values())


def _options(block: Sequence[int], sets: Sequence[Bits], size: int) -> _Block:
    places = tuple(block)
    rows = bits.rows_of(bits.union((sets[place] for place in places), size), size)
    codes = np.zeros(len(rows), np.int64)
    for digit, place in enumerate(places):
        codes |= bits.unpack(sets[place], size)[rows].astype(np.int64) << digit
    within = np.bincount(codes, minlength=1 << len(places))
    total = int(within.sum())
    for digit in range(len(places)):  # tasks whose batches are all among those of the index
        halves = within.reshape(-1, 2, 1 << digit)
        halves[:, 1] += halves[:, 0]
    counts = total - within[::-1]
    masks = np.arange(len(counts), dtype=np.int64)
    sizes = np.bitwise_count(masks).astype(np.int64)
    order = np.lexsort((masks, sizes, counts))[1:]  # without the choice of none, which is first
    tasks, first = np.unique(counts[order], return_index=True)
    chosen = order[first]
    return _Block(places, tasks, sizes[chosen], masks[chosen])
