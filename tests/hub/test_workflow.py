"""The sandbox carries out a workflow: submit, review, Logic with draws, waiting stages."""

import copy

import pytest
from hub_helpers import PROJECT, make_stages
from imerit_ango.models.annotate import AnnotationPayload, Answer
from imerit_ango.models.enums import ReviewStatus

LOGIC = {
    "id": "logic",
    "type": "Logic",
    "name": "Routing",
    "next": ["Review", "hold", "Complete"],
    "logic": {
        "conditions": [
            {
                "type": "AnnotationType",
                "value": {"tools": [{"schemaId": "car", "filter": ["exists"]}]},
                "index": 0,
            },
            {"type": "RandomSample", "value": 0.5, "index": 1},
        ]
    },
}
HOLD = {"id": "hold", "type": "Hold", "name": "Hold", "next": ["plugin"]}
PLUGIN = {"id": "plugin", "type": "Plugin", "name": "Model", "next": ["hook"]}
HOOK = {"id": "hook", "type": "Webhook", "name": "Hook", "next": ["consensus"]}
CONSENSUS = {"id": "consensus", "type": "Consensus", "name": "Both", "next": ["Complete", "Label"]}
CAR = {"schemaId": "car", "objectId": "1", "point": [1, 2]}


@pytest.fixture(scope="module")
def sdk(hub):
    return hub.sdk()


def routed():
    stages = make_stages()
    stages[1]["next"] = ["logic"]
    return [*stages, *copy.deepcopy([LOGIC, HOLD, PLUGIN, HOOK, CONSENSUS])]


def project_with(sdk, stages, assets):
    project = sdk.create_project("Flow")["data"]["project"]["_id"]
    tool = {"tool": "point", "title": "Car", "schemaId": "car"}
    schema = {"tools": [tool], "classifications": [], "relations": []}
    sdk.create_label_set(project, raw_category_schema=schema)
    sdk.update_workflow_stages(project, stages)
    sdk.upload_files_cloud(project, [{"data": f"https://x.example/{n}"} for n in range(assets)])
    return project, [t["_id"] for t in sdk.get_tasks(project, limit=100)["data"]["tasks"]]


def submit(sdk, task, *objects):
    answer = AnnotationPayload(Answer(objects=list(objects)))
    sdk.annotate_task(task, answer, overwrite=True, send_to_next_stage=True)
    return stage(sdk, task)


def stage(sdk, task):
    return sdk.get_task(task)["data"]["task"]["stage"]


def test_certain_rules_decide_by_what_was_drawn(sdk):
    _, tasks = project_with(sdk, routed(), 3)
    assert [submit(sdk, task, CAR) for task in tasks] == ["Review"] * 3


def test_chance_is_drawn_once_per_pass(sdk):
    project, tasks = project_with(sdk, routed(), 40)
    first = [submit(sdk, task) for task in tasks]
    assert set(first) == {"hold", "Complete"} and 8 <= first.count("hold") <= 32
    sdk.requeue_tasks(project, "Label", {"taskIds": tasks})
    second = [submit(sdk, task) for task in tasks]
    assert set(second) == {"hold", "Complete"} and second != first


def test_two_logic_stages_do_not_draw_alike(sdk):
    stages = routed()
    one = next(s for s in stages if s["id"] == "logic")
    one["logic"]["conditions"] = [{"type": "RandomSample", "value": 0.5, "index": 0}]
    one["next"] = ["second", "Complete"]
    stages.append({**copy.deepcopy(one), "id": "second", "next": ["hold", "Review"]})
    _, tasks = project_with(sdk, stages, 40)
    assert {submit(sdk, task) for task in tasks} == {"hold", "Review", "Complete"}


def test_the_hub_agrees_with_the_split_of_the_same_stage(sdk, sample):
    """Whole sample through its own Logic stage: certain outputs get what `split` says."""
    logic = sample.project.logic_stages[0]
    counts = dict(sample.split(logic).stages)
    sdk.requeue_tasks(PROJECT, logic.id)
    tasks = [
        task
        for page in range(1, 5)
        for task in sdk.get_tasks(PROJECT, page=page, limit=100)["data"]["tasks"]
    ]
    assert len(tasks) == 400
    for target, count in counts.items():
        number = sum(task["stage"] == target for task in tasks)
        spread = count.high - count.low  # far beyond what chance can do
        assert count.low - spread <= number <= count.high + spread
        assert number >= count.certain


def test_stages_that_keep_and_stages_that_pass_on(sdk, hub):
    stages = routed()
    stages[1]["next"] = ["hold"]
    project, (task, other) = project_with(sdk, stages, 2)
    assert submit(sdk, task) == "hold"
    with pytest.raises(Exception, match="not submitted"):
        submit(sdk, task)
    hub.admin("POST", "forward", {"project": project, "stage": "hold"})
    assert stage(sdk, task) == "plugin"
    sdk._annotate_task(
        task, AnnotationPayload(Answer()), overwrite=True, send_to_next_stage=True, is_plugin=True
    )
    assert stage(sdk, task) == "consensus"
    said = [line["message"] for line in hub.logs() if line["project"] == project]
    assert any("Webhook Hook" in line for line in said)
    assert "1 task arrived. The local hub runs no plugin in the Plugin stage Model" in str(said)
    assert any("Consensus Both" in line for line in said)
    history = sdk.get_task_history(task_id=task)["data"]["taskHistory"]
    assert [entry["stageId"] for entry in history] == ["Start", "Label", "hold", "plugin"]
    assert stage(sdk, other) == "Label"


def test_unwired_unknown_and_closed_loops_keep_the_task(sdk, hub):
    for target in (None, "", "nowhere"):
        stages = make_stages()
        stages[1]["next"] = [target]
        project, (task,) = project_with(sdk, stages, 1)
        assert submit(sdk, task) == "Label"
        assert any(
            "stays where it is" in x["message"] for x in hub.logs() if x["project"] == project
        )
    stages = routed()
    for one in stages:
        if one["id"] == "logic":
            one["next"] = ["hook2", "hook2", "hook2"]
    stages.append({"id": "hook2", "type": "Webhook", "name": "H", "next": ["logic"]})
    project, (task,) = project_with(sdk, stages, 1)
    assert submit(sdk, task) in ("logic", "hook2")
    assert any("closed loop" in x["message"] for x in hub.logs() if x["project"] == project)


def test_the_assignee_sticks_per_stage(sdk):
    project, (task,) = project_with(sdk, make_stages(), 1)
    sdk.assign_task(project, [task], "Label", "ada@example.com")
    submit(sdk, task)
    assert sdk.get_task(task)["data"]["task"]["assignee"] is None
    sdk.assign_task(project, [task], "Review", "bela@example.com")
    sdk.review_task(task, ReviewStatus.REJECTED)
    back = sdk.get_task(task)["data"]["task"]
    assert (back["stage"], back["assignee"]) == ("Label", "ada@example.com")
    history = sdk.get_task_history(task_id=task)["data"]["taskHistory"]
    assert [entry.get("completedBy") for entry in history] == [
        None,
        "ada@example.com",
        "bela@example.com",
    ]


def test_start_waits_until_it_forwards(sdk):
    stages = make_stages()
    stages[0]["autoForward"] = False
    project, (task,) = project_with(sdk, stages, 1)
    assert stage(sdk, task) == "Start"
    stages[0]["autoForward"] = True
    sdk.update_workflow_stages(project, stages)
    sdk.upload_files_cloud(project, [{"data": "https://x.example/late"}])
    assert {t["stage"] for t in sdk.get_tasks(project)["data"]["tasks"]} == {"Label"}
