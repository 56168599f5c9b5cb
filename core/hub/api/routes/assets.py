"""Assets: read, add from links or conversations, delete, batches."""

from __future__ import annotations

from collections.abc import Sequence
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qs

import sqlalchemy as sa

from core.ango_json.text import loads
from core.hub.api.routes.compare import compared, ordered, words_of
from core.hub.api.routes.files import fresh_link
from core.hub.call import Call, Refused, need_project, texts, whole
from core.hub.codec import Json, NotReadable, decode, text
from core.hub.projects.documents import batch_ids
from core.hub.projects.label_imports import known_of, label_tasks
from core.hub.projects.shapes import asset_json, project_value
from core.hub.runs.run_calls import made_by, touched_assets, within
from core.hub.workflow.flow import Flow
from core.model.stages import Start
from core.store.hub import HubProject, new_id
from core.store.hub_tasks import (
    add_batches,
    batches_of,
    chunks,
    entries_of,
    next_number,
    remove_assets,
    rows_by_id,
    task_ids,
)
from core.store.tables.hub import asset_batches, assets, tasks

COLUMNS: dict[str, sa.Column[Any]] = {
    "_id": assets.c.id,
    "externalId": assets.c.external_id,
    "isPreLabeled": assets.c.prelabelled,
    "createdAt": assets.c.created_at,
}
ANSWER_KEYS = {"tools", "classifications", "relations"}
CHAT = {
    "projectId": "",
    "priority": "",
    "numberOfConversations": "",
    "namingStrategy": "",  # names here are always new ones
    "storageId": "The local hub reaches no storage.",
    "bucket": "The local hub reaches no storage.",
    "llmConfig": "The local hub reaches no language model.",
}
"""Fields of the form for conversations, and why one cannot be used."""
LABEL_KEYS = {"objects", "classifications", "relations"}
OWN_KEYS = LABEL_KEYS | {
    "_id",
    "data",
    "externalId",
    "batches",
    "isPreLabeled",
    "project",
    "createdAt",
    "labelTasks",
}


def get_assets(call: Call) -> Json:
    """`GET /v2/project/{project}/assets`; `batches` of the filter are all-of."""
    page, limit = call.number("page", 1, 10**6), call.number("limit", 10, 1_000)
    wanted = call.parsed("filters") or {}
    if not isinstance(wanted, dict):
        raise Refused(400, "filters is not a JSON object.")
    with call.hub.store.read() as tx:
        project = need_project(tx, call.ids["project"])
        of_project = assets.c.project == project.id
        where = of_project & within(call, assets.c.id)
        for name, value in wanted.items():
            if name == "batches":
                for batch in texts(value, "batches"):
                    inside = (asset_batches.c.asset == assets.c.id) & (
                        asset_batches.c.batch == batch
                    )
                    where &= sa.exists().where(inside)
            elif name in COLUMNS:
                for word, one in words_of(value).items():
                    where &= compared(tx, of_project, name, word, COLUMNS[name], one)
            else:
                raise Refused(400, f"Assets cannot be filtered by {name}.")
        total = tx.scalar(sa.select(sa.func.count()).select_from(assets).where(where))
        order = ordered(call.listed("sort") or [], COLUMNS, "Assets")
        query = sa.select(assets).where(where).order_by(*order, assets.c.number)
        rows = tx.execute(query.offset((page - 1) * limit).limit(limit)).all()
        batches = batches_of(tx, [row.id for row in rows])
        kept = touched_assets(tx, call)
        theirs = _label_tasks(tx, [row.id for row in rows])
    shown = [asset_json(row, batches.get(row.id, [])) for row in rows]
    for asset in shown:
        asset["isPreLabeled"] |= asset["_id"] in kept
        asset["labelTasks"] = theirs.get(asset["_id"], [])
        asset["data"] = fresh_link(call, asset["data"])
    return {"assets": shown, "total": total}


def _label_tasks(tx: sa.Connection, asset_ids: Sequence[str]) -> dict[str, list[Json]]:
    """The tasks of assets with their ways so far; the annotations are not among it."""
    tasks_of: dict[str, list[Json]] = {}
    for some in chunks(asset_ids):
        query = sa.select(tasks).where(tasks.c.asset.in_(some)).order_by(tasks.c.number)
        rows = tx.execute(query).all()
        entries = entries_of(tx, [row.id for row in rows])
        for row in rows:
            about = {"_id": row.id, "stage": row.stage, "status": row.status, "type": row.type}
            way = [_without_labels(one.entry) for one in entries.get(row.id, [])]
            task = {**about, "assignee": row.assignee, "stageHistory": way}
            tasks_of.setdefault(row.asset, []).append(task)
    return tasks_of


def _without_labels(entry: str) -> Json:
    return {name: value for name, value in decode(entry).items() if name not in ANSWER_KEYS}


def add_assets(call: Call) -> Json:
    """`POST /v2/project/{project}/cloud`: one task per asset, in Start."""
    body = call.data()
    given = body.get("assets")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise Refused(400, "assets is not a list of objects.")
    priority = body.get("priority")
    for_all = call.listed("batches") or []
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        made = insert_assets(tx, call, project, given, for_all, _priority(priority))
    return {"assets": made}


