"""The hub's REST under the keys of people: each route, each role, by name, and own keys only."""

import json
import shutil
import sqlite3

import pytest
import requests
from access.world import PEOPLE, WORD, person
from conftest import DATA
from gateway.small_hub import SmallHub
from hub_helpers import PROJECT, HubProcess

from core.access.acting import SYSTEM, acting_as
from core.access.actions import Action
from core.access.roles import Role
from core.accounts.accounts import Accounts
from core.ango_json.drafts import write_draft
from core.cli.main import main
from core.errors import KeyRefused
from core.gateway.handover import LocalHub
from core.hub.api.admin import Admin
from core.hub.api.table import ROUTES, of_machine
from core.hub.call import Call, Hub, Refused
from core.hub.lock import own_hub
from core.hub.upstream import Upstream
from core.plugin_runs.model import Run, RunRequest
from core.routing import edit
from core.rule_types.random_sample import RandomSample
from core.secret import Secret
from core.settings import read_settings
from core.store import audit
from core.store.drafts import Drafts
from core.store.hub import open_hub
from core.store.person_keys import own_key
from core.store.plugins import Registry
from core.store.runs import Runs

WRITING = [
    route
    for route in (*ROUTES, *of_machine(Admin(None, None, None, None)))
    if route.effect != "reads" and route.handler is not None
]
SPEECH = [route for route in WRITING if route.opens == "speech"]


@pytest.fixture(scope="module")
def far():
    with SmallHub() as hub:
        yield hub


@pytest.fixture(scope="module")
def staffed(tmp_path_factory, sample_data, far):
    """A hub whose data folder has an account of each role."""
    folder = tmp_path_factory.mktemp("people")
    shutil.copytree(sample_data, folder, dirs_exist_ok=True)
    hub = HubProcess(folder, "--upstream", far.url)
    hub.store = open_hub(read_settings({"SWITCHYARD_DATA": str(folder)}).database)
    with acting_as(SYSTEM):
        for role in reversed(Role):
            Accounts(hub.store).add(PEOPLE[role], role, WORD)
    hub.keys = {role: own_key(hub.store, person(role)).reveal() for role in Role}
    yield hub.start()
    hub.end()


def head(hub):
    with hub.store.read() as tx:
        return audit.read_head(tx).number


def latest(hub):
    with hub.store.read() as tx:
        return next(audit.entries(tx, limit=1))


def path_of(route):
    path = route.path
    for name in ("project", "task", "issue", "storage", "llm", "organization", "entry"):
        path = path.replace(f"{{{name}}}", "nothing-of-this-name")
    return path


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", WRITING, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_that_changes_something_is_open_to_its_roles(staffed, route, role):
    before = head(staffed)
    answer = staffed.ask(
        route.method, path_of(route), json={}, headers={"apikey": staffed.keys[role]}
    )
    if role.covers(route.needs.least):
        assert answer.status_code != 403, answer.text
        return
    assert answer.status_code == 403 and head(staffed) == before
    assert f"{PEOPLE[role]} is {role.words} and may not {route.needs.words}" in answer.text


def test_every_route_that_changes_something_says_for_whom():
    assert [route.path for route in WRITING if route.action is None and route not in SPEECH] == []


def test_reading_is_open_to_every_role_and_to_no_wrong_key(staffed):
    for key in staffed.keys.values():
        answer = staffed.ask("GET", f"/v2/project/{PROJECT}", headers={"apikey": key})
        assert answer.status_code == 200
    wrong = staffed.keys[Role.ADMIN][:-1] + "z"
    for path in (f"/v2/project/{PROJECT}", "/_hub/status"):
        assert staffed.ask("GET", path, headers={"apikey": wrong}).status_code == 401


def test_a_change_by_rest_is_recorded_by_name_and_who_works_on_tasks_is_named(staffed):
    key = {"apikey": staffed.keys[Role.OPERATOR]}
    body = {"priority": 3}
    path = f"/v2/project/{PROJECT}/updatePriority"
    assert staffed.ask("POST", path, json=body, headers=key).status_code == 200
    entry = latest(staffed)
    assert (entry.person, entry.role, entry.way) == (PEOPLE[Role.OPERATOR], "operator", "hub key")
    assert (entry.action, entry.subject) == ("tasks", f"POST {path}")
    assert json.loads(entry.after)["length"] == len(json.dumps(body))
    tasks = staffed.ask("GET", f"/v2/project/{PROJECT}/tasks", headers=key).json()["data"]["tasks"]
    made = staffed.ask("POST", "/v2/issues", json={"labelTask": tasks[0]["_id"]}, headers=key)
    assert made.json()["data"]["issue"]["createdBy"] == PEOPLE[Role.OPERATOR]


