"""Work on tasks: annotate, review, requeue, priority, import of labels."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.ango_json.text import loads
from core.hub.call import Call, Refused, need_project, need_task, texts
from core.hub.codec import Json, text
from core.hub.projects.documents import batch_ids
from core.hub.projects.label_imports import known_of, label_tasks
from core.hub.projects.shapes import project_value
from core.hub.runs.run_calls import annotate_task, annotated, import_in_run, made_by
from core.hub.workflow.flow import Flow, again
from core.model.stages import Complete, Consensus, Hold, Logic, Review, Webhook
from core.plugin_runs.label_changes import EMPTY_ANSWER
from core.store.hub import HubProject
from core.store.hub_tasks import change_task, chunks, find_task, remove_sub_tasks, task_ids
from core.store.tables.hub import asset_batches, assets, history, tasks

REVIEWS = ("Accepted", "Rejected", "Todo", "Fixed")
OPTIONS = {"removeAnnotations", "removeAssignee", "removeStageHistory"}
MOST_IDS = 30_000


def annotate(call: Call) -> Json:
    """`POST /v2/annotate/{task}`: writes the whole answer; `nextStage=true` submits."""
    body, submit = call.data(), call.flag("nextStage")
    given = annotated(body)
    duration = body.get("duration") or 0
    if isinstance(duration, bool) or not isinstance(duration, (int, float)) or duration < 0:
        raise Refused(400, "duration is not a number of milliseconds.")
    with call.write() as tx:
        task = need_task(tx, call.ids["task"])
        project = need_project(tx, task.project)
        flow = Flow(tx, project, call.hub.store.clock(), call.hub.measure)
        stage = flow.stage(task.stage)
        if submit and isinstance(stage, Consensus):
            hint = "Submit its sub-tasks: the tasks of the same asset and of type consensus."
            raise Refused(400, f"A task in {stage.name} waits for judgments.", hint)
        if task.parent is not None and task.status == "Completed":
            raise Refused(400, "This judgment was submitted already.")
        if submit and isinstance(stage, (Hold, Complete)):
            raise Refused(400, f"A task in {stage.name} can be saved, but not submitted.")
        made = made_by(call, task.assignee, stage.name if stage else task.stage)
        kept, aside = annotate_task(tx, call, project, task, given, made)
        if aside:
            return {"task": {"_id": task.id, "stage": task.stage, "status": task.status}}
        values: dict[str, Any] = {
            "answer": text(kept),
            "duration": (task.duration or 0) + duration,
            "total_duration": (task.total_duration or 0) + duration,
            "updated_at": call.hub.store.now(),
        }
        for column, name in (("brush", "brushDataUrl"), ("medical_brush", "medicalBrushDataUrl")):
            if body.get(name):
                values[column] = str(body[name])
        review = ""
        if submit and isinstance(stage, Review):
            review = values["review_status"] = "Fixed"  # a reviewer's edit, which accepts
        change_task(tx, task.id, values)
        if submit:
            by = "plugin" if call.flag("isPlugin") else task.assignee or call.hub.user
            flow.leave(again(tx, task), 0, by, float(duration), review)
        # a sub-task goes with the last judgment
        moved = find_task(tx, task.id)
        about = (task.stage, "Completed") if moved is None else (moved.stage, moved.status)
    return {"task": {"_id": task.id, "stage": about[0], "status": about[1]}}


def review(call: Call) -> Json:
    """`POST /v2/review/{task}`: Accepted and Fixed leave by the first output, Rejected the 2nd."""
    status = call.data().get("reviewStatus")
    if status not in REVIEWS:
        raise Refused(400, f"reviewStatus is none of {', '.join(REVIEWS)}.")
    with call.write() as tx:
        task = need_task(tx, call.ids["task"])
        project = need_project(tx, task.project)
        flow = Flow(tx, project, call.hub.store.clock(), call.hub.measure)
        stage = flow.stage(task.stage)
        if not isinstance(stage, Review):
            name = stage.name if stage else task.stage
            raise Refused(400, f"The task is in {name}, which is no Review stage.")
        change_task(tx, task.id, {"review_status": status, "updated_at": call.hub.store.now()})
        if status != "Todo":
            by = task.assignee or call.hub.user
            flow.leave(again(tx, task), int(status == "Rejected"), by, 0.0, str(status))
        moved = again(tx, task)
    return {"task": {"_id": task.id, "stage": moved.stage, "reviewStatus": moved.review_status}}


def requeue(call: Call) -> Json:
    """`POST /v2/project/{project}/requeueTasks`; without a filter the whole project moves."""
    body = call.data()
    options = body.get("options") or {}
    if not isinstance(options, dict):
        raise Refused(400, "options is not an object.")
    if unknown := set(options) - OPTIONS:
        raise Refused(400, f"The option {sorted(unknown)[0]} is not known.")
    target = body.get("toStageId")
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        flow = Flow(tx, project, call.hub.store.clock(), call.hub.measure)
        stage = flow.stage(str(target))
        if stage is None:
            raise Refused(400, f"The workflow has no stage {target}.")
        if getattr(stage, "consensus_id", None) is not None:
            hint = "Requeue to the Consensus."
            raise Refused(400, f"{stage.name} is part of a Consensus.", hint)
        where = _wanted(project, body.get("filters") or {})
        if where is None:
            flow.say("A requeue without a filter: every task of the project moves.")
            where = tasks.c.project == project.id
        held = [
            s.id
            for s in project_value(project.document).stages or ()
            if isinstance(s, Complete) and s.prevent_requeue
        ]
        where &= tasks.c.stage.not_in(held) & tasks.c.parent.is_(None)
        ids = [row.id for row in tx.execute(task_ids(where))]
        values: dict[str, Any] = {"stage": stage.id, "updated_at": call.hub.store.now()}
        values["status"] = "Completed" if isinstance(stage, Complete) else "TODO"
        if options.get("removeAnnotations"):
            values["answer"] = EMPTY_ANSWER
        if options.get("removeAssignee"):
            values["assignee"] = None
        for some in chunks(ids):
            tx.execute(tasks.update().where(tasks.c.id.in_(some)).values(values))
            remove_sub_tasks(tx, some)
            if options.get("removeStageHistory"):
                tx.execute(history.delete().where(history.c.task.in_(some)))
            if isinstance(stage, (Logic, Webhook, Consensus)):
                flow.enter((task, stage.id) for task in some)
    return {"modifiedCount": {"modified": len(ids), "toStageId": stage.id}}


def _wanted(project: HubProject, filters: Json) -> sa.ColumnElement[bool] | None:
    """The tasks that explicit filters name; None when there is no filter."""
    if not isinstance(filters, dict):
        raise Refused(400, "filters is not an object.")
    where = tasks.c.project == project.id
    used = False
    for name, value in filters.items():
        wanted = texts(value, name)
        if not wanted:
            continue
        if len(wanted) > MOST_IDS:
            raise Refused(413, f"{name} has more than {MOST_IDS:,} entries.", "Send them in parts.")
        used = True
        if name == "taskIds":
            where &= tasks.c.id.in_(wanted)
        elif name == "assetIds":
            where &= tasks.c.asset.in_(wanted)
        elif name == "externalIds":
            its_asset = (assets.c.id == tasks.c.asset) & assets.c.external_id.in_(wanted)
            where &= sa.exists().where(its_asset)
        elif name == "fromStageIds":
            where &= tasks.c.stage.in_(wanted)
        elif name == "batches":
            ids = batch_ids(loads(project.document), wanted)
            inside = (asset_batches.c.asset == tasks.c.asset) & asset_batches.c.batch.in_(ids)
            where &= sa.exists().where(inside)
        else:
            raise Refused(400, f"The filter {name} is not known.")
    return where if used else None


def set_priority(call: Call) -> Json:
    """`POST /v2/project/{project}/updatePriority`; without a filter for the whole project."""
    body = call.data()
    priority = body.get("priority")
    if isinstance(priority, bool) or not isinstance(priority, int):
        raise Refused(400, "priority is not a whole number.")
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        where = _wanted(project, body.get("filters") or {})
        where = tasks.c.project == project.id if where is None else where
        changed = tx.execute(tasks.update().where(where).values(priority=priority)).rowcount
    return {"modifiedCount": {"modified": changed}}


def import_labels(call: Call) -> Json:
    """`POST /v2/import/labels`."""
    body = call.data()
    items = body.get("jsonContent", body.get("labels"))
    if not isinstance(items, list):
        raise Refused(400, "jsonContent is not a list.")
    with call.write() as tx:
        project = need_project(tx, body.get("project"))
        if call.run is not None:
            return import_in_run(tx, call, project, items)
        known = known_of(project, call.hub.keeping)
        return label_tasks(tx, project, known, items, made_by(call)).answer
