"""Every endpoint of a real hub, asked at random by Schemathesis: `make fuzz`.

Whatever comes, the hub answers with JSON in its envelope, never with a failure of its own, and goes
on: afterwards it still gives its projects, and its database is sound.
"""

import os
import sqlite3

import pytest
import schemathesis
from conftest import DATA
from fuzz.openapi import document, operations
from hub_helpers import HubProcess, run_core
from hypothesis import HealthCheck, given, settings

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    data = tmp_path_factory.mktemp("hub")
    around = ["--project", DATA / "project.json", "--tasks", DATA / "export.zip"]
    assert run_core("project", "add", "--name", "Street", *around, "--data", data).returncode == 0
    process = HubProcess(data).start()
    yield process
    process.end()


@pytest.fixture(scope="module")
def api(hub):
    tasks = hub.ask("GET", f"/v2/project/{hub.projects[0]['_id']}/tasks").json()["data"]["tasks"]
    project = hub.projects[0]["_id"]
    ids = {
        "project": [project],
        "projectId": [project],
        "task": [task["_id"] for task in tasks[:3]],
        "labelTask": [tasks[0]["_id"]],
        "tasks": [[tasks[0]["_id"]], []],
        "answer": [{"tools": [], "classifications": []}],
    }
    return schemathesis.openapi.from_dict(document(ids))


@pytest.mark.parametrize(("method", "path"), operations())
def test_every_endpoint(api, hub, method, path):
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(api[path][method].as_strategy())
    def check(case):
        answer = case.call(base_url=hub.url, headers={"apikey": hub.key}, timeout=30)
        assert answer.status_code < 500, answer.text[:500]
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            assert isinstance(answer.json(), dict)

    check()


def test_the_hub_is_sound_afterwards(hub):
    assert hub.process.poll() is None
    assert hub.ask("GET", "/v2/listProjects").status_code == 200
    with sqlite3.connect(hub.data / "switchyard.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert "Traceback" not in (hub.data / "hub.err").read_text(encoding="utf-8")
