"""The planner: what it says to set, put back through `split`, gives what was wanted."""

import io
import json
import re

import numpy as np
import pytest
from conftest import DATA
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from small_world import batches, chance, has, stage_of, took, workspace_of

from core.cli.main import main
from core.errors import InputError
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.routing import edit
from core.routing.engine.shape import shape_of
from core.routing.plan.goal_seek import ways_to
from core.routing.plan.sensitivity import tornado
from core.routing.plan.shares import TYPED, plan, with_settings
from core.routing.plan.sweep import (
    Knob,
    heat,
    knobs_of,
    now_at,
    sweep,
    turned,
    value_words,
    values_of,
)
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.workspace import Workspace


def planned(work, stage, *shares):
    return plan(work.matcher, stage, work.everything, shares)


def hundred(**facts):
    return workspace_of([facts | {"n": n} for n in range(100)])


# ---- shares ---------------------------------------------------------------------------------


def test_20_30_50_needs_20_then_37_and_a_half_then_else():
    found = planned(hundred(), stage_of(chance(0.2), chance(0.3)), 20, 30, 50)
    assert found.settings == ((0, 0.2), (1, 0.375))
    assert found.reached == (20, 30, 50) and found.possible
    assert found.message == "Set rule 1 to 20 % and rule 2 to 37.5 %; Else gets the rest."


def test_below_a_certain_rule_more_is_needed():
    work = workspace_of([{"batch": "q"}] * 25 + [{}] * 75)
    found = planned(work, stage_of(batches("q"), chance(50)), 30, 45)
    assert found.settings == ((1, 0.4),) and found.certain == 25
    assert found.reached == (30, 45) and found.possible
    above = planned(work, stage_of(chance(50), batches("q")), 20, 60)
    assert above.settings == ((0, 0.2),) and above.reached == (20, 60) and above.possible


def test_more_than_gets_to_a_rule_is_not_possible_and_says_what_is():
    work = workspace_of([{"batch": "q"}] * 70 + [{}] * 30)
    found = planned(work, stage_of(batches("q"), chance(0.5)), 40, 0)
    assert not found.possible and found.settings == ((1, 1.0),) and found.reached == (30, 0)
    assert "Certain rules take 70.0 % of all tasks." in found.message
    assert "Rule 2 gets 30.0 % to choose from, less than the 40 % that are wanted." in found.message
    assert found.message.endswith("The nearest that can be reached is 30.0, 0.0.")


@pytest.mark.parametrize("random", [10, 40])
def test_a_share_that_was_calculated_is_said_without_its_noise(random):
    work = workspace_of([{"batch": "q"}] * 70 + [{}] * 30)
    found = planned(work, stage_of(batches("q"), chance(0.5)), random + 1 / 3, 100 / 2.3)
    assert not found.possible
    assert max(len(digits) for digits in re.findall(r"[\d.]+", found.message)) <= TYPED
    assert "of 43.5 %" in found.message or "40.3 % that are wanted" in found.message


def test_an_else_that_does_not_fit_is_not_possible():
    work = workspace_of([{"batch": "q"}] * 70 + [{}] * 30)
    found = planned(work, stage_of(batches("q"), chance(0.5)), 10, 50)
    assert not found.possible and found.reached == pytest.approx((10, 20), abs=0.01)
    assert "Else gets 20.0 % instead of 50 %." in found.message
    assert planned(work, stage_of(batches("q"), chance(0.5)), 10, 20.1).possible
    assert not planned(work, stage_of(batches("q"), chance(0.5)), 10, 19.8).possible


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        (
            (20, 80),
            "3 are needed, one for each random rule (1 and 2) and one for Else; 2 were given",
        ),
        ((20, -1, 50), "-1 is not a share"),
        ((60, 30, 50), "together they are 140 %, more than all tasks. Lower them to at most 100 %"),
        ((20, float("nan"), 50), "nan is not a share"),
    ],
)
def test_unusable_shares_are_refused(shares, says):
    with pytest.raises(InputError, match="The shares") as caught:
        planned(hundred(), stage_of(chance(0.2), chance(0.3)), *shares)
    assert says in str(caught.value)


