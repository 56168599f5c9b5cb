"""Every parameter of every route does what it says, or is refused: none is ignored in silence."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from hub_helpers import make_stages
from imerit_ango.models.enums import ExportTypes, ReviewStatus
from imerit_ango.models.export_options import ExportOptions, TimeFilter
from imerit_ango.models.task_filter import DateRange, NumberRange, StringFilter, TaskFilter

from core.errors import SwitchyardError
from core.hub.api.routes.asked import carry_out
from core.hub.api.table import ROUTES
from core.hub.call import Call, Hub, Refused
from core.hub.route import ANYTHING
from core.secret import Secret
from core.store.hub import open_hub

OTHERS = "surprise limit[gt] Page q"
IDS = {"metric": "LabelStageGroups", "organization": "o", "storage": "none", "llm": "none"}
NAMED = ("issue", "entry", "task", "project")


class Noting(dict):
    """A dictionary that remembers what was read of it."""

    def __init__(self, given, read):
        super().__init__(given)
        self._read = read

    def get(self, name, otherwise=None):
        self._read.add(name)
        return super().get(name, otherwise)

    def __getitem__(self, name):
        self._read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self._read.add(name)
        return super().__contains__(name)


class NotingCall(Call):
    """A call whose query and body remember what was read of them."""

    __slots__ = ()
    read: ClassVar[set] = set()

    def data(self):
        return Noting(super().data(), NotingCall.read)


@pytest.fixture
def inside(tmp_path, database_url):
    store = open_hub(database_url)
    return Hub(store, tmp_path / "files", Secret("key"))


def ask(hub, route, ids, query=None, body=None, kind=Call):
    raw = b"" if body is None else json.dumps(body).encode()
    path = route.path.format_map(dict.fromkeys(NAMED, "none") | ids)
    call = kind(hub, route.method, path, ids, query or {}, raw, "application/json", "http://h")
    return carry_out(route, call)


def project_in(hub):
    """A project with a batch, a task per asset, an issue and a history entry."""
    by = {(one.method, one.path): one for one in ROUTES}
    made = ask(hub, by["POST", "/v2/project"], {}, body={"name": "P"})["project"]["_id"]
    mine = {"project": made}
    ask(hub, by["POST", "/v2/batches/{project}"], mine, body={"name": "one"})
    add = by["POST", "/v2/project/{project}/cloud"]
    ask(hub, add, mine, body={"assets": [{"data": "x", "externalId": "a"}]})
    task = ask(hub, by["GET", "/v2/project/{project}/tasks"], mine)["tasks"][0]["_id"]
    issue = by["POST", "/v2/issues"]
    made_issue = ask(hub, issue, {}, body={"labelTask": task, "content": "c"})["issue"]["_id"]
    entry = ask(hub, by["GET", "/v2/task/{task}/history"], {"task": task})["taskHistory"][0]["id"]
    return {**IDS, "project": made, "task": task, "entry": entry, "issue": made_issue}


VALUES = {
    "page": "1", "limit": "5", "filter": "{}", "filters": "{}", "sort": "", "fields": "",
    "format": "json", "type": "task", "nextStage": "true", "stage": "Label", "name": "n",
    "status": "pending",
}  # fmt: skip
BODIES = {
    "name": "n", "confirmName": "other", "assets": [], "batches": ["one"], "priority": 1,
    "tasks": [], "answer": {}, "duration": 0, "reviewStatus": "Accepted", "toStageId": "Label",
    "filters": {"batches": ["one"]}, "options": {}, "jsonContent": [], "attachments": [],
    "assignees": ["a@example.com"], "to": ["a@example.com"], "users": ["a@example.com"],
    "invites": ["a@example.com"], "stageId": "Start", "interval": ["2026-09-01", "2026-09-02"],
    "projectAssignments": [], "stage": "Label",
}  # fmt: skip
# read only where another is missing, or of another kind of call
INSTEAD = {
    ("GET", "/v2/getSignedUrl"): {"name"},
    ("POST", "/v2/import/labels"): {"jsonContent"},
    ("POST", "/v2/assignBatches"): {"projectId"},
    ("POST", "/v2/performance/{project}"): {"interval"},
    ("POST", "/v2/organization/{organization}/users"): {"to"},
    ("POST", "/v2/organization/{organization}/invites"): {"to"},
    ("DELETE", "/v2/organization/{organization}/users"): {"to"},
    ("DELETE", "/v2/organization/{organization}/invites"): {"to"},
    ("GET", "/v2/export"): {"type"},
}


@pytest.mark.parametrize("route", ROUTES, ids=lambda one: f"{one.method} {one.path}")
def test_what_a_route_lists_is_read_and_all_else_is_refused(inside, route):
    ids = project_in(inside)
    unquoted = ANYTHING in route.query.split()  # an address that is sent as it is
    assert not unquoted or route.path == "/v2/getSignedUrl"
    for name in [] if unquoted else OTHERS.split():
        with pytest.raises(Refused, match="has no parameter") as told:
            ask(inside, route, ids, {name: "1"})
        assert told.value.status == 400 and name in str(told.value)
    if route.body != ANYTHING:
        with pytest.raises(Refused, match="has no key surprise"):
            ask(inside, route, ids, body={"surprise": 1})
    for name, only in route.only.items():
        if only.values:
            with pytest.raises(Refused, match=name):
                ask(inside, route, ids, {name: "another"})
    listed = set(f"{route.query} {route.body}".replace(ANYTHING, "").split())
    read = set()
    for left_out in (set(), INSTEAD.get((route.method, route.path), set())):
        NotingCall.read = read
        query = {name: VALUES.get(name, "") for name in route.query.split()}
        if "project" in query:
            query["project"] = ids["project"]
        for name in left_out:
            query.pop(name, None)
        body = None
        if route.body not in ("", ANYTHING):
            body = {name: BODIES.get(name) for name in route.body.split() if name not in left_out}
            if "project" in body or "projectId" in body:
                body |= dict.fromkeys({"project", "projectId"} & set(body), ids["project"])
        if body and "tasks" in body:
            body["tasks"] = [ids["task"]]
        with contextlib.suppress(SwitchyardError):  # it is read all the same
            ask(inside, route, ids, Noting(query, read), body, NotingCall)
    assert listed <= read, f"never looked at: {listed - read}"


@pytest.fixture(scope="module")
def sdk(hub):
    return hub.sdk()


@pytest.fixture(scope="module")
def busy(sdk):
    """Two tasks; one was labelled, reviewed and has an issue, the other waits in Label."""
    made = sdk.create_project("Busy")["data"]["project"]["_id"]
    sdk.update_workflow_stages(made, make_stages())
    sdk.create_batch(made, "one")
    assets = [{"data": f"https://x.example/{name}", "externalId": name} for name in "ab"]
    sdk.upload_files_cloud(made, [assets[0] | {"batches": ["one"]}, assets[1]])
    first = sdk.get_tasks(made)["data"]["tasks"][0]["_id"]
    sdk.assign_task(made, [first], "Label", "ada@example.com")
    sdk.session.post(
        f"{sdk.host}/v2/annotate/{first}?nextStage=true",
        json={"answer": {}, "duration": 1500},
        headers={"apikey": sdk.api_key},
    ).raise_for_status()
    sdk.review_task(first, ReviewStatus.ACCEPTED)
    return made, first, sdk.create_issue(first, "blurred")["data"]["issue"]["_id"]


def names(sdk, project, **more):
    return [task["externalId"] for task in sdk.get_tasks(project, **more)["data"]["tasks"]]


def test_open_issues(sdk, busy):
    project, _, issue = busy

    def having(**words):
        return names(sdk, project, task_filter=TaskFilter(open_issues_count=NumberRange(**words)))

    assert (having(gte=1), having(eq=0), having(lte=1)) == (["a"], ["b"], ["a", "b"])
    sdk.update_issue(issue, status="Closed")
    assert having(gte=1) == []
    sdk.update_issue(issue, status="Open")


def test_tasks_by_plain_parameters(sdk, hub, busy):
    def asked(query):
        found = hub.ask("GET", f"/v2/project/{busy[0]}/tasks?{query}")
        return [one["externalId"] for one in found.json()["data"]["tasks"]]

    assert asked("status=Completed") == asked("status[eq]=Completed") == ["a"]
    assert asked("status=TODO") == ["b"] and asked("status=TODO,Completed") == ["a", "b"]
    assert asked("assignee=nobody@example.com") == []
    assert asked("status=TODO&filter=" + json.dumps({"status": "Completed"})) == []
    assert names(sdk, busy[0], sort="-externalId") == ["b", "a"]
    assert names(sdk, busy[0], sort="externalId,-createdAt") == ["a", "b"]
    for query, why in (("sort=size", "sorted by size"), ("fields=_id,size", "no field size")):
        said = hub.ask("GET", f"/v2/project/{busy[0]}/tasks?{query}")
        assert said.status_code == 400 and why in said.json()["message"]
    with pytest.raises(Exception, match="filtered by createdBy"):
        sdk.get_tasks(busy[0], task_filter=TaskFilter(created_by=StringFilter(eq="x")))


def test_times_are_compared_as_times_in_every_spelling(sdk, hub, busy):
    now = datetime.now(UTC)
    for ahead, found in ((-1, ["a", "b"]), (1, [])):
        moment = now + timedelta(hours=ahead)
        later = TaskFilter(created_at=DateRange(gte=moment))
        assert names(sdk, busy[0], task_filter=later) == found
        there = moment.astimezone(datetime.fromisoformat("2026-01-01T00:00+05:00").tzinfo)
        query = json.dumps({"createdAt": {"$gt": there.isoformat()}})
        for what in ("tasks", "assets"):
            asked = hub.ask("GET", f"/v2/project/{busy[0]}/{what}", params={"filters": query})
            assert asked.json()["data"]["total"] == len(found), asked.text
        options = ExportOptions(stage=[], created_at=TimeFilter(from_date=moment))
        assert [item["externalId"] for item in sdk.export(busy[0], options)] == found
    wrong = json.dumps({"createdAt": {"$gt": "yesterday"}})
    said = hub.ask("GET", f"/v2/project/{busy[0]}/tasks", params={"filter": wrong})
    assert said.status_code == 400 and "compared with a time" in said.json()["message"]
    before_all = json.dumps({"createdAt": {"$gt": "0001-01-01T00:00:00+05:00"}})
    said = hub.ask("GET", f"/v2/project/{busy[0]}/tasks", params={"filter": before_all})
    assert said.status_code == 400 and "compared with a time" in said.json()["message"]


def test_assets_have_their_tasks_and_an_order(sdk, hub, busy):
    asked = hub.ask("GET", f"/v2/project/{busy[0]}/assets?sort=-externalId").json()["data"]
    assert [one["externalId"] for one in asked["assets"]] == ["b", "a"]
    (mine,) = asked["assets"][1]["labelTasks"]
    assert mine["_id"] == busy[1] and mine["stage"] == "Complete"
    assert [entry["stageId"] for entry in mine["stageHistory"]] == ["Start", "Label", "Review"]
    assert mine["stageHistory"][1]["completedBy"] and "tools" not in mine["stageHistory"][1]


def test_performance_is_of_the_interval_the_batches_and_the_people(sdk, hub, busy):
    def of(**body):
        asked = hub.ask("POST", f"/v2/performance/{busy[0]}", json=body)
        assert asked.status_code == 200, asked.text
        return asked.json()["data"]["performance"]

    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    everything = of()
    assert everything["ada@example.com"] == {"tasks": 1, "duration": 1500}
    around = sdk.get_project_performance(busy[0], [now - hour, now + hour], ["one"])
    assert around["data"]["performance"] == everything
    before = sdk.get_project_performance(busy[0], [now - 2 * hour, now - hour])
    assert before["data"]["performance"] == {}
    assert of(startDate=(now + hour).isoformat()) == {} == of(users=["eve@example.com"])
    assert list(of(users=["ADA@example.com"])) == ["ada@example.com"]
    sdk.create_batch(busy[0], "empty")
    assert sdk.get_project_performance(busy[0], batches=["empty"])["data"]["performance"] == {}


def test_issues_by_status_and_page(sdk, hub, busy):
    project, task, first = busy
    second = sdk.create_issue(task, "dark")["data"]["issue"]["_id"]
    sdk.update_issue(second, status="Closed")

    def asked(query):
        data = hub.ask("GET", f"/v2/issues?project={project}&{query}").json()["data"]
        return [one["_id"] for one in data["issues"]], data["total"]

    assert asked("status=Open") == ([first], 1) and asked("status=Closed") == ([second], 1)
    assert asked("limit=1") == ([first], 2) and asked("limit=1&page=2") == ([second], 2)
    assert asked("createdBy=nobody")[1] == 0
    kept = sdk.export(project, ExportOptions(export_type=ExportTypes.ISSUE))
    assert {one["_id"] for one in kept} == {first, second}
    with pytest.raises(Exception, match="no issue"):
        sdk.delete_issue("another", second)
    sdk.delete_issue(project, second)


def test_links_and_exports_that_cannot_be(sdk, hub, busy):
    for query in ("name=", "url=", ""):
        assert hub.ask("GET", f"/v2/getSignedUrl?{query}").status_code == 400
    there = hub.ask("GET", f"/v2/getUploadUrl?name=a.png&project={busy[0]}&type=assets")
    link = there.json()["data"]["uploadUrl"].split("?")[0]
    by = [hub.ask("GET", "/v2/getSignedUrl", params={key: link}).json() for key in ("name", "url")]
    assert all(one["data"]["signedUrl"].startswith(link) for one in by)
    for more in ({"include_key_frames_only": True}, {"send_email": True}, {"notify": True}):
        with pytest.raises(Exception, match="400"):
            sdk.export(busy[0], ExportOptions(**more))


def test_fields_of_the_form_for_conversations(sdk, hub, busy):
    path = f"/v2/project/{busy[0]}/chat"
    wrong = {"llmConfig": "no language model", "bucket": "no storage", "surprise": "It knows"}
    for name, why in wrong.items():
        said = hub.ask("POST", path, data={"numberOfConversations": "1", name: "x"})
        assert said.status_code == 400 and why in said.json()["message"], said.text
