"""The mapping that labels ask for, on worlds whose mapping is known."""

import random

import pytest
from quality.worlds import both_sides, box

from core.quality.check import compared, quality
from core.quality.columns import Gathering
from core.quality.evidence import proposed

PROJECT = ("vessel", "boat", "truck", "person", "buoy")


def probed(seed, noise=0.1, assets=30):
    """A world whose model names classes otherwise, and its true mapping."""
    chance = random.Random(seed)
    model = [f"minted {n}" for n in range(len(PROJECT) + 1)]  # the last one labels nothing known
    names = list(PROJECT)
    chance.shuffle(names)
    true = dict(zip(model, [*names, None], strict=True))
    pairs = []
    for _ in range(assets):
        run, people = [], []
        for n in range(chance.randint(1, 6)):
            name = chance.choice(names)
            x, y = 100 * n, chance.randrange(400)
            people.append(box(name, x, y, 40, 40))
            minted = next(key for key, value in true.items() if value == name)
            wrong = chance.random() < noise
            run.append(box(chance.choice(model) if wrong else minted, x + 2, y + 2, 40, 40))
        if chance.random() < 0.3:
            run.append(box(model[-1], 900, 900, 20, 20))
        pairs.append((run, people))
    return both_sides(pairs), {one: f"class {one}" for one in model}, true


@pytest.mark.parametrize("seed", range(200))
def test_the_true_mapping_is_seen_through_a_tenth_of_noise(seed):
    both, minted, true = probed(seed)
    evidence = {one.model_class: one for one in proposed(both, minted)}
    for schema_id, name in minted.items():
        if true[schema_id] is not None and evidence[name].of:
            assert evidence[name].schema_id == true[schema_id]
            assert evidence[name].support <= evidence[name].of


def test_two_classes_of_a_model_may_be_one_of_the_project():
    people = [box("vehicle", 100 * n, 0, 40, 40) for n in range(20)]
    run = [box("a" if n % 2 else "b", 100 * n, 0, 40, 40) for n in range(20)]
    both = both_sides([(run, people)])
    evidence = proposed(both, {"a": "lorry", "b": "van"})
    assert [(one.schema_id, one.support, one.of) for one in evidence] == [("vehicle", 10, 10)] * 2
    assert evidence[0].trust == "strong" and evidence[0].share == 1


def test_a_class_takes_what_the_other_leaves_where_both_have_nearly_as_much():
    people = [box("truck", 100 * n, 0, 40, 40) for n in range(10)]
    people += [box("van", 100 * n, 100, 40, 40) for n in range(7)]
    run = [box("a", 100 * n, 0, 40, 40) for n in range(10)]
    run = [{**one, "schemaId": "b"} if n > 4 else one for n, one in enumerate(run)]
    run += [box("b", 100 * n, 100, 40, 40) for n in range(4)]
    evidence = proposed(both_sides([(run, people)]), {"a": "one", "b": "two"})
    assert [one.schema_id for one in evidence] == ["truck", "van"]
    assert evidence[1].on == {"truck": 5, "van": 4}, "what else there is, is told"


def test_a_class_without_labels_has_no_evidence():
    both = both_sides([([box("a", 0, 0, 9, 9)], [box("truck", 500, 0, 9, 9)])])
    for one in proposed(both, {"a": "lorry", "b": "van"}):
        assert (one.schema_id, one.trust) == (None, "none")
        assert one.share in (0, None)


def test_a_class_that_lies_twice_as_often_on_what_is_taken_gets_it_too():
    people = [box("truck", 100 * n, 0, 40, 40) for n in range(12)]
    people += [box("van", 100 * n, 100, 40, 40) for n in range(4)]
    run = [box("a" if n < 8 else "b", 100 * n, 0, 40, 40) for n in range(12)]
    run += [box("b", 100 * n, 100, 40, 40) for n in range(2)]
    minted = {"a": "one", "b": "two"}
    evidence = proposed(both_sides([(run, people)]), minted)
    assert [(one.schema_id, one.support) for one in evidence] == [("truck", 8), ("truck", 4)]
    more = [*run, box("b", 200, 100, 40, 40)]
    evidence = proposed(both_sides([(more, people)]), minted)
    assert [(one.schema_id, one.support) for one in evidence] == [("truck", 8), ("van", 3)]


SQUARE = [[0, 0], [40, 0], [40, 40], [0, 40]]
CORNER = [[0, 0], [40, 0], [0, 40]]


@pytest.mark.parametrize(
    ("shape", "inside", "outside"),
    [({"bounding-box": {"x": 0, "y": 0, "width": 40, "height": 40}}, [40, 20], [41, 20]),
     ({"polygon": CORNER}, [5, 5], [35, 35]),
     ({"rotated-bounding-box": {"x": 0, "y": 0, "width": 40, "height": 40, "rotation": 45}},
      [20, -5], [1, 1]),
     ({"segmentation": {"zones": [{"region": SQUARE, "holes": [CORNER]}]}}, [35, 35], [5, 5])],
    ids=["box", "polygon", "turned", "segmentation"],
)  # fmt: skip
def test_a_point_in_an_area_lies_on_it_and_the_other_way_round(shape, inside, outside):
    for at, support in ((inside, 1), (outside, 0)):
        area, point = {"schemaId": "a", **shape}, {"schemaId": "buoy", "point": at}
        both = both_sides([([area], [point])])
        assert proposed(both, {"a": "float"})[0].support == support
        assert quality(both).total.made_up == 1, "what is judged does not take it for a match"
        both = both_sides([([{**point, "schemaId": "a"}], [{**area, "schemaId": "buoy"}])])
        assert proposed(both, {"a": "float"})[0].support == support


def test_a_point_lies_on_the_smallest_area_around_it_and_only_where_nothing_else_does():
    big, small = box("a", 0, 0, 90, 90), box("b", 10, 10, 20, 20)
    point, other = {"schemaId": "buoy", "point": [15, 15]}, {"schemaId": "buoy", "point": [80, 80]}
    minted = {"a": "one", "b": "two"}
    both = both_sides([([big, small], [point])])
    assert [one.support for one in proposed(both, minted)] == [0, 1]
    both = both_sides([([big, small], [point, other])])
    assert [one.support for one in proposed(both, minted)] == [1, 1], "one each"
    both = both_sides([([big], [point, box("ship", 0, 0, 90, 80)])])
    assert [one.schema_id for one in proposed(both, minted)] == ["ship", None]
    answer = {"schemaId": "b", "answer": "Yes"}
    gathering = Gathering()
    gathering.add(gathering.run, 0, {"classifications": [answer]})
    gathering.add(gathering.people, 0, {"tools": [{"schemaId": "buoy", "point": [0, 0]}]})
    assert proposed(compared(gathering, ["asset"]), minted)[1].support == 0
