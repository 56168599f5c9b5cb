"""Tasks: pages of them, one, its history."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from core.ango_json.text import loads
from core.hub.api.routes.compare import compared, counted, ordered, words_of
from core.hub.api.routes.issues import is_open
from core.hub.call import Call, Refused, need_project, need_task, texts
from core.hub.codec import Json, decode
from core.hub.projects.documents import batch_ids
from core.hub.projects.shapes import project_value, stage_names, task_json
from core.hub.runs.run_calls import overlay, within
from core.store.hub import HubProject
from core.store.hub_tasks import batches_of, chunks, entries_of, rows_by_id
from core.store.tables.hub import asset_batches, assets, history, records, tasks

COLUMNS: dict[str, sa.Column[Any]] = {
    "_id": tasks.c.id,
    "asset": tasks.c.asset,
    "stage": tasks.c.stage,
    "status": tasks.c.status,
    "type": tasks.c.type,
    "assignee": tasks.c.assignee,
    "priority": tasks.c.priority,
    "duration": tasks.c.duration,
    "totalDuration": tasks.c.total_duration,
    "reviewStatus": tasks.c.review_status,
    "isBenchmark": tasks.c.is_benchmark,
    "createdAt": tasks.c.created_at,
    "updatedAt": tasks.c.updated_at,
    "completedAt": tasks.c.completed_at,
}
SORTED = COLUMNS | {
    "externalId": sa.select(assets.c.external_id)
    .where(assets.c.id == tasks.c.asset)
    .correlate(tasks)
    .scalar_subquery()
}
ALWAYS_FALSE = ("isDraft", "isSkipped")
PLAIN = ("status", "assignee", "stage", "batches")
FIELDS = (*COLUMNS, "project", "externalId", "batches", "answer", "brushDataUrl",
          "medicalBrushDataUrl")  # fmt: skip


def get_tasks(call: Call) -> Json:
    """`GET /v2/project/{project}/tasks`, in the order of upload unless `sort` says otherwise."""
    page, limit = call.number("page", 1, 10**6), call.number("limit", 10, 1_000)
    fields = call.listed("fields") or []
    if unknown := [name for name in fields if name not in FIELDS]:
        raise Refused(400, f"Tasks have no field {unknown[0]} on this hub.")
    with call.hub.store.read() as tx:
        project = need_project(tx, call.ids["project"])
        where = (tasks.c.project == project.id) & within(call, tasks.c.asset)
        for name, wanted in _filters(call):
            where &= _condition(tx, name, wanted, project)
        query = sa.select(tasks).where(where).order_by(*_order(call))
        rows = tx.execute(query.offset((page - 1) * limit).limit(limit)).all()
        total = tx.scalar(sa.select(sa.func.count()).select_from(tasks).where(where))
        around = rows_by_id(tx, assets, [row.asset for row in rows])
        batches = batches_of(tx, [row.asset for row in rows])
        answers = call.flag("includeAnswer")
        shown = [
            task_json(row, around.get(row.asset), batches.get(row.asset, []), answers)
            for row in rows
        ]
        overlay(tx, call, shown)
    if fields:
        shown = [{name: task[name] for name in fields if name in task} for task in shown]
    return {"tasks": shown, "total": total}


def _filters(call: Call) -> list[tuple[str, Json]]:
    """Names with what is wanted of them, all of which must hold."""
    wanted: list[tuple[str, Json]] = []
    for name in ("filter", "filters"):
        parsed = call.parsed(name) or {}
        if not isinstance(parsed, dict):
            raise Refused(400, f"{name} is not a JSON object.")
        wanted += parsed.items()
    if "status[eq]" in call.query:
        wanted.append(("status", {"$eq": call.query["status[eq]"]}))
    for name in PLAIN:
        if call.query.get(name):
            wanted.append((name, {"$in": call.listed(name)}))
    return wanted


def _condition(
    tx: sa.Connection, name: str, wanted: Json, project: HubProject
) -> sa.ColumnElement[bool]:
    if name == "openIssuesCount":
        return _by_issues(tx, wanted, project.id)
    words = words_of(wanted)
    if name == "stage":  # by id or by name
        names = {n: i for i, n in stage_names(project_value(project.document)).items()}
        words = {
            word: [_stage(names, v) for v in value]
            if isinstance(value, list)
            else _stage(names, value)
            for word, value in words.items()
        }
    of_project = tasks.c.project == project.id
    condition: sa.ColumnElement[bool] = sa.true()
    for word, value in words.items():
        if name == "batches":
            condition &= _in_batches(word, value, project.document)
        elif name == "externalId":
            of_its_assets = assets.c.project == project.id
            fits = compared(tx, of_its_assets, name, word, assets.c.external_id, value)
            condition &= sa.exists().where((assets.c.id == tasks.c.asset) & fits)
        elif name in ALWAYS_FALSE:
            condition &= compared(tx, of_project, name, word, sa.literal(False), value)
        elif name in COLUMNS:
            condition &= compared(tx, of_project, name, word, COLUMNS[name], value)
        else:
            hint = "It does not know who made or changed a task." if name.endswith("edBy") else ""
            raise Refused(400, f"Tasks cannot be filtered by {name} on this hub.", hint)
    return condition


def _by_issues(tx: sa.Connection, wanted: Json, project: str) -> sa.ColumnElement[bool]:
    """Tasks by how many of their issues are not closed."""
    query = sa.select(records.c.document)
    of_project = (records.c.kind == "issue") & (records.c.scope == project)
    issues = [decode(row.document) for row in tx.execute(query.where(of_project))]
    counts = Counter(str(one.get("labelTask")) for one in issues if is_open(one))
    none = counted("openIssuesCount", wanted, 0)
    other = [task for task, n in counts.items() if counted("openIssuesCount", wanted, n) != none]
    return tasks.c.id.not_in(other) if none else tasks.c.id.in_(other)


def _stage(names: dict[str, str], value: Json) -> Json:
    known = value in names.values() if isinstance(value, str) else True
    return value if known else names.get(value, value)


def _in_batches(word: str, value: Json, document: str) -> sa.ColumnElement[bool]:
    wanted = [value] if isinstance(value, str) else value
    project = loads(document)
    ids = []
    for name in texts(wanted, "batches") if word not in ("$exists",) else []:
        try:
            ids += batch_ids(project, [name])
        except Refused:  # a batch that the project lacks holds no task
            continue
    of_task = asset_batches.c.asset == tasks.c.asset
    if word == "$exists":
        inside = sa.exists().where(of_task)
        return inside if value else ~inside
    inside = sa.exists().where(of_task & asset_batches.c.batch.in_(ids))
    if word in ("$in", "$eq"):
        return inside
    if word in ("$nin", "$ne"):
        return ~inside
    raise Refused(400, f"Batches cannot be filtered by {word}.")


def _order(call: Call) -> list[sa.ColumnElement[Any]]:
    return [*ordered(call.listed("sort") or [], SORTED, "Tasks"), tasks.c.number]


def get_task(call: Call) -> Json:
    """`GET /v2/task/{task}`; with its annotations always, since the SDK merges into them."""
    with call.hub.store.read() as tx:
        row = need_task(tx, call.ids["task"])
        around = rows_by_id(tx, assets, [row.asset])
        batches = batches_of(tx, [row.asset]).get(row.asset, [])
        shown = task_json(row, around.get(row.asset), batches, answer=True)
        overlay(tx, call, [shown])
    return {"task": shown}


def get_history(call: Call) -> Json:
    """`GET /v2/task/{task}/history`: a list, oldest first."""
    with call.hub.store.read() as tx:
        row = need_task(tx, call.ids["task"])
        entries = entries_of(tx, [row.id]).get(row.id, [])
    return {"taskHistory": [_entry(entry, row.project, row.asset) for entry in entries]}


def get_entry(call: Call) -> Json:
    """`GET /v2/taskHistory/{entry}`."""
    with call.hub.store.read() as tx:
        query = sa.select(history).where(history.c.id == call.ids["entry"])
        entry = tx.execute(query).one_or_none()
        if entry is None:
            raise Refused(404, "There is no such history entry on this hub.")
        row = need_task(tx, entry.task)
    return {"taskHistory": _entry(entry, row.project, row.asset)}


def _entry(row: Any, project: str, asset: str) -> Json:
    entry = decode(row.entry)
    answer = {kind: entry.pop(kind, []) for kind in ("tools", "classifications", "relations")}
    return {
        **entry,
        "_id": row.id,
        "id": row.id,
        "labelTaskId": row.task,
        "project": project,
        "asset": asset,
        "answer": answer,
        "createdAt": entry.get("completedAt"),
    }


def assign_tasks(call: Call) -> Json:
    """`POST /v2/task/assign`; with `stage` only tasks that are there."""
    body, changed = call.data(), 0
    with call.write() as tx:
        project = need_project(tx, body.get("project"))
        for some in chunks(texts(body.get("tasks"), "tasks")):
            chosen = (tasks.c.project == project.id) & tasks.c.id.in_(some)
            if body.get("stage"):
                chosen &= tasks.c.stage == str(body["stage"])
            change = tasks.update().where(chosen).values(assignee=body.get("user") or None)
            changed += tx.execute(change).rowcount
    return {"modifiedCount": changed}
