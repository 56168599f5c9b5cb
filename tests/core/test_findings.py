"""Findings against brute force: every rule set of up to three rules on a world of few facts."""

import io
import json
from itertools import pairwise, product

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import BINARY, LATER, SETS, batches, chance, has, people, stage_of, took, world

from core.ango_json.project import read_project
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.model.names import names_of
from core.routing.engine import possible as decide
from core.routing.engine.hypothetical import fates
from core.routing.lint.findings import Study
from core.workspace import Workspace


def study(*conditions, project=None, targets=None, **dialect):
    model = read_project(project) if project else None
    return Study(stage_of(*conditions, targets=targets), names_of(model), Dialect(**dialect), model)


class Oracle:
    """What is true of a rule set, by looking at every task of a world."""

    def __init__(self, tasks, conditions):
        self.every = (1 << len(tasks)) - 1
        self.keys = {id(c): json.dumps(c) for c in conditions}
        verdicts = {
            json.dumps(c): [naive.condition_matches(c, task) for task in tasks] for c in conditions
        }
        self.can = {key: self.mask(v is True or v is None or (naive.is_float(v) and v > 0)
                                   for v in found) for key, found in verdicts.items()}  # fmt: skip
        self.must = {key: self.mask(v is True or v == 1.0 for v in found)
                     for key, found in verdicts.items()}  # fmt: skip

    def mask(self, flags):
        return sum(1 << place for place, flag in enumerate(flags) if flag)

    def codes(self, conditions):
        """(code, rule) of all that is so, and what is certain of each output."""
        left, found, outlooks, doubt, sure = self.every, set(), [], False, []
        for i, condition in enumerate(conditions):
            key = self.keys.get(id(condition)) or json.dumps(condition)
            doubt |= condition is LATER
            can, must = self.can[key], self.must[key]
            code = None
            if not left:
                code = "rule.unreachable"
            elif not can:
                code = "rule.contradiction"
            elif not can & left:
                same = any(self.must[k] == must == can == self.can[k] for k in sure)
                code = "rule.duplicate" if same else "rule.shadowed"
            elif not left & ~must:
                code = "rule.always"
            found |= {(code, i)} if code else set()
            dead = code not in (None, "rule.always")
            outlooks.append("no" if dead else "cannot tell" if doubt else "yes")
            sure.append(key)
            left &= ~must
        outlooks.append("no" if not left else "cannot tell" if doubt else "yes")
        return found | ({("output.dead", None)} if not left else set()), outlooks

    def safe(self, conditions):
        """Of each pair of neighbours, whether no task that gets to them can match both."""
        left = self.every
        for upper, lower in pairwise(json.dumps(c) for c in conditions):
            yield not self.can[upper] & self.can[lower] & left
            left &= ~self.must[upper]


def assert_all_decided(pool, tasks, sizes, **dialect):
    oracle = Oracle(tasks, pool)
    rules = [stage_of(condition).rules[0] for condition in pool]
    blank, names, reading = stage_of(), names_of(None), Dialect(**dialect)
    total = 0
    for size in sizes:
        for chosen in product(range(len(pool)), repeat=size):
            conditions = [pool[i] for i in chosen]
            wanted, outlooks = oracle.codes(conditions)
            stage = blank.with_rules(tuple(rules[i] for i in chosen))
            looked = Study(stage, names, reading, None)
            found = {(f.code, f.subject) for f in looked.findings if f.code != "output.dead"}
            found |= {(f.code, f.subject) for f in looked.findings if f.subject is None}
            assert found == wanted, conditions
            assert [o.can for o in looked.outlooks] == outlooks, conditions
            for upper, safe in enumerate(oracle.safe(conditions)):
                assert looked.apart(upper) == safe, (conditions, upper)
            total += 1
    return total


@pytest.fixture(autouse=True)
def forget():
    decide.possible.cache_clear()


@pytest.mark.slow
def test_every_rule_set_of_up_to_three_rules_on_four_binary_facts_is_decided():
    total = assert_all_decided(BINARY, world(), (0, 1, 2, 3))
    assert total == 1 + 24 + 24**2 + 24**3


