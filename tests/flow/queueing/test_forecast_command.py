"""The command `forecast` as others run it."""

import json
import math
import os
import subprocess
import sys

import pytest
from conftest import DATA
from queue_helpers import Staff, at_once, chain_for, fixed, moves_of, one_stage, plan_for
from test_architecture import loaded_by

from core.cli.main import main
from core.flow.queueing.kernel import simulate, uniform

PLAN = {
    "horizon_hours": 200,
    "warm_up_hours": 20,
    "replications": 4,
    "seed": 7,
    "arrivals": {"kind": "poisson", "per_hour": 6},
    "stages": {
        "Label": {"people": 3, "minutes": {"kind": "exponential", "mean": 12}, "cost_per_hour": 20},
        "Review": {"people": 1, "minutes": {"kind": "history"}},
        "Expert review": {"people": 1, "minutes": {"kind": "lognormal", "mean": 9, "sd": 4}},
        "Second look": {"people": 1, "minutes": {"kind": "fixed", "mean": 5}},
    },
    "rates": {"Review": {"accepted": 0.9}, "Expert review": {"accepted": 0.95}},
}
SPREAD = ["mean", "p50", "p90", "p95", "low", "high"]


def written(folder, value):
    path = folder / "plan.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def document(capsys, *words):
    assert main(["forecast", *map(str, words), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    finite(printed)
    return printed


def finite(value):
    if isinstance(value, float):
        assert math.isfinite(value)
    if isinstance(value, dict):
        value = list(value.values())
    for child in value if isinstance(value, list) else ():
        finite(child)


def test_it_prints_the_document_of_the_contract(capsys, tmp_path):
    words = ("--plan", written(tmp_path, PLAN), "--project", DATA / "project.json")
    got = document(capsys, *words, "--tasks", DATA / "export.zip")
    assert list(got) == [
        "stages", "cycle_hours", "throughput_per_hour", "finish_hours", "cost", "bottleneck",
        "next_bottleneck", "replications", "problems",
    ]  # fmt: skip
    assert [one["name"] for one in got["stages"]] == [
        "Label", "Expert review", "Review", "Second look",
    ]  # fmt: skip
    for one in got["stages"]:
        assert list(one) == [
            "id", "name", "people", "utilisation", "load", "wait_minutes", "queue", "done", "cost",
        ]  # fmt: skip
        assert list(one["wait_minutes"]) == SPREAD and 0 < one["utilisation"] < 1
        assert one["wait_minutes"]["low"] < one["wait_minutes"]["mean"]
        assert one["utilisation"] == pytest.approx(one["load"], rel=0.15)
    first = got["stages"][0]
    assert first["cost"] == got["cost"] == pytest.approx(first["utilisation"] * 3 * 180 * 20)
    assert list(got["cycle_hours"]) == SPREAD
    assert got["finish_hours"] == {"p10": None, "p50": None, "p90": None}
    assert got["throughput_per_hour"] == pytest.approx(6, rel=0.1)
    assert (got["bottleneck"], got["replications"]) == ("Label", 4)
    assert [one["code"] for one in got["problems"]] == []
    assert document(capsys, *words, "--tasks", DATA / "export.zip") == got
    assert document(capsys, *words, "--tasks", DATA / "export.zip", "--seed", 8) != got


def test_the_tasks_of_the_table_come_at_once(capsys, tmp_path):
    plan = {**PLAN, "arrivals": {"kind": "table"}, "warm_up_hours": 0}
    words = ("--plan", written(tmp_path, plan), "--project", DATA / "project.json")
    got = document(capsys, *words, "--tasks", DATA / "export.zip")
    assert 400 * 12 / 60 / 3 < got["finish_hours"]["p50"] < 60
    assert got["throughput_per_hour"] == pytest.approx(400 / got["finish_hours"]["p50"], rel=0.1)
    assert main(["forecast", *map(str, words)]) == 2
    assert "plan.json, arrivals: there is no task" in capsys.readouterr().err


def test_without_a_project_the_plans_stages_follow_each_other(capsys, tmp_path):
    got = document(capsys, "--plan", written(tmp_path, PLAN))
    assert [one["id"] for one in got["stages"]] == list(PLAN["stages"])
    codes = [one["code"] for one in got["problems"]]
    assert codes == ["workflow.assumed", "rates.unused", "history.none"]
    assert len({round(one["done"] / 6 / 180, 1) for one in got["stages"]}) == 1
    assert main(["forecast", "--plan", str(written(tmp_path, {**PLAN, "stages": {}}))]) == 2
    assert "plan.json, stages: names no stage" in capsys.readouterr().err


def test_without_tasks_rules_see_nothing(capsys, tmp_path):
    words = ("--plan", written(tmp_path, PLAN), "--project", DATA / "project.json")
    codes = [one["code"] for one in document(capsys, *words)["problems"]]
    assert "tasks.none" in codes and "history.none" in codes


def test_people_read_it_as_text(capsys, tmp_path):
    words = ["forecast", "--plan", str(written(tmp_path, PLAN))]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert "Expert review (bottleneck)" in text and "Tasks per hour: " in text
    assert "Cost of the work: " in text and "note: No project is given" in text
    at_once = {**PLAN, "arrivals": {"kind": "at_once", "tasks": 5}, "warm_up_hours": 0}
    assert main(["forecast", "--plan", str(written(tmp_path, at_once))]) == 0
    assert "Hours until all are through: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("{", "plan.json, line 1"),
        ("[]", "plan.json: this is not a plan."),
        (json.dumps({**PLAN, "replications": 0}), "plan.json, replications: is not"),
        (json.dumps({**PLAN, "rates": {"Review": {"accepted": 2}}}), "plan.json, rates, Review: "),
    ],
)
def test_an_unusable_plan_is_one_line_and_exit_2(capsys, tmp_path, value, sentence):
    words = ["--plan", str(written(tmp_path, value)), "--project", str(DATA / "project.json")]
    assert main(["forecast", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and sentence in printed.err


def test_a_plan_that_is_not_there_is_one_line(capsys, tmp_path):
    assert main(["forecast", "--plan", str(tmp_path / "none.json")]) == 2
    assert "none.json: no such file" in capsys.readouterr().err


def test_compiled_code_is_kept_between_starts(tmp_path):
    """A second process finds what the first one compiled."""
    words = [sys.executable, "-m", "core", "forecast", "--json", "--plan", written(tmp_path, PLAN)]
    subprocess.run(words, check=True, capture_output=True)
    script = (
        "import sys; from core.cli.main import main; main(sys.argv[1:]); "
        "from core.flow.queueing.kernel import simulate; "
        "print(sum(simulate.stats.cache_hits.values()), sum(simulate.stats.cache_misses.values()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words[3:]], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "1 0"


def test_where_nothing_can_be_kept_it_is_compiled_at_each_start():
    program = "from core.flow.queueing.kernel import uniform; print(uniform(3, 0, 5))"
    nowhere = {**os.environ, "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator"}
    nowhere.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=nowhere
    )
    assert float(done.stdout) == uniform(3, 0, 5)


def test_what_is_kept_names_no_class_of_ours():
    """Another version of Switchyard could not read it."""
    plan = plan_for([Staff("A", 1, fixed(1))], at_once(1))
    moves_of(chain_for(one_stage()), plan)
    assert simulate.signatures and "core.flow" not in str(simulate.signatures)
    assert "Network" not in str(simulate.signatures)


def test_what_forecasts_nothing_starts_without_the_compiler():
    assert not loaded_by("import core.cli.main, core.cli.forecast, core.flow.flow") & {"numba"}
    assert "numba" in loaded_by("import core.flow.queueing.forecast")
