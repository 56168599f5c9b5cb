"""Which project or task a call is about: said in its path, its query or its body."""

from __future__ import annotations

import re

import sqlalchemy as sa

from core.hub.call import Call
from core.hub.codec import Json, NotReadable, decode
from core.store.tables.hub import history, records, tasks

_PROJECT = re.compile(r"/v2/(?:(?:project|batches|performance)/([^/]+)|([^/]+)/overview/)")
_TASK = re.compile(r"/v2/(?:task|annotate|review)/(?!assign$)([^/]+)")


def named(call: Call) -> tuple[str | None, str | None]:
    """The project, else the task, that a call names; what comes first in path, query, body."""
    in_path = _PROJECT.match(call.path)
    if in_path:
        return in_path[1] or in_path[2], None
    if call.query.get("project"):
        return call.query["project"], None
    task = _TASK.match(call.path)
    if task:
        return None, task[1]
    body = _object(call)
    for name in ("project", "projectId"):
        if isinstance(body.get(name), str):
            return body[name], None
    labelled = body.get("labelTask")
    return None, labelled if isinstance(labelled, str) else None


def named_projects(tx: sa.Connection, call: Call) -> set[str | None]:
    """Every project that a call names anywhere, itself or by a task, an issue or an entry of it.

    None stands for one that this hub does not know.
    """
    found: set[str | None] = set()
    in_path = _PROJECT.match(call.path)
    if in_path:
        found.add(in_path[1] or in_path[2])
    body = _object(call)
    for given in (call.query.get("project"), body.get("project"), body.get("projectId")):
        if given:
            found.add(given if isinstance(given, str) else None)
    task = _TASK.match(call.path)
    for one in (task[1] if task else None, body.get("labelTask")):
        if one:
            found.add(tx.scalar(sa.select(tasks.c.project).where(tasks.c.id == str(one))))
    parts = call.path.split("/")
    if call.path.startswith("/v2/issues/"):
        mine = (records.c.kind == "issue") & (records.c.id == parts[3])
        found.add(tx.scalar(sa.select(records.c.scope).where(mine)))
    if call.path.startswith("/v2/taskHistory/"):
        query = sa.select(tasks.c.project).join(history, history.c.task == tasks.c.id)
        found.add(tx.scalar(query.where(history.c.id == parts[3])))
    return found


def named_task(call: Call) -> str | None:
    """The task that a call names in its path."""
    found = _TASK.match(call.path)
    return found[1] if found else None


def _object(call: Call) -> dict[str, Json]:
    try:
        found = decode(call.body) if call.body[:1] in (b"{", b" ", b"\n") else {}
    except NotReadable:
        return {}
    return found if isinstance(found, dict) else {}
