"""A data folder of today opens with all that it holds, and is understood before it is changed."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from itertools import chain

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from conftest import DATA
from sqlalchemy import make_url

from core.ango_json.drafts import read_draft
from core.cli.main import main
from core.errors import InputError
from core.export.reader import read_path
from core.plugin_runs.draft import read_start
from core.scenario.file import VERSION, read_scenario
from core.settings import read_settings
from core.store.database import open_database
from core.store.drafts import Drafts
from core.store.hub import all_projects, open_hub
from core.store.hub_tasks import entries_of
from core.store.migrations import STEPS
from core.store.plugins import KEY_FILE, Registry
from core.store.run_labels import RunLabels
from core.store.runs import Runs
from core.store.scenarios import Pin, Scenarios
from core.store.starts import Starts
from core.store.tables.hub import tasks
from core.store.workspaces import OpenedFiles

STATES = {file.stem: file.read_text(encoding="utf-8") for file in (DATA / "stores").glob("*.sql")}
"""A database of each order in which the steps were ever recorded."""
TODAY = "10-today"
TABLE, SCENARIO = DATA / "table-today.parquet", DATA / "scenario-today.json"
DRAFT, STAGE = "hwkpnnl269h2", "4f5dbfa79a48404ff708f9b408dbfded"
PROJECT = "f93df9d480fb19cdaf6d3415"


def database(folder, state):
    file = folder / "switchyard.db"
    made = sqlite3.connect(file)
    made.executescript(STATES[state])
    made.close()
    return file


def recorded(file):
    looking = sqlite3.connect(file)
    try:
        return {name for (name,) in looking.execute("SELECT name FROM migrations")}
    finally:
        looking.close()


def shape(store):
    """Columns and indexes of every table, in no order: a column that came later stands last."""
    with store.read() as tx:
        found = sa.inspect(tx)
        return {
            name: (
                {
                    (c["name"], str(c["type"]), c["nullable"], c["default"])
                    for c in found.get_columns(name)
                },
                found.get_pk_constraint(name)["constrained_columns"],
                {(i["name"], *i["column_names"]) for i in found.get_indexes(name)},
            )
            for name in found.get_table_names()
        }


@pytest.fixture
def fresh(tmp_path):
    return shape(open_database(f"sqlite:///{tmp_path / 'fresh.db'}"))


def test_a_data_folder_of_today_opens_with_all_that_it_holds(tmp_path):
    database(tmp_path, TODAY)
    (tmp_path / KEY_FILE).write_bytes(b"today" + bytes(27))
    (tmp_path / KEY_FILE).chmod(0o600)
    (tmp_path / "tables").mkdir()
    store = open_hub(read_settings({"SWITCHYARD_DATA": str(tmp_path)}).database)

    files = OpenedFiles(store, tmp_path / "tables")
    (opened,) = files.recent()
    shutil.copy(TABLE, tmp_path / "tables" / f"{opened.table_fingerprint}.parquet")
    assert files.get(opened.id).name == "small.json"
    assert files.table(opened.table_fingerprint).fingerprint == opened.table_fingerprint

    drafts = Drafts(store)
    draft = drafts.get(DRAFT)
    assert (draft.workspace, draft.stage, draft.undo, draft.redo) == (opened.id, STAGE, 2, 1)
    counts = [len(read_draft(draft.document).rules)]
    while draft.undo:
        draft = drafts.undo(draft, "test")
        counts.append(len(read_draft(draft.document).rules))
    while draft.redo:
        draft = drafts.redo(draft, "test")
    assert counts == [9, 8, 7] and not read_draft(draft.document).rules[0].enabled

    (scenario,) = Scenarios(store).recent(opened.id)
    assert scenario.document == SCENARIO.read_text(encoding="utf-8")
    golden = read_scenario(scenario.document).golden[0].task
    pin = Pin(golden, "Review", 0.5, "known since May")
    assert Scenarios(store).pins(opened.id, STAGE) == (pin,)

    with store.read() as tx:
        projects = {project.name: project for project in all_projects(tx)}
        assert set(projects) == {"Harbour traffic", "Small demo"}
        rows = tx.execute(sa.select(tasks).order_by(tasks.c.number)).all()
        mine = [row for row in rows if row.project == projects["Small demo"].id]
        passes = entries_of(tx, [row.id for row in mine])
    assert len(mine) == 4 and all(passes.values()) and len(passes) == 4
    assert len(rows) - len(mine) == 5 and all(row.answer for row in rows)

    registry, runs = Registry(store, tmp_path), Runs(store)
    (plugin,) = registry.list()
    assert registry.knows(plugin.id, registry.secret(plugin.id))
    assert [(run.state, run.request.dry_run, run.tasks) for run in runs.list()] == [
        ("cancelled", False, 0),
        ("cancelled", False, 0),
        ("succeeded", True, 5),
        ("succeeded", False, 5),
    ]
    assert all(runs.logs(run.session) for run in runs.list()[1:])
    dry = runs.list(dry_run=True)[0]
    assert len(RunLabels(store).kept(dry.session)) == 5
    assert RunLabels(store).apply(dry.session).labelled == 5
    assert [preset.name for preset in runs.presets(PROJECT, plugin.id)] == ["Boats"]

    with store.read() as tx:
        start = tx.scalar(sa.text("SELECT id FROM start_drafts"))
    assert read_start(Starts(store).get(start)).plugin == plugin.id
    assert store.note("nothing") is None and store.secret("key").reveal() == "today-key"


@pytest.mark.parametrize("state", STATES)
def test_from_every_order_of_steps_the_rest_is_taken(tmp_path, state, fresh):
    file = database(tmp_path, state)
    looking = sqlite3.connect(file)
    rows = {
        name: looking.execute(f"SELECT count(*) FROM {name}").fetchone()
        for (name,) in looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name not in ("migrations", "hub_plugins", "hub_sessions")
    }
    kept_in = "hub_plugins" if hub_of_old(rows) else "plugins"
    has_any = kept_in == "hub_plugins" or "plugins" in rows
    known = looking.execute(f"SELECT * FROM {kept_in}").fetchall() if has_any else []
    looking.close()
    store = open_database(f"sqlite:///{file}")
    assert shape(store) == fresh
    assert recorded(file) == {step.record for step in STEPS}
    with store.read() as tx:
        for name, (count,) in rows.items():
            assert tx.scalar(sa.text(f"SELECT count(*) FROM {name}")) == count, name
    if state != TODAY:
        draft = Drafts(store).get("d")
        assert (draft.document, draft.undo, draft.redo, draft.version) == ("second", 1, 1, 2)
        names = [plugin.name for plugin in Registry(store, tmp_path).list()]
        assert names == [row[1] for row in known]


def hub_of_old(rows):
    """Whether a database has plugins as the first hub knew them."""
    return "hub_projects" in rows and "plugins" not in rows


DYING = """
import os, sys
from dataclasses import replace
from functools import partial
from core.store import database, migrations, postgresql, sqlite

