"""Outputs by group: against `split`, scipy and draws; the share for a quota; the command."""

import json

import numpy as np
import pytest
from conftest import DATA
from flow_helpers import CONDITIONS, TASKS, of
from hypothesis import given
from hypothesis import strategies as st
from review_worlds import steered_stages
from scipy.stats import binom, poisson_binom
from small_world import chance

from core.ango_json.inputs import read_logic_input
from core.cli.main import main
from core.errors import InputError
from core.sampling.coverage import (
    chance_of_fewer,
    coverage,
    quotas,
    share_for_at_least,
    stages_behind,
)
from core.sampling.groups import REST
from core.sampling.looks import members_by
from core.tasks import bits


@pytest.mark.parametrize("by", ["annotator", "batch", "class", "week"])
def test_every_output_of_every_group_is_as_split_has_it(sample, by):
    stage, _ = read_logic_input((DATA / "project.json").read_text(), "project.json")
    rows = {(row.group, row.place): row for row in coverage(sample, stage, by, 3)}
    for name, members in members_by(sample, by).items():
        for output in sample.split(stage, within=members).outputs:
            row = rows.get((name, output.position))
            if row is None:
                assert output.count.expected == 0
                continue
            count = output.count
            assert (row.low, row.high) == (count.low, count.high)
            assert row.expected == pytest.approx(count.expected)
            assert 0 <= row.fewer <= 1 and (row.fewer < 0.03 if row.low >= 3 else row.fewer > 0.02)


@pytest.mark.parametrize("by", ["annotator", "batch", "class", "week"])
def test_every_stage_of_every_group_is_as_split_has_it(sample, by):
    stage, _ = read_logic_input((DATA / "project.json").read_text(), "project.json")
    assert max(map(len, stages_behind(stage).values())) > 1  # outputs that count as one
    rows = coverage(sample, stage, by, 3, by_stage=True)
    for name, members in members_by(sample, by).items():
        mine = [row for row in rows if row.group == name]
        if not bits.count(members):
            assert not mine
            continue
        stages = sample.split(stage, within=members).stages
        assert [row.place for row in mine] == list(range(len(stages)))
        assert list(stages_behind(stage)) == [id for id, _ in stages]
        assert [(row.low, row.high) for row in mine] == [(one.low, one.high) for _, one in stages]
        expected = [row.expected for row in mine]
        assert expected == pytest.approx([one.expected for _, one in stages])
        assert sum(expected) == pytest.approx(bits.count(members))


def test_outputs_of_one_stage_are_no_sum_of_independent_numbers(sample):
    """A task that the first takes is not left to the second."""
    rules = [{"type": "RandomSample", "value": 0.5}, {"type": "RandomSample", "value": 0.6}]
    stages = json.dumps(steered_stages(rules, ["R", "R", "Complete"]))
    stage, _ = read_logic_input(stages, "stages")
    tasks = max(map(bits.count, members_by(sample, "week").values()))
    least = round(0.8 * tasks)
    row = max(coverage(sample, stage, "week", least, by_stage=True), key=lambda one: one.expected)
    assert row.expected == pytest.approx(0.8 * tasks)
    told = binom.cdf(least - 1, tasks, 0.8)
    assert row.fewer == pytest.approx(told, abs=1e-12) and 0.2 < told < 0.8


@given(
    st.lists(st.sampled_from([*CONDITIONS, chance(0), chance(100)]), min_size=1, max_size=5),
    st.data(),
)
def test_any_rules_cover_a_group_as_they_split_it(conditions, data):
    """100 % at random takes all, above others and below them."""
    ends = st.sampled_from(["Complete", "R"])
    targets = [data.draw(ends) for _ in range(len(conditions) + 1)]
    here = of(TASKS, *steered_stages(conditions, targets))
    (stage,) = here.project.logic_stages
    for by_stage in (False, True):
        rows = coverage(here, stage, "batch", 3, by_stage)
        for name, members in members_by(here, "batch").items():
            told = here.split(stage, within=members)
            columns = told.stages if by_stage else enumerate(one.count for one in told.outputs)
            counts = [count for _, count in columns]
            mine = [row for row in rows if row.group == name]
            assert [(row.low, row.high) for row in mine] == [(one.low, one.high) for one in counts]
            assert [row.expected for row in mine] == pytest.approx([one.expected for one in counts])
            sure = [row.fewer for row, one in zip(mine, counts, strict=True) if one.exact]
            assert set(sure) <= {0.0, 1.0}


