"""What belongs to people and organizations, issues and figures: kept, and answered sensibly.

Secrets of storages and language models are dropped on arrival: nothing here needs them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from core.hub.call import Call, Refused, need_project, need_task, objects, texts
from core.hub.codec import Json, decode, text
from core.hub.shapes import project_value
from core.store.hub import LogLine, log, new_id
from core.store.hub_tables import history, records, tasks

SECRET_KEYS = {"privateKey", "publicKey", "credentials", "apiKey"}


def _keep(tx: sa.Connection, kind: str, scope: str, document: dict[str, Any], key: str = "") -> str:
    made = key or new_id()
    old = (records.c.kind == kind) & (records.c.id == made)
    tx.execute(records.delete().where(old))
    row = {"kind": kind, "id": made, "scope": scope, "document": text(document)}
    tx.execute(records.insert().values(row))
    return made


def _kept(tx: sa.Connection, kind: str, scope: str | None) -> list[dict[str, Any]]:
    query = sa.select(records).where(records.c.kind == kind)
    if scope is not None:
        query = query.where(records.c.scope == scope)
    return [{**decode(row.document), "_id": row.id} for row in tx.execute(query)]


def _drop(tx: sa.Connection, kind: str, key: str) -> None:
    mine = (records.c.kind == kind) & (records.c.id == key)
    if tx.execute(records.delete().where(mine)).rowcount == 0:
        raise Refused(404, f"There is no {kind} of this id on this hub.")


def _without_secrets(value: Json) -> Json:
    if isinstance(value, dict):
        return {k: _without_secrets(v) for k, v in value.items() if k not in SECRET_KEYS}
    return value


def creating(kind: str) -> Callable[[Call], Json]:
    """A handler that keeps a storage or a language model, without its secrets."""

    def handler(call: Call) -> Json:
        document = _without_secrets(call.data())
        with call.hub.store.write() as tx:
            key = _keep(tx, kind, "", document)
        return {kind: {**document, "_id": key}}

    return handler


def listing(kind: str, name: str) -> Callable[[Call], Json]:
    """A handler that lists them."""

    def handler(call: Call) -> Json:
        with call.hub.store.read() as tx:
            found = _kept(tx, kind, None)
        wanted = call.query.get("_id")
        return {name: [one for one in found if wanted in (None, "", one["_id"])]}

    return handler


def deleting(kind: str) -> Callable[[Call], Json]:
    """A handler that deletes one by its id."""

    def handler(call: Call) -> Json:
        with call.hub.store.write() as tx:
            _drop(tx, kind, call.ids["id"])
        return {kind: {"_id": call.ids["id"], "deleted": True}}

    return handler


def storage_files(_: Call) -> Json:
    """`GET /v2/storages/{id}/files` and `POST /v2/file-explorer`: the hub reaches no storage."""
    return {"files": [], "folders": [], "scrollToken": None}


def people(kind: str) -> Callable[[Call], Json]:
    """A handler for `users` and `invites` of an organization: GET, POST and DELETE."""

    def handler(call: Call) -> Json:
        organization = call.ids["organization"]
        with call.hub.store.write() as tx:
            for email, role in _people_of(call, kind):
                key = f"{organization}:{email.strip().casefold()}"
                if call.method == "DELETE":
                    mine = (records.c.kind == kind) & (records.c.id == key)
                    tx.execute(records.delete().where(mine))
                else:
                    about = {"email": email, "organizationRole": role}
                    _keep(tx, kind, organization, about, key)
            found = _kept(tx, kind, organization)
        return {kind: found, "total": len(found)}

    return handler


def _people_of(call: Call, kind: str) -> list[tuple[str, str]]:
    if call.method == "GET":
        return []
    body = call.data()
    role = str(body.get("organizationRole") or "member")
    found = []
    name = "to" if body.get("to") else kind
    for one in objects(body.get(name), name):
        email = one.get("email") if isinstance(one, dict) else one
        if not isinstance(email, str) or not email:
            raise Refused(400, "An address is missing.")
        own = one.get("organizationRole") if isinstance(one, dict) else None
        found.append((email, str(own or role)))
    return found


def notify(call: Call) -> Json:
    """`POST /v2/notifications`: nobody is told; the hub's log says that it was asked."""
    body = call.data()
    receivers = texts(body.get("receivers"), "receivers")
    if not receivers or not isinstance(body.get("message"), str):
        raise Refused(400, "A notification needs receivers and a message.")
    line = f"A notification for {len(receivers)} people was kept here and not delivered."
    with call.hub.store.write() as tx:
        key = _keep(tx, "notification", "", body)
        log(tx, call.hub.store.clock(), LogLine("", "INFO", line))
    return {"notification": {"_id": key}}


