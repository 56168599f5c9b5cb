"""Probes: what a model finds, seen class by class, and nowhere but where it is asked for."""

import json
import re
import subprocess
from dataclasses import replace

import pytest
from conftest import HERE
from hub_helpers import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from imerit_ango.models.export_options import ExportOptions

from core.access.acting import Actor, acting_as
from core.access.roles import Role
from core.after_run import after_run
from core.ango_json.project import read_project
from core.ango_json.text import dumps, loads
from core.cli.main import main
from core.errors import Forbidden, InputError
from core.gallery.of_run import scenes
from core.model.names import names_of
from core.plugin_runs.compare import asked_differently
from core.plugin_runs.draft import start_of
from core.plugin_runs.model import Pair, Plugin, RunRequest
from core.plugin_runs.preflight import preflight
from core.plugin_runs.probe import minted, probe_request, renewed, schema_ids
from core.plugin_runs.request import preview
from core.recently import recently
from core.store.drafts import Drafts
from core.store.hub import UPSTREAM, find_project, insert_project
from core.store.run_around import around
from core.store.tables.runs import runs as runs_table

CLASSES = ["Car", "van", "tram", "kite"]
STRANGER = "0123456789abcdef01234567"


@pytest.fixture(scope="module")
def detector(bench, until):
    """A plugin in the vendor's style that knows classes that nobody would map."""
    made = bench.registry.add("Vendor's", CLASSES)
    bench.launch(made.plugin.id, made.secret, script=HERE / "plugins" / "vendor_detector.py")
    until(lambda: bench.is_live(made.plugin.id), 30)
    return made.plugin


@pytest.fixture(scope="module")
def project(bench):
    with bench.store.read() as tx:
        return read_project({"project": loads(find_project(tx, PROJECT).document)})


@pytest.fixture(scope="module")
def readable(bench):
    """What can be read of the project by the SDK, before any probe and afterwards."""
    return lambda: readable_of(bench)


def readable_of(bench):
    sdk = bench.hub.sdk()
    project = sdk.get_project(PROJECT)
    stages = [stage["name"] for stage in project["data"]["project"]["stages"]]
    tasks = sdk.get_tasks(PROJECT, limit=500, include_answer=True)["data"]
    texts = {
        "project": project,
        "export": sdk.export(PROJECT, ExportOptions(stage=stages)),
        "tasks": tasks,
        "assets": sdk.get_assets(PROJECT, limit=500),
        "pre-labelled": sdk.get_assets(PROJECT, limit=500, filters={"isPreLabeled": True}),
        "history": [
            sdk.get_task_history(task_id=task["_id"])["data"]["taskHistory"]
            for task in tasks["tasks"]
        ],
        "one by one": [sdk.get_task(task["_id"]) for task in tasks["tasks"]],
    }
    return {name: without_links(json.dumps(text, default=str)) for name, text in texts.items()}


def without_links(text):
    """Links to files are signed anew at each look."""
    return re.sub(r"(Expires|Signature|signature|expires|sig|until)=[^&\"]+", "", text)


@pytest.fixture(scope="module")
def world(bench, detector, project, readable):
    """A probe that has ended, and what could be read before it."""
    before = readable()
    config = json.dumps({"stranger": STRANGER})
    request = probe_request(detector, project, config=config, limit=41)
    run = bench.ended(bench.runs.start(request).session, 60)
    assert run.state == "succeeded", (run.reason, bench.said(run.session))
    return before, run


def ids_of(run):
    return {pair.schema_id: pair.model_class for pair in run.request.mapping}


@pytest.fixture
def core(capsys, bench):
    def run(*words):
        capsys.readouterr()
        code = main([*map(str, words), "--data", str(bench.data), "--json"])
        printed = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, printed.out, printed.err)

    return run


def test_every_class_is_seen_whatever_is_mapped(bench, world, project):
    _, run = world
    names, kept = ids_of(run), bench.labels.probed(run.session, 500)
    assert sorted(names.values()) == sorted(CLASSES)
    assert run.assets == 41 <= len(kept) == run.tasks
    many = run.labelled  # an external ID may name several tasks, which are labelled each
    per_class = dict.fromkeys(CLASSES, 0)
    shapes = set()
    for one in kept:
        for label in one.added["tools"]:
            per_class[names[label["schemaId"]]] += 1
            shapes |= label.keys() & {"bounding-box", "polygon", "point", "brush"}
            assert label["score"] == 0.5
    # each time one object per class, and two more of the first class by annotate
    assert per_class == dict.fromkeys(CLASSES, many) | {"Car": many + 2}
    assert shapes == {"bounding-box", "polygon", "point", "brush"}, "a class has no form of its own"
    links = [
        label["brush"]["brushDataUrl"]
        for one in kept
        for label in one.added["tools"]
        if "brush" in label
    ]
    assert len(set(links)) == 41 + 1
    answers = [label for one in kept for label in one.added["classifications"]]
    assert {names[one["schemaId"]] for one in answers} == {"Car"} and len(answers) == len(kept)
    assert run.per_class == per_class | {"Car": many + 2 + len(kept)}
    assert run.refused == {f"The probe has no class {STRANGER} among its tools.": 41}
    assert all(not any(one.removed.values()) for one in kept)
    said = json.loads(run.message)
    assert len(said["pieces"]) == 21 and run.requested == many
    own = [one.task for one in kept]
    assert [one.task for one in bench.labels.probed(run.session, 2, 1)] == own[1:3]
    some = [one.asset for one in kept[:2]]
    assert [one.asset for one in bench.labels.probed(run.session, only=some)] == some


