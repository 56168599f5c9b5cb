"""The faults, one function each: brings it about at a moment that a seed chooses, and mends it.

Each gets the world, its project with people at work and a run on its way, and leaves a hub that
runs; it returns what was broken while the run was on its way, for `invariants.check_run`.
"""

import ctypes
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest
import requests
from hub_helpers import ENVIRONMENT, ROOT
from waiting import wait_until

from core.errors import InputError
from core.export.reader import read_path
from core.store.workspaces import OpenedFiles

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: "
LIES = (FINE + b"9\r\n\r\n<html>no!", FINE + b"900\r\n\r\n{", b"\0\0\0")
DAC_OVERRIDE, CAPBSET_DROP = 1, 24
SAMPLE = ROOT / "tests" / "data" / "export.zip"


def restart(world, project):
    project.up.clear()
    world.hub.end()
    world.hub.start()
    project.up.set()


def hub_killed(world, project, run, rng):
    run.see()
    for _ in range(rng.choice([1, 1, 2])):  # also while it recovers
        restart(world, project)
    wait_until(world.is_live, 40)
    return ("hub",)


def plugin_killed(world, project, run, rng):
    run.see()
    world.kill_plugin()
    if rng.random() < 0.5:
        wait_until(lambda: run.run.is_final, 30)
    world.start_plugin()
    wait_until(world.is_live, 40)
    return ("plugin",)


def dashboard_killed(world, project, run, rng):
    """Its server, and a process that writes drafts as its pages do."""
    draft = world.drafts.create("w", "stage", "[]", "[0]", "somebody")
    acks = world.folder / f"{draft.id}.acks"
    with free_port() as port:
        pass
    environment = {
        **ENVIRONMENT,
        "SWITCHYARD_DATA": str(world.data),
        "PYTHONPATH": str(ROOT),
    }
    words = [
        [Path(__file__).parent / "dashboard.py", draft.id, acks],
        ["-m", "pages._ui.serve", "--server.port", port, "--server.address", "127.0.0.1"],
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, *map(str, one)], cwd=ROOT, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for one in words
    ]  # fmt: skip
    try:
        written = rng.randrange(3, 30)
        wait_until(lambda: acks.exists() and len(acks.read_text().split()) >= written, 60)
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/_stcore/health"), 60)
    finally:
        for process in processes:
            process.kill()
            process.wait(10)
    (*_, last) = acks.read_text().split()
    now = world.drafts.get(draft.id)
    assert now.document in (f"[{last}]", f"[{int(last) + 1}]"), "an edit is lost"
    assert world.drafts.undo(now, "somebody").document == f"[{int(now.document[1:-1]) - 1}]"
    return ()


def answers(url):
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


@contextmanager
def free_port():
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield free.getsockname()[1]


def disk_full(world, project, run, rng):
    """A small disk that is filled, where one could be mounted; else a limit of the hub's files."""
    many = len(project.answers)
    ballast = world.data / "ballast"
    limit = not world.is_small or rng.random() < 0.3
    if limit:
        # the log is begun anew now and then, so the limit is far below what it may reach
        _limit_files(world, rng.randrange(0, 100_000))
    else:
        _fill(ballast, rng.randrange(0, 60_000))
    try:
        wait_until(lambda: _seen(project, many, "room", "on its disk"), 40)
    finally:
        if limit:
            _limit_files(world, resource.RLIM_INFINITY)
        else:
            ballast.unlink()
    many = len(project.answers)
    wait_until(lambda: 200 in project.answers[many:] or _idle(project), 40)
    assert world.hub.process.poll() is None, "the hub ended"
    return ("disk",)


