"""Forecasts that publishes keep, on the real hub: kept, scored by what the hub then did."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import sqlalchemy as sa
from hub_helpers import HubProcess, run_core

from core import demo
from core.ango_json.stages import write_stage
from core.errors import NothingToPublish
from core.gateway.cache import Cache, open_project
from core.gateway.connect import connect
from core.launcher.demo_work import work
from core.launcher.start_over import start_over
from core.ledger import publish_and_keep, read_ledger
from core.model.dialect import Dialect
from core.publish.publish import restore
from core.routing import edit
from core.routing.observed.held import ledger_document
from core.rule_types.random_sample import RandomSample
from core.secret import Secret
from core.settings import read_settings
from core.store.hub import open_hub
from core.store.hub_passes import first_passes, rules_of
from core.store.ledger import entries_kept, keep_entry
from core.store.tables.hub import passes
from core.workspace import Workspace

OF_PEOPLE = ("Annotator", "Duration")
"""Rules that ask who worked, and how long: today's people of the demo are not those of its history.
"""


class World:
    """The demo on a hub of its own, and a data folder from which it is published."""

    def __init__(self, hub, data):
        self.hub, self.settings = hub, read_settings({"SWITCHYARD_DATA": str(data)})
        self.store = open_hub(self.settings.database)
        self.own = open_hub(read_settings({"SWITCHYARD_DATA": str(hub.data)}).database)
        self.cache = Cache(self.settings.hubs)
        self.gateway = connect(hub.url, Secret(hub.key), self.settings)

    def here(self):
        copy = open_project(self.gateway, self.cache, demo.PROJECT_ID, refresh=True)
        return Workspace(self.cache.table(copy), self.cache.project(copy), Dialect())

    def stage(self, without_people=True, chance=0.6):
        """The demo's Logic stage, edited."""
        changed = self.here().project.logic_stages[0]
        for rule in changed.rules if without_people else ():
            if rule.condition.kind in OF_PEOPLE:
                changed = edit.remove(changed, rule.id)
        random = next(rule for rule in changed.rules if rule.condition.kind == "RandomSample")
        return edit.set_condition(changed, random.id, RandomSample(chance))

    def publish(self, stage, workspace=None):
        here = self.here()
        return publish_and_keep(
            self.gateway, here.project, stage, workspace or here, self.settings, self.store,
            lambda: datetime.now(UTC),
        )  # fmt: skip

    def let_through(self, tasks, seed):
        settings = read_settings({"SWITCHYARD_DATA": str(self.hub.data)})
        return work(settings, self.own, tasks, seed).outputs[0].counts

    def ledger(self):
        return read_ledger(self.store, self.cache, demo.PROJECT_ID)


@pytest.fixture
def hub(tmp_path, packaged):
    data = tmp_path / "hub"
    shutil.copytree(packaged, data)
    running = HubProcess(data).start()
    yield running
    running.end()


@pytest.fixture
def world(hub):
    return World(hub, hub.data)


def labelled(table):
    """Tasks that somebody labelled: they came to the stage before."""
    codes = [code for code, stage in enumerate(table.stages) if stage[1] == "Label"]
    rows = table.history.rows[np.isin(table.history.stage, codes)]
    return {table.ids[row].as_py() for row in rows}


def test_what_the_people_then_do_is_inside(world):
    world.publish(world.stage())
    counts = world.let_through(400, 7)
    (entry,) = world.ledger().entries
    assert entry.own and entry.forecast.source == "came" and entry.forecast.tasks > 4_000
    assert entry.came == 400 and [one.seen for one in entry.outputs] == list(counts)
    assert all(one.inside for one in entry.outputs), entry.outputs
    share = world.ledger().share
    assert (share.held, share.of) == (6, 6) and share.low < 0.95 < share.high == 1
    assert "held 6 of 6 outputs: 95 % or more should" in share.sentence


def test_people_of_another_mix_are_outside_and_the_rule_is_named(world):
    world.publish(world.stage(without_people=False))
    world.let_through(400, 7)
    (entry,) = world.ledger().entries
    outside = {one.label for one in entry.outputs if not one.inside}
    rules = world.here().project.logic_stages[0].rules
    asked = {f"Rule {n}" for n, r in enumerate(rules, 1) if r.condition.kind in OF_PEOPLE}
    assert asked <= outside
    share = world.ledger().share
    assert (share.held, share.of) == (8 - len(outside), 8)


@pytest.mark.soak
def test_an_entry_without_passes_waits(world):
    world.publish(world.stage())
    ledger = world.ledger()
    (entry,) = ledger.entries
    assert entry.came == 0 and not entry.why
    assert [(one.seen, one.inside, one.counts) for one in entry.outputs] == 6 * [
        (None, None, False)
    ]
    assert abs(sum(one.share for one in entry.outputs) - 1) < 0.001
    assert (ledger.share.held, ledger.share.of) == (0, 0)
    assert "Nothing has come yet" in ledger.share.sentence
    assert entry.outputs[0].low is None
    assert ledger_document(ledger)["entries"][0]["outputs"][0]["next"][1] <= 100


