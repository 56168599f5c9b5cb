"""Whatever a call holds, the hub answers what is wrong with it: never that the hub failed."""

import ast
import inspect
import json
import sqlite3
import time
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from budget import soak
from hub_helpers import PROJECT, make_stages, run_apart

from core.access.acting import local_actor
from core.errors import StoreUnavailable
from core.hub.api import routes
from core.hub.api.app import Application
from core.hub.api.misfits import refusal
from core.hub.api.table import ROUTES, RouteTable
from core.hub.call import Call, Hub
from core.hub.codec import decode, encode, text
from core.hub.route import ANYTHING
from core.hub.upstream import Upstream
from core.secret import Secret
from core.store import patterns
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.tables.hub import history

HALF = "\ud83d"
BODY = [
    None,
    True,
    -1,
    2**63,
    10**400,
    1.5,
    "",
    "(",
    HALF,
    "http://[",
    [1],
    [{}],
    [[HALF]],
    {HALF: 1},
    {"$regex": "("},
    {"x": [2**70]},
]
QUERY = [
    *("", "(", "[", "[1", "[1]", "[[{}]]", "null", "-1", "9" * 25, "1e400", "NaN", "²", HALF),
    *("http://[", '{"_id":{"$in":[{}]}}', '{"externalId":{"a":1}}', '{"status":[1]}', "[" * 5000),
    *('{"priority":{"$gt":1%s}}' % ("0" * 30), '{"batches":[1]}', '{"isPreLabeled":"maybe"}'),
    *('{"stage":{"$regex":"("}}', '{"stage":{"$regex":1}}', '{"status":{"$gt":{}}}', '{"x":1}'),
    '{"status":{"$exists":[1]}}',
]
BODIES = [b"", b"[]", b"null", b'"x"', b"{", b"\xff", b"[" * 5000, b"\xef\xbb\xbf{}"]


class Direct:
    """The application of a hub without a server: what it answers to a call."""

    def __init__(self, data, url):
        self.store = open_hub(url)
        hub = Hub(self.store, data / "files", Secret("signing"))

        async def made():
            return Application(hub, Secret("key"), Upstream(None), Registry(self.store, data))

        self.hub, self.app = hub, run_apart(made())
        self.project = self.data("POST", "/v2/project", body={"name": "x"})["project"]["_id"]
        tool = {"tool": "point", "title": "Car", "schemaId": "car"}
        about = {
            "categorySchema": {"tools": [tool], "classifications": [], "relations": []},
            "stages": make_stages(),
        }
        self.data("POST", f"/v2/project/{self.project}", body=about)
        self.add(3)

    def add(self, number):
        batches = {"batches": [{"_id": "b1", "name": "b"}]}
        self.data("POST", f"/v2/project/{self.project}", body=batches)
        given = [{"data": f"d{n}", "externalId": f"e{n}", "batches": ["b1"]} for n in range(number)]
        self.data("POST", f"/v2/project/{self.project}/cloud", body={"assets": given})
        tasks = self.data("GET", f"/v2/project/{self.project}/tasks")["tasks"]
        self.task, self.asset = tasks[0]["_id"], tasks[0]["asset"]["_id"]
        self.issue = self.data("POST", "/v2/issues", body={"labelTask": self.task})["issue"]["_id"]

    def call(self, method, path, query=None, body=b""):
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "application/json"
        route, ids = RouteTable().match(method, path)
        about = (ids, query or {}, sent, kind, "http://h")
        call = Call(self.hub, method, path, *about, route=route, person=local_actor())
        return self.app._here(call)

    def data(self, *args, **more):
        reply = self.call(*args, **more)
        assert reply.status == 200, reply.body
        return decode(reply.body)["data"]

    def path(self, pattern):
        for name, value in {
            "{project}": self.project,
            "{task}": self.task,
            "{issue}": self.issue,
            "{storage}": self.issue,
            "{llm}": self.issue,
            "{entry}": "x",
            "{organization}": "o",
            "{metric}": "LabelStageGroups",
        }.items():
            pattern = pattern.replace(name, value)
        return pattern


@pytest.fixture(scope="module", params=["sqlite", soak("postgresql")])
def direct(request, tmp_path_factory, make_database):
    made = Direct(tmp_path_factory.mktemp("direct"), make_database(request.param))
    yield made
    made.store.close()


