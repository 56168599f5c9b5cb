"""Stages made out of quotas: each group's share and its chance of too few, through their rules."""

import json
from dataclasses import replace

import numpy as np
import pytest
from conftest import DATA
from flow_helpers import end, label, logic, review, start
from hypothesis import given, settings
from hypothesis import strategies as st
from review_worlds import share_of, task, workspace
from scipy.stats import poisson_binom

from core.ango_json.project import read_project
from core.ango_json.stages import read_stages
from core.cli.main import main
from core.errors import InputError
from core.flow.flow import flow_of
from core.flow.graph import graph_of
from core.rule_types.random_sample import RandomSample
from core.sampling.coverage import quotas, share_for_at_least
from core.sampling.quotas import given_by, quota_notes, quota_plan, quota_stages
from core.sampling.review_stages import drawn_again
from core.tasks import bits

SIZES = {"a@x": 400, "b@x": 120, "c@x": 121, "d@x": 60, "e@x": 5}
WORDS = ["coverage", "--tasks", str(DATA / "export.zip"), "--logic", str(DATA / "project.json")]
NOBODY = {
    "steps": [{"stage": "R", "stageId": "R", "reviewStatus": "Rejected"}],
    "classes": "",
    "batch": None,
}


def world(sizes=SIZES, extra=()):
    return workspace([
        *(task(who, batch=who) for who, many in sizes.items() for _ in range(many)), *extra
    ])  # fmt: skip


CLASSES = workspace([
    *[task("a", classes="AB")] * 30, *[task("a", classes="A")] * 10,
    *[task("a", classes="BC")] * 100, *[task("a", classes="C")] * 200,
    *[task("a", classes="ABCD")] * 4, *[task("a")] * 50,
])  # fmt: skip


def proven(here, by, least, confidence=0.95, whole=False, others=None):
    """The plan and its stages; shares, reviews and chances are those of `flow` and scipy."""
    plan = quota_plan(here, by, least, confidence, others)
    stages = quota_stages(plan, here.project, here.dialect, whole)
    left, parts, everybody = here.everything, [], []
    for one in plan.groups:
        members = left if one.condition is None else here.matcher.matching(one.condition)
        everybody.append(members)
        parts.append(members & left)
        left = left & ~members
    flown = [share_of(here, stages, part) if bits.count(part) else None for part in parts]
    for part, share, wanted in zip(parts, flown, stages.shares, strict=True):
        assert share is None or share == pytest.approx(wanted, abs=1e-9), bits.count(part)
    for members, row in zip(everybody, given_by(plan, stages), strict=True):
        assert bits.count(members) == row.tasks
        chances = [
            share for part, share in zip(parts, flown, strict=True)
            for _ in range(bits.count(part & members))
        ]  # fmt: skip
        fewer = poisson_binom.cdf(least - 1, chances) if chances else float(least > 0)
        assert row.fewer == (None if row.holds is None else pytest.approx(fewer, abs=1e-9))
        assert row.reviews == pytest.approx(sum(chances))
    return plan, stages


def held(plan, stages):
    """Every group with tasks enough has its quota; all of the others are reviewed."""
    for group, row in zip(plan.groups[:-1], given_by(plan, stages), strict=False):
        if group.tasks >= plan.least:
            assert row.holds and row.fewer <= 1 - plan.confidence + 1e-9
            assert row.share >= row.needed - 1e-12
        else:
            assert row.share == 1 and row.needed is None and not row.holds


@pytest.mark.parametrize("by", ["annotator", "batch"])
@pytest.mark.parametrize(("least", "confidence"), [(1, 0.95), (50, 0.95), (100, 0.5), (121, 1.0)])
def test_every_group_gets_the_share_that_its_quota_needs(by, least, confidence):
    plan, stages = proven(world(), by, least, confidence)
    held(plan, stages)
    assert len(stages.stages) == 1 and {one.name for one in plan.groups[:-1]} == set(SIZES)
    needed = {one.group: one.needed for one in quotas(world(), by, least, confidence)}
    for group, share in zip(plan.groups[:-1], stages.shares, strict=False):
        assert group.needed == needed[group.name]
        asked = 1 if group.needed.share is None else group.needed.share / 100
        assert share == pytest.approx(asked, abs=1e-9)


