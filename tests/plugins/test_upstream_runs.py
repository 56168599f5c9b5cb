"""Runs of a project that lives on another hub: forwarded for real, kept here in a dry run."""

import json
import socket
from threading import Thread

import pytest
from hub_helpers import PROJECT

from core.errors import InputError
from core.hub.call import Refused
from core.hub.runs import upstream_runs
from core.hub.runs.memory import Memories
from core.hub.upstream import NoAnswer, Upstream
from core.secret import Secret


@pytest.fixture(scope="module")
def near(make_bench, bench):
    return make_bench(bench.hub)


@pytest.fixture(scope="module")
def plugin(near, until):
    made = near.plugin()
    until(lambda: near.is_live(made), 30)
    return made


def answers(bench):
    path = f"/v2/project/{PROJECT}/tasks?limit=1000&includeAnswer=true"
    tasks = bench.hub.ask("GET", path).json()["data"]["tasks"]
    return {task["_id"]: task["answer"]["tools"] for task in tasks}


@pytest.fixture
def foreign(bench):
    """A task of another project there, which the key of a run must not open."""
    sdk = bench.hub.sdk()
    project = sdk.create_project("Foreign")["data"]["project"]["_id"]
    sdk.upload_files_cloud(project, [{"data": "d", "externalId": "e"}])
    return sdk.get_tasks(project)["data"]["tasks"][0]["_id"]


def test_a_dry_run_reads_there_and_writes_nowhere(near, bench, plugin, foreign):
    before = answers(bench)
    run = near.run(plugin, {"do": "look", "other": "elsewhere"}, dry_run=True)
    found = json.loads(run.message)
    assert found["assets"] == [100, 400] and found["tasks"] == [100, 400]
    assert found["import"] == "2 / 2 tasks are labeled." and found["point"] == [2, 2]
    assert found["after"] == found["before"] + 1
    assert "dry run" in found["requeue"] and "dry run" in found["create"]
    assert "own project" in found["other project"]
    assert answers(bench) == before and run.keeps_labels

    applied = near.labels.apply(run.session)
    assert applied.state == "queued"
    applied = near.ended(applied.session)
    assert (applied.state, applied.requested, applied.labelled) == ("succeeded", 1, 1)
    after = answers(bench)
    (task,) = [task for task in after if after[task] != before[task]]
    assert task == near.labels.kept(run.session)[0].task
    assert after[task][-1]["point"] == [2, 2]


def test_a_run_for_real_is_counted_by_what_the_other_hub_says(near, bench, plugin):
    before = answers(bench)
    run = near.run(plugin, {})
    n = run.labelled
    assert run.state == "succeeded" and run.message == f"{n} / {n} tasks are labeled."
    assert run.requested == n >= 10 and run.per_class[near.schema] >= 10
    changed = [task for task, tools in answers(bench).items() if tools != before[task]]
    assert len(changed) >= 10 and run.tasks <= n


def test_a_canary_narrows_what_is_listed_there(near, plugin):
    run = near.run(plugin, {"do": "look", "other": "x"}, limit=3, dry_run=True)
    found = json.loads(run.message)
    assert found["assets"] == [3, 3] and found["tasks"] == [3, 3] and run.assets == 3


def test_the_key_opens_no_task_of_another_project_there(near, plugin, foreign):
    run = near.run(plugin, {"do": "open_task", "task": foreign})
    assert run.state == "failed" and "own project" in run.reason


def test_without_the_users_key_the_reason_says_so(near, plugin, bench):
    dry = near.run(plugin, {}, dry_run=True)
    near.hub.admin("DELETE", "upstream-key")
    run = near.run(plugin, {})
    applied = near.ended(near.labels.apply(dry.session).session)
    near.hub.admin("POST", "upstream-key", {"key": bench.hub.key})
    for one in (run, applied):
        assert one.state == "failed" and "Enter the Ango Hub key again" in one.reason
    again = near.ended(near.labels.apply(dry.session).session)
    assert again.state == "succeeded" and again.labelled > 0
    with pytest.raises(InputError, match="Ango Hub"):
        near.runs.retry(run.session)


class Sending(Upstream):
    """The way to the other hub; what it is told to do happens after each piece."""

    def __init__(self, bench, after_piece=lambda: None):
        super().__init__(bench.hub.url)
        self.take_key("local user", Secret(bench.hub.key))
        self.pieces, self.after_piece = [], after_piece

    def ask(self, whose, name, query="", body=None):
        answer = super().ask(whose, name, query, body)
        if name == "import/labels":
            self.pieces.append(len(body["jsonContent"]))
            self.after_piece()
        return answer


@pytest.fixture(scope="module")
def dry_runs(near, plugin):
    """Dry runs of a hub that has ended since, so that nobody takes their labels in hand."""
    made = [near.run(plugin, {}, dry_run=True) for _ in range(3)]
    near.hub.end()
    return made


@pytest.fixture
def waiting(near, dry_runs, monkeypatch):
    """A dry run, and the run that is to store its labels."""
    monkeypatch.setattr(upstream_runs, "CHUNK", 4)
    dry = dry_runs.pop()
    return dry, near.labels.apply(dry.session)


def runs_there(near, upstream):
    return upstream_runs.UpstreamRuns(near.store, upstream, Memories())


def test_what_was_cancelled_before_it_was_sent_sends_nothing(near, bench, waiting):
    dry, applied = waiting
    near.runs.cancel(applied.session)
    way = Sending(bench)
    runs_there(near, way).apply(applied)
    assert way.pieces == [] and near.runs.get(applied.session).state == "cancelled"
    assert near.labels.apply(dry.session).state == "queued"  # it can be applied again


def test_what_is_cancelled_while_it_is_sent_sends_no_further_piece(near, bench, waiting):
    dry, applied = waiting
    way = Sending(bench, lambda: near.runs.cancel(applied.session))
    runs_there(near, way).apply(applied)
    run = near.runs.get(applied.session)
    assert way.pieces == [4] and (run.state, run.labelled) == ("cancelled", 4)
    assert run.reason == "It was cancelled. The labels of 4 tasks were sent."
    with pytest.raises(InputError, match="applied already"):  # a piece is never sent twice
        near.labels.apply(dry.session)


def test_a_piece_without_an_answer_may_have_arrived_and_is_not_sent_again(near, bench, waiting):
    dry, applied = waiting
    way = Sending(bench)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        way.host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        way.send = silent_after(silent, way.send)
        runs_there(near, way).apply(applied)
    run = near.runs.get(applied.session)
    assert run.state == "failed" and "look at the tasks there first" in run.reason
    with pytest.raises(InputError, match="applied already"):
        near.labels.apply(dry.session)


def silent_after(server, send):
    """The other side takes the call and goes away without an answer."""

    def sent(*args):
        hang_up = Thread(target=lambda: server.accept()[0].close())
        hang_up.start()
        try:
            return send(*args)
        finally:
            hang_up.join(5)

    return sent


def test_where_no_connection_was_made_nothing_has_arrived(bench):
    way = Upstream("http://127.0.0.1:1")
    way.take_key("somebody", Secret("key"))
    with pytest.raises(Refused) as error:
        way.ask("somebody", "organization")
    assert not isinstance(error.value, NoAnswer)
