"""Intervals over assets: what they cover on worlds with known shares, and where they end."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from quality.worlds import both_sides, box, world
from scipy import stats

from core.proportions import proportion_interval
from core.quality.check import Judge, quality
from core.quality.gains import gains
from core.quality.resample import DRAWS, measured, sums_drawn

WORLDS = 400


def clustered(seed, assets=60):
    """Errors that come together: an asset is hard or easy; its true recall is 0.7 on average."""
    chance = random.Random(seed)
    pairs = []
    for _ in range(assets):
        share = chance.choice((0.45, 0.95))
        people = [box("a", 100 * n, 0, 40, 40) for n in range(chance.randint(2, 6))]
        run = [one for one in people if chance.random() < share]
        pairs.append((run, people))
    return pairs


def test_the_intervals_hold_as_often_as_they_say_where_errors_come_together():
    held = naive = 0
    for seed in range(WORLDS):
        recall = quality(both_sides(clustered(seed))).classes[0]
        held += recall.recall.low <= 0.7 <= recall.recall.high
        low, high = proportion_interval(recall.right, recall.people)
        naive += low <= 0.7 <= high
    error = math.sqrt(0.95 * 0.05 / WORLDS)
    assert abs(held / WORLDS - 0.95) < 4 * error
    assert naive < held, "labels of one asset are not independent"


def test_a_world_without_errors_has_the_exact_interval_of_its_assets():
    people = [box("a", 0, 0, 9, 9), box("a", 50, 0, 9, 9)]
    result = quality(both_sides([(people, people)] * 8)).total
    assert (result.precision.value, result.recall.value) == (1, 1)
    assert (result.recall.low, result.recall.high) == proportion_interval(8, 8)


def test_one_asset_tells_nothing_of_others():
    people = [box("a", 0, 0, 9, 9), box("a", 50, 0, 9, 9)]
    total = quality(both_sides([(people[:1], people)])).total
    assert (total.recall.value, total.recall.low, total.recall.high) == (0.5, None, None)
    nothing = quality(both_sides([([], [])])).total
    assert nothing.precision.value is nothing.iou.value is None


def test_the_same_seed_draws_the_same_assets_and_large_worlds_are_drawn_in_pieces():
    counts = np.ones((13_000, 1), np.float32)
    assert (sums_drawn(counts) == 13_000).all() and len(sums_drawn(counts)) == DRAWS
    few = np.arange(12, dtype=np.float32).reshape(4, 3)
    assert (sums_drawn(few) == sums_drawn(few)).all()


def test_a_run_against_itself_gains_nothing():
    both = both_sides(clustered(3))
    for one in gains(both, both, 0.5):
        assert (one.gained, one.lost, one.recall) == (0, 0, (0, 0, 0))


def test_what_a_second_run_gains_is_counted_label_by_label_and_paired():
    worlds = [clustered(seed) for seed in (5, 6)]
    people = [one for _, one in worlds[0]]
    chance = random.Random(1)
    first = [([o for o in side if chance.random() < 0.6], side) for side in people]
    second = [([*run, *(o for o in side if o not in run and chance.random() < 0.3)], side)
              for run, side in first]  # fmt: skip
    total = gains(both_sides(first), both_sides(second), 0.5)[-1]
    many = sum(len(b[0]) - len(a[0]) for a, b in zip(first, second, strict=True))
    assert (total.schema_id, total.gained, total.lost) == (None, many, 0)
    value, low, high = total.recall
    assert value == pytest.approx(many / sum(len(side) for side in people))
    assert 0 < low < value < high
    back = gains(both_sides(second), both_sides(first), 0.5)[-1]
    assert (back.gained, back.lost) == (0, many) and back.recall[0] == pytest.approx(-value)


def test_only_assets_of_both_runs_are_held_against_each_other():
    one = both_sides(clustered(7))
    other = both_sides(clustered(7)[:20])
    assert gains(one, other, 0.5)[-1].gained == gains(other, one, 0.5)[-1].lost == 0


@pytest.mark.parametrize("seed", range(12))
def test_a_threshold_that_is_moved_gives_what_the_world_without_those_labels_does(seed):
    pairs = world(seed, assets=30, scores=True)
    judge = Judge.of(both_sides(pairs))
    for iou, least in ((0.5, None), (0.3, 0.4), (0.3, None), (0.75, 0.9), (0.5, 0.0)):
        left = [([one for one in run if least is None or one["score"] >= least], people)
                for run, people in pairs]  # fmt: skip
        fresh, moved = quality(both_sides(left), iou), judge.quality(iou, least)
        rows = {one.schema_id: one for one in moved.classes}
        assert rows == {one.schema_id: one for one in fresh.classes}
        assert moved.total == fresh.total and moved == quality_alike(moved, judge, iou, least)


def quality_alike(moved, judge, iou, least):
    """The same by the simple call; its arrays are compared, and then taken for the same."""
    simple = quality(judge.both, iou, least)
    assert (simple.confusion == moved.confusion).all()
    assert (simple.takes_part == moved.takes_part).all()
    return replace(simple, confusion=moved.confusion, takes_part=moved.takes_part,
                   matches=moved.matches)  # fmt: skip


def test_limits_are_percentiles_of_the_draws_that_have_something_to_divide_by():
    random = np.random.default_rng(3)
    below = random.integers(0, 4, (DRAWS, 3)).astype(float)
    above = random.random((DRAWS, 3)) * below
    many = np.array([50_000_000, 9, 3])
    results = measured(np.full(3, 5.0), np.full(3, 9.0), above, below, many)
    for n, one in enumerate(results):
        usable = below[:, n] > 0
        tail = stats.norm.cdf(-math.sqrt(many[n] / (many[n] - 1)) * stats.t.ppf(0.975, many[n] - 1))
        limits = np.quantile(above[usable, n] / below[usable, n], (tail, 1 - tail))
        assert (one.low, one.high) == pytest.approx(tuple(limits), abs=1e-12)
