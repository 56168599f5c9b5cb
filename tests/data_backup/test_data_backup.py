"""What a backup holds and refuses, and what a restore never does."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile

import pytest
from budget import soak
from conftest import DATA
from data_backup.conftest import run_on
from databases import KINDS
from hub_helpers import ENVIRONMENT, ROOT, environment_of

from core.cli.main import main
from core.data_backup.backing_up import back_up
from core.data_backup.exchange import Exchange
from core.data_backup.manifest import is_place
from core.data_backup.restoring import restore
from core.errors import InputError
from core.private import keep_private
from core.private import let_go as leave
from core.settings import read_settings
from core.store import workspaces as files_room
from core.store.database import open_database
from core.store.hub import LogLine, open_hub
from core.store.migrations import STEPS, records
from core.store.tables.drafts import workspaces
from core.store.workspaces import OpenedFiles

STATES = {file.stem: file for file in (DATA / "stores").glob("*.sql")}


def settings_of(folder, database=""):
    return read_settings({"SWITCHYARD_DATA": str(folder), "SWITCHYARD_DATABASE": database})


def folder_with(folder, words):
    """A data folder with something in it."""
    settings = settings_of(folder)
    store = open_hub(settings.database)
    store.take_note("words", words)
    store.close()
    for name in ("tables", "hubs/p", "backups/p", "hub-files"):
        (folder / name).mkdir(parents=True)
        (folder / name / "a").write_text(words)
    (folder / "plugins.key").write_text(words)
    return settings


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith((".lock", "-wal", "-shm"))
    }


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def words_of(folder):
    store = open_hub(settings_of(folder).database)
    words = store.note("words")
    store.close()
    return words, (folder / "plugins.key").read_text(), (folder / "hub-files" / "a").read_text()


@pytest.fixture
def file(tmp_path):
    """A backup of a data folder that says “old”."""
    back_up(folder_with(tmp_path / "old", "old"), tmp_path / "file")
    return tmp_path / "file"


def remade(file, change, manifest=lambda document: None):
    """The same backup with other contents and another list."""
    new = file.with_name("remade")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(new, "w") as out:
        members = {name: source.read(name) for name in source.namelist()}
        document = json.loads(members.pop("manifest.json"))
        change(members)
        manifest(document)
        for name, content in {**members, "manifest.json": json.dumps(document).encode()}.items():
            out.writestr(name, content)
    return new


def test_it_holds_what_cannot_be_made_again_and_names_no_machine(tmp_path, file):
    folder = tmp_path / "old"
    with zipfile.ZipFile(file) as backup:
        names = backup.namelist()
        text = backup.read("manifest.json").decode()
    assert set(names) == {
        *("manifest.json", "switchyard.db", "plugins.key", "tables/a", "hubs/p/a", "backups/p/a"),
        "hub-files/a",
    }
    assert str(tmp_path) not in text and os.uname().nodename not in text
    restore(settings_of(tmp_path / "new"), file)
    assert words_of(tmp_path / "new") == ("old",) * 3
    assert {k: v for k, v in contents(tmp_path / "new").items() if "switchyard.db" not in k} == {
        k: v for k, v in contents(folder).items() if "switchyard.db" not in k
    }
    modes = {oct(path.stat().st_mode & 0o077) for path in (tmp_path / "new").rglob("*")}
    assert modes == {"0o0"}


def test_what_is_half_done_or_made_again_stays_out(tmp_path):
    settings = folder_with(tmp_path / "old", "old")
    for name in ("hubs/p/unfinished/pages.ndjson", "hubs/p.lock", "hubs/p/.x.1.part", "demo/a",
                 "plugins/a.log", "hub.lock"):  # fmt: skip
        (settings.data / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.data / name).write_text("x")
    (settings.data / "hub-files" / "link").symlink_to("/etc/hostname")
    manifest = back_up(settings, tmp_path / "file")
    assert len(manifest.members) == 6


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_of_an_earlier_version_is_brought_up_to_date(
    state, kind, tmp_path, make_database, let_go
):
    old = tmp_path / "old"
    old.mkdir()
    made = sqlite3.connect(old / "switchyard.db")
    made.executescript(STATES[state].read_text(encoding="utf-8"))
    (many,) = made.execute("SELECT count(*) FROM workspaces").fetchone()
    made.close()
    before = (old / "switchyard.db").read_bytes()
    assert len(back_up(settings_of(old), tmp_path / "file").migrations) <= len(STEPS)
    assert (old / "switchyard.db").read_bytes() == before
    database = make_database(kind) if kind == "postgresql" else ""
    new = settings_of(tmp_path / "new", database)
    restore(new, tmp_path / "file")
    store = open_database(new.database)
    with store.read() as tx:
        assert set(tx.scalars(records.select())) == {step.record for step in STEPS}
        assert len(tx.execute(workspaces.select()).all()) == many
    store.close()


@pytest.mark.parametrize("words", [("backup", "--out"), ("restore", "--in")])
def test_a_place_that_cannot_be_used_is_one_sentence(words, tmp_path, file, capsys):
    folder = ("--data", str(tmp_path / "old"))
    assert main([*words, str(tmp_path / "no" / "file"), *folder]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "no such file or directory" in said


def test_a_file_that_is_there_is_never_written_over(tmp_path, file):
    before = file.read_bytes()
    with pytest.raises(InputError, match="is there already"):
        back_up(settings_of(tmp_path / "old"), file)
    assert file.read_bytes() == before
    with pytest.raises(InputError, match="lies among what is backed up"):
        back_up(settings_of(tmp_path / "old"), tmp_path / "old" / "backups" / "file")


def test_a_damaged_database_makes_no_backup(tmp_path):
    settings = folder_with(tmp_path / "old", "old")
    store = open_hub(settings.database)
    store.say([LogLine("s", "INFO", "x" * 1_000) for _ in range(2_000)])
    store.close()
    path = settings.data / "switchyard.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8_192] = b"\xff" * 8_192
    path.write_bytes(content)
    with pytest.raises(InputError, match="is damaged"):
        back_up(settings, tmp_path / "file")
    assert [one.name for one in tmp_path.iterdir()] == ["old"]


def swapped(members):
    members["hub-files/a"] = b"OLD"


def flipped(members):
    content = bytearray(members["switchyard.db"])
    content[5_000] ^= 1
    members["switchyard.db"] = bytes(content)


def missing(members):
    del members["tables/a"]


def more(members):
    members["../../outside"] = b"x"


def absolute(document):
    document["members"]["/tmp/outside"] = document["members"].pop("tables/a")


def upwards(document):
    document["members"]["tables/../../outside"] = document["members"].pop("tables/a")


def elsewhere(document):
    document["members"]["plugins/a.py"] = document["members"].pop("tables/a")


def newer(document):
    document["version"] = 2


def migrated(document):
    document["migrations"].append("0099-moons")


def nothing(_):
    return None


REFUSED = {
    "another file": (swapped, nothing, "hub-files/a is not what was backed up"),
    "one bit": (flipped, nothing, "switchyard.db is not what was backed up"),
    "a file less": (missing, nothing, "does not hold what its list names"),
    "a file more": (more, nothing, "does not hold what its list names"),
    "an absolute path": (nothing, absolute, "names a place outside"),
    "a path upwards": (nothing, upwards, "names a place outside"),
    "a path of others": (nothing, elsewhere, "names a place outside"),
    "a newer file": (nothing, newer, "newer Switchyard"),
    "a newer database": (nothing, migrated, "newer Switchyard"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_damaged_newer_or_leads_elsewhere_is_refused_and_changes_nothing(
    case, tmp_path, file
):
    change, manifest, words = REFUSED[case]
    wrong = remade(file, change, manifest)
    settings = folder_with(tmp_path / "new", "new")
    before, around = contents(settings.data), names(tmp_path)
    with pytest.raises(InputError, match=words):
        restore(settings, wrong, replace=True)
    assert contents(settings.data) == before and names(tmp_path) == around


def test_the_same_path_with_both_lists_leads_nowhere_either(tmp_path, file):
    def both(members):
        members["tables/../../outside"] = members.pop("tables/a")

    wrong = remade(file, both, upwards)
    with pytest.raises(InputError, match="names a place outside"):
        restore(settings_of(tmp_path / "new"), wrong)
    assert not (tmp_path / "outside").exists()
    assert not is_place("tables") and not is_place("") and not is_place("tables//a")


@pytest.mark.parametrize("left", [0, 10, 3_000, -30])
def test_a_backup_without_its_end_is_refused(left, tmp_path, file):
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(InputError, match="is damaged"):
        restore(settings_of(tmp_path / "new"), file)
    assert contents(tmp_path / "new") == {} if (tmp_path / "new").exists() else True


@pytest.mark.parametrize("kind", KINDS)
def test_a_target_that_is_not_empty_is_replaced_only_when_asked(
    kind, tmp_path, file, make_database, let_go
):
    settings = folder_with(tmp_path / "new", "new")
    if kind == "postgresql":
        shutil.rmtree(tmp_path / "new")
        settings = settings_of(tmp_path / "new", make_database("postgresql"))
        store = open_hub(settings.database)
        store.take_note("words", "new")
        store.close()
    with pytest.raises(InputError, match="is not empty"):
        restore(settings, file)
    restore(settings, file, replace=True)
    store = open_hub(settings.database)
    assert store.note("words") == "old"
    store.close()
    assert (settings.data / "plugins.key").read_text() == "old"
    assert not (settings.data / ".restoring").exists()


WAITS = "print('{}', flush=True); input()"
HOLDERS = {
    "hub": ["-m", "core", "hub", "--port", "0"],
    "dashboard": ["-c", f"from pages._ui.services import services; services(); {WAITS}"],
    "command": ["-c", "from argparse import Namespace; from core.cli.arguments import settings_of; "
                f"settings_of(Namespace(data=None)); {WAITS}"],
}  # fmt: skip
IN_USE = r"uses this folder|works on this database|is in use"


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_restored_under_a_hub_a_dashboard_or_a_command(
    holder, kind, tmp_path, file, make_database, let_go
):
    database = make_database(kind) if kind == "postgresql" else ""
    folder = tmp_path / "old"
    process = subprocess.Popen(
        [sys.executable, *HOLDERS[holder]],
        cwd=ROOT, env={**environment_of(database or None), "SWITCHYARD_DATA": str(folder)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout.readline()
        elsewhere = folder if not database else tmp_path / "machine"
        if database and holder == "command":  # it has no connection; it holds its folder
            elsewhere = folder
        with pytest.raises(InputError, match=IN_USE):
            restore(settings_of(elsewhere, database), file, replace=True)
    finally:
        process.kill()
        process.communicate()
    restore(settings_of(elsewhere, database), file, replace=True)


def test_a_hub_does_not_start_while_something_is_restored(tmp_path):
    holder = (
        "import pathlib, sys; from core.private import nobody_else\n"
        "with nobody_else(pathlib.Path(sys.argv[1])): print('ready', flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path)],
        cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline()
    refused = run_on(tmp_path, "hub", "--port", "0")
    process.communicate("\n")
    assert refused.returncode == 2
    assert refused.stderr.endswith("is being restored into this folder. Wait for its end.\n")


@pytest.mark.parametrize("step", [*range(1, 13, 2), *(soak(n) for n in range(2, 13, 2))])
def test_a_restore_that_is_killed_leaves_the_old_or_is_ended_by_the_next(step, tmp_path, file):
    """Killed before each rename, one after the other."""
    settings = folder_with(tmp_path / "new", "new")
    killer = (
        "import os, sys, pathlib\n"
        "from core.data_backup.restoring import restore\n"
        "from core.settings import read_settings\n"
        "left, rename = int(sys.argv[2]), pathlib.Path.rename\n"
        "def counted(*words):\n"
        "    global left\n"
        "    left -= 1\n"
        "    if not left: os._exit(9)\n"
        "    return rename(*words)\n"
        "pathlib.Path.rename = counted\n"
        "restore(read_settings(), pathlib.Path(sys.argv[1]), replace=True)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", killer, str(file), str(step)],
        cwd=ROOT, env={**ENVIRONMENT, "SWITCHYARD_DATA": str(settings.data)}, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 9
    with pytest.raises(InputError, match="was stopped half way"):
        keep_private(settings.data)
    refused = run_on(settings.data, "hub", "--port", "0")
    assert refused.returncode == 2 and "was stopped half way" in refused.stderr
    restore(settings, file)  # the same again ends it, without --replace
    assert words_of(settings.data) == ("old",) * 3
    assert not Exchange(settings.data).is_half_done


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_command_that_is_stopped_leaves_nothing_half_done(command, how, tmp_path, file):
    """It stops itself in the middle of the first large file."""
    slow = (
        "import os, sys\n"
        "import core.cli.inputs as inputs\n"
        "from core.cli.main import main\n"
        f"how = {int(how)}\n"
        "inputs.reporter = lambda doing: lambda done, total: done and os.kill(os.getpid(), how)\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    settings = folder_with(tmp_path / "new", "new")
    before = contents(settings.data)
    out = tmp_path / "out"
    words = ["backup", "--out", out] if command == "backup" else ["restore", "--in", file]
    words += ["--replace"] if command == "restore" else []
    done = subprocess.run(
        [sys.executable, "-c", slow, *map(str, words), "--data", str(settings.data)],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    killed = how == signal.SIGKILL
    assert done.returncode == (-9 if killed else 2), done.stderr
    assert killed or done.stderr == "Stopped.\n"
    assert not out.exists()
    if killed:  # what it left is no backup by its name, and the next restore removes it
        assert words_of(settings.data) == ("new",) * 3
        restore(settings, file, replace=True)
        assert not (settings.data / ".restoring").exists()
        return
    after = contents(settings.data)
    assert after == before and names(tmp_path) == ["file", "new", "old"]


def test_no_room_for_it_is_said_before_anything_is_written(tmp_path, file, monkeypatch):
    settings = folder_with(tmp_path / "new", "new")
    usage = shutil.disk_usage(tmp_path)._replace(free=100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(InputError, match="has no room for what is in the backup"):
        restore(settings, file, replace=True)
    assert words_of(settings.data) == ("new",) * 3


def test_a_table_in_parts_is_found_in_its_new_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(files_room, "IN_PIECES_BYTES", 1)
    settings = settings_of(tmp_path / "old")
    store = open_hub(settings.database)
    files = OpenedFiles(store, settings.tables, 50)
    table, opened = files.open_path(DATA / "export.zip", None)
    assert not table.in_memory
    store.close()
    back_up(settings, tmp_path / "file")
    shutil.rmtree(settings.data)
    new = settings_of(tmp_path / "new")
    restore(new, tmp_path / "file")
    leave()
    store = open_hub(new.database)
    found = OpenedFiles(store, new.tables, 50)
    assert len(found.table(found.get(opened.id).table_fingerprint)) == len(table)
    store.close()
