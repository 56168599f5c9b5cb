"""Is the hub behaving, from histories: worlds with loops, chains and changing facts.

A small hub that knows nothing of the product walks tasks through workflows; of what it wrote down
the verdict must call it off at most one time in twenty, whatever cannot be followed.
"""

import io
import json
import random
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from small_world import chance, has, took

from core import demo
from core.ango_json.project import read_project
from core.ango_json.stages import read_stages
from core.ango_json.text import loads
from core.errors import InputError
from core.export.reader import read_path, read_stream
from core.model.dialect import Dialect
from core.model.project import Project
from core.routing.document import behaving_document
from core.routing.engine.exact import LEVEL
from core.routing.engine.shape import Shape
from core.routing.observed.conformance import Followed, judged, judged_passes
from core.tasks import bits
from core.tasks.table import Counts
from core.tasks.transitions import passed
from core.workspace import Workspace

WORLDS, TASKS = 250, 70


def stage(kind, name, *following, rules=()):
    more = {"logic": {"conditions": [r | {"index": n} for n, r in enumerate(rules)]}}
    return {"id": name, "name": name, "type": kind, "next": list(following)} | (
        more if kind == "Logic" else {}
    )


def logic(name, *ways):
    """Rules with their targets, Else last as a target alone."""
    return stage(
        "Logic", name, *(t for _, t in ways[:-1]), ways[-1], rules=[r for r, _ in ways[:-1]]
    )


LABEL, DONE = stage("Label", "Label", "L"), stage("Complete", "Done")
EXPERT, CHECK = stage("Review", "Expert", "Done", "Label"), stage("Review", "Check", "Done", "Hold")
HOLD = stage("Hold", "Hold", "Done")
WORLD = {
    "a reject and a rule lead to Label": (
        [
            stage("Label", "Label", "Review"),
            stage("Review", "Review", "L", "Label"),
            logic("L", (chance(0.3), "Label"), (chance(0.2), "Expert"), (has("A"), "Hold"), "Done"),
        ],
        {0},
    ),
    "logic to logic": (
        [
            LABEL,
            logic("L", (chance(0.3), "M"), (chance(0.25), "Expert"), (has("A"), "Check"), "Done"),
            logic("M", (chance(0.5), "Done"), "Hold"),
        ],
        {0, 3},
    ),
    "logic to webhook": (
        [
            LABEL,
            logic("L", (chance(0.3), "W"), (chance(0.2), "Expert"), (has("A"), "Check"), "Hold"),
            stage("Webhook", "W", "Done"),
        ],
        {0},
    ),
    "an output that is not wired": (
        [
            LABEL,
            logic("L", (has("A"), "Check"), (chance(0.4), None), (chance(0.3), "Expert"), "Done"),
        ],
        {1},
    ),
    "a chain before": (
        [
            stage("Label", "Label", "K"),
            logic("K", (has("A"), "Hold"), (chance(0.5), "L"), (took(0, 4_000), "W"), "Done"),
            stage("Webhook", "W", "L"),
            logic("L", (chance(0.25), "Expert"), (took(0, 2_000), "Check"), "Done"),
        ],
        {2},
    ),
    "rework that changes the facts": (
        [
            LABEL,
            logic(
                "L", (has("A"), "Label"), (chance(0.3), "Expert"), (took(0, 2_000), "Check"), "Done"
            ),
        ],
        set(),
    ),
    "two outputs to one stage": (
        [
            LABEL,
            logic(
                "L", (chance(0.3), "Expert"), (has("A"), "Check"), (chance(0.5), "Expert"), "Done"
            ),
        ],
        set(),
    ),
    "rework by chance": (
        [
            LABEL,
            logic(
                "L", (chance(0.5), "Label"), (has("A"), "Check"), (chance(0.3), "Expert"), "Done"
            ),
        ],
        set(),
    ),
}


def workflow(name):
    own, untold = WORLD[name]
    known = {one["id"] for one in own}
    return own + [s for s in (EXPERT, CHECK, HOLD, DONE) if s["id"] not in known], untold


