"""What publishing touches: the numbers of a table sum to the sentence above it."""

from dataclasses import replace

import numpy as np
import pytest

from core import demo
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.publish.publish import with_stage
from core.publish.stranded import tasks_by_stage
from core.publish.touched import anew_words, can_reach, touched
from core.routing import edit
from core.rule_types.random_sample import RandomSample
from core.tasks import bits
from core.workspace import Workspace


@pytest.fixture(scope="module")
def work():
    """The demo, in which tasks wait before its Logic stage."""
    project = read_project(loads(demo.PROJECT.read_text(encoding="utf-8")))
    return Workspace(read_path(demo.EXPORT), project, Dialect())


@pytest.fixture
def draft(work):
    stage = work.project.logic_stages[0]
    random = next(rule for rule in stage.rules if rule.type == "RandomSample")
    return stage, edit.set_condition(stage, random.id, RandomSample(0.5))


def of(work, stage, draft):
    stages = work.project.stages
    return touched(work, stages, with_stage(stages, draft), stage, draft)


def test_the_tasks_that_meet_the_rules_are_those_of_the_stages_that_lead_there(work, draft):
    result = of(work, *draft)
    stages = {one.id: one for one in work.project.stages}

    def leads(stage, seen):
        return stage == draft[0].id or any(
            leads(after, seen | {stage})
            for after in stages[stage].next
            if after in stages and after not in seen
        )

    tasks = tasks_by_stage(work.table, work.project.stages)
    wanted = sum(many for stage, many in tasks.items() if stage in stages and leads(stage, set()))
    assert 0 < result.waiting == wanted < result.total == len(work.table)
    assert result.sentence.startswith(f"{wanted:,} of {len(work.table):,} tasks will meet")


def test_both_tables_sum_to_what_is_said_of_them(work, draft):
    result = of(work, *draft)
    for changes, total in ((result.changes, result.waiting), (result.what_if, result.looked_at)):
        assert sum(change.after for change in changes) == pytest.approx(total)
        assert sum(change.before for change in changes) == pytest.approx(total)
        assert max(abs(change.difference) for change in changes) <= total
    assert result.looked_at == bits.count(work.everything)
    assert "what-if" in result.what_if_sentence


def test_where_no_task_waits_nothing_changes_for_any(sample):
    stage = sample.project.logic_stages[0]
    random = next(rule for rule in stage.rules if rule.type == "RandomSample")
    result = of(sample, stage, edit.set_condition(stage, random.id, RandomSample(0.5)))
    assert result.waiting == 0 and not any(change.changed for change in result.changes)
    assert result.sentence.startswith("None of the 400 tasks can still reach")
    assert any(change.changed for change in result.what_if)


def test_a_split_is_told_of_all_tasks_anew_and_of_those_that_can_still_reach_it(
    work, draft, sample
):
    stage, edited = draft
    waiting = of(work, stage, edited).waiting
    assert can_reach(work, edited, work.everything) == waiting > 0
    words = f"if all {len(work.table):,} tasks went through “{stage.name}” anew"
    assert anew_words(work, edited) == f"{words}; {waiting} of them can still reach it"
    few = bits.of_rows(np.arange(7), len(work.table))
    assert anew_words(work, stage, few).startswith("if these 7 tasks went through")
    assert anew_words(replace(work, project=None), stage) == words, "no way is known"
    none = anew_words(sample, sample.project.logic_stages[0])
    assert none.endswith("; none of them can still reach it")
