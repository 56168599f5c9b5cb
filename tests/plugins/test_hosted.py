"""Plugins of other types than Batch Model: their runs say so."""

import pytest
from conftest import HERE

from core.cli.main import main
from core.hub.runs.outcome import reason_text
from core.plugin_runs.hosted import HOSTED, failure_hint, plugin_stages

ENDS = {
    "export": ("succeeded", "An Export plugin answered"),
    "model": ("failed", "KeyError: 'taskId'. If the callback expects that of its data"),
    "carefree model": ("succeeded", "It returned annotations, as a Model plugin does"),
    "empty model": ("no_answer", "One of another type may end like this"),
    "markdown": ("failed", "of type Markdown"),
    "file explorer": ("failed", "of type File Explorer"),
    "input": ("failed", "of type Input"),
}


@pytest.mark.slow
def test_a_plugin_of_another_type_ends_with_a_word_about_its_type(bench, until):
    made = {kind: bench.plugin("ws", kind, script=HERE / "plugins" / "kinds.py") for kind in ENDS}
    until(lambda: all(bench.is_live(one) for one in made.values()), 60)
    for kind, (state, words) in ENDS.items():
        run = bench.run(made[kind], {}, deadline=4 if state == "no_answer" else 60)
        assert (run.state, words in run.reason, HOSTED in run.reason) == (state, True, True), run
    run = bench.run(made["export"], {}, dry_run=True, deadline=60)
    assert run.state == "failed" and "getUploadUrl" in run.reason
    for _ in made:
        bench.kill_last()


@pytest.mark.parametrize(
    "reason", ["KeyError: 'classes'", "boom", "KeyError: 7", "'taskId' is odd"]
)
def test_other_failures_say_nothing_of_types(reason):
    assert failure_hint(reason) == ""


def test_an_export_plugin_that_cannot_export_has_failed(bench, plugins):
    said = "Error calling sdk.export: no"
    assert "Export plugin" in reason_text(said)
    run = bench.run(plugins["ws"], {"do": "log_error", "text": said})
    assert run.state == "failed" and run.reason.startswith(said)


def test_what_is_hosted_is_said_when_a_plugin_is_registered(tmp_path, capsys):
    assert main(["plugin", "add", "--name", "x", "--data", str(tmp_path), "--json"]) == 0
    assert HOSTED in capsys.readouterr().err


def test_of_stages_that_are_no_plugin_nothing_is_said():
    assert plugin_stages(()) == ""