def test_rounding_alone_makes_no_share_impossible():
    stage = stage_of(chance(0.2), chance(0.3))
    found = planned(hundred(), stage, 200 / 3, 100 / 3, 0)
    assert found.possible and found.settings == ((0, 0.6667), (1, 1.0))
    work = workspace_of([{"batch": "q"}] * 10 + [{}] * 90)
    below = stage_of(batches("q"), chance(0.2), chance(0.3))
    assert planned(work, below, 60, 30, 0).possible
    assert not planned(work, below, 60, 30.01, 0).possible


def test_small_shares_take_more_decimals_or_are_not_possible():
    stage = stage_of(chance(0.2), chance(0.3))
    found = planned(hundred(), stage, 0.001, 0.001, 99.998)
    assert found.settings == ((0, 0.00001), (1, 0.00001)) and found.possible
    assert found.reached == pytest.approx((0.001, 0.001, 99.998), abs=1e-7)
    assert found.message.endswith("That is finer than 0.01 %; check that Ango Hub keeps it.")
    too_fine = planned(hundred(), stage, 1e-12, 50, 50)
    assert not too_fine.possible
    assert "Rule 1 would need 0.000000000001 %, finer than the 10 decimals" in too_fine.message
    nearly_all = planned(hundred(), stage, 99.9985, 0.0005, 0.001)
    assert nearly_all.possible
    assert nearly_all.reached == pytest.approx((99.9985, 0.0005, 0.001), rel=0.02)
    nothing_left = workspace_of([{"batch": "q"}] * 9), stage_of(batches("q"), chance(0.2))
    assert not planned(*nothing_left, 0, 0.05).possible


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(1e-7, 1).map(lambda x: x**8) | st.floats(0, 1), min_size=2, max_size=6))
def test_what_is_called_possible_comes_close_to_every_share(parts):
    """A setting is never 0 where something is wanted, nor everything where something is left."""
    whole = sum(parts) or 1.0
    shares = [100 * part / whole for part in parts]
    shares[-1] = max(0.0, 100 - sum(shares[:-1]))
    stage = stage_of(*(chance(0.2) for _ in shares[1:]))
    found = planned(hundred(), stage, *shares)
    if found.possible:
        assert found.reached[:-1] == pytest.approx(shares[:-1], rel=0.02, abs=2e-9)
        assert all(not share or got for share, got in zip(shares, found.reached, strict=True)
                   if share > 1e-6)  # fmt: skip
    else:
        assert any(0 < share < 1e-5 for share in shares)
    assert found.whole_reached == pytest.approx(
        reached_with(hundred(), stage, found.whole), abs=1e-6
    )
    assert all(value == round(value, 2) for _, value in found.whole)


def reached_with(work, stage, settings):
    outputs = work.split(with_settings(stage, settings, work.dialect)).outputs
    return [100 * output.count.share for output in outputs]


def worlds():
    """Stages of certain and random rules over 240 tasks, and shares, that can be had or not."""
    pool = [batches("q"), took(0, 60), has("A"), chance(0.2), chance(30), chance(0.7)]
    return st.tuples(
        st.lists(st.sampled_from(pool), min_size=1, max_size=6),
        st.lists(st.integers(0, 100), min_size=7, max_size=7),
    )