@pytest.mark.parametrize("least", [5, 30, 90])
def test_a_task_of_several_groups_has_the_largest_of_their_shares(least):
    plan, stages = proven(CLASSES, "class", least)
    held(plan, stages)
    both = CLASSES.matcher.matching(plan.groups[0].condition)
    for group in plan.groups[1:-1]:
        both = both & CLASSES.matcher.matching(group.condition)
    assert bits.count(both) == 4 and share_of(CLASSES, stages, both) == pytest.approx(
        max(stages.shares)
    )
    assert plan.several == 134 and any(
        note.startswith("134 tasks are in several groups") for note in quota_notes(plan, stages)
    )


@pytest.mark.parametrize("least", [1, 7, 50, 100])
def test_split_says_the_same(least):
    here = world()
    plan, stages = proven(here, "annotator", least)
    reviewed = dict(here.split(stages.stages[0]).stages)["R"].expected
    assert reviewed == pytest.approx(plan.reviews(stages.shares))
    assert not [one for one in here.check(stages.stages[0]) if one.severity == "error"]


@pytest.mark.parametrize("by", ["annotator", "class"])
@pytest.mark.parametrize("least", [1, 7, 33, 50])
def test_whole_percents_are_rounded_up_and_told(by, least):
    here = CLASSES if by == "class" else world()
    plan, stages = proven(here, by, least, whole=True)
    held(plan, stages)
    values = [r.condition.value for s in stages.stages for r in s.rules
              if isinstance(r.condition, RandomSample)]  # fmt: skip
    assert values and all(abs(100 * value - round(100 * value)) < 1e-9 for value in values)
    more = plan.reviews(stages.shares) - plan.reviews(plan.shares)
    assert 0 < more <= 0.01 * plan.tasks


def test_too_few_tasks_and_those_of_nobody_are_told():
    here = world(extra=[NOBODY] * 7)
    plan, stages = proven(here, "annotator", 50)
    notes = " ".join(quota_notes(plan, stages))
    assert "Too few tasks for 50, so that all of theirs are reviewed: e@x (5)." in notes
    assert "Tasks of nobody known (7 now) and of people who come later are reviewed with" in notes
    assert "the smallest share" in notes and stages.shares[-1] == min(stages.shares)
    plan, stages = proven(here, "annotator", 50, others=0.1)
    assert stages.shares[-1] == pytest.approx(0.1)
    assert "the smallest share" not in quota_notes(plan, stages)[-1]
    later = replace(world({"new@x": 10}), project=here.project)
    assert share_of(later, stages, later.everything) == pytest.approx(0.1)


def test_others_with_a_larger_share_have_a_stage_of_their_own():
    here = world(extra=[NOBODY] * 7)
    plan, stages = proven(here, "annotator", 50, others=0.97)
    held(plan, stages)
    assert len(stages.stages) == 2 and stages.shares[-1] == pytest.approx(0.97)
    assert [one.id for one in stages.stages] == ["review-quotas", "review-quotas-1"]


def test_nothing_wanted_and_nothing_given():
    here = world()
    _, stages = proven(here, "annotator", 0)
    assert set(stages.shares) == {0} and stages.stages[0].otherwise == "Complete"
    _, stages = proven(here, "annotator", 50, others=0.0)
    assert stages.shares[-1] == 0 and stages.stages[0].otherwise == "Complete"


def by_hand(rules, otherwise, classes):
    """Chance that a task of these classes gets to the review, rule by rule."""
    left, reviewed = 1.0, 0.0
    for condition, target in rules:
        taken = condition if isinstance(condition, float) else float(condition in classes)
        reviewed += left * taken * (target == "R")
        left *= 1 - taken
    return reviewed + left * (otherwise == "R")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sets(st.sampled_from("ABCD")), min_size=1, max_size=40),
    st.integers(0, 12),
    st.sampled_from([0.0, 0.5, 0.9, 0.95, 0.999, 1.0]),
    st.booleans(),
)
def test_quotas_hold_whatever_the_tasks(tasks, least, confidence, whole):
    here = workspace([task("a", classes="".join(sorted(one))) for one in tasks])
    if not any(tasks):
        with pytest.raises(InputError, match="no task has a class"):
            quota_plan(here, "class", least, confidence)
        return
    plan = quota_plan(here, "class", least, confidence)
    (stage,) = quota_stages(plan, here.project, here.dialect, whole).stages
    rules = [
        (r.condition.value if isinstance(r.condition, RandomSample)
         else r.condition.filters[0].schema_id, r.target)
        for r in stage.rules
    ]  # fmt: skip
    smallest = 1.0
    for name in sorted(set().union(*tasks)):
        chances = [by_hand(rules, stage.otherwise, one) for one in tasks if name in one]
        fewer = poisson_binom.cdf(least - 1, chances) if least else 0.0
        needed = share_for_at_least(len(chances), least, confidence)
        smallest = min([smallest, *chances])
        if needed.possible:
            assert fewer <= 1 - confidence + 1e-9
            assert min(chances) >= needed.share / 100 - 1e-12
        else:
            assert min(chances) == 1
    assert by_hand(rules, stage.otherwise, set()) <= smallest + 1e-12


