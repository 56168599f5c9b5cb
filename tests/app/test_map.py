"""The map of the workflow: its numbers are those of the command, and it obeys what is set."""

import json

import pytest
from conftest import DATA
from page_helpers import charts, database, field, metric

from core.charts.workflow_map import map_table
from core.export.reader import read_path
from core.flow.flow import flow_of
from core.flow.graph import graph_of
from core.flow.standing import standing
from core.model.figures import share_text, tenths
from core.store.workspaces import OpenedFiles

PAGE = "workflow/map.py"


@pytest.fixture
def flow(demo_workspace):
    return flow_of(demo_workspace)


def stages_of(figure):
    """The points of the stages: place, x and y of each."""
    trace = figure["data"][-1]
    return {
        place: (x, y)
        for place, x, y in zip(trace["customdata"], trace["x"], trace["y"], strict=True)
    }


def test_the_numbers_are_those_of_the_flow(visit, demo_workspace, flow):
    app = visit(PAGE)
    assert metric(app, "Completed") == share_text(flow.completed.mean / flow.tasks)
    assert metric(app, "Rework") == share_text(flow.rework)
    assert metric(app, "Visits") == tenths(
        next(one for one in flow.stages if one.stage.kind == "Logic").visits.mean
    )
    (figure,) = charts(app)
    tops = [place for place, stage in enumerate(flow.graph.stages) if _on_map(stage)]
    assert sorted(stages_of(figure)) == tops
    now = standing(flow.graph, demo_workspace.table, demo_workspace.everything)
    assert sum(now[place] for place in tops) == len(demo_workspace.table)
    table = map_table(flow, now, demo_workspace.names)
    assert list(table["Now"]) == list(now) and len(table) == len(flow.graph.stages)


def _on_map(stage):
    return getattr(stage, "consensus_id", None) is None


def test_a_rate_changes_numbers_and_moves_nothing(visit, demo_workspace, flow):
    app = visit(PAGE)
    before, completed = stages_of(charts(app)[0]), metric(app, "Touches per task")
    slider = next(s for s in app.slider if str(s.key).startswith("map.rate/Review"))
    slider.set_value(50.0).run()
    assert metric(app, "Touches per task") != completed
    assert stages_of(charts(app)[0]) == before
    graph = graph_of(demo_workspace.project.stages)
    wanted = flow_of(demo_workspace, {graph.find("Review"): 0.5}, graph)
    assert metric(app, "Rework") == share_text(wanted.rework)
    next(b for b in app.button if "Back to what" in b.label).click().run()
    assert metric(app, "Rework") == share_text(flow.rework)


def test_another_stage_shows_its_numbers_and_a_logic_stage_opens_its_rules(visit, flow):
    app = visit(PAGE)
    label = next(stage for stage in flow.graph.stages if stage.kind == "Label")
    field(app.selectbox, "map.stage").set_value(label.id).run()
    visits = next(one for one in flow.stages if one.stage is label).visits
    assert metric(app, "Visits") == tenths(visits.mean)
    assert not [b for b in app.button if b.label == "Open its rules"]


def test_the_rules_in_hand_are_those_on_the_map(visit, data, demo_workspace, flow):
    from core.ango_json.drafts import write_draft
    from core.routing import edit
    from core.store.drafts import Drafts

    stage = demo_workspace.project.logic_stages[0]
    edited = edit.remove(stage, stage.rules[0].id)
    around = demo_workspace.project.stages
    documents = [write_draft(one, around) for one in (stage, edited)]
    draft = Drafts(database(data)).create("demo", stage.id, *documents, "me")
    app = visit(PAGE, draft=draft.id)
    stages = tuple(edited if one.id == stage.id else one for one in around)
    wanted = flow_of(demo_workspace, {}, graph_of(stages))
    assert metric(app, "Touches per task") == f"{wanted.touches / wanted.tasks:.2f}"
    assert wanted.touches != flow.touches


def test_findings_name_their_stage(visit, data):
    text = (DATA / "project.json").read_text(encoding="utf-8")
    files = OpenedFiles(database(data), data / "tables")
    opened = files.add("export.zip", read_path(DATA / "export.zip"), text)
    app = visit(PAGE, workspace=opened.id)
    texts = [one.value for one in app.markdown]
    assert any("**Expert review**: No history tells how often" in one for one in texts)


def test_without_a_workflow_it_says_how_to_get_one(visit, data):
    files = OpenedFiles(database(data), data / "tables")
    opened = files.add("export.zip", read_path(DATA / "export.zip"), None)
    app = visit(PAGE, workspace=opened.id)
    assert "has no workflow" in app.info[0].value and not charts(app)


def test_stages_without_positions_stand_in_columns_by_how_far_they_are(visit, data):
    project = json.loads((DATA / "project.json").read_text(encoding="utf-8"))
    inner = project.get("data", project).get("project", project)
    for stage in inner["stages"]:
        stage.pop("position")
    files = OpenedFiles(database(data), data / "tables")
    opened = files.add("export.zip", read_path(DATA / "export.zip"), json.dumps(inner))
    app = visit(PAGE, workspace=opened.id)
    spots = stages_of(charts(app)[0])
    ids = [stage["id"] for stage in inner["stages"]]
    ways = ("Start", "Label", "3a4ad47dd9a601ad1a5091342a1e7060", "Review", "Complete")
    xs = [spots[ids.index(one)][0] for one in ways]
    assert xs == sorted(xs) and len({*spots.values()}) == len(spots)