def _priority(value: Json) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def insert_assets(
    tx: sa.Connection,
    call: Call,
    project: HubProject,
    given: Sequence[dict[str, Any]],
    for_all: list[str],
    priority: int,
) -> dict[str, int]:
    """Add assets with a task each and let Start forward; returns the counts of an upload."""
    document, at = loads(project.document), call.hub.store.now()
    flow = Flow(tx, project, call.hub.store.clock(), call.hub.measure)
    stages = project_value(project.document).stages or ()
    start = next((stage for stage in stages if isinstance(stage, Start)), None)
    first = start.id if start else (stages[0].id if stages else "Start")
    place = next_number(tx, assets, project.id)
    task_place = next_number(tx, tasks, project.id)
    labelled: list[Json] = []
    rows: dict[str, list[dict[str, Any]]] = {"assets": [], "batches": [], "tasks": []}
    common = batch_ids(document, for_all)
    for number, one in enumerate(given, place):
        asset, external, data = new_id(), one.get("externalId"), one.get("data")
        about = {
            "id": asset,
            "project": project.id,
            "number": number,
            "external_id": str(data if external is None else external),
            "data": None if data is None else str(data),
            "prelabelled": False,
            "created_at": at,
            "document": text({key: one[key] for key in one if key not in OWN_KEYS}),
        }
        rows["assets"].append(about)
        own = batch_ids(document, texts(one.get("batches"), "batches"))
        inside = dict.fromkeys([*own, *common])
        rows["batches"] += [
            {"asset": asset, "batch": batch, "place": n} for n, batch in enumerate(inside)
        ]
        rows["tasks"].append(
            {
                "id": new_id(),
                "project": project.id,
                "number": number - place + task_place,
                "asset": asset,
                "stage": first,
                "status": "TODO",
                "type": "default",
                "priority": priority,
                "is_benchmark": False,
                "created_at": at,
                "updated_at": at,
                "passes": "{}",
                "document": "{}",
            }
        )
        given_labels = {key: one[key] for key in LABEL_KEYS if one.get(key)}
        if given_labels:  # as the SDK's asset builder sends them along
            labelled.append({**given_labels, "assetId": asset})
    for name, table in (("assets", assets), ("batches", asset_batches), ("tasks", tasks)):
        if rows[name]:
            tx.execute(table.insert(), rows[name])
    marked = (0, 0)
    if labelled:
        known = known_of(project, call.hub.keeping)
        done = label_tasks(tx, project, known, labelled, made_by(call))
        marked = (done.requested, done.labelled)
    if start is not None and start.auto_forward:
        # what waited in Start before goes along, as on Ango Hub
        at_start = (tasks.c.project == project.id) & (tasks.c.stage == start.id)
        waiting = [row.id for row in tx.execute(task_ids(at_start))]
        flow.enter(flow.forward(start, waiting))
    return {
        "assetsCreated": len(given),
        "tasksCreated": len(given),
        "preLabelsCount": marked[0],
        "validPreLabelsCount": marked[1],
    }


def add_conversations(call: Call) -> Json:
    """`POST /v2/project/{project}/chat`: so many assets, or one per conversation of a file."""
    fields, conversations = _form(call)
    for name, value in fields.items():
        if name not in CHAT or (value and CHAT[name]):
            why = CHAT.get(name) or f"It knows {', '.join(CHAT)}."
            raise Refused(400, f"{name[:80]} cannot be used for conversations here.", why)
    if conversations is None:
        count = whole(fields.get("numberOfConversations", ""), 0)
        if not 0 < count <= 10_000:
            raise Refused(400, "numberOfConversations is not a number from 1 to 10,000.")
        conversations = [None] * count
    given = [
        {
            "externalId": f"chat-{new_id()}",
            **({} if conversation is None else {"conversation": conversation}),
        }
        for conversation in conversations
    ]
    priority = whole(fields.get("priority", ""), 0)
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        return {"assets": insert_assets(tx, call, project, given, [], priority)}


def _form(call: Call) -> tuple[dict[str, str], list[Json] | None]:
    """Fields of a form, and the list in its file if there is one."""
    if not call.content_type.startswith("multipart/"):
        parsed = parse_qs(call.body.decode("utf-8", "replace"))
        return {name: values[-1] for name, values in parsed.items()}, None
    head = f"Content-Type: {call.content_type}\r\n\r\n".encode()
    fields: dict[str, str] = {}
    conversations = None
    for part in BytesParser().parsebytes(head + call.body).walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        if part.get_filename():
            try:
                listed = decode(content)
            except NotReadable as error:
                raise Refused(400, "The file of conversations is not JSON.") from error
            conversations = listed if isinstance(listed, list) else [listed]
        else:
            fields[name] = content.decode("utf-8", "replace")
    return fields, conversations


def delete_assets(call: Call) -> Json:
    """`DELETE /v2/project/{project}/assets`."""
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        removed = remove_assets(tx, project.id, texts(call.data().get("assets"), "assets"))
    return {"deletedCount": removed}


def assign_batches(call: Call) -> Json:
    """`POST /v2/assignBatches`; batches by id or name."""
    body = call.data()
    with call.write() as tx:
        project = need_project(tx, body.get("projectId") or body.get("project"))
        wanted = batch_ids(loads(project.document), texts(body.get("batches"), "batches"))
        rows = rows_by_id(tx, assets, texts(body.get("assets"), "assets"))
        own_ids = [asset for asset, row in rows.items() if row.project == project.id]
        for asset in own_ids:
            add_batches(tx, asset, wanted)
    return {"assets": len(own_ids)}
