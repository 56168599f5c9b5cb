"""How far two event logs are from each other, by measures of the literature."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.flow.logs.event_log import EventLog
from core.tasks.table import Floats


def earth_mover(one: Floats, other: Floats) -> float | None:
    """The 1-Wasserstein distance of two samples, in their unit; None where one is empty."""
    from scipy.stats import wasserstein_distance  # half a second, and not every command needs it

    if not len(one) or not len(other):
        return None
    return float(wasserstein_distance(one, other))


def cycle_hours(log: EventLog) -> Floats:
    """Hours from the begin of each case to the end of its last event."""
    hours: Floats = (log.ends - log.begins) / 60
    return hours


def remaining_hours(log: EventLog) -> Floats:
    """Hours that each case still takes, at the begin of each of its events."""
    hours: Floats = (log.ends[log.rows] - log.start) / 60
    return hours


def ngrams(log: EventLog, length: int) -> dict[tuple[int, ...], float]:
    """Shares of all runs of so many activities, with as many marks around each case as they reach.

    Args:
        log: Cases.
        length: Two or more.
    """
    pad = length - 1
    lengths = np.diff(log.offsets)
    if not len(lengths):
        return {}
    placed: NDArray[np.int64] = np.full(int(lengths.sum()) + pad * (len(lengths) + 1), -1, np.int64)
    shift = pad * (log.rows + 1)
    placed[np.arange(len(log.activity)) + shift] = log.activity
    runs = np.lib.stride_tricks.sliding_window_view(placed, length)
    runs = runs[(runs >= 0).any(axis=1)]
    kinds, many = np.unique(runs, axis=0, return_counts=True)
    whole = many.sum()
    return {tuple(kind): float(one / whole) for kind, one in zip(kinds.tolist(), many, strict=True)}


def ngram_distance(one: EventLog, other: EventLog, length: int) -> float | None:
    """Half the sum of |p − q| over all runs: 0 for the same shares, 1 where none is in both.

    Both logs must have the same codes of activities.
    """
    first, second = ngrams(one, length), ngrams(other, length)
    if not first or not second:
        return None
    return sum(abs(first.get(k, 0.0) - second.get(k, 0.0)) for k in {*first, *second}) / 2


def under_way(log: EventLog, at: Floats) -> Floats:
    """Cases that have begun and not ended at each time."""
    begun = np.searchsorted(log.begins, at, "right")
    ended = np.searchsorted(np.sort(log.ends), at, "right")
    return (begun - ended).astype(np.float64)