@pytest.mark.slow
def test_every_rule_set_of_sets_and_durations_is_decided():
    assert_all_decided(SETS, world("", "pr", "qs"), (1, 2, 3))


def test_where_a_task_has_one_annotator_the_sets_are_decided_too():
    tasks = [task for task in world("", "pr", "") if len(task["annotators"]) < 2]
    pool = [c for c in SETS if c["type"] != "Batch"]
    assert_all_decided(pool, tasks, (1, 2, 3), annotator="last")


def test_every_witness_leaves_where_it_is_said_to():
    shown = 0
    for conditions in product(BINARY, repeat=2):
        looked = study(*conditions)
        rules = looked.stage.active
        for position, outlook in enumerate(looked.outlooks):
            if outlook.witness is None:
                continue
            shown += 1
            assert outlook.can == "yes" and outlook.because
            [fate] = fates([outlook.witness], rules, looked.dialect, None)
            known = {
                "schema_ids": outlook.witness.classes,
                "annotators": outlook.witness.people,
                "batches": outlook.witness.batches,
                "duration": outlook.witness.duration_ms,
            }
            chances = naive.probabilities([naive.condition_matches(c, known) for c in conditions])
            assert chances[position] > 0
            if not any(c == chance(0.5) for c in conditions):
                assert fate == position
    assert shown > 500


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_rules_over_more_classes_are_decided_too(data):
    literals = [w + c for c in "ABCDE" for w in ("", "-")]
    pool = st.lists(st.sampled_from(literals), max_size=3).map(lambda words: has(*words))
    conditions = data.draw(st.lists(pool, min_size=3, max_size=8))
    tasks = [t for t in world("ABCDE", "", "") if t["duration"] is None]
    wanted, outlooks = Oracle(tasks, conditions).codes(conditions)
    looked = study(*conditions)
    found = {
        (f.code, f.subject) for f in looked.findings if f.code != "output.dead" or f.subject is None
    }
    # equal conditions in this world may differ by name only when both are contradictions
    assert found == wanted
    assert [o.can for o in looked.outlooks] == outlooks


PROJECT = {
    "_id": "p",
    "name": "Made up",
    "batches": [{"_id": "b1", "name": "north"}, {"_id": "b2", "name": "south"}],
    "categorySchema": {
        "tools": [{"tool": "bounding-box", "title": "Vehicle", "schemaId": "vehicle"}]
    },
    "stages": [],
}


def the(code, looked, rule):
    [found] = [f for f in looked.findings if (f.code, f.subject) == (code, rule)]
    return found


def test_a_batch_is_the_same_by_id_and_by_name():
    looked = study(batches("b1"), batches("north"), batches("west"), project=PROJECT)
    assert "Rule 1 asks the same" in the("rule.duplicate", looked, 1).message
    the("rule.contradiction", looked, 2)
    apart = study(batches("b1"), batches("north"))
    assert apart.findings == ()


def test_bounds_that_touch_leave_no_float_between_them():
    third = took(0, 10_000)
    assert study(took(None, 5_000), took(5_000, 10_000), third).findings[0].subject == 2
    gap = study(took(None, 5_000), took(5_001, 10_000), third)
    assert gap.findings == () and 5_000 < gap.outlooks[2].witness.duration_ms < 5_001
    in_minutes = study(took(None, 0.1), took(0.1, 0.2), took(0.05, 0.15), unit="min")
    the("rule.shadowed", in_minutes, 2)


def test_a_proof_names_only_the_rules_that_it_needs():
    looked = study(batches("q"), has("A"), people("p"), has("-A"), took(0, 5))
    finding = the("rule.unreachable", looked, 4)
    assert finding.message == (
        "Rules 2 and 4 above take every task between them, so none gets here."
    )
    assert (
        "has" in finding.data.text
        and "rule 4" in finding.data.text
        and "rule 1" not in finding.data.text
    )
    always = the("rule.always", looked, 3)
    assert "rule 2" in always.data.text and "rule 3" not in always.data.text