def attach(call: Call) -> Json:
    """`POST /v2/attachments`."""
    body = call.data()
    given = objects(body.get("attachments"), "attachments")
    with call.hub.store.write() as tx:
        project = need_project(tx, body.get("project"))
        for attachment in given:
            _keep(tx, "attachment", project.id, attachment)
    return {"attachments": len(given)}


def create_issue(call: Call) -> Json:
    """`POST /v2/issues`."""
    body = call.data()
    with call.hub.store.write() as tx:
        task = need_task(tx, str(body.get("labelTask")))
        at = call.hub.store.now()
        document = {
            **body,
            "project": task.project,
            "asset": task.asset,
            "stage": task.stage,
            "status": "Open",
            "createdAt": at,
            "comments": [],
        }
        key = _keep(tx, "issue", task.project, document)
    return {"issue": {**document, "_id": key}}


def list_issues(call: Call) -> Json:
    """`GET /v2/issues`."""
    with call.hub.store.read() as tx:
        found = _kept(tx, "issue", need_project(tx, call.query.get("project")).id)
    for name in ("asset", "labelTask", "stage", "createdBy"):
        wanted = call.query.get(name)
        found = [one for one in found if wanted is None or one.get(name) == wanted]
    return {"issues": found, "total": len(found)}


def change_issue(call: Call) -> Json:
    """`POST /v2/issues/{id}` and `/comment`."""
    with call.hub.store.write() as tx:
        mine = (records.c.kind == "issue") & (records.c.id == call.ids["id"])
        row = tx.execute(sa.select(records).where(mine)).one_or_none()
        if row is None:
            raise Refused(404, "There is no issue of this id on this hub.")
        document = decode(row.document)
        if call.path.endswith("/comment"):
            comment = {**call.data(), "_id": new_id(), "createdAt": call.hub.store.now()}
            document["comments"] = [*document.get("comments", []), comment]
        else:
            document |= call.data()
        _keep(tx, "issue", row.scope, document, row.id)
    return {"issue": {**document, "_id": row.id}}


def metric(call: Call) -> Json:
    """`GET /v2/{project}/overview/{metric}`: tasks per stage; other figures are empty here."""
    with call.hub.store.read() as tx:
        project = need_project(tx, call.ids["project"])
        mine = tasks.c.project == project.id
        query = (
            sa.select(tasks.c.stage, sa.func.count().label("number"))
            .where(mine)
            .group_by(tasks.c.stage)
        )
        counts = {row.stage: row.number for row in tx.execute(query)}
    stages = project_value(project.document).stages or ()
    groups = [
        {"_id": stage.id, "name": stage.name, "count": counts.get(stage.id, 0)} for stage in stages
    ]
    shown = groups if call.ids["metric"] == "LabelStageGroups" else []
    return {"metric": call.ids["metric"], call.ids["metric"]: shown}


def performance(call: Call) -> Json:
    """`POST /v2/performance/{project}`: completed stages and milliseconds per person."""
    passes: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    with call.hub.store.read() as tx:
        project = need_project(tx, call.ids["project"])
        mine = sa.select(tasks.c.id).where(tasks.c.project == project.id)
        for (entry,) in tx.execute(sa.select(history.c.entry).where(history.c.task.in_(mine))):
            read = decode(entry)
            if read.get("completedBy"):
                passes[read["completedBy"]] += 1
                spent[read["completedBy"]] += int(read.get("duration") or 0)
    return {"performance": {who: {"tasks": n, "duration": spent[who]} for who, n in passes.items()}}


def rerun_webhook(call: Call) -> Json:
    """`POST /v2/project/{project}/rerun-webhook`: nothing is posted twice here."""
    with call.hub.store.write() as tx:
        project = need_project(tx, call.ids["project"])
        line = "A webhook was to run again; the local hub posts a task only when it passes."
        log(tx, call.hub.store.clock(), LogLine("", "INFO", line, project=project.id))
    return {"project": {"_id": project.id}}