def test_each_task_is_in_one_week(sample):
    weeks = members_by(sample, "week")
    assert list(weeks) == ["no date", "2026-08-31"]
    assert sum(bits.count(one) for one in weeks.values()) == len(sample.table)


@pytest.mark.parametrize("groups", [[(50, 0.1)], [(20, 0.3), (10, 0.5)], [(0, 0.4)], [(5, 1.0)]])
@pytest.mark.parametrize("least", [0, 1, 4, 9, 40])
def test_the_chance_of_fewer(groups, least):
    chances = [chance for many, chance in groups for _ in range(many)]
    told = poisson_binom.cdf(least - 1, chances) if chances else float(least > 0)
    assert chance_of_fewer(groups, least) == pytest.approx(told, abs=1e-12)


@pytest.mark.parametrize(("tasks", "least"), [(300, 100), (120, 100), (100, 100), (5000, 1)])
def test_the_share_for_a_quota_is_the_smallest(tasks, least):
    needed = share_for_at_least(tasks, least)
    assert binom.sf(least - 1, tasks, needed.share / 100) >= 0.95 - 1e-9
    assert binom.sf(least - 1, tasks, needed.share / 100 * (1 - 1e-6)) < 0.95
    assert binom.sf(least - 1, tasks, needed.whole / 100) >= 0.95 - 1e-9
    assert needed.fixed == least


def test_a_quota_of_nothing_and_one_that_cannot_be():
    assert share_for_at_least(5, 0).share == 0 and not share_for_at_least(5, 6).possible
    assert share_for_at_least(5, 5, 1.0).whole == 100
    with pytest.raises(InputError, match="0 to 1"):
        share_for_at_least(5, 5, 1.1)


def test_each_group_has_a_quota_of_its_own(sample):
    told = {one.group: one for one in quotas(sample, "batch", 20, 0.9)}
    sizes = {name: bits.count(m) for name, m in members_by(sample, "batch").items()}
    assert sizes.pop(REST["batch"])  # no rule can ask for them
    assert {name: one.tasks for name, one in told.items()} == {n: m for n, m in sizes.items() if m}
    for one in told.values():
        assert one.needed == share_for_at_least(one.tasks, 20, 0.9)


def test_draws_do_it(sample):
    stage, _ = read_logic_input((DATA / "project.json").read_text(), "project.json")
    row = max(coverage(sample, stage, "batch", 8), key=lambda one: one.fewer * (1 - one.fewer))
    members = members_by(sample, "batch")[row.group]
    seeds = 400
    counts = np.array([
        sample.split(stage, seed, members).outputs[row.place].count.drawn for seed in range(seeds)
    ])  # fmt: skip
    error = np.sqrt(row.fewer * (1 - row.fewer) / seeds)
    assert abs((counts < 8).mean() - row.fewer) < 4 * error + 1e-9


def test_the_command(capsys):
    words = ["coverage", "--tasks", str(DATA / "export.zip"), "--logic", str(DATA / "project.json")]
    assert main([*words, "--by", "annotator", "--least", "5", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["least"] == 5
    assert {"name", "tasks", "share", "whole"} <= set(document["quotas"][0])
    assert {"name", "tasks", "output", "expected", "low", "high", "fewer"} <= set(
        document["rows"][0]
    )
    assert main([*words, "--by", "annotator", "--by-stage", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)["rows"][0]
    assert row["stage"] == "Expert review" and not {"output", "rule"} & set(row)
    assert main([*words, "--by", "batch", "--by-stage"]) == 0
    assert ": Expert review" in capsys.readouterr().out
    assert main([*words, "--by", "batch"]) == 0
    assert "fewer than 1" in capsys.readouterr().out
    assert main([*words, "--by", "stage"]) == 2
    assert "no breakdown" in capsys.readouterr().err
