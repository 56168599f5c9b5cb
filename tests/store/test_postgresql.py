"""A store on a PostgreSQL server means what one in a SQLite file means, and says what is wrong."""

import logging
import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa
from databases import KINDS
from hub_helpers import run_core
from postgres_server import PASSWORD

from core.cli.main import main
from core.errors import InputError, StoreUnavailable
from core.settings import read_settings
from core.store import postgresql
from core.store.address import shown
from core.store.database import open_database, open_engine
from core.store.drafts import Drafts
from core.store.hub import LogLine, open_hub
from core.store.patterns import matching
from core.store.plugins import Registry
from core.store.runs import Runs
from core.store.tables.hub import assets, logs, projects
from core.store.tables.hub import settings as notes

ODD = ["a\0b", "\0", "\ufdd0", "\ufdd00\0\ufdd01", "É ß 😀", "%_\\/", "'; --", "x" * 100_000]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_a_text_comes_back_as_it_went(database_url, text):
    store = open_hub(database_url)
    store.take_note("odd", text)
    assert store.note("odd") == text
    with store.read() as tx:
        same = sa.select(notes.c.name).where(notes.c.value == text)
        assert tx.scalars(same).all() == ["odd"]


def test_half_of_a_surrogate_pair_is_refused_by_both(database_url):
    store = open_hub(database_url)
    with pytest.raises(UnicodeEncodeError):
        store.take_note("odd", "\ud83d")
    assert store.note("odd") is None


def test_texts_are_sorted_and_searched_in_one_way(database_url):
    store = open_hub(database_url)
    texts = ["b", "B", "a", "É", "é", "_", "1", "Z"]
    store.say([LogLine("s", "INFO", text) for text in texts])
    with store.read() as tx:
        query = sa.select(logs.c.message).order_by(logs.c.message)
        assert tx.scalars(query).all() == sorted(texts)
    runs = Runs(store)
    assert [line.message for line in runs.logs("s", search="B")] == ["b", "B"]
    assert [line.message for line in runs.logs("s", search="é")] == ["é"]
    assert [line.message for line in runs.logs("s", search="_")] == ["_"]


def test_numbers_have_64_bits_and_fractions_all_of_theirs(database_url):
    store = open_hub(database_url, lambda: 1_764_250_000.123456)
    store.say([LogLine("s", "INFO", "x")])
    assert store.log_lines("s")[0]["at"] == 1_764_250_000.123456
    values = {"id": "p", "name": "", "backend": "sandbox", "created_at": "", "document": "{}"}
    with store.work() as tx:
        tx.execute(projects.insert().values(seed=2**63 - 1, **values))
        about = {"project": "p", "prelabelled": False, "document": "{}"}
        tx.execute(assets.insert().values(id="a", number=2**40, **about))
    with store.read() as tx:
        assert tx.scalar(sa.select(projects.c.seed)) == 2**63 - 1
        assert tx.scalar(sa.select(assets.c.number)) == 2**40


@pytest.mark.parametrize("pattern", [r"^(?P<a>\w)\w*$", "(?i)É", "^$", r"\d{2}", "a|b", "(?<=a)b"])
def test_a_pattern_finds_the_same_with_both(make_database, let_go, pattern):
    values = ["ab", "É1", "", "12", None, "x y", "é"]
    matches = []
    for kind in KINDS:
        store = open_database(make_database(kind))
        with store.work() as tx:
            about = {"project": "p", "prelabelled": False, "document": "{}"}
            rows = [{"id": f"{n}", "number": n, "external_id": v} for n, v in enumerate(values)]
            tx.execute(assets.insert(), [about | row for row in rows])
        with store.read() as tx:
            fits = matching(tx, assets.c.external_id, pattern, assets.c.project == "p")
            matches.append(tx.scalars(sa.select(assets.c.id).where(fits).order_by("id")).all())
    assert matches[0] == matches[1]


