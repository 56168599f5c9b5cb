"""The next tasks like these: the predictive law against scipy, and how often it holds."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom, binom
from small_world import LATER, batches, chance, has, people, stage_of, workspace_of

from core.routing.engine.predictive import predictive_below, predictive_interval, predictive_mean
from core.routing.engine.shape import Shape, shape_of
from core.routing.observed.forecast import NOTHING, NextCount, of_next
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.random_sample import RandomSample

A_CLASS = AnnotationType((ClassFilter("A", True),))


def exactly(many, may, tasks, q):
    """P(Y <= k) for every k, summed over who may."""
    who = np.arange(many + 1)
    weights = betabinom(many, may + 0.5, tasks - may + 0.5).pmf(who)
    return binom.cdf(who[:, None], who[None, :], q) @ weights


@pytest.mark.slow
@settings(deadline=None)
@given(
    st.integers(1, 120),
    st.integers(1, 5_000),
    st.floats(0, 1),
    st.sampled_from([1.0, 0.999, 0.5, 0.2, 0.01]),
)
@example(120, 1, 0.0, 0.2)
@example(120, 1, 1.0, 1.0)
def test_the_law_is_a_binomial_of_a_beta_binomial(many, tasks, share, q):
    may = round(tasks * share)
    law = exactly(many, may, tasks, q)
    a, b = may + 0.5, tasks - may + 0.5
    found = [predictive_below(k, many, a, b, q) for k in range(many + 1)]
    assert found == pytest.approx(law, abs=1e-8)
    low, high = predictive_interval(many, may, tasks, q)
    for level, end in ((0.025, low), (0.975, high)):
        assert law[end] >= level - 1e-8 and (end == 0 or law[end - 1] < level + 1e-8)
    mean = predictive_mean(many, may, tasks, q)
    assert mean == pytest.approx(many - law[:-1].sum(), abs=1e-6)  # E Y = sum of P(Y > k)


@pytest.mark.parametrize("many", [19_999, 20_001, 150_000])
@pytest.mark.parametrize(("may", "tasks"), [(0, 3), (3, 3), (40, 900), (899, 900)])
def test_summed_and_integrated_are_the_same(many, may, tasks):
    low, high = predictive_interval(many, may, tasks, 1.0)
    law = betabinom(many, may + 0.5, tasks - may + 0.5)
    assert law.cdf(low) >= 0.025 - 1e-6 and law.cdf(high) >= 0.975 - 1e-6
    assert (low == 0 or law.cdf(low - 1) < 0.025 + 1e-6) and law.cdf(high - 1) < 0.975 + 1e-6


def law(shape, fate):
    found, left = [], 1.0
    for place, p in enumerate([*shape.chances, None]):
        takes = float(place == fate) if p is None else p
        found.append(left * takes)
        left *= 1 - takes
    return found


KIND = Shape((0, 400, 0, 30, 0, 170, 400), (0.2, None, 0.5, None, 0.05, None))
CONDITIONS = [RandomSample(p) if p is not None else A_CLASS for p in KIND.chances]


@pytest.mark.slow
@pytest.mark.parametrize(("tasks", "many"), [(40, 500), (300, 50), (300, 3_000)])
def test_95_of_100_intervals_hold_the_count(tasks, many):
    """These and the next are drawn from one kind of work; chains of random and certain rules."""
    dice, runs = np.random.default_rng(26), 250
    shares = np.array(KIND.fates) / KIND.tasks
    inside, width = np.zeros(len(shares)), np.zeros(len(shares))
    for mine, theirs in zip(
        dice.multinomial(tasks, shares, runs).tolist(),
        dice.multinomial(many, shares, runs),
        strict=True,
    ):
        coming = of_next(Shape(tuple(mine), KIND.chances), CONDITIONS, many)
        did = sum(dice.multinomial(n, law(KIND, f)) for f, n in enumerate(theirs) if n)
        inside += [c.low <= y <= c.high for c, y in zip(coming, did, strict=True)]
        width += [c.high - c.low for c in coming]
    slack = 4 * (0.95 * 0.05 / runs) ** 0.5
    assert (inside / runs >= 0.95 - slack).all(), inside / runs
    wide = width / runs > 20  # whole numbers make short intervals hold more often
    assert wide.any() == (many > 50)
    assert (inside[wide] / runs <= 0.95 + slack + 0.01).all()


def test_with_no_task_looked_at_nothing_can_be_said():
    work = workspace_of([{"classes": "A"}])
    stage = stage_of(has("A"), chance(0.2))
    found = work.coming(stage, 50, work.everything & 0)
    assert found.outputs == (NextCount(None, None, None),) * 3
    assert found.sentences == (NOTHING,)
    assert found.weeks.p is None and found.weeks.alike is None


def test_what_every_task_may_take_or_none_is_not_estimated():
    work = workspace_of([{"classes": "A"}] * 3)

    def coming(*conditions):
        stage = stage_of(*conditions)
        shape = shape_of(work.matcher, stage, work.everything)
        return of_next(shape, [rule.condition for rule in stage.active], 1_000)

    (everyone,) = coming()
    assert everyone == NextCount(1_000, 1_000, 1_000)
    top, rest = coming(chance(0.2))
    assert (top.low, top.high) == (binom.ppf(0.025, 1_000, 0.2), binom.ppf(0.975, 1_000, 0.2))
    assert (rest.low, rest.high) == (binom.ppf(0.025, 1_000, 0.8), binom.ppf(0.975, 1_000, 0.8))
    for nobody in (LATER, people(), batches(), {"type": "RandomSample", "value": 300}):
        none, second, _ = coming(nobody, chance(0.2))
        assert none == NextCount(0, 0, 0) and second == top
    all_of_three, others = coming(has("A"))
    assert all_of_three.low < 700 and others.high > 300  # three tasks do not tell much
    whole, below, _ = coming(chance(100), has("A"))
    assert whole == NextCount(1_000, 1_000, 1_000) and below == NextCount(0, 0, 0)


def test_more_tasks_looked_at_tell_more():
    widths = [
        high - low
        for low, high in (predictive_interval(1_000, n // 4, n, 1.0) for n in (4, 40, 400, 40_000))
    ]
    assert widths == sorted(widths, reverse=True) and widths[-1] <= 56  # that of Bin(1000, 1/4)
