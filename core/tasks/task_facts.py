"""What is known of one task, in names, for people to compare with what a rule asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from core.model.names import Names
from core.tasks import bits
from core.tasks.facts import Facts, resolve
from core.tasks.table import UNKNOWN_TIME, TaskTable, person_key


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What is known of one task, in names.

    Args:
        task: Task id.
        external_id: Asset's external id, "" when it has none.
        stage: Name of the stage where it is, "" unknown.
        classes: Titles of the classes present; None when its annotations were not loaded.
        schema_ids: Those of the classes; empty when its annotations were not loaded.
        annotators: Addresses under the dialect in force.
        duration_ms: Under the dialect in force; None unknown.
        batches: Names.
        last_at: Time of its last activity (UTC), None unknown.
        passes: Its stage history: stage, person, milliseconds or None, review status.
    """

    task: str
    external_id: str
    stage: str
    classes: tuple[str, ...] | None
    schema_ids: tuple[str, ...]
    annotators: tuple[str, ...]
    duration_ms: float | None
    batches: tuple[str, ...]
    last_at: datetime | None
    passes: tuple[tuple[str, str, float | None, str], ...]


def task_facts(table: TaskTable, facts: Facts, row: int, names: Names) -> TaskFacts:
    """The facts of one task in names."""
    task = table.take(np.array([row]))
    known, at = resolve(task, facts.project, facts.dialect), int(task.at[0])
    history = task.history
    passes = tuple(
        (
            _stage_name(task, names, int(history.stage[entry])),
            task.people[history.person[entry]] if history.person[entry] >= 0 else "",
            _known(history.duration[entry]),
            task.review_words[history.review[entry]],
        )
        for entry in range(len(history.stage))
    )
    present = [s for s in task.schema_ids if bits.has(known.classes[s], 0)]
    loaded = known.answered is None or bits.has(known.answered, 0)
    return TaskFacts(
        task=task.ids[0].as_py(),
        external_id=task.external_ids[0].as_py() or "",
        stage=_stage_name(task, names, int(task.stage[0])),
        classes=tuple(names.of_class(s) for s in present) if loaded else None,
        schema_ids=tuple(present) if loaded else (),
        annotators=tuple(p for p in task.people if bits.has(known.people[person_key(p)], 0)),
        duration_ms=_known(known.duration[0]),
        batches=tuple(names.of_batch(task.batch_names[c]) for c in task.batches.of(0)),
        last_at=None if at == UNKNOWN_TIME else datetime.fromtimestamp(at / 1_000, UTC),
        passes=passes,
    )


def _stage_name(table: TaskTable, names: Names, code: int) -> str:
    return names.of_table_stage(table.stages[code]) if code >= 0 else ""


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