def names_of(handler):
    """The keys that a handler asks for, itself or by what it calls in its own module."""
    module = inspect.getmodule(handler)
    seen, todo, found = set(), [handler.__qualname__.split(".")[0]], set()
    while todo:
        name = todo.pop()
        function = getattr(module, name, None)
        if (
            name in seen
            or not inspect.isfunction(function)
            or function.__module__ != module.__name__
        ):
            continue
        seen.add(name)
        for node in ast.walk(ast.parse(inspect.getsource(function))):
            if isinstance(node, ast.Name):
                todo.append(node.id)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                asked = node.func.attr in ("get", "number", "flag", "parsed", "listed")
                found |= {a.value for a in node.args[:1] if asked and isinstance(a, ast.Constant)}
            elif isinstance(node, (ast.For, ast.comprehension)):
                values = [one for one in ast.walk(node.iter) if isinstance(one, ast.Constant)]
                found |= {one.value for one in values}
            elif isinstance(node, ast.Compare):
                found |= {one.value for one in [node.left, *node.comparators] if _is_text(one)}
    return sorted(name for name in found if isinstance(name, str) and name)


def _is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def cases(direct, route):
    common = {"project": direct.project, "name": "n", "type": "brushes"}
    whole = {
        **{**common, "projectId": direct.project, "tasks": [direct.task], "assets": [direct.asset]},
        **{"labelTask": direct.task, "toStageId": "Label", "reviewStatus": "Todo", "answer": {}},
        **{"receivers": ["x"], "message": "m", "priority": 1, "attachments": [{"a": 1}]},
        "jsonContent": [{"assetId": direct.asset, "objects": [{"schemaId": "car"}]}],
    }
    asked, keys = set(route.query.split()), set(route.body.split())
    if ANYTHING not in keys:  # what a route does not list is refused before it is looked at
        whole = {name: value for name, value in whole.items() if name in keys}
    common = {name: value for name, value in common.items() if name in asked}
    for body in BODIES:
        yield common, body
    for name in sorted(asked):
        yield from (({**common, name: value}, b"") for value in QUERY)
    if route.method != "GET":
        for name in sorted({*names_of(route.handler), *keys}):
            yield from (({}, {**whole, name: value}) for value in BODY)
            yield {**common, name: HALF}, whole


TABLE = sorted(ROUTES, key=lambda one: one.method == "DELETE")


@pytest.mark.parametrize("route", TABLE, ids=[f"{one.method} {one.path}" for one in TABLE])
def test_no_value_of_any_key_of_any_route_makes_the_hub_fail(direct, route):
    method, pattern = route.method, route.path
    if pattern == "/v2/project/{project}" and method == "DELETE":
        return  # asks for nothing but the id
    path, began = direct.path(pattern), time.monotonic()
    for query, body in cases(direct, route):
        reply = direct.call(method, path, query, body)
        status = getattr(reply, "status", 404)  # a call of a project that lives elsewhere
        said = (query, str(body)[:200], getattr(reply, "body", b""))
        assert status < 500, said
        if status >= 400:
            message = decode(reply.body)["message"]
            assert "failed" not in message and "busy" not in message and message[-1] in ".!?", said
    if method == "DELETE":
        direct.add(1)
    assert time.monotonic() - began < 60
    # what was stored by the way can be read again
    for read in ("assets", "tasks"):
        assert direct.call("GET", f"/v2/project/{direct.project}/{read}").status == 200


def test_the_keys_of_a_handler_are_found():
    assert {"page", "limit", "filters"} <= set(names_of(routes.assets.get_assets))
    assert {"filter", "status[eq]", "sort"} <= set(names_of(routes.tasks.get_tasks))
    assert {"email", "to", "organizationRole"} <= set(names_of(routes.organisation._people_of))


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        ({"externalId": {"$regex": "("}}, "externalId.$regex is no regular expression"),
        ({"stage": {"$regex": 7}}, "stage.$regex is no regular expression"),
        ({"externalId": {"$regex": "(a+)+$" * 200}}, "1,200 characters"),
        ({"priority": {"$gt": 10**30}}, "filter.priority.$gt is an integer of more than 64 bits"),
        ({"status": {"$in": [["x"]]}}, "type 'list' is not supported"),
        ({"status": HALF}, "filter.status has half of a surrogate pair"),
    ],
)
def test_a_bad_filter_is_told_with_its_place(hub, filters, reason):
    sent = quote(json.dumps(filters))
    answer = hub.ask("GET", f"/v2/project/{PROJECT}/tasks?filter={sent}")
    assert answer.status_code == 400 and reason in answer.json()["message"], answer.text


