"""Signing in to the pages: what is shown before, what a role does there, and one session apart."""

import json

import pytest
from access.world import PEOPLE, WORD, person
from page_helpers import database, field
from streamlit.runtime import fragment
from streamlit.runtime.scriptrunner import exec_code

from core.access.acting import SYSTEM, acting_as
from core.access.actions import Action
from core.access.roles import Role
from core.accounts.accounts import MOST_FAILURES, Accounts
from core.cli.main import main
from core.secret import Secret
from core.settings import read_settings
from core.store import audit
from core.store.hub import open_hub
from pages._ui import outage
from pages._ui.markdown_escape import plain
from pages._ui.may import opened_to
from pages._ui.nav import PAGES

RULES = "logic/rules.py"


@pytest.fixture
def accounts(data):
    accounts = Accounts(open_hub(read_settings({"SWITCHYARD_DATA": str(data)}).database))
    with acting_as(SYSTEM):
        for role in reversed(Role):
            accounts.add(PEOPLE[role], role, WORD)
    return accounts


@pytest.fixture(autouse=True)
def as_served(monkeypatch):
    """What a page may not do is said where the server says it."""
    for module in (exec_code, fragment):
        usual = module.handle_uncaught_app_exception
        monkeypatch.setattr(module, "handle_uncaught_app_exception", usual)
    outage.say_outages()


def come_in(app, name, password=WORD):
    app.text_input(key="who.name").set_value(name)
    app.text_input(key="who.password").set_value(password)
    next(one for one in app.button if one.label == "Sign in").click()
    return app.run()


@pytest.fixture
def sign_in(visit, accounts):
    """Opens a page as somebody of a role."""

    def open_page(role, page=RULES, **link):
        app = come_in(visit(page, **link), PEOPLE[role])
        app = app.switch_page(f"pages/{page}").run()  # a test's rerun forgets the page
        assert not app.exception and "Sign in" not in {one.value for one in app.title}
        return app

    return open_page


def head(data):
    with database(data).read() as tx:
        return audit.read_head(tx).number


def drafts(data):
    with database(data).read() as tx:
        return tx.exec_driver_sql("SELECT count(*) FROM drafts").scalar_one()


def add_a_rule(app):
    return app.selectbox(key="rules.add").set_value("RandomSample").run()


def _has(app, key):
    return any(one.key == key for one in app.button)


def test_without_accounts_nobody_is_asked(visit):
    app = visit(RULES)
    assert not app.title and not _has(app, "who.out")


@pytest.mark.parametrize("page", [entry.file for entry in PAGES])
def test_nothing_of_any_page_is_shown_before_somebody_signed_in(visit, accounts, page):
    app = visit(page)
    assert [one.value for one in app.title] == ["Sign in"]
    assert not app.header and not app.get("popover") and not app.metric and not app.dataframe
    assert [one.label for one in app.text_input] == ["Name", "Password"]


def test_wrong_passwords_say_one_sentence_and_lock(visit, accounts):
    app = visit(RULES)
    for word in ("wrong",) * MOST_FAILURES + (WORD,):
        app = come_in(app, PEOPLE[Role.ADMIN], word)
        assert [one.value for one in app.error] == [
            "The name and the password do not fit. After 5 wrong passwords an account rests for "
            "60 seconds."
        ]
        assert not app.header


def test_whoever_signed_in_sees_the_page_and_may_leave(sign_in):
    app = sign_in(Role.MANAGER, "share/audit.py")
    assert app.header[0].value == "Audit" and not app.title
    assert any(plain(PEOPLE[Role.MANAGER]) in one.value for one in app.sidebar.caption)
    app = app.button(key="who.out").click().run()
    assert app.title[0].value == "Sign in" and "state" not in app.session_state


def test_a_viewers_edit_is_refused_in_core_with_one_sentence(sign_in, data):
    app = sign_in(Role.VIEWER)
    before = head(data)
    add_a_rule(app)
    assert not app.exception
    (words,) = [one.value for one in app.error]
    sentence = "viewer@example.com is a viewer and may not change a draft. It needs an operator"
    assert words.startswith(plain(sentence))
    assert drafts(data) == 0 and head(data) == before
    app.button(key="outage.go-on").click().run()
    assert not app.error and app.header[0].value == "Rules"


def test_an_operators_edit_is_saved_and_recorded_by_name(sign_in, data):
    app = sign_in(Role.OPERATOR)
    add_a_rule(app)
    assert not app.error and drafts(data) == 1
    with database(data).read() as tx:
        entry = next(audit.entries(tx, limit=1))
    assert (entry.person, entry.action) == ("operator@example.com", "draft")


