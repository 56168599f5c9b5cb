"""`project add`: a sandbox project from files, with every id that they have.

Tasks are written in many small transactions, so that a hub that runs is never kept waiting; the
project shows only when all of it is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.access.actions import Action
from core.ango_json.project import inner_project, read_project
from core.ango_json.text import dumps, loads
from core.errors import InputError
from core.export.whole_items import read_items, task_file
from core.hub.codec import Json
from core.hub.projects.documents import make_project, new_document
from core.hub.projects.rows import Batches, HubItem, Stages, derived_schema, read_item
from core.model.reached import Reached, silent
from core.store.hub import LOADING, SANDBOX, HubStore, new_id
from core.store.hub_tasks import remove_project, rows_by_id
from core.store.tables.hub import asset_batches, assets, history, projects, tasks

CHUNK, CHUNK_CHARACTERS = 1_000, 8_000_000
"""Items and characters per transaction: neither many small nor a few huge ones fill the memory."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was added: the project's id, how many tasks, and sentences about what was odd."""

    id: str
    tasks: int
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Progress:
    known: set[str] = field(default_factory=set)
    assets: dict[str, str] = field(default_factory=dict)
    place: int = 0
    tasks: int = 0
    repeated: int = 0
    without_id: int = 0
    renamed: int = 0
    unknown_stages: set[str] = field(default_factory=set)


def add_project(
    store: HubStore,
    name: str,
    project: Path | None,
    tasks_file: Path | None,
    new_ids: bool,
    reached: Reached = silent,
) -> Added:
    """Add a sandbox project.

    Args:
        store: The hub's state.
        name: Shown name.
        project: A `get_project` response, or None for an empty project.
        tasks_file: An export or a `get_tasks` response, or None.
        new_ids: Whether ids that are taken are replaced, instead of refused.
        reached: Told the bytes read of the tasks' file and the bytes in all.

    Raises:
        InputError: A file cannot be used, or an id is taken.
    """
    store.check(Action.PROJECT_ADD)  # the tasks are written before the last word is said
    at = store.now()
    document = _document(project, name, at)
    if tasks_file is not None and project is None:
        document["categorySchema"] = derived_schema(read_items(task_file(tasks_file)))
    with store.work() as tx:
        taken = tx.execute(
            sa.select(projects.c.backend).where(projects.c.id == document["_id"])
        ).scalar()
        if taken == LOADING:  # left behind by somebody who was stopped
            remove_project(tx, document["_id"])
        elif taken is not None:
            if not new_ids:
                raise InputError(
                    str(project),
                    f"a project has the id {document['_id']} already.",
                    "Add --new-id.",
                )
            document["_id"] = new_id()
        made = make_project(tx, document, at, LOADING)
    progress = _Progress()
    batches = Batches(document)
    complete = False
    try:
        if tasks_file is not None:
            stages = Stages(document)
            chunk: list[HubItem] = []
            size = 0
            for item in read_items(task_file(tasks_file), reached):
                items = read_item(item, made.id, stages, batches, at)
                chunk += items
                size += sum(one.characters for one in items)
                if len(chunk) >= CHUNK or size >= CHUNK_CHARACTERS:
                    _write(store, chunk, progress, str(tasks_file), new_ids)
                    chunk, size = [], 0
            _write(store, chunk, progress, str(tasks_file), new_ids)
            progress.unknown_stages |= stages.unknown
        document["batches"] = batches.listed if batches.changed else document.get("batches", [])
        about = f"project {made.id}"
        with store.write(Action.PROJECT_ADD, about, None, {"name": name}) as tx:
            values = {"backend": SANDBOX, "document": dumps(document)}
            tx.execute(projects.update().where(projects.c.id == made.id).values(values))
        complete = True
    finally:
        if not complete:
            with store.work() as tx:
                remove_project(tx, made.id)
    return Added(made.id, progress.tasks, tuple(_notes(progress)))