def test_draws_keep_the_quota():
    here = world({"a@x": 40, "b@x": 15, "c@x": 9})
    plan = quota_plan(here, "annotator", 8, 0.9)
    stages = quota_stages(plan, here.project, here.dialect)
    seeds = 400
    for group, row in zip(plan.groups[:-1], given_by(plan, stages), strict=False):
        members = here.matcher.matching(group.condition)
        drawn = [dict(here.split(stages.stages[0], seed, members).stages)["R"].drawn
                 for seed in range(seeds)]  # fmt: skip
        error = np.sqrt(row.fewer * (1 - row.fewer) / seeds)
        assert abs((np.array(drawn) < 8).mean() - row.fewer) <= 4 * error


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: quota_plan(world(), "week", 3), "no rule asks for a week"),
        (lambda: quota_plan(world(), "stage", 3), "no breakdown"),
        (lambda: quota_plan(workspace([NOBODY]), "annotator", 3), "no task has an annotator"),
        (lambda: quota_plan(world(), "annotator", 3, others=1.2), "0 to 100 %"),
        (lambda: quota_plan(world(), "annotator", 3, 1.2), "0 to 1"),
    ],
)
def test_what_cannot_be_made_is_said(make, says):
    with pytest.raises(InputError, match=says) as told:
        make()
    assert told.value.hint


def test_the_command_gives_stages_that_split_takes(tmp_path, capsys):
    words = ["--by", "annotator", "--least", "20", "--confidence", "0.9", "--stages", "--json"]
    assert main([*WORDS, *words]) == 0
    document = json.loads(capsys.readouterr().out)
    (stage,) = document["stages"]
    assert [one.kind for one in read_stages([stage])] == ["Logic"]
    assert document["rounding"]["reviews"] == pytest.approx(0, abs=1e-6)
    needed = {one["name"]: one["share"] for one in document["quotas"]}
    for one in document["given"]:
        if one["holds"] is None:
            assert one["name"] == "nobody known"
        elif needed[one["name"]] is None:
            assert one["percent"] == 100 and not one["holds"]
        else:
            assert one["percent"] == pytest.approx(needed[one["name"]], abs=1e-6)
            assert one["holds"] and one["fewer"] <= 0.1 + 1e-9
    (tmp_path / "stage.json").write_text(json.dumps(stage))
    split = ["split", *WORDS[1:3], "--logic", str(tmp_path / "stage.json"), "--json"]
    assert main(split) == 0
    outputs = json.loads(capsys.readouterr().out)["outputs"]
    reviewed = sum(one["expected"] for one in outputs if one["next"] == document["review"])
    assert reviewed == pytest.approx(document["reviews"])


def test_the_command_says_it_in_words(capsys):
    words = ["--by", "batch", "--least", "40", "--stages", "--whole", "--others", "99"]
    assert main([*WORDS, *words]) == 0
    text = capsys.readouterr().out
    assert "of batches that come later are reviewed with 99 %." in text
    assert "Whole percents change the reviews by +" in text
    assert "Review quotas:" in text and "Review quotas, by group:" in text
    assert main([*WORDS, "--by", "week", "--stages"]) == 2
    assert "no rule asks for a week, so no stages can be made" in capsys.readouterr().err
    assert main([*WORDS, "--by", "batch", "--stages", "--review", "X"]) == 2
    assert "is no Review stage" in capsys.readouterr().err
    for more in (["--whole"], ["--others", "0"], ["--review", "R"]):
        assert main([*WORDS, "--by", "batch", *more]) == 2
        assert f"{more[0]}: is about stages. Give --stages" in capsys.readouterr().err
    assert main([*WORDS, "--by", "batch", "--json"]) == 0
    assert "stages" not in json.loads(capsys.readouterr().out)