def test_under_the_hubs_own_key_nothing_is_changed_where_there_are_accounts(staffed):
    before = head(staffed)
    answer = staffed.ask("POST", f"/v2/project/{PROJECT}/updatePriority", json={"priority": 1})
    assert answer.status_code == 403 and "nobody is signed in" in answer.text
    assert staffed.ask("GET", f"/v2/project/{PROJECT}").status_code == 200
    assert head(staffed) == before


def test_whoever_acts_reaches_the_own_hub_under_the_own_key(staffed):
    with acting_as(person(Role.VIEWER)):
        assert own_hub(staffed.data, staffed.store).key.reveal() == staffed.keys[Role.VIEWER]
    assert own_hub(staffed.data, staffed.store).key.reveal() == staffed.key


def test_a_role_that_is_taken_away_and_a_key_that_is_renewed_hold_for_the_next_call(staffed):
    accounts, manager = Accounts(staffed.store), person(Role.MANAGER)
    path, key = "/v2/project", {"apikey": staffed.keys[Role.MANAGER]}
    assert staffed.ask("POST", path, json={"name": "A"}, headers=key).status_code == 200
    with acting_as(SYSTEM):
        accounts.set_role(manager.name, Role.VIEWER)
    assert staffed.ask("POST", path, json={"name": "B"}, headers=key).status_code == 403
    with acting_as(SYSTEM):
        accounts.set_role(manager.name, Role.MANAGER)
        staffed.keys[Role.MANAGER] = accounts.new_key(manager.name).reveal()
    assert staffed.ask("POST", path, json={"name": "C"}, headers=key).status_code == 401


def test_each_persons_ango_hub_key_is_for_their_own_calls(staffed, far):
    far.projects["far"] = {"_id": "far", "name": "Far", "stages": []}
    ada, ben = (
        LocalHub(staffed.url, Secret(staffed.keys[role])) for role in (Role.ADMIN, Role.OPERATOR)
    )
    ada.hand_over(far.url, "far", "Far", Secret("key-of-the-admin"))
    assert ada.knows_key(far.url) and not ben.knows_key(far.url)

    def asked(role):
        far.requests.clear()
        key = {"apikey": staffed.keys[role]}
        return staffed.ask("GET", "/v2/project/far", headers=key)

    answer = asked(Role.OPERATOR)
    assert answer.status_code == 401 and "Enter the Ango Hub key again" in answer.text
    assert far.requests == []  # it was not even asked under somebody else's key
    asked(Role.ADMIN)
    assert [headers["apikey"] for *_, headers in far.requests] == ["key-of-the-admin"]
    ben.hand_over(far.url, "far", "Far", Secret("key-of-the-operator"))
    asked(Role.OPERATOR)
    assert [headers["apikey"] for *_, headers in far.requests] == ["key-of-the-operator"]
    key = {"apikey": staffed.keys[Role.ADMIN]}
    assert staffed.ask("DELETE", "/_hub/upstream-key", headers=key).status_code == 200
    assert not ada.knows_key(far.url) and ben.knows_key(far.url)


def test_a_run_asks_under_the_key_of_whoever_started_it_and_nobody_elses(staffed, far, tmp_path):
    upstream = Upstream(far.url)
    upstream.take_key("ada", Secret("key-of-ada"))
    upstream.take_key("ben", Secret("key-of-ben"))
    hub = Hub(staffed.store, tmp_path, Secret("signing"), user="ada")

    def forwarded(run_by):
        run = Run("s", RunRequest("p", "far", run_by=run_by))
        far.requests.clear()
        upstream.forward(Call(hub, "GET", "/v2/project/far", {}, {}, b"", "", "", run), "")
        return [headers["apikey"] for *_, headers in far.requests]

    assert forwarded("ben") == ["key-of-ben"] and forwarded("ada") == ["key-of-ada"]
    with pytest.raises(Refused, match="Enter the Ango Hub key again"):
        forwarded("carl")
    assert far.requests == []


