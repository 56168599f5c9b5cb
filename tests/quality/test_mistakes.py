"""Label by label: the rows behind the counts of a check, and what a field of the matrix opens."""

import json

import pytest
from quality.worlds import both_sides, box, world

from core.plugin_runs.config.diff import difference
from core.quality.check import quality, unlike
from core.quality.matching import NOBODY
from core.quality.mistakes import MISTAKES, VERDICTS, outcomes, spotted
from core.quality.score_field import score_field, with_least_score


def rows_of(of, wanted):
    return sum(one.many for one in spotted(of, wanted))


@pytest.mark.parametrize("seed", range(40))
def test_every_count_of_a_check_is_as_many_labels(seed):
    both = both_sides(world(seed, scores=True))
    result = quality(both, 0.5, 0.3 if seed % 2 else None)
    of = outcomes(both, result)
    total = result.total
    assert rows_of(of, ("right",)) == total.right
    assert rows_of(of, ("mixed_up",)) == total.wrong_class
    assert rows_of(of, ("mixed_up", "missed", "misplaced")) == total.missed
    assert rows_of(of, ("misplaced",)) == total.misplaced
    assert rows_of(of, ("made_up",)) == total.made_up
    assert rows_of(of, VERDICTS) == len(of.asset) == total.people + total.made_up


@pytest.mark.parametrize("seed", range(40))
def test_every_field_of_the_matrix_opens_its_labels(seed):
    both = both_sides(world(seed))
    result = quality(both, 0.5)
    of = outcomes(both, result)
    places = [*(both.schema_ids.index(one) for one in result.schema_ids), NOBODY]
    for row, person in enumerate(places):
        for column, run in enumerate(places):
            some = spotted(of, (), (person, run))
            assert sum(one.many for one in some) == result.confusion[row, column]
            assert [one.many for one in some] == sorted((o.many for o in some), reverse=True)
            for one in some:
                assert one.many == max(len(one.people), len(one.run))
                assert all(both.people.schema[n] == person for n in one.people)
                assert all(both.run.schema[n] == run for n in one.run)
                sides = [*(both.people.asset[n] for n in one.people),
                         *(both.run.asset[n] for n in one.run)]  # fmt: skip
                assert set(sides) == {one.asset}


def test_nothing_at_all_has_no_mistake():
    both = both_sides([([], []), ([], [])])
    assert spotted(outcomes(both, quality(both)), MISTAKES) == ()


def test_boxes_on_points_are_told_and_boxes_on_polygons_are_not():
    point = {"schemaId": "buoy", "point": [5, 5]}
    area = {"schemaId": "ship", "polygon": [[0, 0], [9, 0], [9, 9], [0, 9]]}
    run = [box("buoy", 0, 0, 9, 9), box("ship", 0, 0, 9, 9), box("car", 0, 0, 9, 9)]
    assert unlike(both_sides([(run, [point, area])])) == ("buoy",)
    assert unlike(both_sides([(run, [point, area, box("buoy", 1, 1, 3, 3)])])) == ()


FIELDS = [
    ('{"min_score": 0.2, "threshold": 9}', "min_score"),
    ('{"a": 1, "Confidence-Threshold": 0.5}', "Confidence-Threshold"),
    ('{"minConfidence": 0}', "minConfidence"),
    ('{"min_score": true, "conf": 0.1}', "conf"),
    ('{"min_score": "0.2"}', None),
    ('{"model": {"min_score": 0.2}}', None),
    ("[0.2]", None),
    ("{", None),
    ("", None),
]


@pytest.mark.parametrize(("config", "field"), FIELDS)
def test_the_field_of_the_least_score_is_known_by_name_and_number(config, field):
    assert score_field(config) == field
    written = with_least_score(config, 0.36)
    if field is None:
        assert written is None
        return
    assert json.loads(written) == {**json.loads(config), field: 0.36}
    assert len(difference(config, written)) == 1
