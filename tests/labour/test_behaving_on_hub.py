"""Observed against predicted, told by the hub itself: nothing is typed."""

import json
import sqlite3

import pytest
import sqlalchemy as sa
from hub_helpers import HubProcess, run_core

from core import demo
from core.ango_json.text import loads
from core.gateway.cache import Cache, open_project
from core.gateway.connect import connect
from core.hub.projects.shapes import project_value
from core.launcher.demo_work import work
from core.model.dialect import Dialect
from core.routing.document import behaving_document
from core.secret import Secret
from core.settings import read_settings
from core.store.hub import find_project, open_hub
from core.store.hub_passes import first_passes, passes_under_other_rules, rules_of
from core.store.tables.hub import passes, projects
from core.workspace import Workspace


@pytest.fixture(scope="module")
def worked(tmp_path_factory, packaged):
    """A hub whose demo let 500 tasks through, with the seed that the page has, too."""
    data = tmp_path_factory.mktemp("worked")
    (data / "switchyard.db").write_bytes((packaged / "switchyard.db").read_bytes())
    settings = read_settings({"SWITCHYARD_DATA": str(data)})
    hub = HubProcess(data).start()
    store = open_hub(settings.database)
    labour = work(settings, store, 500, 7)
    yield settings, store, hub, labour
    hub.end()


def copied(settings, folder):
    """The state in another data folder, as it is now."""
    with sqlite3.connect(settings.data / "switchyard.db") as state:
        state.execute("VACUUM INTO ?", (str(folder / "switchyard.db"),))
    state.close()
    return open_hub(f"sqlite:///{folder / 'switchyard.db'}")


def behaving(data):
    done = run_core("project", "behaving", "--id", demo.PROJECT_ID, "--data", data, "--json")
    return done, json.loads(done.stdout) if done.stdout else None


def test_every_output_is_inside_its_interval_after_correction(worked):
    settings, _, _, labour = worked
    done, said = behaving(settings.data)
    assert done.returncode == 0, done.stderr or said
    assert said["behaving"] is True
    (routing,) = labour.outputs
    counts = said["counts"]
    assert [one["observed"] for one in counts] == list(routing.counts)
    assert sum(routing.counts) == 500 and all(one["told"] for one in counts)
    assert all(one["adjusted"] > 0.05 for one in counts), counts
    assert all(one["low"] <= one["observed"] <= one["high"] for one in counts), counts


def test_the_pages_judge_what_the_command_judges(worked):
    settings, store, hub, _ = worked
    gateway = connect(hub.url, Secret(hub.key), settings)
    cache = Cache(settings.hubs)
    copy = open_project(gateway, cache, demo.PROJECT_ID)
    project = cache.project(copy)
    stage = project.logic_stages[0]
    with store.read() as tx:
        went = first_passes(tx, rules_of(project.id, stage))
    result = Workspace(cache.table(copy), project, Dialect()).passed(stage, went)
    _, said = behaving(settings.data)
    assert behaving_document(result) == said


def test_a_hub_that_misroutes_is_caught_and_the_rule_is_named(worked, tmp_path):
    settings, *_ = worked
    store = copied(settings, tmp_path)
    with store.work() as tx:
        drawn = tx.execute(sa.select(passes.c.number).where(passes.c.output == 4)).scalars().all()
        wrong = passes.c.number.in_(drawn[:40])
        tx.execute(passes.update().where(wrong).values(output=7))
    store.close()
    done, said = behaving(tmp_path)
    assert done.returncode == 1 and said["behaving"] is False
    assert any(sentence.startswith("Rule 5") for sentence in said["sentences"])


def test_passes_under_earlier_rules_do_not_count(worked, tmp_path):
    settings, *_ = worked
    store = copied(settings, tmp_path)
    with store.work() as tx:
        document = loads(find_project(tx, demo.PROJECT_ID).document)
        routing = next(one for one in document["stages"] if one["type"] == "Logic")
        routing["logic"]["conditions"][4]["value"] = 0.6
        tx.execute(projects.update().values(document=json.dumps(document)))
    done, _ = behaving(tmp_path)
    assert done.returncode == 2 and "sent no task through Routing by these rules" in done.stderr
    assert work(read_settings({"SWITCHYARD_DATA": str(tmp_path)}), store, 60, 9).passed == 60
    done, said = behaving(tmp_path)
    assert (done.returncode, sum(one["observed"] for one in said["counts"])) == (0, 60)
    with store.read() as tx:
        project = project_value(find_project(tx, demo.PROJECT_ID).document)
        assert passes_under_other_rules(tx, rules_of(project.id, project.logic_stages[0])) >= 500
    store.close()


def test_an_unknown_project_is_said_in_a_sentence(tmp_path):
    done = run_core("project", "behaving", "--id", "nothing", "--data", tmp_path)
    assert done.returncode == 2 and "has no project nothing" in done.stderr
