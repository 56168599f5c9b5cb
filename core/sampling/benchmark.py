"""Answers to benchmark tasks, held against the answers that are known.

Ango Hub gives every annotator now and then a task whose right answer is known, by chance and not by
a rule, so nothing steers what these show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.export.benchmark import BenchmarkAnswers
from core.model.figures import counted, decimals
from core.model.phrases import joined
from core.quality.check import IOU, Compared, compared, right_ones
from core.quality.columns import Gathering
from core.quality.matching import Flags, matched
from core.sampling.error_rates import ErrorRates, LookWords, drift_of, rates_of_looks
from core.sampling.looks import Looks, check_by, sets_by, weeks_at
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

NO_ROWS: Final = np.zeros(0, np.int64)
"""Of answers without any label, where nothing is known to be there either."""


@dataclass(frozen=True, slots=True, eq=False)
class ComparedAnswers:
    """Answers beside what is known to be right, ready to be judged.

    Args:
        table: The tasks that answered.
        both: Their labels (`run`) and those that are right (`people`), an asset for each answer.
        assets: How many assets they are about.
        left_out: Tasks that cannot be judged, by why.
    """

    table: TaskTable
    both: Compared
    assets: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class JudgedAnswers:
    """Answers, right or wrong.

    Args:
        table: Their tasks.
        wrong: Whether a label is missing, made up, misplaced or of another class.
        classes: By schema ID whether the class is in the answer or known to be there, and whether
            a label of it has no match of its class.
        iou: The least overlap of two labels that are the same.
        assets: How many assets they are about.
        left_out: Tasks that could not be judged, by why.
        labels_left_out: Labels that were not compared, of both sides, by what they are.
    """

    table: TaskTable
    wrong: Flags
    classes: Mapping[str, tuple[Flags, Flags]]
    iou: float
    assets: int
    left_out: Mapping[str, int]
    labels_left_out: Mapping[str, int]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was held against what, and what was not."""
        tasks, overlap = counted(len(self.table)), decimals(self.iou, 2)
        sentences = [
            f"Answers judged: {tasks}, about {counted(self.assets)} assets with a known answer.",
            "An answer is right where every label, known or given, has its like of the same class "
            f"with an overlap of at least {overlap}. What is answered below a label or below "
            "another answer is not compared.",
        ]
        if self.left_out:
            why = joined([f"{counted(n)} {what}" for what, n in self.left_out.items()], "and")
            sentences.append(f"Answers that are left out: {why}.")
        if self.labels_left_out:
            kinds = joined([f"{counted(n)} {what}" for what, n in self.labels_left_out.items()],
                           "and")  # fmt: skip
            sentences.append(f"Labels that are not compared: {kinds}; mistakes there are not seen.")
        return tuple(sentences)


def compare_answers(answers: BenchmarkAnswers) -> ComparedAnswers:
    """Turn answers into columns, and find what overlaps.

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
    both = compared(gathering, [answers.assets[row] for row in kept])
    return ComparedAnswers(
        answers.table.take(np.array(kept)), both, len(set(both.assets)), left_out
    )


def judge(answers: ComparedAnswers, iou: float = IOU) -> JudgedAnswers:
    """Find the wrong ones: those with a label without its match, on either side.

    Args:
        answers: Ready to be judged.
        iou: The least overlap of two labels that are the same.
    """
    both, many = answers.both, len(answers.table)
    matches = matched(both.pairs, np.ones(len(both.run), np.bool_), len(both.people), iou)
    right = right_ones(both, matches)
    answered = np.zeros(len(both.run), np.bool_)
    answered[matches.of_people[right]] = True
    classes: dict[str, tuple[Flags, Flags]] = {}
    for place, schema_id in enumerate(both.schema_ids):
        there, wrong = np.zeros(many, np.bool_), np.zeros(many, np.bool_)
        for side, is_right in ((both.people, right), (both.run, answered)):
            own = side.schema == place
            there[side.asset[own]] = True
            wrong[side.asset[own & ~is_right]] = True
        classes[schema_id] = (there, wrong)
    any_wrong = np.zeros(many, np.bool_)
    for _, wrong in classes.values():
        any_wrong |= wrong
    labels = Counter(both.left_out["run"]) + Counter(both.left_out["people"])
    return JudgedAnswers(
        answers.table, any_wrong, classes, iou, answers.assets, answers.left_out, dict(labels)
    )


def benchmark_rates(workspace: Workspace, judged: JudgedAnswers, by: str) -> ErrorRates:
    """Error rates of judged answers by group; those of a class are of its labels alone.

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
    if by != "class":
        rates = rates_of_looks(looks, sets_by(workspace, looks, by), CHANCE, by, ANSWERS)
        return rates.in_words()
    by_class = _by_class(workspace, judged, weeks)
    whole = replace(by_class, reviewed=tasks, wrong=int(judged.wrong.sum()), drift=drift_of(looks))
    return whole.in_words()


def _by_class(workspace: Workspace, judged: JudgedAnswers, weeks: NDArray[np.int64]) -> ErrorRates:
    """A look for each answer and each class that is in it, or is known to be there."""
    parts = [
        (workspace.names.of_class(schema_id), np.flatnonzero(there), wrong)
        for schema_id, (there, wrong) in judged.classes.items()
    ]
    rows = np.concatenate([NO_ROWS, *(own for _, own, _ in parts)])
    owner = np.repeat(np.arange(len(parts)), [len(own) for _, own, _ in parts])
    sets: dict[str, Flags] = {}
    for place, (name, _, _) in enumerate(parts):  # classes may share a name
        sets[name] = sets.get(name, np.zeros(len(rows), np.bool_)) | (owner == place)
    looks = Looks(
        len(judged.table), rows,
        np.concatenate([NO_ROWS, *(wrong[own] for _, own, wrong in parts)]).astype(np.bool_),
        np.full(len(rows), -1), weeks[rows],
    )  # fmt: skip
    return rates_of_looks(looks, sets, CHANCE, "class", ANSWERS, apart=True)
