"""The demo as a project of the local hub: opened from it, published to it, and to nothing else."""

import shutil
import time

import pytest
from hub_helpers import HubProcess
from page_helpers import database, field, settled, tasks_shown
from streamlit.testing.v1.element_tree import ElementTree

from core import demo
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.demo import harbour
from core.export.reader import read_path
from core.gateway.cache import Cache
from core.gateway.protocol import TaskRead
from core.launcher.demo_project import DONE, add_demo_project, read_demo
from core.model.phrases import moment_text
from core.publish.backup import backups
from core.settings import read_settings
from core.store.hub import find_project, open_hub


@pytest.fixture(scope="module")
def with_demo(tmp_path_factory):
    """A data folder with the demo in it; copied, so that it is added only once."""
    folder = tmp_path_factory.mktemp("demo")
    settings = read_settings({"SWITCHYARD_DATA": str(folder)})
    store = open_hub(settings.database)
    assert (
        add_demo_project(store, settings) == demo.PROJECT_ID == harbour.made_id("Harbour traffic")
    )
    store.close()
    return folder


@pytest.fixture
def hub(data, with_demo):
    shutil.copytree(with_demo, data, dirs_exist_ok=True)
    running = HubProcess(data, "--upstream", "http://127.0.0.1:9").start()
    yield running
    running.end()


def words(app):
    return " ".join(str(c.value) for kind in (app.caption, app.info, app.error) for c in kind)


def afresh(app, page):
    app._tree = ElementTree()
    app._tree._runner = app
    return app.switch_page(f"pages/{page}").run()


def stage(data):
    with database(data).read() as tx:
        document = loads(find_project(tx, demo.PROJECT_ID).document)
    return next(one for one in document["stages"] if one["name"] == "Routing")


def test_without_a_hub_the_packaged_file_is_shown_and_says_so(visit):
    app = visit("logic/publish.py")
    assert "no local hub runs here, so nothing can be published" in words(app)
    assert "core up" in words(app) and tasks_shown(app) == "5,012"


def test_a_hub_that_is_started_beside_the_pages_is_awaited_and_then_shown(
    visit, data, with_demo, monkeypatch
):
    monkeypatch.setenv("SWITCHYARD_BESIDE_HUB", "1")
    monkeypatch.setattr("pages._ui.arriving._BEGAN", time.monotonic())  # as if started just now
    app = visit()
    assert "The local hub is starting" in words(app) and "comes with the local hub" in words(app)
    assert not [one for one in app.button if one.key == "home.go-registry"], "it comes by itself"
    shutil.copytree(with_demo, data, dirs_exist_ok=True)
    running = HubProcess(data).start()
    try:
        open_hub(f"sqlite:///{data / 'switchyard.db'}").take_note(DONE, demo.PROJECT_ID)
        settled(visit())
        assert "The local hub is starting" not in words(visit())
    finally:
        running.end()


def test_the_demo_opens_from_the_hub_and_publishes_there_without_a_key(
    visit, data, hub, monkeypatch
):
    monkeypatch.setenv("ANGO_API_KEY", "of-a-real-ango-hub")
    app = visit("logic/rules.py")
    assert "until the local hub's own is read" in words(app)
    settled(app)
    app.run()
    assert "On the local hub" in words(app) and tasks_shown(app) == "5,012"
    app.switch_page("pages/plugins/start.py").run()
    assert "For plugins to work on" not in words(app) and "under your key" not in words(app)
    app.switch_page("pages/logic/rules.py").run()
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    app.switch_page("pages/logic/publish.py").run()
    assert "what the local hub has now" in words(app)
    app.button(key="publish.go").click().run()
    assert "Nothing is written yet" in app.warning[0].value
    assert len(stage(data)["logic"]["conditions"]) == 7
    app.text_input(key="publish.name").set_value("Harbour traffic").run()
    app.button(key="publish.go").click().run()
    assert not app.error and not app.exception, [e.value for e in app.error]
    conditions = stage(data)["logic"]["conditions"]
    assert len(conditions) == 8
    (backup,) = backups(data / "backups", hub.url, demo.PROJECT_ID)
    assert len(next(s for s in backup.stages if s.name == "Routing").rules) == 7
    assert not app.session_state["state"].jobs, "it has read what it has written"
    split = afresh(app, "logic/split.py")  # its histories are of the seven rules before
    until = f"Up to {moment_text(backup.taken_at)} the hub had other rules here"
    assert until in words(split) and "contradict" not in words(split)
    # a hub that has ended leaves the demo as it was read, with its rules, and says why it is fixed
    hub.end()
    app = afresh(app, "logic/publish.py")
    assert "does not run now" in words(app) and tasks_shown(app) == "5,012"
    assert "core up" in words(app) and "Enter your key" not in words(app)


