"""Totals per target stage before and after, and what a rule's percentage is of."""

import json
from dataclasses import replace

import pytest
from conftest import DATA

from core.cli.main import main
from core.routing.versions.stages import StageChange, stage_changes, unchanged_words

FILES = ["--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json")]


@pytest.fixture
def rules(sample_project):
    return sample_project.logic_stages[0]


def test_totals_are_those_of_a_comparison(sample, rules):
    edited = replace(rules, rules=rules.rules[1:])
    changes = stage_changes(sample.split(rules), sample.split(edited))
    result = sample.compare(rules, edited)
    by_stage = dict(zip(result.targets, result.arrivals, strict=True))
    assert {change.stage for change in changes} == set(by_stage)
    for change in changes:
        arrival = by_stage[change.stage]
        assert change.before == pytest.approx(arrival.expected_before)
        assert change.after == pytest.approx(arrival.expected_after)
        assert change.difference == pytest.approx(arrival.expected)
    assert sum(change.after for change in changes) == pytest.approx(len(sample.table))
    assert any(change.changed for change in changes)


def test_a_total_says_its_difference_with_a_sign():
    assert StageChange("a", 697.5, 852.4, 0.2).words == "698 → 852 (+154)"
    assert StageChange("a", 1204, 0, 0.0).words == "1,204 → 0 (−1,204)"
    same = StageChange("a", 205.0, 205.0 + 1e-9, 0.1)
    assert not same.changed and same.words == "205"
    assert unchanged_words([same, StageChange("b", 1, 2, 0)]) == "1 unchanged"
    assert unchanged_words([StageChange("b", 1, 2, 0)]) == ""


def test_a_percentage_names_its_base(sample, rules):
    result = sample.split(rules)
    above = 0.0
    for output, base, label in zip(result.outputs, result.bases, result.labels, strict=True):
        assert output.reaching == pytest.approx(result.tasks - above)
        if output.chance is None:
            assert base == ""
        else:
            assert output.count.expected == pytest.approx(output.chance * output.reaching)
            assert base.endswith(f" that get here = {label} of all")
            assert f" of the {output.reaching:,.0f} that" in base
        above += output.count.expected
    assert any(result.bases)


def test_the_command_says_the_base_too(capsys, sample, rules):
    assert main(["split", *FILES, "--logic", str(DATA / "project.json")]) == 0
    lines = capsys.readouterr().out.splitlines()[2:]
    for base, line in zip(sample.split(rules).bases, lines, strict=False):
        assert ("that get here" in line) == bool(base) and line.endswith(base)
    main(["split", *FILES, "--logic", str(DATA / "project.json"), "--json"])
    for output in json.loads(capsys.readouterr().out)["outputs"]:
        assert ("chance" in output) == (output["type"] == "RandomSample")
        assert output["reaching"] >= output["expected"] - 1e-6
