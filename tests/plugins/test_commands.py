"""`plugin add` and `run` on the command line: what is refused, and with which words."""

import json
import subprocess
from dataclasses import replace

import pytest
from conftest import DATA
from hypothesis import given
from hypothesis import strategies as st

from core.ango_json.text import loads
from core.cli.main import main
from core.plugin_runs.class_lists import read_class_list, write_class_list
from core.plugin_runs.last_look import last_look
from core.plugin_runs.model import Pair, RunRequest, as_pairs
from core.plugin_runs.preflight import is_blocked, preflight
from core.secret import Secret
from core.store.hub import find_project, open_hub
from core.store.plugins import Registry
from core.store.run_around import around


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
    words = ["--project", DATA / "project.json", "--tasks", DATA / "six.json"]
    added = core("project", "add", "--name", "S", *words)
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
        (["--config", '{"a" 1}'], "Line 1, column 6"),
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


ODD = ["building, edifice", '"quoted"', "[unlabelled]", "ü", "null", "-1"]


@pytest.mark.parametrize(
    "text", ["\n".join(ODD), "\r\n".join(ODD), "\ufeff" + "\n\n".join(ODD), json.dumps(ODD)]
)
def test_names_with_commas_come_by_option_or_file(core, tmp_path, text):
    (tmp_path / "names").write_text(text, encoding="utf-8", newline="")
    options = [word for name in ODD for word in (f"--class={name}",)]
    for words in (["--classes-file", tmp_path / "names"], options):
        made = json.loads(core("plugin", "add", "--name", "D", *words).stdout)["id"]
        assert json.loads(core("plugin", "show", made).stdout)["classes"] == ODD
    words = ["--classes", "A, B", "--class", "C, D", "--classes-file", tmp_path / "names"]
    made = json.loads(core("plugin", "add", "--name", "D", *words).stdout)["id"]
    assert json.loads(core("plugin", "show", made).stdout)["classes"] == ["A", "B", "C, D", *ODD]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["a", 1]', "entry 2"),
        ('["a" "b"]', "line 1, column 6"),
        ('["a",\n', "line 2"),
        ('["a", "a"]', "a stands there twice"),
        ('["\\ud83d"]', "half a character"),
        ("[1]", "entry 1"),
    ],
)
def test_a_list_of_names_that_cannot_be_used_is_refused_with_its_place(
    core, tmp_path, text, expected
):
    (tmp_path / "names").write_text(text)
    found = core("plugin", "add", "--name", "D", "--classes-file", tmp_path / "names")
    assert found.returncode == 2 and found.stdout == ""
    assert len(found.stderr.splitlines()) == 1 and expected in found.stderr


def test_a_plugin_is_listed_shown_edited_archived_and_gets_another_secret(core, tmp_path):
    (tmp_path / "c.json").write_text('{"a": 1.50}')
    (tmp_path / "s.json").write_text('{"type": "object"}')
    first = json.loads(core("plugin", "add", "--name", "One", "--classes", "A,B").stdout)
    second = json.loads(core("plugin", "add", "--name", "Two", "--class", "A, B").stdout)
    assert [one["name"] for one in json.loads(core("plugin", "list").stdout)] == ["One", "Two"]
    words = ["--name", "Uno", "--description", "D", "--config", tmp_path / "c.json"]
    words += ["--schema", tmp_path / "s.json", "--class", "C"]
    edited = json.loads(core("plugin", "edit", first["id"], *words).stdout)
    shown = core("plugin", "show", first["id"]).stdout
    assert json.loads(shown) == edited
    assert edited | {"id": first["id"], "name": "Uno", "classes": ["C"]} == edited
    assert edited | {"config": '{"a": 1.50}', "configSchema": '{"type": "object"}'} == edited
    kept = core("plugin", "edit", first["id"], "--description", "").stdout
    assert json.loads(kept) == edited | {"description": ""}
    registry = Registry(open_hub(f"sqlite:///{tmp_path / 'switchyard.db'}"), tmp_path)
    assert registry.knows(first["id"], Secret(first["secret"]))
    renewed = json.loads(core("plugin", "secret", first["id"]).stdout)
    assert set(renewed) == {"id", "secret"} and registry.knows(**_named(renewed))
    assert not registry.knows(first["id"], Secret(first["secret"]))
    archived = json.loads(core("plugin", "archive", second["id"]).stdout)
    assert archived["archivedAt"] is not None
    assert [one["name"] for one in json.loads(core("plugin", "list").stdout)] == ["Uno"]
    both = core("plugin", "list", "--archived")
    assert [one["name"] for one in json.loads(both.stdout)] == ["Uno", "Two"]
    assert (
        json.loads(core("plugin", "archive", second["id"], "--back").stdout)["archivedAt"] is None
    )
    said = shown + both.stdout + kept
    assert not any(one["secret"] in said for one in (first, second, renewed))


