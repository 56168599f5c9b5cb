"""Reproducible chances of a forecast: one uniform per task, stage, visit, purpose and replication.

They are counters, not a stream: whatever a plan changes, what it leaves alone is drawn as before,
so two plans are compared under the same luck (docs/semantics.md, Forecasts).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.routing.engine.draw import DROPPED_BITS, RESOLUTION, hash_text

GAMMA = np.uint64(0x9E3779B97F4A7C15)
VISIT = np.uint64(0xD1B54A32D192ED03)
"""What a task's number and the number of its visit are multiplied by, modulo 2^64."""
DROPPED = np.uint64(DROPPED_BITS)
UNIT = 1.0 / RESOLUTION

OF_A_STAGE = ("exit", "time", "time2")
OF_ARRIVALS = ("arrival", "group")
"""Purposes, in the order of the columns that `keys_of_stages` and `keys_of_arrivals` give."""


def keys_of_stages(seed: int, replication: int, ids: Sequence[str]) -> NDArray[np.uint64]:
    """Keys of all stages by purpose, shape (stages, 3)."""
    keys = [[_key(seed, replication, one, purpose) for purpose in OF_A_STAGE] for one in ids]
    return np.array(keys, np.uint64).reshape(len(ids), len(OF_A_STAGE))


def keys_of_arrivals(seed: int, replication: int) -> NDArray[np.uint64]:
    """Keys of what is drawn when a task comes, shape (2,)."""
    return np.array([_key(seed, replication, "", one) for one in OF_ARRIVALS], np.uint64)


def _key(seed: int, replication: int, stage: str, purpose: str) -> int:
    return hash_text(f"{seed}:{replication}:{purpose}:{stage}")
