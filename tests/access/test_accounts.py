"""Accounts: no password is kept, none is default, many tries lock, and nobody is locked out."""

import io
import json
import sqlite3
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from access.world import PEOPLE, WORD, person

from core.access.acting import RECOVERY, Actor, acting_as, local_actor
from core.access.roles import Role
from core.accounts import passwords
from core.accounts.accounts import LOCKED_SECONDS, MOST_FAILURES, Accounts
from core.cli import who
from core.cli.main import main
from core.errors import Forbidden, InputError, NotSignedIn, UnknownName
from core.store import audit
from core.store.hub import open_hub
from core.store.person_keys import own_key, person_of_key

ADMIN, VIEWER = PEOPLE[Role.ADMIN], PEOPLE[Role.VIEWER]


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def accounts(database_url, clock):
    accounts = Accounts(open_hub(database_url, clock))
    accounts.add("Ada", Role.ADMIN, WORD)
    with acting_as(Actor("Ada", Role.ADMIN, "password", has_account=True)):
        accounts.add("ben", Role.OPERATOR, WORD)
        accounts.add("carl@example.com", Role.VIEWER, None)
    return accounts


def refused(accounts, name, password):
    with pytest.raises(NotSignedIn) as error:
        accounts.sign_in(name, password)
    return str(error.value)


def test_a_password_is_kept_as_an_argon2_hash_alone(world):
    database = sqlite3.connect(world.folder / "switchyard.db")
    hashes = [row[0] for row in database.execute("SELECT password_hash FROM accounts")]
    database.close()
    assert len(set(hashes)) == len(hashes) == 4  # equal passwords, different salts
    assert all(one.startswith("$argon2id$") for one in hashes)
    kept = b"".join(p.read_bytes() for p in world.folder.rglob("*") if p.is_file())
    assert WORD.encode() not in kept


def test_a_fresh_data_folder_has_no_account_and_no_password(tmp_path):
    accounts = Accounts(open_hub(f"sqlite:///{tmp_path / 'switchyard.db'}"))
    assert not accounts.exist and accounts.list() == ()
    for name in ("admin", "", "switchyard", local_actor().name):
        refused(accounts, name, "admin")


def test_signing_in_says_who_whatever_the_case_of_the_name(accounts):
    ada = accounts.sign_in(" aDA ", WORD)
    assert (ada.name, ada.role, ada.has_account) == ("Ada", Role.ADMIN, True)


def test_every_refusal_says_the_same(accounts):
    sentences = {
        refused(accounts, "Ada", "wrong"),
        refused(accounts, "nobody", WORD),
        refused(accounts, "carl@example.com", ""),  # has no password: a provider vouches for it
        refused(accounts, "Ada", "x" * 100_000),
    }
    for _ in range(MOST_FAILURES):
        sentences.add(refused(accounts, "ben", "wrong"))
    sentences.add(refused(accounts, "ben", WORD))  # locked
    assert len(sentences) == 1


