"""The tasks under way: the page says what the command says, of the rules in hand."""

import json

from page_helpers import charts, database, metric, settled

from core import demo
from core.ango_json.drafts import write_draft
from core.ango_json.stages import write_stage
from core.cli.main import main
from core.model.figures import counted
from core.routing import edit
from core.store.drafts import Drafts

PAGE = "workflow/in_flight.py"


def test_without_an_edit_it_says_what_is_to_come(visit, demo_workspace):
    app = settled(visit(PAGE))
    assert int(metric(app, "Under way").replace(",", "")) > 100
    assert not [one for one in app.metric if one.label == "Change"]
    assert len(charts(app)) == 2
    assert float(metric(app, "Hours left for a task")) > 0


def test_with_an_edit_it_says_what_the_command_says(visit, data, demo_workspace, tmp_path, capsys):
    stages = demo_workspace.project.stages
    stage = demo_workspace.project.logic_stages[0]
    edited = edit.remove(stage, stage.rules[0].id)
    edited = edit.set_target(edited, edited.rules[0].id, None)
    documents = [write_draft(one, stages) for one in (stage, edited)]
    draft = Drafts(database(data)).create("demo", stage.id, *documents, "me")
    app = visit(PAGE, draft=draft.id)
    (tmp_path / "stage.json").write_text(json.dumps(write_stage(edited)))
    words = ["ongoing", "--tasks", str(demo.EXPORT), "--json"]
    words += ["--project", str(demo.PROJECT), "--logic", str(tmp_path / "stage.json")]
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    assert metric(app, "Under way") == counted(document["ongoing"])
    assert metric(app, "Change") == counted(document["changed"])
    assert metric(app, "Stranded") == counted(document["stranded"])
    hours = document["work_minutes"][1] / 60
    assert metric(app, "Hours of work left") == counted(round(hours))
    assert document["changed"] > 0