MANY = [{"batch": "qs"[n % 2] if n % 3 else None, "took": n, "classes": "AB"[: n % 3]}
        for n in range(240)]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_no_settings_send_fewer_tasks_elsewhere_than_wanted(world):
    """The nearest, against a linear program over everything that percentages can do."""
    conditions, parts = world
    random = [i for i, c in enumerate(conditions) if c["type"] == "RandomSample"]
    parts = parts[: len(random) + 1]
    shares = [100 * part / (sum(parts) or 1) for part in parts]
    work, stage = workspace_of(MANY), stage_of(*conditions)
    found = planned(work, stage, *shares)
    fates = shape_of(work.matcher, stage, work.everything).fates
    tails = [100 * sum(fates[place:]) / 240 for place in (*random, len(conditions))]
    # what each random rule and Else get is r; they share out sum(r / tail) = 1; |r - share| <= t
    size = len(shares)
    used = [[1 / tail if tail else 0.0 for tail in tails] + [0.0] * size]
    bound = [(0, None if tail else 0) for tail in tails] + [(0, None)] * size
    eye = np.eye(size)
    near = np.block([[eye, -eye], [-eye, -eye]])
    limits = [*shares, *(-share for share in shares)]
    cost = [0.0] * size + [1.0] * size
    if tails[-1]:
        best = linprog(cost, near, limits, used, [1], bounds=bound)
    else:  # Else gets nothing, certain rules take what random ones leave
        best = linprog(cost, [*near, *used], [*limits, 1], bounds=bound)
    missed = sum(abs(got - share) for got, share in zip(found.reached, shares, strict=True))
    assert missed <= best.fun + 0.1 * size
    assert ("nearest is what sends the fewest tasks elsewhere" in found.message.lower()) == (
        not found.possible
    )


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_proportions_are_kept_where_shares_cannot_be_had(world):
    conditions, parts = world
    random = [i for i, c in enumerate(conditions) if c["type"] == "RandomSample"]
    parts = parts[: len(random) + 1]
    shares = [100 * part / (sum(parts) or 1) for part in parts]
    work, stage = workspace_of(MANY), stage_of(*conditions)
    found = plan(work.matcher, stage, work.everything, shares, "proportions")
    assert found.possible == planned(work, stage, *shares).possible
    fates = shape_of(work.matcher, stage, work.everything).fates
    tails = [sum(fates[place:]) for place in (*random, len(conditions))]
    pairs = [
        (share, got) for share, got, tail in zip(shares, found.reached, tails, strict=True) if tail
    ]
    for share, got in pairs:
        for other, have in pairs:
            assert share * have == pytest.approx(other * got, rel=0.05, abs=2)
    if found.settings:
        assert [*found.reached] == pytest.approx(
            [reached_with(work, stage, found.settings)[i] for i in (*random, len(conditions))],
            abs=1e-4,
        )


def test_a_rule_that_cannot_be_simulated_is_owned_up_to():
    found = planned(hundred(), stage_of({"type": "Later"}, chance(0.2)), 20, 80)
    assert found.possible and found.message.endswith(
        "What rule 1 would take cannot be simulated and is not counted."
    )


def test_too_much_is_told_what_is_left_to_share_out():
    work = workspace_of([{"batch": "q"}] * 70 + [{}] * 30)
    with pytest.raises(InputError) as caught:
        planned(work, stage_of(batches("q"), chance(0.5)), 80, 40)
    assert "Lower them to at most 30 %, which the rules above leave." in str(caught.value)


def test_without_random_rules_or_without_tasks():
    work = workspace_of([{"batch": "q"}] * 70 + [{}] * 30)
    assert planned(work, stage_of(batches("q")), 30).possible
    assert not planned(work, stage_of(batches("q")), 50).possible
    none = Workspace(read_stream(io.BytesIO(b"[]"), "x.json"), None, Dialect())
    found = planned(none, stage_of(chance(0.2)), 20, 80)
    assert not found.possible and found.reached == (0, 0)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_planned_settings_put_back_through_split_hit_the_shares(data):
    work = workspace_of(
        [{"batch": "qs"[n % 2] if n % 3 else None, "took": n, "classes": "AB"[: n % 3]}
         for n in range(240)]
    )  # fmt: skip
    pool = [
        batches("q"),
        took(0, 60),
        has("A"),
        has("A", "B"),
        chance(0.2),
        chance(30),
        chance(0.7),
    ]
    conditions = data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=6))
    stage = stage_of(*conditions)
    random = [i for i, c in enumerate(conditions) if c["type"] == "RandomSample"]
    goal = stage
    for i in random:
        value = data.draw(st.integers(0, 1000).map(lambda n: n / 10))
        goal = turned(Knob(i, "percent"), goal, value, Dialect())
    outputs = work.split(goal).outputs
    shares = [100 * outputs[i].count.share for i in (*random, len(conditions))]
    found = planned(work, stage, *shares)
    assert found.possible
    back = work.split(with_settings(stage, found.settings, work.dialect)).outputs
    got = [100 * back[i].count.share for i in (*random, len(conditions))]
    assert got == pytest.approx(list(found.reached), abs=1e-5)
    assert got == pytest.approx(shares, abs=0.05)