def test_its_own_key_shows_nothing_of_it(world, project):
    _, run = world
    seen = json.loads(run.message)
    known = schema_ids(project)
    labels = [label for task in seen["tasks"] for label in task["answer"]["tools"]]
    assert labels and {label["schemaId"] for label in labels} <= known
    assert seen["before"] == seen["after"]
    assert [pair["schemaId"] for pair in seen["mapping"]] == CLASSES, "its words are kept without"


def test_nothing_of_it_is_visible_anywhere(bench, world, readable, core, project):
    before, run = world
    after = readable()
    assert after == before
    with_labels = ("project", "export", "tasks", "history")
    assert [name for name in with_labels if "schemaId" not in after[name]] == []
    lines = core("run", "show", run.session, "--logs")
    document = json.loads(lines.stdout)
    assert document["probe"] is True and document["dryRun"] is True
    assert document["categorySchema"] is None and len(document["lines"]) > 1
    assert any("Mapping: " in line["message"] for line in document["lines"])
    texts = {
        **after,
        "run show": lines.stdout + core("run", "show", run.session).stdout,
        "run list": core("run", "list").stdout,
        "recently": core("recently").stdout,
        "audit": core("audit", "list").stdout,
        "hub logs": json.dumps([bench.hub.logs(run.session), bench.hub.logs()]),
        "hub status": json.dumps(bench.hub.admin("GET", "status")),
        "kept": repr(bench.labels.kept(run.session, 500)),
        "payload": dumps(preview(run)),
        "news": repr(
            recently(bench.runs, Drafts(bench.store), bench.registry, "w", (), 0.0, PROJECT)
        ),
        "clone": repr(start_of(run.request, None)),
        "asked": repr(asked_differently(run, run, names_of(project))),
    }
    texts["gallery"] = repr(scenes(bench.store, bench.data, bench.labels.kept(run.session, 500)))
    for schema_id in ids_of(run):
        for where, text in texts.items():
            assert schema_id not in text, where
    assert texts["kept"] == "()" and texts["gallery"] == "()"
    assert bench.labels.collisions(run.session) == 0
    assert after_run(bench.store, run) is None
    assert core("run", "routes", run.session).returncode == 2
    assert not run.keeps_labels and run.holds_labels


def test_it_is_never_applied_and_asked_again_under_other_ids(bench, world, core, readable):
    before, run = world
    for _ in range(2):
        refused = core("run", "apply", run.session)
        assert refused.returncode == 2 and refused.stdout == ""
        assert len(refused.stderr.splitlines()) == 1 and "is a probe" in refused.stderr
    with pytest.raises(InputError, match="is a probe"):
        bench.labels.doubles(run.session)
    with pytest.raises(InputError, match="no labels in the project"):
        bench.labels.undo(run.session)
    again = bench.ended(bench.runs.again(run.session).session)
    assert again.state == "succeeded" and again.request.probe and again.parent == run.session
    assert ids_of(again).keys().isdisjoint(ids_of(run)) and again.per_class == run.per_class
    assert again.request.fingerprint == run.request.fingerprint
    assert {label["schemaId"] for one in bench.labels.probed(again.session, 500)
            for label in one.added["tools"]} == set(ids_of(again))  # fmt: skip
    discarded = core("run", "discard", again.session)
    assert json.loads(discarded.stdout)["discardedAt"]
    assert bench.labels.probed(again.session) == ()
    assert readable() == before


def test_what_got_no_label_is_probed_under_other_ids(bench, plugins, project):
    """The sample labels the assets of its first page, by their external IDs."""
    plugin = bench.registry.get(plugins["ws"])
    run = bench.ended(bench.runs.start(probe_request(plugin, project, config="{}")).session)
    left = bench.runs.without_labels(run.session)
    assert run.tasks and left
    rest = bench.ended(bench.runs.retry(run.session).session)
    assert rest.origin == "retry" and rest.request.probe and rest.assets == len(left)
    assert ids_of(rest).keys().isdisjoint(ids_of(run))
    assert bench.labels.kept(rest.session) == () != bench.labels.probed(rest.session)


def test_a_viewer_starts_none(bench, detector, project, world):
    request = probe_request(detector, project, config=json.dumps({"stranger": STRANGER}))
    before = len(bench.runs.list(limit=500))
    with acting_as(Actor("vera", Role.VIEWER, "password", has_account=True)):
        for start in (
            lambda: bench.runs.start(request),
            lambda: bench.runs.again(world[1].session),
        ):
            with pytest.raises(Forbidden):
                start()
    assert len(bench.runs.list(limit=500)) == before


