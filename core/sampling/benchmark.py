"""Answers to benchmark tasks, held against the answers that are known.

Ango Hub gives every annotator now and then a task whose right answer is known, by chance and not by
a rule, so nothing steers what these show. Its documents do not say how such tasks look in a file.
Taken here: the export of the task type *benchmark* has one task per person and asset, and the known
answer is the task of the same asset that is marked as a benchmark, in that file or in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.export.reader import read_path
from core.export.whole_items import read_items
from core.export.whole_tasks import Labels, WholeTask, whole_tasks
from core.model.figures import counted, decimals
from core.model.phrases import joined
from core.model.reached import Reached, silent
from core.quality.check import IOU, compared, right_ones
from core.quality.columns import Gathering
from core.quality.matching import matched
from core.sampling.error_rates import ErrorRates, LookWords, rates_of_looks
from core.sampling.looks import Looks, check_by, weeks_at
from core.sampling.steered import Steering
from core.tasks.table import TaskTable
from core.workspace import Workspace

BY: Final = ("annotator", "batch", "class", "week")
BENCHMARK: Final = "benchmark"
NO_KNOWN: Final = "without a known answer of its asset"
SEVERAL: Final = "with several known answers of its asset"
NOT_COMPARED: Final = "with no label that can be compared"
ANSWERS: Final = LookWords("an answer", "answers", "answer was wrong")
TWICE: Final = "with the id of one before it"
CHANCE: Final = Steering(
    None, ("Benchmark tasks come by chance and not by a rule, so nothing is to be weighted.",)
)


@dataclass(frozen=True, slots=True, eq=False)
class BenchmarkAnswers:
    """Answers with what is known to be right.

    Args:
        table: The tasks that answered and can be judged.
        given: Labels of each of its tasks, as the annotator left them.
        known: Labels that are right, task by task.
        assets: How many assets these tasks are about.
        left_out: Tasks that cannot be judged, by why.
    """

    table: TaskTable
    given: tuple[Labels, ...]
    known: tuple[Labels, ...]
    assets: int
    left_out: Mapping[str, int]


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


def read_benchmark(
    path: Path, known: Sequence[Path], reached: Reached = silent
) -> BenchmarkAnswers:
    """Read answers to benchmark tasks, and the answers that are known.

    Args:
        path: Export of the task type benchmark, or a `get_tasks` response of such tasks.
        known: Files with the known answers that `path` lacks; read only where it lacks any.
        reached: Told how far it is.

    Raises:
        InputError: A file cannot be used, or no task of the first can be judged.
    """
    table, right = read_path(path), _Known()
    answers: dict[str, WholeTask] = {}
    why: Counter[str] = Counter()
    for task in whole_tasks(read_items(path, reached)):
        if task.is_benchmark and task.type != BENCHMARK:
            right.add(task)
        else:
            why[TWICE] += task.id in answers
            answers.setdefault(task.id, task)
    missing = [task for task in answers.values() if right.of(task) == NO_KNOWN]
    if missing:
        wanted = _Known.keys_of(missing)
        for other in known:
            for task in whole_tasks(read_items(other, reached)):
                if task.id not in answers and not wanted.isdisjoint(_Known.keys_of([task])):
                    right.add(task)
    rows, pairs = [], []
    for row, task_id in enumerate(table.ids.to_pylist()):
        if task_id not in answers:
            continue
        task = answers.pop(task_id)
        labels = right.of(task)
        if isinstance(labels, str):
            why[labels] += 1
            continue
        rows.append(row)
        pairs.append((task, labels))
    if not rows:
        reasons = joined([f"{counted(n)} {what}" for what, n in why.items() if n], "and")
        hint = "Choose the export of the task type benchmark, and that with the known answers."
        raise InputError(path.name, f"has no answer that can be judged ({reasons}).", hint)
    assets = {task.asset or task.external_id for task, _ in pairs}
    return BenchmarkAnswers(
        table.take(np.array(rows)),
        tuple(task.answered for task, _ in pairs),
        tuple(labels for _, labels in pairs),
        len(assets),
        {what: many for what, many in why.items() if many},
    )


@dataclass(slots=True)
class _Known:
    """Right answers by asset, and by external id where that names one asset only."""

    by_asset: dict[str, list[WholeTask]] = field(default_factory=dict)
    by_external: dict[str, list[WholeTask]] = field(default_factory=dict)

    @staticmethod
    def keys_of(tasks: Sequence[WholeTask]) -> set[tuple[str, str]]:
        """What tasks may be known by."""
        keys = {("asset", task.asset) for task in tasks} | {("id", t.external_id) for t in tasks}
        return {key for key in keys if key[1]}

    def add(self, task: WholeTask) -> None:
        self.by_asset.setdefault(task.asset, []).append(task)
        self.by_external.setdefault(task.external_id, []).append(task)

    def of(self, answer: WholeTask) -> Labels | str:
        """The right labels, or why there are none: those marked as a benchmark before others."""
        of_asset = self.by_asset.get(answer.asset, []) if answer.asset else []
        if not of_asset and answer.external_id:
            of_asset = self.by_external.get(answer.external_id, [])
        marked = [task for task in of_asset if task.is_benchmark] or of_asset
        if not marked:
            return NO_KNOWN
        return marked[0].labels if len(marked) == 1 else SEVERAL


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
