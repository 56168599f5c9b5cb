"""What the seeds found, each made to happen for sure."""

import sqlite3
from contextlib import closing
from random import Random

import pytest
from survival.invariants import check_run
from survival.test_survival import Worlds, check_far
from survival.world import Project
from waiting import wait_until

from core.plugin_runs.model import Liveness, Run, RunRequest
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.run_keys import KEY_GRACE_SECONDS, mint, run_of_key
from core.store.run_presence import write_presence
from core.store.runs import insert


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    made = Worlds(tmp_path_factory)
    yield made
    made.drop()


@pytest.mark.slow
@pytest.mark.parametrize("days", [40, -40])
def test_a_clock_that_is_set_makes_no_run_late_and_no_plugin_absent(worlds, days):
    world = worlds.near()
    project = Project(world, Random(days), tasks=20)
    run = project.start(15, pause=0.1)
    wait_until(lambda: len(run.acks) > 4, 40)
    world.clock.write_text(str(days * 86_400))
    try:
        assert run.ended().state == "succeeded", run.run.reason
        assert project.start(3).ended().state == "succeeded"
        check_run(world, run)
        assert run.run.elapsed(0) >= 0
    finally:
        world.clock.write_text("0")
    assert project.start(3).ended().state == "succeeded"


@pytest.mark.slow
def test_what_was_stored_upstream_is_counted_once_the_database_can_take_it(worlds):
    """Refused, the plugin would send again what is there already."""
    far, world = worlds.near(), worlds.behind_a_wire()
    project = Project(far, Random(1), tasks=20)
    world.hub.admin("POST", "projects", {"_id": project.id, "name": "Far"})
    project.world = world
    run = project.start(12, pause=0.1)
    wait_until(lambda: len(run.acks) > 4, 40)
    with closing(sqlite3.connect(world.data / "switchyard.db", 30)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        before = len(run.acks)
        # its next import is there, and its answer waits for the lock
        wait_until(lambda: labels_there(far, run) > stored(run), 20)
        assert len(run.acks) <= before + 3
        other.execute("ROLLBACK")
    assert run.ended().state == "succeeded", run.run.reason
    assert run.run.labelled == 12
    check_far(far, run)


def stored(run):
    return sum(ack.startswith("stored") for ack in run.acks)


def labels_there(far, run):
    tasks = far.hub.sdk().get_tasks(run.project.id, limit=100, include_answer=True)
    return sum(
        one["point"][0] == run.mark
        for task in tasks["data"]["tasks"]
        for one in task["answer"]["tools"]
    )


def test_a_key_does_not_hold_again_when_the_clock_is_set_back(tmp_path):
    now = [1_000_000.0]
    store = open_hub(f"sqlite:///{tmp_path / 'switchyard.db'}", lambda: now[0])
    with store.work() as tx:
        ended = Run("s", RunRequest("p", "x"), created_at=1.0, finished_at=now[0])
        insert(tx, ended)
        key = mint(tx, "s").reveal()
        assert run_of_key(tx, key, now[0] + KEY_GRACE_SECONDS) is not None
        assert run_of_key(tx, key, now[0] + KEY_GRACE_SECONDS + 1) is None
        assert run_of_key(tx, key, now[0] - 86_400) is None


def test_what_was_seen_tomorrow_is_not_fresh_today(tmp_path):
    now = [1_000_000.0]
    store = open_hub(f"sqlite:///{tmp_path / 'switchyard.db'}", lambda: now[0])
    registry = Registry(store, tmp_path)
    plugin = registry.add("Detector").plugin.id
    write_presence(store, {plugin: Liveness("live", now[0])})
    assert registry.liveness()[plugin].state == "live"
    now[0] -= 86_400
    assert registry.liveness() == {}
