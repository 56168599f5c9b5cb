"""The demo's people at work: tasks pass the hub's own workflow, the same way for the same seed."""

import json
from collections import Counter
from random import Random

import pytest
import sqlalchemy as sa
from hub_helpers import run_core

from core import demo
from core.demo import labour as habits
from core.demo.harbour import BEN, CARA, LENA, PEOPLE
from core.errors import InputError
from core.hub.codec import decode
from core.launcher.demo_work import work
from core.launcher.labour import ask_to_stop, is_held, only_one, read_labour
from core.store.hub import open_hub
from core.store.hub_passes import Rules, first_passes
from core.store.tables.hub import history, passes, tasks


def counted(store):
    with store.read() as tx:
        rows = tx.execute(sa.select(passes).order_by(passes.c.number)).all()
    first = {}
    for row in rows:
        first.setdefault(row.task, row.output)
    return Counter(first.values())


def test_the_command_lets_tasks_through_and_prints_what_the_hub_did(settings, store):
    words = ("demo", "work", "--tasks", 80, "--seed", 7, "--speed", 0, "--json")
    done = run_core(*words, "--data", settings.data)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["passed"], said["seed"], said["state"]) == (80, 7, "done")
    (routing,) = said["outputs"]
    assert routing["name"] == "Routing" and len(routing["counts"]) == 8
    assert sum(routing["counts"]) == 80
    assert dict(enumerate(routing["counts"])) == {n: counted(store)[n] for n in range(8)}
    labour = read_labour(store)
    assert (labour.passed, labour.state, labour.seconds_left) == (80, "done", None)


def test_the_same_seed_does_the_same_and_another_one_does_not(settings, packaged, tmp_path):
    def ways(folder, seed):
        store = open_hub(f"sqlite:///{folder / 'switchyard.db'}")
        labour = work(settings, store, 40, seed)
        with store.read() as tx:
            rows = tx.execute(sa.select(tasks).where(tasks.c.passes != "{}")).all()
        store.close()
        return labour.outputs, {(row.id, row.stage, row.total_duration) for row in rows}

    copies = []
    for name, seed in (("one", 3), ("same", 3), ("other", 4)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "switchyard.db").write_bytes((packaged / "switchyard.db").read_bytes())
        copies.append(ways(folder, seed))
    assert copies[0] == copies[1] != copies[2]


def test_new_pictures_arrive_where_too_few_tasks_wait(settings, store):
    with store.read() as tx:
        waiting = tx.scalar(sa.select(sa.func.count()).where(tasks.c.stage == "Label"))
    assert 100 < waiting < 260
    labour = work(settings, store, 260, 1)
    assert labour.passed == 260
    with store.read() as tx:
        own = tasks.c.parent.is_(None)
        assert tx.scalar(sa.select(sa.func.count()).where(own)) == 5012 + 260 - waiting
        left = tx.execute(sa.select(tasks.c.id).where(tasks.c.stage == "Label")).all()
        entries = tx.execute(sa.select(history.c.entry)).scalars()
        people = {decode(entry).get("completedBy") for entry in entries}
    assert left == [], "everybody worked until the tasks rest"
    assert people <= {person.address for person in PEOPLE} | {None, ""}


def test_work_stops_when_asked_and_one_works_at_a_time(settings, store):
    told = []

    def pause(_):
        told.append(is_held(settings.data))
        with pytest.raises(InputError, match="another window"), only_one(settings.data):
            pass
        ask_to_stop(store, read_labour(store).id)

    labour = work(settings, store, 100, 7, speed=40, pause=pause)
    assert (labour.state, labour.passed) == ("stopped", 10) and told == [True]
    assert not is_held(settings.data) and read_labour(store) == labour
    assert sum(labour.outputs[0].counts) == 10


def test_a_time_left_is_told_once_there_is_a_pace(settings, store):
    seen = []

    def pause(seconds):
        seen.append((seconds, read_labour(store).seconds_left))

    work(settings, store, 24, 7, speed=32, pause=pause)
    assert [seconds for seconds, _ in seen] == [0.25, 0.25]
    assert all(left is not None and left > 0 for _, left in seen)


def test_what_cannot_be_worked_on_is_said_in_a_sentence(tmp_path):
    done = run_core("demo", "work", "--data", tmp_path)
    assert done.returncode == 2 and "is not in this data folder" in done.stderr
    assert "demo reset" in done.stderr
    done = run_core("demo", "work", "--tasks", 0, "--data", tmp_path)
    assert done.returncode == 2 and "--tasks" in done.stderr


def test_each_pass_is_written_down_with_the_facts_and_rules_it_had(settings, store):
    work(settings, store, 30, 7)
    with store.read() as tx:
        rows = tx.execute(sa.select(passes)).all()
        (rules,) = {row.rules for row in rows}
        first = first_passes(tx, Rules(demo.PROJECT_ID, rows[0].stage, rules))
        entries = Counter(tx.execute(sa.select(history.c.task)).scalars())
    assert len(first) == 30 == len({one.task for one in first})
    assert all(0 < one.entries <= entries[one.task] for one in first)


def rejected(labeler, many=3_000):
    rng = Random(1)
    task = habits.Waiting("t", ["2026-09-09 north quay"], {}, LENA.address, labeler.address)
    done = [habits.review(rng, task, "Review") for _ in range(many)]
    return sum(one.review == "Rejected" for one in done) / many


def test_people_keep_their_habits():
    assert rejected(BEN) == pytest.approx(BEN.rejects, abs=0.03)
    assert rejected(CARA) == pytest.approx(CARA.rejects, abs=0.015)
    rng = Random(2)

    def spent(who):
        task = habits.Waiting("t", ["2026-09-09 north quay"], {}, who.address)
        done = [habits.label(rng, task, "2026-11-01T00:00:00.000Z") for _ in range(400)]
        assert {one.by for one in done} == {who.address}
        return sum(one.duration for one in done)

    assert spent(CARA) > 2.5 * spent(BEN)
