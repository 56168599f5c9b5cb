"""The way back: a backup is read whole and understood before anything takes its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

import sqlalchemy as sa

from core.data_backup.exchange import Exchange, is_unused
from core.data_backup.manifest import (
    DATABASE,
    MANIFEST,
    PIECE,
    Manifest,
    damaged,
    is_place,
    read_manifest,
)
from core.data_backup.rows import copy_rows, is_empty, row_count
from core.errors import InputError
from core.hub.lock import only_hub, only_hub_of
from core.model.reached import Reached, silent
from core.private import close, nobody_else, write_for_owner
from core.settings import Settings
from core.store.database import Database, open_database
from core.store.hub import HubStore, open_hub
from core.store.migrations import STEPS

MOST_OF_A_LIST = 256 * 2**20
RESTORER = "switchyard restore"
BROKEN = (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError)
"""What the reading of a damaged archive may raise."""
REPLACE = "Name an empty folder, or say --replace."


def restore(
    settings: Settings, source: Path, replace: bool = False, reached: Reached = silent
) -> Manifest:
    """Put a backup into a data folder and its database, whole or not at all.

    What was there lies beside until the new is whole, and is removed then. A database of an earlier
    version is brought up to date.

    Args:
        settings: Which data folder and database.
        source: The backup.
        replace: Whether it may take the place of what is there.
        reached: Told how many bytes are read.

    Raises:
        InputError: A hub, a dashboard or a command uses the folder or the database; there is
            something already; the backup is damaged or of a newer version; there is no room.
        StoreUnavailable: The database does not answer.
    """
    data = settings.data
    if not settings.is_on_server and _file(settings) != (data / DATABASE).absolute():
        hint = "Name the data folder with --data; its database is in it then."
        raise InputError(str(_file(settings)), "lies outside of the data folder.", hint)
    with _opened(source) as archive:
        manifest = _understood(archive, source)
        try:
            write_for_owner()
            data.mkdir(parents=True, exist_ok=True)
            close(data)
            with nobody_else(data), only_hub(data):
                exchange = Exchange(data)
                if exchange.is_half_done and exchange.end(manifest):
                    return manifest
                if not replace and not is_unused(data):
                    raise InputError(str(data), "is not empty.", REPLACE)
                _restore(settings, archive, source, manifest, exchange, replace, reached)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"cannot be written to ({reason})."
            raise InputError(str(data), message, "Make room, or name another folder.") from error
    return manifest


def _restore(
    settings: Settings,
    archive: ZipFile,
    source: Path,
    manifest: Manifest,
    exchange: Exchange,
    replace: bool,
    reached: Reached,
) -> None:
    if shutil.disk_usage(settings.data).free < manifest.size:
        message = "has no room for what is in the backup."
        raise InputError(str(settings.data), message, "Make room, or name another folder.")
    with _server(settings, replace) as server:
        exchange.begin()
        is_whole = False
        try:
            _unpack(archive, source, manifest, exchange.new, reached)
            file = exchange.new / DATABASE
            with closing(open_database(f"sqlite:///{file}")) as restored:
                if server is not None:
                    many = row_count(restored)
                    copy_rows(restored, server, lambda done: reached(done, many))
            if server is not None:
                for one in exchange.new.glob(f"{DATABASE}*"):
                    one.unlink()
            is_whole = True
        finally:
            if not is_whole:
                exchange.drop()
        exchange.exchange(manifest)


@contextmanager
def _server(settings: Settings, replace: bool) -> Iterator[HubStore | None]:
    """The database on a server, which nobody else uses; None where it is a file."""
    if not settings.is_on_server:
        yield None
        return
    url = sa.make_url(settings.database).update_query_dict({"application_name": RESTORER})
    address = url.render_as_string(hide_password=False)
    with closing(open_hub(address)) as store, only_hub_of(store):
        others = _connected(store)
        if others:
            message = "is in use by a dashboard or a command of Switchyard."
            raise InputError(store.place, message, "Stop it first.")
        if not replace and not is_empty(store):
            raise InputError(store.place, "is not empty.", "Name an empty one, or say --replace.")
        yield store


def _connected(store: Database) -> int:
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = 'switchyard'"
    )
    with store.read() as tx:
        return int(tx.scalar(query) or 0)


def _file(settings: Settings) -> Path:
    return Path(str(sa.make_url(settings.database).database)).absolute()


@contextmanager
def _opened(source: Path) -> Iterator[ZipFile]:
    try:
        archive = ZipFile(source)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(str(source), f"{reason}.", "Check the name.") from error
    except BROKEN as error:
        raise damaged(str(source), "it is no backup, or its end is missing") from error
    with archive:
        yield archive


def _understood(archive: ZipFile, source: Path) -> Manifest:
    """The list of a backup, held against what is there and what this version knows."""
    name = str(source)
    listed = archive.namelist()
    if MANIFEST not in listed:
        raise damaged(name, "its list is missing")
    if archive.getinfo(MANIFEST).file_size > MOST_OF_A_LIST:
        raise damaged(name, "its list is too long")
    try:
        text = archive.read(MANIFEST).decode("utf-8")
    except (OSError, *BROKEN) as error:
        raise damaged(name, "its list cannot be read") from error
    manifest = read_manifest(text, name)
    if sorted(listed) != sorted([MANIFEST, *manifest.members]):
        raise damaged(name, "it does not hold what its list names")
    unknown = sorted({*manifest.migrations} - {step.record for step in STEPS})
    if unknown:
        message = f"was made by a newer Switchyard ({', '.join(unknown[:3])})."
        raise InputError(name, message, "Update Switchyard; nothing was changed.")
    return manifest


def _unpack(
    archive: ZipFile, source: Path, manifest: Manifest, folder: Path, reached: Reached
) -> None:
    """Write what the list names, held against its digests; no other path is ever made."""
    done = 0
    for name in manifest.members:
        assert is_place(name)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = done

        def count(size: int, before: int = before) -> None:
            reached(min(before + size, manifest.size), manifest.size)

        _unpack_one(archive, archive.getinfo(name), source, manifest, path, count)
        done += manifest.members[name].size


def _unpack_one(
    archive: ZipFile,
    info: ZipInfo,
    source: Path,
    manifest: Manifest,
    path: Path,
    count: Callable[[int], None],
) -> None:
    expected, digest, size = manifest.members[info.filename], sha256(), 0
    try:
        with archive.open(info) as member, path.open("xb") as file:
            while piece := member.read(PIECE):
                size += len(piece)
                if size > expected.size:
                    break
                file.write(piece)
                digest.update(piece)
                count(size)
    except BROKEN as error:
        raise damaged(str(source), f"{info.filename} cannot be read") from error
    if size != expected.size or digest.hexdigest() != expected.sha256:
        raise damaged(str(source), f"{info.filename} is not what was backed up")