def dying(step):
    def run(connection):
        step.run(connection)
        os._exit(9)
    return replace(step, run=run)

for url, number in zip(sys.argv[1::2], map(int, sys.argv[2::2])):
    steps = [dying(step) if step.number == number else step for step in migrations.STEPS]
    if not os.fork():
        for room in (sqlite, postgresql):
            room.migrate = partial(migrations.migrate, steps=steps)
        database.open_database(url)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def killed(*urls_and_steps):
    """Exit codes of processes that open a database and are killed at a step."""
    return subprocess.run(
        [sys.executable, "-c", DYING, *urls_and_steps],
        cwd=DATA.parents[1],
        env={**os.environ, "PYTHONPATH": str(DATA.parents[1])},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    ).stdout.split()


def test_whoever_is_killed_at_any_step_is_followed_by_one_who_completes(tmp_path, fresh):
    kills, expected = [], []
    for state in ("nothing", *STATES):
        had = records_of(STATES[state]) if state != "nothing" else set()
        for step in STEPS:
            if step.record in had:
                continue
            folder = tmp_path / f"{state} {step.number}"
            folder.mkdir()
            file = folder / "switchyard.db" if state == "nothing" else database(folder, state)
            kills += [f"sqlite:///{file}", str(step.number)]
            before = {one.record for one in STEPS if one.number < step.number}
            expected.append((file, had | before))
    assert killed(*kills) == ["9"] * len(expected) and len(expected) > 40
    for file, records in expected:
        assert recorded(file) == records
        store = open_database(f"sqlite:///{file}")
        assert shape(store) == fresh and recorded(file) == {step.record for step in STEPS}
        store.close()


AT_ONCE = """
import sys
from core.store.hub import LogLine, open_hub

print("ready", flush=True)
sys.stdin.read()
for _ in range(5):
    store = open_hub(sys.argv[1])
    store.say([LogLine("together", "info", "x")])
    store.close()
"""


