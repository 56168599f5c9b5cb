"""What people are called instead of their addresses, and that no command says the address then."""

import json

import pytest
from conftest import DATA
from hypothesis import given
from hypothesis import strategies as st

from core.cli.main import main
from core.errors import InputError
from core.model.pseudonyms import Pseudonyms
from core.private import kept_key

KEY = bytes(range(32))


@given(st.emails())
def test_a_person_has_one_name_however_the_address_is_spelled(address):
    pseudonyms = Pseudonyms(KEY)
    name = pseudonyms.of(address)
    assert name == pseudonyms.of(f" {address.upper().casefold()} ")
    assert name != Pseudonyms(KEY[::-1]).of(address)
    assert address.casefold() not in name.casefold() and "key" not in repr(pseudonyms)


def test_names_are_distinct_in_a_large_team():
    names = {Pseudonyms(KEY).of(f"person-{n}@example.com") for n in range(2_000)}
    assert len(names) == 2_000


@given(st.lists(st.emails(), min_size=1, max_size=4), st.text(max_size=20))
def test_a_text_names_nobody(people, around):
    text = json.dumps({"value": people, "note": f"{around} {people[0]}"})
    hidden = Pseudonyms(KEY).hide(text, tuple(people)).casefold()
    assert not any(person.casefold() in hidden for person in people)


def test_a_name_without_an_at_is_hidden_where_it_is_known():
    text = Pseudonyms(KEY).hide('["Ivo K", "ivo k (night)"]', ("Ivo K",))
    assert "ivo" not in text.casefold() and "(night)" in text


def test_the_key_is_made_once_and_refused_where_others_may_read_it(tmp_path):
    path = tmp_path / "data" / "pseudonyms.key"
    key = kept_key(path)
    assert len(key) == 32 and kept_key(path) == key and path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(InputError, match=r"can be read by others\. Close it: chmod 600"):
        kept_key(path)


COMMANDS = (
    ("split", "--logic", "STAGE", "--json"),
    ("split", "--logic", "STAGE", "--engine", "duckdb", "--json"),
    ("trace", "--logic", "STAGE", "--task", "TASK", "--json"),
    ("trace", "--logic", "STAGE", "--task", "TASK"),
    ("compare", "--before", "STAGE", "--after", str(DATA / "logic-certain.json"), "--json"),
    ("check", "--logic", "STAGE", "--json"),
    ("report", "--logic", "STAGE", "--out", "OUT"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_names_nobody(command, tmp_path, monkeypatch, capsys, sample_table):
    monkeypatch.setenv("SWITCHYARD_DATA", str(tmp_path / "data"))
    people = [one.casefold() for one in sample_table.people]
    conditions = [
        {"type": "Annotator", "value": list(sample_table.people[:3]), "index": 0},
        {"type": "Annotator", "value": ["stranger@elsewhere.example", people[4]], "index": 1},
    ]
    stage = {"type": "Logic", "next": ["a", "b", "c"], "logic": {"conditions": conditions}}
    (tmp_path / "stage.json").write_text(json.dumps(stage), encoding="utf-8")
    words = {
        "TASK": sample_table.ids[4].as_py(),
        "OUT": str(tmp_path / "report.html"),
        "STAGE": str(tmp_path / "stage.json"),
    }
    around = ["--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json")]
    args = [*(words.get(one, one) for one in command), *around]
    people.append("stranger@elsewhere.example")

    def output(*more):
        main([*args, *more])
        out = tmp_path / "report.html"
        text = capsys.readouterr().out + (out.read_text(encoding="utf-8") if out.exists() else "")
        return text.casefold()

    hidden, open_ = output("--pseudonyms"), output()
    assert "person " in hidden and not any(one in hidden for one in people)
    assert any(one in open_ for one in people)
