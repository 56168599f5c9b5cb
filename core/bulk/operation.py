"""What somebody wants of many tasks at once, and of which: values, checked against a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from core.errors import InputError
from core.gateway.protocol import HubTask, Requeueing
from core.model.figures import counted
from core.model.names import Names
from core.model.phrases import joined
from core.model.project import Project
from core.model.stages import Stage

LEAST, MOST = -1_000, 1_000
"""Priorities that the API's documentation allows; higher ones come first."""

MOST_NAMED = 3
"""Ids that a sentence names."""


@dataclass(frozen=True, slots=True)
class Prioritising:
    """Gives tasks a priority, from -1,000 to 1,000."""

    priority: int


@dataclass(frozen=True, slots=True)
class Assigning:
    """Gives tasks to somebody of the project, by address."""

    person: str


BulkChange = Requeueing | Prioritising | Assigning


@dataclass(frozen=True, slots=True)
class BulkFilter:
    """Which tasks: those that fit everything that is asked for. None asks for nothing.

    Args:
        tasks: Task ids.
        external_ids: Of their assets; not unique.
        assets: Asset ids.
        batches: Ids of batches, of which a task is in at least one.
        stages: Ids of the stages where they are now.
    """

    tasks: tuple[str, ...] | None = None
    external_ids: tuple[str, ...] | None = None
    assets: tuple[str, ...] | None = None
    batches: tuple[str, ...] | None = None
    stages: tuple[str, ...] | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is asked for, which is every task of the project."""
        return all(getattr(self, one.name) is None for one in fields(self))


@dataclass(frozen=True, slots=True)
class Operation:
    """A change, and of which tasks."""

    change: BulkChange
    filter: BulkFilter = BulkFilter()


_WHAT = {
    "tasks": "task id",
    "external_ids": "external id",
    "assets": "asset id",
    "batches": "batch",
    "stages": "stage",
}


def checked(operation: Operation, project: Project) -> Operation:
    """The operation with ids for whatever was said by name.

    Raises:
        InputError: What it names the project does not have, or it cannot be done.
    """
    return Operation(
        _checked_change(operation.change, project), _checked_filter(operation.filter, project)
    )


def _checked_change(change: BulkChange, project: Project) -> BulkChange:
    if isinstance(change, Requeueing):
        stage = stage_of(project, change.to)
        if getattr(stage, "consensus_id", None) is not None:
            message = f"{stage.name} is part of a Consensus; copies of tasks get there by it alone."
            raise InputError("stage", message, "Requeue to the Consensus.")
        return replace(change, to=stage.id)
    if isinstance(change, Prioritising):
        if isinstance(change.priority, bool) or not isinstance(change.priority, int):
            raise InputError("priority", "is not a whole number.", "For example 100.")
        if not LEAST <= change.priority <= MOST:
            message = f"{counted(change.priority)} is not from {counted(LEAST)} to {counted(MOST)}."
            raise InputError("priority", message, "Higher ones come first; 0 is the usual one.")
        return change
    people = {one.email.strip().casefold(): one.email for one in project.people or ()}
    person = change.person.strip()
    if not person:
        raise InputError("person", "is empty.", "Give the address of somebody of the project.")
    if project.people is not None and person.casefold() not in people:
        hint = "Add them to the project in Ango Hub, or check the address."
        raise InputError("person", f"{person} is nobody of this project.", hint)
    return Assigning(people.get(person.casefold(), person))


def stage_of(project: Project, named: str) -> Stage:
    """A stage of the workflow by its id, else by its name.

    Raises:
        InputError: There is none, or there are several of the name.
    """
    stages = project.stages or ()
    fitting = [one for one in stages if one.id == named] or [s for s in stages if s.name == named]
    if len({one.id for one in fitting}) == 1:
        return fitting[0]
    if fitting:
        message = f"{named} is the name of {len(fitting)} stages."
        raise InputError("stage", message, "Give the stage's id.")
    hint = f"It has {joined([one.name for one in stages], 'and')}." if stages else ""
    raise InputError("stage", f"the workflow has no stage {named or '“”'}.", hint)


def _batch_of(project: Project, named: str) -> str:
    batches = project.batches or ()
    fitting = {b.id for b in batches if b.id == named} or {b.id for b in batches if b.name == named}
    if len(fitting) == 1:
        return fitting.pop()
    if fitting:
        message = f"{named} is the name of {len(fitting)} batches."
        raise InputError("batch", message, "Give the batch's id.")
    known = [one.name for one in batches]
    hint = f"It has {joined(known, 'and')}." if known else "It has no batch."
    raise InputError("batch", f"the project has no batch {named}.", hint)


def _checked_filter(asked: BulkFilter, project: Project) -> BulkFilter:
    for name, what in _WHAT.items():
        wanted = getattr(asked, name)
        if wanted is not None and not (wanted and all(one.strip() for one in wanted)):
            hint = "Leave this filter out, or name what shall be changed."
            raise InputError(what, "is empty, which a hub would take for every task.", hint)
    batches, stages = asked.batches, asked.stages
    return replace(
        asked,
        batches=batches and _distinct(_batch_of(project, one) for one in batches),
        stages=stages and _distinct(stage_of(project, one).id for one in stages),
    )


def _distinct(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def fitting(asked: BulkFilter, tasks: Iterable[HubTask]) -> tuple[HubTask, ...]:
    """The tasks that fit all that a filter asks for, parts of a Consensus among them."""
    sets = {name: frozenset(w) for name in _WHAT if (w := getattr(asked, name)) is not None}

    def fits(task: HubTask) -> bool:
        own = {
            "tasks": (task.id,),
            "external_ids": (task.external_id,),
            "assets": (task.asset,),
            "batches": task.batches,
            "stages": (task.stage,),
        }
        return all(not wanted.isdisjoint(own[name]) for name, wanted in sets.items())

    return tuple(task for task in tasks if fits(task))


def unmatched(asked: BulkFilter, tasks: Iterable[HubTask]) -> tuple[str, ...]:
    """A sentence per kind of id, of which some belong to no task of the project."""
    every = tuple(tasks)
    known = {
        "tasks": {task.id for task in every},
        "external_ids": {task.external_id for task in every},
        "assets": {task.asset for task in every},
    }
    sentences = []
    for name, ids in known.items():
        missing = [one for one in dict.fromkeys(getattr(asked, name) or ()) if one not in ids]
        if missing:
            some = ", ".join(missing[:MOST_NAMED]) + ", …" * (len(missing) > MOST_NAMED)
            what = f"{_WHAT[name]}{'s' * (len(missing) != 1)}"
            verb = "belongs" if len(missing) == 1 else "belong"
            sentences.append(f"{counted(len(missing))} {what} {verb} to no task: {some}.")
    return tuple(sentences)


def change_words(change: BulkChange, names: Names) -> str:
    """The change as the beginning of a sentence: `Requeue to Review, without annotations`."""
    if isinstance(change, Prioritising):
        return f"Set the priority to {signed_whole(change.priority)}"
    if isinstance(change, Assigning):
        return f"Assign to {names.of_person(change.person)}"
    taken = [
        what
        for what, removed in (
            ("annotations", change.remove_annotations),
            ("assignee", change.remove_assignee),
            ("stage history", change.remove_history),
        )
        if removed
    ]
    less = f", removing {joined(taken, 'and')}" if taken else ""
    return f"Requeue to {names.of_stage(change.to)}{less}"


def signed_whole(number: int | None) -> str:
    """A priority as people read it."""
    return "none" if number is None else counted(number)


def filter_words(asked: BulkFilter, names: Names) -> str:
    """Which tasks, as a phrase: `tasks in Label, of batch north`."""
    if asked.whole:
        return "every task of the project"
    parts = []
    if asked.stages is not None:
        parts.append(f"in {joined([names.of_stage(one) for one in asked.stages], 'or')}")
    if asked.batches is not None:
        parts.append(f"of batch {joined([names.of_batch(one) for one in asked.batches], 'or')}")
    for name in ("tasks", "external_ids", "assets"):
        wanted = getattr(asked, name)
        if wanted is not None:
            what = f"{_WHAT[name]}{'s' * (len(wanted) != 1)}"
            parts.append(f"with {counted(len(wanted))} {what}")
    return f"tasks {', '.join(parts)}"


def operation_document(operation: Operation) -> dict[str, Any]:
    """As the command line prints it and the record of changes has it."""
    change = operation.change
    kind = {Requeueing: "requeue", Prioritising: "priority", Assigning: "assign"}[type(change)]
    return {
        "kind": kind,
        **{one.name: getattr(change, one.name) for one in fields(change)},
        "filter": {
            one.name: list(wanted)
            for one in fields(operation.filter)
            if (wanted := getattr(operation.filter, one.name)) is not None
        },
    }