def matches(rule, task, dice):
    value = rule["value"]
    if rule["type"] == "RandomSample":
        return dice.random() < value
    if rule["type"] == "Duration":
        return value[0] <= sum(entry["duration"] for entry in task["stageHistory"]) <= value[1]
    return ("A" in task["has"]) == (value["tools"][0]["filter"] == ["exists"])


def walk(stages, number, dice):
    """One task's way, as an export tells it."""
    by_id = {one["id"]: one for one in stages}
    task, at = {"taskId": f"t{number}", "stageHistory": [], "has": set()}, "Label"
    while True:
        here = by_id[at]
        if here["type"] == "Logic":
            rules = [*here["logic"]["conditions"], None]
            pairs = zip(rules, here["next"], strict=True)
            target = next(t for r, t in pairs if r is None or matches(r, task, dice))
        elif here["type"] == "Webhook":
            target = here["next"][0]
        elif at == "Done" or dice.random() < 0.1:
            break
        else:
            if at == "Label":
                task["has"] = {"A"} if dice.random() < 0.4 else set()
            entry = {"stageId": at, "stage": at, "duration": dice.randrange(500, 3_000)}
            accepted = here["type"] != "Review" or dice.random() < 0.7
            if here["type"] == "Review":
                entry["reviewStatus"] = "Accepted" if accepted else "Rejected"
            entry["tools"] = [{"schemaId": one} for one in task["has"]]
            task["stageHistory"].append(entry)
            target = here["next"][0 if accepted else 1]
        if target is None:
            break
        at = target
    spent = sum(entry["duration"] for entry in task["stageHistory"])
    tools = [{"schemaId": one} for one in task.pop("has")]
    return {"task": task | {"stage": at, "stageId": at, "tools": tools, "totalDuration": spent}}


@cache
def table_of(name):
    """Tasks of many worlds, one after the other."""
    stages, dice = workflow(name)[0], random.Random(11)
    items = json.dumps([walk(stages, n, dice) for n in range(WORLDS * TASKS)]).encode()
    return read_stream(io.BytesIO(items), "x.json")


def worlds(table, size):
    """The table in parts of so many tasks; what is kept of a part costs what the part has."""
    for start in range(0, len(table), 25 * size):
        place = np.arange(len(table))
        some = table.keep((place >= start) & (place < start + 25 * size), Counts())
        for first in range(0, len(some), size):
            yield some.keep(np.arange(len(some)) // size == first // size, Counts())


def read(stages):
    project = Project(id="", name="", stages=read_stages(stages))
    return project, next(s for s in project.logic_stages if s.id == "L")


def behaved(table, stages, stage=None, **dialect):
    """The verdict; `stages` as an export has them, or as `read` gives them."""
    project, own = read(stages) if isinstance(stages, list) else stages
    return Workspace(table, project, Dialect(**dialect)).behaved(stage or own)


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLD)
def test_a_hub_that_behaves_is_called_off_at_most_one_time_in_twenty(name):
    stages, untold = workflow(name)
    table, known = table_of(name), read(stages)
    each = [behaved(one, known).behaving for one in worlds(table, TASKS)]
    assert len(each) == WORLDS
    off = each.count(False)
    assert off / WORLDS <= LEVEL + 4 * (LEVEL * (1 - LEVEL) / WORLDS) ** 0.5
    whole = behaving_document(behaved(table, stages))
    assert whole["behaving"]
    assert {row["output"] for row in whole["counts"] if not row["told"]} == untold
    assert all(row["observed"] is None for row in whole["counts"] if not row["told"])
    told = [row for row in whole["counts"] if row["told"]]
    assert any(row["low"] < row["high"] for row in told)  # chance is left to judge by
    assert all(row["observed"] > TASKS for row in told)


