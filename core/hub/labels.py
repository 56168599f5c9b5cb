"""What an import of labels asks for: the tasks that it addresses, the labels that can be taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from core.hub.codec import Json, decode
from core.model.schema import Category, CategorySchema
from core.runs.labels import Difference, Labels, change, merge, no_labels
from core.store.hub import HubProject, LogLine, log, new_id
from core.store.hub_tables import assets, tasks
from core.store.hub_tasks import chunks
from core.store.run_labels import EMPTY, Addressed, write_answers
from core.wire.project import read_project
from core.wire.text import loads

MOST_LINES = 20
KINDS = (("objects", "tools"), ("classifications", "classifications"), ("relations", "relations"))
Finder = Callable[[Json], Sequence[Addressed]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import asks for.

    Args:
        requested: m of "n / m tasks are labeled.": the tasks that the items address; an item that
            matches no task counts 1.
        labelled: n: those of them that get at least one label.
        tasks: The tasks that get labels.
        labels: Their labels, by task id.
        refused: How often each reason for refusing something was met.
    """

    requested: int
    labelled: int
    tasks: Mapping[str, Addressed]
    labels: Mapping[str, Labels]
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def answer(self) -> dict[str, Json]:
        """What the caller is told."""
        return {"project": f"{self.labelled} / {self.requested} tasks are labeled."}

    def reasons(self) -> list[str]:
        """The refusals as lines of a log."""
        lines = [f"{reason} ({count} times)" for reason, count in self.refused.items()]
        more = len(lines) - MOST_LINES
        return [*lines[:MOST_LINES], f"… and {more} more reasons."] if more > 0 else lines


class Known:
    """The classes of a project by schema id and by title, per kind; without a schema, any."""

    def __init__(self, schema: CategorySchema | None) -> None:
        self._by_id: dict[str, dict[str, Category]] | None = None
        self._by_title: dict[str, dict[str, str]] = {}
        if schema is not None:
            self._by_id = {}
            for _, kind in KINDS:
                found: tuple[Category, ...] = getattr(schema, kind)
                self._by_id[kind] = {category.schema_id: category for category in found}
                self._by_title[kind] = {c.title: c.schema_id for c in reversed(found)}

    def named(self, kind: str, label: dict[str, Any]) -> dict[str, Any] | None:
        """The label with its schema id and title, or None when the project has no such class."""
        if self._by_id is None:
            return label
        schema_id = label.get("schemaId")
        if schema_id is None:
            schema_id = self._by_title[kind].get(str(label.get("title")))
        category = self._by_id[kind].get(str(schema_id))
        if category is None:
            return None
        return {**label, "schemaId": category.schema_id, "title": category.title}


def known_of(project: HubProject) -> Known:
    """The classes of a sandbox project."""
    return Known(read_project({"project": loads(project.document)}).schema)


def plan(known: Known, addressed: Finder, items: Sequence[Json]) -> Plan:
    """What importing items asks for; nothing is written.

    Args:
        known: The project's classes.
        addressed: The tasks of the asset that an item names.
        items: Entries of `jsonContent`.
    """
    requested = labelled = 0
    refused: Counter[str] = Counter()
    about: dict[str, Addressed] = {}
    labels: dict[str, Labels] = {}
    for item in items:
        found = addressed(item)
        if not found:
            requested += 1
            name = item.get("externalId") or item.get("data") if isinstance(item, dict) else item
            refused[f"No task has the asset {str(name)[:80]}."] += 1
            continue
        requested += len(found)
        usable = _usable(known, item, refused)
        if not any(usable.values()):
            continue
        for task in found:
            about[task.task] = task
            mine = labels.setdefault(task.task, no_labels())
            for kind, some in usable.items():
                mine[kind].extend(some)
            labelled += 1
    return Plan(requested, labelled, about, labels, refused)


def label_tasks(
    tx: sa.Connection, project: HubProject, items: Sequence[Json], at: float
) -> tuple[int, int]:
    """Import labels that belong to no run; an object with a known `objectId` is replaced.

    Args:
        tx: The transaction.
        project: Whose assets the items name.
        items: Entries of `jsonContent`.
        at: Seconds since 1970.

    Returns:
        (m, n) of "n / m tasks are labeled.".
    """
    wanted = plan(known_of(project), in_sandbox(tx, project, items), items)
    changes = {
        task: (about, merge(answer_of(about), wanted.labels[task], new_id))
        for task, about in wanted.tasks.items()
    }
    write_answers(tx, changes, at)
    log(tx, at, *(LogLine("", "WARNING", r, project=project.id) for r in wanted.reasons()))
    return wanted.requested, wanted.labelled


def answer_of(about: Addressed, difference: Difference | None = None) -> dict[str, Any]:
    """A task's annotations, with a difference carried out."""
    answer: dict[str, Any] = decode(about.answer or EMPTY)
    return answer if difference is None else change(answer, difference)[0]


def in_sandbox(tx: sa.Connection, project: HubProject, items: Sequence[Json]) -> Finder:
    """Finds all tasks of all assets that an item names; external ids are not unique.

    Read at once for all items: an import holds the turn to write.
    """
    known: dict[str, dict[str, list[Addressed]]] = {}
    for name, column in _BY.items():
        wanted = [value for item in items if (value := named(item)[name]) is not None]
        found = known[name] = {}
        for some in chunks(wanted):
            query = sa.select(tasks, assets.c.external_id, column.label("named_by"))
            query = query.join(assets, assets.c.id == tasks.c.asset)
            query = query.where((assets.c.project == project.id) & column.in_(some))
            for row in tx.execute(query.order_by(tasks.c.number)):
                about = Addressed(row.id, row.asset, row.external_id, row.answer)
                found.setdefault(row.named_by, []).append(about)
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
    found: dict[str, str | None] = dict.fromkeys(_BY)
    for name in _BY:
        value = item.get(name) if isinstance(item, dict) else None
        if value is not None:
            return {**found, name: str(value)}
    return found


def _usable(known: Known, item: dict[str, Any], refused: Counter[str]) -> Labels:
    """Labels whose class the project has, as an answer; the others are counted."""
    answer = item.get("answer")
    source = {**answer, **item} if isinstance(answer, dict) else item
    found = no_labels()
    for name, kind in KINDS:
        given = source.get(name)
        if given is None and name == "objects":
            given = source.get("tools")
        for label in given if isinstance(given, list) else []:
            usable = known.named(kind, label) if isinstance(label, dict) else None
            if usable is not None:
                found[kind].append(usable)
                continue
            what = label.get("schemaId") or label.get("title") if isinstance(label, dict) else label
            refused[f"The project has no class {str(what)[:80]} among its {kind}."] += 1
    return found
