"""What a share buys, against scipy and against every draw of a small lot."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import beta, binom, hypergeom

from core.errors import InputError
from core.sampling.inverse import share_for_escaped, share_for_margin, share_to_notice
from core.sampling.shares import FixedSample, Lot, share_bought

LOTS = [
    (1000, 0.2, 0.05, 1.0),
    (400, 0.1, 0.03, 0.8),
    (37, 0.55, 0.3, 0.5),
    (123_456, 0.015, 0.002, 0.9),
    (20_000_000, 0.3, 0.25, 0.7),
]


@pytest.mark.parametrize(("tasks", "share", "errors", "catch"), LOTS)
def test_counts_are_binomial(tasks, share, errors, catch):
    bought = share_bought(Lot(tasks, errors, catch), share)
    wrong = round(tasks * errors)
    for count, law in (
        (bought.reviewed, binom(tasks, share)),
        (bought.caught, binom(wrong, share * catch)),
        (bought.escaped, binom(wrong, 1 - share * catch)),
    ):
        assert count.expected == pytest.approx(law.mean())
        assert (count.low, count.high) == (law.ppf(0.025), law.ppf(0.975))
    none = binom.pmf(0, wrong, share * catch)
    assert bought.none_caught == pytest.approx(none, rel=1e-9, abs=1e-300)
    reviewed, caught = round(tasks * share), round(wrong * share * catch)
    low, high = bought.margin
    assert low == pytest.approx(beta.ppf(0.025, caught, reviewed - caught + 1) if caught else 0)
    assert high == pytest.approx(beta.ppf(0.975, caught + 1, reviewed - caught))


@pytest.mark.parametrize(("tasks", "share", "errors", "catch"), LOTS[:4])
def test_a_fixed_sample_is_hypergeometric(tasks, share, errors, catch):
    fixed = share_bought(Lot(tasks, errors, catch), share).fixed
    wrong = round(tasks * errors)
    assert fixed.reviewed == round(tasks * share)
    drawn = np.arange(wrong + 1)
    weights = hypergeom.pmf(drawn, tasks, wrong, fixed.reviewed)
    law = np.array([weights @ binom.pmf(k, drawn, catch) for k in range(wrong + 1)])
    below = np.cumsum(law)
    assert fixed.caught.expected == pytest.approx(law @ drawn)
    assert fixed.caught.low == np.argmax(below >= 0.025)
    assert fixed.caught.high == np.argmax(below >= 0.975)
    assert fixed.none_caught == pytest.approx(law[0], rel=1e-6)
    assert fixed.escaped.expected == pytest.approx(wrong - fixed.caught.expected)
    assert fixed.escaped.low == wrong - fixed.caught.high


def test_every_draw_of_a_small_lot_is_enumerated():
    lot, share = Lot(6, 0.34, 0.5), 0.3
    bought = share_bought(lot, share)
    assert lot.wrong == 2
    caught = np.zeros(3)
    for drawn, seen in product(product((0, 1), repeat=6), product((0, 1), repeat=2)):
        chance = np.prod([share if one else 1 - share for one in drawn]) * 0.25
        caught[sum(d * s for d, s in zip(drawn, seen, strict=False))] += chance
    assert bought.none_caught == pytest.approx(caught[0])
    assert bought.caught.expected == pytest.approx(caught @ [0, 1, 2])


def test_what_is_predicted_holds_in_worlds():
    lot, share, worlds = Lot(400, 0.08, 0.8), 0.25, 20_000
    rng, bought = np.random.default_rng(17), share_bought(lot, share)
    drawn = rng.hypergeometric(lot.wrong, lot.tasks - lot.wrong, bought.fixed.reviewed, worlds)
    for count, seen in (
        (bought.reviewed, rng.binomial(lot.tasks, share, worlds)),
        (bought.caught, rng.binomial(rng.binomial(lot.wrong, share, worlds), lot.catch)),
        (bought.fixed.caught, rng.binomial(drawn, lot.catch)),
    ):
        inside = ((count.low <= seen) & (seen <= count.high)).mean()
        assert inside >= 0.95 - 4 * np.sqrt(0.05 * 0.95 / worlds)
        assert abs(seen.mean() - count.expected) < 4 * seen.std() / np.sqrt(worlds)


def test_a_fixed_sample_spreads_less_than_a_random_one():
    bought = share_bought(Lot(1000, 0.1), 0.5)
    random, fixed = bought.caught, bought.fixed.caught
    assert fixed.high - fixed.low < random.high - random.low


@pytest.mark.parametrize("share", [0.0, 1.0])
@pytest.mark.parametrize("errors", [0.0, 1.0])
@pytest.mark.parametrize("tasks", [1, 7])
def test_the_ends_are_numbers(tasks, share, errors):
    bought = share_bought(Lot(tasks, errors), share)
    wrong, caught = tasks * errors, tasks * errors * share
    for one in (bought, bought.fixed):
        assert (one.caught.low, one.caught.expected, one.caught.high) == (caught,) * 3
        assert (one.escaped.low, one.escaped.high) == (wrong - caught,) * 2
        assert one.none_caught == (caught == 0)
    low, high = bought.margin
    assert 0 <= low <= high <= 1
    assert (low, high) == (0, 1) if not share else high - low < 1


@pytest.mark.parametrize(
    ("tasks", "errors", "catch", "share"),
    [(0, 0.1, 1, 0.1), (5, 1.1, 1, 0.1), (5, 0.1, -0.1, 0.1), (5, 0.1, 1, 1.2)],
)
def test_what_is_no_lot_or_share_is_said(tasks, errors, catch, share):
    with pytest.raises(InputError) as told:
        share_bought(Lot(tasks, errors, catch), share)
    assert told.value.hint


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize(("tasks", "errors"), [(1, 1), (20, 0.05), (1000, 0.01), (50_000, 0.1)])
def test_the_share_to_notice_is_the_smallest(tasks, errors, confidence):
    lot = Lot(tasks, errors)
    needed = share_to_notice(lot, confidence)
    share = needed.share / 100
    assert 1 - (1 - share) ** lot.wrong >= confidence
    assert 1 - (1 - share * (1 - 1e-9)) ** lot.wrong < confidence
    assert 1 - (1 - needed.whole / 100) ** lot.wrong >= confidence
    assert needed.whole == 0 or 1 - (1 - (needed.whole - 1) / 100) ** lot.wrong < confidence
    none = [hypergeom.pmf(0, tasks, lot.wrong, needed.fixed - less) for less in (0, 1)]
    assert 1 - none[0] >= confidence - 1e-12 and 1 - none[1] < confidence


def test_half_of_two_notices_with_one_half_though_floats_round():
    assert share_to_notice(Lot(2, 0.5), 0.5).fixed == 1
    assert share_to_notice(Lot(10, 0.1), 0.9).fixed == 9


def test_a_large_lot_is_answered_too():
    few, many = share_to_notice(Lot(10**9, 1e-9), 0.95), share_to_notice(Lot(10**9, 0.01), 0.95)
    assert few.fixed == 950_000_000 and few.share == pytest.approx(95)
    assert many.fixed == 299 and many.whole == 1


def test_reviews_that_miss_need_more_and_can_be_too_blind():
    lot, blind = Lot(500, 0.02), Lot(500, 0.02, 0.6)
    seeing, needed = share_to_notice(lot, 0.95), share_to_notice(blind, 0.95)
    assert needed.share == pytest.approx(seeing.share / 0.6)
    none = [FixedSample(blind, needed.fixed - less).none_caught for less in (0, 1)]
    assert none[0] <= 0.05 < none[1]
    assert not share_to_notice(Lot(10, 0.1, 0.5), 0.95).possible
    assert not share_to_notice(Lot(10, 0.1, 0.0), 0.95).possible


def test_nothing_wrong_cannot_be_noticed():
    with pytest.raises(InputError, match="nothing can be noticed"):
        share_to_notice(Lot(10, 0.01), 0.95)


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_no_and_full_confidence(confidence):
    needed = share_to_notice(Lot(10, 0.3), confidence)
    assert needed.share == 100 * confidence and needed.fixed == 8 * confidence


@pytest.mark.parametrize("catch", [1.0, 0.9])
@pytest.mark.parametrize("escaped", [0, 3, 20])
def test_the_share_for_few_escaped(escaped, catch):
    lot = Lot(800, 0.05, catch)
    needed = share_for_escaped(lot, escaped, 0.9)
    law = binom(lot.wrong, 1 - needed.share / 100 * catch) if needed.possible else None
    if law is None:
        assert binom.cdf(escaped, lot.wrong, 1 - catch) < 0.9
        return
    assert law.cdf(escaped) >= 0.9 - 1e-9
    assert binom.cdf(escaped, lot.wrong, 1 - (needed.share - 0.01) / 100 * catch) < 0.9
    if catch == 1:
        left = [hypergeom(800, 40, 800 - needed.fixed + less).cdf(escaped) for less in (0, 1)]
        assert left[0] >= 0.9 - 1e-9 > left[1]


def test_as_many_may_escape_as_there_are():
    assert share_for_escaped(Lot(100, 0.05), 5).share == 0
    assert share_for_escaped(Lot(100, 0.0), 0).share == 0
    assert share_for_escaped(Lot(100, 0.05), 0, 1.0).whole == 100


@pytest.mark.parametrize(("errors", "margin"), [(0.05, 0.02), (0.0, 0.01), (1.0, 0.03), (0.3, 0.1)])
def test_the_share_for_a_margin(errors, margin):
    lot = Lot(2000, errors)
    needed = share_for_margin(lot, margin)
    for many in range(needed.fixed, needed.fixed + 200):
        caught = round(many * errors)
        low = beta.ppf(0.025, caught, many - caught + 1) if caught else 0
        high = beta.ppf(0.975, caught + 1, many - caught) if caught < many else 1
        assert (high - low) / 2 <= margin + 1e-12
    assert round(2000 * needed.share / 100) == needed.fixed
    low, high = share_bought(lot, needed.share / 100).margin
    assert (high - low) / 2 <= margin
    before = share_bought(lot, needed.share / 100 - 1 / 2000).margin
    assert (before[1] - before[0]) / 2 > margin
    assert not share_for_margin(Lot(10, 0.5), 0.01).possible
