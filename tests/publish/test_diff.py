"""The difference between two workflows, and the tasks that it leaves behind; no hub is needed."""

import copy
import json

import pytest
from conftest import DATA
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ango_json.stages import read_logic, read_stages, write_stages
from core.model.dialect import Dialect
from core.model.names import names_of
from core.publish.diff import diff, differences, same_json
from core.publish.stranded import Stranded, stranded, tasks_by_stage
from core.routing import edit
from core.routing.versions.align import moved, pair
from core.rule_types.annotation_type import AnnotationType

STAGES = json.loads((DATA / "project.json").read_text())["data"]["project"]["stages"]


def changed(change):
    data = copy.deepcopy(STAGES)
    change(data)
    return data


def rules(*conditions, targets=None):
    """A Logic stage of random rules."""
    found = [{"type": "RandomSample", "value": v, "index": i} for i, v in enumerate(conditions)]
    targets = targets or ["Review"] * len(conditions)
    stage = {"id": "L", "type": "Logic", "name": "Logic", "next": [*targets, "Complete"]}
    return read_logic({**stage, "logic": {"conditions": found}})


@pytest.fixture
def told(sample_project):
    def told(before, after):
        names = names_of(sample_project)
        return [(c.kind, str(c)) for c in diff(read_stages(before), read_stages(after), names)]

    return told


def test_the_same_is_no_difference(told):
    assert told(STAGES, STAGES) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d[2]["logic"]["conditions"][1].update(value="0.20"),
        lambda d: d[2]["logic"]["conditions"][0]["value"].reverse(),
        lambda d: d[2]["logic"]["conditions"][4].update(index=0),
        lambda d: d[1]["position"].update(x=9),
        lambda d: d[1].pop("position"),
        lambda d: d.reverse(),
        lambda d: d[6].update(next=[]),
        lambda d: d[6].update(next=[None, ""]),
    ],
)
def test_what_carries_no_meaning_is_no_difference(told, change):
    assert told(STAGES, changed(change)) == []


@pytest.mark.parametrize(
    ("change", "kind", "text"),
    [
        (
            lambda d: d[2]["logic"]["conditions"][1].update(value=0.3),
            "rule condition",
            "Routing: rule 2 asks: 30 % at random; it asked: 20 % at random.",
        ),
        (
            lambda d: d[2]["next"].__setitem__(1, "Label"),
            "rule target",
            "Routing: rule 2 (20 % at random) leads to Label instead of Review.",
        ),
        (
            lambda d: d[2]["next"].__setitem__(5, None),
            "else target",
            "Routing: Else leads to not wired instead of Complete.",
        ),
        (
            lambda d: d[3]["next"].__setitem__(1, "Review"),
            "output changed",
            "Expert review: Rejected leads to Review instead of Label.",
        ),
        (
            lambda d: d[1].update(assignedTo=["ada@example.com"]),
            "key changed",
            'Label: assignedTo becomes ["ada@example.com"]; it was [].',
        ),
        (
            lambda d: d[0].update(autoForward=1),
            "key changed",
            "Start: autoForward becomes 1; it was true.",
        ),
        (lambda d: d[1].update(name="Draw"), "stage renamed", "Draw: was called Label."),
        (
            lambda d: d[4].pop("readOnly"),
            "key removed",
            "Review: readOnly is taken away; it was true.",
        ),
        (
            lambda d: d[2]["logic"].update(mode="any"),
            "key added",
            'Routing: logic.mode is set to "any".',
        ),
        (
            lambda d: d[5].update(type="Hold"),
            "stage type",
            "Second look: becomes a Hold stage; it was a Label stage.",
        ),
        (
            lambda d: d.append({"id": "X", "type": "New", "name": "X", "odd": {"a": [1]}}),
            "stage added",
            "X: this Unknown stage is new.",
        ),
        (lambda d: d.pop(5), "stage removed", "Second look: this Label stage is removed."),
    ],
)  # fmt: skip
def test_each_difference_is_one_sentence(told, change, kind, text):
    assert told(STAGES, changed(change)) == [(kind, text)]


def test_unknown_stages_are_compared_as_json(told):
    before = [*STAGES, {"id": "X", "type": "New", "name": "X", "odd": {"a": [1]}}, "what"]
    after = [*STAGES, {"id": "X", "type": "New", "name": "X", "odd": {"a": [2]}}, "other"]
    assert told(before, before) == []
    assert told(before, after) == [
        ("key changed", 'X: odd becomes {"a": [2]}; it was {"a": [1]}.'),
        ("key changed", ': becomes "other"; it was "what".'),
    ]


def test_an_edited_draft_tells_added_removed_moved_and_switched_off(sample_project):
    stage = sample_project.logic_stages[0]
    draft = edit.move(stage, "Batch-0", 4)
    draft = edit.remove(draft, "AnnotationType-0")
    draft, _ = edit.add(draft, AnnotationType(), "Label")
    draft = edit.switch(draft, "RandomSample-1")
    after = [draft if s.id == draft.id else s for s in sample_project.stages]
    found = diff(sample_project.stages, after, names_of(sample_project))
    assert {(c.kind, c.rule) for c in found if c.kind != "rule removed"} == {
        ("rule moved", 2),
        ("rule moved", 3),
        ("rule condition", 3),
        ("rule target", 3),
        ("rule off", 1),
    }
    assert [c.rule for c in found if c.kind == "rule removed"] == [3]
    off = next(c for c in found if not c.writes)
    assert off.sentence == "rule 2 (50 % at random) is switched off and is not written."


