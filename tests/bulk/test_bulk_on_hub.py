"""Random operations on a real hub: what it then has is what the preview showed, task by task."""

import os
import random
from collections import Counter

import pytest
from bulk.world import BATCHES, ID, PEOPLE, STAGES

from core.bulk.carry_out import carry_out
from core.bulk.operation import Assigning, BulkFilter, Operation, Prioritising
from core.bulk.preview import preview
from core.bulk.situation import look, needs_of
from core.errors import NothingToChange
from core.gateway.protocol import Requeueing

OPERATIONS = int(os.environ.get("SWITCHYARD_OPERATIONS") or 60)
"""`make soak` carries out 200."""
PLACES = [stage["id"] for stage in STAGES if "consensusId" not in stage]
EVERYWHERE = [stage["id"] for stage in STAGES]


def any_change(chance):
    kind = chance.choice(["requeue", "requeue", "requeue", "priority", "assign"])
    if kind == "priority":
        return Prioritising(chance.choice([-1_000, -3, 0, 5, 1_000]))
    if kind == "assign":
        return Assigning(chance.choice(PEOPLE))
    removals = [chance.random() < 0.3 for _ in range(3)]
    return Requeueing(chance.choice(PLACES), *removals)


def any_filter(chance, rows):
    tasks = sorted(rows)
    some = tuple(chance.sample(tasks, chance.randint(1, 12)))
    kinds = {
        "tasks": some,
        "external_ids": tuple(f"{chance.randrange(55)}.jpg" for _ in range(9)),
        "assets": tuple(rows[one]["asset"] for one in some),
        "batches": tuple(chance.sample([*BATCHES, *BATCHES.values()], 1)),
        "stages": tuple(chance.sample(EVERYWHERE, chance.randint(1, 4))),
    }
    wanted = chance.choice([0, 1, 1, 1, 2])
    return BulkFilter(**{name: kinds[name] for name in chance.sample(list(kinds), wanted)})


def any_operation(chance, rows):
    change, chosen = any_change(chance), any_filter(chance, rows)
    if getattr(change, "to", "") == "sealed":  # what is there once does not come out again
        chosen = BulkFilter(tasks=(chance.choice(sorted(rows)),))
    return Operation(change, chosen)


def people_work(world, chance):
    """Somebody submits a few tasks, so that there are histories, judgments and passes."""
    rows = world.rows()
    for task in chance.sample(sorted(rows), min(5, len(rows))):
        world.submit(task, chance.choice([0, 1, 2]), chance.choice([500, 70_000]))


def told(row):
    return {name: row[name] for name in ("stage", "assignee", "priority", "answer", "entries")}


def labels(row):
    """How many labels a row's answer holds."""
    return (row["answer"] or "").count('"objectId"')


@pytest.mark.slow
def test_what_the_hub_then_has_is_what_the_preview_showed(world, door):
    chance, certain, random_ones, kinds = random.Random(4), 0, 0, set()
    for turn in range(OPERATIONS):
        people_work(world, chance)
        before = world.rows()
        asked = any_operation(chance, before)
        project = world.gateway.read_project(ID)
        seen = look(world.gateway, project, needs_of(asked, project))
        shows = preview(asked, seen)
        if not shows.touched:
            with pytest.raises(NothingToChange):
                carry_out(world.gateway, seen, shows, door)
            assert world.rows() == before
            continue
        kinds.add((type(asked.change), getattr(asked.change, "to", "")))
        carried = carry_out(world.gateway, seen, shows, door)
        assert carried.whole, (turn, asked, carried)
        after = world.rows()
        touched = {one.task.id: one for one in shows.touched}
        for task, then in touched.items():
            row, about = after[task], (turn, asked, then, before[task])
            assert row["stage"] in then.stages, about
            place = then.stages.index(row["stage"])
            assert then.assignees is not None and row["assignee"] == then.assignees[place], about
            assert row["priority"] == then.priority, about
            if then.annotations is not None:
                assert labels(row) == then.annotations, about
            else:
                assert row["answer"] == before[task]["answer"], about
            wanted = before[task]["entries"] if then.history is None else then.history
            assert row["entries"] == wanted, about
            certain, random_ones = (
                certain + (len(then.stages) == 1), random_ones + (len(then.stages) > 1)
            )  # fmt: skip
        moved = {t for t in touched if isinstance(asked.change, Requeueing)}
        for task, row in before.items():
            if row["parent"] in moved:
                assert task not in after, "the judgments of a task that moves are lost"
            elif task not in touched:
                assert after[task] == row, (turn, asked, row, after[task])
        judged = Counter(row["parent"] for row in after.values() if row["parent"] in moved)
        assert judged == {task: 2 for task in moved if after[task]["stage"] == "both"}
        lost = [row for row in before.values() if row["parent"] in moved]
        assert shows.losses.judgments == len(lost)
        assert shows.losses.submitted == sum(row["status"] == "Completed" for row in lost)
        if isinstance(asked.change, Requeueing):
            gone = sum(before[t]["entries"] for t in moved) if asked.change.remove_history else 0
            assert shows.losses.history == gone
            had = sum(labels(before[t]) for t in moved) if asked.change.remove_annotations else 0
            assert shows.losses.annotations == had
            held = sum(before[t]["assignee"] is not None for t in moved)
            assert shows.losses.assignees == (held if asked.change.remove_assignee else 0)
        count = sum(one.tasks for one in shows.left_out)
        assert len(touched) + count == shows.fits == sum(move.tasks for move in shows.moves) + count
    assert certain > 500 and random_ones > 20, "chance alone decides of few"
    assert len(kinds) > len(PLACES), "each stage was a target, and both other changes were made"