def test_a_pattern_that_takes_for_ever_is_stopped_and_nobody_waits_for_it(direct, monkeypatch):
    monkeypatch.setattr(patterns, "MOST_SECONDS", 0.5)
    text = "a" * 40 + "!"
    body = {"assets": [{"data": "x", "externalId": text} for _ in range(20)]}
    direct.data("POST", f"/v2/project/{direct.project}/cloud", body=body)
    query = {"filter": '{"externalId": {"$regex": "^(a|a)+$"}}'}
    began = time.monotonic()
    reply = direct.call("GET", f"/v2/project/{direct.project}/tasks", query)
    assert (reply.status, time.monotonic() - began < 5) == (400, True)
    assert "$regex" in decode(reply.body)["message"]
    query = {"filter": '{"externalId": {"$regex": "^a+!$"}}'}
    assert direct.data("GET", f"/v2/project/{direct.project}/tasks", query=query)["total"] == 20


def test_each_query_has_its_own_time_for_patterns(direct, monkeypatch):
    given = []

    class Pattern:
        error = patterns.regex.error

        @staticmethod
        def search(*_, timeout, **__):
            given.append(timeout)
            time.sleep(0.001)

        compile = patterns.regex.compile

    monkeypatch.setattr(patterns, "regex", Pattern)
    monkeypatch.setattr(patterns, "MOST_SECONDS", 1.0)
    query = {"filter": '{"externalId": {"$regex": "^a"}}'}
    for _ in range(2):
        given.clear()
        direct.call("GET", f"/v2/project/{direct.project}/tasks", query)
        # with SQLite, where each query matches anew, tasks are counted and then listed
        queries = 1 if direct.store.is_on_server else 2
        assert given[0] == 1.0 == given[len(given) // 2 * (queries - 1)]
        assert given.count(1.0) == queries and min(given) < 1.0


def test_an_imported_history_may_hold_anything(direct):
    odd = [None, 1, "x", -5, [1], {"a": 1}, True, 10**400]
    entries = [{"completedBy": one, "completedAt": one, "duration": one} for one in odd]
    entries += [{"completedBy": "ada", "duration": one} for one in [*odd, 1500]]
    made = direct.data("POST", "/v2/project", body={"name": "odd"})["project"]["_id"]
    direct.data("POST", f"/v2/project/{made}/cloud", body={"assets": [{"data": "d"}]})
    task = direct.data("GET", f"/v2/project/{made}/tasks")["tasks"][0]["_id"]
    with direct.store.work() as tx:
        rows = [
            {"id": f"odd {n}", "task": task, "number": 100 + n, "entry": text(entry)}
            for n, entry in enumerate(entries)
        ]
        tx.execute(history.insert(), rows)
    for interval in ([None, None], ["2020-01-01", "2099-01-01"]):
        body = {"interval": interval}
        found = direct.data("POST", f"/v2/performance/{made}", body=body)["performance"]
        assert all(isinstance(one["duration"], int) for one in found.values())
    whole = direct.data("POST", f"/v2/performance/{made}", body={})["performance"]
    assert whole["ada"]["tasks"] == len(odd) + 1
    assert whole["x"] == {"tasks": 1, "duration": 0}


def failing(name, said):
    original = sqlite3.OperationalError(said)
    original.sqlite_errorname = name
    return sa.exc.OperationalError("select", {}, original)


def test_what_the_database_says_of_itself_is_not_blamed_on_the_caller(tmp_path, monkeypatch):
    store = open_hub(f"sqlite:///{tmp_path / 'x.db'}")
    call = Call(Hub(store, tmp_path, Secret("x")), "GET", "/v2/x", {}, {}, b"", "", "")
    assert refusal(failing("SQLITE_FULL", "database or disk is full"), call) == (
        500,
        "The hub's database could not do it: database or disk is full.",
    )
    with pytest.raises(StoreUnavailable, match="is busy with a long write"), store.read():
        raise failing("SQLITE_BUSY_SNAPSHOT", "database is locked")


def test_odd_log_lines_and_logs_asked_for_oddly(hub):
    for body in ({"level": HALF, "msg": HALF, "session": HALF, "pluginId": HALF}, {"level": [1]}):
        answer = hub.ask("POST", "/v2/pluginLog", data=json.dumps(body))
        assert answer.status_code == 200, answer.text
    for after in ("²", "-", "9" * 30, "x"):
        assert hub.ask("GET", f"/_hub/logs?after={quote(after)}").status_code == 200
    for body in (
        {"faults": 1},
        {"faults": [1]},
        {"pattern": "*", "kind": "slow", "seconds": 1e400},
    ):
        sent = json.dumps(body)
        assert hub.ask("POST", "/_hub/faults", data=sent).status_code == 400


def test_encode_and_decode_agree_on_what_they_can_hold():
    for value in (10**400, HALF, {HALF: [1e308]}, -(2**70)):
        assert decode(encode(value)) == value
