"""One hub upstream of another: calls of a project that lives there go there, under its key."""

import pytest
from hub_helpers import PROJECT


@pytest.fixture(scope="module")
def far(make_hub):
    return make_hub()


@pytest.fixture(scope="module")
def near(make_hub, far):
    return make_hub("--upstream", far.url, sample=False)


def test_calls_go_upstream_under_the_users_key(far, near):
    near.admin("POST", "projects", {"_id": PROJECT, "name": "Far streets"})
    refused = near.ask("GET", f"/v2/project/{PROJECT}")
    assert refused.status_code == 401 and "again" in refused.json()["message"]
    near.admin("POST", "upstream-key", {"key": far.key})
    assert near.admin("GET", "status")["upstream"] == {"host": far.url, "hasKey": True}

    sdk = near.sdk()
    assert sdk.get_project(PROJECT)["data"]["project"]["name"] == "Streets"
    (task, *_) = sdk.get_tasks(PROJECT)["data"]["tasks"]
    assert sdk.get_task(task["_id"])["data"]["task"]["_id"] == task["_id"]
    assert sdk.get_task_history(task_id=task["_id"])["data"]["taskHistory"]
    tool = sdk.get_project(PROJECT)["data"]["project"]["categorySchema"]["tools"][0]["schemaId"]
    label = {"externalId": task["externalId"], "objects": [{"schemaId": tool, "objectId": "new"}]}
    assert "0 /" not in sdk.import_labels(PROJECT, [label])["data"]["project"]
    there = far.sdk().get_task(task["_id"])["data"]["task"]["answer"]["tools"]
    assert any(one["objectId"] == "new" for one in there)
    assert len(sdk.export(PROJECT)) > 0
    sdk.create_batch(PROJECT, "from afar")
    assert any(b["name"] == "from afar" for b in far.sdk().get_batches(PROJECT))
    with pytest.raises(Exception, match=r"Not implemented by local hub: GET /v2/project/.*/odd"):
        sdk.make_request("GET", f"/v2/project/{PROJECT}/odd")


def test_logs_of_plugins_stay_here(far, near):
    near.sdk()._plugin_log({"session": "near", "msg": "hello", "project": PROJECT})
    assert near.logs("near")[0]["message"] == "hello" and far.logs("near") == []


def test_what_is_sandbox_stays_here(far, near):
    made = near.sdk().create_project("Mine")["data"]["project"]["_id"]
    assert near.sdk().get_project(made)["data"]["project"]["name"] == "Mine"
    assert far.ask("GET", f"/v2/project/{made}").status_code == 404


def test_upstream_errors_come_through_and_no_key_is_kept(far, near):
    near.admin("POST", "upstream-key", {"key": far.key})
    far.admin("POST", "faults", {"pattern": "*", "kind": "status", "status": 429, "retryAfter": 3})
    answer = near.ask("GET", f"/v2/project/{PROJECT}")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    far.admin("POST", "faults", {"pattern": "*", "kind": "cut"})
    cut = near.ask("GET", f"/v2/project/{PROJECT}")
    assert cut.status_code == 502 and far.key not in cut.text
    far.admin("DELETE", "faults")
    kept = b"".join(p.read_bytes() for p in near.data.rglob("*") if p.is_file())
    assert far.key.encode() not in kept
    near.end()
    near.start()
    again = near.ask("GET", f"/v2/project/{PROJECT}")
    assert again.status_code == 401 and "again" in again.json()["message"]
    assert near.ask("GET", "/v2/listProjects").json()["data"]["total"] >= 1


def test_without_an_upstream_a_sentence(make_hub):
    hub = make_hub(sample=False)
    hub.admin("POST", "projects", {"_id": PROJECT, "name": "Far"})
    answer = hub.ask("GET", f"/v2/project/{PROJECT}")
    assert answer.status_code == 502 and "--upstream" in answer.json()["message"]
