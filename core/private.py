"""The data folder is its owner's alone: folders 700, files 600, whatever umask was set.

Files are made there at many places, by libraries (SQLite, pyarrow) and by child processes, too. So
not each place asks for a mode, but the process itself is told once, at the door to the folder.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
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


def write_for_owner() -> None:
    """From here on this process and its children make files and folders for their owner only."""
    os.umask(PRIVATE)


def keep_private(data: Path) -> Path:
    """Make a data folder, close what an earlier version left open, and close all that will come.

    From here on this process and its children make files and folders for their owner only. The
    folder itself is closed, too, unless others have business in it: a home, the working folder or
    one around it, a folder for temporary files.
    """
    write_for_owner()
    data.mkdir(parents=True, exist_ok=True)
    if not _is_shared(data):
        close(data)
    for name in OURS:
        for path in _below(data / name):
            close(path)
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