def test_what_the_launcher_has_read_is_shown_at_once_and_read_again_when_it_changes(
    visit, data, hub
):
    settings = read_settings({"SWITCHYARD_DATA": str(data)})
    store, cache = open_hub(settings.database), Cache(settings.hubs)
    assert read_demo(settings, store, hub.url) is None
    first = cache.get(hub.url, demo.PROJECT_ID)
    assert read_demo(settings, store, hub.url) is None
    assert cache.get(hub.url, demo.PROJECT_ID) == first, "nothing has changed"
    app = visit("logic/split.py")
    assert "On the local hub" in words(app) and not app.session_state["state"].jobs
    batch = harbour.NIGHTS[0].name
    field(app.multiselect, "frame.batches").set_value([batch]).run()
    looked_at = tasks_shown(app)
    task = hub.ask("GET", f"/v2/project/{demo.PROJECT_ID}/tasks?limit=1").json()["data"]["tasks"][0]
    target = {"filters": {"taskIds": [task["_id"]]}, "toStageId": "Review"}
    moved = hub.ask("POST", f"/v2/project/{demo.PROJECT_ID}/requeueTasks", json=target)
    assert moved.json()["data"]["modifiedCount"]["modified"] == 1 or task["stage"] == "Complete"
    hub.ask("POST", f"/v2/project/{demo.PROJECT_ID}", json={"stages": changed(data)})
    app.run()
    job = app.session_state["state"].jobs["demo"]
    assert job.ended(60) and tasks_shown(app) == looked_at
    app.query_params.clear()  # as of a page that another one has just opened
    settled(app.run())
    assert app.query_params["batch"] == [batch]
    assert cache.get(hub.url, demo.PROJECT_ID).asked_at > first.asked_at
    assert tasks_shown(app.run()) == looked_at, "the same tasks are looked at"


def changed(data):
    with database(data).read() as tx:
        stages = loads(find_project(tx, demo.PROJECT_ID).document)["stages"]
    routing = next(one for one in stages if one["name"] == "Routing")
    routing["logic"]["conditions"][4]["value"] = 0.3
    return stages


@pytest.mark.parametrize("host", ["https://imeritapi.ango.ai", "http://127.0.0.1:9"])
def test_the_demo_is_never_that_of_another_hub(visit, data, with_demo, host, monkeypatch):
    """Though the id is the demo's, and a key for that hub is there, nothing can be published."""
    monkeypatch.setenv("ANGO_API_KEY", "of-a-real-ango-hub")
    shutil.copytree(with_demo, data, dirs_exist_ok=True)
    project = read_project(loads(demo.PROJECT.read_text(encoding="utf-8")))
    cache = Cache(data / "hubs")
    cache.put(host, project, TaskRead(read_path(demo.EXPORT), "export", "", 1.0))
    app = visit("logic/publish.py")
    assert app.session_state["state"].workspace == "demo"
    assert "no local hub runs here" in words(app)
    keys = [button.key for button in app.button]
    assert "publish.look" not in keys and "publish.go" not in keys
