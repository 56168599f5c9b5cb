"""`hub` and `project add` on the command line: one line when ready, one line when refused."""

import json
import signal

import pytest
from conftest import DATA
from hub_helpers import PROJECT

from core.hub.lock import running_hub


@pytest.fixture(scope="module")
def other(make_hub):
    return make_hub(sample=False)


def test_ready_line_second_hub_and_port_in_use(make_hub, core, tmp_path):
    hub = make_hub()
    assert set(hub.said) == {"url", "apiKey", "projects"}
    assert hub.projects == [{"_id": PROJECT, "name": "Streets"}]
    assert running_hub(hub.data) == hub.url
    second = core("hub", "--port", 0, "--data", hub.data, "--json")
    assert second.returncode == 2 and second.stdout == ""
    assert len(second.stderr.splitlines()) == 1 and "already" in second.stderr
    taken = core("hub", "--port", hub.port, "--data", tmp_path / "other")
    assert taken.returncode == 2 and "is in use" in taken.stderr
    assert len(taken.stderr.splitlines()) == 1
    key = hub.key
    assert hub.end(signal.SIGTERM) == 0
    assert running_hub(hub.data) is None
    assert hub.process.stdout.closed and hub.start().key == key


@pytest.mark.parametrize("url", ["ftp://x", "x", "http://u:p@x", "http://x/path", "http://x?y"])
def test_an_upstream_that_is_no_host(here, tmp_path, url):
    found = here("hub", "--upstream", url, "--data", tmp_path, "--port", 0)
    assert found.returncode == 2 and len(found.stderr.splitlines()) == 1


def test_adding_while_the_hub_runs_and_ids_that_are_taken(make_hub, core, here):
    hub = make_hub(sample=False)
    words = ["project", "add", "--name", "S", "--data", hub.data, "--json"]
    files = ["--project", DATA / "project.json", "--tasks", DATA / "export.zip"]
    assert json.loads(core(*words, *files).stdout) == {"_id": PROJECT}
    assert hub.sdk().get_tasks(PROJECT)["data"]["total"] == 400
    again = here(*words, *files)
    assert again.returncode == 2 and "--new-id" in again.stderr and again.stdout == ""
    copy = json.loads(here(*words, *files, "--new-id").stdout)["_id"]
    assert copy != PROJECT and hub.sdk().get_tasks(copy)["data"]["total"] == 400
    empty = json.loads(here(*words).stdout)["_id"]
    assert hub.sdk().get_project(empty)["data"]["project"]["stages"][0]["id"] == "Start"


def test_the_project_comes_back_as_it_was(other, here, tmp_path):
    given = tmp_path / "project.json"
    stage = '{"id": "S", "type": "Odd", "n": 1.50, "m": null}'
    given.write_text(f'{{"_id": "p1", "stages": [{stage}], "x": {{"y": [1e5]}}}}')
    here("project", "add", "--name", "Odd", "--project", given, "--data", other.data)
    sent = other.ask("GET", "/v2/project/p1").text
    assert '"n": 1.50, "m": null' in sent and '{"y": [1e5]}' in sent


@pytest.mark.parametrize("form", ["pages", "lines", "bare"])
def test_other_forms_of_task_files(hub, other, here, tmp_path, form):
    pages = hub.ask("GET", f"/v2/project/{PROJECT}/tasks?limit=50&includeAnswer=true").json()
    tasks = pages["data"]["tasks"]
    file = tmp_path / "tasks.json"
    if form == "lines":
        file.write_text("\n".join(json.dumps(task) for task in tasks))
    else:
        file.write_text(json.dumps(pages if form == "pages" else tasks))
    words = ["--name", "T", "--tasks", file, "--data", other.data, "--json"]
    added = here("project", "add", *words, "--new-id")
    project = json.loads(added.stdout)["_id"]
    sdk = other.sdk()
    found = sdk.get_tasks(project, limit=50, include_answer=True)["data"]["tasks"]
    assert len({t["_id"] for t in found}) == len(tasks)
    assert [t["answer"] for t in found] == [t["answer"] for t in tasks]
    assert sdk.get_project(project)["data"]["project"]["categorySchema"]["tools"]


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"task": }]', "PK\3\4", '"x"'])
def test_files_that_cannot_be_used_leave_nothing_behind(here, tmp_path, content):
    file = tmp_path / "tasks.json"
    file.write_text(content)
    words = ["project", "add", "--name", "N", "--data", tmp_path / "data"]
    found = here(*words, "--project", DATA / "project.json", "--tasks", file)
    assert found.returncode == 2 and len(found.stderr.splitlines()) == 1, found.stderr
    assert here(*words, "--project", DATA / "project.json").returncode == 0
