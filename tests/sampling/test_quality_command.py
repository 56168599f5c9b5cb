"""`quality`: the document, the text for people, and what it refuses."""

import json

import pytest
from conftest import DATA
from review_worlds import export_of, project, task

from core.cli.main import main
from core.sampling.document import rates_document
from core.sampling.error_rates import error_rates
from core.sampling.looks import BY

ASKED = ["quality", "--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json")]


@pytest.mark.parametrize("by", BY)
def test_the_document_has_what_is_promised(sample, capsys, by):
    assert main([*ASKED, "--by", by, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document == json.loads(json.dumps(rates_document(error_rates(sample, by))))
    keys = {"name", "reviewed", "wrong", "rate", "low", "high", "shrunk"}
    for group in document["groups"]:
        assert keys <= set(group)
        assert group["rate"] == group["wrong"] / group["reviewed"]
        assert group["low"] <= group["rate"] <= group["high"]
        assert min(0, group["low"]) <= group["shrunk"] <= 1
    assert document["reviewed"] == 133 and document["wrong"] == 23


def test_people_get_a_table(capsys):
    assert main([*ASKED, "--by", "annotator"]) == 0
    text = capsys.readouterr().out
    assert "ada@example.com" in text and "23 of 133 looks were wrong, 17.3 %." in text


def test_pseudonyms_are_kept(capsys):
    assert main([*ASKED, "--by", "annotator", "--json", "--pseudonyms"]) == 0
    assert "ada@example.com" not in capsys.readouterr().out


def test_no_reviews_at_all_are_words(tmp_path, capsys):
    (tmp_path / "tasks.json").write_text(json.dumps(export_of([task("a")])))
    (tmp_path / "p.json").write_text(json.dumps(project()))
    words = ["--tasks", str(tmp_path / "tasks.json"), "--project", str(tmp_path / "p.json")]
    assert main(["quality", *words, "--by", "annotator", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["groups"] == [] and document["unreviewed"] == [{"name": "a", "tasks": 1}]
    assert main(["quality", *words, "--by", "week"]) == 0
    assert "No review has said anything" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([*ASKED[:3], "--by", "annotator"], "--project: is missing"),
        ([*ASKED, "--by", "color"], "--by: color is no breakdown"),
        ([*ASKED[:4], "nowhere.json", "--by", "week"], "no such file"),
    ],
)
def test_what_cannot_be_used_is_one_line(words, says, capsys):
    assert main(words) == 2
    told = capsys.readouterr()
    assert says in told.err and len(told.err.splitlines()) == 1 and not told.out
