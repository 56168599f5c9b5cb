"""How many people are needed, what decides, and the plan that a page begins with."""

import json

import numpy as np
import pytest
from conftest import DATA
from flow_helpers import end, label, of, review, start

from core.cli.main import main
from core.errors import InputError
from core.flow.answers import needed_words, people_needed, sensitivity
from core.flow.flow import flow_of
from core.flow.graph import graph_of
from core.flow.proposed import MINUTES, proposed_plan
from core.flow.queueing.forecast import forecast
from core.flow.queueing.times import past_minutes
from core.flow.read_plan import read_plan

LINE = [start("W"), label("W", "R"), review("R", "Complete", "W"), end()]


def asked(people=1, tasks=60, minutes=6, review_minutes=1, hours=1000, **more):
    staff = {
        "W": {"people": people, "minutes": {"kind": "fixed", "mean": minutes}},
        "R": {"people": 1, "minutes": {"kind": "fixed", "mean": review_minutes}},
    }
    plan = {"horizon_hours": hours, "replications": 5, "stages": staff}
    plan["arrivals"] = {"kind": "at_once", "tasks": tasks}
    chain = flow_of(of([{}] * 10, *LINE), {2: 1.0}).chain
    return chain, read_plan(plan | more)


def test_the_fewest_people_with_whom_all_is_through_in_time():
    chain, plan = asked()
    # 60 tasks of 6 minutes: with n people the last is labelled after ceil(60 / n) * 6 min
    for hours, people in ((6.1, 1), (3.1, 2), (1.1, 6), (1.6, 4)):
        answer = people_needed(chain, plan, {}, "W", hours)
        assert answer.people == people, (hours, answer)
        assert all((one.share >= 0.9) == (one.people >= people) for one in answer.tried)
    words = needed_words(people_needed(chain, plan, {}, "W", 1.1), lambda stage: stage)
    assert words == "6 people at W have all tasks through within 1.1 hours in 90 % of the cases."


def test_more_people_do_not_help_where_another_stage_is_the_bottleneck():
    chain, plan = asked(review_minutes=30)
    answer = people_needed(chain, plan, {}, "W", 10)
    assert answer.people is None and answer.limit == "R"
    assert "R is the bottleneck then." in needed_words(answer, lambda stage: stage)


def test_a_certainty_is_a_part_of_the_replications():
    chain, plan = asked(tasks=40, replications=40)
    noisy = {"W": {"people": 1, "minutes": {"kind": "exponential", "mean": 6}}}
    plan = read_plan(
        {
            "horizon_hours": 1000,
            "replications": 40,
            "arrivals": {"kind": "at_once", "tasks": 40},
            "stages": noisy,
        }
    )
    result = forecast(chain, plan, {})
    middle = sorted(result.finished)[20]
    half = people_needed(chain, plan, {}, "W", middle, certainty=0.5)
    sure = people_needed(chain, plan, {}, "W", middle, certainty=1.0)
    assert half.people == 1 and sure.people > 1
    assert half.tried[0].share == sum(end <= middle for end in result.finished) / 40


def test_what_makes_no_sense_is_refused():
    chain, plan = asked()
    stream = asked(arrivals={"kind": "poisson", "per_hour": 3})[1]
    for bad, says in (
        ((stream, "W", 5, 0.9), "come for ever"),
        ((plan, "X", 5, 0.9), "no stage with people"),
        ((plan, "Complete", 5, 0.9), "no stage with people"),
        ((plan, "W", 0, 0.9), "above 0"),
        ((plan, "W", 5, 1.5), "at most 1"),
        ((plan, "W", 5, 0), "at most 1"),
    ):
        with pytest.raises(InputError, match=says):
            people_needed(chain, bad[0], {}, *bad[1:])


def test_what_decides_is_the_bottleneck_first():
    chain, plan = asked(people=2)
    answer = sensitivity(chain, plan, {})
    assert answer.outcome == "finish" and answer.now == pytest.approx(3 + 2 / 60)
    first = answer.bars[0]
    assert (first.stage, first.what) == ("W", "people")  # 1 or 3 instead of 2
    assert first.low == pytest.approx(6 + 1 / 60) and first.high == pytest.approx(2 + 3 / 60)
    minutes = next(bar for bar in answer.bars if (bar.stage, bar.what) == ("W", "minutes"))
    assert minutes.low == pytest.approx(2.4 + 2 / 60)
    assert minutes.high == pytest.approx(3.6 + 2 / 60)
    assert [bar.span for bar in answer.bars] == sorted((b.span for b in answer.bars), reverse=True)


def test_history_is_varied_as_well_and_what_is_not_known_says_so():
    chain, _ = asked()
    staff = {"W": {"people": 1, "minutes": {"kind": "history"}}}
    plan = {"horizon_hours": 99, "replications": 3, "stages": staff}
    plan = read_plan(plan | {"arrivals": {"kind": "at_once", "tasks": 10}})
    answer = sensitivity(chain, plan, {"W": np.array([6.0] * 30)})
    assert [(bar.low, bar.high) for bar in answer.bars] == [pytest.approx((0.8, 1.2))]
    short = asked(hours=1)
    assert sensitivity(*short, {}) is None  # not through by the horizon


def test_the_proposed_plan_is_what_the_histories_tell(sample):
    graph = graph_of(sample.project.stages)
    times = past_minutes(sample.table, graph.stages)
    plan = proposed_plan(graph, sample.table, sample.everything, times)
    assert plan["arrivals"] == {"kind": "at_once", "tasks": 400}
    expert = plan["stages"][graph.stages[graph.find("Expert review")].id]
    assert expert["minutes"] == {"kind": "exponential", "mean": MINUTES} and expert["people"] == 1
    assert plan["stages"]["Label"]["minutes"] == {"kind": "history"}
    assert plan["stages"]["Label"]["people"] > 1
    result = forecast(flow_of(sample).chain, read_plan(plan), times)
    assert result.finish[1] is not None and not read_plan(plan).problems


def test_the_command_answers_both(tmp_path, capsys):
    project = DATA / "project.json"
    staff = {"Label": {"people": 1, "minutes": {"kind": "fixed", "mean": 6}}}
    plan = {"horizon_hours": 500, "replications": 5, "stages": staff}
    plan |= {"arrivals": {"kind": "at_once", "tasks": 100}}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    words = ["forecast", "--plan", str(tmp_path / "plan.json"), "--project", str(project)]
    words += ["--need", "Label", "--within", "5"]
    assert main([*words, "--sensitivity", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["needed"]["people"] >= 2
    assert document["sensitivity"]["changes"][0]["stage"] == "Label"
    assert main([*words[:-1], "0.05"]) == 1  # a single visit takes longer
    assert "No number of people" in capsys.readouterr().out
    assert main(words[:-2]) == 2 and "--within" in capsys.readouterr().err
