"""`flow`: the document, the text for people, and what it refuses."""

import json

import pytest
from conftest import DATA
from flow_helpers import end, label, review, start

from core.cli.main import main
from core.flow.document import flow_document
from core.flow.flow import flow_of

ASKED = ["flow", "--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json")]


def printed(capsys, *words):
    assert main([*ASKED, *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_document_has_what_is_promised_and_is_what_the_page_offers(sample, capsys):
    document = printed(capsys)
    assert document == json.loads(json.dumps(flow_document(flow_of(sample))))
    assert [one["id"] for one in document["stages"]] == [one.id for one in sample.project.stages]
    shares = [document[name] for name in ("completed", "archived", "trapped")]
    assert sum(shares) == pytest.approx(1)
    for one in document["stages"]:
        assert {"id", "name", "type", "visits", "tasks", "exits"} <= set(one)
        assert all({"output", "to", "expected"} <= set(exit_) for exit_ in one["exits"])
        if one["exits"]:
            assert sum(e["expected"] for e in one["exits"]) == pytest.approx(one["visits"])


def test_rates_of_a_file_hold(tmp_path, capsys):
    rates = tmp_path / "rates.json"
    rates.write_text(json.dumps({"Review": {"accepted": 0.5}, "Expert review": {"accepted": 0}}))
    document = printed(capsys, "--rates", str(rates))
    by_stage = {one["stage"]: one for one in document["rates"]}
    assert (by_stage["Review"]["value"], by_stage["Review"]["from"]) == (0.5, "typed")
    # what Rule 1 sends to a review that accepts nothing comes back to it for ever
    assert document["trapped"] > 0.3 and "flow.endless" in [p["code"] for p in document["problems"]]


def test_people_get_a_table(capsys):
    assert main(ASKED) == 0
    text = capsys.readouterr().out
    assert "400 tasks through Street scenes" in text and "rejected → Label" in text
    assert "touches per task" in text and "Review: 82.71 %, history" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (ASKED[:3], "--project: is missing."),
        ([*ASKED, "--rates", "@bad"], "rates.json, line 1"),
        ([*ASKED, "--rates", "@none"], "none.json: no such file"),
        ([*ASKED[:4], "@bare"], "no stages"),
    ],
)
def test_what_cannot_be_used_is_one_line(words, says, tmp_path, capsys):
    files = {"@bad": "rates.json", "@none": "none.json", "@bare": "bare.json"}
    (tmp_path / "rates.json").write_text("{")
    (tmp_path / "bare.json").write_text('{"_id": "p", "stages": []}')
    told = [str(tmp_path / files[word]) if word in files else word for word in words]
    assert main(told) == 2
    said = capsys.readouterr()
    assert says in said.err and len(said.err.splitlines()) == 1 and not said.out


def test_a_workflow_of_no_tasks_has_shares_of_nought(tmp_path, capsys):
    (tmp_path / "tasks.json").write_text("[]")
    stages = [start("W"), label("W", "R"), review("R", "Complete", "W"), end()]
    (tmp_path / "p.json").write_text(json.dumps({"_id": "p", "name": "P", "stages": stages}))
    words = ["flow", "--tasks", str(tmp_path / "tasks.json"), "--project", str(tmp_path / "p.json")]
    assert main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [document[name] for name in ("tasks", "completed", "archived", "trapped")] == [0] * 4
