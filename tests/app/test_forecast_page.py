"""The forecast page: its numbers are those of the command for the plan that it hands out."""

import json

import pytest
from conftest import DATA
from page_helpers import charts, database, field, metric, settled

from core.ango_json.drafts import write_draft
from core.cli.main import main
from core.export.reader import read_path
from core.model.figures import tenths
from core.routing import edit
from core.store.drafts import Drafts
from core.store.workspaces import OpenedFiles

PAGE = "workflow/forecast.py"


@pytest.fixture
def street(data):
    text = (DATA / "project.json").read_text(encoding="utf-8")
    files = OpenedFiles(database(data), data / "tables")
    return files.add("export.zip", read_path(DATA / "export.zip"), text).id


def hours(metric_text):
    return metric_text.removesuffix(" h")


def test_the_numbers_are_those_of_the_command(visit, street, tmp_path, capsys):
    app = settled(visit(PAGE, workspace=street))
    field(app.text_input, "forecast.people/Label").set_value("4").run()
    settled(app)
    plan = app.session_state["state"].work_plan
    assert plan["stages"]["Label"]["people"] == 4
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    words = ["forecast", "--plan", str(path), "--tasks", str(DATA / "export.zip")]
    assert main([*words, "--project", str(DATA / "project.json"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert hours(metric(app, "A task takes")) == tenths(document["cycle_hours"]["mean"])
    finish = document["finish_hours"]["p50"]
    assert hours(metric(app, "All through after")) in (tenths(finish), str(round(finish)))
    assert metric(app, "Bottleneck") == next(
        one["name"] for one in document["stages"] if one["id"] == document["bottleneck"]
    )


def test_people_and_rates_change_the_forecast(visit, street):
    app = settled(visit(PAGE, workspace=street))
    before = metric(app, "All through after")
    field(app.text_input, "forecast.people/Label").set_value("1").run()
    settled(app)
    assert metric(app, "All through after") != before
    next(b for b in app.button if b.label == "Propose anew").click().run()
    assert metric(settled(app), "All through after") == before


def test_a_stream_has_no_finish_and_a_load_above_capacity_no_mean(visit, street):
    app = settled(visit(PAGE, workspace=street))
    field(app.selectbox, "forecast.comes").set_value("poisson").run()
    settled(app)
    field(app.text_input, "forecast.rate").set_value("400").run()
    settled(app)
    assert metric(app, "A task takes") == "–" and metric(app, "Tasks per hour")
    texts = [one.value for one in app.markdown]
    assert any("**Label**" in one and "More work comes" in one for one in texts), texts


def test_nobody_at_a_stage_is_a_finding_and_no_number(visit, street):
    app = settled(visit(PAGE, workspace=street))
    field(app.text_input, "forecast.people/Label").set_value("0").run()
    settled(app)
    assert metric(app, "All through after") == "–" and metric(app, "A task takes") == "–"
    assert any("Nobody works there" in one.value for one in app.markdown)


def what_decides(app):
    """Opens that tab; a page under test forgets with each run which one is open."""
    app.session_state["forecast.answers.tab"] = "What decides?"
    return app.run()


def test_how_many_people_is_answered_and_what_decides(visit, street, monkeypatch):
    monkeypatch.setattr("pages._ui.reading.PATIENCE_SECONDS", 0)  # however fast it is
    app = settled(visit(PAGE, workspace=street))
    words = [one.value for one in app.info]
    assert any("have all tasks through within" in one for one in words), words
    settled(what_decides(app), run=what_decides)
    assert len(charts(app)) == 4


def test_costs_are_of_the_work(visit, street):
    app = settled(visit(PAGE, workspace=street))
    assert metric(app, "Cost of the work") == "–"
    field(app.text_input, "forecast.cost/Label").set_value("12").run()
    settled(app)
    assert float(metric(app, "Cost of the work").replace(",", "")) > 0
    assert any("per task; idle time is not paid" in one.value for one in app.caption)


def test_an_edit_of_a_target_alone_is_another_question(visit, data, sample, street):
    """Chances and tasks stay what they are; only where an output leads is another."""
    stage = sample.project.logic_stages[0]
    edited = edit.set_target(stage, None, "Label")  # Else, which leads to Complete
    documents = [write_draft(one, sample.project.stages) for one in (stage, edited)]
    draft = Drafts(database(data)).create(street, stage.id, *documents, "me")
    app = settled(visit(PAGE, workspace=street, draft=draft.id))
    (beside,) = [f.value for f in app.dataframe if "The rules in hand" in f.value]
    row = beside[beside[""] == "A task takes, h"].iloc[0]
    now, then = row["The project's rules"], row["The rules in hand"]
    assert now != then and metric(app, "A task takes") == f"{then} h"
    app.session_state["state"].draft = None
    before = settled(app.run())
    assert metric(before, "A task takes") == f"{now} h"


def test_uploads_and_priorities_are_asked_for_and_count(visit, street, tmp_path, capsys):
    app = settled(visit(PAGE, workspace=street))
    assert not [one for one in app.text_input if "forecast.priority" in str(one.key)]
    field(app.selectbox, "forecast.comes").set_value("uploads").run()
    app = settled(app)
    field(app.text_input, "forecast.upload-at/1").set_value("48").run()
    field(settled(app).text_input, "forecast.upload-tasks/1").set_value("70").run()
    app = settled(app)
    plan = app.session_state["state"].work_plan
    assert plan["arrivals"]["uploads"] == [
        {"at_hours": 0, "tasks": 500}, {"at_hours": 48, "tasks": 70},
    ]  # fmt: skip
    app.button(key="forecast.upload-add").click().run()
    app = settled(app)
    assert len(app.session_state["state"].work_plan["arrivals"]["uploads"]) == 3
    app.button(key="forecast.upload-less").click().run()
    app = settled(app)
    asked = [one for one in app.text_input if "forecast.priority" in str(one.key)]
    assert asked
    asked[0].set_value("5").run()
    app = settled(app)
    plan = app.session_state["state"].work_plan
    (batch,) = plan["priorities"]
    assert plan["priorities"][batch] == 5
    assert any(one.value.startswith("of priority 5:") for one in app.caption)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    words = ["forecast", "--plan", str(path), "--tasks", str(DATA / "export.zip")]
    assert main([*words, "--project", str(DATA / "project.json"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["priority"] for one in document["priorities"]] == [5, 0]
    assert hours(metric(app, "A task takes")) == tenths(document["cycle_hours"]["mean"])
