"""Answers to benchmark tasks, held against the answers that are known.

Ango Hub gives every annotator now and then a task whose right answer is known, by chance and not by
a rule, so nothing steers what these show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.export.benchmark import BenchmarkAnswers
from core.model.figures import counted, decimals
from core.model.phrases import joined
from core.quality.check import IOU, compared, right_ones
from core.quality.columns import Gathering
from core.quality.matching import matched
from core.sampling.error_rates import ErrorRates, LookWords, rates_of_looks
from core.sampling.looks import Looks, check_by, weeks_at
from core.sampling.steered import Steering
from core.tasks.table import TaskTable
from core.workspace import Workspace

BY: Final = ("annotator", "batch", "class", "week")
NOT_COMPARED: Final = "with no label that can be compared"
ANSWERS: Final = LookWords(
    "an answer", "answers", "answer was wrong", "answers", "% of answers that were wrong"
)
CHANCE: Final = Steering(
    None, ("Benchmark tasks come by chance and not by a rule, so nothing is to be weighted.",)
)


@dataclass(frozen=True, slots=True, eq=False)
class JudgedAnswers:
    """Answers, right or wrong.

    Args:
        table: Their tasks.
        wrong: Whether a label is missing, made up, misplaced or of another class.
        iou: The least overlap of two labels that are the same.
        assets: How many assets they are about.
        left_out: Tasks that could not be judged, by why.
        labels_left_out: Labels that were not compared, of both sides, by what they are.
    """

    table: TaskTable
    wrong: NDArray[np.bool_]
    iou: float
    assets: int
    left_out: Mapping[str, int]
    labels_left_out: Mapping[str, int]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was held against what, and what was not."""
        tasks, overlap = counted(len(self.table)), decimals(self.iou, 2)
        sentences = [
            f"{tasks} answers to {counted(self.assets)} benchmark tasks; one is right where every "
            f"label has its like of the same class, with an overlap of at least {overlap}."
        ]
        if self.left_out:
            why = joined([f"{counted(n)} {what}" for what, n in self.left_out.items()], "and")
            sentences.append(f"Answers that are left out: {why}.")
        if self.labels_left_out:
            kinds = joined([f"{counted(n)} {what}" for what, n in self.labels_left_out.items()],
                           "and")  # fmt: skip
            sentences.append(f"Labels that are not compared: {kinds}; mistakes there are not seen.")
        return tuple(sentences)


def judge(answers: BenchmarkAnswers, iou: float = IOU) -> JudgedAnswers:
    """Find the wrong ones: those with a label without its match, on either side.

    Args:
        answers: As read.
        iou: The least overlap of two labels that are the same.

    Raises:
        InputError: No answer has a label that can be compared.
    """
    gathering, kept = Gathering(), list[int]()
    for row, (given, known) in enumerate(zip(answers.given, answers.known, strict=True)):
        place, before = len(kept), len(gathering.run) + len(gathering.people)
        gathering.add(gathering.run, place, given)
        gathering.add(gathering.people, place, known)
        some = any(labels[kind] for labels in (given, known) for kind in labels)
        if some and len(gathering.run) + len(gathering.people) == before:
            continue  # the next answer takes its place
        kept.append(row)
    left_out = dict(answers.left_out)
    if len(kept) < len(answers.given):
        left_out[NOT_COMPARED] = len(answers.given) - len(kept)
    if not kept:
        message = "has no answer with a label that can be compared."
        raise InputError("benchmark", message, "Boxes, areas, points and answers can be.")
    both = compared(gathering, [str(row) for row in kept])
    matches = matched(both.pairs, np.ones(len(both.run), np.bool_), len(both.people), iou)
    wrong = np.zeros(len(kept), np.bool_)
    wrong[both.people.asset[~right_ones(both, matches)]] = True
    wrong[both.run.asset[matches.of_run < 0]] = True
    rows = np.array(kept)
    labels = Counter(both.left_out["run"]) + Counter(both.left_out["people"])
    return JudgedAnswers(
        answers.table.take(rows), wrong, iou, answers.assets, left_out, dict(labels)
    )


def benchmark_rates(workspace: Workspace, judged: JudgedAnswers, by: str) -> ErrorRates:
    """Error rates of judged answers by group.

    Args:
        workspace: Of `judged.table`, with project and readings.
        judged: The answers.
        by: One of `BY`.

    Raises:
        InputError: It is none of them.
    """
    check_by(by, BY)
    tasks = len(judged.table)
    weeks = weeks_at(judged.table.at)
    looks = Looks(tasks, np.arange(tasks), judged.wrong, np.full(tasks, -1), weeks)
    return rates_of_looks(workspace, looks, CHANCE, by, ANSWERS)
