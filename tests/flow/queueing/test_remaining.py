"""How long the tasks under way still take: by hand, against what comes to be, and bad input."""

import json

import numpy as np
import pytest
from flow.test_in_flight import items_of, workspace
from flow_helpers import end, label, logic, project_of, review, start
from queue_helpers import fixed, plan_for
from small_world import chance

from core.ango_json.project import write_project
from core.cli.main import main
from core.flow.flow import flow_of
from core.flow.graph import graph_of
from core.flow.in_flight import in_flight
from core.flow.plan import Arrivals, Staff
from core.flow.queueing.forecast import forecast
from core.flow.queueing.remaining import remaining

STAGES = [start("A"), label("A", "B"), review("B", "Complete", "A"), end()]
ACCEPTED = {"B": 1.0}


def staff(**stages):
    return [Staff(name, people, fixed(minutes)) for name, (people, minutes) in stages.items()]


def left_of(tasks, plan, stages=STAGES, edited=None, rates=ACCEPTED):
    here = workspace(tasks, stages)
    graphs = graph_of(project_of(*stages).stages), graph_of(project_of(*(edited or stages)).stages)
    flight = in_flight(here, *graphs, rates)
    return remaining(here, flight, graphs, plan, {}, rates)


def hours_of(result, stage, version=0):
    return next(one for one in result.stages if one.stage == stage).hours[version]


def test_three_to_label_and_two_to_review_by_hand():
    """B works 0 to 20 on its two, then on those that A gave it at 10, 20 and 30: until 50."""
    plan = plan_for(staff(A=(1, 10), B=(1, 10)), Arrivals("table"))
    result = left_of([({}, "A")] * 3 + [({}, "B")] * 2, plan)
    assert hours_of(result, "A").mean == pytest.approx((30 + 40 + 50) / 3 / 60)
    assert hours_of(result, "B").mean == pytest.approx((10 + 20) / 2 / 60)
    for look in result.looks:
        assert look.cycle.mean == pytest.approx((30 + 40 + 50 + 10 + 20) / 5 / 60)
        assert look.finish == pytest.approx((50 / 60,) * 3)


def test_an_edit_that_leaves_a_review_out_saves_its_time():
    edited = [start("A"), label("A", "Complete"), review("B", "Complete", "A"), end()]
    plan = plan_for(staff(A=(1, 10), B=(1, 10)), Arrivals("table"))
    result = left_of([({}, "A")] * 3 + [({}, "B")] * 2, plan, edited=edited)
    assert hours_of(result, "A", 1).mean == pytest.approx((10 + 20 + 30) / 3 / 60)
    assert hours_of(result, "B", 1).mean == hours_of(result, "B", 0).mean


def test_all_at_the_start_is_the_forecast_of_all():
    """Nobody is anywhere else, so what is left is what a forecast of the table says."""
    stages = [
        start("A"), label("A", "L"), logic("L", [chance(0.4)], ["B", "Complete"]),
        review("B", "Complete", "A"), end(),
    ]  # fmt: skip
    plan = plan_for(staff(A=(2, 7), B=(1, 12)), Arrivals("table"), replications=20)
    tasks = [({"classes": "A" * (n % 2)}, "A") for n in range(40)]
    here = workspace(tasks, stages)
    graph = graph_of(project_of(*stages).stages)
    whole = forecast(flow_of(here, {graph.find_id("B"): 0.7}, graph).chain, plan, {})
    left = left_of(tasks, plan, stages, rates={"B": 0.7})
    assert left.looks[0].cycle.mean == pytest.approx(whole.cycle.mean)
    assert left.looks[0].finished == pytest.approx(whole.finished)


def test_a_stage_that_the_edit_takes_away_keeps_its_tasks():
    edited = [start("A"), label("A", "Complete"), end()]
    plan = plan_for(staff(A=(1, 10)), Arrivals("table"))
    result = left_of([({}, "A"), ({}, "B")], plan, edited=edited)
    assert hours_of(result, "B", 1).mean is None
    assert hours_of(result, "A", 1).mean == pytest.approx(10 / 60)
    assert {"tasks.trapped"} <= {one.code for one in result.looks[1].problems}


def test_means_of_the_stages_make_the_mean_of_all():
    rng = np.random.default_rng(5)
    tasks = [({}, "AB"[n]) for n in rng.integers(0, 2, 60)]
    plan = plan_for(staff(A=(2, 7), B=(2, 5)), Arrivals("table"), replications=9)
    result = left_of(tasks, plan, rates={"B": 0.6})
    parts = [one.hours[0] for one in result.stages]
    whole = sum(one.mean * one.tasks for one in parts) / sum(one.tasks for one in parts)
    assert whole == pytest.approx(result.looks[0].cycle.mean)
    assert sum(one.tasks for one in parts) == 60


def test_the_command_prints_both_versions(tmp_path, capsys):
    tasks = [({}, "A")] * 3 + [({}, "B")] * 2
    (tmp_path / "tasks.json").write_text(json.dumps(items_of(tasks)))
    for name, behind in (("now", "B"), ("edited", "Complete")):
        project = project_of(start("A"), label("A", behind), *STAGES[2:])
        (tmp_path / f"{name}.json").write_text(json.dumps(write_project(project)))
    plan = {
        "horizon_hours": 99, "replications": 2, "arrivals": {"kind": "table"},
        "stages": {one: {"people": 1, "minutes": {"kind": "fixed", "mean": 10}} for one in "AB"},
    }  # fmt: skip
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (tmp_path / "rates.json").write_text('{"B": {"accepted": 1}}')
    words = ["ongoing", "--tasks", "tasks.json", "--project", "now.json", "--logic", "edited.json",
             "--rates", "rates.json", "--plan", "plan.json"]  # fmt: skip
    words = [str(tmp_path / one) if one.endswith("json") else one for one in words]
    assert main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["p90"] is not None for one in document["remaining_hours"]] == [True, True]
    (first, second) = document["stages_remaining"]
    assert first["id"] == "A" and second["id"] == "B"
    before, after = (one["mean"] for one in first["remaining_hours"])
    assert (before, after) == pytest.approx((40 / 60, 20 / 60), abs=1e-6)
    assert main(words) == 0
    assert "now: 0.5 h left for a task, 0.8 h for all" in capsys.readouterr().out
