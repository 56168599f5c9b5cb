"""Error rates by group: counts, intervals, shrinking, who is worse, drift."""

import numpy as np
import pytest
from review_worlds import entry, task, workspace
from scipy.stats import beta, betabinom, binom, hypergeom

from core.errors import InputError
from core.proportions import proportion_interval
from core.sampling.error_rates import (
    control_limits,
    drift_of_weeks,
    error_rates,
    worse_than_rest,
)
from core.sampling.looks import looks_of
from core.sampling.shrink import fit


def by_name(rates):
    return {one.name: one for one in rates.groups}


def test_rejected_and_fixed_are_wrong_and_every_look_counts():
    here = workspace([
        task("a", "Accepted"),
        task("a", "rejected", "Accepted"),
        task("a", "Rejected", "Fixed"),
        task("b", "Fixed", batch="q", classes="A"),
        task("b", "Todo"),
        task("b", None),
        task("c"),
    ])  # fmt: skip
    people = by_name(error_rates(here, "annotator"))
    assert {name: (one.reviewed, one.wrong, one.tasks) for name, one in people.items()} == {
        "a": (5, 3, 3),
        "b": (1, 1, 1),
    }
    assert by_name(error_rates(here, "batch"))["q"].wrong == 1
    assert by_name(error_rates(here, "class"))["A"].reviewed == 1
    assert by_name(error_rates(here, "stage"))["R"].reviewed == 6
    assert error_rates(here, "annotator").reviewed == 6


def test_an_entry_of_no_review_stage_is_no_look():
    here = workspace([
        {"steps": [entry("W", "Rejected"), entry("R", "Accepted")], "classes": "", "batch": None},
        {"steps": [entry("Gone", "Rejected")], "classes": "", "batch": None},
    ])  # fmt: skip
    looks = looks_of(here.table, here.project)
    assert looks.wrong.tolist() == [False, True]  # that of a stage that is not known any more


def test_weeks_begin_on_monday_utc():
    here = workspace([
        task("a", "Accepted", at="2026-09-07T00:00:00.000Z"),
        task("a", "Rejected", at="2026-09-13T23:59:59.000Z"),
        task("a", "Fixed", at="2026-09-14T00:00:00.000Z"),
        task("a", "Fixed", at=None),
    ])  # fmt: skip
    weeks = error_rates(here, "week").groups
    assert [(one.name, one.reviewed, one.wrong) for one in weeks] == [
        ("no date", 1, 1),
        ("2026-09-07", 2, 1),
        ("2026-09-14", 1, 1),
    ]
    drift = error_rates(here, "annotator").drift
    assert [week.first for week in drift.weeks] == ["2026-09-07", "2026-09-14"]


def test_intervals_are_those_of_clopper_and_pearson():
    here = workspace([task("a", *["Rejected"] * 3, *["Accepted"] * 17), task("b", "Accepted")])
    people = by_name(error_rates(here, "annotator"))
    assert people["a"].low == pytest.approx(beta.ppf(0.025, 3, 18))
    assert people["a"].high == pytest.approx(beta.ppf(0.975, 4, 17))
    assert (people["b"].low, people["b"].high) == (0, pytest.approx(0.975))
    assert people["a"].rate == 0.15


@pytest.mark.parametrize(
    ("wrong", "reviewed"),
    [([1, 20, 3], [50, 60, 40]), ([0, 5, 30, 2, 8], [3, 40, 60, 90, 20]), ([9, 0], [10, 10])],
)
def test_the_prior_is_the_likeliest(wrong, reviewed):
    prior = fit(wrong, reviewed)

    def likelihood(mean, size):
        return betabinom.logpmf(wrong, reviewed, mean * size, (1 - mean) * size).sum()

    best = likelihood(prior.mean, prior.size)
    for mean in np.linspace(0.02, 0.9, 40):
        for size in np.geomspace(0.1, 1e5, 40):
            assert likelihood(mean, size) <= best + 1e-6
    for bad, many in zip(wrong, reviewed, strict=True):
        ends = sorted((bad / many, prior.mean))
        assert ends[0] <= prior.shrunk(bad, many) <= ends[1]
        a, b = prior.posterior(bad, many)
        assert a / (a + b) == pytest.approx(prior.shrunk(bad, many))


def test_groups_that_do_not_differ_all_have_the_same_rate():
    prior = fit([5, 5, 5], [50, 50, 50])
    assert prior.size == np.inf and prior.shrunk(5, 50) == prior.shrunk(0, 3) == 0.1
    assert fit([0, 0], [4, 5]).shrunk(0, 4) == 0 and fit([4, 5], [4, 5]).shrunk(1, 1) == 1
    assert fit([3], [12]).shrunk(3, 12) == 0.25
    assert fit([], []) is None and fit([0], [0]) is None


def test_shrunk_rates_are_nearer_to_the_truth_than_raw_ones():
    rng = np.random.default_rng(3)
    raw = shrunk = 0.0
    for _ in range(40):
        truth, many = rng.beta(4, 36, 12), rng.integers(2, 30, 12)
        wrong = rng.binomial(many, truth)
        prior = fit(wrong.tolist(), many.tolist())
        told = [prior.shrunk(int(w), int(n)) for w, n in zip(wrong, many, strict=True)]
        raw += ((wrong / many - truth) ** 2).sum()
        shrunk += ((told - truth) ** 2).sum()
    assert shrunk < raw / 2


def test_who_is_worse_is_fishers_tail_corrected_by_holm():
    counts = [(40, 12), (60, 6), (100, 9)]
    tails = [hypergeom.sf(bad - 1, 200, 27, many) for many, bad in counts]
    order = np.argsort(tails)
    adjusted, most = [0.0] * 3, 0.0
    for rank, place in enumerate(order):
        most = adjusted[place] = max(most, min(1.0, tails[place] * (3 - rank)))
    assert worse_than_rest(counts, 200, 27) == pytest.approx(adjusted)


