"""A real plugin of the SDK as a process: connects, proves itself, logs, imports, answers."""

import subprocess
import sys

import pytest
from conftest import HERE
from hub_helpers import PROJECT

from core.settings import read_settings
from core.store.hub import open_hub


@pytest.fixture(scope="module")
def make_plugin(hub):
    store = open_hub(read_settings({"SWITCHYARD_DATA": str(hub.data)}).database)
    store.add_plugin("detector", "right", "Detector")
    running = []

    def make(secret):
        words = [HERE / "hub" / "plugin_script.py", hub.url, "detector", secret]
        environment = {"NO_PROXY": "127.0.0.1,localhost", "PATH": "/usr/bin:/bin"}
        process = subprocess.Popen(
            [sys.executable, *map(str, words)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        running.append(process)
        return process

    yield make
    for process in running:
        process.kill()
        process.wait(10)


def connected(hub, **wanted):
    return [
        one
        for one in hub.admin("GET", "status")["plugins"]
        if all(one[name] == value for name, value in wanted.items())
    ]


def start(hub, **more):
    project = hub.sdk().get_project(PROJECT)["data"]["project"]
    point = project["categorySchema"]["tools"][0]["schemaId"]
    payload = {
        "projectId": PROJECT,
        "categorySchema": [{"schemaId": point, "modelClass": "Car"}],
        "configJSON": "{}",
        "apiKey": hub.key,
        "orgId": "o",
        "runBy": "ada@example.com",
        "batches": ["b1"],
        **more,
    }
    return hub.admin("POST", "sessions", {"plugin": "detector", "payload": payload})["session"]


def test_a_plugin_runs_end_to_end_and_is_heard_in_order(hub, make_plugin, until):
    process = make_plugin("right")
    until(lambda: connected(hub, id="detector", authorised=True))
    session = start(hub)
    done = until(lambda: (s := hub.admin("GET", f"sessions/{session}"))["answered_at"] and s)
    assert done["response"] == {"response": "5 / 5 tasks are labeled.", "session": session}
    until(lambda: hub.admin("GET", f"sessions/{session}")["acknowledged_at"])
    lines = hub.logs(session)
    messages = [line["message"] for line in lines]
    assert messages[0] == "Starting with ['b1']"
    assert messages[1:301] == [f"line {number}" for number in range(300)]
    assert lines[-1]["extra"]["count"] == 5 and "apiKey" not in lines[-1]["extra"]
    assert {line["plugin"] for line in lines} == {"detector"}

    failing = start(hub, configJSON="fail")
    done = until(lambda: (s := hub.admin("GET", f"sessions/{failing}"))["answered_at"] and s)
    assert done["response"]["error"] is True
    assert "Plugin callback failed: as asked" in hub.logs(failing)[-1]["message"]
    assert process.poll() is None
    process.kill()
    until(lambda: not connected(hub, id="detector"))


def test_a_wrong_secret_is_kept_marked_and_never_used(hub, make_plugin, until):
    process = make_plugin("wrong")
    until(lambda: connected(hub, refused=True))
    answer = hub.ask("POST", "/_hub/sessions", json={"plugin": "detector", "payload": {}})
    assert answer.status_code == 409
    import time

    time.sleep(2.5)
    assert process.poll() is None and len(connected(hub, refused=True)) == 1
    secrets = [b"right", b"wrong"]
    stored = (hub.data / "hub.err").read_bytes()
    assert not any(secret in stored for secret in secrets)


def test_a_foreign_page_may_not_connect(hub):
    url = "/socket.io/?transport=polling&EIO=4"
    foreign = hub.ask("GET", url, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code in (400, 403)
    assert hub.ask("GET", url, headers={"Origin": hub.url}).status_code == 200


def test_a_plugin_over_rest_logs_and_answers(hub):
    body = {"level": "ERROR", "msg": "no", "session": "rest", "pluginId": "detector", "n": 1}
    answer = hub.ask("POST", "/v2/pluginLog", json=body)
    assert answer.json()["data"] == {"response": {"logged": True}}
    assert hub.logs("rest")[0]["extra"] == {"n": 1}
    other = {"level": "info", "message": "public page's spelling", "pluginId": "detector"}
    assert hub.ask("POST", "/v2/pluginLog", json=other).status_code == 200
