"""A data folder of today with an account of each role, and one deed for each kind of change."""

import shutil
import sqlite3
from dataclasses import replace
from functools import cache

from conftest import DATA

from core.access.acting import PASSWORD, SYSTEM, Actor, acting_as
from core.access.actions import Action
from core.access.roles import Role
from core.accounts.accounts import Accounts
from core.bulk.carry_out import carry_out
from core.hub.projects.adding import add_project
from core.launcher.labour import allow, ask_to_stop
from core.launcher.start_over import start_over
from core.plugin_runs.model import Pair
from core.publish.publish import publish, restore
from core.settings import read_settings
from core.store.drafts import Drafts
from core.store.hub import open_hub
from core.store.plugins import KEY_FILE, Registry
from core.store.run_labels import RunLabels
from core.store.runs import Runs
from core.store.scenarios import Pin, Scenarios
from core.store.starts import Starts
from core.store.workspaces import OpenedFiles

DRAFT, STAGE = "hwkpnnl269h2", "4f5dbfa79a48404ff708f9b408dbfded"
HARBOUR = "f93df9d480fb19cdaf6d3415"
WORD = "correct horse battery"
PEOPLE = {role: f"{role.value}@example.com" for role in Role}


@cache
def _made(folder):
    database = sqlite3.connect(folder / "switchyard.db")
    database.executescript((DATA / "stores" / "10-today.sql").read_text(encoding="utf-8"))
    database.close()
    (folder / KEY_FILE).write_bytes(b"today" + bytes(27))
    (folder / KEY_FILE).chmod(0o600)
    store = open_hub(f"sqlite:///{folder / 'switchyard.db'}")
    accounts = Accounts(store)
    with acting_as(SYSTEM):
        for role in reversed(Role):
            accounts.add(PEOPLE[role], role, WORD)
    store.close()
    return folder


class World:
    """The folder, opened; `today` is where it is made once for all tests of a process."""

    def __init__(self, today, folder):
        shutil.copytree(_made(today), folder, dirs_exist_ok=True)
        self.folder = folder
        self.settings = read_settings({"SWITCHYARD_DATA": str(folder)})
        self.store = open_hub(self.settings.database)
        self.accounts = Accounts(self.store)
        self.registry = Registry(self.store, folder)
        self.runs, self.labels = Runs(self.store), RunLabels(self.store)
        (self.plugin,) = self.registry.list()
        self.dry = self.runs.list(dry_run=True)[0].session
        self.real = next(run.session for run in self.runs.list(dry_run=False) if run.tasks)
        (self.file,) = OpenedFiles(self.store, folder / "tables").recent()
        (self.scenario,) = Scenarios(self.store).recent(self.file.id)

    def queued(self):
        with acting_as(SYSTEM):
            return self.runs.again(self.real).session

    def content(self):
        """All that the database holds."""
        database = sqlite3.connect(self.folder / "switchyard.db")
        try:
            return list(database.iterdump())
        finally:
            database.close()


def person(role):
    """Somebody of a role, as signed in."""
    return Actor(PEOPLE[role], role, PASSWORD, has_account=True)


class NoGateway:
    """A hub that nobody may reach: whoever may not write does not even ask."""

    host = "https://hub.example.com"

    def __getattr__(self, name):
        raise LookupError(name)


def _asked(deed):
    """Carries out what then meets a missing hub: it was let through."""

    def act(world):
        try:
            deed(world)
        except (LookupError, AttributeError):
            return

    return act