def test_many_looks_raise_a_false_alarm_in_at_most_one_of_twenty_worlds():
    rng, worlds, alarms = np.random.default_rng(7), 1500, 0
    for _ in range(worlds):
        many = rng.integers(1, 80, 10)
        wrong = rng.binomial(many, 0.15)
        counts = list(zip(many.tolist(), wrong.tolist(), strict=True))
        alarms += min(worse_than_rest(counts, int(many.sum()), int(wrong.sum()))) <= 0.05
    assert alarms / worlds <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / worlds)


def test_looks_at_one_task_again_are_no_new_evidence():
    often = [task("bad", *["Rejected"] * 30)] + [task("bad", "Accepted")] * 5
    rates = error_rates(workspace([*often, *[task("good", "Accepted")] * 40]), "annotator")
    bad = by_name(rates)["bad"]
    assert (bad.reviewed, bad.wrong) == (35, 30) and not bad.worse
    assert bad.p == pytest.approx(min(1, 2 * hypergeom.sf(0, 46, 1, 6)))


def test_somebody_who_is_worse_is_seen():
    here = workspace([
        *[task("bad", "Rejected")] * 20,
        *[task("bad", "Accepted")] * 30,
        *[task("good", "Accepted")] * 95,
        *[task("good", "Fixed")] * 5,
    ])  # fmt: skip
    rates = error_rates(here, "annotator")
    assert [one.name for one in rates.groups if one.worse] == ["bad"]
    assert any(
        "Worse than the rest" in sentence and "bad" in sentence for sentence in rates.sentences
    )


def test_intervals_hold_in_worlds():
    rng, worlds = np.random.default_rng(13), 4000
    many, truth = rng.integers(5, 120, worlds), rng.uniform(0.01, 0.6, worlds)
    inside = 0
    for n, rate in zip(many.tolist(), truth.tolist(), strict=True):
        low, high = proportion_interval(int(rng.binomial(n, rate)), n)
        inside += low <= rate <= high
    assert inside / worlds >= 0.95 - 4 * np.sqrt(0.05 * 0.95 / worlds)


@pytest.mark.parametrize(("many", "rate"), [(50, 0.1), (400, 0.03), (3, 0.5), (10, 0.0), (10, 1.0)])
def test_control_limits_are_binomial(many, rate):
    low, high = control_limits(many, rate)
    assert low * many == pytest.approx(max(0, binom.ppf(0.00135, many, rate)))
    assert high * many == pytest.approx(binom.ppf(0.99865, many, rate))


def test_weeks_that_are_alike_are_seldom_called_off():
    rng, worlds, off = np.random.default_rng(19), 600, 0
    names = [str(n) for n in range(6)]
    for _ in range(worlds):
        many = rng.integers(10, 120, 6)
        drift = drift_of_weeks(names, many.tolist(), rng.binomial(many, 0.2).tolist())
        off += drift.drifts
    assert off / worlds <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / worlds)


def test_a_week_that_is_worse_lies_beyond_its_limit():
    drift = drift_of_weeks(["a", "b", "c", "d"], [200] * 4, [20, 22, 60, 18])
    assert drift.drifts and [week.first for week in drift.weeks if week.out] == ["c"]
    assert drift_of_weeks(["a"], [5], [1]).p is None and not drift_of_weeks([], [], []).drifts


def test_a_task_that_is_rejected_again_and_again_makes_no_week_worse():
    early, late = "2026-09-01T10:00:00.000Z", "2026-09-08T10:00:00.000Z"
    again = ["Rejected"] * 15 + ["Accepted"]
    rates = error_rates(workspace([
        *[task("a", "Accepted", at=early)] * 40,
        *[task("a", "Accepted", at=late)] * 38,
        *[task("a", *again, at=late)] * 2,
    ]), "week")  # fmt: skip
    assert [(week.reviewed, week.wrong) for week in rates.drift.weeks] == [(40, 0), (70, 30)]
    both_sides, both_weeks = 2, 2
    tail = hypergeom.sf(1, 80, 2, 40)
    assert rates.drift.p == pytest.approx(both_sides * both_weeks * tail)
    assert not rates.drift.drifts


def test_no_reviews_are_words_and_no_division():
    rates = error_rates(workspace([task("a"), task("b")]), "annotator")
    assert rates.groups == () and rates.prior is None and rates.drift.p is None
    assert dict(rates.unreviewed) == {"a": 1, "b": 1}
    assert "No review has said anything" in rates.sentences[0]
    assert error_rates(workspace([]), "week").groups == ()


def test_everything_rejected_is_said():
    rates = error_rates(workspace([task("a", "Rejected"), task("b", "Fixed")]), "annotator")
    assert {one.shrunk for one in rates.groups} == {1.0}
    assert any("Every look rejected or fixed" in sentence for sentence in rates.sentences)


def test_people_without_a_look_or_a_task_are_named():
    here = workspace([task("a@x", "Accepted"), task("b@x")], people=("a@x", "B@x", "idle@x"))
    rates = error_rates(here, "annotator")
    assert dict(rates.unreviewed) == {"b@x": 1, "idle@x": 0}
    assert any("Without a look: b@x" in sentence for sentence in rates.sentences)


def test_another_breakdown_is_refused():
    with pytest.raises(InputError, match="no breakdown"):
        error_rates(workspace([]), "color")


def test_a_class_of_several_tasks_counts_in_each():
    rates = error_rates(workspace([task("a", "Fixed", classes="AB")]), "class")
    assert {one.name for one in rates.groups} == {"A", "B"} and rates.reviewed == 1
