"""Is the hub behaving, from counts: the test's own error rates over many seeds, and the words."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom, binomtest
from small_world import LATER, batches, chance, has, stage_of, took, workspace_of

from core.errors import InputError
from core.routing.engine.evaluate import first_match
from core.routing.engine.exact import LEVEL
from core.routing.engine.shape import Shape, shape_of
from core.routing.observed.conformance import judged as judge
from core.routing.observed.pasted_counts import read_counts
from core.tasks import bits

HUNDRED = Shape((0, 100), (0.2,))
RUNS = 1_500
TASKS = [
    {"batch": "q" if n % 3 else None, "classes": "AB"[: n % 3], "took": 1_000 * n}
    for n in range(300)
]
STAGE = stage_of(batches("q"), chance(0.2), has("A"), chance(0.3), took(0, 100_000))
MIXED = Shape((0, 40, 0, 30, 0, 50, 60), (0.2, None, 0.3, None, 0.25, None))
"""Certain rules between random ones."""


def labels_of(shape):
    return [*(f"Rule {n}" for n in range(1, len(shape.chances) + 1)), "Else"]


def judged(observed, shape=HUNDRED, basis="same", **more):
    return judge(shape, labels_of(shape), observed, basis, **more)


def most(level, runs):
    """A rate of so many runs that a true rate of `level` stays below but once in 30,000."""
    return level + 4 * (level * (1 - level) / runs) ** 0.5


def law(shape, fate):
    """Chance of each output for a task that a certain rule would take: rule by rule."""
    chances, left = [], 1.0
    for place, p in enumerate([*shape.chances, None]):
        takes = (1.0 if place == fate else 0.0) if p is None else p
        chances.append(left * takes)
        left *= 1 - takes
    return chances


def hub(shape, dice, runs):
    """Tasks per output, run by run, of a hub that does what the shape says of these tasks."""
    each = [dice.multinomial(n, law(shape, f), runs) for f, n in enumerate(shape.fates) if n]
    return np.sum(each, axis=0).tolist()


def test_31_of_100_is_outside_12_to_28():
    found = judged([31, 69])
    assert not found.behaving
    assert found.sentences[0] == (
        "Rule 1: 31 of 100 is outside 12 to 28: check the rule's order, the batch, or the setting."
    )
    assert (found.counts[0].low, found.counts[0].high) == (12, 28)
    assert judged([28, 72]).behaving and judged([12, 88]).behaving
    assert not judged([29, 71]).behaving and not judged([11, 89]).behaving


@pytest.mark.parametrize("basis", ["same", "like"])
@pytest.mark.parametrize("count", [5, 11, 12, 20, 28, 29, 31])
def test_one_random_rule_is_the_exact_binomial_test(count, basis):
    found = judged([count, 100 - count], basis=basis)
    tails = min(binom.cdf(count, 100, 0.2), binom.sf(count - 1, 100, 0.2))
    assert found.counts[0].p == pytest.approx(min(1, 2 * tails))
    assert found.counts[0].adjusted == found.counts[0].p
    if count in (5, 31):
        assert binomtest(count, 100, 0.2).pvalue < LEVEL


def test_outside_the_interval_and_off_are_the_same_for_one_rule():
    for size, p in ((40, 0.1), (100, 0.2), (333, 0.375), (1_000, 0.5)):
        for count in range(size + 1):
            seen = judged([count, size - count], Shape((0, size), (p,))).counts[0]
            assert seen.off == (not seen.low <= count <= seen.high), (size, count)


def test_each_count_has_its_law_given_those_above():
    """Against the joint distribution of the counts, task by task."""
    shape = Shape((0, 3, 0, 2, 3), (0.3, None, 0.6, None))
    joint = {(0,) * 5: 1.0}
    for fate, tasks in enumerate(shape.fates):
        for _ in range(tasks):
            after = {}
            for (counts, weight), (out, p) in product(joint.items(), enumerate(law(shape, fate))):
                if p:
                    key = (*counts[:out], counts[out] + 1, *counts[out + 1 :])
                    after[key] = after.get(key, 0.0) + weight * p
            joint = after
    assert sum(joint.values()) == pytest.approx(1)
    for counts in joint:
        for place, seen in enumerate(judged(list(counts), shape).counts):
            same = {k: w for k, w in joint.items() if k[:place] == counts[:place]}
            total = sum(same.values())
            mean = sum(k[place] * w for k, w in same.items()) / total
            below = sum(w for k, w in same.items() if k[place] <= counts[place]) / total
            above = sum(w for k, w in same.items() if k[place] >= counts[place]) / total
            assert seen.expected == pytest.approx(mean)
            assert seen.p == pytest.approx(min(1, 2 * min(below, above)))


@pytest.mark.slow
def test_a_hub_that_behaves_is_called_off_at_most_one_time_in_twenty():
    work = workspace_of(TASKS)
    shape = shape_of(work.matcher, STAGE, work.everything)
    off = inside = counted = 0
    for seed in range(RUNS):
        sets = [work.matcher.drawn(rule, seed) for rule in STAGE.active]
        found = judged([bits.count(w) for w in first_match(sets, work.everything)], shape)
        off += not found.behaving
        for seen in found.counts:
            if seen.low < seen.high:
                counted += 1
                inside += seen.low <= seen.observed <= seen.high
    assert off / RUNS <= most(LEVEL, RUNS)
    assert off > 5  # it is not deaf either
    assert 0.945 <= inside / counted <= 0.99


@pytest.mark.slow
@pytest.mark.parametrize(("looked_at", "many"), [(60, 40), (60, 2_000), (300, 200)])
def test_other_tasks_like_these_are_called_off_as_rarely(looked_at, many):
    """Both sets of tasks come from one kind of work, of which nothing else is known."""
    dice, off, inside, counted, runs = np.random.default_rng(4), 0, 0, 0, 800
    kind = np.array(MIXED.fates) / MIXED.tasks
    for mine, theirs in zip(
        dice.multinomial(looked_at, kind, runs).tolist(),
        dice.multinomial(many, kind, runs).tolist(),
        strict=True,
    ):
        (counts,) = hub(Shape(tuple(theirs), MIXED.chances), dice, 1)
        found = judged(counts, Shape(tuple(mine), MIXED.chances), "like")
        assert found.basis == "like"
        off += not found.behaving
        for seen in found.counts[:-1]:
            counted += 1
            inside += seen.low <= seen.observed <= seen.high
    assert off / runs <= most(LEVEL, runs)
    assert inside / counted >= 0.95 - 4 * (0.95 * 0.05 / runs) ** 0.5


@pytest.mark.parametrize("basis", ["same", "like"])
@pytest.mark.parametrize("place", [0, 2])
def test_a_rule_that_is_off_does_not_blame_those_below(basis, place):
    dice, shape = np.random.default_rng(5), Shape(tuple(10 * n for n in MIXED.fates), MIXED.chances)
    other = shape.with_chance(place, shape.chances[place] + 0.08)
    found = [judged(counts, shape, basis) for counts in hub(other, dice, 200)]
    named = np.array([[seen.off for seen in one.counts] for one in found])
    assert named[:, place].mean() > 0.9
    assert named[:, place + 1 :].any(axis=1).mean() <= most(LEVEL, 200)


def test_a_hub_with_another_setting_is_noticed_and_the_rule_named():
    dice, other = np.random.default_rng(6), MIXED.with_chance(0, 0.6)
    found = [judged(counts, MIXED) for counts in hub(other, dice, 300)]
    assert sum(not one.behaving for one in found) > 285
    assert sum(one.sentences[0].startswith("Rule 1: ") for one in found) > 285


def test_what_chance_plays_no_part_in_must_be_exact():
    shape = Shape((70, 0, 30), (None, 0.5))
    found = judged([71, 14, 15], shape)
    assert not found.behaving and found.counts[0].p == 0
    assert found.sentences[0].startswith("Rule 1: 71 of 100 is not 70: check the rule's order")
    assert judged([70, 14, 16], shape).behaving
    assert judged([71, 14, 15], shape, "like").behaving


def test_whose_counts_they_are_is_asked_and_same_tasks_are_as_many():
    with pytest.raises(TypeError):
        judge(HUNDRED, labels_of(HUNDRED), [1, 2])
    with pytest.raises(InputError, match="50 together, and 100 tasks are looked at"):
        judged([10, 40])
    assert judged([10, 40], basis="like").basis == "like"
    assert judged([20, 80], basis="like").basis == "like"


def test_what_a_rule_lets_through_against_its_law_is_not_held_against_those_below():
    shape = Shape((50, 30, 20), (None, None))
    found = judged([30, 45, 25], shape)
    assert [seen.off for seen in found.counts] == [True, False, False]
    assert [seen.told for seen in found.counts] == [True, False, True]
    assert "Rule 2: cannot tell, more tasks get there than" in " ".join(found.sentences)


def test_below_a_rule_that_cannot_be_simulated_nothing_is_told():
    work = workspace_of(TASKS)
    stage = stage_of(chance(0.2), LATER, chance(0.5))
    found = work.behaving(stage, [60, 200, 3, 37], "same")
    assert [seen.told for seen in found.counts] == [True, False, False, False]
    assert found.behaving and not work.behaving(stage, [160, 100, 3, 37], "same").behaving


def test_like_tasks_that_no_task_looked_at_resembles_cannot_be_told():
    found = judged([5, 3, 2], Shape((10, 0, 0), (None, None)), "like")
    assert [seen.told for seen in found.counts] == [True, False, True]


def test_one_count_out_of_many_may_be_outside_by_chance():
    chances = (0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.25, 0.33, 0.5)
    shape = Shape((0,) * 9 + (1_000,), chances)
    observed = [round(shape.expected(i)) for i in range(10)]
    high = shape.interval(0)[1]
    observed[9] -= high + 1 - observed[0] + sum(observed) - 1_000
    observed[0] = high + 1
    found = judged(observed, shape)
    assert found.behaving and "Rule 1 is outside the own 95 % interval" in found.sentences[1]


def test_the_verdict_says_how_many_tasks_it_takes():
    assert judged([20, 80]).sentences[-1].startswith("To see 25 % where 20 % is set, four times")


@pytest.mark.parametrize(
    ("observed", "says"),
    [([1, 2, 3], "2 are needed, 3 were given"), ([-1, 5], "-1 is negative"), ([0, 0], "no task")],
)
def test_unusable_counts_are_refused(observed, says):
    with pytest.raises(InputError) as caught:
        judged(observed)
    assert says in str(caught.value)
    with pytest.raises(InputError, match="no task is looked at"):
        judged([1, 2], Shape((0, 0), (0.2,)))


@pytest.mark.parametrize(
    "text",
    ["31, 69", "31 69", "31\n69", "Rule 1\t31\nElse\t69", "Review 2: 31\nElse: 69",
     "Expert review   31\nSecond 4   69\n", "31;69"],
)  # fmt: skip
def test_counts_are_read_from_pasted_text(text):
    assert tuple(read_counts(text, ["Rule 1", "Else"])) == (31, 69)


def test_thousands_are_read_and_too_few_numbers_refused():
    assert tuple(read_counts("A\t1,204\nB\t31", ["A", "B"])) == (1_204, 31)
    with pytest.raises(InputError, match="1 numbers were found, 2 are needed"):
        read_counts("31", ["A", "B"])
