"""Changes that send a task elsewhere, against every task of a small world."""

import io
import json
import random
from dataclasses import replace

import naive
import pytest
from small_world import BINARY, LATER, batches, chance, has, people, stage_of, took, world

from core.ango_json.project import read_project
from core.errors import UnknownName
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.workspace import Workspace

WORLD = world()
FACTS = ("A", "B", "annotators", "batches", "duration")


def workspace(tasks, project=None, **dialect):
    items = [
        {
            "_id": f"t{n}",
            "answer": {"tools": [{"schemaId": c} for c in sorted(task["schema_ids"])]},
            "batches": sorted(task["batches"]),
            "assignee": next(iter(task["annotators"]), None),
            "totalDuration": task["duration"],
        }
        for n, task in enumerate(tasks)
    ]
    table = read_stream(io.BytesIO(json.dumps(items).encode()), "tasks.json")
    return Workspace(table, read_project(project) if project else None, Dialect(**dialect))


def fate(conditions, task):
    """The rule that takes the task for certain if it gets there."""
    verdicts = [naive.condition_matches(c, task) for c in conditions]
    return next((i for i, v in enumerate(verdicts) if v is True or v == 1.0), len(verdicts))


def differs(one, other):
    """In which facts two tasks differ."""
    return {
        fact
        for fact in FACTS
        if (
            (fact in one["schema_ids"]) != (fact in other["schema_ids"])
            if len(fact) == 1
            else one[fact] != other[fact]
        )
    }


def test_exactly_the_outputs_that_one_or_two_changes_reach_are_named():
    dice, work = random.Random(1), workspace(WORLD)
    pool = [c for c in BINARY if c is not LATER]
    for _ in range(150):
        conditions = [dice.choice(pool) for _ in range(3)]
        stage, place = stage_of(*conditions), dice.randrange(len(WORLD))
        task = WORLD[place]
        now = fate(conditions, task)
        one, two = (
            {fate(conditions, o) for o in WORLD if 0 < len(differs(task, o)) <= most} - {now}
            for most in (1, 2)
        )
        # a duration that is known does not become unknown
        if task["duration"] is not None:
            known = [o for o in WORLD if o["duration"] is not None]
            one, two = (
                {fate(conditions, o) for o in known if 0 < len(differs(task, o)) <= most} - {now}
                for most in (1, 2)
            )
        found = work.why(stage, f"t{place}")
        assert found.output == now, conditions
        assert {c.output for c in found.changes if c.facts == 1} == one, (conditions, task)
        assert {c.output for c in found.changes if c.facts == 2} == two - one, (conditions, task)


def test_every_change_of_rules_is_what_the_changed_stage_does():
    dice, work = random.Random(2), workspace(WORLD)
    seen = 0
    for _ in range(80):
        conditions = [dice.choice(BINARY) for _ in range(4)]
        place = dice.randrange(len(WORLD))
        found = work.why(stage_of(*conditions), f"t{place}")
        for change in found.changes:
            if change.facts or found.output == len(conditions):
                continue
            seen += 1
            order = list(range(4))
            order.remove(found.output)
            if "stood above" in change.words:
                lower = int(change.words.split()[2]) - 1
                order = [i for i in range(4) if i != lower]
                order.insert(found.output, lower)
            new = [*order, 4][fate([conditions[i] for i in order], WORLD[place])]
            assert new == change.output != found.output
    assert seen > 40


def task(classes="", person=None, batch="", duration=None):
    people_of = {person} if person else set()
    known = {"schema_ids": set(classes), "annotators": people_of, "batches": set(batch)}
    return known | {"duration": duration}


def changes(conditions, one, **dialect):
    work = workspace([one], **dialect)
    return [(c.words, c.output) for c in work.why(stage_of(*conditions), "t0").changes]


def test_the_sentences_say_what_is_and_what_would_be():
    rules = [took(120_000), has("A", "-B"), people("ada@example.com"), batches("q")]
    found = changes(rules, task("B", "bob@example.com", "z", 116_000))
    assert found == [
        ("at 2 min or more (it took 1 min 56 s)", 0),
        ("in batch q", 3),
        ("annotated by ada@example.com too", 2),
        ("with unknown class A and without B", 1),
    ]
    assert ("annotated by ada@example.com instead", 2) in changes(
        rules, task("B", "bob@example.com", "z", 116_000), annotator="last"
    )


@pytest.mark.parametrize(
    ("bounds", "spent", "words"),
    [
        ((120_000, None), 60_000, "at 2 min or more (it took 1 min)"),
        ((None, 60_000), 90_000, "at 1 min or less (it took 1 min 30 s)"),
        ((60_000, 90_000), 95_000, "at 1 min to 1 min 30 s (it took 1 min 35 s)"),
        ((60_000, 60_000), 95_000, "at exactly 1 min (it took 1 min 35 s)"),
        ((60_000, None), None, "at 1 min or more (its time is not known)"),
        ((None, None), None, "at any known time (its time is not known)"),
    ],
)
def test_a_stretch_of_durations_in_words(bounds, spent, words):
    assert changes([took(*bounds)], task(duration=spent)) == [(words, 0)]


def test_leaving_a_stretch_names_the_nearest_side():
    found = changes([took(60_000, 90_000)], task(duration=85_000))
    assert found[0] == ("at more than 1 min 30 s (it took 1 min 25 s)", 1)
    found = changes([took(60_000, 90_000)], task(duration=65_000))
    assert found[0] == ("at less than 1 min (it took 1 min 5 s)", 1)
    assert found[1] == ("if rule 1 were switched off", 1)


def test_a_random_rule_above_is_part_of_the_answer():
    found = workspace([task("A")]).why(stage_of(chance(0.2), has("B"), has("A")), "t0")
    assert (found.output, found.chance) == (2, 0.8)
    by_class = next(c for c in found.changes if c.output == 1)
    assert by_class.words == "with unknown class B" and by_class.chance == 0.8


def test_batches_are_looked_up_and_switched_off_rules_left_out():
    project = {"_id": "p", "name": "P", "batches": [{"_id": "b1", "name": "north"}], "stages": []}
    work = workspace([task()], project)
    stage = stage_of(batches("b1"), batches("north"), batches("gone"))
    found = work.why(stage, "t0").changes
    assert [(c.words, c.output) for c in found] == [("in batch north", 0)]
    first = stage.rules[0]
    off = stage.with_rules((replace(first, enabled=False), *stage.rules[1:]))
    assert [(c.words, c.output) for c in work.why(off, "t0").changes] == [("in batch north", 0)]


def test_without_annotations_no_class_is_supposed_and_no_task_is_no_task():
    items = [{"_id": "t0"}]
    table = read_stream(io.BytesIO(json.dumps(items).encode()), "tasks.json")
    work = Workspace(table, None, Dialect())
    assert work.why(stage_of(has("A"), has()), "t0").changes == ()
    with pytest.raises(UnknownName):
        work.why(stage_of(), "gone")
