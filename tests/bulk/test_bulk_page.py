"""The page Bulk: from choosing to done, stale, and what cannot be used."""

import random

import pytest
import streamlit as st
from bulk.world import BulkWorld
from hub_helpers import ROOT
from page_helpers import charts, field, settled
from streamlit.testing.v1 import AppTest

from core.store import audit
from core.store.database import open_database

PAGE = "pages/workflow/bulk.py"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    running = BulkWorld(tmp_path_factory.mktemp("page"), random.Random(3))
    yield running
    running.hub.end()


@pytest.fixture
def app(world, monkeypatch):
    monkeypatch.setenv("SWITCHYARD_DATA", str(world.data))
    st.cache_resource.clear()
    st.cache_data.clear()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.switch_page("pages/project/connect.py")
    app.run()
    app.button(key="connect.open").click().run()
    settled(app)
    app.switch_page(PAGE).run()
    assert not app.exception, app.exception
    yield app
    st.cache_resource.clear()


def words(app):
    kinds = (app.success, app.info, app.warning, app.error, app.markdown, app.caption, app.text)
    return " ".join(str(one.value).replace("\\", "") for kind in kinds for one in kind)


def choose(app, what):
    app.button_group(key="bulk.what").set_value(what).run()


def carry_out(app, name="All stages"):
    app.text_input(key="bulk.name").set_value(name).run()
    app.button(key="bulk.go").click().run()
    assert not app.exception, app.exception


def test_it_says_the_whole_project_with_its_number_and_requeues_a_part(world, app):
    assert "bulk.go" not in [button.key for button in app.button], "no stage is chosen"
    app.selectbox(key="bulk.to").set_value("Review").run()
    assert "No filter is set: this is every task of the project, 60 tasks." in words(app)
    assert "A requeue leaves no entry" in words(app) and len(charts(app)) == 1
    before = world.rows()
    label = [task for task, row in before.items() if row["stage"] == "Label"]
    app.multiselect(key="bulk.stages").set_value(["Label"]).run()
    assert f"{len(label)} of {len(label)} would change." in words(app)
    carry_out(app, "another name")
    assert "Nothing is done yet" in words(app) and world.rows() == before
    carry_out(app)
    assert f"{len(label)} of {len(label)} tasks are as wanted" in words(app)
    after = world.rows()
    assert {after[task]["stage"] for task in label} == {"Review"}
    assert all(after[task] == row for task, row in before.items() if task not in label)
    assert "No task fits the filter." in words(app), "it was read again"


def test_a_preview_that_became_stale_is_refused_until_it_is_looked_at_again(world, app):
    choose(app, "Priority")
    field(app.text_input, "bulk.priority").set_value("77").run()
    app.multiselect(key="bulk.stages").set_value(["Review"]).run()
    task = next(task for task, row in world.rows().items() if row["stage"] == "Review")
    assert world.submit(task, 1).ok
    before = world.rows()
    carry_out(app)
    assert "changed after this preview was made; nothing was written" in words(app)
    assert "no longer fits the filter" in words(app) and world.rows() == before
    assert "bulk.go" not in [button.key for button in app.run().button]
    app.button(key="bulk.look").click().run()
    assert "nothing was written" not in words(app)
    carry_out(app)
    rows = world.rows().values()
    assert {row["priority"] for row in rows if row["stage"] == "Review"} == {77}
    with open_database(f"sqlite:///{world.data / 'switchyard.db'}").read() as tx:
        entry = next(audit.entries(tx, limit=1))
    assert entry.action == "bulk" and '"verified"' in entry.after


@pytest.mark.parametrize(
    ("box", "text", "sentence"),
    [
        ("bulk.priority", "1.5", "whole"),
        ("bulk.priority", "1001", "1,000"),
        ("bulk.priority", "", "Type a"),
    ],
)
def test_a_priority_that_cannot_be_used_is_one_sentence(app, box, text, sentence):
    choose(app, "Priority")
    field(app.text_input, box).set_value(text).run()
    assert sentence in " ".join(one.value for one in app.error)
    assert "bulk.go" not in [button.key for button in app.button]


def test_ids_of_blanks_are_refused_and_unknown_ones_are_said(app):
    app.selectbox(key="bulk.to").set_value("Hold").run()
    app.text_area(key="bulk.ids/tasks").set_value("  \n ").run()
    assert "task id: is empty" in words(app)
    app.text_area(key="bulk.ids/tasks").set_value("nothing-of-this-id").run()
    assert "1 task id belongs to no task: nothing-of-this-id." in words(app)
    assert "bulk.go" not in [button.key for button in app.button]


def test_assignment_says_who_and_people_stay_hidden_under_pseudonyms(world, app):
    app.session_state["state"].hidden = True
    choose(app, "Assignment")
    person = app.selectbox(key="bulk.person")
    assert all("@" not in option for option in person.options) and len(person.options) == 3
    person.set_value("cem@example.com").run()
    app.multiselect(key="bulk.stages").set_value(["Review"]).run()
    assert "into which they are not allowed" in words(app) and "@example" not in words(app)
    carry_out(app)
    rows = world.rows().values()
    assert {r["assignee"] for r in rows if r["stage"] == "Review"} == {"cem@example.com"}


def test_an_opened_file_says_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.setenv("SWITCHYARD_DATA", str(tmp_path))
    st.cache_resource.clear()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.switch_page(PAGE)
    app.run()
    assert "need a project of a hub" in app.info[0].value and not app.exception
    st.cache_resource.clear()