def test_a_reader_sees_one_view_whatever_is_written_meanwhile(database_url):
    store, other = open_hub(database_url), open_hub(database_url)
    store.take_note("x", "before")
    value = sa.select(notes.c.value).where(notes.c.name == "x")
    with store.read() as tx:
        assert tx.scalar(value) == "before"
        other.take_note("x", "after")
        assert tx.scalar(value) == "before"
    assert store.note("x") == "after"


def test_a_writer_sees_what_the_writer_before_it_wrote(database_url):
    """Eight threads with connections of their own count together, reading what they write."""

    def count():
        store = open_hub(database_url)
        for _ in range(10):
            with store.work() as tx:
                now = int(tx.scalar(sa.select(notes.c.value)) or 0)
                tx.execute(notes.delete())
                tx.execute(notes.insert().values(name="n", value=str(now + 1)))
        store.close()

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert open_hub(database_url).note("n") == "80"


def test_a_reader_on_a_server_cannot_write(on_postgres):
    with open_hub(on_postgres).read() as tx, pytest.raises(sa.exc.InternalError):
        tx.execute(notes.insert().values(name="x", value="y"))


def test_a_writer_that_waits_too_long_says_so(on_postgres, monkeypatch):
    monkeypatch.setitem(postgresql.SESSION, "lock_timeout", "50ms")
    store, other = open_hub(on_postgres), open_hub(on_postgres)
    with store.work() as tx:
        tx.execute(notes.insert().values(name="x", value="y"))
        with pytest.raises(StoreUnavailable, match="is busy with a long write"):
            other.take_note("z", "z")
        assert other.note("x") is None
    other.take_note("z", "z")
    assert store.note("x") == "y" and store.note("z") == "z"


def test_two_people_edit_two_drafts(database_url):
    one, two = Drafts(open_database(database_url)), Drafts(open_database(database_url))
    first, second = one.create("w", "s", "0", "1", "a"), two.create("w", "s", "0", "1", "b")
    for n in range(3):
        first, second = one.save(first, f"a{n}", "a"), two.save(second, f"b{n}", "b")
    assert two.get(first.id) == first and one.get(second.id) == second
    assert one.others(first.id, "a") == 0 and two.others(first.id, "b") == 1
    assert replace(one.undo(second, "a"), saved_at=0).document == "b1"


def test_a_dump_restored_elsewhere_goes_on(postgres, on_postgres):
    store, name = open_hub(on_postgres), postgres.database("template0")
    store.take_note("x", "a\0b")
    store.say([LogLine("s", "INFO", "before")])
    postgres.copy("shared", name)
    again = open_hub(postgres.url(name))
    again.say([LogLine("s", "INFO", "after")])
    assert again.note("x") == "a\0b"
    assert [line["message"] for line in again.log_lines("s")] == ["before", "after"]
    again.close()
    postgres.drop(name)


# ---- what is wrong with an address ----------------------------------------------------------


def refused(url):
    with pytest.raises(InputError) as error:
        open_engine(url)
    assert PASSWORD not in repr(error.getrepr(style="long")) and "geheim" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "geheim",
        "mysql://ann:geheim@host/name",
        "postgresql://ann:geheim@host:port/name",
        "postgresql://ann:halb@geheim@host/name",
        "postgresql+geheim",
    ],
)
def test_what_is_no_address_is_not_repeated(url):
    assert refused(url).startswith("SWITCHYARD_DATABASE: ")


