"""Exact tests of counts against scipy and against counting by hand."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact, hypergeom

from core.routing.engine.exact import (
    LEVEL,
    central,
    fisher,
    fisher_interval,
    holm,
    hypergeometric_window,
    mean,
    tasks_to_see,
    two_sided,
)


@given(st.integers(1, 3_000), st.data())
def test_a_hypergeometric_window_is_that_of_scipy(population, data):
    marked, drawn = data.draw(st.integers(0, population)), data.draw(st.integers(0, population))
    first, weights = hypergeometric_window(population, marked, drawn)
    law = hypergeom(population, marked, drawn)
    assert weights == pytest.approx(law.pmf(first + np.arange(len(weights))), rel=1e-6, abs=1e-15)
    assert weights.sum() == pytest.approx(1)
    assert mean((first, weights)) == pytest.approx(law.mean())
    assert central((first, weights)) == (law.ppf(0.025), law.ppf(0.975))


def test_a_large_window_is_that_of_scipy():
    window = hypergeometric_window(2_000_000, 700_000, 900_000)
    law = hypergeom(2_000_000, 700_000, 900_000)
    assert central(window) == (law.ppf(0.025), law.ppf(0.975))
    assert two_sided(window, 314_500) == pytest.approx(2 * law.cdf(314_500), rel=1e-6)


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(0, 40))
@example(5, 100, 60, 500)
def test_two_samples_are_compared_as_fisher_does(marked, known, count, drawn):
    marked, count = min(marked, known), min(count, drawn)
    table = [[count, drawn - count], [marked, known - marked]]
    tails = [fisher_exact(table, side).pvalue for side in ("less", "greater")]
    assert fisher(marked, known, count, drawn) == pytest.approx(min(1, 2 * min(tails)))


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60))
def test_the_interval_holds_exactly_the_counts_that_are_not_called_off(marked, known, drawn):
    marked = min(marked, known)
    low, high = fisher_interval(marked, known, drawn)
    fits = [k for k in range(drawn + 1) if fisher(marked, known, k, drawn) > LEVEL]
    assert fits == list(range(low, high + 1))


def test_holm_corrects_for_what_chance_plays_a_part_in():
    assert holm([0.01, 0.04, 0.03], [True] * 3) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.0, 0.04, 1.0], [False, True, False]) == [0.0, 0.04, 1.0]


@pytest.mark.parametrize("tests", [1, 3, 8])
def test_so_many_tasks_tell_20_from_25_percent_four_times_in_five(tests):
    def power(tasks):
        counts = np.arange(tasks + 1)
        tails = np.minimum(binom.cdf(counts, tasks, 0.2), binom.sf(counts - 1, tasks, 0.2))
        return binom.pmf(counts[2 * tails <= LEVEL / tests], tasks, 0.25).sum()

    many = tasks_to_see(tests)
    assert power(many - 1) < 0.8
    assert all(power(n) >= 0.8 for n in range(many, many + 60))
