"""The real SDK, unpatched, against a hub process: every public method, and what it gets back."""

import inspect
import json

import numpy as np
import pytest
import requests
from hub_helpers import PROJECT, make_stages
from imerit_ango.models.annotate import AnnotationPayload, Answer
from imerit_ango.models.asset_builder_template import AssetBuilderTemplate
from imerit_ango.models.chat_asset_creation_config import ChatAssetCreationConfig
from imerit_ango.models.enums import (
    ExportFormats,
    LlmProvider,
    Metrics,
    OrganizationRoles,
    ProjectRoles,
    ReviewStatus,
    StorageProvider,
)
from imerit_ango.models.export_options import ExportOptions
from imerit_ango.models.invite import Invitation, RoleUpdate
from imerit_ango.models.llm import LLM
from imerit_ango.models.storage import Storage
from imerit_ango.models.task_filter import NumberRange, StringFilter, TaskFilter
from imerit_ango.sdk import SDK

# How each public method of the SDK is covered: by a test of this file, or not, with the reason.
COVERED = {
    "add_comment_to_issue": "test_issues",
    "add_members_to_project": "test_projects",
    "annotate_task": "test_annotate_and_review",
    "assign_batches": "test_batches",
    "assign_task": "test_assign_priority_benchmark",
    "clone_project": "test_projects",
    "create_asset_builder_template": "test_asset_builder",
    "create_attachment": "test_odds_and_ends",
    "create_batch": "test_batches",
    "create_batches": "test_batches",
    "create_issue": "test_issues",
    "create_label_set": "test_projects",
    "create_llm": "test_organization",
    "create_project": "test_projects",
    "create_storage": "test_organization",
    "delete_assets": "test_uploads",
    "delete_issue": "test_issues",
    "delete_llm": "test_organization",
    "delete_organization_invites": "test_organization",
    "delete_organization_members": "test_organization",
    "delete_project": "test_projects",
    "delete_storage": "test_organization",
    "export": "test_export",
    "exportV3": "test_export",
    "file_explorer": "test_odds_and_ends",
    "get_asset_builder_templates": "test_asset_builder",
    "get_assets": "test_reads",
    "get_batches": "test_batches",
    "get_issues": "test_issues",
    "get_llms": "test_organization",
    "get_metrics": "test_odds_and_ends",
    "get_organization_invites": "test_organization",
    "get_organization_members": "test_organization",
    "get_project": "test_reads",
    "get_project_performance": "test_odds_and_ends",
    "get_storages": "test_organization",
    "get_task": "test_reads",
    "get_task_history": "test_reads",
    "get_tasks": "test_reads",
    "import_labels": "test_import_labels",
    "invite_members_to_org": "test_organization",
    "list_projects": "test_projects",
    "list_storage_files": "test_odds_and_ends",
    "make_request": "test_reads",
    "purge_project": "test_projects",
    "requeue_tasks": "test_requeue",
    "rerun_webhook": "test_odds_and_ends",
    "review_task": "test_annotate_and_review",
    "send_notification": "test_odds_and_ends",
    "set_tasks_as_benchmark": "test_assign_priority_benchmark",
    "setup_logger": "test_reads",
    "update_benchmark_settings": "test_projects",
    "update_issue": "test_issues",
    "update_label_validation": "test_projects",
    "update_organization_members_role": "test_organization",
    "update_tasks_priority": "test_assign_priority_benchmark",
    "update_workflow_stages": "test_projects",
    "upload_brush_array": "test_uploads",
    "upload_chat_assets": "test_uploads",
    "upload_files": "test_uploads",
    "upload_files_cloud": "test_uploads",
    "upload_files_with_asset_builder": "test_asset_builder",
    "upload_instructions": "test_uploads",
}


def test_the_table_names_every_public_method():
    methods = {n for n, _ in inspect.getmembers(SDK, inspect.isfunction) if not n.startswith("_")}
    assert methods == set(COVERED)
    here = globals()
    for method, test in COVERED.items():
        assert f".{method}(" in inspect.getsource(here[test]) or method in (
            "make_request",  # all others go through it
            "setup_logger",
        ), method


