"""Connect against a real hub on its bad days: one sentence, what is open stays, nothing is lost."""

import copy
import json
import time

import pytest
from benchmark_world import answer, known
from conftest import DATA
from hub_helpers import PROJECT, HubProcess, make_stages, run_core
from page_helpers import field, metric, settled, tasks_shown, unescaped
from streamlit.testing.v1.element_tree import ElementTree

from core.gateway.cache import Cache

PAGES = (
    "project/overview.py",
    "project/tasks.py",
    "logic/rules.py",
    "logic/split.py",
    "logic/publish.py",
)


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    data = tmp_path_factory.mktemp("hub")
    files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
    added = run_core("project", "add", "--name", "Street scenes", *files, "--data", data, "--json")
    assert json.loads(added.stdout) == {"_id": PROJECT}, added.stderr
    running = HubProcess(data).start()
    yield running
    running.end()


@pytest.fixture(autouse=True)
def no_fault_stays(hub):
    yield
    if hub.process.poll() is None:
        hub.admin("DELETE", "faults")


def fault(hub, pattern, kind, **more):
    hub.admin("POST", "faults", {"pattern": pattern, "kind": kind, **more})


def connect(visit, address, key):
    app = visit("project/connect.py")
    app.selectbox(key="connect.place").set_value("Another address").run()
    app.text_input(key="connect.host").set_value(address).run()
    app.text_input(key="connect.key").set_value(key)
    app.button(key="connect.test").click().run()
    return settled(app)


def connected(visit, hub):
    app = connect(visit, hub.url, hub.key)
    assert app.success[0].value.startswith("Connected"), [e.value for e in app.error]
    return app


def afresh(app, page):
    """A page without what the test, unlike a browser, keeps of the one before."""
    app._tree = ElementTree()
    app._tree._runner = app
    return app.switch_page(f"pages/{page}").run()


def open_project(app, project=PROJECT):
    before = app.session_state["state"].workspace
    app.selectbox(key="connect.project").set_value(project).run()
    app.button(key="connect.open").click().run()
    settled(app)
    if app.session_state["state"].workspace == before:
        return app
    return afresh(app, "project/overview.py")


def sentence(app):
    """The one error of a page: what went wrong, what to do next, and that nothing is lost."""
    (error,) = app.error
    assert any("What was open stays open" in caption.value for caption in app.caption)
    return unescaped(error.value)


def stays_on_the_demo(app):
    assert app.session_state["state"].workspace == "demo"
    assert tasks_shown(app) == "5,012"


@pytest.mark.parametrize(
    ("address", "key", "said", "hint"),
    [
        ("{url}", "wrong", "does not know this API key", "Account → API"),
        ("http://127.0.0.1:9", "key", "no connection", "Check the host's address"),
        ("{url}/login", "key", "has a path behind its name", "Give it as https://"),
        ("http://example.com", "secret", "travel unencrypted", "Use https://"),
        ("nothing like it at all", "key", "is not an address", "Give it as https://"),
        ("{url}", "a key", "holds a blank", "Copy it from"),
    ],
)
def test_a_wrong_key_or_host(visit, hub, address, key, said, hint):
    app = connect(visit, address.format(url=hub.url), key)
    text = sentence(app)
    assert said in text and hint in text and f" {key} " not in text
    stays_on_the_demo(app)


@pytest.mark.parametrize(
    ("what", "kind", "said", "hint"),
    [
        ("listing", {"status": 403}, "this key may not do that", "Ask a manager"),
        ("listing", {"status": 429, "retryAfter": 90}, "asked too often", "Wait a minute"),
        ("listing", {"kind": "html"}, "the answer is no JSON", "Check the host"),
        ("opening", {"status": 403}, "this key may not do that", "Ask a manager"),
        ("opening", {"status": 429, "retryAfter": 90}, "asked too often", "Wait a minute"),
        ("opening", {"status": 451}, "closed to this place", "Use the network"),
        ("opening", {"status": 500}, "the hub failed", "Try again"),
    ],
)
def test_a_hub_that_refuses(visit, hub, what, kind, said, hint):
    kind = {"kind": "status", **kind}
    if what == "listing":
        fault(hub, "GET /v2/listProjects", **kind)
        app = connect(visit, hub.url, hub.key)
    else:
        app = connected(visit, hub)
        fault(hub, "GET /v2/project/*", **kind)
        open_project(app)
    text = sentence(app)
    assert said in text and hint in text
    stays_on_the_demo(app)
    hub.admin("DELETE", "faults")
    if what == "opening":
        open_project(app)
        assert not app.error and tasks_shown(app) == "400"


def test_the_key_stays_in_memory(visit, hub, data, capfd, caplog):
    app = open_project(connected(visit, hub))
    assert tasks_shown(app) == "400"
    kept = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert kept and not [path for path, content in kept.items() if hub.key.encode() in content]
    out, err = capfd.readouterr()
    shown = [*map(str, app.main), *map(str, app.sidebar), str(app.query_params)]
    assert not [text for text in (out, err, caplog.text, *shown) if hub.key in text]
    again = visit("project/connect.py", workspace=app.query_params["workspace"][0])
    assert tasks_shown(again) == "400" and not again.session_state["state"].keys