def routed(*stages):
    """A workflow in which L sends to the review R, or on to where that sends what it accepts."""
    project = read_project({"_id": "p", "stages": [start("W"), label("W", "L"), *stages, end()]})
    return project, quota_stages(quota_plan(world(), "annotator", 9), project, world().dialect)


DRAW = [{"type": "RandomSample", "value": 0.5}]


def test_tasks_that_are_done_and_come_to_the_draw_again_are_told():
    project, made = routed(logic("L", DRAW, ["R", "Q"]), review("R", "Q", "W"),
                           review("Q", "Complete", "W"))  # fmt: skip
    (note,) = drawn_again(project, made, "L")
    assert "go to “Q” and can get to “L” again: the percentages are those of a visit" in note
    (note,) = drawn_again(project, made)
    assert "can get to “R” again" in note
    project, made = routed(logic("L", DRAW, ["R", "Q"]), review("R", "Q", "Complete"),
                           review("Q", "Complete", "R"))  # fmt: skip
    (note,) = drawn_again(project, made, "L")  # past the draw, but reviewed all the same
    assert "can get to “R” again" in note
    project, made = routed(logic("L", DRAW, ["R", "L"]), review("R", "L", "W"))
    assert "not drawn go back to “L”: the" in drawn_again(project, made, "L")[0]


@pytest.mark.parametrize(
    "stages",
    [
        [logic("L", DRAW, ["R", "Complete"]), review("R", "Complete", "W")],
        [logic("L", DRAW, ["R", "Q"]), review("R", "Q", "W"), label("Q", "Complete")],
        [logic("L", DRAW, ["R", "Nowhere"]), review("R", "Nowhere", "W")],
    ],
)
def test_tasks_that_come_to_the_draw_again_only_when_rejected_are_as_asked(stages):
    project, made = routed(*stages)
    assert drawn_again(project, made, "L") == ()


@pytest.mark.parametrize("again", [True, False])
def test_of_those_that_are_drawn_again_more_are_reviewed_than_the_share(again):
    """By the exact flow: what is said, and only where it is so."""
    here = world({"a@x": 100})
    stages = [start("W"), label("W", "L"), review("R", "Q", "W"),
              review("Q", "Complete", "W" if again else "Complete"), end()]  # fmt: skip
    around = read_project({"_id": "p", "stages": [*stages, logic("L", DRAW, ["R", "Q"])]})
    made = quota_stages(quota_plan(here, "annotator", 30), around, here.dialect)
    inner = [*stages, {**made.written()[0], "id": "L"}]
    project = read_project({"_id": "p", "stages": inner})
    rates = {place: 0.5 for place, one in enumerate(graph_of(project.stages).stages)
             if one.kind == "Review"}  # fmt: skip
    flow = flow_of(replace(here, project=project), rates)
    reviewed = next(one for one in flow.stages if one.stage.id == "R").tasks.mean / 100
    assert bool(drawn_again(project, made, "L")) == again
    assert (reviewed > made.shares[0] + 0.05) == again
    assert again or reviewed == pytest.approx(made.shares[0])


def test_the_commands_tell_that_tasks_are_drawn_again(tmp_path, capsys):
    around = json.loads((DATA / "project.json").read_text())
    stages = around["stages"] if "stages" in around else around["data"]["project"]["stages"]
    reviews = [one for one in stages if one["type"] == "Review"]
    words = ["--tasks", WORDS[2], "--by", "batch", "--project", str(tmp_path / "p.json"), "--json"]
    for again in (False, True):
        for one in reviews if again else []:  # what is accepted is labelled again
            one["next"][0] = "Label"
        (tmp_path / "p.json").write_text(json.dumps(around))
        for more in (["coverage", "--logic", WORDS[4], "--stages"], ["budget", "--reviews", "50"]):
            assert main([more[0], *words, *more[1:]]) == 0
            notes = json.loads(capsys.readouterr().out)["notes"]
            assert any("those of a visit" in note for note in notes) == again
