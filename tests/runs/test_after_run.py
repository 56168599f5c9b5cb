"""Where a run's tasks go, without its labels and with them: plugins and Logic meet."""

import json

import pytest
from harbour_helpers import Harbour
from hub_helpers import run_core

from core.after_run import after_run
from core.demo import pixels
from core.demo.harbour import stage_id


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    running = Harbour(tmp_path_factory.mktemp("after"))
    yield running
    running.end()


def ferries():
    """Images on which the plugin sees a ferry and no person, by its usual config."""
    seen = [
        {one.name for one in pixels.draw(number)[1] if one.area >= 40}
        for number in range(pixels.IMAGES)
    ]
    return sum("ferry" in names and "person" not in names for names in seen)


def arrivals(after):
    return {one.stage: (one.before, one.after) for one in after.stages}


def test_a_dry_run_says_what_it_would_move_and_applied_it_has_moved_that(harbour):
    dry = harbour.run(dry_run=True)
    would = after_run(harbour.store, dry)
    assert would.tasks == would.all_tasks == dry.tasks and would.logic == "Routing"
    double = stage_id("Double check")
    assert ferries() >= 3
    assert arrivals(would)[double] == (pytest.approx(0), pytest.approx(ferries()))
    assert would.moved == pytest.approx(ferries())
    total = (sum(one.before for one in would.stages), sum(one.after for one in would.stages))
    assert total == pytest.approx((dry.tasks, dry.tasks))

    applied = harbour.labels.apply(dry.session)
    has = after_run(harbour.store, applied)
    assert arrivals(has) == arrivals(would)
    done = run_core("run", "routes", applied.session, "--data", harbour.data, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["moved"] == has.moved and said["stages"][0]["stage"] == has.stages[0].stage
    # taken back, it would move them again
    undone, _ = harbour.labels.undo(applied.session)
    assert arrivals(after_run(harbour.store, undone)) == arrivals(would)


def test_a_run_without_labels_moves_nothing_and_says_so(harbour):
    run = harbour.run(dry_run=True, config='{"classes": []}')
    assert after_run(harbour.store, run) is None
    done = run_core("run", "routes", run.session, "--data", harbour.data)
    assert done.returncode == 2 and "no tasks that a Logic stage could send on" in done.stderr
