"""Drafts of starts, what is said before one, scripts, and the difference between two runs."""

import ast
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UnknownName
from core.model.names import names_of
from core.model.project import Project, ProjectBatch
from core.model.schema import Category, CategorySchema
from core.plugin_runs.compare import ClassDifference, asked_differently, labelled_differently
from core.plugin_runs.draft import (
    StartDraft,
    declared_tools,
    read_start,
    request_of,
    start_of,
    with_plugin,
    write_start,
)
from core.plugin_runs.model import KeptLabels, Liveness, Pair, Plugin, Run, RunRequest
from core.plugin_runs.preflight import Around, is_blocked, preflight
from core.plugin_runs.script import file_name, plugin_script, start_line
from core.store.hub import open_hub
from core.store.starts import Starts


def tool(title, kind="bounding-box"):
    return Category("tool", kind, title, f"id {title}")


PROJECT = Project(
    "p", "Harbour", CategorySchema((tool("Vessel"), tool("Person"))), (ProjectBatch("b", "pixels"),)
)
PLUGIN = Plugin("g", "Finder", classes=("vessels", "persom", "kite"), config='{"min": 1.50}')
names = names_of(PROJECT)
texts = st.text(max_size=5)
starts = st.builds(
    StartDraft,
    plugin=texts,
    project=texts,
    batches=st.lists(texts, max_size=2).map(tuple),
    chosen=st.none() | st.lists(st.tuples(texts, st.none() | texts), max_size=3).map(tuple),
    config=st.none() | st.text(max_size=20),
    limit=st.none() | st.integers(1, 99),
    assets=st.none() | st.lists(texts, max_size=2).map(tuple),
    deadline=st.floats(1, 1e6),
)


@given(starts)
def test_a_draft_comes_back_as_it_was(start):
    assert read_start(write_start(start)) == start


def test_a_fresh_start_takes_sure_suggestions_and_the_default_config():
    start = with_plugin(StartDraft("g", "p"), PLUGIN, PROJECT)
    assert start.mapping == {"vessels": "id Vessel", "persom": None, "kite": None}
    request = request_of(start, dry_run=True)
    assert request.config == PLUGIN.config and request.dry_run
    assert request.mapping == (Pair("id Vessel", "vessels"),)
    learned = replace(PLUGIN, classes=(*PLUGIN.classes, "Person"))
    assert with_plugin(start, learned, PROJECT).mapping["Person"] is None


def test_what_was_asked_can_be_edited_and_asked_again():
    request = RunRequest("g", "p", ("b",), (Pair("id Vessel", "vessels"),), '{ "a":1 }', limit=3)
    assert request_of(start_of(request, PLUGIN), dry_run=False) == request
    assert request_of(start_of(request, None), dry_run=False) == request


def test_nothing_mapped_is_null():
    start = replace(with_plugin(StartDraft("g", "p"), PLUGIN, PROJECT), chosen=(("vessels", None),))
    assert request_of(start, dry_run=False).mapping is None


def findings(request, **more):
    around = Around(PLUGIN, Liveness("live"), PROJECT, {"b": 36}, 36, 0)
    return preflight(request, replace(around, **more))


GOOD = RunRequest("g", "p", ("b",), (Pair("id Vessel", "vessels"),), "{}")


def test_every_reason_stands_beside_its_field():
    assert not is_blocked(findings(GOOD))
    gone = findings(replace(GOOD, mapping=(Pair("deleted", "vessels"),)))
    assert (
        is_blocked(gone) and gone[0].subject == "mapping" and "no longer exists" in gone[0].message
    )
    broken = findings(replace(GOOD, config='{\n "a": }'))
    assert broken[0].subject == "config" and "Line 2, column 7" in broken[0].message
    strict = replace(PLUGIN, config_schema='{"properties": {"a": {"type": "integer"}}}')
    wrong = findings(replace(GOOD, config='{"a": "x"}'), plugin=strict)
    assert is_blocked(wrong) and "a must be a whole number" in wrong[0].message


