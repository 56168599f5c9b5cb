"""The page Reality: its numbers are those of the command, and it says why it has none."""

import json

import pytest
from conftest import DATA
from page_helpers import charts, database, field, metric, settled

from core.ango_json.project import read_project
from core.ango_json.stages import rules_key
from core.ango_json.text import loads
from core.cli.main import main
from core.export.reader import read_path
from core.model.figures import share_text
from core.model.passes import Pass
from core.model.phrases import hours_text
from core.routing.observed.forecast import NextLaw
from core.routing.observed.kept_forecast import KeptForecast, KeptOutput, kept_document
from core.store.hub_passes import Rules, add_passes
from core.store.ledger import LedgerEntry, keep_entry
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


def test_without_a_publish_it_says_what_will_be_there(visit, data, tmp_path):
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps([{"asset": "a.jpg", "task": {"taskId": "t1"}}]))
    files = OpenedFiles(database(data), data / "tables")
    app = visit(PAGE, workspace=files.add("tasks.json", read_path(file), None).id)
    assert "How past forecasts held" in [one.value for one in app.subheader]
    assert any("Nothing was published from here yet" in one.value for one in app.info)


def test_a_kept_forecast_is_shown_beside_what_came(visit, data, street):
    store = database(data)
    project = read_project(loads((DATA / "project.json").read_text(encoding="utf-8")))
    stage = project.logic_stages[0]
    outputs = tuple(
        KeptOutput(f"Rule {n}", "Review", NextLaw(chance, None, 100))
        for n, chance in enumerate((0.8, 0.2), 1)
    )
    document = kept_document(KeptForecast(outputs, 100, "came"))
    entry = LedgerEntry("2026-11-26T14:00:00.000Z", "http://127.0.0.1:8600", True, project.id,
                        stage.id, stage.name, rules_key(stage), document)  # fmt: skip
    keep_entry(store, entry)
    app = settled(visit(PAGE, workspace=street), 90)
    assert len(charts(app)) == 3 and any("No task came" in one.value for one in app.caption)
    with store.work() as tx:
        rules = Rules(project.id, stage.id, rules_key(stage))
        went = [Pass(f"t{n}", 1, int(n % 4 == 0)) for n in range(100)]  # 75 and 25 of 100
        add_passes(tx, rules, went, "2026-11-26T14:05:00.000Z")
    app = settled(app.run(), 90)
    held = charts(app)[3]["data"]
    assert held[1]["x"] == [75, 25] and not held[2]["x"]
    shown = " ".join(one.value for one in app.markdown)
    assert "The 95 % intervals held 2 of 2 outputs" in shown
    assert main(["ledger", "--id", project.id, "--data", str(data), "--json"]) == 0
