"""Stages of a review budget and of quotas, carried out by the local hub: shares are as asked."""

from math import sqrt

import pytest
from hub_helpers import make_stages
from imerit_ango.models.annotate import AnnotationPayload, Answer
from review_worlds import task, workspace

from core.ango_json.project import read_project
from core.model.dialect import Dialect
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.sampling.budget import BudgetGroup, spread
from core.sampling.quotas import quota_plan, quota_stages
from core.sampling.review_stages import stages_of

EACH, LEAST, CERTAIN = 70, 25, 1 - 1e-6
CLASSES = ("car", "bike")
KINDS = {"car": ["car"], "bike": ["bike"], "both": ["car", "bike"], "none": []}
"""Classes of a task."""


def group(name, rate):
    condition = AnnotationType((ClassFilter(name),)) if name != "none" else None
    return BudgetGroup(name, condition, EACH, rate)


def of_budget(project):
    """Stages, and the share of each kind of tasks, of which there are so many each."""
    groups = [group("car", 0.3), group("none", 0.2), group("bike", 0.1)]
    budget = spread(groups, round(1.7 * EACH), 0.2)
    stages = stages_of(budget, project, Dialect())
    assert len(stages.stages) == 2  # those without a class have a larger share than bikes
    shares = {one.name: share for one, share in zip(budget.groups, stages.shares, strict=True)}
    assert shares["car"] == 1
    return stages, shares


def of_quotas(project):
    kinds = ("car", "both", "none")
    here = workspace([task("a", classes=KINDS[kind]) for kind in kinds for _ in range(EACH)])
    plan = quota_plan(here, "class", LEAST, CERTAIN)
    stages = quota_stages(plan, project, Dialect(), whole=True)
    bike, car, none = stages.shares
    assert [one.name for one in plan.groups] == ["bike", "car", "no class"] and bike > car == none
    return stages, {"car": car, "both": bike, "none": none}


@pytest.mark.parametrize("made", [of_budget, of_quotas])
def test_every_groups_share_is_what_was_asked(hub, made):
    project = read_project({"_id": "p", "name": "P", "stages": make_stages()})
    stages, shares = made(project)
    inner = make_stages()
    inner[1]["next"] = [stages.stages[0].id]
    sdk = hub.sdk()
    project_id = sdk.create_project("Budget")["data"]["project"]["_id"]
    tools = [{"tool": "point", "title": n, "schemaId": n} for n in CLASSES]
    schema = {"tools": tools, "classifications": [], "relations": []}
    sdk.create_label_set(project_id, raw_category_schema=schema)
    sdk.update_workflow_stages(project_id, [*inner, *stages.written()])
    assets = [{"data": f"https://x.example/{n}"} for n in range(len(shares) * EACH)]
    sdk.upload_files_cloud(project_id, assets)
    tasks = [
        task["_id"]
        for page in range(1, 5)
        for task in sdk.get_tasks(project_id, page=page, limit=100)["data"]["tasks"]
    ]
    assert len(tasks) == len(shares) * EACH
    went = {kind: [] for kind in shares}
    for number, task_id in enumerate(tasks):
        kind = list(shares)[number % len(shares)]
        objects = [
            {"schemaId": name, "objectId": str(n), "point": [1, 2]}
            for n, name in enumerate(KINDS[kind])
        ]
        answer = AnnotationPayload(Answer(objects=objects))
        sdk.annotate_task(task_id, answer, overwrite=True, send_to_next_stage=True)
        went[kind].append(sdk.get_task(task_id)["data"]["task"]["stage"])
    for kind, share in shares.items():
        assert set(went[kind]) <= {"Review", "Complete"}
        reviewed = went[kind].count("Review") / EACH
        assert abs(reviewed - share) <= 4 * sqrt(share * (1 - share) / EACH) + 1e-9
    if made is of_quotas:
        for name in CLASSES:
            of_class = [went[kind].count("Review") for kind in shares if name in KINDS[kind]]
            assert sum(of_class) >= LEAST
