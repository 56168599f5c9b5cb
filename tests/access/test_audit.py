"""The record of changes: gapless, chained, refusing to be changed, and telling when it was."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import sqlalchemy as sa
from access.world import WORD, person
from conftest import DATA

from core.access.acting import SYSTEM, Actor, acting_as
from core.access.actions import Action
from core.access.record import BEGIN, AuditEntry, Head, as_text, document, first_broken
from core.access.roles import Role
from core.cli.main import main
from core.errors import InputError
from core.secret import MASK, Secret
from core.store import audit
from core.store.audit_seen import FILE, look_at_record, read_seen
from core.store.database import notes, open_database
from core.store.drafts import Drafts
from core.store.tables.access import audit as table
from core.store.tables.access import audit_head

MANY = 7
REFUSED = "the record of changes is only added to"


@pytest.fixture
def store(database_url):
    """A database of each kind with some changes in it."""
    store = open_database(database_url)
    for number in range(MANY):
        with store.write(Action.DRAFT, f"draft {number}", {"n": number}, {"n": number + 1}):
            pass
    yield store
    store.close()


def verified(store, *seen):
    with store.read() as tx:
        return audit.verify(tx, *seen)


def all_of(store):
    with store.read() as tx:
        return list(audit.in_order(tx))


def by_force(store, *statements):
    """Carries out statements as somebody with the database in hand does, triggers put aside."""
    triggers = {
        "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete",
                   "DROP TRIGGER audit_only_next"],
        "postgresql": ["ALTER TABLE audit DISABLE TRIGGER ALL"],
    }  # fmt: skip
    with store.work() as tx:
        for statement in triggers[tx.dialect.name]:
            tx.exec_driver_sql(statement)
        for statement in statements:
            tx.execute(sa.text(statement) if isinstance(statement, str) else statement)


def again_allowed(store):
    """Puts the triggers of a shared database back."""
    with store.work() as tx:
        if tx.dialect.name == "postgresql":
            tx.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER ALL")


def test_entries_follow_each_other_without_a_gap_and_say_who_and_what(store):
    listed = all_of(store)
    assert [entry.number for entry in listed] == list(range(1, MANY + 1))
    assert listed[0].hash == listed[0].digest(BEGIN)
    assert (listed[2].action, listed[2].subject) == ("draft", "draft 2")
    assert (listed[2].before, listed[2].after) == ('{"n":2}', '{"n":3}')
    assert all(
        entry.at.endswith("Z") and entry.person and entry.role == "admin" for entry in listed
    )
    assert verified(store) is None


def test_what_breaks_off_leaves_neither_change_nor_entry_nor_gap(store):
    with pytest.raises(ZeroDivisionError), store.write(Action.DRAFT, "broken"):
        raise ZeroDivisionError
    with store.write(Action.DRAFT, "whole"):
        pass
    assert [entry.subject for entry in all_of(store)][-2:] == [f"draft {MANY - 1}", "whole"]
    assert verified(store) is None


def test_notes_are_of_the_change_that_is_being_written(store):
    with store.write(Action.DRAFT, "a", 1, 2) as tx:
        notes(tx, subject="b", after=3)
    with store.write(Action.DRAFT, "c"):
        pass
    assert [(e.subject, e.before, e.after) for e in all_of(store)[-2:]] == [
        ("b", "1", "3"),
        ("c", "", ""),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        table.update().where(table.c.number == 3).values(person="somebody else"),
        table.delete().where(table.c.number == 3),
        table.delete(),
        table.insert().values(
            number=99, at="", person="", role="", way="", action="", subject="", before="",
            after="", hash="",
        ),
        "INSERT OR REPLACE INTO audit SELECT number, at, 'x', role, way, action, subject, before, "
        "after, hash FROM audit WHERE number = 2",
        "TRUNCATE audit",
    ],
    ids=["update", "delete", "delete all", "insert", "replace", "truncate"],
)  # fmt: skip
def test_the_database_itself_refuses_what_does_not_add(store, statement):
    own = {"INSERT OR REPLACE": "sqlite", "TRUNCATE": "postgresql"}
    with store.read() as tx:
        kind = tx.dialect.name
    if isinstance(statement, str):
        if next(name for start, name in own.items() if statement.startswith(start)) != kind:
            return  # not a word of this database
        statement = sa.text(statement)
    with pytest.raises(sa.exc.DBAPIError, match=REFUSED), store.work() as tx:
        tx.execute(statement)
    assert len(all_of(store)) == MANY and verified(store) is None


TAMPERED = {
    "changed": (["UPDATE audit SET person = 'x' WHERE number = 3"], "Entry 3 is not what was"),
    "what was there": (["UPDATE audit SET before = '1' WHERE number = 3"], "Entry 3 is not"),
    "removed": (["DELETE FROM audit WHERE number = 3"], "Entry 3 is missing: 4 stands there"),
    "the first removed": (["DELETE FROM audit WHERE number = 1"], "Entry 1 is missing"),
    "moved up": (
        ["DELETE FROM audit WHERE number = 3", "UPDATE audit SET number = number - 1 "
         "WHERE number = 4"],
        "Entry 3 is not what was",
    ),
    "cut": (["DELETE FROM audit WHERE number > 4"], "Entry 5 is missing: there were 7 entries"),
    "emptied": (["DELETE FROM audit"], "Entry 1 is missing: there were 7 entries"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPERED)
def test_the_first_broken_entry_is_named(store, kind):
    statements, words = TAMPERED[kind]
    by_force(store, *statements)
    assert verified(store).startswith(words)
    again_allowed(store)


def test_an_entry_that_was_added_by_hand_is_named(store):
    last = all_of(store)[-1]
    forged = replace(last, number=MANY + 1, person="x").sealed(last.hash)
    values = {name: getattr(forged, name) for name in AuditEntry.__slots__}
    with store.work() as tx:
        tx.execute(table.insert().values(values))
    assert verified(store) == "Entry 8 was added behind the last one that was written."


def rewritten(store, person):
    """Writes the whole chain anew with another person in its third entry, and the head with it."""
    last, rows = BEGIN, []
    for entry in all_of(store):
        new = replace(entry, person=person if entry.number == 3 else entry.person).sealed(last)
        last = new.hash
        rows.append(table.update().where(table.c.number == new.number).values(
            person=new.person, hash=new.hash))  # fmt: skip
    by_force(store, *rows, audit_head.update().values(hash=last))


def test_a_chain_that_was_written_anew_is_seen_by_an_earlier_look(store, tmp_path):
    head, wrong = look_at_record(store, tmp_path)
    assert wrong is None and head.number == MANY
    with store.write(Action.DRAFT, "later"):
        pass
    assert look_at_record(store, tmp_path)[1] is None  # it grew; it still leads through that head
    rewritten(store, "x")
    assert verified(store) is None  # by itself it is whole again …
    assert look_at_record(store, tmp_path)[1].startswith("Entry 8 was written anew")
    assert verified(store, head).startswith("Entry 7 was written anew")  # a head kept elsewhere
    again_allowed(store)


def test_a_database_that_was_put_back_is_seen_by_the_file_beside_it(store, tmp_path):
    assert look_at_record(store, tmp_path)[1] is None
    four = all_of(store)[3]
    by_force(
        store,
        "DELETE FROM audit WHERE number > 4",
        audit_head.update().values(number=four.number, hash=four.hash),
    )
    assert verified(store) is None
    assert look_at_record(store, tmp_path)[1] == "Entry 5 is missing: there were 7 entries."
    again_allowed(store)


@pytest.mark.parametrize("text", ["", "{}", '{"head": "x"}', "7"])
def test_a_damaged_file_of_the_last_look_is_said(store, tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(InputError, match="is not what was kept there"):
        look_at_record(store, tmp_path)


@pytest.mark.parametrize("text", ["", "1", "1:x", f"-1:{BEGIN}", f"1:{BEGIN}0"])
def test_a_head_that_is_none_is_refused(text):
    with pytest.raises(InputError):
        read_seen(text)
    assert read_seen(str(Head(3, BEGIN))) == Head(3, BEGIN)


WRITER = """
import sys
from core.access.actions import Action
from core.store.database import open_database

