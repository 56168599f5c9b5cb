"""Projects: list, read, create, write, clone, delete, people, batches."""

from __future__ import annotations

import sqlalchemy as sa

from core.ango_json.text import dumps, loads
from core.hub.call import Call, Refused, need_project, texts
from core.hub.codec import Json, raw
from core.hub.projects.documents import (
    add_project_batches,
    change_document,
    make_project,
    new_document,
)
from core.hub.projects.shapes import listed_project
from core.store.hub import LogLine, all_projects, log, new_id
from core.store.hub_tasks import chunks, remove_project
from core.store.tables.hub import tasks

CLONED = {
    "categorySchema": ("categorySchema",),
    "assignedTo": ("assignedTo",),
    "batches": ("batches",),
    "workflow": ("stages",),
    "pluginPresets": ("pluginPresets",),
}
NOT_SETTINGS = {"_id", "name", "createdAt", "assetCount"} | {k for v in CLONED.values() for k in v}


def list_projects(call: Call) -> Json:
    """`GET /v2/listProjects`."""
    page, limit = call.number("page", 1, 10**6), call.number("limit", 10, 1_000)
    with call.hub.store.read() as tx:
        listed = all_projects(tx)
    if call.run is not None:
        listed = [project for project in listed if project.id == call.run.request.project]
    shown = listed[(page - 1) * limit : page * limit]
    return {"projects": [listed_project(project) for project in shown], "total": len(listed)}


def create_project(call: Call) -> Json:
    """`POST /v2/project`."""
    body = call.data()
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, "A project needs a name.")
    at = call.hub.store.now()
    document = new_document(new_id(), name, at)
    document |= {key: body[key] for key in ("description", "type") if body.get(key)}
    with call.write() as tx:
        make_project(tx, document, at)
    return {"project": document}


def get_project(call: Call) -> Json:
    """`GET /v2/project/{project}`."""
    with call.hub.store.read() as tx:
        return {"project": raw(need_project(tx, call.ids["project"]).document)}


def update_project(call: Call) -> Json:
    """`POST /v2/project/{project}`: writes the keys that are sent, each as a whole."""
    body = loads(call.body.decode("utf-8", "replace"), "body")  # keeps spellings
    if not isinstance(body, dict):
        raise Refused(400, "The body is not a JSON object.")
    stages = body.get("stages")
    if "stages" in body and not (
        isinstance(stages, list)
        and all(isinstance(s, dict) and isinstance(s.get("id"), str) for s in stages)
    ):
        raise Refused(400, "stages is not a list of stages that each have an id.")
    if "categorySchema" in body and not isinstance(body["categorySchema"], dict):
        raise Refused(400, "categorySchema is not an object.")
    if "batches" in body and not isinstance(body["batches"], list):
        raise Refused(400, "batches is not a list.")
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        document = change_document(tx, project, body)
        if stages is not None:
            _say_stranded(tx, call, {stage["id"] for stage in stages})
    return {"project": raw(dumps(document))}


def _say_stranded(tx: sa.Connection, call: Call, kept: set[str]) -> None:
    project = call.ids["project"]
    count = sa.select(tasks.c.stage, sa.func.count()).where(tasks.c.project == project)
    for stage, number in tx.execute(count.group_by(tasks.c.stage)).all():
        if stage not in kept:
            line = f"{number} tasks are in the stage {stage}, which the workflow no longer has."
            log(tx, call.hub.store.clock(), LogLine("", "WARNING", line, project=project))


def clone_project(call: Call) -> Json:
    """`POST /v2/project/{project}/clone`: settings only, no assets and no tasks."""
    body, at = call.data(), call.hub.store.now()
    with call.write() as tx:
        source = need_project(tx, call.ids["project"])
        theirs = loads(source.document)
        document = new_document(new_id(), f"{source.name} copy", at)
        for section, keys in CLONED.items():
            if body.get(section, True):
                document |= {key: theirs[key] for key in keys if key in theirs}
        if body.get("projectGeneralSettings", True):
            document |= {key: theirs[key] for key in theirs if key not in NOT_SETTINGS}
        make_project(tx, document, at)
    return {"project": raw(dumps(document))}


def delete_project(call: Call) -> Json:
    """`DELETE /v2/project/{project}`, and purging, which asks for the name."""
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        if call.method == "POST" and call.data().get("confirmName") != project.name:
            raise Refused(400, "confirmName is not the project's name; nothing was deleted.")
        remove_project(tx, project.id)
    return {"project": {"_id": project.id, "deleted": True}}


def assign_members(call: Call) -> Json:
    """`POST /v2/project/{project}/assigned`."""
    body = call.data()
    people, role = texts(body.get("assignees"), "assignees"), str(body.get("role") or "Labeler")
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        before = loads(project.document).get("assignedTo") or []
        kept = [p for p in before if not (isinstance(p, dict) and p.get("assignee") in people)]
        now = [*kept, *({"assignee": person, "role": role} for person in dict.fromkeys(people))]
        change_document(tx, project, {"assignedTo": now})
    return {"project": {"_id": project.id, "assignedTo": now}}


def create_batches(call: Call) -> Json:
    """`POST /v2/batches/{project}`: `{"name"}` for one, `{"batches": […]}` for many."""
    body = call.data()
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        wanted = body.get("batches")
        if isinstance(wanted, list):
            add_project_batches(tx, project, wanted)
            return {"project": raw(need_project(tx, project.id).document)}
        return {"project": add_project_batches(tx, project, [{"name": body.get("name")}])[0]}


def label_validation(call: Call) -> Json:
    """`POST /v2/project/{project}/labelValidation`."""
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        before = loads(project.document).get("labelValidation") or {}
        change_document(tx, project, {"labelValidation": {**before, **call.data()}})
    return {"project": {"_id": project.id}}


def set_benchmark(call: Call) -> Json:
    """`POST /v2/project/{project}/benchmark-tasks`."""
    body, changed = call.data(), 0
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        for some in chunks(texts(body.get("tasks"), "tasks")):
            chosen = (tasks.c.project == project.id) & tasks.c.id.in_(some)
            values = {"is_benchmark": bool(body.get("isBenchmark", True))}
            changed += tx.execute(tasks.update().where(chosen).values(values)).rowcount
    return {"modifiedCount": changed}


def add_template(call: Call) -> Json:
    """`POST /v2/project/{project}/assetBuilderTemplates`."""
    template = {**call.data(), "_id": new_id()}
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        before = loads(project.document).get("assetBuilderTemplates") or []
        change_document(tx, project, {"assetBuilderTemplates": [*before, template]})
    return {"project": {"_id": project.id, "assetBuilderTemplates": [*before, template]}}


def upload_instructions(call: Call) -> Json:
    """`POST /v2/project/{project}/instructions`: counted, not kept."""
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        change_document(tx, project, {"instructions": f"{len(call.body)} bytes uploaded"})
    return {"project": {"_id": project.id}}
