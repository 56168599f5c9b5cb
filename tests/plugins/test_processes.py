"""Processes that crash, lie, flood or are not there; and a hub that is killed."""

import json
import signal
import time

import pytest
from hub_helpers import PROJECT

from core.cli.main import main


@pytest.fixture(scope="module")
def lonely(make_bench):
    """A hub of its own, to be killed."""
    return make_bench()


@pytest.mark.slow
def test_a_crash_interrupts_the_run_and_no_other(bench, plugins, until):
    plugin = bench.plugin()
    until(lambda: bench.is_live(plugin), 30)
    session = bench.start(plugin, {"do": "crash"})
    assert bench.run(plugins["ws"], {}).state == "succeeded"
    run = bench.ended(session)
    assert run.state == "interrupted" and "did not come back" in run.reason
    assert bench.processes[-1].wait(5) == 7
    waiting = bench.start(plugin, {})
    until(lambda: "not connected" in bench.runs.get(waiting).reason)
    bench.launch(plugin, bench.registry.secret(plugin))
    assert bench.ended(waiting, 30).state == "succeeded"
    bench.kill_last()


def test_a_rest_plugin_that_crashes_or_is_not_there(bench, until):
    made = bench.registry.add("Nobody", connector="rest", url="http://127.0.0.1:9")
    waiting = bench.start(made.plugin.id, {})
    until(lambda: "Nothing answers" in bench.runs.get(waiting).reason)
    assert bench.runs.get(waiting).state == "queued"
    assert bench.runs.cancel(waiting).state == "cancelled"
    plugin = bench.plugin("rest")
    until(lambda: bench.is_live(plugin), 30)
    run = bench.run(plugin, {"do": "crash"})
    assert run.state == "interrupted" and "broke" in run.reason


@pytest.mark.slow
@pytest.mark.parametrize("connector", ["ws", "rest"])
def test_a_wrong_secret_is_shown_and_gets_no_run(bench, until, connector):
    plugin = bench.plugin(connector, secret="wrong")
    process = bench.processes[-1]

    def state():
        return bench.registry.liveness().get(plugin)

    until(lambda: state() and state().state == "wrong secret", 30)
    waiting = bench.start(plugin, {})
    until(lambda: "secret" in bench.runs.get(waiting).reason)
    assert process.poll() is None and bench.runs.get(waiting).state == "queued"
    if connector == "ws":
        time.sleep(3)  # by now it has been told, which must not end in a storm of reconnects
        assert process.poll() is None
        assert len([c for c in bench.hub.admin("GET", "status")["plugins"] if c["refused"]]) <= 1
        process.kill()
        bench.launch(plugin, bench.registry.rotate(plugin).secret)
        assert bench.ended(waiting, 30).state == "succeeded"
        bench.kill_last()
    else:
        process.kill()
        bench.runs.cancel(waiting)


@pytest.mark.slow
def test_a_hub_killed_in_the_middle(lonely, until):
    plugin = lonely.plugin()
    until(lambda: lonely.is_live(plugin), 30)
    running = lonely.start(plugin, {"do": "work"})
    queued = lonely.start(plugin, {})
    until(lambda: lonely.runs.get(running).state == "running")
    lonely.hub.end()
    assert lonely.runs.get(running).state == "running"
    lonely.hub.start()
    run = lonely.runs.get(running)
    assert run.state == "interrupted" and "hub" in run.reason
    assert lonely.processes[0].wait(20) == 1  # as unmodified plugins do
    assert lonely.runs.get(queued).state == "queued"
    lonely.launch(plugin, lonely.registry.secret(plugin))
    assert lonely.ended(queued, 30).state == "succeeded"


def test_a_flood_of_lines_loses_none_and_keeps_their_order(bench, plugins):
    run = bench.run(plugins["ws"], {"do": "lines", "count": 5_000}, 60)
    assert (run.state, run.logs, run.dropped) == ("succeeded", 5_000, 0)
    said, last = [], 0
    while some := bench.runs.logs(run.session, after=last, limit=2_000):
        said += [line.message for line in some]
        last = some[-1].number
    assert said == [f"line {number}" for number in range(5_000)]
    assert len(bench.said(run.session, search="LINE 499")) == 11
    assert bench.said(run.session, levels=["INFO"]) == []


@pytest.mark.parametrize("connector", ["ws", "rest"])
def test_ten_thousand_labels_in_one_import(bench, plugins, connector):
    run = bench.run(plugins[connector], {"do": "many", "count": 10_000}, 60, dry_run=True)
    assert run.state == "succeeded" and sum(run.per_class.values()) == run.labelled >= 10_000
    assert run.tasks == len(bench.runs.touched(run.session))
    bench.labels.discard(run.session)


@pytest.mark.parametrize("connector", ["ws", "rest"])
def test_a_config_of_two_megabytes(bench, plugins, connector):
    config = json.dumps({"filler": "é" * 2**20}, ensure_ascii=False)
    assert bench.run(plugins[connector], config, 60).state == "succeeded"


def test_the_command_line_speaks_of_the_same_runs(bench, plugins, until, tmp_path, capsys):
    def core(*words):
        capsys.readouterr()
        code = main([*map(str, words), "--data", str(bench.data), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out or "null"), said.err

    config, mapping = tmp_path / "config.json", tmp_path / "map.json"
    config.write_bytes(b'{"do": "secretive",\r\n"n": 1.50}')
    mapping.write_text(json.dumps([{"schemaId": bench.schema, "modelClass": "Car"}]))
    words = ["run", "start", "--plugin", plugins["ws"], "--project", PROJECT]
    code, run, _ = core(*words, "--config", config, "--map", mapping, "--wait", 20)
    keys = ["session", "state", "message", "requested", "labelled", "tasks", "assets", "logs"]
    assert code == 0 and [name for name in run if name in keys] == keys
    assert run["state"] == "succeeded"
    assert run["configJSON"] == config.read_bytes().decode()
    code, shown, _ = core("run", "show", run["session"], "--logs")
    assert shown["lines"][0]["message"].startswith("everything") and shown["logs"] == 1

    config.write_text('{"do": "fail"}')
    code, run, _ = core(*words, "--config", config, "--wait", 20)
    assert (code, run["state"], run["reason"]) == (1, "failed", "as asked")
    code, dry, _ = core(*words, "--map", mapping, "--dry-run", "--wait", 20)
    assert dry["dryRun"] is True and dry["labelled"] > 0
    code, applied, _ = core("run", "apply", dry["session"])
    assert code == 0 and applied["parent"] == dry["session"]
    assert applied["labelled"] == dry["labelled"]
    code, listed, _ = core("run", "list")
    assert listed[0]["session"] == applied["session"]
    config.write_text('{"do": "work"}')
    code, run, _ = core(*words, "--config", config)
    assert code == 0 and run["state"] == "queued"
    until(lambda: bench.runs.get(run["session"]).state == "running")
    code, run, _ = core("run", "cancel", run["session"])
    assert code == 0 and run["state"] in ("cancelling", "cancelled")
    assert bench.ended(run["session"]).state == "cancelled"


def test_a_hub_that_is_asked_to_end_does_not_wait_for_a_rest_plugin(lonely, until):
    plugin = lonely.plugin("rest")
    until(lambda: lonely.is_live(plugin), 30)
    session = lonely.start(plugin, {"do": "nap", "seconds": 60})
    until(lambda: lonely.runs.get(session).state == "running")
    began = time.monotonic()
    assert lonely.hub.end(signal.SIGTERM) == 0 and time.monotonic() - began < 8
    lonely.hub.start()
    assert lonely.runs.get(session).state == "interrupted"