def test_a_password_costs_what_argon2_asks_for(costly_passwords):
    """RFC 9106's second choice, which is the library's: 64 MiB, three passes, four lanes."""
    assert passwords.hashed(WORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.usefixtures("costly_passwords")
def test_a_name_that_is_not_known_takes_as_long(accounts):
    def took(name):
        began = time.perf_counter()
        refused(accounts, name, "wrong")
        return time.perf_counter() - began

    took("nobody")  # makes the hash that nobody has
    unknown = statistics.median(took(f"nobody {n}") for n in range(7))
    known = statistics.median(took("carl@example.com") for _ in range(4))
    assert 0.4 < unknown / known < 2.5


def test_five_wrong_passwords_lock_for_a_minute_and_each_further_one_again(accounts, clock):
    for _ in range(MOST_FAILURES):
        refused(accounts, "ben", "wrong")
    refused(accounts, "ben", WORD)
    clock.now += LOCKED_SECONDS - 0.1
    refused(accounts, "ben", WORD)
    clock.now += 0.2  # what was refused while it was locked did not make it longer
    refused(accounts, "ben", "wrong")
    refused(accounts, "ben", WORD)  # one more wrong one is enough now
    clock.now += LOCKED_SECONDS
    assert accounts.sign_in("ben", WORD).role is Role.OPERATOR
    for _ in range(MOST_FAILURES - 1):
        refused(accounts, "ben", "wrong")
    assert accounts.sign_in("ben", WORD)  # and the count began anew
    accounts.sign_in("Ada", WORD)  # others were never locked


def test_an_admin_ends_a_lock_with_another_password(accounts):
    for _ in range(MOST_FAILURES):
        refused(accounts, "ben", "wrong")
    with acting_as(accounts.sign_in("Ada", WORD)):
        accounts.set_password("ben", "another password")
    assert accounts.sign_in("ben", "another password")


def test_many_tries_at_once_are_no_more_tries(accounts):
    words = ["wrong"] * 12 + [WORD]
    with ThreadPoolExecutor(13) as threads:
        for _ in range(MOST_FAILURES):
            refused(accounts, "ben", "wrong")
        list(threads.map(lambda word: refused(accounts, "ben", word), words))
    with accounts._store.read() as tx:
        refusals = [e for e in audit.entries(tx, who="ben") if e.after == '"refused"']
    assert len(refusals) == MOST_FAILURES


def test_signing_in_and_being_refused_stand_in_the_record(accounts):
    refused(accounts, "ben", "wrong")
    accounts.sign_in("ben", WORD)
    with accounts._store.read() as tx:
        signed_in, wrong = audit.entries(tx, limit=2)
    assert (wrong.person, wrong.action, wrong.after) == ("ben", "sign in", '"refused"')
    assert (signed_in.person, signed_in.way, signed_in.after) == ("ben", "password", "")


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * 1_025])
def test_a_password_has_twelve_characters(accounts, password):
    with acting_as(accounts.sign_in("Ada", WORD)), pytest.raises(InputError, match="password"):
        accounts.add("new", Role.VIEWER, password)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 121, "\u202e", "a\ud800", "ADA"])
def test_a_name_is_one_that_can_be_seen_and_is_free(accounts, name):
    with acting_as(accounts.sign_in("Ada", WORD)), pytest.raises(InputError, match="name"):
        accounts.add(name, Role.VIEWER, WORD)


def test_somebody_is_always_left_who_may_give_roles(accounts):
    with acting_as(accounts.sign_in("Ada", WORD)):
        with pytest.raises(InputError, match="the only admin"):
            accounts.set_role("ada", Role.MANAGER)
        with pytest.raises(InputError, match="the only admin"):
            accounts.delete("Ada")
        accounts.set_role("ben", Role.ADMIN)
        accounts.set_role("ada", Role.MANAGER)
    with pytest.raises(UnknownName):
        accounts.get("dora")


def test_the_first_account_is_an_admins_and_the_last_one_may_go(tmp_path):
    accounts = Accounts(open_hub(f"sqlite:///{tmp_path / 'switchyard.db'}"))
    with pytest.raises(InputError, match="the first account must be an admin's"):
        accounts.add("vera", Role.VIEWER, WORD)
    accounts.add("ada", Role.ADMIN, WORD)
    with acting_as(accounts.sign_in("ada", WORD)):
        accounts.delete("ada")
    assert not accounts.exist
    accounts.add("ada", Role.ADMIN, WORD)  # the system's user again


def test_ones_own_password_needs_no_admin_and_that_of_others_does(world):
    viewer = person(Role.VIEWER)
    with acting_as(viewer):
        world.accounts.set_password(viewer.name.upper(), "another password")
        for name in (ADMIN, PEOPLE[Role.OPERATOR]):
            with pytest.raises(Forbidden):
                world.accounts.set_password(name, "another password")
    assert world.accounts.sign_in(VIEWER, "another password")


def test_a_key_for_the_hub_is_the_accounts_and_ends_with_another(world):
    viewer, admin = person(Role.VIEWER), person(Role.ADMIN)
    first = own_key(world.store, viewer)
    assert person_of_key(world.store, first.reveal()).role is Role.VIEWER
    assert first != own_key(world.store, admin) and own_key(world.store, local_actor()) is None
    for text in ("", "person-", "person-zz-1", first.reveal()[:-1], first.reveal() + "0",
                 first.reveal().replace(VIEWER.encode().hex(), ADMIN.encode().hex()),
                 f"person-{b'gone'.hex()}-0"):  # fmt: skip
        assert person_of_key(world.store, text) is None
    with acting_as(viewer):
        second = world.accounts.new_key(VIEWER)
    assert person_of_key(world.store, first.reveal()) is None
    assert person_of_key(world.store, second.reveal()).name == VIEWER
    with acting_as(admin):
        world.accounts.delete(VIEWER)
    assert person_of_key(world.store, second.reveal()) is None


