"""What review costs: against brute force over shares, samples and what they may show."""

import numpy as np
import pytest
from scipy.stats import beta, betabinom, binom

from core.errors import InputError
from core.sampling.cost import ReviewCost, ReviewPrices, SampleFirst
from core.sampling.shares import Lot, share_bought

PRICES = ReviewPrices(review=2, escape=50, rework=5)


@pytest.mark.parametrize("catch", [1.0, 0.7])
@pytest.mark.parametrize("errors", [0.0, 0.02, 0.2, 1.0])
def test_costs_are_those_of_what_a_share_buys(errors, catch):
    lot = Lot(400, errors, catch)
    cost = ReviewCost(lot, PRICES)
    for share, price in cost.curve:
        bought = share_bought(lot, share)
        told = 2 * bought.reviewed.expected + 50 * bought.escaped.expected
        assert price == pytest.approx(told + 5 * bought.caught.expected)
    prices = [price for _, price in cost.curve]
    assert cost.of(cost.cheapest) == pytest.approx(min(prices))
    low, high = cost.flat
    for share, price in cost.curve:
        assert (low - 1e-9 <= share <= high + 1e-9) == (price <= 1.05 * min(prices) + 1e-9)


@pytest.mark.parametrize("catch", [1.0, 0.7])
def test_at_the_break_even_all_shares_cost_the_same(catch):
    rate = ReviewCost(Lot(10, 0.5, catch), PRICES).break_even
    below, above = (ReviewCost(Lot(10**6, rate * part, catch), PRICES) for part in (0.99, 1.01))
    assert below.cheapest == 0 and above.cheapest == 1
    even = ReviewCost(Lot(10**6, rate, catch), PRICES)
    assert even.of(0.0) == pytest.approx(even.of(1.0), rel=1e-4)


@pytest.mark.parametrize(
    ("prices", "rate"),
    [
        (ReviewPrices(2, 5, 5), None),
        (ReviewPrices(0, 5, 5), 0.0),
        (ReviewPrices(2, 1), None),
        (ReviewPrices(0, 3), 0.0),
        (ReviewPrices(0, 3, 5), None),
    ],
)
def test_where_review_never_or_always_pays(prices, rate):
    assert ReviewCost(Lot(10, 0.5), prices).break_even == rate


def test_free_review_of_a_clean_lot_is_flat():
    cost = ReviewCost(Lot(10, 0.0), ReviewPrices(0, 5))
    assert cost.cheapest == 0 and cost.flat == (0, 1)


def naive(first, many):
    """Every number of wrong ones in a sample, and the better of both ends for the rest."""
    total = 0.0
    rates = np.linspace(0.0005, 0.9995, 1000)
    prior = beta.pdf(rates, first.a, first.b)
    prior /= prior.sum()
    for caught in range(many + 1):
        chance = prior * binom.pmf(caught, many, rates * first.catch)
        mean = (chance @ rates) / chance.sum()
        reviewed = first.prices.reviewed(mean, first.catch)
        total += chance.sum() * min(reviewed, first.prices.left_alone(mean))
    mean = first.a / (first.a + first.b)
    return many * first.prices.reviewed(mean, first.catch) + (first.tasks - many) * total


@pytest.mark.parametrize("catch", [1.0, 0.8])
@pytest.mark.parametrize("many", [0, 3, 25])
def test_a_sample_first_is_enumerated(many, catch):
    first = SampleFirst(300, 2.5, 40.0, catch, PRICES)
    assert first.of(many) == pytest.approx(naive(first, many), rel=2e-3)


def test_the_chances_of_a_sample_are_beta_binomial():
    first = SampleFirst(100, 3.0, 47.0, 1.0, ReviewPrices(2, 50))
    caught = np.arange(31)
    rates = (3 + caught) / 80
    rest = np.minimum(2 + 0 * rates, 50 * rates)
    told = 30 * 2 + 70 * (betabinom.pmf(caught, 30, 3, 47) @ rest)
    assert first.of(30) == pytest.approx(told)


def test_the_cheapest_sample_is_the_cheapest_of_all():
    first = SampleFirst(120, 2.5, 40.0, 1.0, PRICES)
    costs = [first.of(many) for many in range(121)]
    assert first.of(first.cheapest) <= min(costs) * 1.002
    assert costs[first.cheapest] < min(costs[0], costs[-1])


def test_a_price_below_nothing_is_refused():
    with pytest.raises(InputError, match="escape is below 0"):
        ReviewPrices(1, -1)