@pytest.fixture(scope="module")
def sdk(hub):
    return hub.sdk()


@pytest.fixture
def fresh(sdk):
    """A project with one class, the default workflow that does not forward, and three assets."""
    project = sdk.create_project("Fresh")["data"]["project"]["_id"]
    tool = {"tool": "bounding-box", "title": "Car", "schemaId": "car", "classifications": []}
    question = {"tool": "radio", "title": "Sun?", "schemaId": "sun", "classifications": []}
    schema = {"tools": [tool], "classifications": [question], "relations": []}
    sdk.create_label_set(project, raw_category_schema=schema)
    sdk.update_workflow_stages(project, make_stages())
    names = ["a", "b", "b"]
    assets = [{"data": f"https://x.example/{n}{i}", "externalId": n} for i, n in enumerate(names)]
    made = sdk.upload_files_cloud(project, assets)
    assert made["status"] == "success"
    assert made["data"]["assets"]["assetsCreated"] == 3
    return project


def tasks_of(sdk, project, **more):
    return sdk.get_tasks(project, limit=100, include_answer=True, **more)["data"]["tasks"]


def car(**more):
    return {"schemaId": "car", "bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}, **more}


def test_reads(sdk, sample_table):
    project = sdk.get_project(PROJECT)["data"]["project"]
    assert project["name"] == "Streets" and project["stages"][2]["someServerKey"]["keep"][2] == 1.0
    pages = [sdk.get_tasks(PROJECT, page=n, limit=150)["data"] for n in (1, 2, 3)]
    ids = [task["_id"] for page in pages for task in page["tasks"]]
    assert ids == sample_table.ids.to_pylist() and pages[0]["total"] == len(ids)
    assert "answer" not in pages[0]["tasks"][0]
    task = sdk.get_task(ids[0])["data"]["task"]
    assert task["answer"]["tools"] and task["asset"]["externalId"] == task["externalId"]
    history = sdk.get_task_history(task_id=ids[0])["data"]["taskHistory"]
    assert history[0]["stage"] == "Start"
    one = sdk.get_task_history(task_history_id=history[0]["id"])["data"]["taskHistory"]
    assert one == history[0]
    assets = sdk.get_assets(PROJECT)["data"]
    assert len(assets["assets"]) == 10 and assets["total"] == 400
    first = assets["assets"][0]
    assert (
        sdk.get_assets(PROJECT, filters={"externalId": first["externalId"]})["data"]["total"] >= 1
    )
    both = sdk.get_assets(PROJECT, limit=5, filters={"batches": first["batches"]})["data"]
    assert all(set(first["batches"]) <= set(asset["batches"]) for asset in both["assets"])


def test_filters(sdk):
    everything = sdk.get_tasks(PROJECT)["data"]["total"]

    def total(**words):
        return sdk.get_tasks(PROJECT, task_filter=TaskFilter(**words))["data"]["total"]

    done = total(stage="Complete")
    assert 0 < done == everything == total(stage=["Complete"])
    assert total(stage=StringFilter(ne="Complete")) == everything - done
    batch = sdk.get_batches(PROJECT)[0]
    assert 0 < total(batches=[batch["_id"]]) == total(batches=[batch["name"]])
    assert total(batches=["no such batch"]) == 0
    slow = total(total_duration=NumberRange(gte=200_000))
    assert 0 < slow < everything
    assert total(external_id=StringFilter(regex="^img-00")) > 0
    assert total(is_skipped=True) == 0
    with pytest.warns(DeprecationWarning):
        assert sdk.get_tasks(PROJECT, stage="Complete")["data"]["total"] == done
    with pytest.warns(DeprecationWarning):
        assert sdk.get_tasks(PROJECT, batches=[batch["_id"]])["data"]["total"] > 0
    found = sdk.get_tasks(PROJECT, fields="stage", sort="-totalDuration")["data"]["tasks"]
    assert set(found[0]) == {"_id", "project", "asset", "stage"}


def test_export(sdk, hub):
    complete = sdk.export(PROJECT)
    assert {item["task"]["stageId"] for item in complete} == {"Complete"}
    everything = ExportOptions(stage=[])
    lines, count = sdk.exportV3(
        PROJECT, ExportOptions(stage=[], export_format=ExportFormats.NDJSON)
    )
    assert count == len(list(lines)) == len(sdk.export(PROJECT, everything)) == 400
    batch = sdk.get_batches(PROJECT)[0]
    some = sdk.export(PROJECT, ExportOptions(stage=[], batches=[batch["_id"]]))
    assert 0 < len(some) < 400 and all(batch["name"] in item["batches"] for item in some)
    link = hub.ask("GET", f"/v2/export?project={PROJECT}&stage=[]").json()["data"]["exportPath"]
    assert hub.key not in link
    path = link.removeprefix(hub.url)
    assert hub.ask("GET", path, headers={}).content[:2] == b"PK"
    assert hub.ask("GET", path[:-1] + "x", headers={}).status_code == 403
    assert hub.ask("PUT", path, headers={}, data=b"x").status_code == 403


def test_an_export_holds_what_the_file_held(sdk, tmp_path):
    import zipfile

    from conftest import DATA

    with zipfile.ZipFile(DATA / "export.zip") as archive:
        before = json.loads(archive.read(archive.namelist()[0]))
    after = {item["task"]["taskId"]: item for item in sdk.export(PROJECT, ExportOptions(stage=[]))}
    for item in before:
        task = item.get("task") or item["tasks"][0]
        now = after[task["taskId"]]
        assert now["asset"] == item["asset"] and now["externalId"] == item["externalId"]
        assert now["task"]["stageHistory"] == (task.get("stageHistory") or [])
        assert now["task"]["tools"] == (task.get("tools") or task.get("objects") or [])
        extra = set(item) - {"task", "tasks", "batches"}
        assert {name: now[name] for name in extra} == {name: item[name] for name in extra}


def test_projects(sdk):
    made = sdk.create_project("One", "about")["data"]["project"]
    key = made["_id"]
    sdk.create_label_set(key)
    stages = [*make_stages(), {"id": "x", "type": "Odd", "next": [None, ""], "more": {"1": 1.0}}]
    sdk.update_workflow_stages(key, stages)
    assert sdk.get_project(key)["data"]["project"]["stages"] == stages
    sdk.update_benchmark_settings(key, True, 5)
    sdk.update_label_validation(key, custom_validation_enabled=True)
    sdk.add_members_to_project(key, ["ada@example.com"], ProjectRoles.Reviewer)
    project = sdk.get_project(key)["data"]["project"]
    assert project["benchmarkRatio"] == 5 and project["stages"] == stages
    assert project["assignedTo"] == [{"assignee": "ada@example.com", "role": "Reviewer"}]
    clone = sdk.clone_project(key, assigned_to=False)["data"]["project"]
    assert clone["name"] == "One copy" and clone["stages"] == stages and clone["assignedTo"] == []
    listed = sdk.list_projects(limit=100)["data"]["projects"]
    assert {key, clone["_id"], PROJECT} <= {one["_id"] for one in listed}
    with pytest.raises(Exception, match="nothing was deleted"):
        sdk.purge_project(key, "Two")
    sdk.purge_project(key, "One")
    sdk.delete_project(clone["_id"])
    with pytest.raises(Exception, match="There is no project"):
        sdk.get_project(key)


def test_batches(sdk, fresh):
    one = sdk.create_batch(fresh, "one")["data"]["project"]
    sdk.create_batches(fresh, ["one", "two"])
    batches = sdk.get_batches(fresh)
    assert [batch["name"] for batch in batches] == ["one", "two"] and batches[0] == one
    assets = [asset["_id"] for asset in sdk.get_assets(fresh)["data"]["assets"]]
    assert sdk.assign_batches(fresh, assets[:2], ["one", batches[1]["_id"]])["data"]["assets"] == 2
    assert tasks_of(sdk, fresh)[0]["batches"] == [batch["_id"] for batch in batches]
    with pytest.raises(Exception, match="no batch three"):
        sdk.assign_batches(fresh, assets, ["three"])


def test_import_labels(sdk, fresh, hub):
    def said(labels):
        return sdk.import_labels(fresh, labels)["data"]["project"]

    assert said([{"externalId": "a", "objects": [car(objectId="o1"), car()]}]) == (
        "1 / 1 tasks are labeled."
    )
    assert said([{"externalId": "b", "objects": [car()]}]) == "2 / 2 tasks are labeled."
    assert said([{"externalId": "none", "objects": [car()]}]) == "0 / 1 tasks are labeled."
    wrong = {"externalId": "a", "objects": [{"schemaId": "bus", "point": [1, 2]}]}
    assert said([wrong, {"data": "https://x.example/a0", "objects": [car()]}]) == (
        "1 / 2 tasks are labeled."
    )
    assert any("no class bus" in line["message"] for line in hub.logs())
    moved = car(objectId="o1") | {"bounding-box": {"x": 9, "y": 9, "width": 9, "height": 9}}
    answer = {"schemaId": "sun", "answer": "yes"}
    said([{"externalId": "a", "objects": [moved], "classifications": [answer]}])
    said([{"externalId": "a", "classifications": [answer | {"answer": "no"}]}])
    got = tasks_of(sdk, fresh)[0]["answer"]
    assert len(got["tools"]) == 3 and got["tools"][0]["bounding-box"]["x"] == 9
    assert [one["answer"] for one in got["classifications"]] == ["no"]
    assert sdk.get_assets(fresh, filters={"isPreLabeled": True})["data"]["total"] == 3


def test_annotate_and_review(sdk, fresh):
    task = tasks_of(sdk, fresh)[0]["_id"]
    assert sdk.annotate_task(task, AnnotationPayload(Answer(objects=[car(objectId="1")])))
    assert sdk.annotate_task(task, AnnotationPayload(Answer(objects=[car(objectId="2")])))
    now = sdk.get_task(task)["data"]["task"]
    assert [one["objectId"] for one in now["answer"]["tools"]] == ["2", "1"]
    assert (
        now["stage"] == "Label"
        and not sdk.get_task_history(task_id=task)["data"]["taskHistory"][1:]
    )
    sdk.annotate_task(task, AnnotationPayload(Answer()), overwrite=True, send_to_next_stage=True)
    assert sdk.get_task(task)["data"]["task"]["stage"] == "Review"
    sdk.review_task(task, ReviewStatus.REJECTED)
    assert sdk.get_task(task)["data"]["task"]["stage"] == "Label"
    with pytest.raises(Exception, match="no Review stage"):
        sdk.review_task(task, ReviewStatus.ACCEPTED)
    sdk.annotate_task(task, AnnotationPayload(Answer()), send_to_next_stage=True)
    sdk.review_task(task, ReviewStatus.ACCEPTED)
    now = sdk.get_task(task)["data"]["task"]
    assert (now["stage"], now["status"], now["reviewStatus"]) == (
        "Complete",
        "Completed",
        "Accepted",
    )
    history = sdk.get_task_history(task_id=task)["data"]["taskHistory"]
    assert [entry["stageId"] for entry in history] == [
        "Start",
        "Label",
        "Review",
        "Label",
        "Review",
    ]
    assert [entry.get("reviewStatus") for entry in history[2::2]] == ["Rejected", "Accepted"]


def test_requeue(sdk, fresh, hub):
    tasks = [task["_id"] for task in tasks_of(sdk, fresh)]
    answer = sdk.requeue_tasks(fresh, "Complete", {"taskIds": tasks[:1]})
    assert answer["data"]["modifiedCount"] == {"modified": 1, "toStageId": "Complete"}
    sdk.requeue_tasks(fresh, "Review", {"fromStageIds": ["Complete"]}, {"removeStageHistory": True})
    assert sdk.get_task(tasks[0])["data"]["task"]["stage"] == "Review"
    assert sdk.get_task_history(task_id=tasks[0])["data"]["taskHistory"] == []
    before = len(hub.logs())
    assert sdk.requeue_tasks(fresh, "Label")["data"]["modifiedCount"]["modified"] == 3
    assert "without a filter" in hub.logs()[before]["message"]
    with pytest.raises(Exception, match="no stage nowhere"):
        sdk.requeue_tasks(fresh, "nowhere", {"taskIds": tasks})


def test_assign_priority_benchmark(sdk, fresh):
    tasks = [task["_id"] for task in tasks_of(sdk, fresh)]
    sdk.assign_task(fresh, tasks[:1], "Label", "ada@example.com")
    sdk.update_tasks_priority(fresh, 7, {"taskIds": tasks[1:2]})
    sdk.set_tasks_as_benchmark(fresh, tasks[2:])
    one, two, three = tasks_of(sdk, fresh)
    assert one["assignee"] == "ada@example.com" and two["assignee"] is None
    assert (one["priority"], two["priority"], three["isBenchmark"]) == (0, 7, True)


@pytest.mark.filterwarnings("ignore:unclosed file.*picture.png:ResourceWarning")  # the SDK's
def test_uploads(sdk, fresh, tmp_path):
    image = tmp_path / "picture.png"
    image.write_bytes(b"not really")
    done = sdk.upload_files(fresh, [{"data": str(image), "externalId": "p"}])
    assert done["data"]["assets"]["assetsCreated"] == 1
    asset = sdk.get_assets(fresh, filters={"externalId": "p"})["data"]["assets"][0]
    signed = sdk._get_signed_url(asset["data"], fresh, _Kind())
    assert sdk.session.get(signed).content == b"not really"
    assert requests.get(asset["data"], timeout=5).content == b"not really"
    url = sdk.upload_brush_array(fresh, np.ones((2, 2)))
    assert sdk.session.get(sdk._get_signed_url(url, fresh, _Kind())).content[1:4] == b"PNG"
    sdk.upload_instructions(fresh, str(image))
    chat = ChatAssetCreationConfig(number_of_assets=2)
    assert sdk.upload_chat_assets(fresh, chat)["data"]["assets"]["assetsCreated"] == 2
    talk = tmp_path / "talk.json"
    talk.write_text('[{"messages": []}, {"messages": []}, {"messages": []}]')
    chat = ChatAssetCreationConfig(conversation_json=str(talk))
    assert sdk.upload_chat_assets(fresh, chat)["data"]["assets"]["assetsCreated"] == 3
    sdk.create_batch(fresh, "late")
    more = [{"data": "https://x.example/z", "batches": ["late"]}]
    sdk.upload_files_cloud(fresh, more, batches=["late"], priority=3)
    last = tasks_of(sdk, fresh)[-1]
    assert last["priority"] == 3 and len(last["batches"]) == 1
    sdk.delete_assets(fresh, [last["asset"]["_id"], asset["_id"]])
    assert sdk.get_assets(fresh)["data"]["total"] == 3 + 2 + 3
    assert sdk.get_tasks(fresh)["data"]["total"] == 3 + 2 + 3


class _Kind:
    value = "assets"


def test_asset_builder(sdk, fresh, tmp_path):
    template = AssetBuilderTemplate.__new__(AssetBuilderTemplate)
    template.validate = lambda: None
    template.to_dict = lambda: {
        "name": "t",
        "template": "<p>{{text}}</p>",
        "dataConfig": {"text": {"type": "p"}},
        "selectedExternalId": "text",
        "preLabelConfig": {"sun": {"cla": {"schemaId": "sun", "title": "Sun?"}, "value": "text"}},
    }
    made = sdk.create_asset_builder_template(fresh, template)["data"]["project"]
    assert sdk.get_asset_builder_templates(fresh) == made["assetBuilderTemplates"]
    rows = tmp_path / "rows.csv"
    rows.write_text("text\nhello\n")
    key = made["assetBuilderTemplates"][0]["_id"]
    sdk.upload_files_with_asset_builder(fresh, key, str(rows))
    assert sdk.get_assets(fresh, filters={"externalId": "hello"})["data"]["total"] == 1


def test_issues(sdk, fresh):
    task = tasks_of(sdk, fresh)[0]["_id"]
    issue = sdk.create_issue(task, "blurred", position=[1, 2])["data"]["issue"]["_id"]
    sdk.update_issue(issue, status="Closed")
    sdk.add_comment_to_issue(issue, "done")
    (found,) = sdk.get_issues(fresh, task_id=task)["data"]["issues"]
    assert found["status"] == "Closed" and found["comments"][0]["content"] == "done"
    sdk.delete_issue(fresh, issue)
    assert sdk.get_issues(fresh)["data"]["issues"] == []


def test_organization(sdk, hub):
    secret = "SECRET-" + "canary"
    storage = sdk.create_storage(Storage("s", StorageProvider.AWS, "pub", secret))["data"]
    key = storage["storage"]["_id"]
    assert sdk.get_storages(key)["name"] == "s"
    llm = sdk.create_llm(LLM("m", LlmProvider.OPENAI, "x", secret))["data"]["llm"]["_id"]
    assert sdk.get_llms(llm)["model"] == "x"
    assert all(secret.encode() not in p.read_bytes() for p in hub.data.glob("switchyard.db*"))
    sdk.delete_storage(key)
    sdk.delete_llm(llm)
    people = ["ada@example.com"]
    sdk.invite_members_to_org("o", Invitation(people, OrganizationRoles.Member))
    assert sdk.get_organization_invites("o")["data"]["invites"][0]["email"] == people[0]
    sdk.delete_organization_invites("o", people)
    sdk.update_organization_members_role("o", [RoleUpdate(people[0], OrganizationRoles.Admin)])
    assert sdk.get_organization_members("o")["data"]["users"][0]["organizationRole"] == "admin"
    assert sdk.delete_organization_members("o", people)["data"]["users"] == []


def test_odds_and_ends(sdk, fresh):
    assert sdk.send_notification(["ada@example.com"], "hello")["status"] == "success"
    attached = sdk.create_attachment(fresh, [{"name": "x"}])["data"]
    assert attached["attachments"] == 1 and attached["project"]["_id"] == fresh
    groups = sdk.get_metrics(fresh, Metrics.LabelStageGroups)["data"]["LabelStageGroups"]
    assert {group["_id"]: group["count"] for group in groups}["Label"] == 3
    assert sdk.get_project_performance(fresh)["data"]["performance"] == {}
    for metric in set(Metrics) - {Metrics.LabelStageGroups}:
        with pytest.raises(Exception, match=f"does not compute {metric.value}"):
            sdk.get_metrics(fresh, metric)
    made = sdk.create_storage(Storage("shelf", StorageProvider.AWS, "p", "s"))
    storage = made["data"]["storage"]
    for key, why in (("none", "no storage none"), (storage["_id"], "the files of shelf")):
        with pytest.raises(Exception, match=why):
            sdk.file_explorer("b", key, {})
        with pytest.raises(Exception, match=why):
            sdk.list_storage_files(key, "b")
    sdk.delete_storage(storage["_id"])
    for stage, why in (("w", "no stage w"), ("Label", "Label is no Webhook stage")):
        with pytest.raises(Exception, match=why):
            sdk.rerun_webhook(fresh, stage)
    hook = {"id": "w", "type": "Webhook", "name": "Hook", "next": [None]}
    sdk.update_workflow_stages(fresh, [*make_stages(), hook])
    sdk.requeue_tasks(fresh, "w", {"externalIds": ["a"]})
    assert sdk.rerun_webhook(fresh, "w")["data"]["tasks"] == 1
    assert sdk._plugin_log({"level": "INFO", "msg": "x", "session": "s"})["data"]
    assert sdk._plugin_response({"session": "s", "response": "y"})["data"]


def test_refusals(sdk, hub):
    for headers in ({}, {"apikey": "wrong"}):
        answer = hub.ask("GET", f"/v2/project/{PROJECT}", headers=headers)
        assert answer.status_code == 401 and answer.json()["status"] == "fail"
    missing = hub.ask("GET", "/v2/not/there")
    assert missing.status_code == 404
    assert missing.json()["message"] == "Not implemented by local hub: GET /v2/not/there"
    broken = hub.ask("POST", "/v2/import/labels", data=b"{")
    assert broken.status_code == 400 and "not JSON" in broken.json()["message"]
    nan = f'{{"project": "{PROJECT}", "jsonContent": [{{"externalId": "q", "objects": [NaN]}}]}}'
    assert hub.ask("POST", "/v2/import/labels", data=nan.encode()).status_code == 200
