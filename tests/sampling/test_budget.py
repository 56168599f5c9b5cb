"""A budget of reviews: against brute force, by its laws, and through its own rules."""

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from flow_helpers import end, label, review, start
from review_worlds import PLAIN, share_of, task, workspace

from core.ango_json.project import read_project
from core.errors import InputError
from core.model.dialect import Dialect
from core.model.stages import Logic
from core.sampling.budget import BudgetGroup, budget_of, for_one_stage, rounded, spread
from core.sampling.review_stages import in_place_of, review_stage, stages_of
from core.tasks import bits


def group(name, tasks, rate, condition="named", posterior=None):
    return BudgetGroup(name, condition, tasks, rate, posterior)


def world(people, extra=()):
    """Everybody with so many tasks, of which so many were looked at and so many wrong."""
    tasks = [
        task(who, *["Rejected" if n < wrong else "Accepted"] * (n < looks), batch=who)
        for who, (many, looks, wrong) in people.items()
        for n in range(many)
    ]
    return workspace([*tasks, *extra])


WORLD = {"a@x": (400, 100, 30), "b@x": (300, 100, 5), "c@x": (200, 60, 12), "d@x": (100, 0, 0)}


@pytest.mark.parametrize("reviews", [0, 7, 20, 33, 60, 100])
@pytest.mark.parametrize("floor", [0.0, 0.1])
def test_no_other_spread_catches_more(reviews, floor):
    groups = [group("a", 30, 0.1), group("b", 20, 0.4), group("c", 50, 0.25)]
    if floor * 100 > reviews:
        with pytest.raises(InputError, match="are more than"):
            spread(groups, reviews, floor)
        return
    budget = spread(groups, reviews, floor)
    assert budget.expected_reviews == pytest.approx(min(reviews, 100))
    assert min(budget.shares) >= floor - 1e-12 and max(budget.shares) <= 1
    steps = [np.linspace(floor, 1, 41)] * 3
    best = 0.0
    for shares in product(*steps):
        used = 30 * shares[0] + 20 * shares[1] + 50 * shares[2]
        if used <= reviews + 1e-9:
            caught = 3 * shares[0] + 8 * shares[1] + 12.5 * shares[2]
            best = max(best, caught)
    assert best - 1e-9 <= budget.caught <= best + 0.6


def test_more_reviews_never_catch_less_and_a_floor_costs():
    groups = [group("a", 30, 0.1), group("b", 20, 0.4), group("c", 50, 0.25)]
    caught = [spread(groups, reviews, 0.0).caught for reviews in range(0, 110, 5)]
    assert (np.diff(caught) >= -1e-12).all()
    floors = [spread(groups, 40, floor).caught for floor in (0.0, 0.1, 0.2, 0.3, 0.4)]
    assert (np.diff(floors) < 0).all()
    assert floors[-1] == pytest.approx(spread(groups, 40).even)
    for reviews in range(1, 110, 9):
        budget = spread(groups, reviews)
        assert budget.caught >= budget.even - 1e-12


def test_equal_rates_get_equal_shares():
    budget = spread([group("a", 30, 0.2), group("b", 10, 0.2), group("c", 10, 0.1)], 20, 0.1)
    assert budget.shares[0] == pytest.approx(budget.shares[1]) and budget.shares[2] == 0.1
    same = spread([group("a", 30, 0.0), group("b", 10, 0.0)], 20)
    assert same.shares == pytest.approx((0.5, 0.5)) and same.caught == same.even == 0


def test_a_budget_for_all_and_for_none():
    groups = [group("a", 30, 0.1), group("b", 20, 0.4)]
    assert spread(groups, 500).shares == (1.0, 1.0) and spread(groups, 0).shares == (0.0, 0.0)
    with pytest.raises(InputError, match="no task"):
        spread([group("a", 0, 0.1)], 5)
    with pytest.raises(InputError, match="0 to 100"):
        spread(groups, 5, 1.2)


def test_intervals_are_what_draws_do():
    groups = [group("a", 300, 0.3, posterior=(9, 21)), group("b", 700, 0.1, posterior=(10, 90))]
    budget = spread(groups, 200)
    rng, worlds = np.random.default_rng(29), 20_000
    caught, even = np.zeros(worlds, int), np.zeros(worlds, int)
    for one, share in zip(budget.groups, budget.shares, strict=True):
        wrong = rng.binomial(one.tasks, rng.beta(*one.posterior, worlds))
        drawn = rng.random((worlds, one.tasks)) + (np.arange(one.tasks) >= wrong[:, None])
        caught += (drawn < share).sum(axis=1)
        even += (drawn < budget.even_share).sum(axis=1)
    for seen, (low, high) in (
        (caught, budget.caught_interval),
        (even, budget.even_interval),
        (caught - even, budget.more_interval),
    ):
        inside = ((seen >= low) & (seen <= high)).mean()
        assert 0.94 - 4 * np.sqrt(0.05 * 0.95 / worlds) <= inside <= 0.975