def test_a_role_taken_away_in_the_middle_ends_what_it_allowed(sign_in, accounts, data):
    app = sign_in(Role.OPERATOR)
    add_a_rule(app)
    with acting_as(SYSTEM):
        accounts.set_role(PEOPLE[Role.OPERATOR], Role.VIEWER)
    before = head(data)
    add_a_rule(app)
    assert "is a viewer and may not" in app.error[0].value and head(data) == before


def test_an_account_deleted_in_the_middle_ends_the_session(sign_in, accounts, data):
    app = sign_in(Role.OPERATOR)
    with acting_as(SYSTEM):
        accounts.delete(PEOPLE[Role.OPERATOR])
    before = head(data)
    add_a_rule(app)
    assert drafts(data) == 0 and head(data) == before
    app = app.run()
    assert app.title[0].value == "Sign in"


def test_controls_that_a_role_does_not_open_are_disabled_with_the_reason():
    words = "You are a viewer; to publish needs a manager or above."
    with acting_as(person(Role.VIEWER)):
        assert opened_to(Action.PUBLISH) == {"disabled": True, "help": words}
    with acting_as(person(Role.MANAGER)):
        assert opened_to(Action.PUBLISH, about="Now") == {"disabled": False, "help": "Now"}
        assert opened_to(Action.PUBLISH, True)["disabled"]


def test_each_sessions_ango_hub_key_is_its_own(sign_in):
    hosts = ("https://one.example.com", "https://two.example.com")
    ada, ben = (sign_in(role, "project/connect.py") for role in (Role.ADMIN, Role.OPERATOR))
    for app, host, text in ((ada, hosts[0], "key-of-ada"), (ben, hosts[1], "key-of-ben")):
        field(app.selectbox, "connect.place").set_value("Another address").run()
        field(app.text_input, "connect.host").set_value(host).run()
        app.session_state["state"].keys[host] = Secret(text)
        app.run()
    assert set(ada.session_state["state"].keys) == {hosts[0]}
    assert set(ben.session_state["state"].keys) == {hosts[1]}
    field(ben.text_input, "connect.host").set_value(hosts[0]).run()
    assert not [one for one in ben.caption if "A key for this host" in one.value]
    field(ada.text_input, "connect.host").set_value(hosts[0]).run()
    assert [one for one in ada.caption if "A key for this host" in one.value]
    out = ada.button(key="who.out").click().run()
    again = come_in(out, PEOPLE[Role.VIEWER])
    assert again.session_state["state"].keys == {}  # the same browser, somebody else


def test_a_key_of_the_servers_settings_is_nobodys_own_where_people_sign_in(sign_in, monkeypatch):
    monkeypatch.setenv("ANGO_API_KEY", "key-of-the-server")
    app = sign_in(Role.ADMIN, "project/connect.py")
    field(app.selectbox, "connect.place").set_value("Europe").run()
    assert not [one for one in app.caption if "from the settings of this server" in one.value]


def test_work_behind_a_page_is_of_whoever_began_it(sign_in, accounts, data):
    from core.access.acting import acting
    from core.gateway.job import Job

    with acting_as(accounts.sign_in(PEOPLE[Role.OPERATOR], WORD)):
        job = Job(lambda *_: acting().name)
    assert job.ended(10) and job.result() == PEOPLE[Role.OPERATOR]


def test_the_audit_page_filters_exports_and_verifies_as_the_commands_do(sign_in, data, capsys):
    app = sign_in(Role.VIEWER, "share/audit.py")
    listed = app.dataframe[0].value
    assert list(listed["Action"])[:2] == ["sign in", "user added"]
    app.text_input(key="audit.who").set_value("viewer").run()
    assert set(app.dataframe[0].value["Who"]) == {"viewer@example.com"}
    app.selectbox(key="audit.action").set_value("plugin added").run()
    assert "No such change is recorded." in app.info[0].value
    app.selectbox(key="audit.action").set_value("").run()
    app.button(key="audit.verify").click().run()
    assert main(["audit", "verify", "--json", "--data", str(data)]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert f"{whole['entries']} entries, whole." in app.success[0].value
    assert app.code[0].value == whole["head"]


def test_where_sign_in_is_set_and_nobody_has_an_account_nothing_is_shown(visit, monkeypatch, data):
    monkeypatch.setenv("SWITCHYARD_SIGN_IN", "accounts")
    app = visit(RULES)
    assert app.title[0].value == "Sign in" and not app.text_input
    assert "user add NAME --role admin" in app.info[0].value
