"""Labels that nobody should send, through everything that is asked of a run beside people."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.quality.average_precision import average_precision
from core.quality.check import Judge, compared, quality
from core.quality.columns import Gathering
from core.quality.document import document
from core.quality.evidence import proposed
from core.quality.gains import gains
from core.quality.thresholds import STEPS, Prices, cheapest, swept
from core.quality.truth import by_people

PLAIN = st.integers(-20, 60)
BAD = st.sampled_from([math.nan, math.inf, -math.inf, 10**400, -(10**400), 1e15, 1.1e15, -1e308,
                       5e-324, -0.0, True, None, "1", "NaN", [], [1], {}, {"x": 1}])  # fmt: skip
NUMBER = st.one_of(PLAIN, PLAIN, PLAIN, PLAIN, st.floats(), BAD)
ANYTHING = st.recursive(
    st.one_of(BAD, st.text(max_size=3), st.floats()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["x", "y", "width", "zones", "region", "answer"]), inner)
    ),
    max_leaves=6,
)
CORNERS = st.lists(st.lists(NUMBER, min_size=1, max_size=3), max_size=6)
SQUARE = st.tuples(PLAIN, PLAIN, st.integers(1, 40)).map(
    lambda at: [[at[0], at[1]], [at[0] + at[2], at[1] + at[2]], [at[0] + at[2], at[1]],
                [at[0], at[1] + at[2]]]
)  # fmt: skip
"""It crosses itself."""
OUTLINE = st.one_of(SQUARE, CORNERS, ANYTHING)
BOX = st.fixed_dictionaries(
    {"x": NUMBER, "y": NUMBER, "width": NUMBER, "height": NUMBER}, optional={"rotation": NUMBER}
)
ZONE = st.fixed_dictionaries({"region": OUTLINE}, optional={"holes": st.lists(OUTLINE, max_size=2)})
GEOMETRY = st.one_of(
    st.fixed_dictionaries({"bounding-box": BOX}),
    st.fixed_dictionaries({"rotated-bounding-box": BOX}),
    st.fixed_dictionaries({"polygon": OUTLINE}),
    st.fixed_dictionaries({"segmentation": st.fixed_dictionaries({"zones": st.lists(ZONE)})}),
    st.fixed_dictionaries({"point": st.lists(NUMBER, max_size=3)}),
    st.dictionaries(
        st.sampled_from(["bounding-box", "rotated-bounding-box", "polygon", "segmentation", "point",
                         "polyline", "brush", "frames"]),
        ANYTHING, max_size=2,
    ),
)  # fmt: skip
NAMES = ("a", "b", "c")
ABOUT = st.fixed_dictionaries(
    {"schemaId": st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES), ANYTHING)},
    optional={"page": NUMBER, "score": NUMBER, "confidence": st.one_of(st.floats(0, 1), NUMBER),
              "title": ANYTHING, "metadata": ANYTHING},
)  # fmt: skip
OBJECT = st.builds(lambda about, geometry: {**about, **geometry}, ABOUT, GEOMETRY)
ANSWER = st.builds(lambda about, answer: {**about, "answer": answer}, ABOUT, ANYTHING)


def some(label):
    return st.one_of(st.lists(st.one_of(label, label, label, ANYTHING), max_size=8), ANYTHING)


LABELS = st.fixed_dictionaries(
    {}, optional={"tools": some(OBJECT), "classifications": some(ANSWER)}
)
WORLD = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=4)


def asked(pairs):
    """The world as it is compared, people's labels by the way that they are chosen."""
    gathering = Gathering()
    for place, (run, people) in enumerate(pairs):
        gathering.add(gathering.people, place, by_people(people, ()))
        gathering.add(gathering.run, place, run)
    return compared(gathering, [f"asset {place}" for place in range(len(pairs))])


def given_labels(side):
    """How many labels of a task there are to be compared or to be counted as not compared."""
    tools, answers = (
        [one for one in kind if isinstance(one, dict)] if isinstance(kind, list) else []
        for kind in (side.get("tools"), side.get("classifications"))
    )
    return len(tools) + sum(one.get("answer") not in (None, "", []) for one in answers)


