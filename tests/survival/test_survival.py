"""Real processes, killed and starved at a moment that a seed chooses; what is asked after each
stands in `invariants`.

`SWITCHYARD_SEEDS=200` runs so many; `make soak` does. Each seed is one fault, chosen in turn.
"""

import os
from collections import Counter
from random import Random

import pytest
from plugins.test_connections import Wire
from survival.faults import FAULTS, UPSTREAM
from survival.invariants import check_database, check_project, check_run
from survival.world import Project, World
from waiting import wait_until

SEEDS = int(os.environ.get("SWITCHYARD_SEEDS") or len(FAULTS))


class LyingWire(Wire):
    """A way to a hub that can also answer by itself, when a request has come."""

    lies = b""

    def _pass(self, one, other):
        if not self.lies:
            super()._pass(one, other)
            return
        try:
            while one.recv(65_536):
                one.sendall(self.lies)
                break
        except OSError:
            pass
        self._shut(one, other)


class Worlds:
    """One world for all seeds of a worker; after a failure another one."""

    def __init__(self, folders):
        self._folders = folders
        self._near = self._far = None

    def near(self):
        if self._near is None:
            self._near = World(self._folders.mktemp("world"))
            wait_until(self._near.is_live, 60)
        return self._near

    def behind_a_wire(self):
        """A world whose hub forwards to another hub, and what lies between."""
        far = self.near()
        if self._far is None:
            wire = LyingWire(far.hub.port)
            self._far = World(self._folders.mktemp("near"), wire.url)
            self._far.wire = wire
            wait_until(self._far.is_live, 60)
        self._far.hub.admin("POST", "upstream-key", {"key": far.hub.key})
        return self._far

    def drop(self):
        for world in (self._far, self._near):
            if world is not None:
                world.end()
        if self._far is not None:
            self._far.wire.end()
        self._near = self._far = None


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    made = Worlds(tmp_path_factory)
    yield made
    made.drop()


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", range(SEEDS), ids=lambda seed: f"{seed}-{FAULTS[seed % len(FAULTS)].__name__}"
)
def test_nothing_accepted_is_lost_and_all_that_is_told_is_true(seed, worlds):
    rng, fault = Random(seed), FAULTS[seed % len(FAULTS)]
    project = Project(worlds.near(), rng)
    try:
        survive(rng, fault, worlds, project)
    except BaseException:
        project.stop()
        worlds.drop()
        raise


def survive(rng, fault, worlds, project):
    far, world = fault is UPSTREAM, worlds.near()
    if far:
        world = worlds.behind_a_wire()
        world.hub.admin("POST", "projects", {"_id": project.id, "name": "Far"})
        project.world = world
    project.work()
    run = project.start(rng.randrange(8, 20), dry_run=rng.random() < 0.3)
    wait_until(lambda: run.run.state in ("starting", "running") or run.run.is_final, 40)
    moment = rng.randrange(2, 60)
    wait_until(lambda: len(project.answers) >= moment, 40)
    broken = fault(world, project, run, rng)
    later = project.start(5)  # queued after it, and succeeds
    many = len(project.answers)
    wait_until(lambda: len(project.answers) > many + 5 or not project._threads[0].is_alive(), 40)
    run.ended(60)
    assert later.ended(60).state == "succeeded", later.run.reason
    project.stop()
    check_database(world)
    check_project(worlds.near(), project)
    check_run(world, run, broken)
    check_run(world, later, ("upstream",) if far else ())
    if far:
        check_far(worlds.near(), run)
        check_far(worlds.near(), later)


def check_far(world, run):
    """What came to the host upstream: acknowledged labels once, others once or not at all."""
    stored = {int(ack.split()[1]) for ack in run.acks if ack.startswith("stored")}
    tried = {int(ack.split()[1]) for ack in run.acks if ack.startswith("tried")}
    tasks = world.hub.sdk().get_tasks(run.project.id, limit=100, include_answer=True)
    labels = Counter(
        one["point"][1]
        for task in tasks["data"]["tasks"]
        for one in task["answer"]["tools"]
        if one["point"][0] == run.mark
    )
    assert max(labels.values(), default=1) == 1, "a label came twice"
    assert set(labels) <= (set() if run.dry_run else tried)
    assert run.dry_run or stored <= set(labels)