def test_on_the_command_line(bench, detector, core, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"stranger": STRANGER}))
    words = ["--plugin", detector.id, "--project", PROJECT, "--config", config]
    done = core("run", "probe", *words, "--first", "4", "--wait", "60")
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and answer["state"] == "succeeded"
    assert [one["modelClass"] for one in answer["mapping"]] == list(detector.classes)
    assert list(answer) == ["session", "state", "mapping"]
    run = bench.runs.get(answer["session"])
    assert run.request.probe and run.assets == 4 and len(bench.labels.probed(run.session)) == 4
    config.write_text("{}")  # without what this plugin needs
    assert core("run", "probe", *words, "--wait", "60").returncode == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--plugin", "none"], "no plugin none"),
        (["--plugin", "BARE"], "no list of its model's classes"),
        (["--project", "none"], "no project none"),
        (["--project", "FAR"], "not on this machine"),
        (["--batch", "none"], "none"),
        (["--first", "0"], "--first"),
        (["--config", "BAD"], "Line 1, column 6"),
    ],
)
def test_what_cannot_be_probed_is_one_sentence(bench, detector, core, tmp_path, words, expected):
    bare = bench.registry.add("Bare", ()).plugin.id
    with bench.store.work() as tx:
        if find_project(tx, "far") is None:
            far = replace(find_project(tx, PROJECT), id="far", backend=UPSTREAM)
            insert_project(tx, far)
    (tmp_path / "bad.json").write_text('{"a" 1}')
    given = {"--plugin": detector.id, "--project": PROJECT, words[0]: words[1]}
    names = {"BARE": bare, "FAR": "far", "BAD": tmp_path / "bad.json"}
    before = len(bench.runs.list(limit=500))
    refused = core("run", "probe", *(names.get(w, w) for pair in given.items() for w in pair))
    assert refused.returncode == 2 and refused.stdout == "", refused
    assert expected in refused.stderr.splitlines()[-1]
    assert len(bench.runs.list(limit=500)) == before


def test_whoever_goes_past_the_command_is_refused_as_well(bench, detector, project, world):
    with pytest.raises(InputError, match="dry run"):
        RunRequest(detector.id, PROJECT, probe=True)
    far = replace(probe_request(detector, project), project="nowhere")
    with pytest.raises(InputError, match="not on this machine"):
        bench.runs.start(far)
    findings = preflight(far, around(bench.store, bench.registry, far))
    assert not any(one.subject == "mapping" for one in findings)


def test_what_an_earlier_version_kept_is_no_probe(bench, plugins):
    run = bench.runs.start(RunRequest(plugins["ws"], PROJECT, mapping=bench.mapping))
    bench.runs.cancel(run.session)
    row = runs_table.c.session == run.session
    with bench.store.work() as tx:
        request = loads(tx.execute(runs_table.select().where(row)).one().request)
        assert request.pop("probe") is False
        tx.execute(runs_table.update().where(row).values(request=dumps(request)))
    assert bench.runs.get(run.session).request == run.request
    assert bench.runs.get(run.session).as_dict()["probe"] is False


def test_settings_of_earlier_versions_keep_their_code():
    mapping = (Pair("s2", "b"), Pair("s1", "a"))
    request = RunRequest("p", "q", ("y", "x"), mapping, "{}")
    assert request.fingerprint == RunRequest("p", "q", ("x", "y"), mapping[::-1]).fingerprint
    assert request.fingerprint == "899d6dc14406f087"


@given(
    st.lists(st.text(max_size=3), max_size=12),
    st.sets(st.integers(0, 30)),
    st.randoms(use_true_random=False),
)
def test_ids_are_one_per_class_and_nobody_elses(classes, numbers, chance):
    """Of so few IDs many are drawn twice, or are taken."""
    taken = {f"{number:024x}" for number in numbers}
    pairs = minted(classes, taken, lambda: f"{chance.randrange(60):024x}")
    assert [pair.model_class for pair in pairs] == list(dict.fromkeys(classes))
    ids = [pair.schema_id for pair in pairs]
    assert len(set(ids)) == len(ids) and not taken & set(ids)


@given(st.lists(st.text(min_size=1), min_size=1, unique=True))
def test_ids_look_like_ango_hubs_and_are_never_the_same(classes):
    plugin = Plugin("p", "P", classes=tuple(classes))
    schema = read_project({"project": {"_id": "q", "categorySchema": {}}})
    first, second = probe_request(plugin, schema), probe_request(plugin, schema)
    ids = [pair.schema_id for pair in (*first.mapping, *second.mapping)]
    assert all(re.fullmatch("[0-9a-f]{24}", one) for one in ids) and len(set(ids)) == len(ids)
    assert first.fingerprint == second.fingerprint != renewed(first, ids).mapping
    assert first.fingerprint != RunRequest("p", "q", mapping=first.mapping).fingerprint
