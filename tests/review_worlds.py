"""Small projects whose tasks were reviewed, as exports have them."""

import io
import json
from dataclasses import replace

from flow_helpers import end, label, logic, review, start

from core.ango_json.stages import read_stages
from core.export.reader import read_stream
from core.flow.flow import flow_of
from core.model.dialect import Dialect
from core.tasks import bits
from core.workspace import Workspace

PLAIN = [start("W"), label("W", "R"), review("R", "Complete", "W"), end()]


def entry(stage, status=None, who="rev@x.y", at=None):
    return {"stageId": stage, "stage": stage, "completedBy": who, "reviewStatus": status,
            "completedAt": at}  # fmt: skip


def task(who, *statuses, classes="", batch=None, at="2026-09-08T10:00:00.000Z", stage="R"):
    """Labelled by somebody, then reviewed with these statuses, each after another pass."""
    steps = [entry("W", who=who, at=at)]
    for status in statuses:
        steps.append(entry(stage, status, at=at))
        if status == "Rejected":
            steps.append(entry("W", who=who, at=at))
    return {"steps": steps, "classes": classes, "batch": batch}


def export_of(tasks):
    return [
        {
            "asset": f"a{n}",
            "batches": [one["batch"]] if one["batch"] else [],
            "task": {
                "taskId": f"t{n}",
                "stage": "Complete",
                "stageHistory": one["steps"],
                "tools": [{"schemaId": c, "title": c} for c in one["classes"]],
            },
        }
        for n, one in enumerate(tasks)
    ]


def project(stages=PLAIN, people=()):
    inner = {"_id": "p", "name": "P", "stages": list(stages)}
    if people:
        inner["assignedTo"] = [{"assignee": one, "role": "Labeler"} for one in people]
    return inner


def workspace(tasks, stages=PLAIN, people=()):
    from core.ango_json.project import read_project

    table = read_stream(io.BytesIO(json.dumps(export_of(tasks)).encode()), "tasks.json")
    return Workspace(table, read_project(project(stages, people)), Dialect())


def steered_stages(conditions, targets):
    """A Logic stage between labelling and review."""
    return [
        start("W"),
        label("W", "L"),
        logic("L", conditions, targets),
        review("R", "Complete", "W"),
        end(),
    ]


def share_of(here, stages, members):
    """Chance of review of each task of a set, by `flow` through a workflow with these stages."""
    first = stages.stages[0].id
    inner = [start("W"), label("W", first), *stages.written(), review("R", "Complete", "W"), end()]
    project = replace(here.project, stages=read_stages(inner))
    flow = flow_of(replace(here, project=project), {2 + len(stages.stages): 1.0}, within=members)
    reviewed = next(one for one in flow.stages if one.stage.id == "R")
    return reviewed.tasks.mean / bits.count(members)
