"""The stages of a review budget, carried out by the local hub: each group's share is as asked."""

from math import sqrt

from hub_helpers import make_stages
from imerit_ango.models.annotate import AnnotationPayload, Answer

from core.ango_json.project import read_project
from core.model.dialect import Dialect
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.sampling.budget import BudgetGroup, spread
from core.sampling.review_stages import stages_of

EACH = 70
OBJECTS = {
    "car": [{"schemaId": "car", "objectId": "1", "point": [1, 2]}],
    "bike": [{"schemaId": "bike", "objectId": "1", "point": [1, 2]}],
    "none": [],
}


def group(name, rate):
    condition = AnnotationType((ClassFilter(name),)) if name != "none" else None
    return BudgetGroup(name, condition, EACH, rate)


def test_every_groups_share_is_what_was_asked(hub):
    project = read_project({"_id": "p", "name": "P", "stages": make_stages()})
    groups = [group("car", 0.3), group("none", 0.2), group("bike", 0.1)]
    budget = spread(groups, round(1.7 * EACH), 0.2)
    stages = stages_of(budget, project, Dialect())
    assert len(stages.stages) == 2  # those without a class have a larger share than bikes
    inner = make_stages()
    inner[1]["next"] = [stages.stages[0].id]
    sdk = hub.sdk()
    made = sdk.create_project("Budget")["data"]["project"]["_id"]
    tools = [{"tool": "point", "title": n, "schemaId": n} for n in ("car", "bike")]
    schema = {"tools": tools, "classifications": [], "relations": []}
    sdk.create_label_set(made, raw_category_schema=schema)
    sdk.update_workflow_stages(made, [*inner, *stages.written()])
    assets = [{"data": f"https://x.example/{n}"} for n in range(3 * EACH)]
    sdk.upload_files_cloud(made, assets)
    tasks = [
        task["_id"]
        for page in range(1, 5)
        for task in sdk.get_tasks(made, page=page, limit=100)["data"]["tasks"]
    ]
    assert len(tasks) == 3 * EACH
    went = {name: [] for name in OBJECTS}
    for number, task in enumerate(tasks):
        name = list(OBJECTS)[number % 3]
        answer = AnnotationPayload(Answer(objects=OBJECTS[name]))
        sdk.annotate_task(task, answer, overwrite=True, send_to_next_stage=True)
        went[name].append(sdk.get_task(task)["data"]["task"]["stage"])
    for one, share in zip(budget.groups, stages.shares, strict=True):
        assert set(went[one.name]) <= {"Review", "Complete"}
        reviewed = went[one.name].count("Review") / EACH
        assert abs(reviewed - share) <= 4 * sqrt(share * (1 - share) / EACH) + 1e-9
    assert stages.shares[0] == 1 and went["car"].count("Review") == EACH
