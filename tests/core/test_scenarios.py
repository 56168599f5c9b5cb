"""Scenario files, golden tasks, and what the store keeps of them."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import chance, stage_of, workspace_of

from core.ango_json.drafts import read_draft, write_draft
from core.ango_json.inputs import read_logic_input
from core.cli.main import main
from core.errors import InputError, UnknownName
from core.model.dialect import Dialect
from core.model.rules import Rule
from core.model.stages import Logic
from core.routing import edit
from core.routing.versions.golden import Golden, least_of, stage_chances
from core.rule_types.batch import Batch
from core.rule_types.random_sample import RandomSample
from core.scenario.file import VERSION, read_scenario, write_scenario
from core.scenario.scenario import misfits, scenario_of
from core.store.database import open_database
from core.store.scenarios import Pin, Scenarios
from core.workspace import Workspace


@pytest.fixture
def scenario(sample):
    stage = edit.switch(sample.project.logic_stages[0], "RandomSample-1")
    stage = read_draft(write_draft(edit.add(stage, RandomSample(0.125), "Review")[0]))
    golden = (Golden(sample.table.ids[0].as_py(), "Review", 0.5, "known since May"),)
    return scenario_of(sample, stage, "Half the reviews", 7, ("Nobody falls ill.",), golden)


def with_changes(scenario, **changes):
    return json.dumps(json.loads(write_scenario(scenario)) | changes)


def test_a_scenario_file_gives_the_same_scenario_and_the_same_text_again(scenario):
    text = write_scenario(scenario)
    assert read_scenario(text) == scenario
    assert write_scenario(read_scenario(text)) == text
    assert [rule.enabled for rule in read_scenario(text).rules.rules].count(False) == 1


def test_it_carries_everything_but_the_tasks(scenario, sample):
    text = write_scenario(scenario)
    ids = sample.table.ids.to_pylist()
    assert sample.table.fingerprint in text
    assert [task for task in ids if task in text] == [scenario.golden[0].task]


def test_a_scenario_stands_wherever_a_logic_stage_is_asked_for(scenario):
    assert read_logic_input(write_scenario(scenario), "s.json")[0] == scenario.rules


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"version": VERSION + 1}, "newer Switchyard (version 4, this one reads 3). Update"),
        ({"version": "1"}, "version: expected 1 to 3, found '1'"),
        ({"switchyard": "draft"}, "is no scenario file"),
        ({"goldn": []}, "the key 'goldn' has no meaning here. Known are"),
        ({"name": 5}, "name: expected text, found 5"),
        ({"seed": 1.5}, "seed: expected a whole number"),
        ({"seed": True}, "seed: expected a whole number, found True"),
        ({"assumptions": ["fine", 3]}, "assumptions[1]: expected text, found 3"),
        ({"dialect": {"annotator": "first"}}, "dialect.annotator: 'first' is not a setting. Cho"),
        ({"dialect": {"when": "now"}}, "dialect.when: 'now' is not a setting. Choose from"),
        ({"golden": ["task"]}, "golden[0]: expected an object"),
        ({"golden": [{"task": "t"}]}, "golden[0]: needs the ids of a task and a stage"),
        ({"golden": [{"task": "t", "stage": "s", "chance": 40}]}, "golden[0].chance: expected a"),
        ({"rules": []}, "is not of this version"),
        ({"rules": {"version": 1, "rules": {}}}, "rules: expected a list"),
        ({"rules": {"version": 1, "rules": [{"id": "a"}]}}, "rules[0]: expected a rule with"),
        (
            {"rules": {"version": 1, "rules": [{"id": "a", "enabled": 1, "condition": {}}]}},
            "rules[0].enabled: expected true or false, found 1",
        ),
        (
            {"rules": {"version": 1, "rules": [{"id": "a", "condition": {}}] * 2}},
            "rules[1].id: the id a stands at two rules",
        ),
        (
            {"rules": {"version": 1, "rules": [{"id": "a", "condition": {}, "next": 4}]}},
            "rules[0].next: expected a stage id or null, found 4",
        ),
        ({"rules": {"version": 1, "rules": [], "stage": "x"}}, "stage: expected the stage as an"),
    ],
)
def test_a_file_edited_by_hand_is_refused_with_the_place(scenario, changes, says):
    with pytest.raises(InputError) as refused:
        read_scenario(with_changes(scenario, **changes), "mine.json")
    assert str(refused.value).startswith("mine.json")
    assert says in str(refused.value)


def test_a_file_without_rules_or_that_is_no_json_is_refused(scenario):
    data = json.loads(write_scenario(scenario))
    del data["rules"]
    with pytest.raises(InputError, match="there are no rules"):
        read_scenario(json.dumps(data))
    with pytest.raises(InputError, match="line 1, column 2"):
        read_scenario("{nope")


def test_what_is_not_said_has_a_default(scenario):
    data = json.loads(write_scenario(scenario))
    for key in ("name", "project", "table", "dialect", "seed", "assumptions", "golden"):
        del data[key]
    found = read_scenario(json.dumps(data))
    assert (found.dialect, found.seed, found.golden) == (Dialect(), 0, ())
    assert found.rules == scenario.rules


def test_what_does_not_fit_is_said_and_nothing_else(scenario, sample, sample_table):
    assert misfits(scenario, sample) == ()
    other = replace(scenario, project_id="p", project_name="Other", table="t", tasks=7)
    other = replace(other, dialect=Dialect(at="Nowhere"), golden=(Golden("gone", "Review"),))
    said = misfits(other, sample)
    assert len(said) == 4
    for words, sentence in zip(
        ("made for the project Other, this is Street", "another task table (7 tasks; here 400)",
         "when they left Nowhere", "Not in this table: 1 of its 1 pinned"), said, strict=True
    ):  # fmt: skip
        assert words in sentence
    without = Workspace(sample_table, None, Dialect())
    assert "no project is open here" in misfits(scenario, without)[0]


# ---- golden tasks ---------------------------------------------------------------------------


def test_golden_tasks_are_judged_by_their_chance(sample):
    pilot = int(np.flatnonzero([("pilot" in str(b)) for b in batches(sample)])[0])
    task = sample.table.ids[pilot].as_py()
    rules = (Rule("r", RandomSample(0.25), "Review"), Rule("b", Batch(("pilot",)), "Complete"))
    stage = Logic(id="l", name="L", rules=rules, otherwise="Review")
    pins = [
        Golden(task, "Complete", 0.75),
        Golden(task, "Complete"),
        Golden(task, "Review", 0.2, "agreed"),
        Golden(task, "Label", 0.5, "agreed"),
        Golden("gone", "Review"),
    ]
    verdicts = sample.golden(stage, pins)
    assert [v.ok for v in verdicts] == [True, False, True, False, False]
    assert [v.blocks for v in verdicts] == [False, True, False, False, True]
    assert [v.got for v in verdicts] == ["Complete", "Complete", "Review", "Complete", None]
    assert [v.chance for v in verdicts] == [0.75, 0.75, 0.25, 0, 0]
    assert "must go to Complete for certain, but does so with 75 %." in verdicts[1].sentence
    assert "at least 50 %, but goes to Complete with 75 %" in verdicts[3].sentence


def batches(sample):
    return [sample.table.batches.of(row) and
            [sample.table.batch_names[c] for c in sample.table.batches.of(row)]
            for row in range(len(sample.table))]  # fmt: skip


def test_chances_of_stages_are_those_of_the_trace(sample):
    stage = sample.project.logic_stages[0]
    targets = [*(rule.target for rule in stage.active), stage.otherwise]
    for row in range(0, 400, 37):
        way = sample.trace(stage, sample.table.ids[row].as_py())
        wanted = {}
        for target, odds in zip(targets, way.probabilities, strict=True):
            wanted[target] = wanted.get(target, 0.0) + odds
        got = stage_chances(sample.matcher, stage, row)
        assert {t: float(p) for t, p in got.items()} == pytest.approx(
            {t: p for t, p in wanted.items() if p > 0}
        )


def test_check_says_no_while_a_golden_task_fails(sample, tmp_path, capsys):
    stage = sample.project.logic_stages[0]
    task, data = sample.table.ids[0].as_py(), tmp_path / "s.json"
    words = ["check", "--scenario", str(data), "--tasks", "tests/data/export.zip", "--json"]

    def checked(golden):
        data.write_text(write_scenario(scenario_of(sample, stage, "S", golden=[golden])))
        code = main([*words, "--project", "tests/data/project.json"])
        return code, json.loads(capsys.readouterr().out)["golden"]

    code, found = checked(Golden(task, "Review"))
    assert code == 1
    assert {"task": task, "expected": "Review", "ok": False}.items() <= found[0].items()
    assert checked(Golden(task, "Review", waived="agreed"))[0] == 0
    likely = max(chances := stage_chances(sample.matcher, stage, 0), key=chances.get)
    code, found = checked(Golden(task, likely, float(chances[likely])))
    assert (code, found[0]["ok"], found[0]["got"]) == (0, True, likely)


@pytest.mark.parametrize("against", [5e-10, 1e-17, 1e-300, 0.000_000_1])
def test_a_golden_task_that_chance_may_take_elsewhere_is_not_certain(against):
    work = workspace_of([{}])
    stage = stage_of(chance(against), targets=["away", "home"])
    (verdict,) = work.golden(stage, [Golden("t0", "home")])
    assert not verdict.ok and verdict.blocks and 0 < verdict.chance < 1
    assert "must go to home for certain, but does so with all but" in verdict.sentence
    assert "100 %" not in verdict.sentence
    same = stage_of(chance(against), targets=["home", "home"])
    (verdict,) = work.golden(same, [Golden("t0", "home")])
    assert verdict.ok and verdict.chance == 1


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=8))
def test_a_task_pinned_as_it_is_passes(thousandths):
    stage = stage_of(*(chance(n / 1_000) for n in thousandths if n != 1_000), chance(0.5),
                     targets=None)  # fmt: skip
    work = workspace_of([{}])
    for target, now in stage_chances(work.matcher, stage, 0).items():
        (verdict,) = work.golden(stage, [Golden("t0", target, least_of(now))])
        assert verdict.ok, (target, now)
        assert least_of(now) == pytest.approx(float(now), abs=1e-6)


# ---- the store ------------------------------------------------------------------------------


@pytest.fixture
def store(database_url):
    ticks = iter(range(1_000))
    return Scenarios(open_database(database_url, lambda: float(next(ticks))))


def test_the_store_keeps_the_latest_of_a_name_and_forgets_what_is_deleted(store):
    first = store.save("demo", "L", "Now", "one")
    second = store.save("demo", "L", "Later", "two")
    again = store.save("demo", "L", "Now", "three")
    assert again.id == first.id and store.get(first.id).document == "three"
    assert store.save("other", "L", "Now", "x").id != first.id
    assert [s.id for s in store.recent("demo")] == [first.id, second.id]
    store.delete(first.id)
    for lost in (store.get, store.delete):
        with pytest.raises(UnknownName, match="The scenario Now was deleted"):
            lost(first.id)
    for lost in (store.get, store.delete, store.restore):
        with pytest.raises(UnknownName, match="never saved"):
            lost("nothing")


def test_a_deleted_scenario_is_restored_beside_one_that_took_its_name(store):
    first = store.save("demo", "L", "Now", "one")
    store.delete(first.id)
    assert store.recent("demo") == () and store.recent("demo", deleted=True) == (first,)
    other = store.save("demo", "L", "Now", "two")
    assert other.id != first.id
    store.restore(first.id)
    assert {one.document for one in store.recent(None)} == {"one", "two"}
    store.save("demo", "L", "Now", "three")
    assert {one.document for one in store.recent(None)} == {"one", "three"}


def test_pins_are_kept_per_stage_in_order(store):
    store.pin("demo", "L", Pin("b", "Review", 1.0, ""))
    store.pin("demo", "L", Pin("a", "Review", 0.5, ""))
    store.pin("demo", "M", Pin("a", "Label", 1.0, ""))
    store.pin("demo", "L", Pin("b", "Complete", 1.0, "agreed"))
    assert store.pins("demo", "L") == (
        Pin("b", "Complete", 1.0, "agreed"), Pin("a", "Review", 0.5, ""),
    )  # fmt: skip
    store.unpin("demo", "L", "b")
    assert [pin.task for pin in store.pins("demo", "L")] == ["a"]
