"""Exact distribution of a difference: each of many independent tasks adds 1, takes 1, or neither.

Tasks of equal chances form a group. With z = exp(it) a group of n tasks has the characteristic
function (c + a z + b / z)^n, and the sum of all groups the product of these; the probabilities are
its Fourier series. |c + a z + b / z|^2 = 1 - 2c(a + b)(1 - cos t) - 2ab(1 - cos 2t), so all but a
few frequencies are smaller than rounding and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.routing.engine.binomial import HIGH, LOW, convolve, count_window

_NEGLIGIBLE_EXPONENT = 42.0
_TIE = 1e-11
"""What rounding may take from a probability that is just enough."""


def difference_interval(groups: Sequence[tuple[int, float, float]]) -> tuple[int, int]:
    """Central 95 % interval: the smallest d with P(D <= d) >= 0.025, and >= 0.975.

    Args:
        groups: (tasks, chance to add 1, chance to take 1) of each group.
    """
    certain = sum(n for n, up, _ in groups if up == 1) - sum(
        n for n, _, down in groups if down == 1
    )
    merged: dict[tuple[float, float], int] = {}
    for tasks, up, down in groups:
        if tasks and (up or down) and up != 1 and down != 1:
            merged[up, down] = merged.get((up, down), 0) + tasks
    if not merged:
        return certain, certain
    counts = np.array(list(merged.values()), np.float64)
    ups, downs = np.array(list(merged)).T
    stays = np.maximum(1 - ups - downs, 0.0)
    mean = counts @ (ups - downs)
    spread = 10 * np.sqrt(counts @ (ups + downs - (ups - downs) ** 2)) + 60
    first = int(max(-(counts @ (downs > 0)), np.floor(mean - spread)))
    last = int(min(counts @ (ups > 0), np.ceil(mean + spread)))
    size = 1 << max(1, (last - first).bit_length())
    turns = np.arange(size // 2 + 1) * (2 * np.pi / size)
    single, double = counts @ (stays * (ups + downs)), counts @ (ups * downs)
    decay = single * (1 - np.cos(turns)) + double * (1 - np.cos(2 * turns))
    kept = decay < _NEGLIGIBLE_EXPONENT
    turn = turns[kept][:, None]
    each = stays + ups * np.exp(-1j * turn) + downs * np.exp(1j * turn)
    spectrum = np.zeros(len(turns), np.complex128)
    spectrum[kept] = np.prod(each**counts, axis=1) * np.exp(1j * turn[:, 0] * first)
    below = np.cumsum(np.fft.irfft(spectrum, size)[: last - first + 1])
    low, high = (int(np.argmax(below >= share - _TIE)) for share in (LOW, HIGH))
    return certain + first + low, certain + first + high


def independent_interval(
    more: Sequence[tuple[int, float]], fewer: Sequence[tuple[int, float]]
) -> tuple[int, int]:
    """The same of the difference of two counts that share no draw.

    Args:
        more: (tasks, probability) of the groups of the count from which is taken.
        fewer: Those of the count that is taken.
    """
    (first, added), (start, taken) = count_window(more), count_window(fewer)
    below = np.cumsum(convolve(added, taken[::-1]))
    below /= below[-1]
    low, high = (int(np.argmax(below >= share - _TIE)) for share in (LOW, HIGH))
    lowest = first - (start + len(taken) - 1)
    return lowest + low, lowest + high
