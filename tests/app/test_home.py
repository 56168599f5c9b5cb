"""Home: where tasks go, what a model would write, what happened, what needs attention."""

import re

import pytest
from page_helpers import database, metric

from core import demo
from core.model.figures import share_text
from core.plugin_runs.model import RunRequest
from core.store.plugins import Registry
from core.store.runs import Runs


@pytest.fixture
def registry(data):
    return Registry(database(data), data)


def words(app):
    return " ".join(str(one.value) for kind in (app.caption, app.markdown) for one in kind)


def test_a_fresh_folder_shows_the_split_and_the_way_to_a_first_run(visit, demo_workspace):
    app = visit()
    stage = demo_workspace.project.logic_stages[0]
    split = demo_workspace.split(stage)
    target, count = max(split.stages, key=lambda one: one[1].expected)
    name = demo_workspace.names.of_stage(target)
    assert metric(app, f"of 5,012 tasks would go to {name}") == share_text(count.share)
    bars = next(one.proto.body for one in app.get("html") if "Stage" in one.proto.body)
    tasks = [int(number.replace(",", "")) for number in re.findall(r"<td>([\d,]+)</td>", bars)]
    assert tasks == sorted(tasks, reverse=True)
    assert sum(tasks) == pytest.approx(5_012, abs=len(split.stages))
    assert "no run, no edit of the rules, no publish" in words(app)
    assert app.button(key="home.go-registry")


def test_a_run_and_a_missing_plugin_are_named_and_lead_to_their_pages(visit, data, registry):
    plugin = registry.add("Detector", ["Car"]).plugin
    run = Runs(database(data)).start(RunRequest(plugin.id, demo.PROJECT_ID, dry_run=True))
    app = visit()
    assert "Dry run of Detector waits to be sent, just now" in words(app)
    assert "The plugin Detector is not connected." in words(app)
    app.button(key="home.event/0").click().run()
    assert not app.exception and app.query_params["run"] == [run.session]
    assert app.header[0].value.startswith("Detector")


def test_runs_of_another_project_are_not_told_as_this_ones(visit, data, registry):
    plugin = registry.add("Detector", ["Car"]).plugin
    Runs(database(data)).start(RunRequest(plugin.id, "another", dry_run=True))
    app = visit()
    assert "Dry run of Detector waits" not in words(app)
    assert app.button(key="home.go-start"), "its own first run is still to come"
