"""The way out: one file of a data folder, made while hub and dashboard go on writing.

The database is looked at first and files afterwards: what it names was there before it was named.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

import sqlalchemy as sa

from core import VERSION
from core.data_backup.manifest import (
    DATABASE,
    FILES,
    FOLDERS,
    MANIFEST,
    PIECE,
    BackedUpFile,
    Manifest,
    is_place,
)
from core.data_backup.rows import copy_rows, row_count
from core.errors import InputError
from core.model.reached import Reached, silent
from core.settings import Settings
from core.store.database import open_database
from core.store.migrations import taken
from core.store.sqlite import BUSY_SECONDS, read_file

PAGES = 2_000
HALF_READ = "unfinished"
"""A folder of what is still being read from a hub; it can be read again."""


def back_up(
    settings: Settings,
    out: Path,
    reached: Reached = silent,
    clock: Callable[[], float] = time.time,
) -> Manifest:
    """Write all of a data folder that cannot be made again to one file, whole or not at all.

    Args:
        settings: Whose data folder and database it is; both may be in use.
        out: The file; it is its owner's alone.
        reached: Told how many bytes are done; of a database on a server, how many rows first.
        clock: Seconds since 1970.

    Raises:
        InputError: The file is there already, cannot be written, or the database is damaged.
        StoreUnavailable: The database does not answer.
    """
    if out.exists():
        raise InputError(str(out), "is there already.", "Name another file, or remove it first.")
    inside = [settings.data / name for name in FOLDERS]
    if any(folder in out.absolute().parents for folder in inside):
        message = "lies among what is backed up."
        raise InputError(str(out), message, "Name a file outside of the data folder.")
    try:
        with TemporaryDirectory(prefix=f".{out.name}.", suffix=".part", dir=out.parent) as folder:
            database, unfinished = Path(folder) / DATABASE, Path(folder) / "backup"
            moment = clock()
            if settings.is_on_server:
                _from_server(settings, database, reached)
            else:
                _from_file(settings, database, reached)
            steps = _checked(database)
            with unfinished.open("xb") as file:
                manifest = _write(file, settings, database, steps, moment, reached)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(out)
    except OSError as error:
        raise unwritable(out, error) from error
    except sqlite3.Error as error:  # of the copy: what is wrong with the database is said already
        message = f"cannot be written ({error})."
        raise InputError(str(out), message, "Name a place with more room.") from error
    return manifest


def unwritable(path: Path, error: OSError) -> InputError:
    """What a file or folder says that cannot be written."""
    reason = (error.strerror or str(error)).lower()
    return InputError(str(path), f"cannot be written ({reason}).", "Name a place with more room.")


def _from_file(settings: Settings, copy: Path, reached: Reached) -> None:
    """A copy by SQLite itself, of one moment, however much is written meanwhile."""
    file = Path(str(sa.make_url(settings.database).database))
    if not file.exists():
        raise InputError(str(file), "is not there: nothing was kept yet.", "Name a data folder.")
    address = f"{file.absolute().as_uri()}?mode=ro"
    target = sqlite3.connect(copy)
    with closing(target), closing(sqlite3.connect(address, BUSY_SECONDS, uri=True)) as source:
        source.isolation_level = None
        try:
            source.execute("BEGIN")  # else each write of others would begin the copy anew
            size = source.execute("PRAGMA page_size").fetchone()[0]
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            message = f"cannot be read as a database ({error})."
            raise InputError(str(file), message, "Restore an earlier backup.") from error

        def progress(_: int, left: int, pages: int) -> None:
            reached((pages - left) * size, pages * size)

        source.backup(target, pages=PAGES, progress=progress)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def _from_server(settings: Settings, copy: Path, reached: Reached) -> None:
    """All rows of one moment, in a SQLite file of this version."""
    with (
        closing(open_database(settings.database)) as source,
        closing(open_database(f"sqlite:///{copy}")) as target,
    ):
        many = row_count(source)
        copy_rows(source, target, lambda done: reached(min(done, many), many))
    with closing(sqlite3.connect(copy)) as plain:
        plain.execute("PRAGMA journal_mode=DELETE")


def _checked(database: Path) -> tuple[str, ...]:
    """The steps that a copy has taken; a damaged one is no backup."""
    with closing(sqlite3.connect(database)) as looking:
        try:
            answer = str(looking.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            answer = str(error)
    if answer != "ok":
        message = f"is damaged ({answer.splitlines()[-1]})."
        raise InputError("The database", message, "Restore an earlier backup.")
    with read_file(database) as reading:
        return tuple(sorted(taken(reading, "The database")))


def _write(
    out: IO[bytes],
    settings: Settings,
    database: Path,
    steps: tuple[str, ...],
    moment: float,
    reached: Reached,
) -> Manifest:
    paths = [(DATABASE, database), *_kept(settings.data)]
    total = sum(_size(path) for _, path in paths)
    members, done = {}, 0
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as file:
        for name, path in paths:
            try:
                source = path.open("rb")
            except FileNotFoundError:
                continue  # removed since
            digest, size = sha256(), 0
            with source, file.open(name, "w", force_zip64=True) as member:
                while piece := source.read(PIECE):
                    member.write(piece)
                    digest.update(piece)
                    size += len(piece)
                    reached(min(done + size, total), total)
            done += size
            members[name] = BackedUpFile(size, digest.hexdigest())
        manifest = Manifest(VERSION, steps, moment, members)
        file.writestr(MANIFEST, manifest.text())
    return manifest


def _kept(data: Path) -> Iterator[tuple[str, Path]]:
    """Files of a data folder with their names in a backup."""
    for name in FILES:
        if (data / name).is_file():
            yield name, data / name
    for top in FOLDERS:
        for folder, below, names in os.walk(data / top):
            below[:] = sorted(one for one in below if one != HALF_READ)
            for name in sorted(names):
                path = Path(folder) / name
                place = path.relative_to(data).as_posix()
                unfinished = name.startswith(".") and name.endswith(".part")
                passing = unfinished or name.endswith(".lock") or path.is_symlink()
                if not passing and path.is_file():
                    if not is_place(place) or not _is_text(place):
                        message = "has a name that no backup can keep."
                        raise InputError(ascii(place), message, "Call it otherwise.")
                    yield place, path


def _is_text(name: str) -> bool:
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
