"""What an import of labels asks for: the tasks that it addresses, the labels that can be taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.hub.classes import Keeping, Known, Made
from core.hub.codec import Json, decode
from core.hub.projects.shapes import project_value, stage_names
from core.plugin_runs.label_changes import (
    EMPTY_ANSWER,
    KINDS,
    Difference,
    Labels,
    change,
    merge,
    no_labels,
    told_apart,
)
from core.store.hub import HubProject, LogLine, log, new_id
from core.store.hub_tasks import chunks
from core.store.run_labels import write_answers
from core.store.run_notes import Addressed
from core.store.tables.hub import assets, tasks

MOST_LINES = 20
NAMES = (("objects", "tools"), ("classifications", "classifications"), ("relations", "relations"))
"""Kinds of labels as an import calls them, and as an answer does."""
Finder = Callable[[Json], Sequence[Addressed]]


@dataclass(frozen=True, slots=True)
class Misfits:
    """What did not fit the project, by reason and how often.

    Args:
        refused: What was not taken.
        doubtful: What was kept all the same.
    """

    refused: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """For a log."""
        lines = [f"{reason} ({count} times)" for reason, count in self.refused.items()]
        lines += [f"{why} Kept all the same ({n} times)." for why, n in self.doubtful.items()]
        more = len(lines) - MOST_LINES
        return [*lines[:MOST_LINES], f"… and {more} more reasons."] if more > 0 else lines


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import asks for.

    Args:
        requested: m of "n / m tasks are labeled.": the tasks that the items address; an item that
            matches no task counts 1.
        labelled: n: those of them that get at least one label.
        tasks: The tasks that get labels.
        labels: Their labels, by task id.
        misfits: What was refused or kept in doubt.
    """

    requested: int
    labelled: int
    tasks: Mapping[str, Addressed]
    labels: Mapping[str, Labels]
    misfits: Misfits = field(default_factory=Misfits)

    @property
    def answer(self) -> dict[str, Json]:
        """What the caller is told."""
        return {"project": f"{self.labelled} / {self.requested} tasks are labeled."}


def known_of(project: HubProject, keeping: Keeping) -> Known:
    """The classes of a sandbox project."""
    return Known(project_value(project.document).schema, keeping)


def plan(known: Known, addressed: Finder, items: Sequence[Json], made: Made) -> ImportPlan:
    """What importing items asks for; nothing is written.

    Args:
        known: The project's classes.
        addressed: The tasks of the asset that an item names.
        items: Entries of `jsonContent`.
        made: Who imports and when.
    """
    requested = labelled = 0
    refused: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    about: dict[str, Addressed] = {}
    labels: dict[str, Labels] = {}
    for item in items:
        its_tasks = addressed(item)
        if not its_tasks:
            requested += 1
            name = item.get("externalId") or item.get("data") if isinstance(item, dict) else item
            refused[f"No task has the asset {str(name)[:80]}."] += 1
            continue
        requested += len(its_tasks)
        usable = _usable(known, item, refused, doubtful)
        if not any(usable.values()):
            continue
        for task in its_tasks:
            about[task.task] = task
            own = labels.setdefault(task.task, no_labels())
            here = replace(made, stage=task.stage)
            for kind, some in usable.items():
                own[kind].extend(known.whole(kind, label, here, new_id) for label in some)
            labelled += 1
    return ImportPlan(requested, labelled, about, labels, Misfits(refused, doubtful))


def annotate(
    known: Known, before: Mapping[str, Any], after: Labels, made: Made
) -> tuple[Labels, Misfits]:
    """Annotations that are to be written over those of a task, as they are kept.

    What stands there already and comes back stays as it is, whatever became of its class: the SDK
    sends all annotations of a task to add one.
    """
    labels, misfits = no_labels(), Misfits()
    for kind in KINDS:
        for label, is_new in told_apart(before.get(kind) or [], after[kind]):
            if not is_new:
                labels[kind].append(label)
                continue
            usable, reason = known.judged(kind, label)
            if reason:
                (misfits.refused if usable is None else misfits.doubtful)[reason] += 1
            if usable is not None:
                labels[kind].append(known.whole(kind, usable, made, new_id))
    return labels, misfits