def test_a_run_is_its_starters_whatever_the_request_says(staffed):
    runs = Runs(staffed.store)
    with acting_as(person(Role.MANAGER)):
        plugin = Registry(staffed.store, staffed.data).add("For runs").plugin.id
    with acting_as(person(Role.OPERATOR)):
        first = runs.start(RunRequest(plugin, PROJECT, run_by=PEOPLE[Role.ADMIN]))
    assert first.request.run_by == PEOPLE[Role.OPERATOR]
    with acting_as(person(Role.MANAGER)):
        assert runs.again(first.session).request.run_by == PEOPLE[Role.MANAGER]


def test_a_call_that_is_forwarded_is_checked_and_recorded_before_it_is_sent(staffed, far):
    far.projects["far"] = {"_id": "far", "name": "Far", "stages": []}
    for role in (Role.MANAGER, Role.OPERATOR):
        local = LocalHub(staffed.url, Secret(staffed.keys[role]))
        local.hand_over(far.url, "far", "Far", Secret("key"))
    far.requests.clear()
    path, body = "/v2/project/far", {"stages": []}
    key = {"apikey": staffed.keys[Role.OPERATOR]}
    assert staffed.ask("POST", path, json=body, headers=key).status_code == 403
    assert far.requests == []
    key = {"apikey": staffed.keys[Role.MANAGER]}
    staffed.ask("POST", path, json=body, headers=key)
    assert [method for method, *_ in far.requests] == ["POST"]
    entry = latest(staffed)
    assert (entry.action, entry.subject) == (Action.PUBLISH.title, f"POST {path}")


def test_no_key_of_anybody_is_in_the_data_folder(staffed):
    database = sqlite3.connect(staffed.data / "switchyard.db")
    everything = "\n".join(database.iterdump())
    database.close()
    keys = [*staffed.keys.values(), "key-of-the-admin", "key-of-the-operator"]
    assert [key for key in keys if key in everything] == []


def test_a_key_of_a_deleted_account_opens_nothing(staffed):
    with acting_as(SYSTEM):
        Accounts(staffed.store).add("gone", Role.ADMIN, None)
        key = Accounts(staffed.store).new_key("gone")
        Accounts(staffed.store).delete("gone")
    with pytest.raises(KeyRefused):
        LocalHub(staffed.url, key).knows_key("x")
    assert requests.get(f"{staffed.url}/_hub/health", timeout=5).status_code == 200


@pytest.mark.slow
def test_publishing_by_a_command_is_the_managers_on_both_sides(
    staffed, sample, monkeypatch, capsys
):
    monkeypatch.setenv("SWITCHYARD_PASSWORD", WORD)
    stage = sample.project.logic_stages[0]
    edited = edit.set_condition(stage, "RandomSample-0", RandomSample(0.35))
    with acting_as(person(Role.OPERATOR)):
        draft = Drafts(staffed.store).create(
            "w", stage.id, write_draft(stage), write_draft(edited), "t"
        )

    def stages():
        return staffed.ask("GET", f"/v2/project/{PROJECT}").json()["data"]["project"]["stages"]

    def command(role, *words):
        asked = ("--id", PROJECT, "--tasks", str(DATA / "export.zip"), "--data", str(staffed.data))
        code = main(["publish", *words, *asked, "--yes", "--as", PEOPLE[role]])
        return code, capsys.readouterr().err

    before = stages()
    for role in (Role.VIEWER, Role.OPERATOR):
        code, words = command(role, "write", "--draft", draft.id)
        assert code == 2 and "may not publish" in words and stages() == before
    assert command(Role.MANAGER, "write", "--draft", draft.id)[0] == 0 and stages() != before
    with staffed.store.read() as tx:
        record = [(e.action, e.person, e.way) for e in audit.entries(tx, limit=3)]
    manager = PEOPLE[Role.MANAGER]
    assert record == [
        ("publish", manager, "password"),
        ("publish", manager, "hub key"),
        ("publish", manager, "password"),
    ]
    saved = json.loads(_said(capsys, staffed, "backups"))
    code, words = command(Role.OPERATOR, "restore", saved[0]["name"])
    assert code == 2 and "may not restore" in words and stages() != before
    assert command(Role.ADMIN, "restore", saved[0]["name"])[0] == 0 and stages() == before


def _said(capsys, hub, word):
    assert main(["publish", word, "--id", PROJECT, "--data", str(hub.data), "--json"]) == 0
    return capsys.readouterr().out