def _document(project: Path | None, name: str, at: str) -> dict[str, Json]:
    if project is None:
        return new_document(new_id(), name, at)
    try:
        text = project.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(str(project), "is not UTF-8 text.", "Save it as UTF-8 JSON.") from error
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(str(project), f"{reason}.", "Check the name.") from error
    data = loads(text, str(project))
    read_project(data, str(project))  # says what is wrong with it
    inner = inner_project(data)
    assert inner is not None
    document = {**inner, "name": name}
    given = document.get("_id")
    document["_id"] = given if isinstance(given, str) and given else new_id()
    return document


def _write(
    store: HubStore, chunk: list[HubItem], progress: _Progress, source: str, new_ids: bool
) -> None:
    kept: list[HubItem] = []
    for item in chunk:
        task = item.task
        if task is not None and task["id"] in progress.known:
            progress.repeated += 1
            continue
        if task is not None:
            progress.known.add(task["id"])
        progress.without_id += item.lost
        kept.append(item)
    if not kept:
        return
    with store.work() as tx:
        taken = rows_by_id(tx, tasks, [f.task["id"] for f in kept if f.task])
        own = [f.asset["id"] for f in kept if f.asset["id"] not in progress.assets]
        taken_assets = rows_by_id(tx, assets, own)
        if (taken or taken_assets) and not new_ids:
            row = next(iter((taken or taken_assets).values()))
            raise InputError(
                source, f"{row.id} is already in the project {row.project}.", "Add --new-id."
            )
        kept = [_renamed(item, taken, taken_assets, progress) for item in kept]
        _insert(tx, kept, progress)


def _renamed(
    item: HubItem, taken: dict[str, Any], taken_assets: dict[str, Any], progress: _Progress
) -> HubItem:
    """The same with new ids where others have them."""
    asset, task, entries = dict(item.asset), item.task, item.entries
    if asset["id"] in taken_assets and asset["id"] not in progress.assets:
        progress.assets[asset["id"]] = ""
    if progress.assets.get(asset["id"]) == "":
        progress.assets[asset["id"]] = new_id()
        asset["fresh"] = True
    if task is not None and task["id"] in taken:
        progress.renamed += 1
        task = {**task, "id": new_id()}
        entries = [{**entry, "id": new_id(), "task": task["id"]} for entry in entries]
    return replace(item, asset=asset, task=task, entries=entries)


def _insert(tx: sa.Connection, kept: Iterable[HubItem], progress: _Progress) -> None:
    rows: dict[str, list[dict[str, Any]]] = {"a": [], "b": [], "t": [], "h": []}
    for item in kept:
        asset = dict(item.asset)
        first = asset.pop("fresh", False) or asset["id"] not in progress.assets
        key = progress.assets.setdefault(asset["id"], asset["id"])
        progress.place += 1
        if first:
            rows["a"].append({**asset, "id": key, "number": progress.place})
            rows["b"] += [
                {"asset": key, "batch": batch, "place": place}
                for place, batch in enumerate(item.batches)
            ]
        if item.task is not None:
            rows["t"].append({**item.task, "asset": key, "number": progress.place})
            rows["h"] += item.entries
            progress.tasks += 1
    for name, table in (("a", assets), ("b", asset_batches), ("t", tasks), ("h", history)):
        if rows[name]:
            tx.execute(table.insert(), rows[name])


def _notes(progress: _Progress) -> list[str]:
    notes = []
    if progress.repeated:
        notes.append(f"{progress.repeated:,} tasks have an id that came before; they were skipped.")
    if progress.without_id:
        notes.append(f"{progress.without_id:,} tasks without an id were skipped.")
    if progress.renamed:
        notes.append(f"{progress.renamed:,} tasks got a new id: another project has theirs.")
    if progress.unknown_stages:
        names = ", ".join(sorted(progress.unknown_stages)[:5])
        notes.append(f"Some tasks are in stages that the workflow does not have: {names}.")
    return notes