def adds_up(both, result):
    for one in (*result.classes, result.total):
        assert one.right + one.missed == one.people
        assert 0 <= one.misplaced + one.wrong_class <= one.missed
        for share in (one.precision, one.recall, one.f1, one.iou):
            assert share.value is None or 0 <= share.value <= 1 + 1e-6
            assert share.low is None or 0 <= share.low <= share.high <= 1 + 1e-6
    total = result.total
    assert total.right + total.wrong_class + total.made_up == total.labels
    assert total.labels == int(result.takes_part.sum()) and total.people == len(both.people)
    for name in ("labels", "people", "right", "misplaced", "wrong_class", "missed", "made_up"):
        assert getattr(total, name) == sum(getattr(one, name) for one in result.classes), name
    assert int(result.confusion.sum()) == total.people + total.made_up
    json.dumps(document(both, result, {}), allow_nan=False)


def goes_through(both):
    judge = Judge.of(both)
    for iou, least in ((0.5, None), (0.1, 0.4), (1.0, -5.0)):
        result = judge.quality(iou, least)
        adds_up(both, result)
        assert result.total == quality(both, iou, least).total
    rows = swept(both, 0.5)
    assert all(len(steps) == len(STEPS) for steps in rows.values())
    for row in (row for steps in rows.values() for row in steps):
        assert row.right + row.rename + row.move + row.add == row.people
        assert min(row.right, row.rename, row.move, row.add) >= 0
    for row in rows[None]:
        assert row.right + row.rename + row.move + row.remove == row.labels and row.remove >= 0
    assert cheapest(rows[None], Prices()).least in STEPS
    for one in gains(both, both, 0.5):
        assert one.gained == one.lost == 0
    precision = average_precision(both, 0.5)
    assert all(0 <= one <= 1 for one in (*precision.at.values(), *precision.over.values()))
    minted = {one: f"class {one}" for one in NAMES[:2]}
    evidence = proposed(both, minted)
    assert [one.model_class for one in evidence] == list(minted.values())
    for one in evidence:
        assert one.support <= sum(one.on.values()) <= one.of and one.schema_id not in minted
    return judge


@pytest.mark.slow
@given(WORLD)
@settings(max_examples=300, deadline=None)
def test_whatever_labels_there_are_each_is_counted_once(pairs):
    both = asked(pairs)
    for name, side, columns in (("run", 0, both.run), ("people", 1, both.people)):
        left_out = sum(both.left_out[name].values())
        assert len(columns) + left_out == sum(given_labels(pair[side]) for pair in pairs)
    goes_through(both)


@pytest.mark.slow
@given(WORLD, WORLD)
@settings(max_examples=100, deadline=None)
def test_two_runs_beside_the_same_people_are_held_against_each_other(first, second):
    people = [people for _, people in first]
    other = [run for run, _ in second]
    sides = [
        asked(list(zip(runs, people, strict=False))) for runs in ([r for r, _ in first], other)
    ]
    there, back = gains(*sides, 0.5), gains(*reversed(sides), 0.5)
    assert sum(one.lost for one in there) == sum(one.gained for one in back)
    assert sum(one.gained for one in there) == sum(one.lost for one in back)


@pytest.mark.slow
def test_ten_thousand_labels_of_every_kind_on_one_asset():
    def label(n, away):
        x, y = 30 * (n % 100), 30 * (n // 100)
        square = [[x, y], [x + 20, y], [x + 20, y + 20], [x, y + 20]]
        shapes = (
            {"bounding-box": {"x": x + away, "y": y, "width": 20, "height": 20}},
            {"polygon": square}, {"point": [x + away, y]},
            {"rotated-bounding-box": {"x": x, "y": y, "width": 20, "height": 20, "rotation": n}},
            {"segmentation": {"zones": [{"region": square}]}},
            {"bounding-box": {"x": x, "y": y, "width": -20, "height": math.nan}},
        )  # fmt: skip
        return {"schemaId": NAMES[n % 3], "score": n / 10_000, **shapes[n % 6]}

    sides = [{"tools": [label(n, away) for n in range(10_000)]} for away in (1, 0)]
    both = asked([tuple(sides)])
    assert both.left_out["run"] == {"bounding-box of no size": 1_666}
    result = goes_through(both).quality()
    assert result.total.right == 10_000 - 1_666
