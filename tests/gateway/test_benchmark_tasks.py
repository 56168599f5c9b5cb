"""Benchmark tasks of a hub: read through the gateway, kept as a file by the command, judged."""

import json

import pytest
from benchmark_world import answer, known
from conftest import DATA
from gateway.local_hub import ran, started

from core.export.benchmark import of_hub, read_benchmark
from core.sampling.benchmark import compare_answers, judge


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A hub with a project of six marked tasks, eight answers to them and one task of the work."""
    answers = [answer(who, n, "missed" if who == "b@x" else "right", type="benchmark")
               for who in ("a@x", "b@x") for n in range(4)]  # fmt: skip
    usual = {**answer("c@x", 9), "asset": "a9"}
    data = tmp_path_factory.mktemp("hub")
    tasks = data / "tasks.json"
    tasks.write_text(json.dumps([*(known(n) for n in range(6)), *answers, usual]))
    added = ran("project", "add", "--name", "Gold", "--tasks", tasks, "--data", data, "--json")
    none = ran("project", "add", "--name", "None", "--data", data, "--json")
    with started(data) as hub:
        hub.project, hub.empty = (json.loads(one.stdout)["_id"] for one in (added, none))
        yield hub


@pytest.fixture
def gateway(local):
    yield local.gateway()
    local.admin("DELETE", "faults")


def test_benchmark_tasks_are_read_with_their_known_answers(local, gateway):
    tasks = gateway.read_benchmark_tasks(gateway.read_project(local.project))
    assert len(tasks) == 14
    judged = judge(compare_answers(read_benchmark(of_hub("hub", tasks), [])))
    assert len(judged.wrong) == 8 and judged.wrong.sum() == 4
    assert gateway.read_benchmark_tasks(gateway.read_project(local.empty)) == ()


def test_benchmark_answers_are_not_of_the_work(local, gateway, tmp_path):
    project = gateway.read_project(local.project)
    by_export = gateway.read_tasks(project, tmp_path)
    local.fault("GET /v2/export", "status", status=403)
    by_pages = gateway.read_tasks(project, tmp_path)
    assert (by_export.way, by_pages.way) == ("export", "pages")
    for read in (by_export, by_pages):
        assert sorted(read.table.ids.to_pylist()) == ["c@x-9", *(f"known-{n}" for n in range(6))]


def test_the_command_writes_them_and_quality_takes_them(local, tmp_path):
    file, asked = tmp_path / "b.json", ("benchmark", "--data", local.data, "--json", "--out")
    done = ran(*asked, file, "--id", local.project)
    assert json.loads(done.stdout) == {"file": str(file), "known": 6, "answers": 8}, done.stderr
    files = ("--tasks", file, "--project", DATA / "project.json", "--benchmark", file)
    document = json.loads(ran("quality", *files, "--by", "batch", "--json").stdout)
    assert (document["reviewed"], document["wrong"]) == (8, 4)
    again = ran(*asked, file, "--id", local.project)
    assert again.returncode == 2 and "is there already" in again.stderr
    none = ran(*asked, tmp_path / "none.json", "--id", local.empty)
    assert none.returncode == 2 and "without benchmark tasks" in none.stderr
