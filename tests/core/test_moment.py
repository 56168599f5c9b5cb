"""Facts as they were when a task left a stage, against a naive reading of each history."""

import io
import json

import naive
import numpy as np
import pytest
import strategies
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.ango_json.project import read_project
from core.errors import InputError
from core.export.histories import with_histories
from core.export.reader import read_path, read_stream
from core.export.schema import Entry, Tool
from core.model.dialect import Dialect, parse_dialect
from core.tasks import bits
from core.tasks.facts import resolve
from core.tasks.parquet import write_parquet
from core.tasks.table import person_key
from core.workspace import Workspace

LABELS = ("tools", "objects", "classifications")


def then(task, wanted, project):
    """A naive task as it was when it left the stage the last time, and whether its labels are."""
    entries = naive.history_of(task["task"])
    places = [place for place, entry in enumerate(entries) if is_stage(entry, wanted, project)]
    if not places:
        return {**task, "form": "export", "task": {}}, None
    entry = entries[places[-1]]
    raw = {key: entry[key] for key in LABELS if key in entry}
    raw["stageHistory"] = entries[: places[-1] + 1]
    known = any(entry.get(key) is not None for key in LABELS)
    return {**task, "form": "export", "task": raw}, known


def is_stage(entry, wanted, project):
    found = naive.stage_of(entry, project)
    if found is None:
        return wanted in (entry.get("stageId"), entry.get("stage"))
    return wanted in (found.get("id"), found.get("name"))


def shown(facts, row):
    """What the engine knows of a task, in the words of the naive reading."""
    loaded = facts.answered is None or bits.has(facts.answered, row)
    took = facts.duration[row]
    return {
        "schema_ids": {s for s, b in facts.classes.items() if bits.has(b, row)} if loaded else None,
        "annotators": {p for p, b in facts.people.items() if bits.has(b, row)},
        "duration": None if np.isnan(took) else pytest.approx(took),
    }


@st.composite
def cases(draw):
    project = draw(strategies.projects())
    names = [stage["name"] for stage in project["stages"]]
    ids = [stage["id"] for stage in project["stages"]]
    source = draw(st.sampled_from([strategies.items, strategies.hub_tasks]))
    return (
        draw(source(project)),
        draw(st.sampled_from([project, None])),
        draw(strategies.dialects()),
        draw(st.sampled_from([*names, *ids, "Gone", "gone"])),
    )


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_facts_of_then_equal_the_naive_ones(case):
    items, project, dialect, wanted = case
    try:
        table = read_stream(io.BytesIO(json.dumps(items).encode()), "items.json")
        model = read_project(project) if project else None
        facts = resolve(table, model, Dialect(**dialect, at=wanted))
    except InputError:
        assume(False)
    tasks, _ = naive.tasks_of(items)
    never = no_labels = differs = 0
    for row, task in enumerate(tasks):
        earlier, loaded = then(task, wanted, project)
        known = naive.facts(earlier, project, dialect)
        known["schema_ids"] = known["schema_ids"] if loaded else None
        got = shown(facts, row)
        assert {key: known[key] for key in got} == got
        final = naive.facts(task, project, dialect)
        never += loaded is None
        no_labels += loaded is False
        labels = [one["schema_ids"] for one in (known, final)]
        differs += loaded is not None and (
            (None not in labels and labels[0] != labels[1])
            or known["annotators"] != final["annotators"]
            or known["duration"] != final["duration"]
        )
    honesty = facts.honesty
    assert (honesty.at_never, honesty.at_no_labels) == (never, no_labels)
    assert honesty.at_differs == differs


def test_labels_of_then_survive_parquet_and_fetched_histories(
    tmp_path, sample_table, sample_project
):
    write_parquet(sample_table, tmp_path / "t.parquet")
    again = read_path(tmp_path / "t.parquet")
    at = Dialect(at="Label")
    one, other = (resolve(t, sample_project, at) for t in (sample_table, again))
    assert again.fingerprint == sample_table.fingerprint
    assert all((one.classes[s] == other.classes[s]).all() for s in one.classes)
    first = sample_table.ids[0].as_py()
    fetched = [Entry(stage="Label", completedBy="new@example.com", tools=[Tool("new", "New")])]
    more = resolve(with_histories(again, [(first, fetched)]), sample_project, at)
    assert [s for s, b in more.classes.items() if bits.has(b, 0)] == ["new"]
    assert bits.has(more.people[person_key("new@example.com")], 0)
    rest = ~bits.of_rows(np.zeros(1, np.int64), len(again)) & bits.everything(len(again))
    assert all((more.classes[s] & rest == one.classes[s] & rest).all() for s in one.classes)


def test_a_stage_that_nobody_left_is_refused_with_those_there_are(sample):
    with pytest.raises(InputError, match=r"no task left a stage called Nope\..*Start, Label"):
        _ = Workspace(sample.table, sample.project, parse_dialect(["at=Nope"])).facts


def test_final_facts_count_nothing_about_then(sample):
    honesty = sample.facts.honesty
    assert (honesty.at_never, honesty.at_no_labels, honesty.at_differs) == (0, 0, 0)


def test_the_trace_shows_the_facts_of_then(sample):
    work = Workspace(sample.table, sample.project, parse_dialect(["at=Label"]))
    never = np.flatnonzero(np.diff(sample.table.history.offsets) == 0)[0]
    way = work.trace(sample.project.logic_stages[0], sample.table.ids[int(never)].as_py())
    assert way.facts.classes is None
    assert way.facts.annotators == ()
