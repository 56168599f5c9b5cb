"""How a run stands, in the same words wherever it is shown."""

import json
from dataclasses import replace

import pytest

from core.charts.runs import runs_table
from core.cli.main import main
from core.plugin_runs.model import STATES, Run, RunRequest
from core.plugin_runs.standing import STATE_WORDS, progress
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.runs import Runs, save

SENT = Run("s", RunRequest("p", "q"), "running", sent_at=1.0, assets=36, tasks=12, requested=12)
DONE = replace(SENT, state="succeeded", tasks=35, requested=35, labelled=35)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (Run("s", SENT.request), "waiting"),
        (replace(SENT, state="cancelled", sent_at=None), "cancelled"),
        (SENT, "12 of 36 so far, running"),
        (replace(SENT, state="cancelled", labelled=12), "12 of 36, cancelled"),
        (replace(SENT, state="failed"), "12 of 36, failed"),
        (DONE, "35 of 36, succeeded"),
        (replace(DONE, undone_at=9.0), "35 of 36, undone"),
        (replace(DONE, discarded_at=9.0), "35 of 36, discarded"),
        (replace(DONE, applied_by="t"), "35 of 36, applied"),
        (replace(DONE, assets=None), "35 of 35, succeeded"),
        (replace(DONE, assets=None, requested=0), "35, succeeded"),
        (replace(DONE, assets=20), "35 tasks of 20 assets, succeeded"),
    ],
)
def test_a_run_says_how_far_it_came_and_what_became_of_it(run, words):
    assert progress(run) == words


def test_the_page_and_the_command_say_the_same(tmp_path, capsys, database_url):
    assert set(STATE_WORDS) == set(STATES)
    store = open_hub(database_url)
    plugin = Registry(store, tmp_path).add("D").plugin.id
    runs = Runs(store)
    run = runs.start(RunRequest(plugin, "q"))
    run = replace(DONE, session=run.session, request=run.request, undone_at=9.0)
    with store.work() as tx:
        save(tx, run)
    for words in (["list"], ["show", run.session]):
        main(["run", *words, "--data", str(tmp_path)])
        assert "35 of 36, undone" in capsys.readouterr().out
    main(["run", "show", run.session, "--data", str(tmp_path), "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert (printed["progress"], printed["assets"], printed["undoneAt"]) == (
        "35 of 36, undone", 36, 9.0,
    )  # fmt: skip
    table = runs_table([run], {}, {}, 0.0)
    assert (table["State"][0], table["Labelled"][0]) == ("Undone", "35 of 36")
