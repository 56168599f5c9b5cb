"""Batch: the task's asset is in any of some batches, given by id or by name."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.phrases import joined
from core.model.project import Project
from core.model.rules import Condition, Note
from core.rule_types.asked import Asked, any_of
from core.rule_types.base import Fact, Json, RuleType, remark, texts
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.task_facts import TaskFacts


@dataclass(frozen=True, slots=True)
class Batch(Condition):
    """Matches tasks in any of these batches, given by id or name; none listed matches none."""

    batches: tuple[str, ...] = ()
    kind: ClassVar[str] = "Batch"


class BatchRule(RuleType[Batch]):
    """Its meaning, spelling and words."""

    of = Batch
    label = "Batch"
    facts: ClassVar[frozenset[Fact]] = frozenset({"batches"})

    def read(self, value: Json, notes: list[Note]) -> Batch:
        """A list of ids or names."""
        return Batch(texts(value, "batches"))

    def write(self, condition: Batch, absent: str, before: Json) -> Json:
        """A list of ids or names, as they were read."""
        return list(condition.batches)

    def sentence(self, condition: Batch, names: Names, dialect: Dialect) -> str:
        """`batch is north or south`."""
        chosen = [names.of_batch(batch) for batch in condition.batches]
        return f"batch is {joined(chosen, 'or')}" if chosen else "batch is none listed"

    def matching(self, condition: Batch, facts: Facts) -> Bits:
        """A file may give a batch by its id or its name, whichever the rule says."""
        known = (t for batch in condition.batches for t in spellings(facts.project, batch))
        return bits.union((facts.batches.get(text) for text in known), facts.tasks)

    def because(self, condition: Batch, task: TaskFacts, facts: Facts, names: Names) -> str:
        """The batches that it is in, of those that are asked for where there are any."""
        known = {t for batch in condition.batches for t in spellings(facts.project, batch)}
        shown = {names.of_batch(text) for text in known}
        hits = [name for name in task.batches if name in shown]
        return f"is in {', '.join(hits or task.batches)}" if task.batches else "is in no batch"

    def asked(self, condition: Batch, dialect: Dialect, project: Project | None) -> Asked:
        """Any of the batches, in any spelling."""
        return any_of("batches", (t for b in condition.batches for t in spellings(project, b)))

    def normal(self, condition: Batch, dialect: Dialect) -> Hashable:
        """The batches, in any order."""
        return frozenset(condition.batches)

    def new(self, dialect: Dialect, names: Names) -> Batch:
        """The project's first batch."""
        return Batch(tuple(islice(names.batch_ids.values(), 1)))

    def named(self, condition: Batch) -> tuple[str, ...]:
        """Ids or names."""
        return condition.batches

    def matches_none(self, condition: Batch) -> bool:
        """No batch is listed."""
        return not condition.batches

    def remarks(
        self, condition: Batch, names: Names, dialect: Dialect, project: Project | None
    ) -> Iterator[RuleDiagnostic]:
        """Batches that the project does not have, or whose list is not known."""
        if not condition.batches:
            yield remark(
                "rule.empty",
                "warning",
                "No batch is chosen, so no task matches.",
                "Choose at least one batch.",
            )
            return
        if project is None or project.batches is None:
            yield remark(
                "batch.unresolved",
                "note",
                "Without the project's list of batches their text is compared as it stands.",
                "Add the project's JSON.",
            )
            return
        known = {text for batch in project.batches for text in (batch.id, batch.name)}
        for batch in condition.batches:
            if batch not in known:
                yield remark(
                    "batch.unknown",
                    "error",
                    f"The project has no batch {batch}.",
                    "Choose one of the project's batches.",
                )


def spellings(project: Project | None, wanted: str) -> set[str]:
    """All spellings, ids and names, of a batch that a rule names.

    With a project only its batches count; without one the text is taken as it stands.
    """
    batches = project.batches if project else None
    if batches is None:
        return {wanted}
    meant = [batch for batch in batches if wanted in (batch.id, batch.name)]
    return {text for batch in meant for text in (batch.id, batch.name)}
