"""What people look at: selections, filters, summaries, rows and charts, against plain loops."""

import json
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import naive
import numpy as np
import pandas as pd
import pytest
from conftest import DATA

from core.charts.overview import duration_bars, duration_table, tally_bars, tally_table
from core.charts.palette import COLORS, ELSE_GREY, LIGHT, output_colors
from core.charts.split import split_bars, split_sankey, split_table, stage_table
from core.model.names import Names
from core.tasks import bits, rows, summary
from core.tasks.rows import Filter
from core.tasks.select import Selection, batch_choices, days, known, select, stage_choices


@pytest.fixture(scope="module")
def items():
    with zipfile.ZipFile(DATA / "export.zip") as opened:
        return json.loads(opened.read(opened.namelist()[0]))


@pytest.fixture(scope="module")
def project():
    return json.loads((DATA / "project.json").read_text())


@pytest.fixture(scope="module")
def plain(items, project):
    """Facts per task, in the order of the table, with the raw task beside them."""
    found, _ = naive.tasks_of(items)
    return [(naive.facts(task, project), task) for task in found]


def ids(workspace, chosen):
    rows = bits.rows_of(chosen, len(workspace.table))
    return set(workspace.table.ids.take(rows).to_pylist())


def everything(workspace):
    return select(workspace.table, Selection())


def last_day(task):
    times = [
        entry["completedAt"]
        for entry in naive.history_of(task["task"])
        if isinstance(entry.get("completedAt"), str)
    ]
    texts = times or [t for t in [task["task"].get("updatedAt")] if isinstance(t, str)]
    return max((datetime.fromisoformat(t.replace("Z", "+00:00")) for t in texts), default=None)


def test_an_empty_selection_is_every_task(sample, plain):
    assert ids(sample, everything(sample)) == {facts["id"] for facts, _ in plain}


def test_a_selection_by_stage_or_batch_holds_the_tasks_that_are_there(sample, plain, project):
    for name, stages in stage_choices(sample.table, sample.names).items():
        chosen = select(sample.table, Selection(stages=tuple(stages)))
        wanted = {f["id"] for f, t in plain if stage_now(t, project) == name}
        assert ids(sample, chosen) == wanted != set()
    for name, raw in batch_choices(sample.table, sample.names).items():
        chosen = select(sample.table, Selection(batches=tuple(raw)))
        known = {b["name"]: b["_id"] for b in naive.inner(project)["batches"]}
        wanted = {f["id"] for f, _ in plain if {known.get(name, name), name} & f["batches"]}
        assert ids(sample, chosen) == wanted != set()


def test_a_selection_is_of_the_same_stages_and_batches_in_every_reading_of_the_tasks(sample):
    table = sample.table
    name, stages = max(stage_choices(table, sample.names).items())
    chosen = Selection(stages=tuple(stages), batches=("gone", *table.batch_names[:1]))
    order = np.arange(len(table.stages))[::-1]
    codes = np.where(table.stage < 0, table.stage, order[table.stage]).astype(table.stage.dtype)
    again = replace(table, stage=codes, stages=table.stages[::-1])
    assert bits.count(select(table, chosen)) > 0, name
    assert np.array_equal(select(again, chosen), select(table, chosen))
    assert known(again, chosen) == replace(chosen, batches=table.batch_names[:1])
    assert known(table, Selection(stages=("gone",))) == Selection()


def test_a_stage_that_was_renamed_is_one_choice(sample):
    codes = np.arange(len(sample.table), dtype=sample.table.stage.dtype) % 3
    stages = (("s", "Check"), ("s", "Review"), ("t", "Check"))
    table = replace(sample.table, stage=codes, stages=stages)
    assert stage_choices(table, Names()) == {"Check": {"s", "t"}}


def stage_now(task, project):
    raw = task["task"]
    return naive.stage_of({"stageId": raw.get("stageId"), "stage": raw.get("stage")}, project)[
        "name"
    ]


