"""Issues of tasks: kept with their comments, and listed by what they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from core.hub.api.routes.organisation import keep, records_of
from core.hub.call import Call, Refused, need_project, need_task
from core.hub.codec import Json, decode
from core.store.hub import new_id
from core.store.tables.hub import records


def create_issue(call: Call) -> Json:
    """`POST /v2/issues`."""
    body = call.data()
    with call.write() as tx:
        task = need_task(tx, str(body.get("labelTask")))
        at = call.hub.store.now()
        document = {
            **body,
            "project": task.project,
            "asset": task.asset,
            "stage": task.stage,
            "status": "Open",
            "createdBy": call.hub.user,
            "createdAt": at,
            "comments": [],
        }
        key = keep(tx, "issue", task.project, document)
    return {"issue": {**document, "_id": key}}


def is_open(issue: dict[str, Any]) -> bool:
    """Whether an issue counts as open: all but those that were closed."""
    return str(issue.get("status")).casefold() not in ("closed", "resolved")


def list_issues(call: Call) -> Json:
    """`GET /v2/issues`: of a project, those that fit; page by page only when a limit is given."""
    with call.hub.store.read() as tx:
        listed = records_of(tx, "issue", need_project(tx, call.query.get("project")).id)
    for name in ("asset", "labelTask", "stage", "createdBy"):
        wanted = call.query.get(name)
        listed = [issue for issue in listed if wanted is None or issue.get(name) == wanted]
    status = [word.casefold() for word in call.listed("status") or []]
    listed = [
        issue for issue in listed if not status or str(issue.get("status")).casefold() in status
    ]
    total = len(listed)
    page, limit = call.number("page", 1, 10**6), call.number("limit", max(total, 1), 10**6)
    return {"issues": listed[(page - 1) * limit : page * limit], "total": total}


def change_issue(call: Call) -> Json:
    """`POST /v2/issues/{issue}`."""
    return _changed(call, lambda _: call.data())


def add_comment(call: Call) -> Json:
    """`POST /v2/issues/{issue}/comment`."""

    def with_comment(document: dict[str, Json]) -> dict[str, Json]:
        comment = {**call.data(), "_id": new_id(), "createdAt": call.hub.store.now()}
        return {"comments": [*document.get("comments", []), comment]}

    return _changed(call, with_comment)


def _changed(call: Call, change: Callable[[dict[str, Json]], dict[str, Json]]) -> Json:
    """The call's issue, with what changes of its document."""
    with call.write() as tx:
        its_row = (records.c.kind == "issue") & (records.c.id == call.ids["issue"])
        row = tx.execute(sa.select(records).where(its_row)).one_or_none()
        if row is None:
            raise Refused(404, "There is no issue of this id on this hub.")
        document = decode(row.document)
        document |= change(document)
        keep(tx, "issue", row.scope, document, row.id)
    return {"issue": {**document, "_id": row.id}}
