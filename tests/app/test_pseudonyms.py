"""People under pseudonyms: no address on any page, and each person the same everywhere."""

import json
import re

import pytest
import streamlit as st
from conftest import DATA
from page_helpers import database, field, look_at, shown

from core.export.reader import read_path
from core.model.pseudonyms import Pseudonyms
from core.private import kept_key
from core.store.drafts import Drafts
from core.store.workspaces import OpenedFiles
from pages._ui.nav import PAGES

STRANGER = "Stranger@elsewhere.example"
HIDDEN = {"people": "pseudonyms"}


@pytest.fixture(scope="module")
def addresses(sample_table, sample_project):
    people = {person.email for person in sample_project.people}
    return sorted({*people, *sample_table.people, STRANGER})


def project_text(people):
    """The sample's project, whose last rule asks for two people, one of whom it does not have."""
    document = json.loads((DATA / "project.json").read_text(encoding="utf-8"))
    project = document.get("data", document).get("project", document)
    logic = next(one for one in project["stages"] if one["type"] == "Logic")
    conditions = logic["logic"]["conditions"]
    asked = {"type": "Annotator", "value": [people[0], STRANGER], "index": len(conditions)}
    conditions.append(asked)
    logic["next"].insert(-1, "Complete")
    return json.dumps(document)


@pytest.fixture
def opened(data, addresses, sample_project):
    people = [person.email for person in sample_project.people]
    files = OpenedFiles(database(data), data / "tables")
    return files.add("export.zip", read_path(DATA / "export.zip"), project_text(people)).id


def everything(app):
    """All that a page sends to the browser, as text; tables as the browser gets them."""
    texts = [text for _, text in shown(app._tree)]
    return "\n".join([*texts, *(one.value.to_csv() for one in app.dataframe)]).casefold()


def leaks(app, addresses):
    return [one for one in addresses if one.strip().casefold() in everything(app)]


def test_addresses_stand_where_nobody_hides_them(visit, opened, addresses):
    assert leaks(visit("project/overview.py", workspace=opened), addresses)
    app = visit("logic/rules.py", workspace=opened)
    assert STRANGER in leaks(app, addresses)
    assert STRANGER in leaks(look_at(app, "JSON"), addresses)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.title)
def test_no_page_shows_an_address(visit, opened, addresses, entry):
    assert leaks(visit(entry.file, workspace=opened, **HIDDEN), addresses) == []


@pytest.mark.parametrize("view", ["Flow", "Table", "JSON"])
def test_no_view_of_the_rules_shows_an_address(visit, opened, addresses, view):
    app = look_at(visit("logic/rules.py", workspace=opened, **HIDDEN), view)
    assert leaks(app, addresses) == []


def test_a_rule_is_edited_under_pseudonyms_and_kept_with_addresses(
    visit, data, opened, addresses, sample_project
):
    app = visit("logic/rules.py", workspace=opened, **HIDDEN)
    app.selectbox(key="rules.add").set_value("Annotator").run()
    picker = next(one for one in app.multiselect if one.label == "Annotated by any of")
    assert all(re.fullmatch(r"Person [A-Z2-7]{6}", option) for option in picker.options)
    picker.set_value([person.email for person in sample_project.people[:2]]).run()
    assert not app.exception and leaks(app, addresses) == []
    (draft,) = app.query_params["draft"]
    document = Drafts(database(data)).get(draft).document
    assert "Person " not in document and sum(one in document for one in addresses) >= 3


@pytest.mark.parametrize("page", ["compare", "publish", "explain", "plan"])
def test_what_an_edit_changes_names_nobody(visit, opened, addresses, page):
    app = visit("logic/rules.py", workspace=opened, **HIDDEN)
    app.selectbox(key="rules.add").set_value("Annotator").run()
    link = {name: values[0] for name, values in app.query_params.items()}
    assert leaks(visit(f"logic/{page}.py", **link), addresses) == []


def test_it_is_switched_on_in_the_menu_and_stays_in_the_link(visit, opened, addresses, data):
    app = visit("project/overview.py", workspace=opened)
    field(app.toggle, "frame.hidden").set_value(True).run()
    assert app.query_params["people"] == ["pseudonyms"] and leaks(app, addresses) == []
    pseudonyms = Pseudonyms(kept_key(data / "pseudonyms.key"))
    assert pseudonyms.of(addresses[0].upper() + " ").casefold() in everything(app)


def test_a_setting_makes_it_so_for_everybody(visit, opened, addresses, monkeypatch):
    monkeypatch.setenv("SWITCHYARD_PSEUDONYMS", "always")
    st.cache_resource.clear()
    app = visit("project/tasks.py", workspace=opened)
    assert leaks(app, addresses) == []
    assert field(app.toggle, "frame.hidden").disabled