def test_a_configured_key_is_for_the_hosts_of_ango_hub_only(visit, monkeypatch):
    monkeypatch.setenv("ANGO_API_KEY", "configured")
    app = visit("project/connect.py")
    assert any("from the settings of this server" in caption.value for caption in app.caption)
    app.selectbox(key="connect.place").set_value("Another address").run()
    app.text_input(key="connect.host").set_value("https://elsewhere.example.com").run()
    assert not any("A key for this host" in caption.value for caption in app.caption)
    monkeypatch.delenv("ANGO_API_KEY")
    app.secrets["ANGO_API_KEY"] = "in-the-file"
    app.selectbox(key="connect.place").set_value("India").run()
    assert any("from the settings of this server" in caption.value for caption in app.caption)


def test_a_configured_key_that_cannot_be_one_is_named_and_not_shown(visit, monkeypatch):
    monkeypatch.setenv("ANGO_API_KEY", "left right")
    app = visit("project/connect.py")
    (said,) = app.warning
    assert "ANGO" in said.value and "left right" not in said.value
    assert not any("A key for this host" in caption.value for caption in app.caption)


def test_a_hub_that_is_asked_too_often_for_a_moment_is_waited_for(visit, hub):
    app = connected(visit, hub)
    fault(hub, "GET /v2/project/*", "status", status=429, retryAfter=1, times=1)
    open_project(app)
    assert not app.error and tasks_shown(app) == "400"


def test_a_project_that_is_gone(visit, hub):
    project = hub.sdk().create_project("Short-lived")["data"]["project"]["_id"]
    app = connected(visit, hub)
    hub.sdk().delete_project(project)
    text = sentence(open_project(app, project))
    assert "the hub does not have it" in text and "Check the project" in text
    stays_on_the_demo(app)


@pytest.mark.slow
def test_a_link_that_fails_half_way_goes_on_where_it_stopped(visit, hub, data):
    app = connected(visit, hub)
    fault(hub, "GET /files/*", "half")
    text = sentence(open_project(app))
    assert "cut" in text and "bytes are kept" in text and "goes on where it stopped" in text
    stays_on_the_demo(app)
    hub.admin("DELETE", "faults")
    open_project(app)
    assert tasks_shown(app) == "400"
    fault(hub, "GET /files/*", "half")
    app.switch_page("pages/project/connect.py").run()
    app.selectbox(key="connect.project").set_value(PROJECT).run()
    app.button(key="connect.refresh").click().run()
    assert "bytes are kept" in sentence(settled(app))
    assert tasks_shown(app) == "400"  # what was read before is still on show


@pytest.mark.slow
def test_a_hub_that_dies_while_it_is_read(visit, hub, data):
    app = connected(visit, hub)
    fault(hub, "GET /files/*", "slow", seconds=0.02)
    app.selectbox(key="connect.project").set_value(PROJECT).run()
    app.button(key="connect.open").click().run()
    end = time.monotonic() + 20
    while not any(part.stat().st_size for part in data.glob("hubs/*/unfinished/export.part")):
        assert time.monotonic() < end
        time.sleep(0.05)
    hub.end()
    text = sentence(settled(app, 60))
    assert "connection" in text and "goes on where it stopped" in text
    stays_on_the_demo(app)
    hub.start()
    open_project(app)
    assert not app.error and tasks_shown(app) == "400"


def test_a_reading_can_be_stopped_while_the_hub_hangs(visit, hub):
    app = connected(visit, hub)
    fault(hub, "GET /v2/export", "hang")
    app.selectbox(key="connect.project").set_value(PROJECT).run()
    app.button(key="connect.open").click().run()
    assert "open" in app.session_state["state"].jobs
    app.button(key="reading.cancel/open").click().run()
    assert not app.session_state["state"].jobs and not app.error
    stays_on_the_demo(app)


def test_an_empty_project_without_batches_says_so_on_every_page(visit, hub):
    project = hub.sdk().create_project("Empty")["data"]["project"]["_id"]
    app = open_project(connected(visit, hub), project)
    assert tasks_shown(app) == "0"
    for page in PAGES:
        app.switch_page(f"pages/{page}").run()
        assert not app.exception, (page, app.exception)
    app.switch_page("pages/project/overview.py").run()
    assert "has no task yet" in app.info[0].value and "read it again" in app.info[0].value


def test_tasks_without_any_batch(visit, hub):
    sdk = hub.sdk()
    project = sdk.create_project("No batch")["data"]["project"]["_id"]
    sdk.upload_files_cloud(project, [{"data": f"https://x.example/{n}"} for n in range(5)])
    app = open_project(connected(visit, hub), project)
    assert metric(app, "Batches") == "0" and tasks_shown(app) == "5"
    for page in PAGES:
        app.switch_page(f"pages/{page}").run()
        assert not app.exception, (page, app.exception)


