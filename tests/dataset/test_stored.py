"""A table that stays on disk answers as the same table in memory does."""

import json
import re
import shutil
import zipfile

import numpy as np
import pytest
import strategies
from conftest import DATA
from dataset_helpers import on_disk, table_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.cli.main import main
from core.dataset.convert import convert
from core.dataset.layout import WHOLE, open_dataset, read_whole
from core.dataset.opening import open_table
from core.dataset.stored import StoredTable
from core.errors import InputError
from core.export.reader import read_path, unpacked_size
from core.model.dialect import Dialect
from core.store import workspaces
from core.store.database import open_database
from core.store.workspaces import OpenedFiles
from core.tasks.facts import resolve
from core.tasks.parquet import write_parquet
from core.workspace import Workspace

some = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("stored")


@pytest.fixture(scope="module")
def export():
    return read_path(DATA / "export.zip")


@pytest.fixture(scope="module")
def project():
    return read_project(loads((DATA / "project.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def stored(export, folder):
    return StoredTable(on_disk(export, folder), export.fingerprint)


@st.composite
def tables(draw):
    project = draw(strategies.projects())
    source = strategies.hub_tasks if draw(st.booleans()) else strategies.items
    known = draw(st.sampled_from([project, None]))
    return draw(source(project)), known, Dialect(**draw(strategies.dialects()))


@some
@given(tables())
def test_facts_are_those_of_memory(folder, case):
    items, project, dialect = case
    try:
        table = table_of(items)
    except InputError:
        return
    if not len(table):
        return
    project = None if project is None else read_project(project)
    stored = StoredTable(on_disk(table, folder), "x")
    assert stored.stages_passed == table.stages_passed
    try:
        here = resolve(table, project, dialect)
    except InputError as error:
        with pytest.raises(InputError, match=re.escape(str(error))):
            resolve(stored, project, dialect)
        return
    there = resolve(stored, project, dialect)
    for name in ("classes", "people", "batches"):
        ours, theirs = getattr(here, name), getattr(there, name)
        assert list(ours) == list(theirs)
        assert all(np.array_equal(ours[key], theirs[key]) for key in ours), name
    assert np.array_equal(here.duration, there.duration, equal_nan=True)
    assert np.array_equal(here.hashes, there.hashes)
    assert (here.answered is None) == (there.answered is None)
    assert here.answered is None or np.array_equal(here.answered, there.answered)
    assert here.honesty == there.honesty


def test_single_tasks_are_read_when_they_are_asked_for(export, stored):
    rows = np.array([7, 3, 3, 399, 0])
    assert stored.take(rows).fingerprint == export.take(rows).fingerprint
    for task in (export.ids[0].as_py(), export.ids[399].as_py(), "none", "\ud800"):
        assert stored.row_of(task) == export.row_of(task)
    some_text = export.external_ids[5].as_py()
    for text in (some_text.upper(), some_text[2:6], "%", "_", "nothing like it"):
        assert np.array_equal(stored.with_text(text), export.with_text(text)), text
    for names in (export.batch_names, export.batch_names[:1], ("elsewhere",), ()):
        assert np.array_equal(stored.in_batches(names), export.in_batches(names))
    assert np.array_equal(stored.stage, export.stage) and np.array_equal(stored.at, export.at)


def test_what_is_never_held_is_refused_with_the_next_step(stored, project):
    with pytest.raises(InputError, match="Histories: are not held of all 400 tasks at once"):
        _ = stored.history
    with pytest.raises(InputError, match="SWITCHYARD_TASKS_IN_MEMORY"):
        _ = stored.ids
    with pytest.raises(AttributeError):
        _ = stored.nothing_of_the_kind
    assert Workspace(stored, project, Dialect()).project is project


def test_rows_count_on_where_repeated_tasks_were_taken_out(tmp_path):
    """Positions on disk have a gap there."""
    with zipfile.ZipFile(DATA / "export.zip") as archive:
        tasks = json.loads(archive.read(archive.namelist()[0]))
    again = [*tasks[:30], *tasks[:3], *tasks[30:60]]
    source = tmp_path / "tasks.json"
    source.write_text(json.dumps(again), encoding="utf-8")
    dataset = convert(source, tmp_path / "out", "p", lambda *_: None, tasks_at_once=8)
    table, stored = read_whole(dataset), StoredTable(dataset, "x")
    assert len(table) == len(stored) == 60 and table.counts.repeated == 3
    rows = np.arange(60)
    assert stored.take(rows).fingerprint == table.fingerprint
    last = table.ids[59].as_py()
    assert stored.row_of(last) == 59
    one, other = (resolve(each, None, Dialect()) for each in (table, stored))
    assert all(np.array_equal(one.classes[key], other.classes[key]) for key in one.classes)
    assert np.array_equal(one.duration, other.duration, equal_nan=True)


def test_a_table_beyond_the_stated_size_stays_on_disk(export, tmp_path):
    path = tmp_path / "tasks.parquet"
    write_parquet(export, path)
    assert isinstance(open_table(path, 399), StoredTable)
    assert not isinstance(open_table(path, 400), StoredTable)
    convert(DATA / "export.zip", tmp_path / "out", "p", lambda *_: None, tasks_at_once=64)
    assert isinstance(open_table(tmp_path / "out", 399), StoredTable)
    assert open_table(tmp_path / "out", 400).fingerprint == export.fingerprint
    assert not isinstance(open_table(DATA / "export.zip", 1), StoredTable)


def test_opened_files_keep_or_name_what_was_opened(export, tmp_path, database_url, monkeypatch):
    files = OpenedFiles(open_database(database_url), tmp_path / "tables", most=399)
    kept = files.add("export.zip", export, None)
    table = files.table(kept.table_fingerprint)
    assert isinstance(table, StoredTable) and table.fingerprint == export.fingerprint
    convert(DATA / "export.zip", tmp_path / "out", "p", lambda *_: None, tasks_at_once=64)
    opened, file = files.open_path(tmp_path / "out", None)
    assert isinstance(opened, StoredTable) and files.get(file.id) == file
    assert files.table(file.table_fingerprint).fingerprint == opened.fingerprint
    monkeypatch.setattr(workspaces, "IN_PIECES_BYTES", unpacked_size(DATA / "export.zip") - 1)
    large, again = files.open_path(DATA / "export.zip", None)
    assert isinstance(large, StoredTable) and files.get(again.id) == again
    roomy = OpenedFiles(open_database(database_url), tmp_path / "roomy", most=400)
    small, _ = roomy.open_path(DATA / "export.zip", None)
    assert small.fingerprint == export.fingerprint
    assert [one.suffix for one in (tmp_path / "roomy").iterdir()] == [".parquet"]


def test_a_table_that_was_changed_or_taken_away_says_so(export, tmp_path, database_url):
    convert(DATA / "export.zip", tmp_path / "out", "p", lambda *_: None, tasks_at_once=64)
    files = OpenedFiles(open_database(database_url), tmp_path / "tables", most=10)
    table, file = files.open_path(tmp_path / "out", None)
    folder = open_dataset(tmp_path / "out").folder
    part = folder / "part-00002.parquet"
    before = part.read_bytes()
    part.write_bytes(before[:-40])
    with pytest.raises(InputError, match="was changed since it was opened"):
        resolve(table, None, Dialect())
    with pytest.raises(InputError, match=r"part-00002\.parquet: is damaged"):
        files.table(file.table_fingerprint)
    part.write_bytes(before)
    whole = json.loads((folder / WHOLE).read_text(encoding="utf-8"))
    (folder / WHOLE).write_text(json.dumps({**whole, "more": 1}), encoding="utf-8")
    with pytest.raises(InputError, match=r"was changed since it was opened\. Open it again"):
        files.table(file.table_fingerprint)
    shutil.rmtree(tmp_path / "out")
    with pytest.raises(InputError, match="does not exist"):
        files.table(file.table_fingerprint)


LOGIC = ("--logic", str(DATA / "logic-six.json"))
COMMANDS = (
    ("split", *LOGIC, "--json"),
    ("check", *LOGIC, "--json"),
    ("trace", *LOGIC, "--task", "TASK", "--json"),
    ("plan", *LOGIC, "--want-stage", "Complete=0.5", "--json"),
    ("compare", "--before", LOGIC[1], "--after", str(DATA / "logic-certain.json"), "--json"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
def test_commands_say_the_same_of_it(command, export, tmp_path, monkeypatch, capsys):
    convert(DATA / "export.zip", tmp_path / "out", "p", lambda *_: None, tasks_at_once=64)
    words = [export.ids[11].as_py() if one == "TASK" else one for one in command]
    args = [*words, "--tasks", str(tmp_path / "out"), "--project", str(DATA / "project.json")]
    code = main(args)
    here = capsys.readouterr()
    assert code in (0, 1) and here.out
    monkeypatch.setenv("SWITCHYARD_TASKS_IN_MEMORY", "100")
    assert main(args) == code
    there = capsys.readouterr()
    assert json.loads(there.out) == json.loads(here.out)
    assert "400 tasks are more than memory is meant for" in there.err
    assert "memory is meant for" not in here.err


def test_a_folder_is_opened_by_command(tmp_path, monkeypatch, capsys):
    convert(DATA / "export.zip", tmp_path / "out", "p", lambda *_: None, tasks_at_once=64)
    monkeypatch.setenv("SWITCHYARD_TASKS_IN_MEMORY", "100")
    args = ["workspace", "open", str(tmp_path / "out"), "--data", str(tmp_path / "data")]
    assert main([*args, "--project", str(DATA / "project.json"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["name"], document["tasks"], document["in_memory"]) == ("out", 400, False)
    assert main(["workspace", "list", "--json", "--data", str(tmp_path / "data")]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == [document["id"]]
    assert main(args) == 0 and "stay on disk" in capsys.readouterr().out
