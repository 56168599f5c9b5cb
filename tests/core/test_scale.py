"""The scale of percentages: nothing is written that can be read as something else."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import stage_of, workspace_of

from core.ango_json.drafts import read_draft, write_draft
from core.ango_json.stages import read_logic, write_stage
from core.cli.main import main
from core.model.dialect import CHOICES, Dialect, in_percent, of_percent
from core.model.figures import percent
from core.model.names import names_of
from core.routing import edit
from core.routing.explain.hits import hits
from core.routing.lint.check import check
from core.routing.plan.goal_seek import ways_to
from core.routing.plan.shares import with_settings
from core.routing.plan.sweep import Knob, now_at, turned
from core.workspace import Workspace

dialects = st.sampled_from([Dialect(random=scale) for scale in CHOICES["random"]])
values = st.sampled_from([0, 0.005, 0.2, 0.5, 1, 1.5, 20, 30, 99.5, 100, "20", "0.5"]) | st.floats(
    0, 100
)
percents = st.sampled_from([0, 0.0001, 0.5, 1, 1.0001, 7, 12.3, 50, 100]) | st.integers(
    0, 10**8
).map(lambda n: n / 10**6)


def random_rules(*written):
    return stage_of(*({"type": "RandomSample", "value": value} for value in written))


def chances(stage, dialect):
    return [dialect.chance(rule.condition.value) for rule in stage.rules]


def mixed(stage):
    written = [rule.condition.value for rule in stage.rules if rule.condition.value > 0]
    return any(value > 1 for value in written) and any(value <= 1 for value in written)


def written_and_read(stage):
    """Through the files that others read: Ango JSON and a draft, which must say the same."""
    active = stage.with_rules(tuple(replace(rule, enabled=True) for rule in stage.rules))
    again = read_logic(json.loads(json.dumps(write_stage(active))))
    draft = read_draft(write_draft(stage))
    assert [r.condition for r in again.rules] == [r.condition for r in draft.rules]
    return again


def unreadable(stage, dialect, apart=()):
    return any(
        not dialect.is_chance(rule.condition.value) for rule in stage.rules if rule.id not in apart
    )


def holds(before, after, meant, dialect):
    """What was meant is read, the rest means what it meant, and there is no mixture."""
    again = written_and_read(after)
    wanted = chances(before, dialect)
    for place, chance in meant.items():
        wanted[place] = chance
    assert chances(again, dialect) == wanted
    edited = {before.rules[place].id for place in meant}
    if meant and dialect.random != "percent" and not unreadable(before, dialect, edited):
        assert not mixed(again)
    for old, new in zip(before.rules, after.rules, strict=True):
        if dialect.random != "auto" and old.id not in edited:
            assert new == old
    others = [old.id for old, new in zip(before.rules, after.rules, strict=True)
              if old.id not in edited and old.condition != new.condition]  # fmt: skip
    assert bool(edit.rewritten(before, after, edited)) == bool(others)


stages = st.lists(values, min_size=1, max_size=5).flatmap(
    lambda found: st.sets(st.integers(0, len(found) - 1)).map(
        lambda off: off_at(random_rules(*found), off)
    )
)


def off_at(stage, places):
    for place in places:
        stage = edit.switch(stage, stage.rules[place].id)
    return stage


@settings(max_examples=300, deadline=None)
@given(stages, dialects, percents, st.data())
def test_an_edited_percentage_is_read_as_it_was_meant(stage, dialect, typed, data):
    place = data.draw(st.integers(0, len(stage.rules) - 1))
    rule = stage.rules[place].id
    edited = edit.set_chances(stage, {rule: of_percent(typed)}, dialect)
    holds(stage, edited, {place: of_percent(typed)}, dialect)
    if stage.rules[place].enabled:
        knob = Knob(stage.active.index(stage.rules[place]), "percent")
        assert turned(knob, stage, typed, dialect) == edited
        assert now_at(knob, edited, dialect) == typed


@settings(max_examples=150, deadline=None)
@given(stages, dialects, st.lists(percents, min_size=5, max_size=5))
def test_planned_percentages_are_read_as_they_were_meant(stage, dialect, wanted):
    found = [(place, of_percent(round(typed, 8)))
             for place, typed in enumerate(wanted[: len(stage.active)])]  # fmt: skip
    places = [stage.rules.index(rule) for rule in stage.active]
    meant = {places[place]: chance for place, chance in found}
    holds(stage, with_settings(stage, found, dialect), meant, dialect)


@settings(max_examples=100, deadline=None)
@given(stages, dialects, st.integers(0, 40), st.integers(0, 5))
def test_a_wanted_number_is_written_as_it_was_meant(stage, dialect, wanted, output):
    work = workspace_of([{}] * 40)
    output = min(output, len(stage.active))
    matcher = Workspace(work.table, None, dialect).matcher
    names = names_of(None)
    for way in ways_to(matcher, stage, work.everything, output, wanted, names):
        place = stage.rules.index(stage.active[way.rule])
        meant = dialect.chance(way.condition.value)
        assert way.words.endswith(f" to {percent(meant)}")
        holds(stage, way.stage, {place: meant}, dialect)


@settings(max_examples=100, deadline=None)
@given(stages, dialects)
def test_a_new_rule_is_in_the_scale_of_the_others(stage, dialect):
    edited, rule = edit.add_new(stage, "RandomSample", dialect, names_of(None))
    assert rule == edited.rules[-1].id
    again = written_and_read(edited)
    assert chances(again, dialect) == [*chances(stage, dialect), edit.FIRST_CHANCE]
    if dialect.random != "percent" and not unreadable(stage, dialect):
        assert not mixed(again)


@given(st.integers(0, 10**12).map(lambda n: n / 10**12))
def test_percent_and_fraction_are_the_same_number_to_the_digit(chance):
    assert of_percent(in_percent(chance)) == chance


@pytest.mark.parametrize(
    ("scale", "written", "place", "typed", "then"),
    [
        ("auto", (20, 30), 0, 0.5, (0.005, 0.3)),
        ("auto", (20, 30), 0, 1, (0.01, 0.3)),
        ("auto", (20, 30), 0, 25, (25, 30)),
        ("auto", (20, 0.5), 0, 30, (30, 50)),
        ("auto", (20, 0.005), 0, 30, (0.3, 0.005)),
        ("auto", (0.2, 0.3), 0, 40, (0.4, 0.3)),
        ("auto", (0.2, 0.3), 0, 100, (100, 30)),
        ("auto", (0.2, 0.005), 0, 100, (1, 0.005)),
        ("auto", (1, 0.3), 1, 40, (1, 0.4)),
        ("auto", (20, 0), 0, 0, (0, 0)),
        ("fraction", (0.2, 20), 0, 100, (1, 20)),
        ("percent", (20, 0.5), 0, 0.25, (0.25, 0.5)),
        ("percent", (0.2, 1), 1, 100, (0.2, 100)),
    ],
)
def test_the_scale_of_a_stage_after_an_edit(scale, written, place, typed, then):
    stage, dialect = random_rules(*written), Dialect(random=scale)
    edited = edit.set_chances(stage, {stage.rules[place].id: of_percent(typed)}, dialect)
    assert tuple(rule.condition.value for rule in edited.rules) == then
    assert tuple(c["value"] for c in write_stage(edited)["logic"]["conditions"]) == then


def test_rules_that_are_written_anew_are_named():
    stage = random_rules(20, 30, 40)
    rule = stage.rules[1].id
    edited = edit.set_chances(stage, {rule: 0.005}, Dialect())
    assert edit.rewritten(stage, edited, [rule]) == (
        "Rules 1 and 3 are now written in the same scale, so that no value can be read as another; "
        "their percentages did not change."
    )


# ---- what is said ---------------------------------------------------------------------------


def said(stage, dialect):
    return [(p.code, p.subject, p.severity) for p in check(stage, names_of(None), dialect)
            if p.code.startswith(("random", "value"))]  # fmt: skip


def test_a_mixture_is_said_at_each_rule_concerned():
    stage = random_rules(20, 0, 0.5, 40)
    found = [p for p in check(stage, names_of(None), Dialect()) if p.code == "random.mixed_scale"]
    assert [(p.subject, p.place, p.severity) for p in found] == [
        (place, "value", "warning") for place in (0, 2, 3)
    ]
    assert found[1].message == (
        "0.5 is read as a fraction, 50 %, and rules 1 and 4 as percent; "
        "Ango Hub may read all in one scale."
    )
    off = off_at(stage, [2])
    assert "random.mixed_scale" not in [p.code for p in check(off, names_of(None), Dialect())]


@settings(max_examples=100, deadline=None)
@given(stages, dialects)
def test_what_cannot_be_proven_is_said_only_where_nobody_has_said_it(stage, dialect):
    found = said(stage, dialect)
    active = [rule.condition.value for rule in stage.active]
    concerned = [place for place, value in enumerate(active) if value > 0]
    mixture = any(active[p] > 1 for p in concerned) and any(active[p] <= 1 for p in concerned)
    told = dialect.random == "auto" and mixture
    assert [place for code, place, _ in found if code == "random.mixed_scale"] == (
        concerned if told else []
    )
    doubtful = [place for code, place, _ in found if code == "random.doubtful"]
    assert doubtful == [p for p, v in enumerate(active) if v == 1 and dialect.random == "auto"]
    malformed = [place for code, place, _ in found if code == "value.malformed"]
    assert malformed == [p for p, v in enumerate(active) if v > 1 and dialect.random == "fraction"]


def test_a_value_that_is_no_fraction_matches_nothing_and_says_why():
    stage, dialect = random_rules(20, 0.5), Dialect(random="fraction")
    work = Workspace(workspace_of([{}] * 10).table, None, dialect)
    split = work.split(stage)
    assert [o.count.expected for o in split.outputs] == [0, 5, 5]
    assert "20 is not a fraction from 0 to 1" in split.outputs[0].sentence
    assert [hit.won.expected for hit in hits(work.matcher, stage, work.everything, work.names).rules
            ] == [0, 5]  # fmt: skip


# ---- the command line -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "expected"),
    [([], [20, 40, 40]), (["random=percent"], [20, 0.4, 79.6]), (["random=fraction"], [0, 50, 50])],
)
def test_the_setting_counts_in_every_command(tmp_path, capsys, setting, expected):
    stage, tasks = tmp_path / "stage.json", tmp_path / "tasks.json"
    conditions = [{"type": "RandomSample", "value": value} for value in (20, 0.5)]
    stage.write_text(json.dumps(
        {"id": "l", "type": "Logic", "next": ["a", "b", "c"], "logic": {"conditions": conditions}}
    ))  # fmt: skip
    tasks.write_text(json.dumps([{"task": {"taskId": f"t{n}"}} for n in range(100)]))
    given = ["--json", "--tasks", str(tasks)]
    more = ["--dialect", *setting] if setting else []

    def told(command, *words):
        main([command, *given, *words, *more])
        return json.loads(capsys.readouterr().out)

    logic = ["--logic", str(stage)]
    split = told("split", *logic)
    assert [o["expected"] for o in split["outputs"]] == pytest.approx(expected)
    trace = told("trace", *logic, "--task", "t1")
    assert trace["probabilities"] == pytest.approx([e / 100 for e in expected])
    compared = told("compare", "--before", str(stage), "--after", str(stage))
    assert [o["expected_after"] for o in compared["outputs"]] == pytest.approx(expected)
    codes = {problem["code"] for problem in told("check", *logic)["problems"]}
    assert ("random.mixed_scale" in codes) == (not setting)
    assert ("value.malformed" in codes) == (setting == ["random=fraction"])
