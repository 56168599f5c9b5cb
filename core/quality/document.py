"""What `run check` prints, and words for its shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.model.figures import share_text
from core.quality.check import ClassQuality, Compared, Quality
from core.quality.resample import Measured


def document(both: Compared, result: Quality, titles: Mapping[str, str]) -> dict[str, Any]:
    """The run held against people, as JSON has it.

    Args:
        both: The labels.
        result: How they came out.
        titles: Class names by schema ID.
    """
    ids = [*result.schema_ids, None]
    return {
        "assets": len(both.assets),
        "iou": result.iou,
        "minScore": result.least_score,
        "total": _figures(result.total),
        "classes": [
            {"schemaId": one.schema_id, "title": titles.get(str(one.schema_id)), **_figures(one)}
            for one in result.classes
        ],
        "confusion": {"rows": ids, "columns": ids, "counts": result.confusion.tolist()},
    }


def _figures(one: ClassQuality) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "labels": one.labels,
        "people": one.people,
        "right": one.right,
        "misplaced": one.misplaced,
        "wrong_class": one.wrong_class,
        "missed": one.missed,
        "made_up": one.made_up,
    }
    for name in ("precision", "recall", "f1", "iou"):
        share = getattr(one, name)
        figures |= {name: share.value, f"{name}_low": share.low, f"{name}_high": share.high}
    return figures


def measured_text(one: Measured) -> str:
    """A share with its interval, as words."""
    if one.value is None:
        return "–"
    if one.low is None or one.high is None:
        return share_text(one.value)
    return f"{share_text(one.value)} ({share_text(one.low)} to {share_text(one.high)})"
