"""One hub per data directory: a lock that the system releases whenever the process ends."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import InputError

NAME = "hub.lock"


@contextmanager
def only_hub(data: Path) -> Iterator[int]:
    """Hold the lock of a data directory.

    Yields:
        The descriptor to hand to `announce`.

    Raises:
        InputError: A hub runs there already.
    """
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(
                str(data), "a hub runs on this data directory already.", "Stop it first."
            ) from error
        os.ftruncate(descriptor, 0)
        yield descriptor
    finally:
        os.close(descriptor)


def announce(descriptor: int, url: str) -> None:
    """Write where the hub answers, for `running_hub`."""
    os.pwrite(descriptor, json.dumps({"url": url, "pid": os.getpid()}).encode(), 0)


def running_hub(data: Path) -> str | None:
    """The address of the hub that runs on a data directory, or None."""
    try:
        descriptor = os.open(data / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        written = os.pread(descriptor, 4_096, 0)
        return str(json.loads(written)["url"]) if written else None
    else:
        return None  # nobody holds it: what stands in it is of a hub that has ended
    finally:
        os.close(descriptor)