def _limit_files(world, size):
    resource.prlimit(world.hub.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _fill(path, left):
    """Leave so many bytes of the disk."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65_536))
        except OSError:
            pass
        file.truncate(max(0, file.tell() - left))


def _seen(project, many, *words):
    """Whether somebody was refused in such words since; or nobody has anything left to ask."""
    fresh = [one for one in project.refused if any(word in one[3] for word in words)]
    assert all(one[2] == 503 for one in fresh), fresh
    return fresh or _idle(project)


def _idle(project):
    return not any(thread.is_alive() for thread in project._threads)


def locked(world, project, run, rng):
    """Somebody else writes for longer than the hub waits."""
    many = len(project.answers)
    with closing(sqlite3.connect(world.data / "switchyard.db", 30)) as other:
        other.isolation_level = None
        other.execute(rng.choice(["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"]))
        wait_until(lambda: _seen(project, many, "is busy with a long write"), 40)
        other.execute("ROLLBACK")
    assert world.hub.process.poll() is None, "the hub ended"
    return ("lock",)


def clock_moved(world, project, run, rng):
    """The hub's clock goes back and forth; what was asked is neither late nor forgotten."""
    for _ in range(3):
        far = rng.choice([5, 600, 86_400, 40 * 86_400]) * rng.choice([1, -1])
        world.clock.write_text(str(far))
        many = len(project.answers)
        wait_until(lambda many=many: len(project.answers) > many + 5 or _idle(project), 40)
    run.ended(60)
    assert run.run.elapsed(0) >= 0
    world.clock.write_text("0")
    return ()


def read_only(world, project, run, rng):
    """The folder can no longer be written to when the hub, or another command, is started."""
    run.see()
    project.up.clear()
    world.hub.end()
    closed = [world.data, *world.data.glob("*")]
    modes = [path.stat().st_mode for path in closed]
    for path in closed:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        told = core(world.data, "hub", "--port", "0", preexec_fn=without_privileges)
        assert told.returncode == 2, told
        (line,) = told.stderr.splitlines()
        assert "cannot be written to (permission denied)" in line, line
    finally:
        for path, mode in zip(closed, modes, strict=True):
            path.chmod(mode & 0o777)
    world.hub.start()
    project.up.set()
    wait_until(world.is_live, 40)
    return ("hub",)


def without_privileges():
    """Even root obeys modes then; others have no such right anyway."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(CAPBSET_DROP, DAC_OVERRIDE, 0, 0, 0)


def core(data, *words, **more):
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, words), "--data", str(data)],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=90, **more,
    )  # fmt: skip


def database_truncated(world, project, run, rng):
    """A backup is put in its place; from then on all goes on."""
    project.stop()
    run.ended(60)
    file = world.folder / f"{project.id}.backup"
    made = core(world.data, "backup", "--out", file)
    assert made.returncode == 0, made.stderr
    world.hub.end(rng.choice([signal.SIGKILL, signal.SIGTERM]))
    world.store.close()
    database = world.data / "switchyard.db"
    size = database.stat().st_size
    left = rng.choice([0, 100, 4_096, rng.randrange(size), size - 4_096, size - 1])
    with database.open("r+b") as damaged:
        damaged.truncate(left)
    if not left or not is_whole(database, world.folder / "copy"):  # else its log has the rest
        told = core(world.data, "hub", "--port", "0")
        assert told.returncode == 2, (left, size, told.stdout[-200:])
        lines = told.stderr.splitlines()
        assert len(lines) == 1 and lines[0].startswith(str(database)), lines
        assert "restore" in lines[0], lines
    put = core(world.data, "restore", "--in", file, "--replace")
    assert put.returncode == 0, put.stderr
    file.unlink()
    world.hub.start()
    world.look()
    wait_until(world.is_live, 40)
    return ()


def is_whole(database, folder):
    """By SQLite itself, on a copy with its log."""
    folder.mkdir()
    try:
        for path in database.parent.glob("switchyard.db*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, folder)
        with closing(sqlite3.connect(folder / database.name)) as looking:
            return looking.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False
    finally:
        shutil.rmtree(folder)


def parquet_truncated(world, project, run, rng):
    """An opened table says so in one sentence, and is whole again once the file is opened anew."""
    files = OpenedFiles(world.store, world.settings.tables)
    table = read_path(SAMPLE)
    opened = files.add("export.zip", table, None)
    path = world.settings.tables / f"{opened.table_fingerprint}.parquet"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(rng.choice([0, 4, rng.randrange(size), size - 1]))
    again = OpenedFiles(world.store, world.settings.tables)
    with pytest.raises(InputError) as told:
        again.table(opened.table_fingerprint)
    assert "\n" not in str(told.value) and told.value.hint, told.value
    files.add("export.zip", read_path(SAMPLE), None)
    whole = OpenedFiles(world.store, world.settings.tables).table(opened.table_fingerprint)
    assert len(whole) == len(table)
    return ()


def upstream_broken(world, project, run, rng):
    """The network to the host upstream is cut, slow, or says what is no answer."""
    wire = world.wire
    how = rng.choice(["cut", "slow", "lying"])
    wait_until(lambda: run.acks, 40)
    if how == "cut":
        wire.open = False
        wire.cut()
        Thread(target=run.ended, daemon=True).start()
        wait_until(lambda: run.run.is_final or len(run.acks) > 3, 60)
        wire.open = True
    elif how == "slow":
        wire.delay = 0.5
        wire.cut()
        wait_until(lambda: len(run.acks) > 4 or run.run.is_final, 60)
        wire.delay = 0.0
    else:
        wire.lies = rng.choice(LIES)
        wire.cut()
        wait_until(lambda: run.run.is_final, 60)
        wire.lies = b""
    run.ended(60)
    return ("upstream",)


FAULTS = (
    hub_killed, plugin_killed, disk_full, clock_moved, locked,
    read_only, database_truncated, upstream_broken, parquet_truncated, dashboard_killed,
)  # fmt: skip
UPSTREAM = upstream_broken
