"""`bulk …` on a local hub: shown first, carried out only with --yes, and what cannot be used."""

import json
import random

import pytest
from bulk.world import ID, PEOPLE, BulkWorld

from core.cli.main import main


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    running = BulkWorld(tmp_path_factory.mktemp("command"), random.Random(5))
    yield running
    running.hub.end()


@pytest.fixture
def command(world, capsys):
    def run(*words, code=0):
        assert main(["bulk", *words, "--id", ID, "--data", str(world.data)]) == code
        return capsys.readouterr()

    return run


def in_stage(world, stage):
    return [task for task, row in world.rows().items() if row["stage"] == stage]


def test_it_is_shown_first_and_carried_out_with_yes(world, command):
    before, label = world.rows(), in_stage(world, "Label")
    words = ("requeue", "--to", "Review", "--from", "Label")
    shows = json.loads(command("show", *words, "--json").out)
    assert shows["touched"] == len(label) and shows["tasks"] == 60 and not shows["written"]
    assert shows["moves"] == [{"now": "Label", "then": ["Review"], "tasks": len(label)}]
    assert {one["task"] for one in shows["first"]} <= set(label)
    only = command("write", *words, code=1)
    assert "Label → Review" in only.out and "--yes carries it out" in only.err
    assert world.rows() == before
    done = json.loads(command("write", *words, "--yes", "--seen", shows["code"], "--json").out)
    assert done["written"] == {"wanted": len(label), "done": len(label), "trouble": ""}
    assert {world.rows()[task]["stage"] for task in label} == {"Review"}
    again = command("write", *words, "--yes", code=2)
    assert "No task would change: none fits the filter." in again.err


def test_a_code_that_is_no_longer_true_is_refused(world, command):
    words = ("priority", "--priority", "-5", "--from", "Review")
    code = json.loads(command("show", *words, "--json").out)["code"]
    world.submit(in_stage(world, "Review")[0], 1).raise_for_status()
    before = world.rows()
    stale = command("write", *words, "--yes", "--seen", code, code=2)
    assert "nothing was written" in stale.err and world.rows() == before
    assert "as wanted" in command("write", *words, "--yes").out
    assert {world.rows()[task]["priority"] for task in in_stage(world, "Review")} == {-5}


def test_without_a_filter_it_says_every_task_with_its_number(world, command):
    shown = command("show", "assign", "--person", PEOPLE[0]).out
    assert "No filter is set: this is every task of the project, 60 tasks." in shown
    rows = world.rows()
    name = next(t for t in in_stage(world, "Review") if rows[t]["assignee"] != PEOPLE[2])
    done = command("write", "assign", "--person", PEOPLE[2].upper(), "--task", name, "--yes")
    assert "1 of 1 tasks are as wanted" in done.out
    assert world.rows()[name]["assignee"] == PEOPLE[2]


BAD = {
    "stage": (("requeue", "--to", "x"), "the workflow has no stage x"),
    "missing": (("requeue",), "--to: is missing"),
    "other": (("priority", "--priority", "1", "--to", "Review"), "is not for `priority`"),
    "removal": (("assign", "--person", "a", "--remove-history"), "is not for `assign`"),
    "batch": (("priority", "--priority", "1", "--batch", "x"), "the project has no batch x"),
    "empty": (("priority", "--priority", "1", "--task", ""), "task id: is empty"),
    "range": (("priority", "--priority", "5000"), "5,000 is not from"),
    "person": (("assign", "--person", "eve@example.com"), "is nobody of this project"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_used_is_one_line(command, what):
    words, sentence = BAD[what]
    for verb in ("show", "write"):
        refused = command(verb, *words, code=2)
        assert sentence in refused.err and refused.err.count("\n") == 1 and not refused.out


def test_a_priority_that_is_no_whole_number_is_refused_by_the_parser(command, capsys):
    with pytest.raises(SystemExit) as ended:
        command("show", "priority", "--priority", "1.5")
    assert ended.value.code == 2 and "whole number" in capsys.readouterr().err


def test_without_a_hub_it_is_said_how_to_get_one(tmp_path, capsys):
    words = ["bulk", "show", "priority", "--priority", "1", "--id", ID, "--data", str(tmp_path)]
    assert main(words) == 2 and "no local hub runs" in capsys.readouterr().err
