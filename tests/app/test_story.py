"""The Story page: what a link names and what is gone, levers that are chosen, named and priced."""

import json
from io import BytesIO

import pytest
from page_helpers import database
from review_worlds import export_of, project, steered_stages, task

from core.ango_json.drafts import write_draft
from core.export.reader import read_stream
from core.routing import edit
from core.scenario.cost import NO_RATE
from core.scenario.file import read_scenario, write_scenario
from core.scenario.lever_texts import GONE
from core.scenario.levers import propose
from core.scenario.scenario import scenario_of
from core.scenario.story import Story
from core.store.drafts import Drafts
from core.store.scenarios import Scenarios
from core.store.workspaces import OpenedFiles

PAGE = "share/story.py"


def screen(app):
    """What the browser is given."""
    parts = [one for one in app.get("bidi_component") if "story" in one.proto.component_name]
    assert len(parts) == 1
    return json.loads(parts[0].proto.json or parts[0].proto.mixed.json)


def lever(*value):
    return json.dumps(list(value))


def warnings(app):
    return [warning.value.replace("\\", "") for warning in app.warning]


@pytest.fixture
def demo_stage(demo_workspace):
    return demo_workspace.project.logic_stages[0]


def test_it_never_opens_empty_and_a_link_puts_the_levers(visit):
    app = visit(PAGE)
    assert [one["kind"] for one in screen(app)["levers"]] == ["share", "share", "least", "tasks"]
    assert "lever" not in app.query_params
    app = visit(PAGE, lever=[lever("share", "RandomSample-1", 35), lever("tasks", "", None)])
    picked, many = screen(app)["levers"]
    assert picked["labels"][picked["at"]] == "35 %"
    assert many["at"] == many["own"]
    assert app.query_params["lever"] == [
        lever("share", "RandomSample-1", 35), lever("tasks", "", None)]  # fmt: skip


def test_a_lever_of_a_rule_that_is_gone_is_one_sentence_and_the_others_stay(visit):
    app = visit(PAGE, lever=[lever("share", "Gone-7", 35), lever("share", "RandomSample-1", 40)])
    assert warnings(app) == [GONE]
    assert [one["kind"] for one in screen(app)["levers"]] == ["share"]


def test_a_scenario_whose_lever_lost_its_rule_opens(visit, data, demo_workspace, demo_stage):
    levers = propose(demo_workspace, demo_stage)
    rules = edit.remove(demo_stage, levers[0].rule)
    scenario = scenario_of(demo_workspace, rules, "S", story=Story(levers, "Smile."))
    kept = Scenarios(database(data)).save("demo", rules.id, "S", write_scenario(scenario))
    app = visit(PAGE, scenario=kept.id)
    assert warnings(app) == [GONE]
    assert len(screen(app)["levers"]) == 3
    assert screen(app)["notes"] is None
    app.toggle(key="story.presenting").set_value(True).run()
    assert screen(app)["notes"] == "Smile."


@pytest.mark.parametrize("name", ["scenario", "baseline"])
def test_a_newer_scenario_is_one_sentence_and_the_rules_open(
    visit, data, demo_workspace, demo_stage, name
):
    text = write_scenario(scenario_of(demo_workspace, demo_stage, "S"))
    newer = json.dumps(json.loads(text) | {"version": 9})
    kept = Scenarios(database(data)).save("demo", demo_stage.id, "S", newer)
    app = visit(PAGE, **{name: kept.id})
    assert ["newer Switchyard" in toast.value for toast in app.toast] == [True]
    assert len(screen(app)["levers"]) == 4
    assert Scenarios(database(data)).get(kept.id).document == newer


def test_what_is_gone_or_of_a_newer_version_opens_the_rules_and_says_so(visit, data, demo_stage):
    for link in ({"scenario": "gone"}, {"draft": "gone"}, {"workspace": "gone"}):
        app = visit(PAGE, **link)
        assert len(app.toast) == 1, link
        assert len(screen(app)["levers"]) == 4
    document = write_draft(demo_stage)
    newer = json.dumps(json.loads(document) | {"version": 9})
    draft = Drafts(database(data)).create("demo", demo_stage.id, document, newer, "me")
    app = visit(PAGE, draft=draft.id)
    assert len(app.toast) == 1
    assert Drafts(database(data)).get(draft.id).document == newer


