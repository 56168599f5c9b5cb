"""Average precision as COCO defines it, for labels that carry a score.

Counted by `faster-coco-eval` over the overlaps of `quality.overlap`, so that polygons, masks and
points count as everywhere here: at one overlap, and as the mean over 0.5, 0.55, … 0.95. Its greedy
matching goes by falling score within each class, which is COCO's; that of `quality.matching` goes
by falling overlap. A label of the run without a score takes no part; how many there are is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.quality.check import Compared

OVERLAPS: Final = tuple(round(0.5 + 0.05 * n, 2) for n in range(10))


@dataclass(frozen=True, slots=True)
class AveragePrecision:
    """Average precision by class.

    Args:
        at: By schema ID at the overlap that was asked for, from 0 to 1; a class that no person
            labelled has none.
        over: The same as the mean over `OVERLAPS`.
        mean_at: Mean of `at`, None without a class.
        mean_over: Mean of `over`.
        without_score: Labels of the run that took no part.
    """

    at: Mapping[str, float]
    over: Mapping[str, float]
    mean_at: float | None
    mean_over: float | None
    without_score: int

    def as_dict(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "at": dict(self.at),
            "over": dict(self.over),
            "mean_at": self.mean_at,
            "mean_over": self.mean_over,
            "without_score": self.without_score,
        }


def average_precision(both: Compared, iou: float) -> AveragePrecision:
    """Measure the run.

    Args:
        both: The labels.
        iou: The overlap of `AveragePrecision.at`.
    """
    without = int(np.isnan(both.run.score).sum())
    if not len(both.people):
        return AveragePrecision({}, {}, None, None, without)
    precision = _evaluated(both, iou)
    at: dict[str, float] = {}
    over: dict[str, float] = {}
    for n, schema_id in enumerate(both.schema_ids):
        values = precision[:, :, n]
        if (values > -1).any():  # -1 stands for classes that nobody labelled
            at[schema_id] = float(values[-1].mean())
            over[schema_id] = float(values[:-1].mean())
    mean_at, mean_over = (float(np.mean(list(o.values()))) if o else None for o in (at, over))
    return AveragePrecision(at, over, mean_at, mean_over, without)


def _evaluated(both: Compared, iou: float) -> NDArray[np.float64]:
    """Precision at 101 recalls by overlap (`OVERLAPS`, then `iou`), recall and class."""
    from faster_coco_eval.core.coco import COCO  # here alone, and only when it is asked for
    from faster_coco_eval.core.faster_eval_api import COCOeval_faster

    overlaps = _overlaps(both)

    class _Evaluation(COCOeval_faster):  # type: ignore[misc]
        def computeIoU(self, imgId: int, catId: int) -> Any:
            return overlaps.get((imgId, catId), [])

    scored = np.flatnonzero(~np.isnan(both.run.score))
    people, run = COCO(), COCO()
    for api, side, rows in (
        (people, both.people, np.arange(len(both.people))),
        (run, both.run, scored),
    ):
        annotations = [
            {"id": n, "image_id": group, "category_id": schema, "bbox": [0, 0, 1, 1], "area": 1,
             "iscrowd": 0, "score": score}
            for n, (group, schema, score) in enumerate(
                zip(side.group[rows].tolist(), side.schema[rows].tolist(),
                    side.score[rows].tolist(), strict=True), 1)
        ]  # fmt: skip
        groups = range(1 + int(max(both.people.group.max(), both.run.group.max(initial=0))))
        api.dataset = {
            "images": [{"id": group, "width": 1, "height": 1} for group in groups],
            "annotations": annotations,
            "categories": [{"id": n, "name": one} for n, one in enumerate(both.schema_ids)],
        }
        api.createIndex()
    evaluation = _Evaluation(people, run, "bbox", print_function=lambda *_: None)
    evaluation.params.iouThrs = np.array([*OVERLAPS, iou])
    evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
    evaluation.params.maxDets = [max(1, len(scored))]
    evaluation.evaluate()
    evaluation.accumulate()
    precision: NDArray[np.float64] = evaluation.eval["precision"][:, :, :, 0, 0]
    return precision


def _overlaps(both: Compared) -> dict[tuple[int, int], NDArray[np.float64]]:
    """By asset and page, and class: the run's labels by falling score × the people's."""
    run, people, pairs = both.run, both.people, both.pairs
    rows: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    columns: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    order = np.argsort(-run.score, kind="stable")
    for at in order[~np.isnan(run.score[order])].tolist():
        spot = rows[int(run.group[at]), int(run.schema[at])]
        spot[at] = len(spot)
    for at in range(len(people)):
        spot = columns[int(people.group[at]), int(people.schema[at])]
        spot[at] = len(spot)
    overlaps = {
        spot: np.zeros((len(rows[spot]), len(columns[spot]))) for spot in rows.keys() & columns
    }
    for n in range(pairs.same):
        one, other = int(pairs.run[n]), int(pairs.people[n])
        spot_of = (int(run.group[one]), int(run.schema[one]))
        if one in rows[spot_of]:
            overlaps[spot_of][rows[spot_of][one], columns[spot_of][other]] = pairs.overlap[n]
    return overlaps
