"""What is left to correct from a score on."""

import pytest
from quality.worlds import both_sides, box, by_hand, world

from core.errors import InputError
from core.quality.check import quality
from core.quality.thresholds import Prices, cheapest, read_prices, swept


@pytest.mark.parametrize("seed", range(40))
def test_each_step_is_the_world_without_the_labels_below(seed):
    pairs = world(seed, scores=True)
    both = both_sides(pairs)
    for row in swept(both, 0.5, (0.0, 0.3, 0.7, 1.0))[None]:
        confusion, misplaced = by_hand(pairs, 0.5, row.least)
        right = sum(n for (a, b), n in confusion.items() if a == b)
        rename = sum(n for (a, b), n in confusion.items() if a != b and None not in (a, b))
        made_up = sum(n for (a, _), n in confusion.items() if a is None)
        missed = sum(n for (_, b), n in confusion.items() if b is None)
        move = sum(misplaced.values())
        assert (row.right, row.rename, row.move) == (right, rename, move)
        assert (row.remove, row.add) == (made_up - move, missed - move)
        assert row.right + row.rename + row.move + row.add == row.people


@pytest.mark.parametrize("seed", range(20))
def test_classes_add_up_to_all(seed):
    both = both_sides(world(seed, scores=True))
    rows = {one: some[0] for one, some in swept(both, 0.5, (0.4,)).items()}
    whole = rows.pop(None)
    parts = rows.values()
    for name in ("labels", "people", "right", "remove", "add", "move", "rename"):
        assert getattr(whole, name) == sum(getattr(one, name) for one in parts), name


def test_the_cheapest_score_is_that_of_the_prices():
    people = [box("a", 0, 0, 9, 9)]
    run = [box("a", 0, 0, 9, 9, score=0.6), box("a", 50, 0, 9, 9, score=0.3)]
    rows = swept(both_sides([(run, people)]), 0.5)[None]
    assert cheapest(rows, Prices()).least == pytest.approx(0.32)
    assert cheapest(rows, Prices(remove=10, add=1)).least == pytest.approx(0.32)
    free = cheapest(rows, Prices(remove=0, add=1))
    assert free.least == 0, "of equal ones the one that keeps most labels"


def test_prices_are_read_or_refused():
    assert read_prices("add=7, remove=0.5", "--sweep") == Prices(add=7, remove=0.5)
    assert read_prices("", "--sweep") == Prices()
    for text in ("add", "add=x", "paint=3", "add=-1", "add=nan"):
        with pytest.raises(InputError, match="no price"):
            read_prices(text, "--sweep")


def test_labels_without_a_score_stay():
    both = both_sides([([box("a", 0, 0, 9, 9)], [box("a", 0, 0, 9, 9)])])
    assert not both.has_scores
    assert [row.right for row in swept(both, 0.5)[None]] == [1] * 51
    assert quality(both, 0.5, 0.9).total.right == 1
