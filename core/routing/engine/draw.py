"""Reproducible chances: one uniform per task, rule, pass and seed (docs/semantics.md, Draws)."""

from __future__ import annotations

from hashlib import md5

import numpy as np
from numpy.typing import NDArray

from core.tasks import bits
from core.tasks.bits import Bits

Thresholds = NDArray[np.uint64]
"""Top 53 bits of the mixed hash; divided by 2^53 they are the uniforms."""

RESOLUTION = 2**53

STEPS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
"""Bits to the right and the factor of each step of the mixing, modulo 2^64."""
LAST_SHIFT, DROPPED_BITS = 31, 11
_STEPS = tuple((np.uint64(bits_right), np.uint64(factor)) for bits_right, factor in STEPS)
_BLOCK = 32_768
"""Tasks mixed at a time, so that every step but the first and the last stays in the cache."""


def hash_text(text: str) -> int:
    """First 8 bytes, big-endian, of md5 of the text as UTF-8."""
    digest = md5(text.encode("utf-8", "replace"), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big")


def key_of(rule: str, seed: int, turn: int = 0) -> int:
    """What the hash of every task is mixed with, from 0 to 2^64 - 1; arguments of `thresholds`."""
    return hash_text(f"{seed}:{rule}:{turn}")


def limit_of(probability: float) -> int:
    """The thresholds below it pass."""
    return int(np.ceil(probability * RESOLUTION))


def thresholds(hashes: NDArray[np.uint64], rule: str, seed: int, turn: int = 0) -> Thresholds:
    """Mixed hashes of all tasks for one rule.

    Args:
        hashes: First 8 bytes of md5 of each task id.
        rule: Stable id of the rule, for example `RandomSample-0`.
        seed: Any whole number.
        turn: Which pass of the task through the rule, from 0.
    """
    key = np.uint64(key_of(rule, seed, turn))
    mixed = np.empty(len(hashes), np.uint64)
    spare = np.empty(min(_BLOCK, len(hashes)), np.uint64)
    for start in range(0, len(hashes), _BLOCK):
        z = mixed[start : start + _BLOCK]
        shifted = spare[: len(z)]
        np.bitwise_xor(hashes[start : start + _BLOCK], key, out=z)
        for bits_right, factor in _STEPS:
            np.right_shift(z, bits_right, out=shifted)
            z ^= shifted
            z *= factor
        np.right_shift(z, np.uint64(LAST_SHIFT), out=shifted)
        z ^= shifted
        z >>= np.uint64(DROPPED_BITS)
    return mixed


def uniform(task_id: str, rule: str, seed: int, turn: int = 0) -> float:
    """The uniform of one task, in [0, 1)."""
    one = np.array([hash_text(task_id)], np.uint64)
    return float(thresholds(one, rule, seed, turn)[0]) / RESOLUTION


def passing(mixed: Thresholds, probability: float) -> Bits:
    """The tasks whose uniform is below the probability; raising it only adds tasks."""
    return bits.pack(mixed < np.uint64(limit_of(probability)))
