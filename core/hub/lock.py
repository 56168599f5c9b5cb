"""One hub per data directory: a lock that the system releases whenever the process ends.

Whoever may read the data directory finds here where its hub answers, and under which key. Of a
database on a server there is one hub, too, whatever data directories are used with it; they find
that hub by what it notes there.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
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
from core.store.person_keys import own_key
from core.store.seats import Seat, is_taken

NAME = "hub.lock"
NOTE = "hub"


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


@contextmanager
def only_hub_of(store: HubStore) -> Iterator[Seat]:
    """Hold the hub's seat of a database on a server; a file is held by `only_hub` alone.

    Yields:
        The seat, which is to be kept (`Seat.keep`).

    Raises:
        InputError: A hub works on this database already.
    """
    seat = Seat(store, "hub")
    if not seat.take():
        message = f"a hub works on this database already{_on(_noted(store))}."
        raise InputError(store.place, message, "Stop it first.")
    try:
        if store.is_on_server:
            store.drop_note(NOTE)  # of a hub that has ended
        yield seat
    finally:
        seat.leave()


def announce_to_all(store: HubStore, url: str) -> None:
    """Note in a database on a server where its hub answers, for those with other directories."""
    if store.is_on_server:
        about = {"url": url, "machine": platform.node(), "loopback": _loopback()}
        store.take_note(NOTE, json.dumps(about))


def running_hub(data: Path, store: HubStore | None = None) -> str | None:
    """The address of the hub that runs, or None.

    Args:
        data: The data directory.
        store: Its state. Where that is on a server the hub may have another directory; its address
            is known where it runs on this machine.
    """
    own = _running_here(data)
    if own is not None or store is None or not is_taken(store, "hub"):
        return own
    return _near(store)


def hub_elsewhere(store: HubStore) -> str | None:
    """The machine on which the hub of a database on a server runs, where that is another one."""
    if not is_taken(store, "hub"):
        return None
    noted = _noted(store)
    return None if noted is None or noted["loopback"] == _loopback() else str(noted["machine"])


def _running_here(data: Path) -> str | None:
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


def last_hub(data: Path, store: HubStore | None = None) -> str | None:
    """Where the hub answered last, whether it still runs or not. Arguments as `running_hub`."""
    near = None if store is None or not store.is_on_server else _near(store)
    if near is not None:
        return _on_loopback(near)
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
    """The hub that runs on a data directory, with a key for it; None while there is none.

    The key is that of whoever acts, where they have an account, else the hub's own.

    The address comes from the lock that the running hub holds, or from what it noted on this very
    machine, never from anybody who asks, and one that is not on loopback gets no key.

    Args:
        data: The data directory.
        store: Its state.
    """
    running = running_hub(data, store)
    address = None if running is None else _on_loopback(running)
    key = (own_key(store) or store.known_secret("key")) if address is not None else None
    return None if address is None or key is None else OwnHub(address, key)


def _noted(store: HubStore) -> dict[str, str] | None:
    written = store.note(NOTE)
    return None if written is None else dict(json.loads(written))


def _near(store: HubStore) -> str | None:
    """What the hub of a database on a server noted, where its loopback is this one."""
    noted = _noted(store)
    return noted["url"] if noted is not None and noted["loopback"] == _loopback() else None


def _on(noted: dict[str, str] | None) -> str:
    return "" if noted is None else f" ({noted['url']} on {noted['machine']})"


def _loopback() -> str:
    """Names the loopback of this process: that of another machine or container is another one."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/net').stat().st_ino}"
    except OSError:  # no Linux
        return platform.node()


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