def test_a_percentage_in_another_scale_is_a_difference_that_is_written():
    """Which one Ango Hub reads is not public, so it must not be taken for nothing to do."""
    [change] = diff([rules(0.2, 0.5)], [rules(0.2, 50)], names_of(None))
    assert (change.kind, change.rule, change.writes) == ("rule spelling", 1, True)
    assert change.sentence == "rule 2 (50 % at random) is written as 50 instead of 0.5."
    assert not differences([rules(20)], [rules(0.2)], names_of(None))  # a hub's own spelling
    [asks] = diff([rules(0.2)], [rules(20)], names_of(None), Dialect(random="percent"))
    assert (asks.kind, asks.sentence) == (
        "rule condition",
        "rule 1 asks: 20 % at random; it asked: 0.2 % at random.",
    )


def test_rules_that_ask_the_same_are_paired_before_those_of_a_type():
    assert pair(rules(0.2, 0.5).rules, rules(0.5, 0.3).rules, Dialect()) == ((1, 0), (0, 1))
    assert pair(rules(0.2, 0.2).rules, rules(20, 20).rules, Dialect()) == ((0, 0), (1, 1))
    assert pair(rules(0.2).rules, rules(0.3, 0.2).rules, Dialect()) == ((0, 1),)


def test_the_fewest_rules_moved():
    assert moved(
        pair(rules(0.1, 0.2, 0.3, 0.4).rules, rules(0.4, 0.1, 0.2, 0.3).rules, Dialect())
    ) == {0}


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 0.99), max_size=6), st.lists(st.floats(0.01, 0.99), max_size=6))
def test_no_difference_means_the_same_rules_in_the_same_order(one, other):
    found = diff([rules(*one)], [rules(*other)], names_of(None))
    assert (not found) == (one == other)


@settings(deadline=None)
@given(st.permutations([0.1, 0.2, 0.3, 0.4, 0.5]))
def test_another_order_only_moves(order):
    kinds = {
        c.kind for c in diff([rules(0.1, 0.2, 0.3, 0.4, 0.5)], [rules(*order)], names_of(None))
    }
    assert kinds <= {"rule moved"} and bool(kinds) == (order != sorted(order))


def test_verifying_forgives_only_what_the_hub_added(sample_project):
    names = names_of(sample_project)
    wanted = sample_project.stages
    added = read_stages(changed(lambda d: d[1].update(new=1)))
    assert differences(wanted, added, names) == ()
    for change in (
        lambda d: d[2].pop("someServerKey"),
        lambda d: d.pop(),
        lambda d: d.append({"id": "X", "type": "Hold", "name": "X"}),
        lambda d: d[2]["logic"]["conditions"].append({"type": "RandomSample", "value": 0.1}),
        lambda d: d[2]["next"].append("Label"),
    ):
        assert differences(wanted, read_stages(changed(change)), names)


def test_json_is_compared_by_value():
    assert same_json({"a": [1, None]}, {"a": [1.0, None]})
    for one, other in ((1, True), ([1], [1, 2]), ({"a": 1}, {"b": 1}), ({}, []), (None, 0)):
        assert not same_json(one, other)


def test_tasks_in_removed_stages_and_behind_cut_ways(sample_table, sample_project):
    before = sample_project.stages
    tasks = tasks_by_stage(sample_table, before)
    assert sum(tasks.values()) == len(sample_table)
    assert stranded(tasks, before, before) == ()
    second = "85661c7a8bcd865d0de26ea787b283da"
    gone = [s for s in before if s.id != second]
    (found,) = stranded(tasks, before, gone)
    assert found == Stranded(second, "Second look", tasks.get(second, 0), "removed")
    assert "Requeue them" in Stranded(second, "Second look", 2, "removed").sentence
    stage = sample_project.logic_stages[0]
    cut = edit.set_target(stage, "AnnotationType-0", "Complete")
    after = [cut if s.id == cut.id else s for s in before]
    (found,) = stranded(tasks, before, after)
    assert (found.why, found.stage) == ("no way in", second)
    off = edit.switch(stage, "AnnotationType-0")
    after = [off if s.id == off.id else s for s in before]
    assert [s.stage for s in stranded(tasks, before, after)] == [second]


def test_sub_stages_are_entered_with_their_consensus():
    stages = [
        {"id": "Start", "type": "Start", "name": "Start", "next": ["C"]},
        {"id": "C", "type": "Consensus", "name": "C", "next": ["Complete", "Complete"]},
        {"id": "S", "type": "Label", "name": "C_1", "next": ["C"], "consensusId": "C"},
        {"id": "Complete", "type": "Complete", "name": "Complete"},
    ]
    around = copy.deepcopy(stages)
    around[0]["next"] = ["Complete"]
    found = stranded({"S": 3}, read_stages(stages), read_stages(around))
    assert [(s.stage, s.tasks) for s in found] == [("C", 0), ("S", 3)]


def test_what_is_written_is_what_is_compared(sample_project):
    written = write_stages(sample_project.stages)
    assert diff(sample_project.stages, read_stages(written), names_of(sample_project)) == ()
