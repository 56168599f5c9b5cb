"""A rule has one number wherever it is named: its place in the list, switched-off rules counted."""

import re

import pytest
from conftest import DATA

from core.cli.main import main
from core.model.dialect import Dialect
from core.model.names import names_of
from core.model.rules import Rule
from core.model.stages import Logic
from core.publish.diff import diff
from core.routing import edit
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.scenario.file import write_scenario
from core.scenario.scenario import Scenario

OFF, NOBODY, SHARE = 2, 3, 4
"""Numbers of the rule that is switched off and of the two below it."""


@pytest.fixture
def stage():
    rules = (
        Rule("a", RandomSample(0.1), "Review"),
        Rule("off", RandomSample(0.2), "Review", enabled=False),
        Rule("nobody", Duration(5, 3), "Review"),
        Rule("share", RandomSample(0.3), None),
    )
    return Logic(id="L", name="Logic", rules=rules, otherwise="Complete")


@pytest.fixture
def printed(stage, tmp_path, capsys):
    scenario = tmp_path / "scenario.json"
    scenario.write_text(write_scenario(Scenario(name="s", rules=stage)), encoding="utf-8")

    def run(command, *more):
        main([command, "--tasks", str(DATA / "six.json"), "--logic", str(scenario), *more])
        return capsys.readouterr().out

    return run


def test_plan_sets_the_rules_of_the_list(printed):
    text = printed("plan", "--shares", "20,30,50")
    assert re.findall(r"^rule (\d+):", text, re.M) == ["1", str(SHARE)]
    assert f"rule {SHARE} to" in text


def test_split_and_check_name_the_same_rule(printed):
    split = printed("split")
    assert re.findall(r"^ {0,3}(\d+|Else)  ", split, re.M) == ["1", str(NOBODY), str(SHARE), "Else"]
    assert f"error: rule {NOBODY}: " in printed("check")
    assert f"error: rule {NOBODY}: " in split
    assert f"rule {SHARE}: Rule {SHARE} is not wired" in split


def told(before, after):
    return [str(change) for change in diff([before], [after], names_of(None), Dialect())]


def test_what_would_be_published_names_the_rules_of_the_draft(stage):
    assert told(stage, stage) == [
        f"Logic: rule {OFF} (20 % at random) is switched off and is not written."
    ]
    changed = edit.set_condition(stage, "share", RandomSample(0.5))
    assert f"Logic: rule {SHARE} asks: 50 % at random; it asked: 30 % at random." in told(
        stage, changed
    )
    added, _ = edit.add(stage, RandomSample(0.9), "Review")
    assert any(f"rule {SHARE + 1} (90 % at random) is new" in line for line in told(stage, added))
    gone = edit.remove(stage, "share")
    assert any(f"rule {SHARE} (30 % at random) is removed" in line for line in told(stage, gone))
    moved = edit.move(stage, "share", 0)
    assert any("it was rule" in line for line in told(stage, moved))
