"""What the commands about review print, as JSON documents."""

from __future__ import annotations

from typing import Any

from core.sampling.inverse import ShareNeeded
from core.sampling.shares import FixedSample, SampledCount, ShareBought

Json = dict[str, Any]


def count_document(count: SampledCount) -> Json:
    """A count with the central 95 % of its distribution."""
    return {"expected": count.expected, "low": count.low, "high": count.high}


def share_document(bought: ShareBought) -> Json:
    """What a share buys, and a fixed sample beside it."""
    low, high = bought.margin
    return {
        **_counts(bought),
        "reviewed": count_document(bought.reviewed),
        "margin": {"low": low, "high": high},
        "tasks": bought.lot.tasks,
        "wrong": bought.lot.wrong,
        "fixed": {"reviewed": bought.fixed.reviewed, **_counts(bought.fixed)},
    }


def _counts(bought: ShareBought | FixedSample) -> Json:
    return {
        "caught": count_document(bought.caught),
        "escaped": count_document(bought.escaped),
        "none_caught": bought.none_caught,
    }


def needed_document(needed: ShareNeeded) -> Json:
    """A share that is enough; null where none is."""
    return {"share": needed.share, "whole": needed.whole, "fixed": needed.fixed}
