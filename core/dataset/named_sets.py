"""Sets of tasks by name for tables that memory does not hold, and facts of pieces put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts, Honesty

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Positions of tasks, and the code of a name of each."""


class NamedSets(Mapping[str, Bits]):
    """The tasks of each name, read at the first look at any of them; 4 bytes per task and name.

    Args:
        names: All names, by code.
        tasks: How many tasks there are.
        read: Gives the tasks and the codes of all pairs.
    """

    def __init__(
        self,
        names: Sequence[str],
        tasks: int,
        read: Callable[[], Pairs],
    ) -> None:
        self._codes = {name: code for code, name in enumerate(names)}
        self._tasks, self._read, self._lock = tasks, read, RLock()
        self._pairs: tuple[NDArray[Any], NDArray[np.int64]] | None = None

    def __getitem__(self, name: str) -> Bits:
        code = self._codes[name]
        rows, ends = self._by_code()
        return bits.of_rows(rows[ends[code] : ends[code + 1]], self._tasks)

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def _by_code(self) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """The tasks of all names one after the other, and where those of each end."""
        with self._lock:
            if self._pairs is None:
                rows, codes = self._read()
                order = np.argsort(codes.astype(np.int16 if len(self) < 2**15 else np.int64))
                ends = np.searchsorted(codes[order], np.arange(len(self) + 1))
                self._pairs = rows[order].astype(np.uint32), ends
            return self._pairs


def joined(tasks: int, pieces: Iterable[tuple[int, Facts]]) -> Facts:
    """The facts of all tasks.

    Args:
        tasks: How many there are.
        pieces: The position of the first task, and the facts, of some tasks after the other; all
            with the same names.
    """
    durations, hashes, answered, honesties = [], [], [], []
    pairs: dict[str, list[Pairs]] = {kind: [] for kind in _KINDS}
    for first, facts in pieces:
        durations.append(facts.duration)
        hashes.append(facts.hashes)
        honesties.append(facts.honesty)
        known = bits.everything(facts.tasks) if facts.answered is None else facts.answered
        answered.append(bits.unpack(known, facts.tasks))
        for kind in _KINDS:
            for code, members in enumerate(getattr(facts, kind).values()):
                rows = bits.rows_of(members, facts.tasks) + first
                pairs[kind].append((rows, np.full(len(rows), code)))
    everybody = np.concatenate(answered)
    return replace(
        facts,
        tasks=tasks,
        hashes=np.concatenate(hashes),
        duration=np.concatenate(durations),
        answered=None if everybody.all() else bits.pack(everybody),
        honesty=_summed(honesties),
        classes=_sets(facts.classes, tasks, pairs["classes"]),
        people=_sets(facts.people, tasks, pairs["people"]),
        batches=_sets(facts.batches, tasks, pairs["batches"]),
    )


_KINDS = ("classes", "people", "batches")
_OF_THE_FILE = ("skipped", "no_task", "repeated", "odd")


def _sets(names: Iterable[str], tasks: int, pairs: Sequence[Pairs]) -> NamedSets:
    rows, codes = (np.concatenate(one) for one in zip(*pairs, strict=True)) if pairs else (_NO, _NO)
    return NamedSets(tuple(names), tasks, lambda: (rows, codes))


_NO = np.zeros(0, np.int64)


def _summed(honesties: Sequence[Honesty]) -> Honesty:
    """Counts of tasks are summed; those of the file are the same for each piece."""
    sums: dict[str, Any] = dict.fromkeys(asdict(honesties[0]), 0)
    for honesty in honesties:
        for name, count in asdict(honesty).items():
            sums[name] = count if name in _OF_THE_FILE else sums[name] + count
    return Honesty(**sums)
