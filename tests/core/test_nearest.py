"""The nearest bound and the nearest choice of batches, against every bound and every choice."""

from itertools import combinations
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import batches, chance, stage_of, took, workspace_of

from core.routing.plan import nearest
from core.routing.plan.goal_seek import ways_to
from core.routing.plan.nearest import nearest_bound, nearest_choice
from core.tasks import bits

quick = settings(max_examples=200, deadline=None)
times = st.sampled_from([0, 1, 999, 1_000, 1_500, 59_999, 60_000, 60_000.5, 61_000, 3_600_000])


def inside(spent, bound, lower):
    return sum(t >= bound if lower else t <= bound for t in spent)


@quick
@given(
    st.lists(times, min_size=1, max_size=30),
    st.floats(0, 30),
    st.booleans(),
    st.sampled_from([0.0, 900.0, 60_000.0]),
    st.sampled_from([inf, 60_000.0, 70_000.0]),
)
def test_no_bound_is_nearer(spent, wanted, lower, least, most):
    spent = sorted(t for t in spent if least <= t <= most)
    found = nearest_bound(np.array(spent, np.float64), wanted, lower, least, most)
    tries = {least, most, 4e6, *spent, *(t + 0.25 for t in spent), *(t - 0.25 for t in spent)}
    tries = {t for t in tries if least <= t <= most and t < inf}
    best = min(abs(inside(spent, t, lower) - wanted) for t in tries)
    assert least <= found <= most
    assert abs(inside(spent, found, lower) - wanted) == best


def test_ties_are_looked_behind():
    """3 tasks are shorter, 43 up to the next, 203 up to the one after; 50 are wanted."""
    work = workspace_of([{"took": t} for t in [60_000] * 3 + [90_000] * 40 + [120_000] * 160])
    upper = ways_to(work.matcher, stage_of(took(None, 5)), work.everything, 0, 50, work.names)
    assert upper[0].expected == 43
    assert upper[0].words == "rule 1 to “took at most 1 min 30 s”"
    lower = ways_to(work.matcher, stage_of(took(5)), work.everything, 0, 150, work.names)
    assert lower[0].expected == 160 and lower[0].words == "rule 1 to “took at least 2 min”"


@quick
@given(st.data())
def test_no_choice_of_batches_is_nearer_and_none_as_near_is_smaller(data):
    size = data.draw(st.integers(1, 40))
    many = data.draw(st.integers(1, 8))
    tasks = st.integers(0, size - 1)
    members = [
        data.draw(st.sets(tasks, min_size=1, max_size=data.draw(st.sampled_from([1, 3, 12]))))
        for _ in range(many)
    ]
    wanted = data.draw(st.floats(0, size) | st.integers(0, size))
    sets = [bits.pack(np.isin(np.arange(size), list(each))) for each in members]
    choices = [c for n in range(1, many + 1) for c in combinations(range(many), n)]
    of = {c: len(set().union(*(members[i] for i in c))) for c in choices}
    best = min((abs(of[c] - wanted), len(c)) for c in choices)
    found = nearest_choice(sets, size, wanted)
    assert found.tasks == of[found.members] and found.tried == many
    assert (abs(found.tasks - wanted), len(found.members)) == best


@pytest.mark.parametrize(("most", "work"), [(2, 2**28), (20, 2**9)])
def test_where_a_choice_is_cut_it_says_so(monkeypatch, most, work):
    monkeypatch.setattr(nearest, "MOST_TOGETHER", most)
    monkeypatch.setattr(nearest, "_MOST_WORK", work)
    shared = [bits.pack((np.arange(100) % n == 0) & (np.arange(100) < 60)) for n in (2, 3, 5, 7)]
    apart = [bits.pack((np.arange(100) % n == 0) & (np.arange(100) >= 60)) for n in (2, 3, 5)]
    found = nearest_choice([*shared, *apart], 100, 55)
    assert found.tried < 7
    chosen = [[*shared, *apart][place] for place in found.members]
    assert found.tasks == bits.count(np.bitwise_or.reduce(chosen))


def test_300_batches_are_no_harder():
    """More than can be tried in every combination; any number can be had to the task."""
    rng = np.random.default_rng(4)
    batch = rng.integers(0, 300, 20_000)
    sets = [bits.pack(batch == n) for n in range(300)]
    for wanted in (1, 777, 10_000, 19_999, 20_000):
        found = nearest_choice(sets, 20_000, wanted)
        assert found.tried == 300
        assert abs(found.tasks - wanted) <= (0 if 100 < wanted < 19_900 else 80)


def test_batches_below_a_random_rule_are_chosen_for_what_is_left():
    work = workspace_of([{"batch": "qrs"[n % 3 if n < 90 else 2]} for n in range(120)])
    stage = stage_of(chance(0.5), batches("q"))
    ways = ways_to(work.matcher, stage, work.everything, 1, 30, work.names)
    (way,) = (way for way in ways if way.rule == 1)
    assert way.expected == 30 and way.note == ""
    assert set(way.condition.batches) in ({"s"}, {"q", "r"})
