"""Reads answers to benchmark tasks beside the answers that are known.

Ango Hub's documents do not say how such tasks look in a file. Taken here: the export of the task
type *benchmark* has one task per person and asset, and the known answer is the task of the same
asset that is marked as a benchmark, in that file or in another.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from core.errors import InputError
from core.export.reader import read_stream
from core.export.whole_items import TaskFile, file_of, read_items
from core.export.whole_tasks import Labels, WholeTask, whole_tasks
from core.model.figures import counted
from core.model.phrases import joined
from core.model.reached import Reached, silent
from core.tasks.table import TaskTable

BENCHMARK: Final = "benchmark"
NO_KNOWN: Final = "without a known answer of its asset"
SEVERAL: Final = "with several known answers of its asset"
TWICE: Final = "with the id of one before it"
OTHERS: Final = "that are no benchmark tasks"


@dataclass(frozen=True, slots=True, eq=False)
class BenchmarkAnswers:
    """Answers with what is known to be right.

    Args:
        table: The tasks that answered and can be judged.
        given: Labels of each of its tasks, as the annotator left them.
        known: Labels that are right, task by task.
        assets: What names the asset of each of its tasks.
        left_out: Tasks that cannot be judged, by why.
    """

    table: TaskTable
    given: tuple[Labels, ...]
    known: tuple[Labels, ...]
    assets: tuple[str, ...]
    left_out: Mapping[str, int]


def read_benchmark(
    file: TaskFile, known: Sequence[TaskFile], reached: Reached = silent
) -> BenchmarkAnswers:
    """Read answers to benchmark tasks, and the answers that are known.

    Args:
        file: Export of the task type benchmark, or a `get_tasks` response of such tasks.
        known: Files with the known answers that `file` lacks; read only where it lacks any.
        reached: Told how far it is.

    Raises:
        InputError: A file cannot be used, or no task of the first can be judged.
    """
    with file.open() as stream:
        table = read_stream(stream, file.name)
    right, answers = _Known(), dict[str, WholeTask]()
    why: Counter[str] = Counter()
    for task in whole_tasks(read_items(file, reached)):
        if task.is_benchmark and task.type != BENCHMARK:
            right.add(task)
        else:
            why[TWICE] += task.id in answers
            answers.setdefault(task.id, replace(task, labels={}))
    typed = {key: task for key, task in answers.items() if task.type == BENCHMARK}
    if typed:  # else the file does not tell types
        why[OTHERS] += len(answers) - len(typed)
        answers = typed
    missing = [task for task in answers.values() if right.of(task) == NO_KNOWN]
    if missing:
        wanted = _Known.keys_of(missing)
        for other in known:
            for task in whole_tasks(read_items(other, reached)):
                if (
                    task.type != BENCHMARK
                    and task.id not in answers
                    and not wanted.isdisjoint(_Known.keys_of([task]))
                ):
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
        in_words = f" ({reasons})" if reasons else ""
        hint = "Choose the export of the task type benchmark, and that with the known answers."
        raise InputError(file.name, f"has no answer that can be judged{in_words}.", hint)
    return BenchmarkAnswers(
        table.take(np.array(rows)),
        tuple(task.answered for task, _ in pairs),
        tuple(labels for _, labels in pairs),
        tuple(task.asset or task.external_id for task, _ in pairs),
        {what: many for what, many in why.items() if many},
    )


def of_hub(name: str, tasks: Sequence[Mapping[str, Any]]) -> TaskFile:
    """Benchmark tasks that a hub listed, as a file that has their known answers, too.

    Args:
        name: Shown in sentences.
        tasks: As `core.gateway.protocol.Gateway.read_benchmark_tasks` gives them.
    """
    answer = {"status": "success", "data": {"tasks": list(tasks)}}
    return file_of(name, json.dumps(answer).encode())


@dataclass(slots=True)
class _Known:
    """Right answers by asset, and by external id where that names one asset only."""

    by_asset: dict[str, list[WholeTask]] = field(default_factory=dict)
    by_external: dict[str, list[WholeTask]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    @staticmethod
    def keys_of(tasks: Sequence[WholeTask]) -> set[tuple[str, str]]:
        """What tasks may be known by."""
        keys = {("asset", task.asset) for task in tasks} | {("id", t.external_id) for t in tasks}
        return {key for key in keys if key[1]}

    def add(self, task: WholeTask) -> None:
        if task.id in self.ids:  # of two exports that overlap
            return
        self.ids.add(task.id)
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
