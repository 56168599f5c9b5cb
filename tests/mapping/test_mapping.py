"""Findings, pairs and presets of mappings; what must hold for any names is a property."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.model.schema import Category, CategorySchema
from core.plugin_runs.mapping import preset as presets
from core.plugin_runs.mapping.doctor import LastOutput, diagnose
from core.plugin_runs.mapping.pairs import chosen_of, pairs_of, read_pairs_text
from core.plugin_runs.mapping.preset import Owner
from core.plugin_runs.model import Pair, as_pairs, read_pairs


def tool(title, schema_id=None, kind="bounding-box", **more):
    return Category("tool", kind, title, schema_id or f"id {title}", **more)


HARBOUR = CategorySchema(
    tools=(
        tool("Vessel", nested=(Category("classification", "radio", "Vessel type", "nested"),)),
        tool("Person"),
        tool("Small boat"),
        tool("Truck"),
        tool("Buoy", kind="point"),
    ),
    classifications=(Category("classification", "radio", "Visibility", "visibility"),),
)
names = st.text(max_size=12)


pairs = st.lists(st.builds(Pair, names.filter(bool), names.filter(bool)), max_size=6).map(tuple)


@given(pairs)
def test_pairs_come_back_from_their_json(found):
    assert read_pairs_text(json.dumps(as_pairs(found))) == found


def test_the_json_is_exactly_what_ango_hub_sends():
    chosen = {"Vehicle": "a", "Person": "a", "Sky": None}
    assert as_pairs(pairs_of(chosen)) == [
        {"schemaId": "a", "modelClass": "Vehicle"},
        {"schemaId": "a", "modelClass": "Person"},
    ]
    assert as_pairs(()) is None and as_pairs(pairs_of({"Sky": None})) is None
    assert read_pairs_text("null") == read_pairs_text("[]") == ()


@given(st.dictionaries(names.filter(bool), st.none() | names.filter(bool), max_size=6))
def test_a_choice_survives_the_pairs(chosen):
    assert chosen_of(pairs_of(chosen), list(chosen)) == chosen


@pytest.mark.parametrize(
    ("value", "place"),
    [({}, "list"), ([{"schemaId": "a"}], "entry 1"), ([{"schemaId": 1, "modelClass": "b"}], "1")],
)
def test_what_is_no_mapping_is_refused_with_its_place(value, place):
    with pytest.raises(InputError, match=place):
        read_pairs(value)


def codes(*given, classes=("Vehicle", "Person"), schema=HARBOUR, **more):
    return [p.code for p in diagnose(tuple(Pair(*g) for g in given), classes, schema, **more)]


def test_the_doctor_names_what_is_wrong():
    good = [("id Vessel", "Vehicle"), ("id Vessel", "Person")]
    assert codes(*good) == []
    assert codes() == ["mapping.nothing"]
    assert codes(good[0]) == []  # leaving a class out is a choice
    assert codes(good[0], ("deleted", "Person")) == ["mapping.gone"]
    assert codes(good[0], ("nested", "Person")) == ["mapping.gone"]
    assert codes(*good, ("id Person", "Person")) == ["mapping.twice"] * 2
    assert codes(*good, ("id Person", "Kite")) == ["mapping.class_unknown"]
    assert codes(*good, tools={"Person": "polygon"}) == ["mapping.tool_differs"]
    assert codes(*good, last=LastOutput(100, 25)) == ["mapping.output_lost"]
    assert codes(*good, last=LastOutput(100, 0)) == []
    twice = CategorySchema((*HARBOUR.tools, tool("Vessel", "other", "polygon")))
    assert codes(*good, schema=twice) == ["mapping.title_twice"] * 2


def test_the_share_of_the_last_output_without_a_target_is_said():
    (found,) = diagnose((), (), HARBOUR, last=LastOutput(1_200, 300))
    assert "300 of 1,200 labels (25.0 %)" in found.message


PROJECT, PLUGIN = Owner("p", "Harbour"), Owner("g", "Shapes")
MAPPED = (Pair("id Vessel", "Vehicle"), Pair("id Buoy", "Person"))


def test_a_preset_comes_back():
    made = presets.make_preset("Mine", PROJECT, PLUGIN, MAPPED, HARBOUR)
    assert presets.read_preset(presets.write_preset(made), "mine.json") == made
    fit = presets.fit(made, PROJECT, PLUGIN, ("Vehicle", "Person"), HARBOUR)
    assert (fit.refused, fit.pairs) == ("", MAPPED)


def test_a_preset_of_another_project_is_refused_with_what_could_be_taken_over():
    made = presets.make_preset("Mine", PROJECT, PLUGIN, MAPPED, HARBOUR)
    other = CategorySchema((tool("Vessel", "theirs"), tool("Buoy", "b", "polygon")))
    fit = presets.fit(made, Owner("q", "Quay"), PLUGIN, ("Vehicle", "Person"), other)
    assert fit.refused == "This preset belongs to the project “Harbour”, not to “Quay”."
    assert (fit.pairs, fit.lost) == ((Pair("theirs", "Vehicle"),), ("Person",))
    fit = presets.fit(made, PROJECT, Owner("h", "Other"), ("Vehicle",), HARBOUR)
    assert "plugin “Shapes”" in fit.refused and fit.lost == ("Person",)


def test_a_plain_list_of_pairs_is_a_preset_of_anybody():
    text = json.dumps(as_pairs(MAPPED))
    found = presets.read_preset(text, "map.json")
    assert presets.fit(found, PROJECT, PLUGIN, (), HARBOUR).pairs == MAPPED


@pytest.mark.parametrize(
    "text", ["{}", '{"switchyard": "mapping-preset", "version": 2}', "[1]", "{"]
)
def test_what_is_no_preset_is_refused(text):
    with pytest.raises(InputError, match=r"x\.json"):
        presets.read_preset(text, "x.json")
