"""What Home and the command `recently` say of the last day, from a real store."""

import json
from dataclasses import replace

import pytest
from hub_helpers import run_core

from core.plugin_runs.model import Liveness, Run, RunRequest
from core.plugin_runs.state import Event
from core.recently import DAY_SECONDS, concerns, recently
from core.store.drafts import Drafts
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.runs import Runs, find, record


@pytest.fixture
def store(database_url):
    return open_hub(database_url)


@pytest.fixture
def registry(store, tmp_path):
    return Registry(store, tmp_path)


def test_runs_and_drafts_come_newest_first_and_what_is_older_is_left_out(store, registry):
    runs, drafts = Runs(store), Drafts(store)
    plugin = registry.add("Detector", ["Car"]).plugin.id
    run = runs.start(RunRequest(plugin, "p", dry_run=True))
    draft = drafts.create("demo", "stage", "{}", '{"a": 1}', "tab")
    drafts.create("another", "stage", "{}", '{"a": 1}', "tab")
    now = store.clock()
    events = recently(runs, drafts, registry, "demo", (), now - DAY_SECONDS)
    assert [(e.kind, e.id) for e in events] == [("draft", draft.id), ("run", run.session)]
    assert events[1].words == "Dry run of Detector waits to be sent"
    assert recently(runs, drafts, registry, "demo", (), now + 1) == ()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["sent", "heard"], "Run of Detector is going on: 0 tasks so far"),
        (["sent", "failed"], "Run of Detector failed after 0 tasks"),
        (["cancel"], "Run of Detector was cancelled after 0 tasks"),
        (["sent", "late"], "Run of Detector gave no answer; it labelled 0 tasks"),
        (["sent", "gone"], "Run of Detector was interrupted after 0 tasks"),
        (["sent", "answered"], "Run of Detector wrote labels in 0 tasks"),
    ],
)
def test_every_end_of_a_run_has_its_words(store, registry, steps, words):
    runs = Runs(store)
    run = runs.start(RunRequest(registry.add("Detector", ["Car"]).plugin.id, "p"))
    for kind in steps:
        with store.work() as tx:
            record(tx, find(tx, run.session), Event(kind, store.clock()))
    (event,) = recently(runs, Drafts(store), registry, "demo", (), 0)
    assert event.words == words


def test_a_plugin_that_is_missing_or_has_a_wrong_secret_needs_attention(registry):
    plugins = [registry.add(name, ["Car"]).plugin for name in ("A", "B", "C")]
    live = {plugins[1].id: Liveness("live"), plugins[2].id: Liveness("wrong secret")}
    assert [(one.words, one.where) for one in concerns((), (), plugins, live)] == [
        ("The plugin A is not connected.", "registry"),
        ("The plugin C is connected with a wrong secret.", "registry"),
    ]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["sent", "failed"], "Run of Detector failed after 0 tasks."),
        (["sent", "late"], "Run of Detector gave no answer; it labelled 0 tasks."),
        (["sent", "answered"], None),
    ],
)
def test_a_plugins_newest_run_needs_attention_where_it_ended_badly(store, registry, steps, words):
    runs, plugin = Runs(store), registry.add("Detector", ["Car"]).plugin
    older = runs.start(RunRequest(plugin.id, "p"))
    run = runs.start(RunRequest(plugin.id, "p"))
    for session, kinds in ((older.session, ["sent", "failed"]), (run.session, steps)):
        for kind in kinds:
            with store.work() as tx:
                record(tx, find(tx, session), Event(kind, store.clock()))
    listed = concerns((), (), [plugin], {plugin.id: Liveness("live")}, runs.list())
    assert [(one.words, one.where, one.id) for one in listed] == (
        [(words, "run", run.session)] if words else []
    )


def test_a_run_that_was_cancelled_hides_no_trouble_of_those_before_it(registry):
    plugin = registry.add("Detector", ["Car"]).plugin
    real, dry = RunRequest(plugin.id, "p"), RunRequest(plugin.id, "p", dry_run=True)
    wrote = Run("wrote", real, "succeeded", doubtful={"size": 2})
    undone = Run("undone", real, "succeeded", doubtful={"size": 2}, undone_at=1.0)
    tried = Run("tried", dry, "succeeded", doubtful={"size": 2})
    newest = [Run("stopped", dry, "cancelled"), Run("broke", dry, "failed")]
    live = {plugin.id: Liveness("live")}
    listed = concerns((), (), [plugin], live, [*newest, wrote, undone, tried])
    assert [one.id for one in listed] == ["broke", "wrote"]
    assert listed[1].words == "2 labels of a run of Detector do not fit the project."


def test_why_it_failed_is_told_in_a_few_words(registry):
    plugin = registry.add("Detector", ["Car"]).plugin
    run = Run("session", RunRequest(plugin.id, "p"), "failed", reason="no memory " * 50_000)
    (concern,) = concerns((), (), [plugin], {plugin.id: Liveness("live")}, [run])
    assert concern.words.startswith("Run of Detector failed after 0 tasks: ")
    assert "no memory" in concern.words and len(concern.words) < 200


@pytest.mark.parametrize(
    ("doubtful", "words"),
    [
        ({"size": 1}, "1 label of the last run of Detector does not fit the project."),
        ({"size": 2, "class": 3}, "5 labels of the last run of Detector do not fit the project."),
    ],
)
def test_labels_that_do_not_fit_the_project_need_attention(store, registry, doubtful, words):
    plugin = registry.add("Detector", ["Car"]).plugin
    request = RunRequest(plugin.id, "p", dry_run=True)
    run = Run("session", request, "succeeded", doubtful=doubtful)
    live = {plugin.id: Liveness("live")}
    assert [one.words for one in concerns((), (), [plugin], live, [run])] == [words]
    discarded = replace(run, discarded_at=1.0)
    assert concerns((), (), [plugin], live, [discarded]) == ()


def test_the_command_says_the_same(store, registry, tmp_path, database_url):
    run = Runs(store).start(RunRequest(registry.add("Detector", ["Car"]).plugin.id, "p"))
    here = ("--data", tmp_path)
    printed = json.loads(run_core("recently", *here, "--json", database=database_url).stdout)
    (event,) = printed["events"]
    assert (event["kind"], event["id"]) == ("run", run.session)
    assert printed["attention"] == [
        {"words": "The plugin Detector is not connected.", "where": "registry", "id": ""}
    ]
    assert "is not connected" in run_core("recently", *here, database=database_url).stdout
