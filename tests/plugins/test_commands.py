"""`plugin add` and `run` on the command line: what is refused, and with which words."""

import json
import subprocess

import pytest
from conftest import DATA

from core.cli import main


@pytest.fixture
def core(capsys, tmp_path):
    def run(*words):
        capsys.readouterr()
        code = main([*map(str, words), "--data", str(tmp_path), "--json"])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, said.out, said.err)

    return run


@pytest.fixture
def project(core):
    added = core("project", "add", "--name", "S", "--project", DATA / "project.json")
    return json.loads(added.stdout)["_id"]


def test_adding_a_plugin(core, tmp_path):
    config = tmp_path / "c.json"
    config.write_text('{"a": 1.0}')
    words = ["plugin", "add", "--name", "D", "--classes", "Vehicle, Person"]
    said = json.loads(core(*words, "--config", config).stdout)
    assert set(said) == {"id", "secret"} and len(said["secret"]) >= 32
    stored = (tmp_path / "switchyard.db").read_bytes()
    assert said["secret"].encode() not in stored
    assert (tmp_path / "plugins.key").stat().st_mode & 0o777 == 0o600
    rest = core(*words, "--connector", "rest", "--url", "http://127.0.0.1:8080/")
    assert json.loads(rest.stdout)["id"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--name", " "], "name"),
        (["--name", "D", "--classes", "A,B,A"], "twice"),
        (["--name", "D", "--connector", "rest"], "http://host:port"),
        (["--name", "D", "--connector", "rest", "--url", "host:80"], "http://host:port"),
        (["--name", "D", "--config", "CONFIG"], "line 2, column 2"),
        (["--name", "D", "--config", "/none.json"], "none.json"),
    ],
)
def test_a_plugin_that_cannot_be_added(core, tmp_path, words, expected):
    (tmp_path / "config").write_text('{"a":\n x}')
    words = [tmp_path / "config" if word == "CONFIG" else word for word in words]
    found = core("plugin", "add", *words)
    assert found.returncode == 2 and found.stdout == ""
    assert len(found.stderr.splitlines()) == 1 and expected in found.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--plugin", "none"], "no plugin none"),
        (["--project", "none"], "no project none"),
        (["--batch", "none"], "no batch none"),
        (["--map", "{}"], "not a list"),
        (["--map", '[{"schemaId": 1}]'], "entry 1"),
        (["--map", "[{]"], "line 1"),
        (["--config", '{"a" 1}'], "line 1, column 6"),
        (["--deadline", "0"], "deadline"),
        (["--first", "0"], "--first"),
    ],
)
def test_a_run_that_cannot_be_started(core, project, tmp_path, words, expected):
    plugin = json.loads(core("plugin", "add", "--name", "D").stdout)["id"]
    given = {"--plugin": plugin, "--project": project}
    if words[0] in ("--map", "--config"):
        (tmp_path / "file").write_text(words[1])
        words = [words[0], tmp_path / "file"]
    given |= {words[0]: words[1]}
    found = core("run", "start", *(word for pair in given.items() for word in pair))
    assert found.returncode == 2 and found.stdout == "", found.stdout
    assert expected in found.stderr.splitlines()[-1]
    assert json.loads(core("run", "list").stdout) == []


def test_a_run_without_a_hub_waits_in_the_queue(core, project):
    plugin = json.loads(core("plugin", "add", "--name", "D", "--classes", "Car").stdout)["id"]
    found = core("run", "start", "--plugin", plugin, "--project", project, "--wait", "0.3")
    said = json.loads(found.stdout)
    assert found.returncode == 1 and said["state"] == "queued" and "hub" in found.stderr
    cancelled = core("run", "cancel", said["session"])
    assert json.loads(cancelled.stdout)["state"] == "cancelled"
    for words in (["show"], ["cancel"], ["apply"]):
        assert core("run", *words, "none").returncode == 2
    assert "no dry run" in core("run", "apply", said["session"]).stderr
