"""A table on disk, a project and a dialect put together: the questions that counts can answer.

As `core.workspace` for a table in memory, with the same words and the same values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.dataset.columns import TaskColumns
from core.dataset.counts import FateTally, Versions, fate_pairs, moved_rows, tally
from core.dataset.engines import CountingEngine
from core.dataset.layout import Dataset
from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import Dialect
from core.model.names import Names, names_of
from core.model.project import Project
from core.model.pseudonyms import Pseudonyms
from core.model.rules import Condition
from core.model.stages import Logic
from core.routing.engine.split import Split, split_of_counts
from core.routing.lint.check import check
from core.routing.versions.compare import Comparison, compare_counts
from core.routing.versions.moved_tasks import Move
from core.routing.versions.version import Version
from core.tasks.facts import Honesty
from core.workspace import Workspace

EXAMPLES = 20


@dataclass(frozen=True)
class DatasetWorkspace:
    """What questions are asked of; each is one look at the tasks.

    Args:
        dataset: The tasks.
        project: What is known around them, or None.
        dialect: The readings in force.
        engine: Who counts.
        pseudonyms: What its people are called instead of their addresses; None for these.
    """

    dataset: Dataset
    project: Project | None
    dialect: Dialect
    engine: CountingEngine
    pseudonyms: Pseudonyms | None = None

    @cached_property
    def names(self) -> Names:
        """Names for the ids in rules."""
        table = self.dataset.names
        schema = zip(table.schema_ids, table.schema_titles, strict=True)
        names = names_of(self.project, schema, table.batch_names, table.people, table.stages)
        return replace(names, pseudonyms=self.pseudonyms)

    @cached_property
    def columns(self) -> TaskColumns:
        """The facts of all tasks, as expressions."""
        rows = self.engine.rows(self.dataset)
        return TaskColumns(rows, self.engine, self.dataset.names, self.project, self.dialect)

    def tally(self, stage: Logic, seed: int = 0) -> FateTally:
        """All that `split_of`, `check` and `honesty` need, in one look."""
        return tally(self.columns, self.dataset, stage, self.project, seed)

    def split_of(self, stage: Logic, counts: FateTally, seed: int = 0) -> Split:
        """How many tasks leave through each output."""
        fates = counts.shape.settled
        return split_of_counts(fates, counts.drawn, stage, self.dialect, self.names, seed)

    def check(self, stage: Logic, counts: FateTally) -> tuple[RuleDiagnostic, ...]:
        """What is wrong or doubtful in the stage."""
        return check(stage, self.names, self.dialect, self.project, _matches_none(counts))

    def honesty(self, counts: FateTally) -> Honesty:
        """How much is not known."""
        left_out = self.dataset.names.counts
        return Honesty(
            **counts.unknowns,
            skipped=left_out.skipped,
            no_task=left_out.no_task,
            repeated=left_out.repeated,
            odd=left_out.odd,
        )

    def compare(self, before: Logic, after: Logic, other: DatasetWorkspace) -> Comparison:
        """What the second version does differently; arguments as of `Workspace.compare`."""
        versions = self._versions(before, after, other)
        counts = fate_pairs(versions, self.dataset, self.project).astype(np.float64)
        return compare_counts(versions[0][1], versions[1][1], counts)

    def moves(
        self, before: Logic, after: Logic, other: DatasetWorkspace, seed: int
    ) -> tuple[Move, ...]:
        """The first tasks that move in the draw of the seed, and why; worked out in memory."""
        versions = self._versions(before, after, other)
        rows = moved_rows(versions, self.dataset, self.project, seed, EXAMPLES)
        table = self.dataset.rows(rows)
        here = Workspace(table, self.project, self.dialect, pseudonyms=self.pseudonyms)
        there = replace(here, dialect=other.dialect)
        sides = here.sides(before, after, there)
        return here.moves(sides, here.everything, seed, count=EXAMPLES)

    def _versions(self, before: Logic, after: Logic, other: DatasetWorkspace) -> Versions:
        rows = self.columns.rows
        old = TaskColumns(rows, self.engine, self.dataset.names, self.project, other.dialect)
        return (
            (old, Version(before, other.dialect)),
            (self.columns, Version(after, self.dialect)),
        )


def _matches_none(counts: FateTally) -> Callable[[Condition], bool]:
    return lambda condition: counts.shape.tasks > 0 and not counts.matched[condition]
