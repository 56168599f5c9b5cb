"""A page with nothing to show says what it will show, and has the button that brings it there."""

from io import BytesIO

import pytest
from page_helpers import database, tasks_shown

from core.export.reader import read_stream
from core.store.workspaces import OpenedFiles
from pages._ui.nav import PAGES

OF_TASKS = [entry.file for entry in PAGES if "tasks" in entry.obeys]
NOT_EMPTY = {"logic/rules.py", "logic/publish.py", "project/connect.py"}
"""They show something whatever the tasks are: rules, what would change, where to connect."""


def the_button(app):
    """The one main button of an empty page."""
    (button,) = [one for one in app.button if one.proto.type == "primary"]
    return button


@pytest.fixture
def quiet_days():
    """A day on which nothing happened."""
    return {"from": "2001-01-01", "to": "2001-01-02"}


@pytest.mark.parametrize("page", sorted(set(OF_TASKS) - NOT_EMPTY))
def test_a_selection_without_tasks_says_what_will_stand_here_and_shows_all(visit, page, quiet_days):
    app = visit(page, **quiet_days)
    assert " to see " in app.info[0].value and app.info[0].value.startswith("No task is in")
    assert the_button(app).label == "Look at all tasks"
    app = the_button(app).click().run()
    assert not app.exception and tasks_shown(app) == "5,012"
    assert not [one for one in app.info if "No task is in" in one.value]


@pytest.fixture
def nothing_in_it(visit, data):
    """Opens a page on a file without tasks."""
    table = read_stream(BytesIO(b'[{"asset": {"_id": "a"}, "tasks": []}]'), "none.json")
    file = OpenedFiles(database(data), data / "tables").add("none.json", table, None)
    return lambda page: visit(page, workspace=file.id)


@pytest.mark.parametrize(
    "page", [one.file for one in PAGES if one.obeys and one.file not in NOT_EMPTY]
)
def test_a_file_without_tasks_offers_to_open_another(nothing_in_it, page):
    app = nothing_in_it(page)
    wanted = "Add a rule" if page in ("logic/explain.py", "logic/plan.py") else "Open an export"
    assert the_button(app).label == wanted and " to see " in app.info[0].value


def test_publish_without_a_workflow_offers_to_open_an_export(nothing_in_it):
    app = nothing_in_it("logic/publish.py")
    assert the_button(app).label == "Open an export" and " to see " in app.info[0].value


@pytest.mark.parametrize(
    ("page", "says", "label"),
    [
        ("plugins/runs.py", "will stand here", "Register a plugin"),
        ("plugins/start.py", "Here you choose", "Register a plugin"),
        ("plugins/registry.py", "No plugin yet", "Register a plugin"),
    ],
)
def test_plugin_pages_lead_to_the_first_plugin_and_run(visit, page, says, label):
    app = visit(page)
    assert says in app.info[0].value and the_button(app).label == label
    assert not the_button(app).click().run().exception


def test_the_button_of_plugins_opens_the_form(visit):
    app = visit("plugins/registry.py")
    assert not app.text_input
    assert the_button(app).click().run().text_input[0].label == "Name"
