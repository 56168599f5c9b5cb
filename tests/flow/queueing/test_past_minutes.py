"""Durations of past visits, as a table tells them, against a loop over its entries."""

import math

from conftest import DATA

from core.dataset.convert import convert
from core.dataset.layout import open_dataset
from core.dataset.stored import StoredTable
from core.flow.queueing.times import past_minutes
from core.model.reached import silent
from core.model.stages import Label


def by_hand(table, stages):
    """Minutes by stage id."""
    ids = {stage.id for stage in stages}
    minutes = {stage.id: [] for stage in stages}
    history = table.history
    for code, took in zip(history.stage.tolist(), history.duration.tolist(), strict=True):
        if code < 0 or math.isnan(took):
            continue
        stage_id, name = table.stages[code]
        for stage in stages:
            if stage_id == stage.id or (stage_id not in ids and name == stage.name):
                minutes[stage.id].append(took / 60_000)
    return {stage_id: sorted(some) for stage_id, some in minutes.items()}


def test_entries_belong_to_the_stage_of_their_id(sample_table, sample_project):
    times = past_minutes(sample_table, sample_project.stages)
    assert {one: some.tolist() for one, some in times.items()} == by_hand(
        sample_table, sample_project.stages
    )
    assert sum(len(some) > 30 for some in times.values()) >= 2


def test_a_stage_that_has_no_entries_by_id_has_those_of_its_name(sample_table, sample_project):
    renamed = [Label(id=f"other {one.id}", name=one.name) for one in sample_project.stages]
    times = past_minutes(sample_table, renamed)
    own = past_minutes(sample_table, sample_project.stages)
    assert [len(some) for some in times.values()] == [len(some) for some in own.values()]


def test_a_table_on_disk_tells_the_same(sample_table, sample_project, tmp_path):
    convert(DATA / "export.zip", tmp_path / "parts", "p", silent, tasks_at_once=150)
    stored = StoredTable(open_dataset(tmp_path / "parts", "p"), "f")
    there = past_minutes(stored, sample_project.stages)
    here = past_minutes(sample_table, sample_project.stages)
    assert {one: some.tolist() for one, some in there.items()} == {
        one: some.tolist() for one, some in here.items()
    }
