"""Tasks that need not exist, asked about by the same engine as those of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.model.dialect import Dialect
from core.model.names import Names
from core.model.phrases import duration_text, joined
from core.model.project import Project
from core.model.rules import Rule
from core.routing.engine.evaluate import Matcher, first_match
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts, Honesty


@dataclass(frozen=True, slots=True)
class Supposed:
    """A task that need not exist.

    Args:
        classes: Schema ids present; None when its annotations are not loaded.
        people: Annotators as `person_key`.
        batches: Names or ids as a file gives them.
        duration_ms: None is unknown.
    """

    classes: frozenset[str] | None = frozenset()
    people: frozenset[str] = frozenset()
    batches: frozenset[str] = frozenset()
    duration_ms: float | None = None


def facts_of(tasks: Sequence[Supposed], dialect: Dialect, project: Project | None) -> Facts:
    """The facts of such tasks, in their order."""
    size = len(tasks)

    def sets(names_of: Callable[[Supposed], frozenset[str]]) -> dict[str, Bits]:
        every = sorted({name for task in tasks for name in names_of(task)})
        return {
            name: bits.pack(np.array([name in names_of(task) for task in tasks], np.bool_))
            for name in every
        }

    known = np.array([task.classes is not None for task in tasks], np.bool_)
    took = [np.nan if task.duration_ms is None else task.duration_ms for task in tasks]
    return Facts(
        tasks=size,
        hashes=np.zeros(size, np.uint64),
        classes=sets(lambda task: task.classes or frozenset()),
        people=sets(lambda task: task.people),
        batches=sets(lambda task: task.batches),
        duration=np.array(took, np.float64),
        answered=None if known.all() else bits.pack(known),
        dialect=dialect,
        project=project,
        honesty=Honesty(0, 0, 0, 0, 0, 0, 0),
    )


def fates(
    tasks: Sequence[Supposed], rules: Sequence[Rule], dialect: Dialect, project: Project | None
) -> list[int]:
    """Which rule takes each task for certain if it gets there; the number of rules is Else."""
    matcher = Matcher(facts_of(tasks, dialect, project))
    matches = [matcher.matching(rule.condition) for rule in rules]
    taken = first_match(matches, bits.everything(len(tasks)))
    outputs = np.zeros(len(tasks), np.int64)
    for position, won in enumerate(taken):
        outputs[bits.rows_of(won, len(tasks))] = position
    return outputs.tolist()


def words(task: Supposed, names: Names) -> str:
    """The task as a phrase: `with Vehicle, in batch north, that took 60 s`; "" for a bare one."""
    parts = []
    if task.classes:
        parts.append(f"with {joined(sorted(map(names.of_class, task.classes)), 'and')}")
    if task.batches:
        parts.append(f"in batch {joined(sorted(map(names.of_batch, task.batches)), 'and')}")
    if task.people:
        parts.append(f"annotated by {joined(sorted(map(names.of_person, task.people)), 'and')}")
    if task.duration_ms is not None:
        parts.append(f"that took {duration_text(task.duration_ms)}")
    return ", ".join(parts)