def test_each_thing_that_is_wrong_has_a_sentence_of_its_own(postgres):
    here = f"@127.0.0.1:{postgres.port}"
    for url, words in (
        ("postgresql://ann:geheim@127.0.0.1:1/x", "no PostgreSQL answers there"),
        ("postgresql://ann:geheim@no.host.invalid/x", "no PostgreSQL answers there"),
        (postgres.address("shared", password="geheim"), "refuses the user or the password"),
        (postgres.address("shared", user="nobody"), "refuses the user or the password"),
        (postgres.address("nothing"), "has no database nothing. Create it with: createdb nothing"),
        (postgres.url("shared", user="nobody"), "has no user nobody"),
        (f"postgresql://postgres{here}/shared", "asks for a password"),
        (postgres.url("shared") + "&odd=geheim", 'invalid connection option "odd"'),
    ):
        told = refused(url)
        assert words in told and told.startswith("postgresql://") and "\n" not in told, told


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TABLE drafts (id int)", "has a table drafts that Switchyard did not make"),
        ("CREATE VIEW runs AS SELECT 1 AS x", "has a relation runs that Switchyard did not"),
        ("CREATE TABLE migrations (at int)", "a table migrations that Switchyard did not make"),
        ("CREATE TABLE x (y int); CREATE INDEX hub_tasks_order ON x (y)", "hub_tasks_order"),
        (
            "CREATE TABLE migrations (name varchar); INSERT INTO migrations VALUES ('0099-moons')",
            "was changed by a newer Switchyard (0099-moons)",
        ),
    ],
)
def test_what_is_somebody_elses_stays_as_it_is(postgres, statement, words):
    name = postgres.database("template0")
    postgres.do(*statement.split("; "), database=name)
    relations = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    before = postgres.do(relations, database=name)
    assert words in refused(postgres.url(name))
    assert postgres.do(relations, database=name) == before
    postgres.drop(name)


def test_a_user_who_may_not_make_tables_is_told(postgres):
    name = postgres.database("template0")
    postgres.do("CREATE USER guest", "REVOKE CREATE ON SCHEMA public FROM public", database=name)
    assert "the user guest may not make tables there" in refused(postgres.url(name, user="guest"))
    postgres.drop(name)


def test_a_database_that_has_not_every_character_is_refused(postgres):
    postgres.do(
        "CREATE DATABASE latin ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
    )
    assert "keeps texts as LATIN1" in refused(postgres.url("latin"))
    postgres.drop("latin")


# ---- the password ---------------------------------------------------------------------------


def test_the_password_is_never_shown(postgres, on_postgres, tmp_path, monkeypatch, capsys, caplog):
    url = postgres.address("shared")
    assert PASSWORD in sa.make_url(url).password
    settings = read_settings({"SWITCHYARD_DATABASE": url, "SWITCHYARD_DATA": str(tmp_path)})
    store = open_hub(settings.database)
    with caplog.at_level(logging.DEBUG):
        store.take_note("x", "y")
        with pytest.raises(sa.exc.ProgrammingError) as wrong, store.read() as tx:
            tx.execute(sa.text("SELECT nothing FROM nowhere"))
    texts = [repr(settings), store.place, shown(sa.make_url(url)), repr(store), caplog.text]
    texts += [repr(vars(store)), repr(wrong.getrepr(style="long")), str(wrong.value)]
    monkeypatch.setenv("SWITCHYARD_DATABASE", postgres.address("nowhere"))
    assert main(["draft", "list", "--data", str(tmp_path)]) == 2
    said = capsys.readouterr()
    encoded = sa.make_url(url).render_as_string(hide_password=False).partition("@")[0]
    assert "has no database nowhere" in said.err
    for text in [*texts, said.err, said.out]:
        assert PASSWORD not in text and encoded not in text


def test_a_named_folder_keeps_its_own_file_but_not_beside_a_server(on_postgres, tmp_path):
    added = run_core("plugin", "add", "--name", "Far", "--data", tmp_path, database=on_postgres)
    assert added.returncode == 0, added.stderr
    assert [one.name for one in Registry(open_hub(on_postgres), tmp_path).list()] == ["Far"]
    assert not (tmp_path / "switchyard.db").exists() and (tmp_path / "plugins.key").exists()
    file = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    added = run_core("plugin", "add", "--name", "Near", "--data", tmp_path, database=file)
    assert added.returncode == 0 and (tmp_path / "switchyard.db").exists()