def test_a_selection_by_days_holds_both_ends(sample):
    first, last = days(sample.table)
    known = sample.table.at[sample.table.at != np.iinfo(np.int64).min]
    when = [datetime.fromtimestamp(t / 1_000, UTC).date() for t in known.tolist()]
    assert (first, last) == (min(when), max(when))
    middle = sorted(when)[len(when) // 2]
    chosen = select(sample.table, Selection(first=middle, last=middle))
    assert bits.count(chosen) == sum(day == middle for day in when)
    until = select(sample.table, Selection(last=middle))
    assert bits.count(until) == sum(day <= middle for day in when)
    assert bits.count(select(sample.table, Selection(first=date(2100, 1, 1)))) == 0


def test_filters_find_the_tasks_a_loop_finds(sample, plain):
    everyone, facts = everything(sample), sample.facts
    for schema_id in facts.classes:
        found = rows.find(sample.table, facts, Filter(has=(schema_id,)), everyone)
        assert ids(sample, found) == {f["id"] for f, _ in plain if schema_id in f["schema_ids"]}
    for person in sample.table.people:
        found = rows.find(sample.table, facts, Filter(people=(person,)), everyone)
        assert ids(sample, found) == {
            f["id"] for f, _ in plain if naive.person(person) in f["annotators"]
        }
    found = rows.find(sample.table, facts, Filter(low_ms=60_000), everyone)
    assert ids(sample, found) == {
        f["id"] for f, _ in plain if f["duration"] is not None and f["duration"] >= 60_000
    }
    part = plain[17][0]["id"][-4:]
    found = rows.find(sample.table, facts, Filter(text=f" {part.upper()} "), everyone)
    assert plain[17][0]["id"] in ids(sample, found)


def test_rows_say_what_the_tasks_have(sample, plain):
    shown = rows.rows(sample.table, sample.facts, sample.names, everything(sample), 10, 25)
    assert list(shown.index) == [f["id"] for f, _ in plain[10:35]]
    for facts, task in plain[10:35]:
        row = shown.loc[facts["id"]]
        last = row["Last activity"]
        assert (None if pd.isna(last) else last.to_pydatetime()) == last_day(task)
        classes = {sample.names.of_class(s) for s in facts["schema_ids"]}
        assert set(filter(None, row["Classes"].split(", "))) == classes
        people = {p.lower() for p in row["Annotators"].split(", ") if p}
        assert people == facts["annotators"]
        if facts["duration"] is None:
            assert np.isnan(row["Seconds"])
        else:
            assert row["Seconds"] == np.round(facts["duration"] / 1_000)


def test_summaries_count_what_a_loop_counts(sample, plain, project):
    table, facts, names = sample.table, sample.facts, sample.names
    everyone = everything(sample)
    stages = Counter(stage_now(task, project) for _, task in plain)
    assert dict(summary.per_stage(table, names, everyone)) == stages
    classes = Counter(names.of_class(s) for f, _ in plain for s in f["schema_ids"])
    assert dict(summary.per_class(facts, names, everyone)) == classes
    batches = Counter(names.of_batch(b) for f, _ in plain for b in f["batches"])
    nowhere = sum(not f["batches"] for f, _ in plain)
    found = dict(summary.per_batch(facts, names, everyone))
    assert found.pop(summary.NO_BATCH, 0) == nowhere and found == batches
    people = Counter(p for f, _ in plain for p in f["annotators"])
    found = dict(summary.per_annotator(table, facts, Names(), everyone))
    assert found.pop(summary.NOBODY, 0) == sum(not f["annotators"] for f, _ in plain)
    assert {person.lower(): count for person, count in found.items()} == people


def test_durations_count_every_task_once(sample, plain):
    known = [f["duration"] for f, _ in plain if f["duration"] is not None]
    found = summary.durations(sample.facts, everything(sample))
    assert (found.known, found.unknown) == (len(known), len(plain) - len(known))
    assert found.median_ms == pytest.approx(float(np.median(known)))
    assert found.counts.sum() == len(known)
    low, high = found.edges_ms[0], found.edges_ms[1]
    assert found.counts[0] == sum(low <= value < high for value in known)
    assert list(duration_table(found)["Tasks"]) == found.counts.tolist()
    assert list(duration_bars(found, LIGHT).data[0].y) == found.counts.tolist()


def test_a_tally_is_drawn_and_listed_with_the_same_numbers():
    tally = (("Vehicle", 30), (summary.NO_BATCH, 10))
    bars = tally_bars(tally, LIGHT).data[0]
    assert list(bars.x) == [30, 10]
    assert bars.marker.color[1] == ELSE_GREY
    assert list(tally_table(tally, "Batch", 40)["Share"]) == [0.75, 0.25]
    assert list(tally_table(tally, "Batch", 0)["Share"]) == [0.0, 0.0]


def test_a_split_is_drawn_and_listed_with_the_same_numbers(sample):
    stage = sample.project.logic_stages[0]
    result = sample.split(stage)
    colors = output_colors([r.id for r in stage.rules], [r.id for r in stage.rules])
    led = split_bars(result, sample.names, colors, LIGHT, targets=True).layout.yaxis.ticktext
    names = [sample.names.of_stage(one.target) for one in result.outputs]
    assert all(text.endswith(f" → {name}") for text, name in zip(led, names, strict=True))
    bars = split_bars(result, sample.names, colors, LIGHT)
    assert list(bars.data[0].x) == [o.count.expected for o in result.outputs]
    low = np.array(bars.data[1].x) - np.array(bars.data[1].error_x.arrayminus)
    chancy = [o.count for o in result.outputs if o.count.low < o.count.high]
    assert low == pytest.approx([count.low for count in chancy])
    table = split_table(result, sample.names)
    assert list(table["Low"]) == [o.count.low for o in result.outputs]
    assert list(table["Drawn"]) == [o.count.drawn for o in result.outputs]
    assert table["Output"].iloc[-1] == "Else"
    flow = split_sankey(result, sample.names, colors, LIGHT).data[0].link
    assert sum(flow.value) == pytest.approx(len(sample.table))
    assert stage_table(result, sample.names)["Expected"].sum() == pytest.approx(
        len(sample.table), abs=0.5
    )


def test_rules_keep_their_colours_when_they_move():
    before = output_colors(["a", "b"], ["a", "b"])
    after = output_colors(["a", "b"], ["b", "new", "a"])
    assert {rule: after[rule] for rule in before} == before
    assert after["new"] == COLORS[2]
