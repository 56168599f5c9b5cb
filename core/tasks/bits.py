"""Sets of tasks as bits: task i is bit i % 64 of word i // 64 of a uint64 array.

Bits behind the last task are always 0, so counting needs no mask.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]


def words(tasks: int) -> int:
    """Length of a bit array for so many tasks."""
    return (tasks + 63) // 64


def pack(flags: NDArray[np.bool_]) -> Bits:
    """Booleans, one per task, to bits."""
    packed = np.zeros(words(len(flags)) * 8, np.uint8)
    octets = np.packbits(flags, bitorder="little")
    packed[: len(octets)] = octets
    return packed.view(np.uint64)


def unpack(bits: Bits, tasks: int) -> NDArray[np.bool_]:
    """Bits to booleans, one per task."""
    return np.unpackbits(bits.view(np.uint8), count=tasks, bitorder="little").view(np.bool_)


def everything(tasks: int) -> Bits:
    """The set of all tasks."""
    return pack(np.ones(tasks, np.bool_))


def nothing(tasks: int) -> Bits:
    """The empty set."""
    return np.zeros(words(tasks), np.uint64)


def union(sets: Iterable[Bits | None], tasks: int) -> Bits:
    """The tasks that are in any of these sets; None is the empty one."""
    together = nothing(tasks)
    for members in sets:
        if members is not None:
            together |= members
    return together


def count(bits: Bits) -> int:
    """How many tasks are in the set."""
    return int(np.bitwise_count(bits).sum())


def of_rows(rows: NDArray[np.int64], tasks: int) -> Bits:
    """The set of the tasks at these positions."""
    flags = np.zeros(tasks, np.bool_)
    flags[rows] = True
    return pack(flags)


def rows_of(bits: Bits, tasks: int) -> NDArray[np.int64]:
    """Positions of the tasks in the set, ascending."""
    return np.flatnonzero(unpack(bits, tasks))


def has(bits: Bits, row: int) -> bool:
    """Whether the task at this position is in the set."""
    return bool((int(bits[row >> 6]) >> (row & 63)) & 1)


def by_code(rows: NDArray[np.int64], codes: NDArray[np.int64], size: int, tasks: int) -> list[Bits]:
    """One set per code.

    Args:
        rows: Task position of each pair.
        codes: Code of each pair, from 0 to size - 1; negative ones are left out.
        size: How many codes there are.
        tasks: How many tasks there are.

    Returns:
        For each code the set of tasks that are paired with it.
    """
    few = size <= np.iinfo(np.int16).max  # two bytes are sorted by counting, in a tenth of the time
    order = np.argsort(codes.astype(np.int16) if few else codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(size + 1))
    sorted_rows = rows[order]
    return [of_rows(sorted_rows[ends[code] : ends[code + 1]], tasks) for code in range(size)]
