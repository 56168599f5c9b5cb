"""A data folder in a bad state is one clear sentence, whatever is started on it."""

import json
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from budget import soak
from hub_helpers import ENVIRONMENT, ROOT
from survival.faults import without_privileges

from core.store.hub import LogLine, open_hub

NEVER = "/no/clock"
STARTS = {
    "the hub": ["hub", "--port", "0"],
    "a command that reads": ["run", "list"],
    "a command that writes": ["plugin", "add", "--name", "x"],
    "up": ["up", "--port", "0", "--dashboard-port", "0"],
}


def in_turn(what, *values):
    """`up` takes long to say what its hub says."""
    return (soak if what == "up" else pytest.param)(*values)


def start(folder, *words, **more):
    """By the command line of the tests, whose patience with locks is a second."""
    return subprocess.run(
        [sys.executable, Path(__file__).parent / "hub.py", NEVER, *words, "--data", str(folder)],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=90, **more,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    store = open_hub(f"sqlite:///{data / 'switchyard.db'}")
    store.say([LogLine("s", "INFO", "x" * 200) for _ in range(500)])
    store.close()
    (data / "plugins.key").write_bytes(bytes(32))
    return data


def said(done):
    """The one line that it ends with; `up` says first where the dashboard will be."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    lines = [
        line for line in done.stderr.splitlines() if line.strip() and "Switchyard: http" not in line
    ]
    assert len(lines) == 1, lines
    assert "Traceback" not in done.stderr and "defect" not in done.stderr
    return lines[0]


@pytest.mark.slow
@pytest.mark.parametrize("what", STARTS)
def test_a_folder_that_cannot_be_written_to(what, folder):
    (folder / "in-use.lock").unlink(missing_ok=True)
    folder.chmod(0o500)
    try:
        line = said(start(folder, *STARTS[what], preexec_fn=without_privileges))
    finally:
        folder.chmod(0o700)
    assert line.startswith(f"{folder}: cannot be written to (permission denied).")
    assert "give it the right to write" in line


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "left"),
    [
        *(("the hub", left) for left in (0, 100, 4_096)),
        *(in_turn(what, what, -4_096) for what in STARTS),
    ],
)
def test_a_database_that_has_lost_its_end(what, left, folder):
    database = folder / "switchyard.db"
    whole = database.read_bytes()
    database.write_bytes(whole[:left])
    line = said(start(folder, *STARTS[what]))
    assert line.startswith(f"{database}: ")
    assert "is empty, though" in line if left == 0 else "cannot be read as a database" in line
    assert line.endswith("Put a copy of it back (`python -m core restore`); nothing was changed.")
    assert database.read_bytes() == whole[:left]


@pytest.mark.slow
@pytest.mark.parametrize("what", [in_turn(what, what) for what in STARTS])
def test_a_database_that_somebody_else_has_locked(what, folder):
    with closing(sqlite3.connect(folder / "switchyard.db")) as other:
        other.isolation_level = None
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE x (y)")
        other.execute("COMMIT")  # in this mode it keeps everybody out, readers, too
        line = said(start(folder, *STARTS[what]))
    assert "is busy with a long write. Try again in a moment" in line


@pytest.mark.slow
@pytest.mark.parametrize("what", [name for name in STARTS if name != "a command that reads"])
def test_a_disk_without_room(what, folder):
    def without_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    line = said(start(folder, *STARTS[what], preexec_fn=without_room))
    assert "cannot be written" in line or "has no room" in line, line


@pytest.mark.slow
def test_a_small_disk_that_is_full_says_so_and_goes_on_with_room(tmp_path):
    """A real one where it can be mounted, which needs the right to; else a limit of files."""
    data = tmp_path / "data"
    data.mkdir()
    mounted = not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "switchyard", data], capture_output=True
    ).returncode
    limit = None if mounted else (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 2**40)))
    try:
        ballast = data / "ballast"
        if mounted:
            with pytest.raises(OSError):
                ballast.write_bytes(bytes(3 * 2**20))
        line = said(start(data, "hub", "--port", "0", preexec_fn=limit))
        assert "no space left" in line or "has no room" in line or not mounted, line
        ballast.unlink(missing_ok=True)
        done = start(data, "plugin", "add", "--name", "x", "--json")
        assert done.returncode == 0 and json.loads(done.stdout)["id"]
    finally:
        if mounted:
            subprocess.run(["umount", "-l", data], check=True)


@pytest.mark.slow
def test_a_file_that_cannot_be_kept(folder):
    """The database can be written to, the folder of tables cannot."""
    (folder / "tables").mkdir()
    (folder / "tables").chmod(0o500)
    words = ["workspace", "open", str(ROOT / "tests" / "data" / "export.zip")]
    line = said(start(folder, *words, preexec_fn=without_privileges))
    assert line.startswith("A file cannot be written or read on the disk (permission denied).")
    (folder / "tables").chmod(0o700)
    assert start(folder, *words).returncode == 0