def _named(made):
    return {"plugin": made["id"], "secret": Secret(made["secret"])}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["show", "none"], "no plugin none"),
        (["secret", "none"], "no plugin none"),
        (["archive", "none"], "no plugin none"),
        (["edit", "none", "--name", "x"], "no plugin none"),
        (["edit", "PLUGIN"], "changes nothing"),
        (["edit", "PLUGIN", "--name", " "], "name"),
        (["edit", "PLUGIN", "--config", "BAD"], "line 1, column"),
        (["edit", "PLUGIN", "--schema", "BAD"], "line 1, column"),
        (["edit", "PLUGIN", "--classes-file", "/none"], "/none"),
        (["map", "--project", "PROJECT"], "--plugin"),
        (["map", "--plugin", "PLUGIN", "--class", "a", "--project", "PROJECT"], "--plugin"),
        (["map", "--plugin", "none", "--project", "PROJECT"], "no plugin none"),
        (["map", "--class", "a", "--project", "none"], "neither a file nor a project"),
        (["map", "--class", "a", "--project", "x" * 400], "neither a file nor a project"),
        (["map", "--class", "a", "--project", "BAD"], "line 1"),
        (["map", "--class", "a", "--project", "STAGES"], "no category schema"),
    ],
)
def test_what_a_plugin_command_cannot_do_is_one_line(core, project, tmp_path, words, expected):
    (tmp_path / "BAD").write_text('{"a" 1}')
    (tmp_path / "STAGES").write_text('{"stages": []}')
    plugin = json.loads(core("plugin", "add", "--name", "D", "--classes", "Car").stdout)["id"]
    given = {"PLUGIN": plugin, "PROJECT": project}
    given |= {name: tmp_path / name for name in ("BAD", "STAGES")}
    before = core("plugin", "list").stdout
    found = core("plugin", *(given.get(word, word) for word in words))
    assert found.returncode == 2 and found.stdout == ""
    assert len(found.stderr.splitlines()) == 1 and expected in found.stderr
    assert core("plugin", "list").stdout == before


def test_classes_are_mapped_to_a_project_of_a_file_or_of_the_hub(core, project, tmp_path):
    plugin = json.loads(core("plugin", "add", "--name", "D", "--classes", "vehicles,qq").stdout)[
        "id"
    ]
    (tmp_path / "names").write_text("vehicles\nqq")
    answers = [
        core("plugin", "map", *whose, "--project", where).stdout
        for whose in (["--plugin", plugin], ["--classes-file", tmp_path / "names"],
                      ["--class", "vehicles", "--class", "qq"])
        for where in (project, DATA / "project.json")
    ]  # fmt: skip
    assert len(set(answers)) == 1
    cars, unknown = json.loads(answers[0])
    assert set(cars) == {"modelClass", "schemaId", "title", "score", "reason", "taken"}
    assert cars["title"] == "Vehicle" and cars["taken"] is True and 0 < cars["score"] <= 100
    nothing = {"schemaId": None, "title": None, "score": 0, "reason": "none", "taken": False}
    assert unknown == {"modelClass": "qq"} | nothing


def test_a_start_is_judged_as_on_the_page(core, project, tmp_path):
    """What keeps the page from starting keeps the command from it, in the same words."""
    made = core("plugin", "add", "--name", "D", "--classes", "Car", "--schema", _file(
        tmp_path / "schema", '{"properties": {"a": {"type": "integer"}}}'))  # fmt: skip
    plugin = json.loads(made.stdout)["id"]
    empty = core("project", "add", "--name", "E", "--project", DATA / "project.json", "--new-id")
    store = open_hub(f"sqlite:///{tmp_path / 'switchyard.db'}")
    registry = Registry(store, tmp_path)
    with store.read() as tx:
        schema = loads(find_project(tx, project).document)["categorySchema"]
    car = schema["tools"][0]["schemaId"]
    gone = Pair("gone", "Car")
    twice = (Pair(car, "Car"), Pair(car, "Car"))
    requests = [
        RunRequest(plugin, project, mapping=(gone,)),
        RunRequest(plugin, project, mapping=twice),
        RunRequest(plugin, project, config='{"a": "x"}'),
        RunRequest(plugin, project, config='{"a": '),
        RunRequest(plugin, json.loads(empty.stdout)["_id"]),
    ]
    for request in requests:
        findings = preflight(request, around(store, registry, request))
        assert is_blocked(findings)
        words = ["--plugin", plugin, "--project", request.project]
        words += ["--config", _file(tmp_path / "config", request.config)]
        words += ["--map", _file(tmp_path / "map", json.dumps(as_pairs(request.mapping)))]
        found = core("run", "start", *words)
        assert found.returncode == 2 and found.stdout == ""
        assert f"{findings[0].message} {findings[0].hint}".strip() in found.stderr
        assert json.loads(core("run", "list").stdout) == []
    good = RunRequest(plugin, project, mapping=(Pair(car, "Car"),))
    assert not is_blocked(preflight(good, around(store, registry, good)))
    words = ["--map", _file(tmp_path / "map", json.dumps(as_pairs(good.mapping)))]
    facts = around(store, registry, good)
    assert facts.elsewhere == facts.assets and not facts.with_images
    look = last_look(good, facts, preflight(good, facts))
    most = facts.assets or 0
    for limit, wanted in ((most, f"the first {most} assets"), (most + 1, f"{most} assets, all")):
        tried = replace(good, limit=limit)
        sentence = last_look(tried, around(store, registry, tried), ()).lines[2][1]
        assert wanted in sentence, (limit, sentence)
    started = core("run", "start", "--plugin", plugin, "--project", project, *words)
    assert started.returncode == 0
    for heading, sentence in look.lines:
        assert f"{heading}: {sentence}" in started.stderr
    for doubt in look.doubts:
        assert doubt.message in started.stderr


def _file(path, text):
    path.write_text(text)
    return path


@given(st.lists(st.text(max_size=8).map(str.strip).filter(bool), max_size=5))
def test_every_list_of_names_has_a_text_that_is_read_as_it(names):
    assert read_class_list(write_class_list(names)) == tuple(names)