def test_the_command_prints_the_document_of_the_contract(capsys, tmp_path):
    logic = tmp_path / "logic.json"
    stage = {"type": "Logic", "next": ["A", "B", "C"],
             "logic": {"conditions": [chance(0.2), chance(0.3)]}}  # fmt: skip
    logic.write_text(json.dumps(stage))
    words = ["plan", "--tasks", str(DATA / "export.zip"), "--logic", str(logic), "--json"]
    assert main([*words, "--shares", "20,30,50"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {
        "settings": [{"rule": 0, "value": 0.2}, {"rule": 1, "value": 0.375}],
        "reached": [20.0, 30.0, 50.0],
        "possible": True,
        "message": "Set rule 1 to 20 % and rule 2 to 37.5 %; Else gets the rest.",
        "keep": "shares",
        "whole": {
            "settings": [{"rule": 0, "value": 0.2}, {"rule": 1, "value": 0.38}],
            "reached": [20.0, 30.4, 49.6],
        },
    }
    assert main([*words, "--shares", "20,30,10"]) == 1
    assert json.loads(capsys.readouterr().out)["possible"] is False
    for bad in ("20,80", "20,-1,50", "90,30,50", "20,thirty,50", ""):
        assert main([*words, f"--shares={bad}"]) == 2, bad
        done = capsys.readouterr()
        assert done.out == "" and done.err.count("\n") == 1
    assert main([w for w in words if w != "--json"] + ["--shares", "20,30,50"]) == 0
    said = capsys.readouterr().out
    assert "rule 2: 37.5 %" in said
    assert (
        "In whole percents: rule 1 to 20 % and rule 2 to 38 %; that reaches 20.0, 30.4, 49.6."
        in said
    )
    assert main([*words, "--shares", "0.001,0.001,99.998"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [setting["value"] for setting in found["settings"]] == [0.00001, 0.00001]
    assert found["whole"]["reached"] == [0.0, 0.0, 100.0]
    assert main([*words, "--shares", "20,30,10", "--keep", "proportions"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["keep"] == "proportions"
    assert found["reached"] == pytest.approx([100 / 3, 50, 100 / 6], abs=0.02)


# ---- a wanted number ------------------------------------------------------------------------


def ways(work, stage, output, wanted):
    return ways_to(work.matcher, stage, work.everything, output, wanted, work.names)


def expected(work, stage, output):
    return work.split(stage).outputs[output].count.expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 240), st.integers(0, 4), st.permutations(range(4)))
def test_every_way_applied_gives_what_it_says(wanted, output, order):
    work = workspace_of(
        [{"batch": "qst"[n % 3] if n % 4 else None, "took": 500 * n, "classes": "AB"[: n % 3]}
         for n in range(240)]
    )  # fmt: skip
    pool = [batches("q"), took(5_000, 60_000), has("A", "B"), chance(0.2)]
    stage = stage_of(*(pool[i] for i in order))
    for way in ways(work, stage, output, wanted):
        assert expected(work, way.stage, output) == pytest.approx(way.expected)


def test_a_percentage_a_bound_and_batches_hit_the_number():
    work = workspace_of(
        [{"batch": "qst"[n % 3] if n < 90 else None, "took": 1_000 * n} for n in range(100)]
    )
    [way] = ways(work, stage_of(chance(0.2)), 0, 37)
    assert (way.condition, way.expected) == (RandomSample(0.37), 37)
    assert way.words == "rule 1 to 37 %"
    low, high = sorted(ways(work, stage_of(took(10_000, 59_000)), 0, 20), key=lambda w: w.words)
    assert {low.condition, high.condition} == {Duration(10_000, 29_000), Duration(40_000, 59_000)}
    [way] = ways(work, stage_of(batches("q")), 0, 60)
    assert len(way.condition.batches) == 2 and way.expected == 60
    assert isinstance(way.condition, Batch)
    above = ways(work, stage_of(chance(0.5), batches("q", "s", "t")), 1, 18)
    assert {(w.rule, round(w.expected, 2)) for w in above} == {(0, 18), (1, 15)}
    assert ways(work, stage_of(has("A")), 0, 5) == ()
    [way] = ways(work, stage_of(chance(0.2)), 1, 90)
    assert way.condition == RandomSample(0.1)


@pytest.mark.parametrize("wanted", [-1, 101, float("nan")])
def test_a_number_that_no_output_can_have_is_refused(wanted):
    with pytest.raises(InputError, match="not between 0 and the 100 tasks"):
        ways(hundred(), stage_of(chance(0.2)), 0, wanted)


# ---- sweeps ---------------------------------------------------------------------------------

MIXED = [
    {"batch": "qs"[n % 2] if n % 3 else None, "took": 1_000 * n if n % 7 else None,
     "classes": "AB"[: n % 3]} for n in range(210)
]  # fmt: skip
STAGE = stage_of(batches("q"), chance(0.2), took(20_000, 90_000), chance(50), has("A"))


@pytest.mark.parametrize("output", range(6))
def test_every_point_of_a_curve_is_a_split(output):
    work = workspace_of(MIXED)
    for knob in knobs_of(STAGE):
        values = values_of(knob, work.matcher, work.everything, 5)
        points = sweep(work.matcher, STAGE, work.everything, knob, values, output)
        for point in points:
            count = work.split(turned(knob, STAGE, point.value, Dialect())).outputs[output].count
            assert point.expected == pytest.approx(count.expected)
            assert (point.low, point.high) == (count.low, count.high)


def test_every_field_of_a_heat_map_is_a_split():
    work = workspace_of(MIXED)
    for first, second in ((1, "percent"), (2, "low")), ((2, "high"), (3, "percent")):
        knobs = Knob(*first), Knob(*second)
        values = [values_of(k, work.matcher, work.everything, 4) for k in knobs]
        found = heat(work.matcher, STAGE, work.everything, knobs, values, 4)
        assert found.shape == (4, 4)
        for row, y in enumerate(values[1]):
            for column, x in enumerate(values[0]):
                stage = turned(knobs[1], turned(knobs[0], STAGE, x, Dialect()), y, Dialect())
                assert found[row, column] == pytest.approx(expected(work, stage, 4))


def test_knobs_are_in_the_words_of_people():
    knob, bound = Knob(1, "percent"), Knob(2, "high")
    assert now_at(knob, STAGE, Dialect()) == 20 and now_at(bound, STAGE, Dialect()) == 90
    assert value_words(knob, 37.5) == "37.5 %" and value_words(bound, 90) == "1 min 30 s"
    assert now_at(Knob(3, "percent"), STAGE, Dialect()) == 50
    reversed_ = turned(Knob(2, "low"), STAGE, 120, Dialect())
    assert reversed_.rules[2].condition == Duration(120_000, 90_000)
    assert expected(workspace_of(MIXED), reversed_, 2) == 0


# ---- tornado --------------------------------------------------------------------------------


def bars(work, stage, output):
    made = {work.dialect: work}

    def matcher_of(dialect):
        made.setdefault(dialect, Workspace(work.table, work.project, dialect))
        return made[dialect].matcher

    return tornado(matcher_of, work.dialect, stage, work.everything, output, work.names)


def test_the_widest_bar_decides_and_every_end_is_a_split():
    work = workspace_of(MIXED)
    now, found = bars(work, STAGE, 2)
    assert now == pytest.approx(expected(work, STAGE, 2))
    widths = [bar.width for bar in found]
    assert widths == sorted(widths, reverse=True)
    by_name = {bar.assumption: bar for bar in found}
    percentage = by_name["Rule 2, 20 % ± 5 points"]
    more = turned(Knob(1, "percent"), STAGE, 25, Dialect())
    assert (percentage.low, percentage.low_at) == (pytest.approx(expected(work, more, 2)), "25 %")
    unit = by_name["Unit of the bounds in JSON"]
    in_seconds = Workspace(work.table, None, Dialect(unit="s"))
    assert unit.low == pytest.approx(expected(in_seconds, STAGE, 2)) == 0
    filled = workspace_of([t | {"took": 20_000 if t["took"] is None else t["took"]} for t in MIXED])
    unknown = by_name["Unknown durations of 30 tasks"]
    assert unknown.high == pytest.approx(expected(filled, STAGE, 2))
    assert unknown.high_at == "all took 20 s" and unknown.low == now
    assert "Nested classifications" in by_name and "Who annotated a task" not in by_name


def test_doubtful_and_unknown_rules_are_assumptions_too():
    work = workspace_of(MIXED)
    stage = stage_of(chance(1), {"type": "Later"}, has("A"))
    now, found = bars(work, stage, 3)
    by_name = {bar.assumption: bar for bar in found}
    assert "Rule 2, which cannot be simulated" in by_name
    scale = by_name["Percentages in JSON"]
    one_percent = Workspace(work.table, None, Dialect(random="percent"))
    assert now == 0 and (scale.high, scale.high_at) == (expected(one_percent, stage, 3), "percent")
    assert scale.high == pytest.approx(0.99 * expected(work, stage_of(has("A")), 1))
    off = edit.switch(stage, stage.rules[0].id)
    _, found = bars(work, off, 2)
    later = next(bar for bar in found if "cannot be simulated" in bar.assumption)
    assert later.low == 0 and later.low_at == "takes every task"
