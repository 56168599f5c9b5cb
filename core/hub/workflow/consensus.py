"""Whether several judgments of one task agree, and which of them goes on.

Public is: a judgment's score is the share of judgments that say the same (of two different answers
each has 50 %; of A, A, B the shares are 66, 66 and 33 %); brushes, segmentations, polylines,
rotated boxes and points are not compared; pages of a video do not count. Not public are the keys of
a stage's threshold, what an empty one asks for, and how much two shapes must overlap to be the
same: those are settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from core.hub.codec import Json

Answer = Mapping[str, Any]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Said = tuple[list[str], list[Box]]
"""Answers and shapes of one class in one judgment."""
_SIDES = ("x", "y", "width", "height")
_CORNERS = ("x1", "y1", "x2", "y2")


@dataclass(frozen=True, slots=True)
class Measure:
    """What Ango Hub does not say about agreement.

    Args:
        agreement: The least score, from 0 to 1, that the best judgment of every class must have,
            where the stage sets no threshold; the default is more than half of ten judgments.
        overlap: The least intersection over union at which two shapes are the same.
    """

    agreement: float = 0.51
    overlap: float = 0.5


MEASURE = Measure()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the judgments of a task.

    Args:
        agreed: Whether every class reaches its threshold.
        best: Position of the judgment with the highest mean score; the first of equals.
        scores: Per class that can be compared, one score per judgment.
        left_out: Classes with shapes that are not compared.
    """

    agreed: bool
    best: int
    scores: dict[str, tuple[float, ...]]
    left_out: tuple[str, ...]


def judge(
    judgments: Sequence[Answer], thresholds: Mapping[str, float], measure: Measure
) -> Verdict:
    """Compare the judgments of one task.

    Args:
        judgments: Annotations with `tools` and `classifications`, one per sub-stage.
        thresholds: Least score by schema id, as far as the stage sets one.
        measure: For the classes without.
    """
    scores, left_out = {}, []
    for schema_id in sorted({label for answer in judgments for label in _classes(answer)}):
        answers = [one for answer in judgments if (one := _said(answer, schema_id)) is not None]
        if len(answers) < len(judgments):
            left_out.append(schema_id)
            continue
        scores[schema_id] = tuple(
            sum(_same(one_answer, other, measure.overlap) for other in answers) / len(answers)
            for one_answer in answers
        )
    agreed = all(max(s) >= thresholds.get(c, measure.agreement) for c, s in scores.items())
    means = [sum(s[n] for s in scores.values()) for n in range(len(judgments))]
    best = means.index(max(means))
    # where nothing could be compared, nobody knows that they agree
    return Verdict(agreed and bool(scores or not left_out), best, scores, tuple(left_out))


def thresholds_of(stage: Mapping[str, Json]) -> tuple[dict[str, float], list[str]]:
    """Least scores by schema id in a Consensus stage's JSON, and the keys that cannot be read.

    Up to 1 a number is a fraction, above it percent, like the share of a random rule.
    """
    config = stage.get("consensusConfig")
    given = config.get("threshold") if isinstance(config, dict) else None
    thresholds, odd = {}, []
    for name, value in given.items() if isinstance(given, dict) else ():
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if number and 0 <= value <= 100:
            thresholds[name] = value if value <= 1 else value / 100
        else:
            odd.append(name)
    return thresholds, odd if isinstance(given, (dict, type(None))) else ["threshold"]


def _classes(answer: Answer) -> list[str]:
    labels = [*answer.get("tools", ()), *answer.get("classifications", ())]
    return [str(one["schemaId"]) for one in labels if isinstance(one, dict) and "schemaId" in one]


def _said(answer: Answer, schema_id: str) -> Said | None:
    """What one judgment says about a class; None when it is not compared."""
    shapes = _of(answer, "tools", schema_id)
    words = [_word(one.get("answer")) for one in _of(answer, "classifications", schema_id)]
    boxes = [box for shape in shapes if (box := _box(shape)) is not None]
    return None if len(boxes) < len(shapes) else (sorted(words), boxes)


def _of(answer: Answer, kind: str, schema_id: str) -> list[dict[str, Any]]:
    labels = answer.get(kind, ())
    return [o for o in labels if isinstance(o, dict) and str(o.get("schemaId")) == schema_id]


def _word(answer: Json) -> str:
    """An answer as text; the order of several choices does not count."""
    return repr(sorted(map(str, answer))) if isinstance(answer, list) else repr(str(answer))


def _same(one: Said, other: Said, least: float) -> bool:
    return one[0] == other[0] and _paired(one[1], other[1], least)


def _paired(ours: Sequence[Box], other: Sequence[Box], least: float) -> bool:
    """Whether there is a way to pair the shapes one to one, each pair overlapping enough.

    Pairing the greatest overlaps first may take the only partner that another shape has.
    """
    if len(ours) != len(other) or not ours:
        return len(ours) == len(other)
    close = _overlaps(np.array(ours), np.array(other)) >= least
    partner = maximum_bipartite_matching(csr_array(close), perm_type="column")
    return bool((partner >= 0).all())


def _overlaps(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intersection over union of every box of `a` (n, 4) with every one of `b` (m, 4): (n, m)."""
    sides = np.minimum(a[:, None, 2:], b[None, :, 2:]) - np.maximum(a[:, None, :2], b[None, :, :2])
    inside = np.maximum(sides, 0.0).prod(axis=2)
    area_a, area_b = (np.prod(x[:, 2:] - x[:, :2], axis=1) for x in (a, b))
    union = area_a[:, None] + area_b[None, :] - inside
    equal: NDArray[np.float64] = (a[:, None] == b[None]).all(axis=2).astype(np.float64)
    np.divide(inside, union, out=equal, where=union > 0)
    return equal


def _box(label: Mapping[str, Any]) -> Box | None:
    """A shape's bounding box; of a text's span, its characters on a line of height 1."""
    try:
        if "bounding-box" in label:
            x, y, wide, high = (float(label["bounding-box"][side]) for side in _SIDES)
            return (x, y, x + wide, y + high)
        if "polygon" in label:
            xs, ys = zip(*label["polygon"], strict=True)
            return (float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys)))
        if "ner" in label:
            return (float(label["ner"]["start"]), 0.0, float(label["ner"]["end"]), 1.0)
        if "pdf" in label:
            left, top, right, bottom = (float(label["pdf"][side]) for side in _CORNERS)
            return (left, top, right, bottom)
    except (TypeError, KeyError, ValueError):
        pass  # a shape of another form than known is not compared
    return None
