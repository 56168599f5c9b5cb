"""Labels that would lie on others of their class: which they are, and what becomes of them."""

from itertools import count as numbers

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plugin_runs.doubles import TOLERANCE, Doubles, count, doubles, on_one_place, settled
from core.plugin_runs.label_changes import Difference, change, no_labels


def box(x, y=5, schema="car", **more):
    at = {"x": x, "y": y, "width": 40, "height": 20}
    return {"schemaId": schema, "bounding-box": at, **more}


def wanted(*tools, relations=()):
    return Difference({**no_labels(), "tools": list(tools), "relations": list(relations)})


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (box(10), True),
        (box(10 + TOLERANCE), True),
        (box(10 + TOLERANCE + 0.1), False),
        (box(10, page=2), False),
        (box(10, objectId="o", metadata={"createdAt": "now"}, classifications=[]), True),
        ({"schemaId": "car", "polygon": [[10, 5], [50, 5], [50, 25], [10, 25]]}, False),
        ({"schemaId": "car", "rotated-bounding-box": box(10)["bounding-box"]}, False),
        ({"schemaId": "car"}, False),
    ],
)
def test_the_same_place_is_the_same_form_within_two_pixels(other, same):
    assert on_one_place(box(10), other) is on_one_place(other, box(10)) is same


def test_a_label_without_a_geometry_lies_nowhere():
    assert not on_one_place({"schemaId": "car"}, {"schemaId": "car"})
    corners = [[0, 0], [9, 0], [9, 9]]
    near = [[1, 1], [8, 0], [9, 7]]
    assert on_one_place({"polygon": corners}, {"polygon": near})
    assert not on_one_place({"polygon": corners}, {"polygon": near[:2]})


def test_they_are_counted_and_another_class_is_none():
    answer = {**no_labels(), "tools": [box(10), box(11), box(300), box(10, schema="bus")]}
    found = count(answer, wanted(box(10), box(150), box(300, schema="bus")))
    assert found == Doubles(labels=3, new=1, there=2, tasks=1)
    assert found + found == Doubles(6, 2, 4, 2) and found.left("skip") == 2
    assert found.words == (
        "1 of 3 new labels lies where one of the same class lies already, in 1 task."
    )
    assert Doubles().words == ""


def test_what_the_run_takes_away_itself_is_no_double():
    old = box(10, objectId="o")
    answer = {**no_labels(), "tools": [old]}
    replaces = Difference(wanted(box(10)).added, {**no_labels(), "tools": [old]})
    assert doubles(answer, replaces) == []


def test_a_replaced_object_hands_its_id_on_and_relations_hold():
    answer = {**no_labels(), "tools": [box(10, objectId="old")],
              "relations": [{"objectId": "r", "from": "old"}]}  # fmt: skip
    new = wanted(box(11, objectId="new"), relations=[{"objectId": "q", "from": "new"}])
    after, missing = change(answer, settled(answer, new, "replace"))
    assert missing == 0 and after["tools"] == [box(11, objectId="old")]
    assert [one["from"] for one in after["relations"]] == ["old", "old"]
    left, _ = change(answer, settled(answer, new, "skip"))
    assert left["tools"] == answer["tools"]
    assert [one["from"] for one in left["relations"]] == ["old", "old"]


BOXES = st.lists(
    st.builds(box, st.integers(0, 9).map(lambda n: 3 * n), schema=st.sampled_from(["car", "bus"])),
    max_size=6,
)


@settings(deadline=None)
@given(there=BOXES, new=BOXES, how=st.sampled_from(["add", "replace", "skip"]))
def test_every_way_can_be_taken_back_and_only_add_leaves_doubles(there, new, how):
    ids = numbers()
    answer = {**no_labels(), "tools": [{**one, "objectId": f"a{next(ids)}"} for one in there]}
    run = wanted(*({**one, "objectId": f"b{next(ids)}"} for one in new))
    done = settled(answer, run, how)
    after, missing = change(answer, done)
    back, lost = change(after, done.inverse)
    assert missing == lost == 0
    assert sorted(map(repr, back["tools"])) == sorted(map(repr, answer["tools"]))
    if how == "add":
        assert done == run
    else:
        met = count(answer, run)
        kept = (
            len(there) - met.there + len(new)
            if how == "replace"
            else len(there) + len(new) - met.new
        )
        assert len(after["tools"]) == kept
    ids_after = [one["objectId"] for one in after["tools"]]
    assert len(ids_after) == len(set(ids_after))
