"""Figures of a project, as far as their form is public, and posts made again."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from core.ango_json.text import loads
from core.hub.api.routes.compare import moment
from core.hub.call import Call, Refused, need_project, texts
from core.hub.codec import Json, decode
from core.hub.projects.documents import batch_ids
from core.hub.projects.shapes import project_value
from core.hub.workflow.flow import Flow
from core.model.numbers import is_number
from core.model.stages import Webhook
from core.store.hub_tasks import task_ids
from core.store.tables.hub import asset_batches, history, tasks

COMPUTED = "LabelStageGroups"
NOT_COMPUTED = (
    "TimePerTask",
    "AnnotationStatus",
    "AnswerDistribution",
    "ConsensusRanges",
    "AssetSize",
)


def metric(call: Call) -> Json:
    """`GET /v2/{project}/overview/{metric}`: tasks per stage; of the others nothing is public."""
    name = call.ids["metric"]
    with call.hub.store.read() as tx:
        project = need_project(tx, call.ids["project"])
        if name in NOT_COMPUTED:
            hint = f"It knows {COMPUTED}."
            raise Refused(400, f"The local hub does not compute {name}.", hint)
        if name != COMPUTED:
            raise Refused(404, f"There is no metric {name[:60]}.", f"It knows {COMPUTED}.")
        of_project = tasks.c.project == project.id
        query = sa.select(tasks.c.stage, sa.func.count().label("number")).where(of_project)
        counts = {row.stage: row.number for row in tx.execute(query.group_by(tasks.c.stage))}
    stages = project_value(project.document).stages or ()
    groups = [
        {"_id": stage.id, "name": stage.name, "count": counts.get(stage.id, 0)} for stage in stages
    ]
    return {"metric": name, name: groups}


def performance(call: Call) -> Json:
    """`POST /v2/performance/{project}`: completed stages and milliseconds per person.

    `interval` (or `startDate` and `endDate`) bounds when a stage was completed, both included;
    `batches` by id or name and `users` are any of them.
    """
    body = call.data()
    interval = body.get("interval") or [body.get("startDate"), body.get("endDate")]
    if not isinstance(interval, list) or len(interval) != 2:
        raise Refused(400, "interval is not a list of two times.")
    first, last = (moment(at, "interval") if at is not None else None for at in interval)
    users = [one.strip().casefold() for one in texts(body.get("users"), "users")]
    passes: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    with call.hub.store.read() as tx:
        project = need_project(tx, call.ids["project"])
        task_ids = sa.select(tasks.c.id).where(tasks.c.project == project.id)
        batches = batch_ids(loads(project.document), texts(body.get("batches"), "batches"))
        if batches:
            inside = asset_batches.c.batch.in_(batches)
            task_ids = task_ids.where(
                sa.exists().where((asset_batches.c.asset == tasks.c.asset) & inside)
            )
        for (entry,) in tx.execute(sa.select(history.c.entry).where(history.c.task.in_(task_ids))):
            read = decode(entry)
            who, took = read.get("completedBy"), read.get("duration")
            if not isinstance(who, str) or not who:  # an imported history may hold anything
                continue
            if users and who.strip().casefold() not in users:
                continue
            if (first or last) and not _is_within(read.get("completedAt"), first, last):
                continue
            passes[who] += 1
            spent[who] += int(took) if is_number(took) and took > 0 else 0
    return {"performance": {who: {"tasks": n, "duration": spent[who]} for who, n in passes.items()}}


def _is_within(at: Json, first: str | None, last: str | None) -> bool:
    """Whether a kept time lies between two; one that cannot be read does not."""
    try:
        when = moment(at, "completedAt")
    except Refused:
        return False
    return (first is None or first <= when) and (last is None or when <= last)


def rerun_webhook(call: Call) -> Json:
    """`POST /v2/project/{project}/rerun-webhook`: the tasks that are in the stage pass it again."""
    wanted = call.data().get("stageId")
    with call.write() as tx:
        project = need_project(tx, call.ids["project"])
        flow = Flow(tx, project, call.hub.store.clock(), call.hub.measure)
        stage = flow.stage(str(wanted))
        if stage is None:
            raise Refused(404, f"The workflow has no stage {str(wanted)[:60]}.")
        if not isinstance(stage, Webhook):
            raise Refused(400, f"{stage.name} is no Webhook stage.")
        there = (tasks.c.project == project.id) & (tasks.c.stage == stage.id)
        waiting = [row.id for row in tx.execute(task_ids(there))]
        flow.enter((task, stage.id) for task in waiting)
    return {"project": {"_id": project.id}, "tasks": len(waiting)}
