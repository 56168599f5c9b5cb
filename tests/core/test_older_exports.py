"""Older exports: who annotated and how long it took stand beside the task, not in a history."""

import json

import pytest
from conftest import DATA
from hypothesis import assume, given
from hypothesis import strategies as st
from naive import facts as naive_facts
from naive import tasks_of

from core.cli.main import main
from core.export.reader import read_path
from core.hub.projects.rows import Batches, Stages, read_item
from core.model.dialect import CHOICES, Dialect
from core.workspace import Workspace

CASES = DATA / "cases"
TIMES = ("duration", "duration(ms)", "labelDuration", "labelDuration(ms)")


def test_the_people_and_times_of_an_older_export_are_facts(capsys):
    logic = CASES / "old_export_logic.json"
    assert (
        main(["split", "--tasks", str(CASES / "old_export.json"), "--logic", str(logic), "--json"])
        == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert [output["certain"] for output in found["outputs"]] == [2, 0, 0]
    assert found["honesty"]["unknown_duration"] == found["honesty"]["unknown_annotator"] == 0


def test_an_export_that_names_nobody_says_so(tmp_path, capsys):
    items = json.loads((CASES / "old_export.json").read_text())
    for item in items:
        for task in item["tasks"]:
            del task["completedBy"]
    path = tmp_path / "nobody.json"
    path.write_text(json.dumps(items))
    command = ["split", "--tasks", str(path), "--logic", str(CASES / "old_export_logic.json")]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [output["certain"] for output in found["outputs"]] == [0, 2, 0]
    assert found["honesty"]["unknown_annotator"] == 2
    assert main(command) == 0
    assert "annotat" in capsys.readouterr().out.split("→")[-1]


times = st.none() | st.integers(0, 10**7)
people = st.sampled_from([None, "ann@x.com", " Bob@x.com "])


def items_of(amounts):
    tasks = st.fixed_dictionaries(
        {},
        optional={
            "completedBy": people,
            "totalDuration": amounts,
            "assignee": people,
            "stageHistory": st.lists(
                st.fixed_dictionaries({"completedBy": people, "duration": amounts}), max_size=2
            ),
            **dict.fromkeys(TIMES, amounts),
        },
    )
    return st.lists(
        st.fixed_dictionaries(
            {"tasks": st.lists(tasks, min_size=1, max_size=2)},
            optional=dict.fromkeys(TIMES, amounts),
        ),
        min_size=1,
        max_size=4,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("older") / "export.json"


@given(
    items=items_of(times | st.sampled_from([-1, 1.5, "90", True])),
    annotator=st.sampled_from(CHOICES["annotator"]),
    took=st.sampled_from(CHOICES["duration"]),
)
def test_every_form_is_read_as_by_a_plain_loop(place, items, annotator, took):
    for number, item in enumerate(items):
        item["externalId"] = str(number)
        for at, task in enumerate(item["tasks"]):
            task["taskId"] = f"{number}-{at}"
    place.write_text(json.dumps(items))
    settings = {"annotator": annotator, "duration": took}
    found = Workspace(read_path(place), None, Dialect(**settings)).facts
    plain = [naive_facts(task, None, settings) for task in tasks_of(items)[0]]
    durations = [None if each != each else each for each in found.duration.tolist()]
    assert durations == [one["duration"] for one in plain]
    assert found.honesty.unknown_annotator == sum(not one["annotators"] for one in plain)


@given(items=items_of(times))
def test_the_local_hub_reads_the_same_people_and_times(place, items):
    """What it keeps of an older export, given back as a newer one, is the same to the rules."""
    kept = []
    for number, item in enumerate(items):
        item["externalId"] = str(number)
        for at, task in enumerate(item["tasks"]):
            task["taskId"] = f"{number}-{at}" if at or number % 2 else None
        for found in read_item(item, "p", Stages({}), Batches({}), "2026-01-01T00:00:00Z"):
            if found.task is not None:
                history = [json.loads(entry["entry"]) for entry in found.entries]
                row, rest = found.task, json.loads(found.task["document"])
                rest |= {"assignee": row["assignee"], "duration": row["duration"]}
                rest |= {"taskId": row["id"], "totalDuration": row["total_duration"]}
                kept.append({"tasks": [{**rest, "stageHistory": history}]})
    assume(kept)
    facts = []
    for form in (items, kept):
        place.write_text(json.dumps(form))
        found = Workspace(read_path(place), None, Dialect()).facts
        durations = [None if each != each else each for each in found.duration.tolist()]
        facts.append((durations, {who: some.tolist() for who, some in found.people.items()}))
    assert facts[0] == facts[1]
