"""The data folder is its owner's alone: folders 700, files 600, whatever umask was set.

Files are made there at many places, by libraries (SQLite, pyarrow) and by child processes, too. So
not each place asks for a mode, but the process itself is told once, at the door to the folder.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import InputError

PRIVATE = 0o077
"""Bits that nobody but the owner has."""
OURS = (
    "switchyard.db",
    "switchyard.db-wal",
    "switchyard.db-shm",
    "hub.lock",
    "plugins.key",
    "pseudonyms.key",
    "tables",
    "hubs",
    "backups",
    "plugins",
    "hub-files",
)
"""What Switchyard keeps in the folder; what else lies there is left as it is."""
IN_USE = "in-use.lock"
RESTORING = ".restoring"
"""Where a restore puts what is to come and what was there, until it is whole."""
EXCHANGING = "exchanging.json"
"""Lies in `RESTORING` while the one takes the place of the other."""
_held: dict[Path, int] = {}


def write_for_owner() -> None:
    """From here on this process and its children make files and folders for their owner only."""
    os.umask(PRIVATE)


def keep_private(data: Path) -> Path:
    """Make a data folder, close what an earlier version left open, and close all that will come.

    From here on this process and its children make files and folders for their owner only. The
    folder itself is closed, too, unless others have business in it: a home, the working folder or
    one around it, a folder for temporary files. While this process lives nothing is restored there.

    Raises:
        InputError: Nothing can be written there, or a restore is at work or was stopped half way.
    """
    write_for_owner()
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not _is_shared(data):
            close(data)
        for name in OURS:
            for path in _below(data / name):
                close(path)
        _hold(data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "Switchyard writes into its data folder: make room or give it the right to write."
        raise InputError(str(data), f"cannot be written to ({reason}).", hint) from error
    if (data / RESTORING / EXCHANGING).exists():
        message = "a restore into this folder was stopped half way."
        raise InputError(str(data), message, "Run `python -m core restore` again; it ends it.")
    return data


def kept_key(path: Path) -> bytes:
    """A key of 32 bytes in a file of its own, made at first use.

    Two who make it at once agree on one.

    Raises:
        InputError: Others may read the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    if stat.S_IMODE(path.stat().st_mode) & PRIVATE:
        raise InputError(str(path), "can be read by others.", f"Close it: chmod 600 {path.name}.")
    return path.read_bytes()


def _hold(data: Path) -> None:
    """Say that this process uses the folder; a process uses one, so the one before is let go."""
    place = data.resolve()
    if place in _held:
        return
    let_go()
    lock = os.open(data / IN_USE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        message = "a backup is being restored into this folder."
        raise InputError(str(data), message, "Wait for its end.") from error
    _held[place] = lock


def let_go() -> None:
    """Say that this process no longer uses the folder that it opened."""
    while _held:
        os.close(_held.popitem()[1])


@contextmanager
def nobody_else(data: Path) -> Iterator[None]:
    """Hold a data folder that no other process uses.

    Raises:
        InputError: A hub, a dashboard or a command uses it, or nothing can be written there.
    """
    let_go()
    try:
        lock = os.open(data / IN_USE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(str(data), f"cannot be written to ({reason}).") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        message = "a hub, a dashboard or a command of Switchyard uses this folder."
        raise InputError(str(data), message, "Stop it first.") from error
    try:
        yield
    finally:
        os.close(lock)


def close(path: Path) -> None:
    """Take from others what they may do with a file or folder, if it is there and ours."""
    with suppress(FileNotFoundError, PermissionError):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode & PRIVATE and not path.is_symlink():
            path.chmod(mode & ~PRIVATE)


def _is_shared(folder: Path) -> bool:
    here = folder.resolve()
    around = Path.cwd().resolve()
    sticky = bool(here.stat().st_mode & stat.S_ISVTX)
    try:
        is_home = here == Path.home().resolve()
    except RuntimeError:  # a user without a name and without HOME, as containers have
        is_home = False
    return sticky or is_home or here in (around, *around.parents)


def _below(path: Path) -> Iterator[Path]:
    yield path
    for folder, folders, files in os.walk(path):
        yield from (Path(folder) / name for name in (*folders, *files))
