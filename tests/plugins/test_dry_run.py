"""Dry runs, canaries, retries, undo: what the key of a run changes."""

import json

import pytest
from hub_helpers import PROJECT

from core.errors import Cancelled
from core.plugin_runs.model import RunRequest
from core.store.runs import scope


@pytest.fixture(scope="module")
def other(bench):
    return bench.hub.sdk().create_project("Other")["data"]["project"]["_id"]


def answers(bench):
    tasks = bench.hub.ask("GET", f"/v2/project/{PROJECT}/tasks?limit=1000&includeAnswer=true")
    return {task["_id"]: task["answer"] for task in tasks.json()["data"]["tasks"]}


@pytest.mark.parametrize("connector", ["ws", "rest"])
def test_a_dry_run_reads_back_what_it_kept_and_writes_nothing(bench, plugins, other, connector):
    before = answers(bench)
    run = bench.run(plugins[connector], {"do": "look", "other": other}, dry_run=True)
    found = json.loads(run.message)
    assert found["import"] == "2 / 2 tasks are labeled." and found["again"].startswith("1 / 1")
    assert found["after"] == found["before"] + 1 and found["point"] == [2, 2]
    assert "dry run" in found["requeue"] and "dry run" in found["create"]
    assert "own project" in found["other project"] and found["projects"] == 1
    assert (run.requested, run.labelled, run.tasks) == (3, 3, 1)
    assert run.per_class == {bench.schema: 1} and sum(run.refused.values()) == 2
    assert answers(bench) == before and run.keeps_labels
    assert any("A point is no bounding-box" in why for why in run.as_dict()["doubtful"])
    assert any("Kept all the same" in line for line in bench.said(run.session))

    kept = bench.labels.kept(run.session)
    assert len(kept) == 1 and kept[0].added["tools"][0]["point"] == [2, 2]
    seen = []

    def stop(done, total):
        seen.append((done, total))
        raise Cancelled

    with pytest.raises(Cancelled):
        bench.labels.apply(run.session, reached=stop)
    assert seen == [(0, 1)] and answers(bench) == before
    assert bench.runs.get(run.session).keeps_labels, "what was stopped can be asked for again"
    applied = bench.labels.apply(run.session)
    assert (applied.state, applied.origin, applied.parent) == ("succeeded", "apply", run.session)
    assert (applied.requested, applied.labelled, applied.tasks) == (3, 3, 1)
    after = answers(bench)
    changed = [task for task in after if after[task] != before[task]]
    assert changed == [kept[0].task]
    assert len(after[changed[0]]["tools"]) == len(before[changed[0]]["tools"]) + 1
    with pytest.raises(Exception, match="applied already"):
        bench.labels.apply(run.session)
    undone, stayed = bench.labels.undo(applied.session)
    assert stayed == 0 and undone.undone_at is not None and answers(bench) == before


def test_a_dry_run_can_be_discarded(bench, plugins):
    run = bench.run(plugins["ws"], {}, dry_run=True)
    assert bench.labels.discard(run.session).discarded_at
    assert bench.labels.kept(run.session) == ()
    with pytest.raises(Exception, match="keeps no labels"):
        bench.labels.apply(run.session)


def test_a_canary_sees_the_first_assets_only_and_a_retry_the_rest(bench, plugins, other):
    run = bench.run(plugins["ws"], {"do": "look", "other": other}, limit=3)
    found = json.loads(run.message)
    assert found["assets"] == [3, 3] and found["tasks"] == [3, 3] and run.assets == 3
    with bench.store.read() as tx:
        first = scope(tx, RunRequest("", PROJECT))[:3]
    assert bench.runs.shown(run.session) == first
    assert bench.runs.without_labels(run.session) == first[1:]
    again = bench.ended(bench.runs.retry(run.session).session)
    assert again.origin == "retry" and again.parent == run.session
    assert json.loads(again.message)["assets"] == [2, 2]
    assert bench.runs.touched(again.session) == first[1:2]
    for session in (again.session, run.session):
        bench.labels.undo(session)


def test_runs_add_to_each_other_or_replace(bench, plugins):
    before = answers(bench)
    first = bench.run(plugins["ws"], {})
    second = bench.run(plugins["ws"], {})
    (task, *_) = [one.task for one in bench.labels.kept(first.session)]
    assert len(answers(bench)[task]["tools"]) == len(before[task]["tools"]) + 2
    third = bench.run(plugins["ws"], {}, importing="replace")
    assert len(answers(bench)[task]["tools"]) == len(before[task]["tools"]) + 1
    kept = bench.labels.kept(third.session)[0]
    assert len(kept.removed["tools"]) == 2 and len(kept.added["tools"]) == 1
    for run in (third, second, first):
        assert bench.labels.undo(run.session)[1] == 0
    assert answers(bench) == before


def test_undo_leaves_what_was_changed_since(bench, plugins):
    run = bench.run(plugins["ws"], {})
    kept = bench.labels.kept(run.session)
    body = {"answer": {"objects": []}}
    path = f"/v2/annotate/{kept[0].task}?nextStage=false"
    assert bench.hub.ask("POST", path, json=body).status_code == 200
    _, stayed = bench.labels.undo(run.session)
    assert stayed == 1 and answers(bench)[kept[0].task]["tools"] == []


def test_a_key_holds_for_a_while_after_the_end_and_is_refused_when_wrong(bench):
    answer = bench.hub.ask("GET", "/v2/listProjects", headers={"apikey": "x" * 43})
    assert answer.status_code == 401 and "key" in answer.json()["message"]