store = open_database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for number in range(20):
    with store.write(Action.DRAFT, f"{sys.argv[2]} {number}"):
        pass
"""


def test_processes_that_write_at_once_make_one_chain(store, database_url):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, database_url, str(number)],
            cwd=DATA.parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.communicate("\n", timeout=60)
        assert process.returncode == 0
    assert [entry.number for entry in all_of(store)] == list(range(1, MANY + 61))
    assert verified(store) is None


def test_filters_by_person_action_and_time(database_url):
    store = open_database(database_url, clock=iter(range(100)).__next__)
    for who, action in (("ada", Action.DRAFT), ("Adam", Action.FILE), ("ben", Action.FILE)):
        with acting_as(Actor(who, Role.ADMIN, "x")), store.write(action, who):
            pass
    with store.read() as tx:
        assert [e.person for e in audit.entries(tx, who="ADA")] == ["Adam", "ada"]
        assert [e.person for e in audit.entries(tx, action="file", limit=1)] == ["ben"]
        since = audit.since_text("1970-01-01T00:00:01")
        assert [e.person for e in audit.entries(tx, since=since)] == ["ben", "Adam"]
    with pytest.raises(InputError, match="neither a day nor a moment"):
        audit.since_text("yesterday")


def test_a_value_is_short_and_holds_no_secret():
    secret = Secret("abc-the-secret")
    told = as_text({"key": secret, "apiKey": "plain text", "password": "x", "name": "n" * 300})
    assert json.loads(told) == {
        "key": MASK, "apiKey": MASK, "password": MASK, "name": document("n" * 300),
    }  # fmt: skip
    assert as_text(None) == "" and len(as_text(["x" * 150] * 100)) < 200
    assert document("abc")["length"] == 3 and document(None) is None
    assert as_text({"half": "\ud800"}) == '{"half":"\\ud800"}'


def test_no_secret_of_a_whole_session_is_in_the_record(world):
    with acting_as(person(Role.ADMIN)):
        made = world.registry.add("D", config='{"token": "in-the-config"}')
        again = world.registry.rotate(made.plugin.id)
        key = world.accounts.new_key("viewer@example.com")
        world.accounts.set_password("viewer@example.com", "hunter2 hunter2")
    with world.store.read() as tx:
        record = repr(list(audit.in_order(tx)))
    secrets = [made.secret, again.secret, key, world.store.secret("key"), Secret("in-the-config")]
    for one in (*(s.reveal() for s in secrets), "hunter2", WORD):
        assert one not in record
    assert f"plugin {made.plugin.id}" in record


def test_a_large_document_stands_there_by_its_digest(world):
    drafts, text = Drafts(world.store), json.dumps({"rules": ["x"] * 2_000})
    with acting_as(person(Role.OPERATOR)):
        draft = drafts.create("w", "s", "{}", text, "tab")
        drafts.undo(draft, "tab")
    with world.store.read() as tx:
        undone, created = audit.entries(tx, limit=2)
    assert json.loads(created.after) == document(text) and json.loads(created.before)["length"] == 2
    assert json.loads(undone.after) == {"undone": document("{}")}


def test_what_the_machinery_writes_needs_nobody_and_is_no_entry(world):
    with world.store.read() as tx:
        before = audit.read_head(tx)
    with acting_as(person(Role.VIEWER)):
        world.store.take_note("n", "1")
        Drafts(world.store).others("d", "tab")
        with world.store.work():
            pass
    with world.store.read() as tx:
        assert audit.read_head(tx) == before


def test_the_commands_list_verify_and_export(world, tmp_path, capsys):
    with acting_as(person(Role.MANAGER)):
        world.registry.add("=SUM(A1)")

    def said(*words, code=0):
        assert main(["audit", *words, "--data", str(world.folder)]) == code
        return capsys.readouterr().out

    (listed,) = json.loads(said("list", "--json", "--action", "plugin added"))
    assert (listed["person"], listed["role"]) == ("manager@example.com", "manager")
    assert listed["before"] is None and listed["after"]["name"] == "=SUM(A1)"
    assert json.loads(said("list", "--json", "--who", "nobody like that")) == []
    assert len(json.loads(said("list", "--json", "--limit", "2"))) == 2
    assert said("list", "--since", "2999-01-01") == "No such change is recorded.\n"
    whole = json.loads(said("verify", "--json"))
    assert whole["wrong"] is None and whole["head"].startswith(f"{whole['entries']}:")
    out = tmp_path / "record.json"
    said("export", "--out", str(out))
    exported = json.loads(out.read_text())
    assert [one["number"] for one in exported] == list(range(1, whole["entries"] + 1))
    assert exported[-1]["hash"] == whole["head"].partition(":")[2]
    said("export", "--out", str(tmp_path / "record.csv"), "--action", "plugin added")
    lines = (tmp_path / "record.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("number,at,person,role,way,action") and len(lines) == 2
    said("export", "--out", str(tmp_path / "record.txt"), code=2)
    said("list", "--action", "nonsense", code=2)
    by_force(world.store, "UPDATE audit SET person = 'x' WHERE number = 2")
    broken = json.loads(said("verify", "--json", code=1))
    assert broken["wrong"] == "Entry 2 is not what was written (user added)."
    assert said("verify", "--seen", whole["head"], code=1).startswith("Entry 2 is not")


def test_an_empty_record_is_whole_and_one_that_lost_everything_is_not():
    assert first_broken([], Head()) is None
    assert first_broken([], Head(), [Head(1, BEGIN)]) == "Entry 1 is missing: there were 1 entries."


def test_the_launcher_is_named_where_it_does_what_a_person_could(world):
    with acting_as(SYSTEM):
        world.registry.add("Demo")
    with world.store.read() as tx:
        entry = next(audit.entries(tx, limit=1))
    assert (entry.person, entry.way) == ("switchyard", "Switchyard itself")
