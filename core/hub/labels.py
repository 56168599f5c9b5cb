"""What an import of labels does to tasks (contract, Runs).

An object with a known `objectId` replaces that object, everything else is added. A classification
replaces the answer to the same question, since a question has one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from core.hub.codec import Json, decode, text
from core.hub.shapes import EMPTY_ANSWER, project_value
from core.model.schema import Category
from core.store.hub import HubProject, LogLine, iso, log, new_id
from core.store.hub_tables import assets, tasks
from core.store.hub_tasks import Row, chunks

MOST_LINES = 20
KINDS = (("objects", "tools"), ("classifications", "classifications"), ("relations", "relations"))


class _Known:
    """The classes of a project by schema id and by title, per kind; None knows nothing."""

    def __init__(self, project: HubProject) -> None:
        schema = project_value(project.document).schema
        self.by_id: dict[str, dict[str, Category]] | None = None
        self.by_title: dict[str, dict[str, str]] = {}
        if schema is not None:
            self.by_id = {}
            for kind in ("tools", "classifications", "relations"):
                found: tuple[Category, ...] = getattr(schema, kind)
                self.by_id[kind] = {category.schema_id: category for category in found}
                self.by_title[kind] = {c.title: c.schema_id for c in reversed(found)}

    def named(self, kind: str, label: dict[str, Any]) -> dict[str, Any] | None:
        """The label with its schema id and title, or None when the project has no such class."""
        if self.by_id is None:
            return label
        schema_id = label.get("schemaId")
        if schema_id is None:
            schema_id = self.by_title[kind].get(str(label.get("title")))
        category = self.by_id[kind].get(str(schema_id))
        if category is None:
            return None
        return {**label, "schemaId": category.schema_id, "title": category.title}


def label_tasks(
    tx: sa.Connection, project: HubProject, items: Sequence[Json], at: float
) -> tuple[int, int]:
    """Import labels.

    Args:
        tx: The transaction.
        project: Whose assets the items name.
        items: Entries of `jsonContent`.
        at: Seconds since 1970.

    Returns:
        (m, n) of "n / m tasks are labeled.": the tasks that the items address, and those of them
        that got at least one label. An item that matches no task counts 1 in m.
    """
    known = _Known(project)
    tasks_of = _Addressed(tx, project, items)
    addressed = labelled = 0
    refused: dict[str, int] = {}
    answers: dict[str, dict[str, Any]] = {}
    touched: set[str] = set()
    for item in items:
        found = tasks_of(item)
        if not found:
            addressed += 1
            name = item.get("externalId") or item.get("data") if isinstance(item, dict) else item
            _count(refused, f"No task has the asset {str(name)[:80]}.")
            continue
        addressed += len(found)
        labels = _usable(known, item, refused)
        if not any(labels.values()):
            continue
        for task in found:
            before = answers.get(task.id)
            if before is None:
                before = decode(task.answer or EMPTY_ANSWER)
            answers[task.id] = merge(before, labels)
            touched.add(task.asset)
            labelled += 1
    _write(tx, answers, touched, iso(at))
    lines = [f"{reason} ({count} times)" for reason, count in refused.items()]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more reasons."]
    log(tx, at, *(LogLine("", "WARNING", line, project=project.id) for line in lines))
    return addressed, labelled


def _write(
    tx: sa.Connection, answers: dict[str, dict[str, Any]], touched: set[str], at: str
) -> None:
    rows = [{"key": key, "new": text(answer), "at": at} for key, answer in answers.items()]
    if rows:
        change = tasks.update().where(tasks.c.id == sa.bindparam("key"))
        new: dict[str, Any] = {"answer": sa.bindparam("new"), "updated_at": sa.bindparam("at")}
        tx.execute(change.values(new), rows)
    for some in chunks(sorted(touched)):
        tx.execute(assets.update().where(assets.c.id.in_(some)).values(prelabelled=True))


class _Addressed:
    """All tasks of all assets that an item names; external ids are not unique.

    Read at once for all items: an import holds the turn to write.
    """

    def __init__(self, tx: sa.Connection, project: HubProject, items: Sequence[Json]) -> None:
        self._found: dict[str, dict[str, list[Row]]] = {}
        for name, column in _BY.items():
            wanted = [value for item in items if (value := _named(item)[name]) is not None]
            found = self._found[name] = {}
            for some in chunks(wanted):
                query = sa.select(tasks, column.label("named_by"))
                query = query.join(assets, assets.c.id == tasks.c.asset)
                query = query.where((assets.c.project == project.id) & column.in_(some))
                for row in tx.execute(query.order_by(tasks.c.number)):
                    found.setdefault(row.named_by, []).append(row)

    def __call__(self, item: Json) -> Sequence[Row]:
        for name, value in _named(item).items():
            if value is not None:
                return self._found[name].get(value, [])
        return []


_BY = {"assetId": assets.c.id, "externalId": assets.c.external_id, "data": assets.c.data}


def _named(item: Json) -> dict[str, str | None]:
    """How an item names its asset; only the first way counts."""
    named: dict[str, str | None] = dict.fromkeys(_BY)
    for name in _BY:
        value = item.get(name) if isinstance(item, dict) else None
        if value is not None:
            return {**named, name: str(value)}
    return named


def _usable(
    known: _Known, item: dict[str, Any], refused: dict[str, int]
) -> dict[str, list[dict[str, Any]]]:
    """Labels whose class the project has, as an answer; the others are counted."""
    answer = item.get("answer")
    source = {**answer, **item} if isinstance(answer, dict) else item
    found: dict[str, list[dict[str, Any]]] = {}
    for name, kind in KINDS:
        given = source.get(name)
        if given is None and name == "objects":
            given = source.get("tools")
        kept = []
        for label in given if isinstance(given, list) else []:
            usable = known.named(kind, label) if isinstance(label, dict) else None
            if usable is not None:
                kept.append(usable)
                continue
            what = label.get("schemaId") or label.get("title") if isinstance(label, dict) else label
            _count(refused, f"The project has no class {str(what)[:80]} among its {kind}.")
        found[kind] = kept
    return found


def _count(refused: dict[str, int], reason: str) -> None:
    refused[reason] = refused.get(reason, 0) + 1


def merge(answer: dict[str, Any], labels: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Annotations with labels imported into them."""
    merged = dict(answer)
    for kind in ("tools", "relations"):
        merged[kind] = _by_object(answer.get(kind) or [], labels[kind])
    asked = {_question(label) for label in labels["classifications"]}
    kept = [old for old in answer.get("classifications") or [] if _question(old) not in asked]
    merged["classifications"] = [*kept, *labels["classifications"]]
    return merged


def _by_object(before: Sequence[Json], new: Iterable[dict[str, Any]]) -> list[Json]:
    found = list(before)
    places = {
        _object(old): place
        for place, old in enumerate(found)
        if isinstance(old, dict) and old.get("objectId")
    }
    for label in new:
        whole = label if label.get("objectId") else {**label, "objectId": new_id()}
        place = places.get(_object(whole))
        if place is None:
            places[_object(whole)] = len(found)
            found.append(whole)
        else:
            found[place] = whole
    return found


def _object(label: dict[str, Any]) -> tuple[str, str]:
    """What an object is known by; in a video the same object stands on several pages."""
    return str(label["objectId"]), str(label.get("page"))


def _question(label: Json) -> tuple[str, str]:
    known = isinstance(label, dict)
    return (str(label.get("schemaId")), str(label.get("page"))) if known else ("", "")