def test_a_stage_behind_dead_outputs_only_is_named():
    looked = study(batches("q", "s"), batches("q"), batches("s"), targets=["A", "B", "B", "A"])
    [dead] = [f for f in looked.findings if f.code == "output.dead"]
    assert dead.subject == 1 and dead.message == "No task can get to B from here."
    assert dead.data.text == "Rules 2 and 3, the only ones that lead there, get none."


def test_a_question_that_is_too_hard_is_not_answered(monkeypatch):
    monkeypatch.setattr(decide, "PATIENCE", 3)
    looked = study(has("A", "B"), has("-A", "C"), has("-B", "-C"), has("A", "-C"))
    assert looked.findings == ()
    assert looked.outlooks[-1].can == "cannot tell" and "entangled" in looked.outlooks[-1].because


def test_a_rule_that_cannot_be_simulated_decides_nothing_and_hides_nothing():
    looked = study(LATER, has("A"), has("-A"), batches("q"))
    the("rule.always", looked, 2)
    the("rule.unreachable", looked, 3)
    assert [o.can for o in looked.outlooks] == ["cannot tell"] * 3 + ["no", "no"]
    assert looked.outlooks[1].because == "rule 1 cannot be simulated"


# ---- in this data ---------------------------------------------------------------------------


def workspace(*tasks):
    items = [
        {"_id": f"t{n}", "answer": {"tools": [{"schemaId": c} for c in classes]},
         "batches": list(batch), "assignee": who, "totalDuration": spent}
        for n, (classes, who, batch, spent) in enumerate(tasks)
    ]  # fmt: skip
    return Workspace(read_stream(io.BytesIO(json.dumps(items).encode()), "t.json"), None, Dialect())


DATA = [("A", "p", "q", 10), ("AB", "p", "qs", 20), ("B", "r", "s", 30), ("", "r", "s", 40)]


def found_in(*conditions, tasks=DATA, targets=None):
    work = workspace(*tasks)
    return work.findings(stage_of(*conditions, targets=targets))


def test_what_only_holds_in_the_data_is_said_to():
    found = found_in(batches("q"), has("A"), people("p"), chance(0.5), has("C"), took(30))
    assert [(f.data.kind, f.code, f.subject) for f in found] == [
        ("data", "rule.duplicate", 1),
        ("data", "rule.duplicate", 2),
        ("data", "rule.never_in_data", 4),
        ("data", "rule.always", 5),
        ("data", "output.dead", None),
        ("data", "output.dead", 1),
        ("data", "output.dead", 2),
        ("data", "output.dead", 4),
    ]
    assert found[0].data.text == "Both match the same 2 tasks."
    assert found[3].data.text == "All 2 tasks that get here match it."


def test_a_rule_that_loses_all_its_tasks_says_to_whom():
    found = found_in(batches("q"), people("r"), has("B"), took(5), targets=["X"] * 5)
    assert found[0].code == "rule.always" and found[0].subject == 1
    assert (found[1].code, found[1].subject) == ("rule.unreachable", 2)
    assert found[1].data.text == "Of 4, rule 1 takes 2 and rule 2 takes 2."
    found = found_in(batches("q"), has("B"), has("A", "B"), targets=["X"] * 4)
    assert [(f.data.kind, f.code) for f in found] == [("logic", "rule.shadowed")]
    found = found_in(people("p"), people("r"), targets=["X"] * 3)
    assert [(f.data.kind, f.code, f.subject) for f in found] == [
        ("data", "rule.always", 1),
        ("data", "output.dead", None),
    ]


def test_what_holds_by_logic_is_not_said_again_of_the_data():
    found = found_in(has("A"), has("-A"), batches("q"), targets=["X"] * 4)
    assert [(f.data.kind, f.code, f.subject) for f in found] == [
        ("logic", "rule.always", 1),
        ("logic", "rule.unreachable", 2),
        ("logic", "output.dead", None),
    ]


def test_without_tasks_nothing_is_said_of_the_data():
    assert found_in(batches("q"), tasks=[("A", "p", "q", 1)])[0].data.kind == "data"
    work = workspace(("A", "p", "q", 1))
    nothing = work.everything & ~work.everything
    assert work.findings(stage_of(batches("x")), nothing) == ()
