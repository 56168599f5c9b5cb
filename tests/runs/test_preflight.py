"""Preflight: every finding has its field, its severity and a sentence."""

from dataclasses import replace

import pytest

from core.model.project import Project, ProjectBatch
from core.model.schema import Category, CategorySchema
from core.plugin_runs.model import Liveness, Pair, Plugin, Run, RunRequest
from core.plugin_runs.preflight import Around, estimate, is_blocked, preflight
from core.plugin_runs.request import payload, preview
from core.secret import MASK

SCHEMA = CategorySchema(tools=(Category("tool", "point", "Car", "car"),))
PROJECT = Project("P", "P", SCHEMA, (ProjectBatch("b", "Night"), ProjectBatch("e", "Empty")))
PLUGIN = Plugin("p", "Detector", classes=("Car", "Bus"))
FINE = Around(
    plugin=PLUGIN, live=Liveness("live", 1.0, 1), project=PROJECT, batch_assets={"b": 3, "e": 0},
    assets=3, labelled=0,
)  # fmt: skip
REQUEST = RunRequest("p", "P", ("b",), (Pair("car", "Car"), Pair("car", "Bus")))


def test_nothing_to_say():
    assert preflight(REQUEST, FINE) == ()


@pytest.mark.parametrize(
    ("request_", "around", "field", "severity", "words"),
    [
        ({}, {"plugin": None}, "plugin", "error", "no such plugin"),
        ({}, {"plugin": replace(PLUGIN, archived_at=1.0)}, "plugin", "error", "archived"),
        ({}, {"live": Liveness()}, "plugin", "warning", "hub does not run"),
        ({}, {"live": Liveness("absent")}, "plugin", "warning", "not connected"),
        ({}, {"live": Liveness("wrong secret")}, "plugin", "warning", "wrong secret"),
        ({}, {"live": Liveness("live", 1.0, 2)}, "plugin", "warning", "2 processes"),
        ({}, {"project": None}, "project", "error", "no such project"),
        ({"batches": ("x",)}, {}, "batches", "error", "no batch x"),
        ({"batches": ("e",)}, {}, "batches", "warning", "Empty is empty"),
        ({}, {"assets": 0}, "batches", "error", "no asset"),
        ({"mapping": None}, {}, "mapping", "warning", "No class is mapped"),
        ({"mapping": (Pair("x", "Car"), Pair("car", "Bus"))}, {}, "mapping", "error", "no longer"),
        (
            {"mapping": (*REQUEST.mapping, Pair("car", "Kite"))},
            {}, "mapping", "warning", "declares no class “Kite”",
        ),
        ({"config": '{"a":\n x}'}, {}, "config", "error", "Line 2, column 2"),
        ({"config": '"' + "x" * 3 * 2**20 + '"'}, {}, "config", "warning", "3.0 MiB"),
        ({"config": '"' + "x" * 9 * 2**20 + '"'}, {}, "config", "error", "8 MiB"),
        ({"deadline": 0.0}, {}, "deadline", "error", "deadline"),
        ({}, {"labelled": 2}, "mode", "note", "2 of these"),
        ({}, {"elsewhere": 3}, "batches", "warning", "None of these 3 assets has its image"),
        ({}, {"elsewhere": 1}, "batches", "note", "1 of 3 assets have their images elsewhere"),
    ],
)  # fmt: skip
def test_each_finding(request_, around, field, severity, words):
    found = preflight(replace(REQUEST, **request_), replace(FINE, **around))
    mine = [one for one in found if one.subject == field and one.severity == severity]
    assert any(words in one.message for one in mine), found
    assert is_blocked(found) == any(one.severity == "error" for one in found)
    assert [one.severity for one in found] == sorted(
        (one.severity for one in found), key=["error", "warning", "note"].index
    )


def test_a_class_that_is_left_out_is_no_finding_and_a_class_mapped_twice_is_one():
    many = replace(PLUGIN, classes=tuple(f"class {n}" for n in range(80)))
    twice = (Pair("car", "class 1"), Pair("car", "class 1"))
    found = preflight(replace(REQUEST, mapping=twice), replace(FINE, plugin=many))
    assert [one.severity for one in found if one.subject == "mapping"] == ["error"]


def test_where_the_projects_classes_are_not_known_no_target_is_called_gone():
    far = replace(FINE, project=replace(PROJECT, schema=None))
    assert preflight(replace(REQUEST, mapping=(Pair("x", "Car"), Pair("y", "Bus"))), far) == ()


def test_batches_with_images_are_named_where_a_run_would_find_none():
    (one,) = preflight(REQUEST, replace(FINE, elsewhere=3, with_images=("pixels",)))
    assert one.hint.endswith("These batches have some here: pixels.")
    assert preflight(REQUEST, replace(FINE, elsewhere=0, with_images=("pixels",))) == ()


def test_an_equal_run_and_the_time_it_may_take():
    done = Run("s", REQUEST, "succeeded", tasks=2, assets=10, sent_at=0.0)
    past = [replace(done, sent_at=0.0, finished_at=seconds) for seconds in (10.0, 20.0, 90.0)]
    assert estimate(past, 30) == 60.0 and estimate([], 30) is None
    found = preflight(replace(REQUEST, deadline=3.0), replace(FINE, equal=[done], past=past))
    assert [one.data for one in found if "equal run" in one.message] == ["s"]
    assert any("2 of 10, succeeded" in one.message for one in found)
    assert any(one.message == "It may take 6 s." for one in found)
    assert any(one.subject == "deadline" and one.severity == "warning" for one in found)


def test_the_payload_has_every_key_and_the_preview_no_key():
    run = Run("s", REQUEST)
    sent = payload(run, "secret", "org")
    assert list(sent) == [
        "projectId", "categorySchema", "apiKey", "orgId", "runBy", "session", "batches",
        "configJSON",
    ]  # fmt: skip
    assert sent["categorySchema"] == [
        {"schemaId": "car", "modelClass": "Car"},
        {"schemaId": "car", "modelClass": "Bus"},
    ]
    assert (
        payload(replace(run, request=replace(REQUEST, mapping=())), "k")["categorySchema"] is None
    )
    assert preview(run)["apiKey"] == MASK