def test_who_is_picked_by_both_makes_no_difference():
    groups = [group("a", 300, 0.3, posterior=(9, 21)), group("b", 700, 0.1, posterior=(10, 90))]
    for all_alike in (spread(groups, 1000), spread([group("a", 30, 0.2), group("b", 9, 0.2)], 20)):
        assert all_alike.more_interval == (0, 0)


def proven(here, by, reviews, floor=None, whole=False):
    """A budget and its stages, each group's share as asked by `flow`."""
    budget = budget_of(here, by, reviews, floor)
    stages = stages_of(budget, here.project, here.dialect, whole)
    left = here.everything
    for one, share in zip(budget.groups, stages.shares, strict=True):
        members = left if one.condition is None else here.matcher.matching(one.condition) & left
        if one.condition is None:
            for other in budget.groups:
                if other.condition is not None:
                    members = members & ~here.matcher.matching(other.condition)
        else:
            left = left & ~members
        assert bits.count(members) == one.tasks
        assert share_of(here, stages, members) == pytest.approx(share, abs=1e-9)
    return budget, stages


@pytest.mark.parametrize("by", ["annotator", "batch"])
@pytest.mark.parametrize("reviews", [30, 200, 600, 1000])
def test_each_groups_share_is_what_was_asked(by, reviews):
    budget, stages = proven(world(WORLD), by, reviews)
    assert stages.shares == pytest.approx(budget.shares)
    assert budget.groups[0].name == "a@x" and len(stages.stages) == 1
    assert budget.caught >= budget.even


def test_split_says_the_same():
    here = world(WORLD)
    budget = budget_of(here, "annotator", 200)
    stages = stages_of(budget, here.project, here.dialect)
    result = here.split(stages.stages[0])
    expected = dict(result.stages)["R"].expected
    assert expected == pytest.approx(200) and budget.expected_reviews == pytest.approx(200)
    assert not [one for one in here.check(stages.stages[0]) if one.severity == "error"]


def test_tasks_of_several_groups_are_in_the_worst():
    both = [task("a", "Rejected", classes="AB")] * 10 + [task("a", "Accepted", classes="AB")] * 10
    some = [task("a", "Accepted", classes="B")] * 60 + [task("a")] * 20
    budget, _ = proven(workspace([*both, *some]), "class", 40)
    assert [(one.name, one.tasks) for one in budget.groups if one.name == "A"] == [("A", 20)]
    assert sum(one.tasks for one in budget.groups) == 100


def test_those_of_no_group_with_a_larger_share_have_a_stage_of_their_own():
    nobody = [
        {"steps": [{"stage": "R", "stageId": "R", "reviewStatus": "Rejected"}] * 2,
         "classes": "", "batch": None}
    ] * 50  # fmt: skip
    here = world({"a@x": (200, 100, 5), "b@x": (200, 100, 2)}, nobody)
    budget, stages = proven(here, "annotator", 120, 0.1)
    assert budget.groups[0].condition is None and budget.shares[0] == 1
    assert len(stages.stages) == 2 and stages.stages[0].rules[0].target == stages.stages[1].id
    assert stages.shares == pytest.approx(budget.shares)


def test_a_floor_of_nothing_leaves_some_without_a_review():
    budget, stages = proven(world(WORLD), "annotator", 100, 0.0)
    assert sorted(budget.shares)[:3] == [0, 0, 0]
    assert stages.stages[0].otherwise == "Complete"


@pytest.mark.parametrize("reviews", [30, 200, 333, 600])
def test_whole_percents_are_whole_and_cost_little(reviews):
    here = world(WORLD)
    budget, stages = proven(here, "annotator", reviews, whole=True)
    values = [
        rule["value"]
        for stage in stages.written()
        for rule in stage["logic"]["conditions"]
        if rule["type"] == "RandomSample"
    ]
    assert all(abs(100 * value - round(100 * value)) < 1e-9 for value in values)
    as_written = rounded(budget, stages.shares)
    assert abs(as_written.expected_reviews - reviews) <= 0.01 * budget.tasks
    assert abs(as_written.caught - budget.caught) <= 0.01 * budget.tasks


def test_a_small_share_is_not_rounded_away():
    here = world(WORLD)
    budget = budget_of(here, "annotator", 2)
    assert min(budget.shares) == budget.floor == pytest.approx(0.001)
    stages = stages_of(budget, here.project, here.dialect, whole=True)
    assert min(stages.shares) > 0