def test_a_provider_makes_an_account_by_its_claim_and_an_admins_word_counts_more(accounts):
    dora = accounts.vouched_for("dora@example.com", Role.OPERATOR)
    assert (dora.role, dora.way) == (Role.OPERATOR, "OpenID Connect")
    assert accounts.vouched_for("Dora@example.com", Role.VIEWER).role is Role.VIEWER
    assert accounts.vouched_for("carl@example.com", Role.ADMIN).role is Role.VIEWER
    assert accounts.vouched_for("dora@example.com", None).role is Role.VIEWER
    with acting_as(accounts.sign_in("Ada", WORD)):
        accounts.set_role("dora@example.com", Role.MANAGER)
    assert accounts.vouched_for("dora@example.com", Role.VIEWER).role is Role.MANAGER
    with pytest.raises(NotSignedIn, match="has no account here"):
        accounts.vouched_for("emil@example.com", None)
    refused(accounts, "dora@example.com", "")


def asked_twice(monkeypatch, *typed):
    answers = iter(typed)
    monkeypatch.setattr(who.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(who.getpass, "getpass", lambda _: next(answers))


def test_the_commands_ask_for_a_password_and_never_take_one_as_an_argument(
    tmp_path, monkeypatch, capsys
):
    data = ["--data", str(tmp_path)]
    asked_twice(monkeypatch, WORD, "something else entirely")
    assert main(["user", "add", "ada", "--role", "admin", *data]) == 2
    asked_twice(monkeypatch, WORD, WORD)
    assert main(["user", "add", "ada", "--role", "admin", *data]) == 0
    for word in ("--password", "--pass"):
        with pytest.raises(SystemExit):
            main(["user", "add", "ben", "--role", "viewer", word, "x", *data])
    monkeypatch.setattr(who.sys, "stdin", io.StringIO(f"{WORD}\nben's own password\n"))
    assert main(["user", "add", "ben", "--role", "viewer", "--as", "ada", *data]) == 0
    monkeypatch.setattr(who.sys, "stdin", io.StringIO(""))
    assert main(["user", "delete", "ben", "--as", "ada", *data]) == 2
    out = capsys.readouterr()
    assert "is missing" in out.err and WORD not in out.out + out.err
    assert main(["user", "list", "--json", *data]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["name"], one["role"]) for one in listed] == [("ada", "admin"), ("ben", "viewer")]
    assert set(listed[0]) == {"name", "role", "hasPassword", "fromProvider", "createdAt"}


def test_a_wrong_password_ends_a_command_with_one_sentence(world, monkeypatch, capsys):
    monkeypatch.setenv("SWITCHYARD_USER", ADMIN)
    monkeypatch.setenv("SWITCHYARD_PASSWORD", "wrong")
    assert main(["plugin", "add", "--name", "x", "--data", str(world.folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("The name and the password do not fit.")


def test_the_owner_of_the_folder_gets_in_again_and_that_is_recorded(world, monkeypatch, capsys):
    monkeypatch.setenv("SWITCHYARD_NEW_PASSWORD", "found it again")
    words = ["user", "password", ADMIN, "--data", str(world.folder)]
    assert main(words) == 2  # not by mistake
    assert main([*words, "--recover"]) == 0
    assert world.accounts.sign_in(ADMIN, "found it again")
    words = ["user", "role", VIEWER, "--role", "admin", "--data", str(world.folder)]
    assert main(words) == 2 and main([*words, "--recover"]) == 0
    assert world.accounts.get(VIEWER).role is Role.ADMIN
    with world.store.read() as tx:
        entry = next(audit.entries(tx, limit=1))
    assert (entry.person, entry.way) == (local_actor().name, RECOVERY)
    assert entry.action == "user changed" and capsys.readouterr().err