def test_the_tools_that_a_plugin_declares_stand_in_its_schema():
    declared = replace(PLUGIN, config_schema='{"x-tools": {"vessels": "polygon", "kite": 3}}')
    assert declared_tools(declared) == {"vessels": "polygon"}
    assert declared_tools(PLUGIN) == declared_tools(replace(PLUGIN, config_schema="[")) == {}
    found = findings(GOOD, plugin=declared)
    assert any("makes polygon" in one.message and one.subject == "mapping" for one in found)


def test_the_share_of_the_last_run_without_a_target_is_said():
    refused = {"The project has no class x among its tools.": 10, "No task has the asset y.": 5}
    past = Run("s", GOOD, "succeeded", per_class={"id Vessel": 90}, refused=refused)
    assert any("10 of 100 labels (10.0 %)" in one.message for one in findings(GOOD, past=(past,)))
    other = replace(past, request=replace(GOOD, project="another"))
    assert not any("labels (" in one.message for one in findings(GOOD, past=(other,)))


@pytest.mark.parametrize("name", ["Finder", 'a "quoted" \\ name', "Schöne Formen", '"""'])
@pytest.mark.parametrize("connector", ["ws", "rest"])
def test_the_script_is_python_with_the_right_form_and_no_secret(name, connector):
    plugin = replace(PLUGIN, name=name, connector=connector, url="http://127.0.0.1:9090")
    text = plugin_script(plugin, "http://127.0.0.1:8600")
    (callback,) = [n for n in ast.walk(ast.parse(text))
                   if isinstance(n, ast.FunctionDef) and n.name == "callback"]  # fmt: skip
    assert [one.arg for one in callback.args.args] == ["data"] and callback.args.kwarg is None
    assert "PLUGIN_ID = 'g'" in text and 'os.environ["PLUGIN_SECRET"]' in text
    assert ("CONNECTOR=REST PORT=9090" in start_line(plugin)) == (connector == "rest")
    assert file_name(plugin).endswith(".py") and file_name(plugin).isascii()


def kept(task, *boxes):
    tools = [{"objectId": f"{task}{n}", "schemaId": schema, "bounding-box": {"x": x}}
             for n, (schema, x) in enumerate(boxes)]  # fmt: skip
    return KeptLabels(task, f"a{task}", None, {"tools": tools}, {}, None)


def pages(*all_of_them):
    return lambda limit, offset: all_of_them[offset : offset + limit]


def test_two_runs_differ_in_what_was_asked_and_what_came_of_it():
    other = replace(GOOD, config='{"min": 2}', mapping=(Pair("id Person", "vessels"),), limit=5)
    asked = asked_differently(Run("1", GOOD), Run("2", other), names)
    assert [(a.what, a.first, a.second) for a in asked] == [
        ("Assets", "all", "the first 5"),
        ("Class vessels", "Vessel", "Person"),
        ("Config min", "not there", "2"),
    ]
    assert asked_differently(Run("1", GOOD), Run("2", GOOD), names) == ()
    first = pages(kept("t", ("id Vessel", 1), ("id Vessel", 2)), kept("u", ("id Person", 1)))
    second = pages(kept("t", ("id Vessel", 2), ("id Vessel", 3), ("id Vessel", 4)))
    assert labelled_differently(first, second) == (
        ClassDifference("id Vessel", 2, 3, 1),
        ClassDifference("id Person", 1, 0, 0),
    )


def test_drafts_are_kept(database_url):
    store = Starts(open_hub(database_url))
    made = store.add("one")
    store.save(made, "two")
    assert Starts(open_hub(database_url)).get(made) == "two"
    with pytest.raises(UnknownName):
        store.get("another")


@pytest.mark.parametrize(
    "name", ["half \ud83d", 'a"""b', "c\\", "d\n\ne", "\x1b[2J", "{x}", "\u202eevil"]
)
def test_a_script_can_be_written_and_read_whatever_its_names_are(name):
    script = plugin_script(Plugin("p", name, classes=(name,)), "http://127.0.0.1:8600")
    ast.parse(script.encode("utf-8"))
    assert "\u202e" not in script and "\x1b" not in script