@pytest.mark.parametrize("name", WORLD)
def test_another_setting_is_noticed_wherever_it_can_be(name):
    stages, untold = workflow(name)
    table = table_of(name)
    _, own = read(stages)
    places = [
        place
        for place, rule in enumerate(own.rules)
        if rule.type == "RandomSample" and place not in untold
    ]
    for place in places:
        # what the rules say now is not what the hub did
        said = json.loads(json.dumps(stages))
        conditions = next(s for s in said if s["id"] == "L")["logic"]["conditions"]
        conditions[place]["value"] += 0.15
        found = behaved(table, said)
        rows = {row["output"]: row for row in behaving_document(found)["counts"]}
        assert not found.behaving and rows[place]["adjusted"] <= LEVEL


def test_a_rule_that_is_off_does_not_blame_those_below():
    stages, _ = workflow("rework by chance")
    said = json.loads(json.dumps(stages))
    conditions = next(s for s in said if s["id"] == "L")["logic"]["conditions"]
    conditions[0]["value"] = 0.35
    known = read(said)
    found = [behaved(one, known).counts for one in worlds(table_of("rework by chance"), 100)]
    runs, blamed = len(found), sum(any(count.off for count in one[1:]) for one in found)
    assert runs == 175 and sum(one[0].off for one in found) > 0.6 * runs
    assert blamed / runs <= LEVEL + 4 * (LEVEL * (1 - LEVEL) / runs) ** 0.5


def test_passes_of_which_all_is_told_are_judged_like_counts_of_the_same_tasks():
    chances, dice = (0.2, 0.4, 0.1), np.random.default_rng(3)
    law = np.array([0.2, 0.8 * 0.4, 0.8 * 0.6 * 0.1, 0.8 * 0.6 * 0.9])
    labels = ["Rule 1", "Rule 2", "Rule 3", "Else"]
    for counts in dice.multinomial(90, law, 40):
        passes = Followed(counts[None, :], law[None, :])
        found = judged_passes([(n, (i,)) for i, n in enumerate(labels)], passes)
        expected = judged(Shape((0, 0, 0, 90), chances), labels, counts.tolist(), "same")
        for one, other in zip(found.counts, expected.counts, strict=True):
            assert (one.low, one.high, one.observed) == (other.low, other.high, other.observed)
            assert one.adjusted == pytest.approx(other.adjusted)


