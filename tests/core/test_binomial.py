"""The exact distribution of counts against scipy, against fractions and against its definition."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import fftconvolve
from scipy.stats import binom

from core.routing.engine.binomial import HIGH, LOW, binomial_window, count_window, interval

SIZES = [0, 1, 2, 3, 10, 99, 1_000, 30_000, 1_000_000]
CHANCES = [0.0, 1e-9, 1e-5, 0.025, 0.2, 0.5, 0.9, 0.975, 1 - 1e-5, 1 - 1e-9, 1.0]


def exact(groups):
    """P(X = 0), P(X = 1), … as fractions; `groups` are (tasks, probability as a fraction)."""
    odds = [Fraction(1)]
    for size, p in groups:
        one = [comb(size, k) * p**k * (1 - p) ** (size - k) for k in range(size + 1)]
        longer = [Fraction(0)] * (len(odds) + size)
        for i, a in enumerate(odds):
            for j, b in enumerate(one):
                longer[i + j] += a * b
        odds = longer
    return odds


def quantile(odds, bound):
    total = Fraction(0)
    for count, odd in enumerate(odds):
        total += odd
        if total >= bound:
            return count
    raise AssertionError("probabilities below 1")


@pytest.mark.parametrize("p", CHANCES)
@pytest.mark.parametrize("n", SIZES)
def test_a_window_is_the_binomial_wherever_it_matters(n, p):
    first, weights = binomial_window(n, p)
    last = first + len(weights) - 1
    assert 0 <= first <= last <= n
    wanted = binom.pmf(np.arange(first, last + 1), n, p)
    assert np.all(np.isfinite(weights)) and np.all(weights >= 0)
    assert np.abs(weights - wanted).max() <= 1e-11 * wanted.max()
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert binom.cdf(first - 1, n, p) < 1e-13 and binom.sf(last, n, p) < 1e-13


@pytest.mark.parametrize("p", CHANCES)
@pytest.mark.parametrize("n", SIZES)
def test_an_interval_is_made_of_the_smallest_counts_that_reach_its_bounds(n, p):
    for count, bound in zip(interval([(n, p)]), (LOW, HIGH), strict=True):
        assert 0 <= count <= n
        assert binom.cdf(count, n, p) >= bound - 1e-12
        assert binom.cdf(count - 1, n, p) < bound + 1e-12


@pytest.mark.parametrize("p", [5e-324, 1e-300, 1e-17, float(np.nextafter(1, 0))])
def test_a_chance_next_to_never_or_always_gives_one_count(p):
    for n in (1, 7, 1_000_000):
        wanted = 0 if p < 0.5 else n
        assert interval([(n, p)]) == (wanted, wanted)


def test_no_task_and_no_group_count_zero():
    assert interval([]) == interval([(0, 0.5)]) == interval([(0, 1.0), (0, 0.0)]) == (0, 0)
    first, weights = count_window([])
    assert (first, weights.tolist()) == (0, [1.0])


def test_certain_groups_only_shift_the_count():
    first, weights = count_window([(10, 0.3)])
    shifted, same = count_window([(5, 1.0), (10, 0.3), (8, 0.0), (2, 1.0)])
    assert shifted == first + 7
    assert same == pytest.approx(weights, abs=1e-15)
    low, high = interval([(10, 0.3)])
    assert interval([(7, 1.0), (10, 0.3)]) == (low + 7, high + 7)


def test_groups_of_equal_chance_are_one_binomial():
    assert interval([(400, 0.2), (600, 0.2)]) == interval([(1_000, 0.2)])
    first, weights = count_window([(400, 0.2), (0, 0.9), (600, 0.2)])
    alone, wanted = binomial_window(1_000, 0.2)
    assert first == alone and np.array_equal(weights, wanted)


chances = st.sampled_from([0.0, 1e-9, 0.02, 0.2, 0.5, 0.9, 1 - 1e-9, 1.0]) | st.floats(0, 1)


@settings(deadline=None, max_examples=120)
@given(st.lists(st.tuples(st.integers(0, 7), chances), max_size=4))
def test_a_sum_is_the_exact_convolution(groups):
    odds = exact([(n, Fraction(p)) for n, p in groups])
    first, weights = count_window(groups)
    got = np.zeros(len(odds))
    got[first : first + len(weights)] = weights
    assert got == pytest.approx([float(odd) for odd in odds], abs=1e-13)
    below = np.cumsum([float(odd) for odd in odds])
    for count, bound in zip(interval(groups), (LOW, HIGH), strict=True):
        if np.abs(below - bound).min() > 1e-12:
            assert count == quantile(odds, Fraction(bound))


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_every_permille_of_a_few_tasks_has_the_interval_of_exact_arithmetic(n):
    bounds = Fraction(25, 1_000), Fraction(975, 1_000)
    for permille in range(0, 1_001):
        odds = exact([(n, Fraction(permille, 1_000))])
        wanted = tuple(quantile(odds, bound) for bound in bounds)
        assert interval([(n, permille / 1_000)]) == wanted, permille


def test_a_bound_that_is_met_exactly_counts_as_reached():
    assert interval([(1, 0.025)]) == (0, 0)  # P(X <= 0) is 0.975
    assert interval([(1, 0.975)]) == (0, 1)  # P(X <= 0) is 0.025
    assert interval([(1, 0.0250001)]) == (0, 1)
    assert interval([(1, 0.9750001)]) == (1, 1)


@pytest.mark.parametrize(
    "groups",
    [
        [(400_000, 0.3), (500_000, 0.31), (100_000, 0.9)],
        [(900_000, 0.5), (100_000, 0.499), (20, 0.02)],
        [(1_000_000, 1e-5), (300_000, 0.2), (4, 0.5)],
        [(250_000, p) for p in (0.2, 0.16, 0.128, 0.512)],
    ],
    ids=["three large", "nearly equal", "rare and frequent", "four rules"],
)
def test_a_sum_of_large_groups_is_the_convolution_of_scipy(groups):
    wanted = np.ones(1)
    for n, p in groups:
        wanted = fftconvolve(wanted, binom.pmf(np.arange(n + 1), n, p))
    first, weights = count_window(groups)
    around = wanted[first : first + len(weights)]
    assert np.abs(weights - around).max() <= 1e-9 * around.max()
    assert around.sum() == pytest.approx(1, abs=1e-9)
    assert weights.sum() == pytest.approx(1, abs=1e-9)

    counts = np.arange(first, first + len(weights))
    mean = sum(n * p for n, p in groups)
    assert (weights * counts).sum() == pytest.approx(mean, rel=1e-9)
    variance = sum(n * p * (1 - p) for n, p in groups)
    assert (weights * (counts - mean) ** 2).sum() == pytest.approx(variance, rel=1e-6)

    below = np.cumsum(wanted)
    for count, bound in zip(interval(groups), (LOW, HIGH), strict=True):
        assert below[count] >= bound - 1e-9
        assert below[count - 1] < bound + 1e-9
