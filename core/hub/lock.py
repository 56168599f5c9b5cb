"""One hub per data directory: a lock that the system releases whenever the process ends.

Whoever may read the data directory finds here where its hub answers, and under which key.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import InputError
from core.gateway.hosts import clean_host, is_loopback
from core.secret import Secret
from core.store.hub import HubStore

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


def last_hub(data: Path) -> str | None:
    """Where the hub of a data directory answered last, whether it still runs or not."""
    try:
        written = (data / NAME).read_bytes()
    except FileNotFoundError:
        return None
    return _on_loopback(str(json.loads(written)["url"])) if written else None


@dataclass(frozen=True, slots=True)
class OwnHub:
    """The hub of a data directory, as whoever may read that directory reaches it.

    Args:
        url: Where it answers, on this machine's loopback.
        key: Its key, for that address alone.
    """

    url: str
    key: Secret


def own_hub(data: Path, store: HubStore) -> OwnHub | None:
    """The hub that runs on a data directory, with its key; None while there is none.

    The address comes from the lock that the running hub holds, never from anybody who asks, and
    one that is not on loopback gets no key.

    Args:
        data: The data directory.
        store: Its state.
    """
    running = running_hub(data)
    address = None if running is None else _on_loopback(running)
    key = store.known_secret("key") if address is not None else None
    return None if address is None or key is None else OwnHub(address, key)


def _on_loopback(url: str) -> str | None:
    """The loopback address of a hub that listens there, or everywhere; None for another one."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    if is_loopback(name):
        return clean_host(url)
    try:
        everywhere = ip_address(name).is_unspecified
    except ValueError:
        return None
    if not everywhere:
        return None
    here = "[::1]" if ":" in name else "127.0.0.1"
    return clean_host(f"http://{here}:{parts.port}")
