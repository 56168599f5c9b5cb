"""Laws of labels: what is imported can be shown, applied and taken back exactly."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from core.plugin_runs.label_changes import (
    KINDS,
    Difference,
    change,
    difference,
    merge,
    no_labels,
    per_class,
)

IDS = st.sampled_from(["o1", "o2", "o3", None])
OBJECT = st.builds(
    lambda o, s, x: {"schemaId": s, "point": [x, 1], **({"objectId": o} if o else {})},
    IDS,
    st.sampled_from(["car", "bus"]),
    st.integers(0, 3),
)
ANSWERED = st.builds(
    lambda s, a: {"schemaId": s, "answer": a}, st.sampled_from(["q1", "q2"]), st.text(max_size=2)
)
LABELS = st.fixed_dictionaries(
    {
        "tools": st.lists(OBJECT, max_size=5),
        "classifications": st.lists(ANSWERED, max_size=3),
        "relations": st.just([]),
    }
)
quiet = settings(deadline=None)


def same(one, other):
    """Equal but for the order of labels."""
    return all(
        sorted(map(repr, map(sorted_items, one[k])))
        == sorted(map(repr, map(sorted_items, other[k])))
        for k in KINDS
    )


def sorted_items(label):
    return sorted(label.items())


def ids():
    numbers = count()
    return lambda: f"new{next(numbers)}"


@quiet
@given(LABELS, LABELS)
def test_an_import_can_be_taken_back(before, new):
    done = merge(before, new, ids())
    after, missing = change(before, done)
    assert missing == 0
    back, missing = change(after, done.inverse)
    assert missing == 0 and same(back, before)


@quiet
@given(LABELS, LABELS, LABELS)
def test_two_imports_are_one_difference(before, first, second):
    new_id = ids()
    one = merge(before, first, new_id)
    between, _ = change(before, one)
    two = merge(between, second, new_id)
    after, _ = change(between, two)
    at_once, missing = change(before, one.then(two))
    assert missing == 0 and same(at_once, after)
    back, missing = change(after, one.then(two).inverse)
    assert missing == 0 and same(back, before)


@quiet
@given(LABELS, LABELS)
def test_the_difference_of_two_states_leads_from_one_to_the_other(before, after):
    found, missing = change(before, difference(before, after))
    assert missing == 0 and same(found, after)


@quiet
@given(LABELS)
def test_importing_again_with_the_same_ids_changes_nothing(labels):
    first, _ = change(no_labels(), merge(no_labels(), labels, ids()))
    again, _ = change(first, merge(first, first, ids()))
    assert same(again, first)


@quiet
@given(LABELS, LABELS)
def test_objects_of_others_stay_when_a_run_may_replace_only_its_own(before, new):
    done = merge(before, new, ids(), no_labels())
    assert done.removed["tools"] == []
    after, _ = change(before, done)
    assert len(after["tools"]) == len(before["tools"]) + len(done.added["tools"])


def test_what_changed_meanwhile_is_left_and_counted():
    car = {"schemaId": "car", "objectId": "o"}
    moved = {**car, "point": [9, 9]}
    mine = Difference({**no_labels(), "tools": [car]}, no_labels())
    found, missing = change({**no_labels(), "tools": [moved]}, mine.inverse)
    assert found["tools"] == [moved] and missing == 1
    assert per_class(mine.added) == {"car": 1}


def test_an_object_that_replaces_another_takes_its_place_and_pages_are_told_apart():
    a, b = ({"objectId": o, "schemaId": "s"} for o in "ab")
    new = {**a, "point": [1, 1]}
    before = {**no_labels(), "tools": [a, b], "kept": 1}
    after, _ = change(before, merge(before, {**no_labels(), "tools": [new]}, ids()))
    assert after["tools"] == [new, b] and after["kept"] == 1
    page = {**a, "page": 2}
    after, _ = change(before, merge(before, {**no_labels(), "tools": [page]}, ids()))
    assert after["tools"] == [a, b, page]
