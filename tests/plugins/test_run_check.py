"""`run check`, `run probe` and `compare --with-run` on the demo's images that people labelled."""

import json
from dataclasses import replace

import pytest
from harbour_helpers import Harbour
from hub_helpers import run_main

from core.demo import by_hand, harbour, shapes

TRUE = {"vessel": "Vessel", "small_boat": "Small boat", "person": "Person", "lorry": "Truck",
        "ferry": "Ferry", "buoy": "Buoy"}  # fmt: skip
"""Of the model's classes; a buoy is a box for the model and a point for people, a kite nothing."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = Harbour(tmp_path_factory.mktemp("checked"))
    by_hand.add_by_hand(made.hub.url, made.hub.key, made.project_id)
    yield made
    made.end()


@pytest.fixture(scope="module")
def core(house):
    def run(*words):
        return run_main(*words, "--data", house.data, "--json")

    return run


@pytest.fixture(scope="module")
def dry(house):
    batch = next(one.id for one in house.project.batches if one.name == by_hand.BATCH)
    request = replace(house.request(True, shapes.CONFIG), batches=(batch,))
    session = house.runs.start(request).session
    return house.until(lambda: (run := house.runs.get(session)).is_final and run)


def test_a_probe_finds_the_demos_mapping(house, core):
    about = ("--plugin", house.plugin.id, "--project", house.project_id)
    done = core("run", "probe", *about, "--batch", by_hand.BATCH, "--wait", "60")
    mapping = {one["modelClass"]: one for one in json.loads(done.stdout)["mapping"]}
    for name, title in TRUE.items():
        assert mapping[name]["schemaId"] == harbour.made_id(title), name
        assert mapping[name]["share"] > 0.5 and mapping[name]["trust"] == "strong"
    assert mapping["kite"]["support"] == 0
    session = json.loads(done.stdout)["session"]
    refused = core("run", "check", session)
    assert refused.returncode == 2 and "is a probe" in refused.stderr
    assert core("run", "mapping", session).stdout == done.stdout
    nowhere = core("run", "mapping", session, "--truth-stage", "Label")
    assert not any(one["of"] for one in json.loads(nowhere.stdout)["mapping"])


def test_what_cannot_be_compared_afterwards_is_not_probed(house, core):
    before = len(house.runs.list(limit=500))
    about = ("--plugin", house.plugin.id, "--project", house.project_id)
    refused = core("run", "probe", *about, "--truth-stage", "Nowhere")
    assert refused.returncode == 2 and "Nowhere" in refused.stderr
    assert len(house.runs.list(limit=500)) == before


def test_only_a_probe_has_a_mapping_to_show(core, dry):
    refused = core("run", "mapping", dry.session)
    assert refused.returncode == 2 and "is no probe" in refused.stderr


def test_the_demos_mistakes_are_told_class_by_class(core, dry):
    done = core("run", "check", dry.session, "--ap", "--sweep", "--against", dry.session)
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and answer["assets"] == 24
    rows = {one["title"]: one for one in answer["classes"]}
    assert "never overlap" in done.stderr  # a buoy is a box for the model and a point for people
    assert rows["Vessel"]["right"] > 10 and rows["Vessel"]["precision"] > 0.5
    total = answer["total"]
    assert 0 < total["right"] < total["people"] and total["made_up"] and total["misplaced"]
    assert total["precision_low"] < total["precision"] < total["precision_high"]
    ids = answer["confusion"]["rows"]
    assert ids[-1] is None and ids[:-1] == [one["schemaId"] for one in answer["classes"]]
    assert 0 < answer["ap"]["mean_over"] < answer["ap"]["mean_at"] < 1
    assert len(answer["sweep"]) == 51 and 0 <= answer["cheapest"] <= 1
    config = {**json.loads(shapes.CONFIG), "min_score": answer["cheapest"]}
    assert json.loads(answer["config"]) == config
    assert set(answer["cheapestByClass"]) == {
        o["schemaId"] for o in answer["classes"] if o["people"]
    }
    assert all(one["gained"] == one["lost"] == 0 for one in answer["gains"])


def test_what_counts_as_right_is_chosen(core, dry):
    def assets(*words):
        return json.loads(core("run", "check", dry.session, *words).stdout)

    assert assets("--reviewed")["assets"] <= 24
    assert assets("--truth-batch", by_hand.BATCH)["assets"] == 24
    none = assets("--truth-stage", "Label")
    assert none["assets"] == 0 and none["classes"] == [] and none["total"]["precision"] is None
    assert none["not_compared"]["assets"] == {"no task in the chosen stages": 24}
    refused = core("run", "check", dry.session, "--truth-stage", "Nowhere")
    assert refused.returncode == 2 and "There are: Start" in refused.stderr
    assert core("run", "check", dry.session, "--iou", "0.05").returncode == 2


def test_where_the_tasks_of_a_dry_run_would_leave_is_a_side_of_compare(core, dry):
    answer = json.loads(core("compare", "--with-run", dry.session).stdout)
    assert answer["tasks"] == dry.tasks
    routes = json.loads(core("run", "routes", dry.session).stdout)
    assert answer["moved"]["expected"] == pytest.approx(routes["moved"])
    assert core("compare").returncode == 2


def test_what_a_run_wrote_is_no_label_of_a_person(house, core, dry):
    before = json.loads(core("run", "check", dry.session).stdout)
    batch = next(one.id for one in house.project.batches if one.name == by_hand.BATCH)
    request = replace(house.request(False, shapes.CONFIG), batches=(batch,))
    session = house.runs.start(request).session
    run = house.until(lambda: (run := house.runs.get(session)).is_final and run)
    assert run.state == "succeeded"
    written = json.loads(core("run", "check", session).stdout)
    assert written["total"] == before["total"] and written["assets"] == before["assets"]
    assert json.loads(core("run", "check", dry.session).stdout)["total"] == before["total"]