def test_the_usual_floor_is_five_percent_or_half_of_the_even_share():
    groups = [group("a", 30, 0.1), group("b", 70, 0.4)]
    assert [spread(groups, reviews).floor for reviews in (4, 10, 60)] == [0.02, 0.05, 0.05]


def test_percentages_are_written_in_the_scale_of_the_dialect():
    here = world(WORLD)
    budget = budget_of(here, "annotator", 200)
    for scale in ("auto", "fraction", "percent"):
        stages = stages_of(budget, here.project, Dialect(random=scale))
        value = next(r.condition.value for r in stages.stages[0].rules if r.type == "RandomSample")
        assert (value > 1) == (scale == "percent")


def test_somebody_who_comes_later_gets_the_smallest_share():
    here = world(WORLD)
    stages = stages_of(budget_of(here, "annotator", 200), here.project, here.dialect)
    later = replace(world({"new@x": (10, 0, 0)}), project=here.project)
    assert share_of(later, stages, later.everything) == pytest.approx(min(stages.shares))


def test_ids_are_free_and_another_review_can_be_named():
    stages = [start("W"), label("W", "R"), review("R", "Complete", "W"),
              review("S", "Complete", "W"), label("review-budget", "S"), end()]  # fmt: skip
    project = read_project({"_id": "p", "stages": stages})
    assert review_stage(project)[0].id == "R" and review_stage(project, "S")[0].id == "S"
    here = replace(world(WORLD), project=project)
    made = stages_of(budget_of(here, "annotator", 50), project, here.dialect, review="S")
    assert made.stages[0].id == "review-budget-1" and made.review == "S"
    assert json.dumps(made.written())


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: budget_of(world({"a@x": (5, 0, 0)}), "annotator", 3), "has said anything"),
        (lambda: budget_of(world(WORLD), "week", 3), "no breakdown"),
        (lambda: review_stage(read_project({"_id": "p", "stages": [start("E"), end("E")]})),
         "no Review stage"),
        (lambda: review_stage(read_project({"_id": "p", "stages": PLAIN}), "W"), "is no Review"),
    ],
)  # fmt: skip
def test_what_cannot_be_spread_is_said(make, says):
    with pytest.raises(InputError, match=says) as told:
        make()
    assert told.value.hint


def test_everything_rejected_is_an_even_share():
    budget, _ = proven(world({"a@x": (10, 5, 5), "b@x": (30, 4, 4)}), "annotator", 10)
    assert budget.shares == pytest.approx((0.25, 0.25)) and budget.caught == pytest.approx(10)
    assert any("even share is best" in note for note in budget.notes)


def test_one_stage_has_those_of_no_group_at_the_smallest_share():
    nobody = [
        {"steps": [{"stage": "R", "stageId": "R", "reviewStatus": "Rejected"}] * 2,
         "classes": "", "batch": None}
    ] * 50  # fmt: skip
    here = world({"a@x": (200, 100, 5), "b@x": (200, 100, 2)}, nobody)
    budget = budget_of(here, "annotator", 120, 0.1)
    one = for_one_stage(budget)
    stages = stages_of(one, here.project, here.dialect)
    assert len(stages.stages) == 1 and stages.shares == pytest.approx(one.shares)
    assert one.expected_reviews == pytest.approx(120) and one.caught < budget.caught
    shares = {g.name: share for g, share in zip(one.groups, one.shares, strict=True)}
    assert {g.name: g.rate for g in one.groups} == {g.name: g.rate for g in budget.groups}
    assert shares["nobody known"] == min(shares.values()) and shares["a@x"] > shares["b@x"]


def test_made_rules_stand_in_another_stage_under_ids_of_their_own():
    here = world(WORLD)
    (made,) = stages_of(budget_of(here, "annotator", 200), here.project, here.dialect).stages
    stage = Logic(id="L", name="Routing", otherwise="W")
    put = in_place_of(made, stage, {"RandomSample-0", "Annotator-1"})
    assert (put.id, put.name, put.otherwise) == ("L", "Routing", made.otherwise)
    assert [(r.condition, r.target) for r in put.rules] == [
        (r.condition, r.target) for r in made.rules
    ]
    ids = [rule.id for rule in put.rules]
    assert len(set(ids)) == len(ids) and not {"RandomSample-0", "Annotator-1"} & set(ids)
    both = [dict(here.split(one).stages)["R"] for one in (put, made)]  # each with its own draws
    assert both[0].expected == both[1].expected and both[0].low == both[1].low