def test_a_task_where_it_cannot_be_is_off_even_where_the_sums_fit():
    passes = Followed(np.array([[9, 1], [1, 9]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    found = judged_passes([("A", (0,)), ("B", (1,))], passes)
    assert not found.behaving and "some of which cannot have gone there" in found.sentences[0]
    nowhere = Followed(np.array([[0, 3], [5, 5]]), np.array([[0.0, 0.0], [0.5, 0.5]]))
    assert not judged_passes([("A", (0,)), ("B", (1,))], nowhere).behaving


# ---- which passes, and which facts -----------------------------------------------------------


def entry(at, review=None, **more):
    return {"stageId": at, "stage": at, "completedBy": "a@example.com", **more,
            **({"reviewStatus": review} if review else {})}  # fmt: skip


def table_from(ways):
    items = [
        {"task": {"taskId": key, "stage": now, "stageId": now, "stageHistory": history, **more}}
        for key, (now, history, more) in ways.items()
    ]
    return read_stream(io.BytesIO(json.dumps(items).encode()), "x.json")


def test_first_passes_are_followed_to_the_stage_behind():
    stages = [
        stage("Label", "Label", "Check"),
        stage("Review", "Check", "L", "Label"),
        logic("L", (chance(0.2), "Expert"), (chance(0.5), "Label"), "Done"),
        stage("Review", "Expert"),
        DONE,
    ]
    went = {
        "t1": ("Done", [entry("Label"), entry("Check", "Accepted")]),
        "t2": ("Check", [entry("Check", "Accepted"), *map(entry, ("Expert", "Check", "Done"))]),
        "t3": ("Label", [entry("Check", "Rejected")]),
        "t4": ("Check", [entry("Label")]),
        "t5": ("Expert", [entry("Check", "Accepted")]),
        "t6": ("Elsewhere", [entry("Check", "Accepted")]),
    }  # fmt: skip
    table = table_from({key: (*way, {}) for key, way in went.items()})
    project, own = read(stages)
    found = passed(table, own, project.stages, bits.everything(len(table)), 3)
    names = [found.cells[c].target if c >= 0 else None for c in found.cell]
    assert names == ["Done", "Expert", None, None, "Expert", None]
    assert found.entry.tolist() == [1, 2, -1, -1, 8, -1]
    assert found.lost == 2 and list(found.untold) == [1]
    some = bits.of_rows(np.array([0]), len(table))
    assert Counter(passed(table, own, project.stages, some, 3).cell.tolist()) == {-1: 5, 2: 1}


STAGES = [LABEL, logic("L", (has("A"), "Check"), (chance(0.5), "Expert"), "Done"),
          EXPERT, CHECK, HOLD, DONE]  # fmt: skip
A = {"tools": [{"schemaId": "A"}]}


def test_a_pass_is_judged_by_the_facts_at_that_leaving():
    """Each had A when it left Label first, and lost it in a second labelling."""
    history = [entry("Label", **A), entry("Check", "Rejected", **A), entry("Label", tools=[])]
    table = table_from({f"t{n}": ("Done", history, {"tools": []}) for n in range(50)})
    found = behaved(table, STAGES)
    assert found.behaving and found.counts[0].observed == 50 == found.counts[0].low
    other = behaved(table, STAGES, at="Label")
    assert other == found  # a pass has facts of its own


def test_the_facts_of_the_end_count_where_nothing_came_after_or_nothing_else_is_known():
    last = [entry("Label", tools=[]), entry("Check", "Rejected"), entry("Label")]
    table = table_from({f"t{n}": ("Check", last[2:], A) for n in range(30)})
    found = behaved(table, STAGES)
    assert found.behaving and found.total == 30 and "the end's count" not in str(found.sentences)
    bare = table_from({f"t{n}": ("Done", [entry("Label"), entry("Check", "Accepted")], A)
                       for n in range(30)})  # fmt: skip
    found = behaved(bare, STAGES)
    assert found.behaving and found.total == 30
    assert "30 tasks have no facts of then in their histories: the end's count." in found.sentences


def test_a_pass_of_which_a_fact_is_not_known_does_not_count():
    history = [entry("Label"), entry("Check", "Accepted", tools=[])]
    table = table_from({f"t{n}": ("Done", history, A) for n in range(9)})
    found = behaved(table, STAGES)
    assert found.total == 0 and found.behaving
    assert any(s.startswith("9 tasks left with facts that their histories do not hold")
               for s in found.sentences)  # fmt: skip


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(InputError, match="read with the workflow"):
        Workspace(table_from({}), None, Dialect()).behaved(read(STAGES)[1])
    with pytest.raises(InputError, match="no task came through L"):
        behaved(table_from({"t": ("Label", [], {})}), STAGES)


def test_rules_without_an_id_are_those_of_the_only_stage_that_they_can_be_of():
    table = table_from({"t": ("Done", [entry("Label", tools=[])], {})})
    own = replace(read(STAGES)[1], id="", name="rules")
    found = behaved(table, STAGES, own)
    assert found.total == 1 and "taken for those of L, since no stage" in found.sentences[-1]
    two = [*STAGES, logic("K", (chance(0.5), "Hold"), "Done")]
    with pytest.raises(InputError, match="no Logic stage without an id") as caught:
        behaved(table, two, own)
    assert "L (L), K (K)" in str(caught.value)
    assert behaved(table, two, replace(own, name="L")).total == 1


def test_the_demo_behaves_whichever_facts_are_on_show():
    project = read_project(loads(demo.PROJECT.read_text(encoding="utf-8")))
    table, own = read_path(demo.EXPORT), project.logic_stages[0]
    found = Workspace(table, project, Dialect()).behaved(own)
    assert found.behaving and found.total > 4_700
    assert Workspace(table, project, Dialect(at="Label")).behaved(own) == found
    wrong = own.with_rules((*own.rules[:4], own.rules[5], own.rules[4], *own.rules[6:]))
    assert not Workspace(table, project, Dialect()).behaved(wrong).behaving
