"""Is the hub behaving, told from task histories: each pass by the facts that its rules saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.model.dialect import Dialect
from core.model.figures import counted
from core.model.names import Names
from core.model.project import Project
from core.model.stages import Logic, Stage
from core.routing.engine.chances import probabilities
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import by_fate
from core.routing.observed.conformance import (
    Behaviour,
    Followed,
    Seen,
    first_doubtful,
    judged_passes,
    output_labels,
)
from core.rule_types.base import Fact
from core.rule_types.registry import type_of
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts, facts_as_they_stand, nameless
from core.tasks.snapshot import at_leaving
from core.tasks.table import TaskTable
from core.tasks.transitions import Passed, passed


def of_history(
    table: TaskTable,
    project: Project | None,
    dialect: Dialect,
    stage: Logic,
    within: Bits,
    names: Names,
) -> Behaviour:
    """Judge each task's first pass through a Logic stage that can be followed.

    Only one pass of a task counts: whether there is another depends on where the first one went.

    Args:
        table: Tasks with histories.
        project: With the workflow around the stage.
        dialect: The readings in force; `at` does not matter, a pass has facts of its own.
        stage: The rules.
        within: The tasks looked at. Which they are must not depend on where they went.
        names: For labels.

    Raises:
        InputError: There is no workflow, or no task of these came through the stage.
    """
    around = project.stages if project else None
    if around is None:
        raise InputError(
            "The histories",
            "they are read with the workflow, which is not known.",
            "Give the project's get_project response.",
        )
    stage, notes = _in_workflow(stage, around)
    gathered = _gathered(table, project, dialect, stage, within)
    went = gathered.went
    if not gathered.came and not gathered.lost:
        raise InputError(
            "The histories",
            f"no task came through {stage.name or 'the Logic stage'}.",
            "Check that the export has histories and is of this workflow.",
        )
    all_outputs = [(names.of_stage(cell.target), cell.outputs) for cell in went.cells]
    followed = [place for place in range(len(all_outputs)) if went.follows[:, place].any()]
    labels = output_labels(stage)
    untold = [Seen(labels[place], (place,), why=why) for place, why in sorted(went.untold.items())]
    for many, words in (
        (gathered.lost, "came here and could not be followed"),
        (gathered.unknown, "left with facts that their histories do not hold; they do not count"),
        (gathered.of_end, "have no facts of then in their histories: the end's count"),
    ):
        if many:
            notes.append(f"{counted(many)} {'task' if many == 1 else 'tasks'} {words}.")
    passes = _grouped(went, followed, gathered.seen, stage, dialect)
    return judged_passes([all_outputs[place] for place in followed], passes, untold, notes)


@dataclass(frozen=True, slots=True, eq=False)
class _Gathered:
    """What the histories of all tasks tell.

    Args:
        went: How passes can be followed; of single tasks only those read last.
        came: Tasks whose pass could be followed.
        lost: Tasks that came and could not be followed.
        unknown: Of the tasks that came, those that left with facts that nobody knows.
        of_end: Of the others, those whose facts are those of the end.
        seen: Shape (stages before * outputs, cells): the others by where they came from, the
            certain rule that would take them, and where they went.
    """

    went: Passed
    came: int
    lost: int
    unknown: int
    of_end: int
    seen: NDArray[np.int64]


def _gathered(
    table: TaskTable, project: Project | None, dialect: Dialect, stage: Logic, within: Bits
) -> _Gathered:
    """Follow all tasks, some at a time."""
    around = (project.stages if project else None) or ()
    inside, outputs = bits.unpack(within, len(table)), len(stage.active) + 1
    sums = np.zeros(4, np.int64)
    seen: NDArray[np.int64] | None = None
    for first, some in table.pieces():
        chosen = bits.pack(inside[first : first + len(some)])
        went = passed(some, stage, around, chosen, first_doubtful(stage))
        then, of_end = at_leaving(some, went.entry)
        facts = facts_as_they_stand(then, project, dialect)
        came = went.entry >= 0
        unknown = came & facts_unknown(then, facts, stage)
        known = came & ~unknown
        sums += (came.sum(), went.lost, unknown.sum(), (of_end & known).sum())
        if seen is None:
            seen = np.zeros((len(went.follows) * outputs, len(went.cells)), np.int64)
        keys = went.before[known] * outputs + _fates(Matcher(facts), stage)[known]
        np.add.at(seen, (keys, went.cell[known]), 1)
    assert seen is not None  # a table has a piece
    came_in_all, lost, unknown_in_all, of_the_end = sums.tolist()
    return _Gathered(went, came_in_all, lost, unknown_in_all, of_the_end, seen)


def _in_workflow(stage: Logic, around: Sequence[Stage]) -> tuple[Logic, list[str]]:
    """The rules as those of a stage of the workflow, and a note where its id does not tell which.

    Raises:
        InputError: No stage of the workflow is meant for sure.
    """
    known = [one for one in around if isinstance(one, Logic)]
    if any(one.id == stage.id for one in known):
        return stage, []
    fitting = [one for one in known if one.name == stage.name] or known
    if len(fitting) != 1:
        names = ", ".join(f"{one.name} ({one.id})" for one in known) or "none"
        raise InputError(
            "The histories",
            f"the workflow has no Logic stage {stage.id or 'without an id'}.",
            f"Give the rules the id of the stage that they stand for: {names}.",
        )
    note = f"The rules are taken for those of {fitting[0].name}, since no stage has their id."
    return replace(stage, id=fitting[0].id), [note]


def facts_unknown(then: TaskTable, facts: Facts, stage: Logic) -> NDArray[np.bool_]:
    """Tasks of which a rule asks what is not known.

    Args:
        then: The tasks as they were when the rules saw them.
        facts: Theirs.
        stage: The rules.
    """
    conditions = [rule.condition for rule in stage.active[: first_doubtful(stage)]]
    facts_read: set[Fact] = {
        fact for c in conditions if type_of(c).named(c) != () for fact in type_of(c).facts
    }
    unknown = np.zeros(facts.tasks, np.bool_)
    if "classes" in facts_read:
        unknown |= ~then.answered
    if "duration" in facts_read:
        unknown |= np.isnan(facts.duration)
    if "annotators" in facts_read:
        read_now = facts.dialect.annotator == "assignee"
        unknown |= np.ones(facts.tasks, np.bool_) if read_now else nameless(then, facts.project)
    return unknown


def _fates(matcher: Matcher, stage: Logic) -> NDArray[np.int64]:
    """Per task the certain rule that would take it; Else is last."""
    size = matcher.facts.tasks
    fates = np.zeros(size, np.int64)
    for place, won in enumerate(by_fate(matcher, stage, bits.everything(size))):
        fates[bits.unpack(won, size)] = place
    return fates


def _grouped(
    went: Passed, followed: list[int], seen: NDArray[np.int64], stage: Logic, dialect: Dialect
) -> Followed:
    """Passes by what can be followed from where they came, and by the certain rule."""
    by_output = probabilities(stage.active, dialect)
    cells = went.cells
    chances = np.array([by_output[:, cell.outputs].sum(axis=1) for cell in cells])
    chances = chances.reshape(len(cells), len(by_output)).T
    groups = np.flatnonzero(seen.any(axis=1))
    before, fate = np.divmod(groups, len(by_output))
    law = chances[fate] * went.follows[before]
    sums = law.sum(axis=1, keepdims=True)
    law = np.divide(law, sums, out=np.zeros_like(law), where=sums > 0)
    return Followed(seen[groups][:, followed], law[:, followed])
