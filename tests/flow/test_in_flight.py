"""Tasks under way, by the rules of now and by those of an edit, against tasks that walk on."""

import io
import json
import random

import numpy as np
import pytest
from flow_helpers import (
    TASKS,
    consensus,
    end,
    label,
    logic,
    project_of,
    random_workflow,
    review,
    start,
    walk,
)
from small_world import chance, has

from core.cli.main import main
from core.export.reader import read_stream
from core.flow.graph import graph_of
from core.flow.in_flight import ENDS, in_flight
from core.model.dialect import Dialect
from core.workspace import Workspace

STAGES = [
    start("W"),
    label("W", "L"),
    logic("L", [has("A"), chance(0.5)], ["R", "Complete", "Archive"]),
    review("R", "Complete", "W"),
    *consensus("C", "Complete", "L"),
    end(),
    end("Archive", "Archive"),
]
RATES = {"R": 0.75, "C": 0.5}


def items_of(tasks):
    """A `get_tasks` response: (what the rules see, where the task is) each."""
    return [
        {
            "_id": f"t{n}",
            "answer": {"tools": [{"schemaId": c} for c in task.get("classes", "")]},
            "batches": [task["batch"]] if task.get("batch") else [],
            "stage": stage,
        }
        for n, (task, stage) in enumerate(tasks)
    ]


def workspace(tasks, stages=STAGES):
    table = read_stream(io.BytesIO(json.dumps(items_of(tasks)).encode()), "tasks.json")
    return Workspace(table, project_of(*stages), Dialect())


def graph(stages):
    return graph_of(project_of(*stages).stages)


def look(tasks, after, before=STAGES, **more):
    here = workspace(tasks, before)
    return in_flight(here, graph(before), graph(after), RATES, **more)


def edited(place, **changes):
    return [one | changes if at == place else one for at, one in enumerate(STAGES)]


def test_nothing_changes_where_nothing_was_edited():
    tasks = [({"classes": "A"}, "W"), ({}, "R"), ({}, "C_1"), ({}, "Complete"), ({}, "nowhere")]
    result = look(tasks, STAGES)
    assert result.rows.tolist() == [0, 1, 2] and result.unknown == 1
    assert not result.changed.any() and not result.stranded.any()
    assert [one.stage for one in result.stages] == ["W", "R", "C"]
    np.testing.assert_allclose(result.before.ends, result.after.ends)


def test_what_is_to_come_is_solved_by_hand():
    minutes = {"W": 10.0, "R": 4.0, "C_0": 1.0, "C_1": 2.0}
    result = look([({"classes": "A"}, "R"), ({}, "W"), ({}, "C")], STAGES, minutes=minutes)
    # with A: at R now, comes back through W with 1/4 each time: 4/3 visits to R, 1/3 to W
    assert result.before.touches[0] == pytest.approx(4 / 3 + 1 / 3)
    assert result.before.minutes[0] == pytest.approx(4 * 4 / 3 + 10 / 3)
    assert result.before.rules[0] == pytest.approx(0.25)
    assert result.before.ends[0] == pytest.approx([1, 0, 0])
    assert result.before.ends[1] == pytest.approx([0.5, 0.5, 0])
    assert result.before.minutes[1] == pytest.approx(10) and result.before.rules[1] == 1
    # at the Consensus: two touches, 3 minutes, and the rules with 1/2
    assert result.before.touches[2] == pytest.approx(2)
    assert result.before.minutes[2] == pytest.approx(3)
    assert result.before.ends[2] == pytest.approx([0.75, 0.25, 0])


def test_a_removed_stage_strands_its_tasks_and_nobody_else():
    without = [one for one in STAGES if one["id"] != "R"]
    result = look([({}, "R"), ({"classes": "A"}, "W"), ({}, "W")], without)
    assert result.stranded.tolist() == [
        True,
        True,
        False,
    ]  # A would be sent to a stage that is gone
    assert result.changed.tolist() == [True, True, False]
    at_r = next(one for one in result.stages if one.stage == "R")
    assert at_r.stranded == 1 and at_r.ends[1].tolist() == pytest.approx([0, 0, 1])


def test_a_stage_that_nothing_leads_to_any_more_still_lets_its_tasks_go():
    result = look([({}, "C"), ({"classes": "A"}, "R")], edited(2, next=["Complete"] * 3))
    assert result.after.ends.tolist() == pytest.approx(np.array([[1, 0, 0], [1, 0, 0]]))
    assert result.changed.tolist() == [True, True]


@pytest.mark.parametrize("seed", range(12))
def test_tasks_that_walk_on_end_where_it_says(seed):
    draw = random.Random(seed)
    (before, rates), (after, _) = random_workflow(seed), random_workflow(seed + 100)
    ids = [
        s["id"] for s in before if s["type"] not in ("Complete", "Archive") and "_" not in s["id"]
    ]
    tasks = [(task, draw.choice(ids)) for task in TASKS]
    typed = {one: next(iter(rate.values())) for one, rate in rates.items()}
    typed |= {f"R{n}": 0.8 for n in range(3) if f"R{n}" not in typed}
    walked = {one: {"accepted": value} for one, value in typed.items()}
    here = workspace(tasks, before)
    result = in_flight(here, graph(before), graph(after), typed)
    assert len(result.rows) == len(tasks)
    turns, known = 40, {stage["id"] for stage in after}
    for stages, outlook in ((before, result.before), (after, result.after)):
        seen = np.zeros(3)
        for task, stage in tasks:
            for _ in range(turns):
                gone = stages is after and stage not in known
                how = "trapped" if gone else walk(stages, walked, task, draw, 300, stage)[2]
                seen[ENDS.index(how)] += 1
        variance = (outlook.ends * (1 - outlook.ends)).sum(axis=0) * turns
        off = np.abs(seen - turns * outlook.ends.sum(axis=0)) / np.sqrt(variance + 1e-9)
        assert off[variance > 1e-6].max(initial=0) < 4.5
        np.testing.assert_allclose(outlook.ends.sum(axis=1), 1)


def test_the_command_says_it_before_and_after(tmp_path, capsys):
    tasks = [({"classes": "A"}, "R"), ({}, "W"), ({}, "Complete")]
    stages = {"tasks.json": items_of(tasks), "now.json": {"_id": "p", "stages": STAGES}}
    stages["after.json"] = {"_id": "p", "stages": [one for one in STAGES if one["id"] != "R"]}
    stages["stage.json"] = STAGES[2] | {"next": ["Complete"] * 3}
    for name, value in stages.items():
        (tmp_path / name).write_text(json.dumps(value))
    words = ["ongoing", "--tasks", str(tmp_path / "tasks.json")]
    words += ["--project", str(tmp_path / "now.json"), "--logic"]
    assert main([*words, str(tmp_path / "after.json"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["ongoing"], document["stranded"], document["changed"]) == (2, 1, 1)
    assert document["examples"][0]["task"] == "t0" and document["examples"][0]["stranded"]
    assert document["ends"]["trapped"] == pytest.approx([0, 1])
    assert main([*words, str(tmp_path / "stage.json")]) == 0
    assert "2 of 3 tasks are under way" in capsys.readouterr().out
