"""A database that has lost pages is refused before anything is written over the gap."""

import shutil
import sqlite3
import subprocess
import sys

import pytest

from core.errors import InputError
from core.store.database import open_database

WRITER = """
import os, sqlite3, sys
made = sqlite3.connect(sys.argv[1])
made.execute("PRAGMA journal_mode=WAL")
made.execute(f"PRAGMA wal_autocheckpoint={sys.argv[2]}")
for number in range(60):
    line = ("s", "", "", 0.0, "INFO", "x" * 3_000, "{}")
    made.execute("INSERT INTO hub_logs (session, plugin, project, at, level, message, extra) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?)", line)
    made.commit()
os._exit(9)
"""


@pytest.fixture(params=[0, 5, 40])
def left_behind(request, tmp_path):
    """A database of a process that was killed while part of it stood in the log alone."""
    file = tmp_path / "switchyard.db"
    open_database(f"sqlite:///{file}").close()
    words = [sys.executable, "-c", WRITER, str(file), str(request.param)]
    assert subprocess.run(words, timeout=60).returncode == 9
    assert file.with_name("switchyard.db-wal").stat().st_size
    return file


def is_whole(file, folder):
    """By SQLite itself, on a copy."""
    folder.mkdir()
    for beside in ("", "-wal"):
        shutil.copy(f"{file}{beside}", folder / f"x.db{beside}")
    looking = sqlite3.connect(folder / "x.db")
    try:
        return looking.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False
    finally:
        looking.close()
        shutil.rmtree(folder)


def test_it_is_refused_exactly_where_pages_are_missing(left_behind, tmp_path):
    """Cut at every page: what the log holds as well may be missing."""
    whole, log = left_behind.read_bytes(), left_behind.with_name("switchyard.db-wal").read_bytes()
    cuts = [size for page in range(0, len(whole), 4_096) for size in (page, page + 4_095)]
    for size in [*cuts, len(whole)]:
        # half a page is none: nobody knows whether what is missing was zeros
        left_behind.write_bytes(whole[: size - size % 4_096])
        left_behind.with_name("switchyard.db-wal").write_bytes(log)
        left_behind.with_name("switchyard.db-shm").unlink(missing_ok=True)
        fine = size >= 4_096 and is_whole(left_behind, tmp_path / "copy")
        left_behind.write_bytes(whole[:size])
        if fine:
            open_database(f"sqlite:///{left_behind}").close()
            continue
        with pytest.raises(InputError, match=r"cannot be read as a database|is empty, though"):
            open_database(f"sqlite:///{left_behind}")
        assert left_behind.read_bytes() == whole[:size]
        assert left_behind.with_name("switchyard.db-wal").read_bytes() == log