def opened_at_once(url):
    """Opens a database in several processes, each of which says something five times."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", AT_ONCE, url],
            cwd=DATA.parents[1],
            env={**os.environ, "PYTHONPATH": str(DATA.parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.close()
    for process in processes:
        with process:
            assert process.wait(60) == 0


@pytest.mark.parametrize("state", ["nothing", "02-hub"])
def test_processes_that_open_it_at_once_take_each_step_once(tmp_path, state, fresh):
    file = tmp_path / "switchyard.db" if state == "nothing" else database(tmp_path, state)
    opened_at_once(f"sqlite:///{file}")
    store = open_hub(f"sqlite:///{file}")
    assert shape(store) == fresh and len(store.log_lines("together")) == 20
    assert recorded(file) == {step.record for step in STEPS}


def test_on_a_server_whoever_is_killed_at_any_step_is_followed(make_database, let_go):
    urls = [make_database("postgresql", tables=False) for _ in STEPS]
    numbers = [str(step.number) for step in STEPS]
    assert killed(*chain(*zip(urls, numbers, strict=True))) == ["9"] * len(STEPS)
    whole = open_database(make_database("postgresql"))
    for url, step in zip(urls, STEPS, strict=True):
        looking = sa.create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        with looking.connect() as connection:
            records = set(connection.scalars(sa.text("SELECT name FROM migrations")))
        assert records == {one.record for one in STEPS if one.number < step.number}
        assert shape(open_database(url)) == shape(whole)
    whole.close()


def test_on_a_server_processes_that_open_it_at_once_take_each_step_once(make_database, let_go):
    url = make_database("postgresql", tables=False)
    opened_at_once(url)
    store = open_hub(url)
    assert [line["number"] for line in store.log_lines("together")] == list(range(1, 21))
    assert shape(store) == shape(open_database(make_database("postgresql")))
    with store.read() as tx:
        records = tx.scalars(sa.text("SELECT name FROM migrations")).all()
    assert sorted(records) == sorted(step.record for step in STEPS)


def test_steps_have_numbers_names_and_records_of_their_own():
    assert [step.number for step in STEPS] == list(range(1, len(STEPS) + 1))
    assert len({step.name for step in STEPS}) == len({step.record for step in STEPS}) == len(STEPS)
    assert {s.record for s in STEPS} == set().union(*map(records_of, STATES.values()))


def records_of(dump):
    made = sqlite3.connect(":memory:")
    made.executescript(dump)
    return {name for (name,) in made.execute("SELECT name FROM migrations")}


FUTURE = "INSERT INTO migrations VALUES ('0099-moons')"
NEWER = "was changed by a newer Switchyard (0099-moons"
REFUSED = {
    "of the future": (f"{STATES[TODAY]}{FUTURE};", NEWER),
    "of the future, half": (f"{STATES['02-hub']}{FUTURE};", NEWER),
    "of others": ("CREATE TABLE drafts (id INTEGER);", "a table drafts that Switchyard did not"),
    "with other records": ("CREATE TABLE migrations (at INTEGER);", "cannot be read as a database"),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("wal", [False, True])
def test_a_database_that_is_not_understood_is_refused_and_stays_as_it_is(
    tmp_path, kind, wal, capsys
):
    file = tmp_path / "switchyard.db"
    script, said = REFUSED[kind]
    made = sqlite3.connect(file)
    made.executescript(script)
    if wal:
        made.execute("PRAGMA journal_mode=WAL")
    made.close()
    before = file.read_bytes()
    with pytest.raises(InputError) as refused:
        open_database(f"sqlite:///{file}")
    assert said in str(refused.value) and str(refused.value).startswith(str(file))
    assert file.read_bytes() == before
    assert main(["plugin", "list", "--data", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err
    assert file.read_bytes() == before


def test_what_a_killed_process_left_beside_a_database_of_the_future_stays_too(tmp_path):
    file = database(tmp_path, TODAY)
    dying = (
        "import os, sqlite3, sys\n"
        "one = sqlite3.connect(sys.argv[1])\n"
        "one.execute('PRAGMA journal_mode=WAL')\n"
        f'one.execute("{FUTURE}")\n'
        "one.commit()\n"
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", dying, str(file)], timeout=60)
    log = tmp_path / "switchyard.db-wal"
    before = file.read_bytes(), log.read_bytes()
    assert before[1]
    with pytest.raises(InputError, match="newer Switchyard"):
        open_database(f"sqlite:///{file}")
    assert (file.read_bytes(), log.read_bytes()) == before


def test_a_file_that_is_no_database_is_refused_and_stays_as_it_is(tmp_path):
    file = tmp_path / "switchyard.db"
    file.write_bytes(b"no database at all " * 300)
    before = file.read_bytes()
    with pytest.raises(InputError, match="cannot be read as a database"):
        open_database(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_scenario_file_and_a_saved_table_of_today_open():
    scenario, table = read_scenario(SCENARIO.read_text(encoding="utf-8")), read_path(TABLE)
    assert (scenario.name, scenario.seed, len(scenario.rules.rules)) == ("Half the reviews", 7, 9)
    assert scenario.table == table.fingerprint and len(table) == scenario.tasks == 4
    assert scenario.golden[0].task in table.ids.to_pylist()
    assert table.history is not None and len(table.label_sets)


def test_a_scenario_file_and_a_saved_table_of_the_future_are_refused(tmp_path):
    text = SCENARIO.read_text(encoding="utf-8")
    text = text.replace('"version": 1', f'"version": {VERSION + 1}', 1)
    with pytest.raises(InputError, match="was written by a newer Switchyard"):
        read_scenario(text, "mine.json")
    arrow = pq.read_table(TABLE)
    about = json.loads(arrow.schema.metadata[b"switchyard"])
    file = tmp_path / "table.parquet"
    newer = json.dumps({**about, "version": 2, "moons": 4}).encode()
    pq.write_table(arrow.replace_schema_metadata({b"switchyard": newer}), file)
    before = file.read_bytes()
    with pytest.raises(InputError, match="is a Parquet file, but no task table of this version"):
        read_path(file)
    assert file.read_bytes() == before
