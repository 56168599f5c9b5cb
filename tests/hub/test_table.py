"""The table of endpoints: each row says all of it; unknown paths are placed, too."""

import re
from typing import get_args

import pytest

from core.hub.api.admin import Admin
from core.hub.api.faults import Faults
from core.hub.api.table import ELSEWHERE, ROUTES, RouteTable, of_machine
from core.hub.route import NOWHERE, Effect, Opens
from core.hub.upstream import Upstream

OWN = of_machine(Admin(Faults(), Upstream(None), None, None))
TABLE = RouteTable((*ROUTES, *OWN))
NAMES = {"project", "task", "issue", "entry", "organization", "storage", "llm", "metric"}
READ_BY_POST = {"/v2/performance/{project}", "/v2/file-explorer"}


def placed(method, path):
    """What a call to a path says of itself, with the names in it."""
    route, ids = TABLE.match(method, path)
    return route.effect, route.opens, {k: v for k, v in ids.items() if k != "rest"}


@pytest.mark.parametrize("route", [*ROUTES, *OWN[:-1]], ids=lambda one: f"{one.method} {one.path}")
def test_a_route_says_all_of_it(route):
    assert route.method in ("GET", "POST", "DELETE") and callable(route.handler)
    assert route.effect in get_args(Effect) and route.opens in get_args(Opens)
    names = re.findall(r"\{(\w+)\}", route.path)
    assert set(names) <= NAMES and len(set(names)) == len(names)
    assert (route.opens == "machine") == route.path.startswith("/_hub/")
    writes = route.method != "GET" and route.path not in READ_BY_POST
    assert (route.effect != "reads") == (writes or route.effect == "uploads")
    assert not route.lists or (route.effect == "reads" and "project" in names)
    ids = {name: f"a {name}" for name in names}
    assert TABLE.match(route.method, route.path.format_map(ids)) == (route, ids)


def test_no_two_routes_are_the_same():
    whole = [(one.method, one.path) for one in TABLE.routes]
    assert len(set(whole)) == len(whole)


def test_what_is_rare_is_said_of_these_alone():
    def paths(fits):
        return {one.path.removeprefix("/v2/") for one in ROUTES if fits(one)}

    assert paths(lambda one: one.opens == "speech") == {"pluginLog", "pluginResponse"}
    assert paths(lambda one: not one.forwarded) == {
        "pluginLog", "pluginResponse", "listProjects", "project",
    }  # fmt: skip
    assert paths(lambda one: one.effect == "uploads") == {"getUploadUrl"}
    assert paths(lambda one: one.is_kept_aside) == {"import/labels", "annotate/{task}"}
    assert paths(lambda one: one.lists) == {"project/{project}/assets", "project/{project}/tasks"}
    shared = paths(lambda one: one.opens == "shared" and one.method == "GET")
    assert shared == {
        "listProjects", "getSignedUrl", "storages", "llms", "storages/{storage}/files",
        "organization/{organization}/users", "organization/{organization}/invites",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "effect", "names"),
    [
        ("HEAD", "/v2/project/p", "writes", {"project": "p"}),
        ("OPTIONS", "/v2/project/p/tasks", "writes", {"project": "p"}),
        ("PUT", "/v2/task/t", "writes", {"task": "t"}),
        ("GET", "/v2/import/labels", "reads", {}),
        ("GET", "/v2/annotate/t", "reads", {"task": "t"}),
        ("DELETE", "/v2/performance/p", "reads", {"project": "p"}),
        ("POST", "/v2/getSignedUrl", "writes", {}),
        ("GET", "/v2/project/p/odd", "reads", {"project": "p"}),
        ("POST", "/v2/project/p/odd/er", "writes", {"project": "p"}),
        ("POST", "/v2/performance/p/odd", "writes", {"project": "p"}),
        ("GET", "/v2/batches/p/odd", "reads", {"project": "p"}),
        ("GET", "/v2/p/overview/odd/er", "reads", {"project": "p"}),
        ("POST", "/v2/annotate/t/odd", "writes", {"task": "t"}),
        ("GET", "/v2/review/t/odd", "reads", {"task": "t"}),
        ("GET", "/v2/issues/i/odd", "reads", {"issue": "i"}),
        ("GET", "/v2/taskHistory/e/odd", "reads", {"entry": "e"}),
        ("POST", "/v2/odd", "writes", {}),
        ("GET", "/odd", "reads", {}),
        ("GET", "/", "reads", {}),
    ],
)
def test_a_call_that_only_ango_hub_may_answer_is_placed_by_what_its_path_names(
    method, path, effect, names
):
    route, _ = TABLE.match(method, path)
    assert route.handler is None and route.forwarded and not route.lists
    assert placed(method, path)[::2] == (effect, names)


def test_what_stays_here_stays_here_by_any_method():
    for path in ("pluginLog", "pluginResponse", "listProjects", "project"):
        assert not TABLE.match("PUT", f"/v2/{path}")[0].forwarded
    assert TABLE.match("PATCH", "/v2/pluginLog")[0].opens == "speech"
    for path in ("storages/x/y", "llms/x", "organization", "organization/o", "getSignedUrl/x"):
        assert TABLE.match("GET", f"/v2/{path}")[0].opens == "shared"
    assert TABLE.match("GET", "/_hub/odd")[0].opens == "machine"
    assert all(one.handler is None for one in ELSEWHERE)


def test_a_line_break_in_a_path_leads_nowhere_and_no_ending_is_overlooked():
    assert TABLE.match("GET", "/v2/project/p/odd\nx") == (NOWHERE, {})
    assert TABLE.match("POST", "/v2/import/labels\n") == (NOWHERE, {})
    assert TABLE.match("GET", "/v2/project/p\n")[1] == {"project": "p\n"}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_a_method_that_no_route_has_is_answered_like_an_unknown_path(hub, method):
    answer = hub.ask(method, "/v2//listProjects/")
    assert answer.status_code == 404
    said = "" if method == "HEAD" else f"Not implemented by local hub: {method} /v2/listProjects"
    assert said in answer.text
