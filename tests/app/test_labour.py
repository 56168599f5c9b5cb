"""Let tasks through on the Split page, then observed against predicted with nothing typed."""

import shutil
import time

import pytest
from hub_helpers import HubProcess
from page_helpers import charts, settled, tasks_shown

from core.launcher.demo_project import add_packaged
from core.launcher.demo_work import work
from core.launcher.labour import is_held, read_labour
from core.launcher.start_over import started_over_at
from core.settings import read_settings
from core.store.hub import open_hub

MARKS = "markers+text"


@pytest.fixture(scope="module")
def packaged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packaged")
    settings = read_settings({"SWITCHYARD_DATA": str(folder)})
    store = open_hub(settings.database)
    add_packaged(store, settings)
    store.close()
    return folder


@pytest.fixture
def hub(data, packaged):
    shutil.copytree(packaged, data, dirs_exist_ok=True)
    running = HubProcess(data).start()
    yield running
    running.end()


def words(app):
    kinds = (app.caption, app.info, app.error, app.markdown)
    return " ".join(str(one.value) for kind in kinds for one in kind)


def ended(visit, data, seconds=240):
    """A window that is opened once the work has ended, and has read what the hub has."""
    store = open_hub(read_settings({"SWITCHYARD_DATA": str(data)}).database)
    end = time.monotonic() + seconds
    while (labour := read_labour(store)) is None or is_held(data):
        assert time.monotonic() < end, "it goes on for ever"
        time.sleep(0.1)
    app = settled(visit("logic/split.py"))
    return app.run(), labour


def test_without_a_hub_it_says_so(visit):
    app = visit("logic/split.py")
    assert "no local hub runs here" in words(app)
    assert "labour.go" not in [button.key for button in app.button]


def test_tasks_are_let_through_and_the_hub_is_judged(visit, data, hub):
    app = settled(visit("logic/split.py"))
    app.run()
    app.text_input(key="labour.tasks").set_value("120")
    app.radio(key="labour.speed").set_value("As fast as possible").run()
    assert app.button(key="labour.go").label == "Let 120 tasks through"
    app.button(key="labour.go").click().run()
    assert "labour.go" not in [button.key for button in app.button], "it goes on once"
    app, labour = ended(visit, data)
    assert labour.passed == 120 and labour.seed == 7
    shown = words(app)
    assert "120 of 120 tasks came through" in shown and "Observed against predicted" in shown
    assert "what the scenario expects" in shown and "with 120 tasks" in shown
    dots = next(
        trace for chart in charts(app) for trace in chart["data"] if trace.get("mode") == MARKS
    )
    assert dots["x"] == list(labour.outputs[0].counts)
    assert tasks_shown(app) == "5,012"
    app.switch_page("pages/logic/plan.py").run()
    assert app.session_state["plan.source"] == "From the local hub"
    assert "with 120 tasks" in words(app)


def test_work_can_be_watched_and_stopped(visit, data, hub):
    app = settled(visit("logic/split.py"))
    app.run()
    app.text_input(key="labour.tasks").set_value("2,000").run()
    app.button(key="labour.go").click().run()
    store = open_hub(read_settings({"SWITCHYARD_DATA": str(data)}).database)
    end = time.monotonic() + 40
    while (labour := read_labour(store)) is None or labour.passed < 6:
        assert time.monotonic() < end
        time.sleep(0.1)
    # another window sees the same work, and stops it
    other = visit("logic/split.py")
    assert "tasks per output so far" in words(other)
    other.button(key="labour.stop").click().run()
    app, labour = ended(visit, data)
    assert labour.state == "stopped" and 6 <= labour.passed < 2_000
    assert "Stopped:" in words(app)


def test_start_over_asks_once_and_other_windows_are_told(visit, data, hub):
    app = settled(visit("logic/rules.py"))
    app.run()
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    draft = app.query_params["draft"][0]
    other = visit("logic/split.py", draft=draft)
    settings = read_settings({"SWITCHYARD_DATA": str(data)})
    store = open_hub(settings.database)
    work(settings, store, 30, 7)
    app = settled(visit("logic/split.py", draft=draft))
    app.run()
    assert "30 of 30 tasks came through" in words(app)
    app.button(key="demo.again").click().run()
    assert "drafts, scenarios, backups and runs stay" in words(app)
    app.button(key="demo.sure").click().run()
    assert not app.exception and not app.error
    assert "draft" not in app.query_params
    assert read_labour(store) is None and started_over_at(store) > 0
    again = settled(visit("logic/rules.py"))
    again.run()
    assert any("before starting over" in label for label in draft_labels(again))
    # another window that looks at the demo is told in one sentence, and its draft goes on
    settled(other)
    other.run()
    assert other.session_state["state"].draft.id == draft
    assert any("started over in another window" in toast.value for toast in other.toast)


def draft_labels(app):
    return next(box.options for box in app.selectbox if box.label == "Draft")
