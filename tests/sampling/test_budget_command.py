"""`budget`: the document, the text for people, and what it refuses."""

import json

import numpy as np
import pytest
from conftest import DATA
from review_worlds import export_of, project, task

from core.ango_json.stages import read_stages
from core.cli.main import main
from core.flow.queueing.times import past_minutes

TASKS = ["--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json")]


@pytest.fixture
def asked(tmp_path):
    many = {"a@x": 30, "b@x": 5}
    tasks = [
        task(who, *["Rejected" if n < wrong else "Accepted"] * (n < 100))
        for who, wrong in many.items()
        for n in range(200)
    ]
    (tmp_path / "tasks.json").write_text(json.dumps(export_of(tasks)))
    (tmp_path / "p.json").write_text(json.dumps(project()))
    return ["--tasks", str(tmp_path / "tasks.json"), "--project", str(tmp_path / "p.json")]


def test_the_document_has_what_is_promised(asked, capsys):
    words = ["budget", *asked, "--reviews", "100", "--by", "annotator", "--json"]
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"shares", "caught", "even", "stages"} <= set(document)
    shares = {one["name"]: one["percent"] for one in document["shares"]}
    assert shares == {"a@x": pytest.approx(45), "b@x": pytest.approx(5)}
    rates = {one["name"]: one["rate"] for one in document["shares"]}
    caught = 2 * sum(shares[name] * rates[name] for name in shares)
    assert document["caught"] == pytest.approx(caught)
    assert document["even"] == pytest.approx(2 * 25 * sum(rates.values()))
    assert document["caught_interval"]["low"] < caught < document["caught_interval"]["high"]
    assert document["more"]["low"] < caught - document["even"] < document["more"]["high"]
    assert [one.kind for one in read_stages(document["stages"])] == ["Logic"]


def test_the_stages_can_be_split(asked, tmp_path, capsys):
    assert main(["budget", *asked, "--reviews", "100", "--by", "annotator", "--json"]) == 0
    stages = json.loads(capsys.readouterr().out)["stages"]
    (tmp_path / "stage.json").write_text(json.dumps(stages[0]))
    logic = ["--logic", str(tmp_path / "stage.json")]
    assert main(["split", *asked, *logic, "--json"]) == 0
    outputs = json.loads(capsys.readouterr().out)["outputs"]
    reviewed = sum(one["expected"] for one in outputs if one["next"] == "R")
    assert reviewed == pytest.approx(100)


def test_whole_percents_say_what_they_cost(asked, capsys):
    words = ["budget", *asked, "--reviews", "77", "--by", "annotator", "--whole"]
    assert main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["rounding"]["reviews"] == pytest.approx(document["reviews"] - 77)
    assert main(words) == 0
    assert "Whole percents change the reviews by" in capsys.readouterr().out


def test_hours_are_reviews_at_the_pace_of_the_histories(capsys, sample, asked):
    assert main(["budget", *TASKS, "--hours", "2", "--by", "annotator", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    reviews = [one for one in sample.project.stages if one.kind == "Review"]
    minutes = np.concatenate(list(past_minutes(sample.table, reviews).values()))
    assert document["reviews"] == pytest.approx(int(120 / minutes.mean()))
    assert main(["budget", *asked, "--hours", "2", "--by", "annotator"]) == 2
    assert "no history tells how long a review takes" in capsys.readouterr().err


@pytest.mark.parametrize("by", ["annotator", "batch", "class"])
def test_people_get_a_table_and_rules(by, capsys):
    assert main(["budget", *TASKS, "--reviews", "40", "--by", by]) == 0
    text = capsys.readouterr().out
    assert "wrong tasks are caught, an even share of 10 % catches" in text
    assert "Review budget:" in text and "everything else → " in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--reviews", "5", "--by", "annotator"], "--project: is missing"),
        ([*TASKS[2:], "--reviews", "5", "--by", "week"], "--by: week is no breakdown"),
        ([*TASKS[2:], "--reviews", "5", "--by", "batch", "--floor", "50"], "are more than 5"),
        ([*TASKS[2:], "--reviews", "-1", "--by", "batch"], "not a whole number"),
        ([*TASKS[2:], "--reviews", "5", "--by", "batch", "--review", "X"], "is no Review stage"),
    ],
)
def test_what_cannot_be_used_is_one_line(words, says, capsys):
    try:
        code = main(["budget", *TASKS[:2], *words])
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()
    assert code == 2 and says in told.err and len(told.err.splitlines()) == 1 and not told.out


def test_nothing_reviewed_yet_are_words(tmp_path, capsys):
    (tmp_path / "tasks.json").write_text(json.dumps(export_of([task("a")])))
    (tmp_path / "p.json").write_text(json.dumps(project()))
    words = ["--tasks", str(tmp_path / "tasks.json"), "--project", str(tmp_path / "p.json")]
    assert main(["budget", *words, "--reviews", "1", "--by", "annotator"]) == 2
    assert "no review has said anything" in capsys.readouterr().err