def label_tasks(
    tx: sa.Connection, project: HubProject, known: Known, items: Sequence[Json], made: Made
) -> ImportPlan:
    """Import labels that belong to no run; an object with a known `objectId` is replaced.

    Args:
        tx: The transaction.
        project: Whose assets the items name.
        known: Its classes.
        items: Entries of `jsonContent`.
        made: Who imports and when.
    """
    at = datetime.fromisoformat(made.at).timestamp()
    wanted = plan(known, in_sandbox(tx, project, items), items, made)
    changes = {
        task: (about, merge(answer_of(about), wanted.labels[task], new_id))
        for task, about in wanted.tasks.items()
    }
    write_answers(tx, changes, at)
    log(tx, at, *(LogLine("", "WARNING", r, project=project.id) for r in wanted.misfits.lines()))
    return wanted


def answer_of(about: Addressed, difference: Difference | None = None) -> dict[str, Any]:
    """A task's annotations, with a difference carried out."""
    answer: dict[str, Any] = decode(about.answer or EMPTY_ANSWER)
    return answer if difference is None else change(answer, difference)[0]


def in_sandbox(tx: sa.Connection, project: HubProject, items: Sequence[Json]) -> Finder:
    """Finds all tasks of all assets that an item names; external ids are not unique.

    Read at once for all items: an import holds the turn to write.
    """
    known: dict[str, dict[str, list[Addressed]]] = {}
    stages = stage_names(project_value(project.document))
    for name, column in _BY.items():
        wanted = [value for item in items if (value := named(item)[name]) is not None]
        by_value = known[name] = {}
        for some in chunks(wanted):
            query = sa.select(tasks, assets.c.external_id, column.label("named_by"))
            query = query.join(assets, assets.c.id == tasks.c.asset)
            query = query.where((assets.c.project == project.id) & column.in_(some))
            for row in tx.execute(query.order_by(tasks.c.number)):
                stage = stages.get(row.stage, row.stage)
                about = Addressed(row.id, row.asset, row.external_id, row.answer, stage)
                by_value.setdefault(row.named_by, []).append(about)
    return lambda item: by_name(known, item)


def by_name(
    known: Mapping[str, Mapping[str, Sequence[Addressed]]], item: Json
) -> Sequence[Addressed]:
    """The tasks that an item names, of those known by `assetId`, `externalId` and `data`."""
    for name, value in named(item).items():
        if value is not None:
            return known[name].get(value, [])
    return []


_BY = {"assetId": assets.c.id, "externalId": assets.c.external_id, "data": assets.c.data}


def named(item: Json) -> dict[str, str | None]:
    """How an item names its asset; only the first way counts."""
    names: dict[str, str | None] = dict.fromkeys(_BY)
    for name in _BY:
        value = item.get(name) if isinstance(item, dict) else None
        if value is not None:
            return {**names, name: str(value)}
    return names


def _usable(
    known: Known, item: dict[str, Any], refused: Counter[str], doubtful: Counter[str]
) -> Labels:
    """The labels of an item that are taken, as an answer; what does not fit is counted."""
    answer = item.get("answer")
    source = {**answer, **item} if isinstance(answer, dict) else item
    labels = no_labels()
    for name, kind in NAMES:
        given = source.get(name)
        if given is None and name == "objects":
            given = source.get("tools")
        for label in given if isinstance(given, list) else []:
            usable, reason = known.judged(kind, label)
            if reason:
                (refused if usable is None else doubtful)[reason] += 1
            if usable is not None:
                labels[kind].append(usable)
    return labels
