"""Keys are rotated as `docs/operations.md` says: its own statements, on a real hub."""

import re
import shutil
import sqlite3

import pytest
import requests
from access.world import WORD, person
from conftest import HERE
from hub_helpers import PROJECT, HubProcess, run_core

from core.access.acting import SYSTEM, acting_as
from core.access.roles import Role
from core.accounts.accounts import Accounts
from core.errors import UnknownName
from core.model.pseudonyms import Pseudonyms
from core.private import kept_key
from core.settings import read_settings
from core.store.hub import open_hub
from core.store.person_keys import own_key
from core.store.plugins import KEY_FILE, Registry

TEXT = (HERE.parent / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture
def stopped(tmp_path, sample_data):
    """A hub that has run, with an account, and runs no longer."""
    shutil.copytree(sample_data, tmp_path, dirs_exist_ok=True)
    hub = HubProcess(tmp_path).start()
    hub.store = open_hub(read_settings({"SWITCHYARD_DATA": str(tmp_path)}).database)
    with acting_as(SYSTEM):
        Accounts(hub.store).add(person(Role.ADMIN).name, Role.ADMIN, WORD)
    hub.persons = own_key(hub.store, person(Role.ADMIN)).reveal()
    hub.end()
    yield hub
    hub.end()


def opens(hub, key, path=f"/v2/project/{PROJECT}"):
    return hub.ask("GET", path, headers={"apikey": key}).status_code == 200


def carried_out(hub, name):
    """The statement of the document that is about a secret of this name."""
    (statement,) = re.findall(rf'"(DELETE FROM hub_settings WHERE name = \'{name}\')"', TEXT)
    with sqlite3.connect(hub.data / "switchyard.db") as database:
        assert database.execute(statement).rowcount == 1
    database.close()


def test_another_key_of_the_hub(stopped):
    before = stopped.key
    carried_out(stopped, "key")
    stopped.start()
    assert stopped.key != before and not opens(stopped, before) and opens(stopped, stopped.key)
    assert opens(stopped, stopped.persons)


def test_other_keys_of_all_people(stopped):
    carried_out(stopped, "people")
    stopped.start()
    assert not opens(stopped, stopped.persons) and opens(stopped, stopped.key)
    assert opens(stopped, own_key(stopped.store, person(Role.ADMIN)).reveal())


def test_links_that_were_given_away_end(stopped):
    stopped.start()
    asking = f"/v2/getUploadUrl?name=x.png&project={PROJECT}&type=assets"
    headers = {"apikey": stopped.persons}
    link = stopped.ask("GET", asking, headers=headers).json()["data"]["uploadUrl"]
    stopped.end()
    carried_out(stopped, "signing")
    stopped.start()
    assert requests.put(link, b"x", timeout=20).status_code == 403
    link = stopped.ask("GET", asking, headers=headers).json()["data"]["uploadUrl"]
    assert requests.put(link, b"x", timeout=20).status_code == 200


def test_another_key_of_one_person_and_another_secret_of_one_plugin(stopped, monkeypatch):
    name = person(Role.ADMIN).name
    monkeypatch.setitem(run_core.__globals__["ENVIRONMENT"], "SWITCHYARD_PASSWORD", WORD)
    shown = run_core("user", "key", name, "--as", name, "--data", stopped.data)
    assert shown.returncode == 0, shown.stderr
    stopped.start()
    assert not opens(stopped, stopped.persons) and opens(stopped, shown.stdout.split()[-1])
    registry = Registry(stopped.store, stopped.data)
    with acting_as(person(Role.ADMIN)):
        made = registry.add("D", ["Car"])
    shown = run_core(
        "plugin", "secret", made.plugin.id, "--as", name, "--data", stopped.data, "--json"
    )
    assert shown.returncode == 0, shown.stderr
    assert not registry.knows(made.plugin.id, made.secret)
    assert registry.secret(made.plugin.id).reveal() in shown.stdout


def test_another_key_of_all_plugins_asks_for_another_secret_of_each(stopped):
    registry = Registry(stopped.store, stopped.data)
    with acting_as(person(Role.ADMIN)):
        made = registry.add("D", ["Car"])
        (stopped.data / KEY_FILE).unlink()
        registry = Registry(stopped.store, stopped.data)
        with pytest.raises(UnknownName, match="Rotate the plugin's secret"):
            registry.secret(made.plugin.id)
        assert registry.knows(made.plugin.id, made.secret)  # until it is rotated
        rotated = registry.rotate(made.plugin.id)
    assert not registry.knows(made.plugin.id, made.secret)
    assert registry.secret(made.plugin.id) == rotated.secret


def test_another_key_of_pseudonyms_gives_other_names(tmp_path):
    file = read_settings({"SWITCHYARD_DATA": str(tmp_path)}).pseudonyms_key
    before = Pseudonyms(kept_key(file))
    file.unlink()
    after = Pseudonyms(kept_key(file))
    assert before.of("ada@example.com") != after.of("ada@example.com")
