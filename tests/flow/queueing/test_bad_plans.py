"""Plans as files have them: what is refused, what is a finding, and what is counted instead."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from conftest import HERE
from queue_helpers import chain_for, with_loop

from core.errors import InputError
from core.flow.plan import Arrivals, ServiceTime, Shifts, Staff
from core.flow.queueing.forecast import forecast
from core.flow.read_plan import read_plan

A = {"people": 2, "minutes": {"kind": "fixed", "mean": 6}}
B = {"people": 1, "minutes": {"kind": "fixed", "mean": 1}}
PLAN = {
    "horizon_hours": 40,
    "warm_up_hours": 0,
    "replications": 2,
    "seed": 3,
    "arrivals": {"kind": "at_once", "tasks": 4},
    "stages": {"A": A, "B": B},
}


def plan(**changes):
    return read_plan({**PLAN, **changes}, "plan.json")


def stage(**changes):
    return plan(stages={"A": {**A, **changes}, "B": B})


def result(read, times=None):
    return forecast(chain_for(with_loop()), read, times or {})


def codes(read, times=None):
    return [one.code for one in result(read, times).problems]


def test_a_plan_is_read():
    calendar = {"days": [4, 0], "from": "08:00", "to": "16:30"}
    read = plan(
        stages={"A": {**A, "cost_per_hour": 30, "calendar": calendar}},
        rates={"B": {"accepted": 0.8}},
        start="2026-11-25T06:30:00",
        sticky=False,
        precision=0.02,
    )
    shifts = Shifts((0, 4), 480, 990)
    assert read.staff == (Staff("A", 2, ServiceTime("fixed", 6), 30, shifts),)
    assert (read.arrivals, read.horizon_hours, read.seed) == (Arrivals("at_once", tasks=4), 40, 3)
    assert (read.start_minute, read.sticky, read.precision) == (2 * 1_440 + 390, False, 0.02)
    assert (read.rates, read.problems) == ({"B": {"accepted": 0.8}}, ())
    assert codes(plan()) == []


def test_what_is_not_said_has_its_default():
    kinds = {"horizon_hours": 1, "arrivals": {"kind": "poisson", "per_hour": 2}}
    read = read_plan(kinds)
    assert (read.warm_up_hours, read.replications, read.seed, read.sticky) == (0, 20, 0, True)
    assert read.staff == () and read.problems == ()


REFUSED = [
    ([], "plan.json: this is not a plan."),
    ({"horizon_hours": 0}, "plan.json, horizon_hours: 0 is not above 0."),
    ({"horizon_hours": -4}, "horizon_hours: -4 is not"),
    ({"horizon_hours": None}, "horizon_hours: is missing"),
    ({"horizon_hours": "long"}, "horizon_hours: is missing or is not a number"),
    ({"horizon_hours": True}, "horizon_hours: is missing or is not a number"),
    ({"horizon_hours": 10**400}, "horizon_hours: is missing or is not a number"),
    ({"warm_up_hours": 40}, "warm_up_hours: the warm-up of 40 hours leaves nothing"),
    ({"replications": 0}, "replications: is not a whole number from 1"),
    ({"replications": 2.5}, "replications: is not a whole number from 1"),
    ({"replications": "many"}, "replications: is not a whole number from 1"),
    (
        {"arrivals": None},
        "is missing; it has a kind: poisson, at_once, table or uploads.",
    ),
    ({"arrivals": 4}, "arrivals: is missing"),
    ({"arrivals": {}}, "arrivals.kind: is not poisson, at_once, table or uploads."),
    ({"arrivals": {"kind": "weekly"}}, "arrivals.kind: is not"),
    ({"arrivals": {"kind": ["poisson"]}}, "arrivals.kind: is not"),
    ({"arrivals": {"kind": "poisson"}}, "arrivals.per_hour: is missing"),
    ({"arrivals": {"kind": "at_once"}}, "arrivals.tasks: is missing"),
    ({"stages": ["A"]}, "stages: is not an object"),
    ({"stages": {"A": 4}}, "stages.A: is not an object"),
    ({"stages": {"A": {"people": 1, "minutes": 4}}}, "stages.A.minutes.kind: is not exponential"),
    ({"stages": {"A": {"people": 1, "minutes": {"kind": "gamma"}}}}, "stages.A.minutes.kind: is"),
    ({"rates": []}, "rates: is not an object"),
]


@pytest.mark.parametrize(("changes", "sentence"), REFUSED)
def test_an_unusable_plan_is_refused_with_its_place(changes, sentence):
    value = {**PLAN, **changes} if isinstance(changes, dict) else changes
    with pytest.raises(InputError, match=re.escape(sentence)) as refused:
        read_plan(value, "plan.json")
    assert str(refused.value).startswith("plan.json") and refused.value.hint


FINDINGS = [
    (stage(people=0), ["people.none", "horizon.short"], Staff("A", 0, ServiceTime("fixed", 6))),
    (
        stage(people=-1),
        ["value.negative", "people.none", "horizon.short"],
        Staff("A", 0, ServiceTime("fixed", 6)),
    ),
    (stage(people=1.5), ["value.fraction"], Staff("A", 1, ServiceTime("fixed", 6))),
    (stage(people="2"), ["number.as_text"], Staff("A", 2, ServiceTime("fixed", 6))),
    (stage(people=10**9), ["people.many"], Staff("A", 100_000, ServiceTime("fixed", 6))),
    (
        stage(people="two"),
        ["value.unreadable", "people.none", "horizon.short"],
        Staff("A", 0, ServiceTime("fixed", 6)),
    ),
    (
        stage(minutes={"kind": "fixed", "mean": 0}),
        ["minutes.zero"],
        Staff("A", 2, ServiceTime("fixed", 0)),
    ),
    (
        stage(minutes={"kind": "exponential", "mean": -3}),
        ["value.negative", "minutes.zero"],
        Staff("A", 2, ServiceTime("exponential", 0)),
    ),
    (
        stage(minutes={"kind": "exponential", "mean": "NaN"}),
        ["value.unreadable", "minutes.zero"],
        Staff("A", 2, ServiceTime("exponential", 0)),
    ),
    (
        stage(minutes={"kind": "fixed", "mean": float("nan")}),
        ["value.unreadable", "minutes.zero"],
        Staff("A", 2, ServiceTime("fixed", 0)),
    ),
    (
        stage(minutes={"kind": "lognormal", "mean": 3, "sd": -1}),
        ["value.negative"],
        Staff("A", 2, ServiceTime("lognormal", 3, 0)),
    ),
    (
        stage(minutes={"kind": "fixed", "mean": 6, "sd": 2}),
        ["sd.unused"],
        Staff("A", 2, ServiceTime("fixed", 6)),
    ),
    (
        stage(minutes={"kind": "history"}),
        ["history.none"],
        Staff("A", 2, ServiceTime("history")),
    ),
    (
        stage(minutes={"kind": "fixed"}),
        ["minutes.no_mean"],
        Staff("A", 2, ServiceTime("fixed")),
    ),
    (
        stage(minutes={"kind": "lognormal", "mean": 6}),
        ["minutes.no_sd"],
        Staff("A", 2, ServiceTime("lognormal", 6)),
    ),
    (stage(minutes=None), ["minutes.missing"], Staff("A", 2)),
    (
        stage(cost_per_hour=-5),
        ["value.negative"],
        Staff("A", 2, ServiceTime("fixed", 6), 0),
    ),
    (
        stage(calendar={"days": [7], "from": "08:00", "to": "16:00"}),
        ["calendar.unreadable"],
        Staff("A", 2, ServiceTime("fixed", 6)),
    ),
    (
        stage(calendar={"from": "8 o'clock"}),
        ["calendar.unreadable"],
        Staff("A", 2, ServiceTime("fixed", 6)),
    ),
    (
        stage(calendar=[]),
        ["calendar.unreadable"],
        Staff("A", 2, ServiceTime("fixed", 6)),
    ),
    (
        stage(calendar={"days": []}),
        ["calendar.never", "horizon.short"],
        Staff("A", 2, ServiceTime("fixed", 6), None, Shifts((), 0, 0)),
    ),
    (
        stage(pepole=3),
        ["plan.key_unknown"],
        Staff("A", 2, ServiceTime("fixed", 6)),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("read", "wanted", "staff"), FINDINGS)
def test_a_wrong_value_is_a_finding_with_what_is_counted(read, wanted, staff):
    assert read.staff[0] == staff
    assert codes(read) == wanted
    assert all(one.message and one.place for one in result(read).problems)


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        (plan(stages={"A": A, "B": B, "Z": A}), ["plan.stage_unknown"]),
        (plan(stages={"A": A}), ["stage.not_planned"]),
        (plan(stages={"A": A, "B": B, "Start": A}), ["stage.no_people"]),
        (plan(stages={"A": A, "B": B}, priority={"b": 1}), ["plan.key_unknown"]),
        (plan(seed="x"), ["value.unreadable"]),
        (plan(sticky="yes"), ["value.unreadable"]),
        (plan(precision=-1), ["value.unreadable"]),
        (plan(start="Monday"), ["value.unreadable"]),
        (plan(warm_up_hours=-1), ["value.negative"]),
        (plan(warm_up_hours=20), ["window.empty"]),
        (plan(horizon_hours=0.15), ["horizon.short"]),
        (plan(arrivals={"kind": "poisson", "per_hour": 0}), ["arrivals.none"]),
        (plan(arrivals={"kind": "poisson", "per_hour": -2}), ["value.negative", "arrivals.none"]),
        (plan(arrivals={"kind": "at_once", "tasks": 0}), ["arrivals.none"]),
        (plan(arrivals={"kind": "at_once", "tasks": 2.5}), ["value.fraction"]),
        (plan(arrivals={"kind": "poisson", "per_hour": 1000}), ["load.above_capacity"] * 2),
    ],
)
def test_other_findings(read, wanted):
    assert codes(read) == wanted


def test_people_of_a_stage_that_is_not_there_change_nothing():
    with_more = result(plan(stages={"A": A, "B": B, "Z": {**A, "people": 0}}))
    assert with_more.finish == result(plan()).finish and "Z" in with_more.problems[-1].message


def test_part_of_the_replications_beyond_the_horizon_is_not_a_number():
    read = plan(
        stages={"A": {"people": 1, "minutes": {"kind": "exponential", "mean": 60}}, "B": B},
        horizon_hours=5, replications=40,
    )  # fmt: skip
    told = result(read)
    p10, p50, p90 = told.finish
    assert 0 < p10 < p50 < 5 and p90 is None
    assert [one.code for one in told.problems] == ["horizon.short"]
    assert re.search(r"In \d+ of 40 replications", told.problems[0].message)


def test_histories_tell_minutes_and_how_few_they_are():
    few, many = np.linspace(1, 9, 12), np.linspace(1, 9, 40)
    history = stage(minutes={"kind": "history"})
    assert codes(history, {"A": few}) == ["history.few"]
    assert "12" in result(history, {"A": few}).problems[0].message
    assert codes(history, {"A": many}) == []
    fitted = stage(minutes={"kind": "lognormal"})
    assert codes(fitted, {"A": many}) == ["minutes.fitted", "minutes.fitted"]
    assert codes(stage(minutes={"kind": "exponential"}), {"A": few}) == [
        "minutes.fitted", "history.few",
    ]  # fmt: skip


def test_too_much_is_refused_before_it_is_begun():
    for arrivals in ({"kind": "at_once", "tasks": 10**9}, {"kind": "poisson", "per_hour": 1e9}):
        with pytest.raises(InputError, match=r"plan.json, arrivals: .* too many"):
            result(plan(arrivals=arrivals))
    with pytest.raises(InputError, match=r"plan.json, arrivals: there is no task"):
        result(plan(arrivals={"kind": "table"}))


def test_what_turns_out_to_be_too_much_ends_with_a_sentence(monkeypatch):
    import core.flow.queueing.forecast as forecasts
    import core.flow.queueing.network as networks

    many = plan(arrivals={"kind": "poisson", "per_hour": 2_000})
    monkeypatch.setattr(forecasts, "MOST_CELLS", 10_000)
    with pytest.raises(InputError, match="plan: more tasks are on their way at a time"):
        result(replace(many, source="plan"))
    monkeypatch.setattr(networks, "MOST_EVENTS", 500)
    with pytest.raises(InputError, match=r"plan\.json: a replication takes more than 500 steps"):
        result(many)


def test_every_finding_has_its_row():
    room = HERE.parent / "core" / "flow"
    text = "".join(f.read_text() for f in [*(room / "queueing").glob("*.py"), room / "assumed.py"])
    text += (room / "read_plan.py").read_text()
    raised = set(re.findall(r'(?:plan_problem|self\.note)\(\s*f?"([a-z_.]+)', text))
    assert len(raised) > 25
    semantics = (HERE.parent / "docs" / "semantics.md").read_text(encoding="utf-8")
    cells = [line.split(" | ")[0] for line in semantics.splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`([a-z_.]+)`", " ".join(cells)))
    assert raised - named == set()


def test_the_example_of_the_semantics_is_a_plan():
    semantics = (HERE.parent / "docs" / "semantics.md").read_text(encoding="utf-8")
    example = semantics.split("## Forecasts")[1].split("```json\n")[1].split("```")[0]
    assert read_plan(json.loads(example)).problems == ()