def logic(key, *targets):
    rules = [{"type": "RandomSample", "value": 0.5, "index": n} for n in range(len(targets) - 1)]
    return {
        "id": key,
        "type": "Logic",
        "name": "Routing",
        "next": list(targets),
        "logic": {"conditions": rules},
    }


NO_GRAPHS = {
    "none": [],
    "unknown target": [*make_stages()[:2], logic("L", "nowhere", None)],
    "equal ids and itself": [*make_stages(), *make_stages(), logic("L", "L", "L")],
    "too few outputs": [*make_stages(), {**logic("L", "Label", "Review"), "next": ["Label"]}],
    "odd types": [
        {"id": "x", "type": "Teleport", "name": "x", "next": "y"},
        {"id": "z"},
        {**logic("L", "x", ""), "next": None},
    ],
}


@pytest.mark.parametrize("name", NO_GRAPHS)
def test_stages_that_form_no_graph_open_and_are_named(visit, hub, data, name):
    sdk = hub.sdk()
    project = sdk.create_project("Odd")["data"]["project"]["_id"]
    sdk.upload_files_cloud(project, [{"data": f"https://x.example/{n}"} for n in range(3)])
    stages = copy.deepcopy(NO_GRAPHS[name])
    sdk.update_workflow_stages(project, stages)
    app = open_project(connected(visit, hub), project)
    assert not app.error and tasks_shown(app) == "3"
    for page in PAGES:
        app.switch_page(f"pages/{page}").run()
        assert not app.exception, (page, app.exception)
    app.switch_page("pages/logic/rules.py").run()
    said = " ".join(markdown.value for markdown in app.markdown)
    if name in ("unknown target", "too few outputs", "odd types"):
        assert ":material/error:" in said or ":material/warning:" in said
    assert project in [kept.project_id for kept in Cache(data / "hubs").all()]


# -- histories ----------------------------------------------------------------------------------


def by_pages(visit, hub):
    app = connected(visit, hub)
    fault(hub, "GET /v2/export", "status", status=403)
    return open_project(app)


@pytest.mark.parametrize("page", ["project/overview.py", "project/tasks.py", "logic/split.py"])
def test_the_history_of_the_tasks_looked_at_is_fetched_on_request(visit, hub, page, monkeypatch):
    monkeypatch.setenv("SWITCHYARD_REQUESTS_PER_MINUTE", "100000")
    app = by_pages(visit, hub)
    batch = field(app.multiselect, "frame.batches").options[0]
    field(app.multiselect, "frame.batches").set_value([batch]).run()
    app.switch_page(f"pages/{page}").run()
    shown = int(app.button(key="histories.fetch").label.split()[-2])
    assert 0 < shown < 400
    assert tasks_shown(app) == f"{shown} of 400"
    app.button(key="histories.fetch").click().run()
    settled(app)
    assert not app.error
    afresh(app, page)
    assert "histories.fetch" not in [button.key for button in app.button]
    app.button(key="frame.all").click().run()
    assert f"these {400 - shown} tasks" in app.button(key="histories.fetch").label


def test_a_fetch_that_breaks_off_keeps_what_it_has(visit, hub, monkeypatch):
    monkeypatch.setenv("SWITCHYARD_REQUESTS_PER_MINUTE", "100000")
    app = by_pages(visit, hub)
    fault(hub, "GET /v2/task/*/history", "status", status=403)
    app.button(key="histories.fetch").click().run()
    settled(app)
    (error,) = app.error
    assert "this key may not do that" in error.value.replace("\\", "")
    assert any("What was fetched before is kept" in caption.value for caption in app.caption)
    assert tasks_shown(app) == "400"


# -- benchmark tasks ------------------------------------------------------------------------------


def test_benchmark_tasks_are_read_from_the_hub_on_request(visit, hub, tmp_path):
    answers = [answer("a@x.y", n, "missed" if n else "right", type="benchmark") for n in range(4)]
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps([*(known(n) for n in range(4)), *answers]))
    words = ("project", "add", "--name", "Gold", "--tasks", file, "--data", hub.data, "--json")
    gold = json.loads(run_core(*words).stdout)["_id"]
    for project, outcome in ((gold, "75.0 %"), (PROJECT, "has no answer that can be judged")):
        app = open_project(connected(visit, hub), project)
        afresh(app, "workflow/sampling.py")
        app.button_group(key="review.section").set_value("Who errs").run()
        app.button_group(key="review.teller").set_value("Benchmark tasks").run()
        app.button(key="review.of-hub").click().run()
        settled(app)
        shown = [one.value for one in (*app.metric, *app.error)]
        assert any(outcome in unescaped(one) for one in shown), shown
        assert not app.exception
