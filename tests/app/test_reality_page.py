"""The page Reality: its numbers are those of the command, and it says why it has none."""

import json

import pytest
from conftest import DATA
from page_helpers import charts, database, field, metric, settled

from core.cli.main import main
from core.export.reader import read_path
from core.model.figures import share_text
from core.model.phrases import hours_text
from core.store.workspaces import OpenedFiles

PAGE = "workflow/reality.py"


@pytest.fixture
def street(data):
    text = (DATA / "project.json").read_text(encoding="utf-8")
    files = OpenedFiles(database(data), data / "tables")
    return files.add("export.zip", read_path(DATA / "export.zip"), text).id


def test_the_numbers_are_those_of_the_command(visit, street, capsys):
    app = settled(visit(PAGE, workspace=street), 90)
    words = ["--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json")]
    assert main(["twin", *words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    cycle, pairs = document["distances"]["cycle_hours"], document["distances"]["ngram_2"]
    assert metric(app, "Cycle times differ by") == hours_text(cycle["mean"])
    assert metric(app, "Ways differ by") == share_text(pairs["mean"])
    assert metric(app, "Band held, begins") == share_text(document["held"]["begins"])
    cycles, under_way, begins = charts(app)
    assert [one["name"] for one in cycles["data"]] == [
        "first part, as it was", "forecast of the rest", "the rest, as it came",
    ]  # fmt: skip
    assert under_way["data"][2]["y"] == [one["real"] for one in document["under_way"]]
    assert begins["data"][0]["y"] == [one["real"] for one in document["begins"]]
    shown = {one.value for one in app.markdown}
    assert all(any(one["message"][:40] in text for text in shown) for one in document["problems"])


def test_another_part_teaches_something_else(visit, street):
    app = settled(visit(PAGE, workspace=street), 90)
    before = charts(app)[2]["data"][0]["y"]
    field(app.text_input, "reality.split").set_value("40").run()
    app = settled(app, 90)
    assert sum(charts(app)[2]["data"][0]["y"]) > sum(before)
    field(app.text_input, "reality.split").set_value("100").run()
    assert not app.metric and not app.exception


def test_tasks_without_a_history_say_so(visit, data, tmp_path):
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps([{"asset": "a.jpg", "task": {"taskId": "t1"}}]))
    files = OpenedFiles(database(data), data / "tables")
    app = visit(PAGE, workspace=files.add("tasks.json", read_path(file), None).id)
    (error,) = app.error
    assert "no entry of a history has a date and a stage" in error.value
