"""How runs end, for real plugin processes of the unmodified SDK, in both connectors."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import HERE
from hub_helpers import PROJECT

from core.hub.runs.outcome import WORDLESS
from core.plugin_runs.model import Pair

BOTH = pytest.mark.parametrize("connector", ["ws", "rest"])
BOX = {"dummy-bounding-box": {"x": 20, "y": 30, "width": 50, "height": 60}}


@pytest.fixture(scope="module")
def addressed(bench):
    """Tasks that an import for the first ten assets addresses: some share an external id."""
    tasks = bench.hub.ask("GET", f"/v2/project/{PROJECT}/tasks?limit=1000").json()["data"]["tasks"]
    assets = bench.hub.sdk().get_assets(PROJECT)["data"]["assets"]
    names = [asset["externalId"] for asset in assets]
    return [task["_id"] for name in names for task in tasks if task["externalId"] == name]


@BOTH
def test_success(bench, plugins, connector, addressed):
    run = bench.run(plugins[connector], BOX)
    n, distinct = len(addressed), len(set(addressed))
    assert (run.state, run.message) == ("succeeded", f"{n} / {n} tasks are labeled.")
    assert (run.requested, run.labelled, run.tasks) == (n, n, distinct)
    assert run.per_class == {bench.schema: n} and run.refused == {}
    assert bench.said(run.session) == ["Importing 10 labels"] and run.logs == 1
    assert json.loads(bench.runs.logs(run.session)[0].extra)["count"] == 10
    assert len(bench.runs.touched(run.session)) == distinct and run.assets == 400
    kept = bench.labels.kept(run.session)[0]
    assert kept.added["tools"][0]["bounding-box"] == BOX["dummy-bounding-box"]
    assert run.created_at <= run.sent_at <= run.started_at <= run.finished_at


@BOTH
def test_an_exception_ends_failed_with_its_text(bench, plugins, connector):
    run = bench.run(plugins[connector], {"do": "fail", "text": "boom 42"})
    assert (run.state, run.reason, run.message) == ("failed", "boom 42", None)
    assert bench.run(plugins[connector], BOX).state == "succeeded"


@BOTH
def test_nothing_returned_is_succeeded_without_a_message(bench, plugins, connector):
    run = bench.run(plugins[connector], {"do": "nothing"})
    assert (run.state, run.message, run.reason) == ("succeeded", None, "")


@pytest.mark.parametrize(("connector", "form"), [("ws", "data"), ("ws", "page"), ("rest", "page")])
def test_the_sample_of_the_documentation(bench, connector, form, until, addressed):
    plugin = bench.plugin(connector, form, script=HERE / "plugins" / "sample.py")
    until(lambda: bench.is_live(plugin), 30)
    run = bench.run(plugin, BOX)
    if form == "data":
        assert (run.state, run.message) == ("succeeded", "All annotations are imported!")
        assert run.requested == run.labelled == len(addressed) and run.logs == 2
        boxes = bench.labels.kept(run.session)[0].added["tools"]
        assert [box["bounding-box"] for box in boxes] == list(BOX.values())
    else:
        assert run.state == "failed" and "def callback(data)" in run.reason
        assert "takes 0 positional arguments" in run.reason
    bench.kill_last()


@BOTH
@pytest.mark.parametrize("what", ["unserialisable", "leave"])
def test_what_never_answers(bench, plugins, connector, what):
    run = bench.run(plugins[connector], {"do": what}, deadline=1.5)
    assert run.state == ("no_answer" if connector == "ws" else "failed")
    assert run.reason and run.message is None


def test_a_rest_plugin_that_is_too_slow(bench, plugins):
    run = bench.run(plugins["rest"], {"do": "nap", "seconds": 3}, deadline=1.0)
    assert run.state == "no_answer" and "within 1 s" in run.reason
    assert bench.run(plugins["rest"], BOX).state == "succeeded"


@BOTH
def test_odd_values_are_kept_as_what_json_can_hold(bench, plugins, connector):
    run = bench.run(plugins[connector], {"do": "odd_values"})
    if connector == "ws":
        assert json.loads(run.message) == {"nan": None, "inf": None, "bytes": "raw"}
        extra = json.loads(bench.runs.logs(run.session)[0].extra)
        assert extra["number"] is None
    else:
        assert run.state == "failed" and run.reason


def test_only_the_first_answer_counts_and_only_of_its_own_run(bench, plugins, until):
    waiting = bench.start(plugins["rest"], {"do": "nap", "seconds": 2})
    until(lambda: bench.runs.get(waiting).state == "running")
    run = bench.run(plugins["ws"], {"do": "twice", "other": waiting})
    assert (run.state, run.message) == ("succeeded", "first")
    until(lambda: len(bench.said(run.session)) == 2)
    assert all("After the end came" in line for line in bench.said(run.session))
    assert bench.ended(waiting).message == "awake"


@BOTH
def test_a_key_that_is_repeated_is_masked_and_then_ends(bench, plugins, connector):
    run = bench.run(plugins[connector], {"do": "secretive"})
    assert run.state == "succeeded" and set(run.message) == {"•"}
    line = bench.said(run.session)[0]
    assert "'apiKey': '••" in line and "'runBy': 'local user'" in line
    kept = b"".join(p.read_bytes() for p in bench.data.iterdir() if p.is_file())
    assert bench.registry.secret(plugins[connector]).reveal().encode() not in kept


def test_what_the_plugin_receives(bench, plugins):
    config = '{"do": "secretive",\r\n "n": 1.50, "ü": [ ]}'
    run = bench.run(plugins["ws"], config, mapping=None, batches=("b",), run_by="ada@example.com")
    said = bench.said(run.session)[0]
    for part in (repr(config)[1:-1], "'categorySchema': None", "'batches': ['b']", run.session):
        assert part in said
    assert "'orgId'" in said and f"'projectId': '{PROJECT}'" in said
    assert "'runBy': 'ada@example.com'" in said


def test_none_labelled_is_succeeded_with_a_reason(bench, plugins, addressed):
    run = bench.run(plugins["ws"], BOX, mapping=(Pair("gone", "Car"),))
    assert (run.state, run.requested, run.labelled, run.tasks) == (
        "succeeded",
        len(addressed),
        0,
        0,
    )
    assert f"0 of {len(addressed)}" in run.reason
    assert run.refused == {"The project has no class gone among its tools.": 10}
    assert any("no class gone" in line for line in bench.said(run.session, levels=["WARNING"]))


@BOTH
def test_two_runs_take_turns(bench, plugins, connector, until):
    first = bench.start(plugins[connector], {"do": "nap", "seconds": 1})
    second = bench.start(plugins[connector], BOX)
    until(lambda: bench.runs.get(first).state == "running")
    assert bench.runs.get(second).state == "queued"
    assert bench.ended(first).state == bench.ended(second).state == "succeeded"
    assert bench.runs.get(second).sent_at >= bench.runs.get(first).finished_at


@BOTH
def test_cancel_reaches_the_plugin_by_its_key(bench, plugins, connector, until):
    session = bench.start(plugins[connector], {"do": "work"})
    queued = bench.start(plugins[connector], BOX)
    until(lambda: bench.runs.get(session).state == "running")
    assert bench.runs.cancel(session).state == "cancelling"
    assert bench.runs.cancel(queued).state == "cancelled"
    run = bench.ended(session)
    assert run.state == "cancelled" and run.message is None
    assert bench.runs.get(queued).sent_at is None
    assert bench.runs.cancel(session) == run


def test_what_a_cancelled_plugin_returns_is_no_success(bench, plugins, until):
    session = bench.start(plugins["ws"], {"do": "nap", "seconds": 1.5})
    until(lambda: bench.runs.get(session).state == "running")
    bench.runs.cancel(session)
    run = bench.ended(session)
    assert run.state == "cancelled" and "finished all the same" in run.reason


@BOTH
@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"do": "key"}, "KeyError: 'tool'"),
        ({"do": "fail", "text": ""}, WORDLESS),
        ({"do": "fail", "text": 0}, "an exception that says only 0"),
    ],
)
def test_an_exception_that_hardly_speaks_is_put_into_words(
    bench, plugins, connector, config, reason
):
    run = bench.run(plugins[connector], config)
    assert run.state == "failed" and reason in run.reason


@BOTH
@pytest.mark.parametrize("digits", [25, 401, 4_200])
def test_an_integer_of_any_length_is_kept_wherever_it_is_said(bench, plugins, connector, digits):
    first, run = (bench.run(plugins[connector], {"do": "huge", "digits": digits}) for _ in "ab")
    assert run.state == "succeeded" and json.loads(run.message) == {"number": int("7" * digits)}
    (line,) = bench.runs.logs(run.session, search="huge")
    assert json.loads(line.extra)["number"] == int("7" * digits)
    (kept, *_) = bench.labels.kept(run.session)
    assert kept.added["tools"][0]["point"][0] == int("7" * digits)
    assert [bench.labels.undo(one.session)[1] for one in (run, first)] == [0, 0]


@pytest.mark.parametrize(("connector", "deep"), [("ws", 400), ("rest", 400), ("rest", 900)])
def test_an_answer_of_any_depth_ends_the_run(bench, plugins, connector, deep):
    run = bench.run(plugins[connector], {"do": "nested", "deep": deep})
    assert run.state == "succeeded" and run.message == "[" * deep + '"the end"' + "]" * deep


@BOTH
@pytest.mark.parametrize("quiet", [True, False], ids=["no word", "an exception"])
def test_a_dry_run_that_asks_for_a_link_to_upload_to_ends_with_the_reason(
    bench, plugins, connector, quiet
):
    config = {"do": "upload", "quiet": quiet}
    run = bench.run(plugins[connector], config, dry_run=True)
    assert run.state == "failed"
    assert "A dry run does not carry out GET /v2/getUploadUrl" in run.reason
    assert sum(run.refused.values()) == 1
    assert bench.run(plugins[connector], config).state == "succeeded"


class Front(BaseHTTPRequestHandler):
    """What stands before a plugin: it passes on heartbeats, and nothing else."""

    status = 502

    def do_GET(self):
        self.answer(200)

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.answer(self.status)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"<hr>")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def front():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_stands_before_a_plugin_is_not_taken_for_it(bench, front, until, monkeypatch):
    plugin = bench.registry.add("Behind", connector="rest", url=front).plugin.id
    until(lambda: bench.is_live(plugin))
    for status, words in {
        502: "502 Bad Gateway: what stands before the plugin does not reach it",
        503: "503 Service Unavailable: what stands before the plugin does not reach it",
        504: "504 Gateway Timeout: what stands before the plugin waited no longer",
        413: "something else stands at this address",
        599: "answered 599, as no plugin does",
        302: "something else stands at this address",
    }.items():
        monkeypatch.setattr(Front, "status", status)
        run = bench.run(plugin, {})
        assert run.state == "interrupted" and words in run.reason
