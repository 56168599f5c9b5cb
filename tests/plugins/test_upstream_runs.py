"""Runs of a project that lives on another hub: forwarded for real, kept here in a dry run."""

import json

import pytest
from hub_helpers import PROJECT

from core.errors import InputError


@pytest.fixture(scope="module")
def near(make_bench, bench):
    return make_bench(bench.hub)


@pytest.fixture(scope="module")
def plugin(near, until):
    made = near.plugin()
    until(lambda: near.is_live(made), 30)
    return made


def answers(bench):
    path = f"/v2/project/{PROJECT}/tasks?limit=1000&includeAnswer=true"
    tasks = bench.hub.ask("GET", path).json()["data"]["tasks"]
    return {task["_id"]: task["answer"]["tools"] for task in tasks}


@pytest.fixture
def foreign(bench):
    """A task of another project there, which the key of a run must not open."""
    sdk = bench.hub.sdk()
    project = sdk.create_project("Foreign")["data"]["project"]["_id"]
    sdk.upload_files_cloud(project, [{"data": "d", "externalId": "e"}])
    return sdk.get_tasks(project)["data"]["tasks"][0]["_id"]


def test_a_dry_run_reads_there_and_writes_nowhere(near, bench, plugin, foreign):
    before = answers(bench)
    run = near.run(plugin, {"do": "look", "other": "elsewhere"}, dry_run=True)
    found = json.loads(run.message)
    assert found["assets"] == [100, 400] and found["tasks"] == [100, 400]
    assert found["import"] == "2 / 2 tasks are labeled." and found["point"] == [2, 2]
    assert found["after"] == found["before"] + 1
    assert "dry run" in found["requeue"] and "dry run" in found["create"]
    assert "own project" in found["other project"]
    assert answers(bench) == before and run.keeps_labels

    applied = near.labels.apply(run.session)
    assert applied.state == "queued"
    applied = near.ended(applied.session)
    assert (applied.state, applied.requested, applied.labelled) == ("succeeded", 1, 1)
    after = answers(bench)
    (task,) = [task for task in after if after[task] != before[task]]
    assert task == near.labels.kept(run.session)[0].task
    assert after[task][-1]["point"] == [2, 2]


def test_a_run_for_real_is_counted_by_what_the_other_hub_says(near, bench, plugin):
    before = answers(bench)
    run = near.run(plugin, {})
    n = run.labelled
    assert run.state == "succeeded" and run.message == f"{n} / {n} tasks are labeled."
    assert run.requested == n >= 10 and run.per_class[near.schema] >= 10
    changed = [task for task, tools in answers(bench).items() if tools != before[task]]
    assert len(changed) >= 10 and run.tasks <= n


def test_a_canary_narrows_what_is_listed_there(near, plugin):
    run = near.run(plugin, {"do": "look", "other": "x"}, limit=3, dry_run=True)
    found = json.loads(run.message)
    assert found["assets"] == [3, 3] and found["tasks"] == [3, 3] and run.assets == 3


def test_the_key_opens_no_task_of_another_project_there(near, plugin, foreign):
    run = near.run(plugin, {"do": "open_task", "task": foreign})
    assert run.state == "failed" and "own project" in run.reason


def test_without_the_users_key_the_reason_says_so(near, plugin, bench):
    dry = near.run(plugin, {}, dry_run=True)
    near.hub.admin("DELETE", "upstream-key")
    run = near.run(plugin, {})
    applied = near.ended(near.labels.apply(dry.session).session)
    near.hub.admin("POST", "upstream-key", {"key": bench.hub.key})
    for one in (run, applied):
        assert one.state == "failed" and "Enter the Ango Hub key again" in one.reason
    again = near.ended(near.labels.apply(dry.session).session)
    assert again.state == "succeeded" and again.labelled > 0
    with pytest.raises(InputError, match="Ango Hub"):
        near.runs.retry(run.session)
