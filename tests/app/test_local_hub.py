"""The local hub connects itself to the dashboard of its own data folder."""

import json

import pytest
from conftest import DATA
from hub_helpers import PROJECT, HubProcess, run_core
from page_helpers import settled, tasks_shown

from pages._ui import connecting
from pages.logic.parts import hub_look


@pytest.fixture
def hub(data):
    running = HubProcess(data).start()
    yield running
    running.end()


def add(data):
    files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
    added = run_core("project", "add", "--name", "Street scenes", *files, "--data", data, "--json")
    assert json.loads(added.stdout) == {"_id": PROJECT}, added.stderr


def shown(app):
    kinds = (app.success, app.info, app.warning, app.error, app.markdown, app.caption, app.code)
    return " ".join(str(one.value) for kind in kinds for one in kind)


def test_a_new_hub_is_connected_and_says_how_to_add_a_project(visit, hub, data):
    app = visit("project/connect.py")
    words = shown(app)
    assert "project add" in words and str(data) in words and "role" not in words
    assert "**Connected**" in words and "connect.key" not in [t.key for t in app.text_input]
    add(data)
    app.run()
    assert app.success[0].value == "Local hub connected: 1 project."


def test_its_projects_open_without_a_key_and_again_after_a_reload(visit, hub, data, monkeypatch):
    monkeypatch.setenv("ANGO_API_KEY", "for-ango-hub-alone")
    add(data)
    app = visit("project/connect.py")
    app.button(key="connect.open").click().run()
    settled(app)
    app.switch_page("pages/logic/publish.py").run()
    assert "publish.look" in [button.key for button in app.button]
    # a reload begins a session anew; it has nothing but the address
    again = visit("logic/publish.py", workspace=app.query_params["workspace"][0])
    assert tasks_shown(again) == "400"
    again.button(key="publish.look").click().run()
    assert not again.error and "what the local hub has now" in shown(again)
    assert not again.session_state["state"].keys
    assert hub.key not in shown(again) + str(again.query_params)


def test_another_hub_can_be_asked_and_the_local_one_comes_back(visit, hub, data):
    add(data)
    app = visit("project/connect.py")
    app.selectbox(key="connect.place").set_value("Another address").run()
    app.text_input(key="connect.host").set_value("http://127.0.0.1:9").run()
    app.text_input(key="connect.key").set_value("some-key")
    app.button(key="connect.test").click().run()
    settled(app)
    assert "no connection" in app.error[0].value
    app.selectbox(key="connect.place").set_value(connecting.LOCAL).run()
    assert app.success[0].value == "Local hub connected: 1 project."


def test_without_a_hub_a_key_is_asked_for_as_before(visit):
    app = visit("project/connect.py")
    assert "connect.key" in [text.key for text in app.text_input]
    assert "Local hub connected" not in shown(app)


def test_a_hub_elsewhere_is_written_to_only_after_a_look_a_switch_and_its_name(
    visit, hub, data, monkeypatch
):
    """Every hub of the tests is on loopback; the page alone takes this one for another's."""
    add(data)
    app = visit("project/connect.py")
    app.button(key="connect.open").click().run()
    settled(app)
    app.switch_page("pages/logic/rules.py").run()
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    monkeypatch.setattr(hub_look, "is_local", lambda _: False)
    app.switch_page("pages/logic/publish.py").run()
    assert "publish.go" not in [button.key for button in app.button], "it was not looked at yet"
    app.button(key="publish.look").click().run()

    def conditions():
        project = hub.ask("GET", f"/v2/project/{PROJECT}").json()["data"]["project"]
        return next(s for s in project["stages"] if s["type"] == "Logic")["logic"]["conditions"]

    before = conditions()
    app.text_input(key="publish.name").set_value("Street scenes").run()
    app.button(key="publish.go").click().run()
    assert "Switch on that you want to change it." in app.warning[0].value
    assert conditions() == before
    app.toggle(key="publish.allowed").set_value(True).run()
    app.button(key="publish.go").click().run()
    assert not app.error and len(conditions()) == len(before) + 1
    assert app.toggle(key="publish.allowed").value is False, "each write is allowed anew"
    assert app.text_input(key="publish.name").value == ""
