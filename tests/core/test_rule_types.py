"""A made-up rule type goes through the whole library without a change elsewhere."""

import pytest
from made_up_type import Quick, QuickRule
from small_world import chance, has, stage_of, took, workspace_of

from core.ango_json.conditions import read_condition, write_condition
from core.ango_json.drafts import read_draft, write_draft
from core.ango_json.stages import write_stage
from core.ango_json.text import dumps, loads
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.rules import Malformed, Unknown
from core.routing import edit
from core.routing.sentence import sentence
from core.routing.versions.align import pair
from core.rule_types.registry import TYPES, type_of

TASKS = [{"took": 5}, {"took": 10}, {"took": 20, "classes": "A"}, {}]


def quick(value):
    return {"type": "Quick", "value": value}


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setitem(TYPES, "Quick", QuickRule())


@pytest.fixture
def work(known):
    return workspace_of(TASKS)


def test_a_type_that_is_not_in_the_table_cannot_be_simulated():
    condition, _ = read_condition(quick(7))
    assert condition == Unknown("Quick", "its type is not one of the five known ones")


def test_the_table_counts_its_types(known):
    assert (
        read_condition({"type": "Later"})[0].reason == "its type is not one of the six known ones"
    )


@pytest.mark.parametrize("type_", TYPES.values(), ids=TYPES)
def test_what_a_new_rule_starts_with_is_read_back(type_):
    names, dialect = Names({"A": "Vessel"}, {}, {"b1": "north"}, ("p@q.r",)), Dialect()
    new = type_.new(dialect, names)
    assert type_of(new) is type_
    assert read_condition(write_condition(new, 0)) == (new, ())
    assert type_.normal(new, dialect) == type_.normal(new, dialect)
    assert sentence(new, names, dialect)


def test_it_is_read_and_written_without_loss(known):
    entry = {"value": "7", "type": "Quick", "index": 0}
    stage = stage_of(entry)
    assert stage.active[0].condition == Quick(7.0)
    assert [note.code for note in stage.active[0].notes] == ["number.as_text"]
    assert write_stage(stage)["logic"]["conditions"] == [entry]
    edited = edit.set_condition(stage, stage.rules[0].id, Quick(8.5))
    assert loads(dumps(write_stage(edited)))["logic"]["conditions"][0]["value"] == 8.5
    assert read_draft(write_draft(edited)).active[0].condition == Quick(8.5)


def test_a_wrong_value_of_it_is_an_error_at_its_place(work):
    stage = stage_of(quick("soon"))
    assert stage.active[0].condition == Malformed("Quick", "the limit is not a number")
    (problem,) = [p for p in work.check(stage) if p.severity == "error"]
    assert (problem.code, problem.subject, problem.message) == (
        "value.malformed", 0, "The limit is not a number; the rule matches no task.",
    )  # fmt: skip
    words = sentence(stage.active[0].condition, work.names, work.dialect)
    assert words == "Quick task that matches nothing: the limit is not a number"


def test_its_own_remarks_are_findings(work):
    assert "quick.empty" in [p.code for p in work.check(stage_of(quick(0)))]


def test_tasks_are_split_by_it(work):
    split = work.split(stage_of(quick(10), chance(0.5), took(0, None)))
    counts = [(o.type, o.sentence, o.count.certain, o.count.expected) for o in split.outputs]
    assert counts == [
        ("Quick", "took less than 0.01 s", 1, 1.0),
        ("RandomSample", "50 % at random", 0, 1.5),
        ("Duration", "took at least 0 s", 0, 1.0),
        ("Else", "everything else", 0, 0.5),
    ]


def test_a_task_is_followed_through_it(work):
    steps = work.trace(stage_of(quick(10), has("A")), "t2").steps
    assert [(s.verdict, s.because) for s in steps[:2]] == [
        ("not matched", "took 0.02 s"), ("matched", "has A"),
    ]  # fmt: skip


def test_by_logic_it_can_shadow_and_be_shadowed(work):
    shadowed = work.findings(stage_of(took(0, 10), quick(8)))
    assert [(f.code, f.subject) for f in shadowed if f.data.kind == "logic"] == [
        ("rule.shadowed", 1), ("output.dead", 1),
    ]  # fmt: skip
    assert not [f for f in work.findings(stage_of(quick(8), took(0, 10))) if f.subject == 1]


def test_what_would_send_a_task_to_it_is_said(work):
    ways = work.why(stage_of(quick(10)), "t1").changes
    assert [(way.words, way.output) for way in ways if way.output == 0]
    assert all(way.task.duration_ms < 10 for way in ways if way.output == 0)


def test_versions_are_paired_by_it(known):
    before, after = stage_of(quick("10"), chance(0.2)), stage_of(chance(20), quick(10))
    assert pair(before.active, after.active, Dialect()) == ((1, 0), (0, 1))


def test_a_rule_of_it_is_added_like_any_other(known):
    stage, rule = edit.add_new(stage_of(has("A")), "Quick", Dialect(), Names({}, {}, {}, ()))
    assert (rule, stage.rules[-1].condition) == ("Quick-0", Quick(60_000))
