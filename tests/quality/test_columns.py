"""Shapes of all kinds, and what cannot be compared."""

import json
import math

import pytest
from quality.worlds import both_sides, box

from core.quality.check import compared, quality
from core.quality.columns import Gathering


def one_of(run, people, **kinds):
    gathering = Gathering()
    gathering.add(gathering.people, 0, {"tools": people, **kinds})
    gathering.add(gathering.run, 0, {"tools": run, **kinds})
    return compared(gathering, ["asset"])


def overlap(one, other):
    both = one_of([{"schemaId": "a", **one}], [{"schemaId": "a", **other}])
    return float(both.pairs.overlap[0]) if len(both.pairs.overlap) else 0.0


SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]]
LEVEL = {"bounding-box": {"x": 0, "y": 0, "width": 10, "height": 10}}


def test_areas_of_any_shape_are_measured_against_each_other():
    assert overlap({"polygon": SQUARE}, LEVEL) == pytest.approx(1)
    half = {"polygon": [[0, 0], [10, 0], [0, 10]]}
    assert overlap(half, LEVEL) == pytest.approx(0.5)
    zone = {"region": SQUARE, "holes": [[[0, 0], [5, 0], [5, 10], [0, 10]]]}
    assert overlap({"segmentation": {"zones": [zone]}}, LEVEL) == pytest.approx(0.5)
    two = {"segmentation": {"zones": [{"region": SQUARE}, {"region": [[20, 0], [30, 0], [30, 10],
                                                                     [20, 10]]}]}}  # fmt: skip
    assert overlap(two, LEVEL) == pytest.approx(0.5)
    turned = {"rotated-bounding-box": {"x": 0, "y": 0, "width": 10, "height": 10, "rotation": 45}}
    octagon = 200 * (math.sqrt(2) - 1)  # what a square shares with itself, turned by 45 degrees
    assert overlap(turned, LEVEL) == pytest.approx(octagon / (200 - octagon))


def test_an_outline_that_crosses_itself_has_the_area_of_its_parts():
    bow = {"polygon": [[0, 0], [10, 10], [10, 0], [0, 10]]}
    assert overlap(bow, LEVEL) == pytest.approx(0.5)


def test_points_overlap_by_their_distance():
    assert overlap({"point": [0, 0]}, {"point": [6, 8]}) == pytest.approx(0.5)
    assert overlap({"point": [0, 0]}, {"point": [17, 0]}) == pytest.approx(0.15)
    assert overlap({"point": [0, 0]}, {"point": [19, 0]}) == 0
    assert overlap({"point": [5, 5]}, LEVEL) == 0


def test_answers_are_right_where_they_are_equal():
    def answer(schema_id, value):
        return {"schemaId": schema_id, "answer": value}

    gathering = Gathering()
    people = [answer("fog", "Yes"), answer("sea", ["Waves", "Calm"]), answer("note", None)]
    run = [answer("fog", "No"), answer("sea", ["Calm", "Waves"])]
    gathering.add(gathering.people, 0, {"classifications": people})
    gathering.add(gathering.run, 0, {"classifications": run})
    rows = {one.schema_id: one for one in quality(compared(gathering, ["asset"])).classes}
    assert (rows["sea"].right, rows["fog"].right, rows["fog"].missed) == (1, 0, 1)
    assert rows["fog"].made_up == 1 and "note" not in rows


def test_labels_of_other_pages_are_not_compared():
    one, other = box("a", 0, 0, 9, 9, page=1), box("a", 0, 0, 9, 9, page=2)
    assert quality(one_of([one], [other])).total.right == 0
    assert quality(one_of([one, other], [other, one])).total.right == 2


BAD = [
    {"x": 0, "y": 0, "width": -5, "height": 5},
    {"x": math.nan, "y": 0, "width": 5, "height": 5},
    {"x": 0, "y": math.inf, "width": 5, "height": 5},
    {"x": 0, "y": 0, "width": 10**400, "height": 5},
    {"x": "1", "y": 0, "width": 5, "height": 5},
    {"x": 0, "y": 0, "width": 5},
    [],
    "box",
    7,
]


@pytest.mark.parametrize("given", BAD, ids=repr)
def test_a_box_that_is_none_is_counted_and_nothing_else_is_lost(given):
    bad = {"schemaId": "a", "bounding-box": given}
    both = one_of([bad, box("a", 0, 0, 9, 9)], [box("a", 0, 0, 9, 9)])
    assert both.left_out["run"] == {"bounding-box of no size": 1}
    assert quality(both).total.right == 1


@pytest.mark.parametrize(
    "label",
    [{"polygon": []}, {"polygon": [[0, 0]]}, {"polygon": "x"}, {"point": [math.nan, 1]},
     {"point": []}, {"segmentation": {}}, {"segmentation": {"zones": [{}]}},
     {"rotated-bounding-box": {"x": 0, "y": 0, "width": -1, "height": 5}},
     {"polygon": [[0, 0], [1e300, 0], [0, 1e300]]}],
    ids=json.dumps,
)  # fmt: skip
def test_a_shape_that_nobody_can_draw_is_counted(label):
    both = one_of([{"schemaId": "a", **label}], [box("a", 0, 0, 9, 9)])
    kind = next(iter(label))
    assert both.left_out["run"] == {f"{kind} that nobody can draw": 1}
    assert quality(both).total.labels == 0


def test_lines_texts_and_unknown_tools_cannot_be_compared():
    labels = [{"polyline": SQUARE}, {"ner": {"start": 1, "end": 2}}, {"spline": 1}, {}]
    both = one_of([{"schemaId": "a", **one} for one in labels], [])
    assert both.left_out["run"] == {"polyline": 1, "ner": 1, "other": 2}


def test_labels_outside_an_image_and_far_away_are_compared_as_they_are():
    assert overlap(*[{"bounding-box": {"x": -500, "y": -9, "width": 4, "height": 4}}] * 2) == 1
    assert overlap(*[{"bounding-box": {"x": 1e14, "y": 0, "width": 4, "height": 4}}] * 2) == 1


def test_ten_thousand_labels_on_one_asset():
    people = [box("a", 20 * (n % 100), 20 * (n // 100), 15, 15) for n in range(10_000)]
    both = both_sides([(people, people)])
    assert quality(both).total.right == 10_000


def test_more_pairs_than_there_is_room_for_at_first():
    same = [box("a" if n % 2 else "b", 0, 0, 9, 9) for n in range(50)]
    both = both_sides([(same, same)])
    assert len(both.pairs.run) == 2_500 and both.pairs.same == 1_250
    order = list(zip(both.pairs.people.tolist(), both.pairs.run.tolist(), strict=True))
    assert order[:1_250] == sorted(order[:1_250]) and order[1_250:] == sorted(order[1_250:])
    assert quality(both).total.right == 50