DEEDS = {
    Action.SIGN_IN: lambda w: w.accounts.sign_in(w.me.name, WORD),
    Action.OWN_ACCOUNT: lambda w: w.accounts.set_password(w.me.name, "another password"),
    Action.DRAFT: lambda w: Drafts(w.store).rename(DRAFT, "Other"),
    Action.SCENARIO: lambda w: Scenarios(w.store).delete(w.scenario.id),
    Action.PINNED_TASK: lambda w: Scenarios(w.store).pin(w.file.id, STAGE, Pin("t", "x", 1.0, "")),
    Action.FILE: lambda w: OpenedFiles(w.store, w.folder / "tables").restore(w.file.id),
    Action.PRESET: lambda w: w.runs.save_preset(HARBOUR, w.plugin.id, "A", [Pair("s", "Boat")]),
    Action.START: lambda w: Starts(w.store).add("{}"),
    Action.RUN_START: lambda w: w.runs.start(w.runs.get(w.real).request),
    Action.RUN_CANCEL: lambda w: w.runs.cancel(w.waiting),
    Action.RUN_RETRY: lambda w: w.runs.again(w.real),
    Action.RUN_APPLY: lambda w: w.labels.apply(w.dry),
    Action.RUN_DISCARD: lambda w: w.labels.discard(w.dry),
    Action.RUN_UNDO: lambda w: w.labels.undo(w.real),
    Action.LABOUR: lambda w: allow(w.store, "a", 1, 1),
    Action.PLUGIN_ADD: lambda w: w.registry.add("New"),
    Action.PLUGIN_CHANGE: lambda w: w.registry.save(replace(w.plugin, name="Other")),
    Action.PLUGIN_ROTATE: lambda w: w.registry.rotate(w.plugin.id),
    Action.PLUGIN_DELETE: lambda w: w.registry.archive(w.plugin.id),
    Action.PROJECT_ADD: lambda w: add_project(w.store, "New", None, None, False),
    Action.USER_ADD: lambda w: w.accounts.add("new", Role.VIEWER, WORD),
    Action.USER_CHANGE: lambda w: w.accounts.set_role(PEOPLE[Role.VIEWER], Role.OPERATOR),
    Action.USER_DELETE: lambda w: w.accounts.delete(PEOPLE[Role.VIEWER]),
}
"""What the pages' functions in `core` do for each kind of change that stands in the database."""

REFUSED_ONLY = {
    Action.PUBLISH: _asked(lambda w: publish(NoGateway(), None, None, w.folder, None, w.store)),
    Action.RESTORE: _asked(lambda w: restore(NoGateway(), None, None, w.folder, None, w.store)),
    Action.BULK: _asked(lambda w: carry_out(NoGateway(), None, None, w.store)),
    Action.START_OVER: lambda w: start_over(w.settings, w.store, None),
    Action.LABOUR: lambda w: ask_to_stop(w.store, "a"),
}
"""What also needs a hub: here it is only seen who gets as far as to need it."""

COMMANDS = {
    Action.DRAFT: lambda w: ["draft", "rename", DRAFT, "--name", "Other"],
    Action.SCENARIO: lambda w: ["scenario", "delete", w.scenario.id],
    Action.FILE: lambda w: ["workspace", "restore", w.file.id],
    Action.RUN_START: lambda w: ["run", "start", "--plugin", w.plugin.id, "--project", HARBOUR],
    Action.RUN_CANCEL: lambda w: ["run", "cancel", w.waiting],
    Action.RUN_RETRY: lambda w: ["run", "again", w.real],
    Action.RUN_APPLY: lambda w: ["run", "apply", w.dry],
    Action.RUN_DISCARD: lambda w: ["run", "discard", w.dry],
    Action.RUN_UNDO: lambda w: ["run", "undo", w.real],
    Action.PLUGIN_ADD: lambda w: ["plugin", "add", "--name", "New"],
    Action.PLUGIN_CHANGE: lambda w: ["plugin", "edit", w.plugin.id, "--name", "Other"],
    Action.PLUGIN_ROTATE: lambda w: ["plugin", "secret", w.plugin.id],
    Action.PLUGIN_DELETE: lambda w: ["plugin", "archive", w.plugin.id],
    Action.PROJECT_ADD: lambda w: ["project", "add", "--name", "New"],
    Action.OWN_ACCOUNT: lambda w: ["user", "key", w.me.name],
    Action.USER_ADD: lambda w: ["user", "add", "new", "--role", "viewer", "--provider"],
    Action.USER_CHANGE: lambda w: ["user", "role", PEOPLE[Role.VIEWER], "--role", "operator"],
    Action.USER_DELETE: lambda w: ["user", "delete", PEOPLE[Role.VIEWER]],
}
"""The same by a command."""
