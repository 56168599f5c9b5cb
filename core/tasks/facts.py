"""What a task table means for rules, under one project and one dialect (docs/semantics.md).

Everything is worked out in whole columns; the result holds one bit per task and name.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.model.dialect import FINAL, Dialect
from core.model.project import Project
from core.model.stages import Label, Stage, UnknownStage
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.snapshot import as_of, left
from core.tasks.table import NO_REVIEW, Floats, History, TaskTable, person_key


@dataclass(frozen=True, slots=True)
class Honesty:
    """How much is not known; over all tasks, whatever the rules.

    Args:
        unknown_duration: Tasks without a duration under the dialect in force.
        no_history: Tasks without an entry in their stage history.
        no_answer_loaded: Tasks whose annotations were not loaded.
        skipped: Items that could not be used, repeated ids included.
        no_task: Assets without a task.
        repeated: Repeated task ids, part of `skipped`.
        odd: Fields of a wrong type, taken as absent.
        at_never: Tasks that never left the stage of dialect `at`; 0 for final facts, as below.
        at_no_labels: Tasks that left it, but whose history does not hold the labels of then.
        at_differs: Tasks of which another class, annotator or duration was true then.
        unknown_annotator: Tasks that nobody is known to have annotated, under the dialect in force.
    """

    unknown_duration: int
    no_history: int
    no_answer_loaded: int
    skipped: int
    no_task: int
    repeated: int
    odd: int
    at_never: int = 0
    at_no_labels: int = 0
    at_differs: int = 0
    unknown_annotator: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Facts:
    """The facts of all tasks of a table.

    Args:
        tasks: How many tasks there are.
        hashes: First 8 bytes of md5 of each task id.
        classes: Tasks that have a class, by schema id.
        people: Tasks that somebody annotated, by `person_key`.
        batches: Tasks in a batch, by the name or id that the file gives.
        duration: Milliseconds per task, NaN unknown.
        answered: Tasks whose annotations are known; None when all are.
        dialect: The dialect in force.
        project: What batch ids and stage types were looked up in, or None.
        honesty: How much is not known.
    """

    tasks: int
    hashes: NDArray[np.uint64]
    classes: Mapping[str, Bits]
    people: Mapping[str, Bits]
    batches: Mapping[str, Bits]
    duration: Floats
    answered: Bits | None
    dialect: Dialect
    project: Project | None
    honesty: Honesty


class OwnFacts(TaskTable):
    """A table whose tasks lie elsewhere, so that their facts are worked out there."""

    @abstractmethod
    def facts(self, project: Project | None, dialect: Dialect) -> Facts:
        """As of `resolve`."""


def resolve(table: TaskTable, project: Project | None, dialect: Dialect) -> Facts:
    """Work out the facts of a table.

    Args:
        table: What the file said.
        project: Gives the stage types that decide who annotated; without it every entry that is
            not a review counts.
        dialect: The readings in force.

    Raises:
        InputError: No task left the stage that the dialect names.
    """
    if isinstance(table, OwnFacts):
        return table.facts(project, dialect)
    if dialect.at == FINAL:
        return _resolve(table, project, dialect)
    last = left(table, project, dialect.at)
    then, final = _resolve(as_of(table, last), project, dialect), _resolve(table, project, dialect)
    known = last >= 0
    loaded = bits.everything(len(table)) if then.answered is None else then.answered
    no_labels = known & ~bits.unpack(loaded, len(table))
    honesty = replace(
        then.honesty,
        no_history=final.honesty.no_history,
        at_never=int((~known).sum()),
        at_no_labels=int(no_labels.sum()),
        at_differs=int((_differing(then, final) & known).sum()),
    )
    return replace(then, honesty=honesty)


def facts_as_they_stand(table: TaskTable, project: Project | None, dialect: Dialect) -> Facts:
    """The facts of a table whatever `at` says, for one that was cut back already."""
    return _resolve(table, project, dialect)


def nameless(table: TaskTable, project: Project | None) -> NDArray[np.bool_]:
    """Tasks with labelling entries, none of which says by whom."""
    counting = _labelling_entries(table, project)
    rows, named = table.history.rows, table.history.person >= 0
    worked = np.bincount(rows[counting], minlength=len(table)) > 0
    known = np.bincount(rows[counting & named], minlength=len(table)) > 0
    return worked & ~known


def _resolve(table: TaskTable, project: Project | None, dialect: Dialect) -> Facts:
    size = len(table)
    counting = _labelling_entries(table, project)
    duration, people = _durations(table, counting, dialect), _people_bits(table, counting, dialect)
    somebody = bits.nothing(size)
    for members in people.values():
        somebody |= members
    return Facts(
        tasks=size,
        hashes=table.hashes,
        classes=_class_bits(table, dialect),
        people=people,
        batches=dict(
            zip(
                table.batch_names,
                _code_bits(table.batches.rows, table.batches.codes, table.batch_names, size),
                strict=True,
            )
        ),
        duration=duration,
        answered=None if table.answered.all() else bits.pack(table.answered),
        dialect=dialect,
        project=project,
        honesty=Honesty(
            unknown_duration=int(np.isnan(duration).sum()),
            no_history=int((np.diff(table.history.offsets) == 0).sum()),
            no_answer_loaded=int(size - table.answered.sum()),
            skipped=table.counts.skipped,
            no_task=table.counts.no_task,
            repeated=table.counts.repeated,
            odd=table.counts.odd,
            unknown_annotator=size - bits.count(somebody),
        ),
    )


def _differing(then: Facts, now: Facts) -> NDArray[np.bool_]:
    """Tasks with another class (where both are known), annotator or duration."""
    differing = bits.nothing(now.tasks)
    for key, members in now.classes.items():
        differing |= members ^ then.classes[key]
    for facts in (then, now):
        if facts.answered is not None:
            differing &= facts.answered
    for key, members in now.people.items():
        differing |= members ^ then.people[key]
    same_time = (then.duration == now.duration) | (np.isnan(then.duration) & np.isnan(now.duration))
    other: NDArray[np.bool_] = bits.unpack(differing, now.tasks) | ~same_time
    return other


def _code_bits(
    rows: NDArray[np.int64], codes: NDArray[np.int32], names: tuple[str, ...], size: int
) -> list[Bits]:
    return bits.by_code(rows, codes.astype(np.int64), len(names), size)


def _class_bits(table: TaskTable, dialect: Dialect) -> dict[str, Bits]:
    per_class = _code_bits(table.classes.rows, table.classes.codes, table.schema_ids, len(table))
    if dialect.nested == "on":
        nested = _code_bits(table.nested.rows, table.nested.codes, table.schema_ids, len(table))
        per_class = [top | below for top, below in zip(per_class, nested, strict=True)]
    return dict(zip(table.schema_ids, per_class, strict=True))


def _labelling_entries(table: TaskTable, project: Project | None) -> NDArray[np.bool_]:
    """Flags the history entries that count as labelling.

    The stage is found by its id, else by its name, and must be a Label stage; an entry of a stage
    that the project does not have counts when it carries no review status.
    """
    label, unknown = labelling_stages(table.stages, project)
    codes = range(len(table.stages))
    is_label = np.array([*(code in label for code in codes), False])
    is_unknown = np.array([*(code in unknown for code in codes), True])
    history = table.history
    labelling: NDArray[np.bool_] = is_label[history.stage] | (
        is_unknown[history.stage] & (history.review == NO_REVIEW)
    )
    return labelling


def labelling_stages(
    stages: Sequence[tuple[str, str]], project: Project | None
) -> tuple[frozenset[int], frozenset[int]]:
    """Codes of the Label stages, and of those whose type is not known; -1, no stage, is left out.

    Args:
        stages: (stage id, stage name) by code.
        project: Gives the types.
    """
    given = (project.stages if project else None) or ()
    by_id: dict[str, Stage] = {stage.id: stage for stage in given}
    by_name: dict[str, Stage] = {}
    for stage in given:
        by_name.setdefault(stage.name, stage)
    known = [by_id.get(stage_id) or by_name.get(name) for stage_id, name in stages]
    label = frozenset(code for code, stage in enumerate(known) if isinstance(stage, Label))
    return label, frozenset(code for code, stage in enumerate(known) if _has_no_type(stage))


def _has_no_type(stage: Stage | None) -> bool:
    return stage is None or (isinstance(stage, UnknownStage) and not stage.type)


def _people_bits(
    table: TaskTable, counting: NDArray[np.bool_], dialect: Dialect
) -> dict[str, Bits]:
    size, history = len(table), table.history
    everyone = np.arange(size)
    named = counting & (history.person >= 0)
    rows, people = history.rows[named], history.person[named]
    if dialect.annotator == "assignee":
        rows, people = everyone, table.assignee
    else:
        if dialect.annotator == "last":
            rows, people = _last(rows, people)
        alone = np.ones(size, np.bool_)
        alone[rows] = False
        rows = np.concatenate((rows, everyone[alone]))
        people = np.concatenate((people, table.assignee[alone]))
    keys = [person_key(address) for address in table.people]
    return dict(zip(keys, _code_bits(rows, people, table.people, size), strict=True))


def _last(
    rows: NDArray[np.int64], values: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The last value of each row; `rows` is ascending."""
    is_last = np.append(rows[1:] != rows[:-1], True) if len(rows) else np.zeros(0, np.bool_)
    return rows[is_last], values[is_last]


def _durations(table: TaskTable, counting: NDArray[np.bool_], dialect: Dialect) -> Floats:
    history = table.history
    if dialect.duration == "labelling":
        return _sums(history, counting, len(table))
    if dialect.duration == "last":
        rows, entries = _last(history.rows[counting], np.flatnonzero(counting).astype(np.int32))
        last = np.full(len(table), np.nan)
        last[rows] = history.duration[entries]
        return last
    return table.total


def _sums(history: History, chosen: NDArray[np.bool_], size: int) -> Floats:
    """Sum of the known durations of the chosen entries of each task; NaN where none is known."""
    known = chosen & ~np.isnan(history.duration)
    rows = history.rows[known]
    sums = np.bincount(rows, history.duration[known], size)
    return np.where(np.bincount(rows, minlength=size) > 0, sums, np.nan)