@pytest.mark.soak
def test_each_entry_has_the_tasks_of_its_own_time(world):
    world.let_through(60, 1)  # before any publish
    first = world.stage()
    world.publish(first)
    world.let_through(80, 2)
    done = world.publish(world.stage(chance=0.3))
    world.let_through(50, 3)
    restore(
        world.gateway, done.project, done.backup, world.settings.backups,
        lambda: datetime.now(UTC), world.store,
    )  # fmt: skip
    world.let_through(40, 4)  # by the first rules again, which no publish brought
    ledger = world.ledger()
    assert [entry.came for entry in ledger.entries] == [50, 80]
    with world.own.read() as tx:
        rules = rules_of(demo.PROJECT_ID, world.here().project.logic_stages[0])
        assert len(first_passes(tx, rules)) >= 120


@pytest.mark.soak
def test_a_task_that_comes_again_does_not_count_again(world):
    world.publish(world.stage())
    world.let_through(120, 5)
    (before,) = world.ledger().entries
    with world.own.work() as tx:
        rows = [dict(row) for row in tx.execute(sa.select(passes)).mappings()]
        again = [{**row, "output": 0} for row in rows]
        for row in again:
            del row["number"]
        tx.execute(passes.insert(), again)
    assert world.ledger().entries == (before,) and before.came == 120


def test_the_command_and_the_library_say_the_same(world, tmp_path):
    here = world.here()
    logic = tmp_path / "edited.json"
    logic.write_text(json.dumps(write_stage(world.stage())), encoding="utf-8")
    data = ("--data", world.hub.data)
    words = ("publish", "write", "--id", demo.PROJECT_ID, "--logic", logic, "--yes", *data)
    done = run_core(*words)
    assert done.returncode == 0, done.stderr
    world.let_through(100, 8)
    done = run_core("ledger", "--json", *data)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document == ledger_document(world.ledger())
    (entry,) = document["entries"]
    assert entry["came"] == 100 and entry["project"] == here.project.id and entry["own"]
    assert sum(one["seen"] for one in entry["outputs"]) == 100
    done = run_core("ledger", "--id", demo.PROJECT_ID, "--host", world.hub.url, *data)
    assert "100 tasks came since" in done.stdout and "The 95 % intervals held" in done.stdout
    for other in (("--id", "nothing"), ("--host", "https://hub.example.com")):
        done = run_core("ledger", *other, *data)
        assert (done.returncode, done.stdout.strip()) == (0, "Nothing was published from here yet.")


@pytest.mark.soak
def test_a_publish_that_nothing_can_be_forecast_of_says_why_and_is_made(world):
    here = world.here()
    empty = here.table.take(np.zeros(0, np.int64))
    world.publish(world.stage(), Workspace(empty, here.project, Dialect()))
    (entry,) = world.ledger().entries
    assert entry.outputs == () and "No task here has the facts" in entry.why
    assert world.ledger().share.of == 0
    with pytest.raises(NothingToPublish):
        world.publish(world.stage())
    assert len(world.ledger().entries) == 1, "what was not published has no forecast"


def test_start_over_takes_the_demos_forecasts_back(world):
    world.publish(world.stage())
    start_over(world.settings, world.store, None)
    assert world.ledger().entries == ()


def test_of_another_hub_histories_tell_what_they_can(hub, tmp_path):
    data = tmp_path / "elsewhere"
    data.mkdir()
    world = World(hub, data)
    world.publish(world.stage(without_people=False))
    (entry,) = world.ledger().entries
    assert not entry.own and entry.came is None and "Read the project again" in entry.why
    came_before = labelled(world.here().table)
    world.let_through(300, 7)
    world.cache.forget(hub.url, demo.PROJECT_ID)
    assert world.ledger().entries[0].why == entry.why, "not before it was read"
    stage = world.here().project.logic_stages[0]
    with world.own.read() as tx:
        went = first_passes(tx, rules_of(demo.PROJECT_ID, stage))
    counts = Counter(one.output for one in went if one.task not in came_before)
    (entry,) = world.ledger().entries
    assert 250 < entry.came == sum(counts.values()) < 300 and not entry.why
    told = [one for one in entry.outputs if one.inside is not None]
    assert 0 < len(told) < len(entry.outputs)
    for place, one in enumerate(entry.outputs):
        assert (one.seen == counts[place]) if one.inside is not None else one.why, one
    words = {one.why for one in entry.outputs if one.why}
    assert any("lead to the same stage" in why for why in words), words
    # somebody else changes the rules: from then on nothing is told
    own = World(hub, hub.data)
    own.publish(own.stage(chance=0.1))
    world.here()
    (entry,) = world.ledger().entries
    assert entry.came is None and "other rules since" in entry.why


def test_an_entry_of_a_newer_version_is_refused_in_words(world):
    world.publish(world.stage())
    with world.store.read() as tx:
        (kept,) = entries_kept(tx)
    newer = kept.document.replace('"version":1', '"version":2')
    assert newer != kept.document
    keep_entry(world.store, replace(kept, document=newer))
    done = run_core("ledger", "--data", world.hub.data)
    assert done.returncode == 2 and "newer Switchyard" in done.stderr
