"""Operating characteristics against scipy, every way of a small plan, and simulation."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom, hypergeom

from core.errors import InputError
from core.sampling.acceptance import (
    DoublePlan,
    SequentialPlan,
    curve_rates,
    double_like,
    mean_reviews,
    oc,
    oc_at_random,
    oc_of_lot,
    rate_accepted,
    sequential_like,
)
from core.sampling.iso_2859 import SinglePlan

RATES = (0.0, 0.01, 0.05, 0.2, 0.7, 1.0)
PLANS = [SinglePlan(80, 2), SinglePlan(13, 0), SinglePlan(500, 10)]


@pytest.mark.parametrize("plan", PLANS)
def test_the_curve_is_binomial_and_of_a_lot_hypergeometric(plan):
    assert oc(plan, RATES) == pytest.approx(binom.cdf(plan.accept, plan.n, RATES))
    wrong = [round(2000 * rate) for rate in RATES]
    law = hypergeom.cdf(plan.accept, 2000, wrong, plan.n)
    assert oc_of_lot(plan, 2000, RATES) == pytest.approx(law, abs=1e-12)


@pytest.mark.parametrize("plan", PLANS)
def test_drawn_at_random_is_a_binomial_of_a_binomial(plan):
    tasks = 1000
    reviewed = np.arange(tasks + 1)
    weights = binom.pmf(reviewed, tasks, plan.n / tasks)
    for rate, chance in zip(RATES, oc_at_random(plan, tasks, RATES), strict=True):
        assert chance == pytest.approx(weights @ binom.cdf(plan.accept, reviewed, rate))


def test_the_curve_is_what_draws_do():
    plan, tasks, rate, rng = SinglePlan(80, 2), 1000, 0.03, np.random.default_rng(5)
    worlds = 20_000
    wrong = rng.binomial(tasks, rate, worlds)
    exactly = rng.hypergeometric(wrong, tasks - wrong, plan.n) <= plan.accept
    at_random = rng.binomial(wrong, plan.n / tasks) <= plan.accept
    for seen, law in ((exactly, oc(plan, [rate])), (at_random, oc_at_random(plan, tasks, [rate]))):
        chance = law.item()
        error = np.sqrt(chance * (1 - chance) / worlds)
        assert abs(seen.mean() - chance) < 4 * error


def test_a_lot_that_is_reviewed_whole_is_accepted_or_not():
    told = oc_of_lot(SinglePlan(13, 0), 10, (0.0, 0.1, 1.0))
    assert told.tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("plan", PLANS)
def test_the_points_of_a_plan_lie_on_its_curve(plan):
    for chance in (0.95, 0.5, 0.1):
        assert oc(plan, [rate_accepted(plan, chance)]).item() == pytest.approx(chance)
    rates = curve_rates(plan, 0.01)
    assert rates[0] == 0 and 0.01 in rates and list(rates) == sorted(set(rates))
    assert (np.diff(oc(plan, rates)) < 0).all() and oc(plan, rates)[-1] < 0.01


def naive_double(plan, rate):
    """Every outcome of both samples."""
    accepted = reviews = 0.0
    for first in product((0, 1), repeat=plan.n1):
        chance = np.prod([rate if one else 1 - rate for one in first])
        wrong = sum(first)
        reviews += chance * plan.n1
        if wrong <= plan.c1:
            accepted += chance
        elif wrong < plan.r1:
            reviews += chance * plan.n2
            for second in product((0, 1), repeat=plan.n2):
                more = np.prod([rate if one else 1 - rate for one in second])
                accepted += chance * more * (wrong + sum(second) <= plan.c2)
    return accepted, reviews


@pytest.mark.parametrize("plan", [DoublePlan(4, 0, 3, 5, 3), DoublePlan(5, 1, 2, 3, 1)])
@pytest.mark.parametrize("rate", [0.0, 0.1, 0.45, 1.0])
def test_a_double_plan_is_enumerated(plan, rate):
    accepted, reviews = naive_double(plan, rate)
    assert plan.accepted(rate) == pytest.approx(accepted)
    assert plan.reviews(rate) == pytest.approx(reviews)


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3])
def test_a_sequential_plan_is_what_walks_do(rate):
    plan = SequentialPlan(0.05, 0.2, 0.05, 0.1)
    rng, worlds, most = np.random.default_rng(11), 4000, 200
    wrong = np.cumsum(rng.random((worlds, most)) < rate, axis=1)
    middle = plan.slope * np.arange(1, most + 1)
    low, high = wrong <= middle - plan.accept_line, wrong >= middle + plan.refuse_line
    low[:, -1] |= ~high[:, -1] & (wrong[:, -1] <= middle[-1])
    ended = low | high
    ended[:, -1] = True
    ends = ended.argmax(axis=1)
    accepted = low[np.arange(worlds), ends]
    told = plan.outcome([rate], most)
    error = np.sqrt(max(told.accepted[0] * (1 - told.accepted[0]), 1e-4) / worlds)
    assert abs(accepted.mean() - told.accepted[0]) < 4 * error
    reviews = ends + 1
    assert abs(reviews.mean() - told.reviews[0]) < 4 * reviews.std() / np.sqrt(worlds)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 1.0])
def test_a_walk_that_is_cut_off_ends_on_its_side_of_the_slope(rate):
    plan, most = SequentialPlan(0.1, 0.3, 0.05, 0.1), 8
    accepted = 0.0
    for walk in product((0, 1), repeat=most):
        chance, wrong = 1.0, 0
        for step, one in enumerate(walk, 1):
            chance, wrong = chance * (rate if one else 1 - rate), wrong + one
            low = wrong <= plan.slope * step - plan.accept_line
            if low or wrong >= plan.slope * step + plan.refuse_line:
                break
        else:
            low = wrong <= plan.slope * most
        accepted += low * chance * 0.5 ** (most - step)  # walks that end early come so often
    assert plan.outcome([rate], most).accepted[0] == pytest.approx(accepted)


def test_walds_lines():
    plan = SequentialPlan(0.01, 0.06, 0.05, 0.1)
    ratio = np.log(6) + np.log(0.99 / 0.94)
    assert plan.slope == pytest.approx(np.log(0.99 / 0.94) / ratio)
    assert plan.accept_line == pytest.approx(np.log(0.95 / 0.1) / ratio)
    assert plan.refuse_line == pytest.approx(np.log(0.9 / 0.05) / ratio)


@pytest.mark.parametrize("plan", [SinglePlan(80, 2), SinglePlan(125, 3), SinglePlan(200, 10)])
def test_double_and_sequential_plans_keep_the_guarantee_with_fewer_reviews(plan):
    good, bad = rate_accepted(plan, 0.95), rate_accepted(plan, 0.1)
    double, told = double_like(plan), sequential_like(plan).outcome([good, bad])
    assert double.accepted(good) >= 0.95 and double.accepted(bad) <= 0.1
    assert double.reviews(good) < plan.n
    assert told.accepted[0] >= 0.95 and told.accepted[1] <= 0.105
    assert told.reviews[0] < double.reviews(good)


def test_mean_reviews_are_those_of_each_plan():
    plan, rates = SinglePlan(80, 2), (0.0, 0.02, 0.1)
    means = mean_reviews(plan, rates)
    assert means["single"] == (80, 80, 80)
    assert means["double"] == tuple(map(double_like(plan).reviews, rates))
    assert means["sequential"] == sequential_like(plan).outcome(rates).reviews
    assert set(mean_reviews(SinglePlan(20, 0), rates)) == {"single", "sequential"}


def test_a_plan_that_accepts_nothing_wrong_has_no_better_double():
    assert double_like(SinglePlan(20, 0)) is None


def test_a_plan_of_one_task_and_a_cut_off_walk():
    one = SinglePlan(1, 0)
    assert oc(one, [0.3]).item() == pytest.approx(0.7)
    assert sequential_like(one).outcome([0.0, 1.0], 1).reviews == (1.0, 1.0)


@pytest.mark.parametrize(
    "make",
    [
        lambda: SinglePlan(0, 0),
        lambda: SinglePlan(5, 5),
        lambda: SinglePlan(5, -1),
        lambda: DoublePlan(5, 2, 2, 5, 3),
        lambda: DoublePlan(0, 0, 2, 5, 3),
        lambda: SequentialPlan(0.1, 0.1),
        lambda: SequentialPlan(0.0, 0.1),
        lambda: SequentialPlan(0.1, 0.2, 0.6, 0.1),
    ],
)
def test_what_is_no_plan_is_said(make):
    with pytest.raises(InputError) as told:
        make()
    assert told.value.hint
