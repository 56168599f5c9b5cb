"""Groups of tasks that rules can tell apart: by person, batch or class."""

from __future__ import annotations

from core.model.rules import Condition
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.annotator import Annotator
from core.rule_types.batch import Batch
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.summary import NO_BATCH, NOBODY
from core.tasks.table import person_key
from core.workspace import Workspace

BY = ("annotator", "batch", "class")
"""Breakdowns that rules can tell apart."""
REST = {"annotator": NOBODY, "batch": NO_BATCH, "class": "no class"}
"""Tasks that none of the groups has."""


def named_groups(workspace: Workspace, by: str) -> list[tuple[str, Condition, Bits]]:
    """Name, condition and tasks of each group that a rule can ask for; a task may be in several.

    Args:
        workspace: Tasks, project and readings.
        by: One of `BY`.
    """
    facts, names, table = workspace.facts, workspace.names, workspace.table
    if by == "annotator":
        return [
            (names.of_person(person), Annotator((person,)), facts.people[person_key(person)])
            for person in table.people
        ]
    if by == "class":
        return [
            (names.of_class(schema_id), AnnotationType((ClassFilter(schema_id),)), members)
            for schema_id, members in facts.classes.items()
        ]
    together: dict[str, tuple[tuple[str, ...], Bits]] = {}
    for raw, members in facts.batches.items():
        ids, before = together.get(names.of_batch(raw), ((), bits.nothing(facts.tasks)))
        together[names.of_batch(raw)] = ((*ids, raw), before | members)
    return [(name, Batch(ids), members) for name, (ids, members) in together.items()]