def test_levers_are_chosen_named_and_bounded_and_the_link_has_them(visit):
    app = visit(PAGE)
    chosen = next(one for one in app.multiselect if one.label == "Levers, at most four")
    app = chosen.set_value(["switch:Duration-0", "share:RandomSample-0"]).run()
    assert [one["kind"] for one in screen(app)["levers"]] == ["switch", "share"]
    name = next(one for one in app.text_input if "20 %" in one.label)
    app = name.set_value("Spot checks").run()
    most = next(one for one in app.text_input if one.label == "To, %")
    app = most.set_value("50").run()
    assert screen(app)["levers"][1]["name"] == "Spot checks"
    assert screen(app)["levers"][1]["labels"][-1] == "50 %"
    app = next(one for one in app.text_input if one.label == "To, %").set_value("0").run()
    assert "cannot move" in app.toast[0].value
    assert screen(app)["levers"][1]["labels"][-1] == "50 %"
    again = visit(PAGE, lever=app.query_params["lever"])
    assert screen(again)["levers"] == screen(app)["levers"]


def prices(app, *ids):
    box = next(one for one in app.multiselect if one.label.startswith("Prices"))
    return box.set_value(list(ids)).run()


def box(app, label, place=0):
    return [one for one in app.text_input if one.label == label][place]


def test_prices_are_chosen_beside_four_levers_and_the_link_has_them(visit):
    app = visit(PAGE)
    assert screen(app)["cost"] is None
    app = prices(app, "review_price", "escape_price")
    shown = screen(app)
    assert [one["cost"] for one in shown["levers"]] == [False] * 4 + [True] * 2
    assert shown["cost"]["prices"] == {"review": 4, "escape": 5, "rework": -1}
    assert any("448 of 2,406 looks" in words for words in shown["assumptions"])
    assert any("nothing is counted for rework" in words for words in shown["assumptions"])
    app = box(app, "Starts at").set_value("250").run()
    review = screen(app)["levers"][4]
    assert review["labels"][review["at"]] == "250" and review["labels"][-1] == "1,000"
    app = box(app, "To").set_value("300").run()
    assert screen(app)["levers"][4]["labels"][-1] == "300"
    again = visit(PAGE, lever=app.query_params["lever"])
    assert screen(again)["levers"] == screen(app)["levers"]
    assert screen(again)["cost"] == shown["cost"]
    chosen = next(one for one in again.multiselect if one.label == "Levers, at most four")
    again = chosen.set_value(["switch:Duration-0"]).run()
    assert [one["kind"] for one in screen(again)["levers"]] == [
        "switch", "review_price", "escape_price"]  # fmt: skip
    assert screen(prices(again))["cost"] is None


def test_a_scenario_with_prices_opens_and_an_older_one_has_none(
    visit, data, demo_workspace, demo_stage
):
    app = prices(visit(PAGE), "review_price")
    assert "review_price" in app.query_params["lever"][-1]
    levers = propose(demo_workspace, demo_stage)
    scenario = scenario_of(demo_workspace, demo_stage, "S", story=Story(levers))
    kept = Scenarios(database(data)).save("demo", demo_stage.id, "S", write_scenario(scenario))
    assert screen(visit(PAGE, scenario=kept.id))["cost"] is None
    document = json.loads(write_scenario(scenario))
    price = {"name": "Ours", "kind": "review_price", "low": 0, "high": 9, "step": 1, "start": 4}
    document["story"]["levers"].append(price)
    text = json.dumps(document | {"version": 3})
    assert read_scenario(text).story.levers[-1].start == 4
    kept = Scenarios(database(data)).save("demo", demo_stage.id, "P", text)
    shown = screen(visit(PAGE, scenario=kept.id))
    assert shown["levers"][-1]["name"] == "Ours" and shown["cost"]["prices"]["review"] == 4


def test_without_a_look_the_page_says_what_is_missing_until_the_rate_is_set(visit, data):
    stages = steered_stages([{"type": "RandomSample", "value": 0.5}], ["R", "Complete"])
    table = read_stream(BytesIO(json.dumps(export_of([task("a")] * 9)).encode()), "tasks.json")
    files = OpenedFiles(database(data), data / "tables")
    place = files.add("tasks.json", table, json.dumps(project(stages))).id
    app = prices(visit(PAGE, workspace=place), "review_price")
    assert (screen(app)["cost"]["shown"], screen(app)["cost"]["unknown"]) == (None, NO_RATE)
    app = prices(app, "review_price", "error_rate")
    rate = screen(app)["levers"][-1]
    assert screen(app)["cost"]["unset"] and rate["labels"][rate["at"]] == "not set"
    app = box(app, "Starts at, %").set_value("12").run()
    rate = screen(app)["levers"][-1]
    assert not screen(app)["cost"]["unset"] and rate["labels"][rate["at"]] == "12 %"
    assert any("No review so far" in words for words in screen(app)["assumptions"])
    app = box(app, "Starts at, %").set_value("").run()
    assert screen(app)["cost"]["unset"]
