"""Every kind of change, every role: by the functions that pages call, by commands, by the hub."""

import pytest
from access.world import COMMANDS, DEEDS, REFUSED_ONLY, WORD, person

from core.access.acting import LOCAL, STRANGER, acting, acting_as, local_actor
from core.access.actions import TITLES, Action
from core.access.roles import Role
from core.cli.main import main
from core.errors import Forbidden, SwitchyardError
from core.hub.api.admin import Admin
from core.hub.api.table import ROUTES, of_machine
from core.store.audit import entries, read_head

OF_HUB = {
    route.needs
    for route in (*ROUTES, *of_machine(Admin(None, None, None, None)))
    if route.effect != "reads" and route.handler is not None
}
"""What people change by a call of the hub; tests/hub/test_people.py has them call."""


def latest(world):
    with world.store.read() as tx:
        return next(entries(tx, limit=1))


def head(world):
    with world.store.read() as tx:
        return read_head(tx)


def may(role):
    return {action for action in Action if role.covers(action.least)}


def test_what_each_role_may_is_what_the_guide_says():
    viewer, operator, manager, admin = map(may, Role)
    assert viewer == {Action.SIGN_IN, Action.OWN_ACCOUNT}
    assert viewer < operator < manager < admin == set(Action)
    assert {Action.RUN_START, Action.PRESET, Action.DRAFT, Action.SCENARIO, Action.FILE} < operator
    assert {Action.PUBLISH, Action.RESTORE, Action.BULK, Action.PLUGIN_ADD} < manager - operator
    assert Action.PROJECT_ADD in manager - operator
    assert {Action.USER_ADD, Action.USER_CHANGE, Action.USER_DELETE, Action.PURGE} == (
        admin - manager
    )
    assert len(TITLES) == len(Action)


def test_no_kind_of_change_is_left_untried():
    assert {*DEEDS, *REFUSED_ONLY, *COMMANDS, *OF_HUB} == set(Action)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", DEEDS, ids=lambda action: action.name)
def test_a_change_is_made_and_recorded_by_those_who_may_and_refused_to_others(world, action, role):
    world.me, world.waiting = person(role), world.queued()
    before, seen = world.content(), head(world)
    with acting_as(world.me):
        if role.covers(action.least):
            DEEDS[action](world)
        else:
            with pytest.raises(Forbidden) as refused:
                DEEDS[action](world)
    if not role.covers(action.least):
        assert world.content() == before and head(world) == seen
        sentence = f"{world.me.name} is {role.words} and may not {action.words}."
        assert refused.value.message == sentence and action.who in refused.value.hint
        return
    entry = latest(world)
    assert (entry.person, entry.role, entry.action) == (world.me.name, role.value, action.title)
    assert entry.number == seen.number + 1 and world.content() != before


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", REFUSED_ONLY, ids=lambda action: action.name)
def test_what_needs_a_hub_is_refused_before_it_is_asked(world, action, role):
    before = world.content()
    with acting_as(person(role)):
        if role.covers(action.least):
            try:
                REFUSED_ONLY[action](world)
            except SwitchyardError as error:
                assert not isinstance(error, Forbidden)
            return
        with pytest.raises(Forbidden):
            REFUSED_ONLY[action](world)
    assert world.content() == before


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", COMMANDS, ids=lambda action: action.name)
def test_a_command_acts_as_the_account_that_it_names(world, monkeypatch, capsys, action, role):
    world.me, world.waiting = person(role), world.queued()
    monkeypatch.setenv("SWITCHYARD_PASSWORD", WORD)
    words = [*COMMANDS[action](world), "--data", str(world.folder)]
    before = len(world.content())
    allowed = role.covers(action.least)
    assert main([*words, "--as", world.me.name]) == (0 if allowed else 2), capsys.readouterr().err
    entry = latest(world)
    assert entry.person == world.me.name
    assert entry.action == (action.title if allowed else Action.SIGN_IN.title)
    if not allowed:
        assert f"may not {action.words}" in capsys.readouterr().err
        assert len(world.content()) == before + 1  # the entry of the sign-in
    assert acting() == local_actor()  # a command's person is gone with it


@pytest.mark.parametrize("action", COMMANDS, ids=lambda action: action.name)
def test_without_a_name_a_command_changes_nothing_where_there_are_accounts(world, capsys, action):
    world.me, world.waiting = person(Role.ADMIN), world.queued()
    before = world.content()
    assert main([*COMMANDS[action](world), "--data", str(world.folder)]) == 2
    assert "--as NAME" in capsys.readouterr().err and world.content() == before
    assert main(["plugin", "list", "--data", str(world.folder)]) == 0  # reading needs no name


def test_without_accounts_the_systems_user_may_everything(world):
    with world.store.work() as tx:
        tx.exec_driver_sql("DELETE FROM accounts")
    assert acting().way == LOCAL and acting().name == local_actor().name
    world.registry.add("New")
    assert (latest(world).person, latest(world).role) == (local_actor().name, "admin")


def test_a_stranger_at_a_page_may_nothing_though_there_are_no_accounts(world):
    with world.store.work() as tx:
        tx.exec_driver_sql("DELETE FROM accounts")
    with acting_as(STRANGER), pytest.raises(Forbidden, match="Nobody is signed in"):
        world.registry.add("New")


def test_a_role_that_was_taken_away_is_gone_at_the_next_change(world):
    manager, admin = person(Role.MANAGER), person(Role.ADMIN)
    with acting_as(manager):
        world.registry.add("First")
    with acting_as(admin):
        world.accounts.set_role(manager.name, Role.VIEWER)
    with acting_as(manager), pytest.raises(Forbidden, match="is a viewer"):
        world.registry.add("Second")
    with acting_as(admin):
        world.accounts.delete(manager.name)
    with acting_as(manager), pytest.raises(Forbidden, match="was deleted"):
        world.registry.add("Third")
    assert "First" in {plugin.name for plugin in world.registry.list()}
    assert not {"Second", "Third"} & {plugin.name for plugin in world.registry.list()}


def test_a_role_given_in_the_middle_holds_at_once(world):
    viewer = person(Role.VIEWER)
    with acting_as(person(Role.ADMIN)):
        world.accounts.set_role(viewer.name, Role.MANAGER)
    with acting_as(viewer):
        world.registry.add("New")
    assert (latest(world).person, latest(world).role) == (viewer.name, "manager")
