"""The demo's labour as everybody sees it: how far it is, how it is begun and stopped.

The work itself is a process of its own (`python -m core demo work`); what it says of itself stands
in the store, so every window sees it, also after a reload. A lock that the system releases tells
whether it still works.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from core.access.actions import Action
from core.ango_json.text import dumps, loads
from core.errors import InputError
from core.launcher.dashboard import environment_of
from core.settings import Settings
from core.store.hub import HubStore, put_note
from core.store.seats import Seat, is_taken

NOTE, STOP, LOCK, LOG = "labour", "labour-stop", "demo.lock", "labour.log"
ALLOWED = "labour-allowed"
PATIENCE_SECONDS = 0.5
"""Whoever only looks holds the lock for a moment."""
LEAST_FOR_A_GUESS = 5
"""Tasks that must have passed before a time left is said."""

Ending = Literal["working", "done", "stopped"]


@dataclass(frozen=True, slots=True)
class StageCounts:
    """What one Logic stage did with the tasks that were let through, each counted once.

    Args:
        stage: Its id.
        name: Its name.
        counts: Tasks per output, Else last.
    """

    stage: str
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Labour:
    """How far some work is.

    Args:
        id: Names it.
        seed: Of its chances.
        tasks: How many tasks are to be let through.
        passed: How many have come through a Logic stage.
        steps: How often somebody finished a stage of a task.
        began: Seconds since 1970.
        at: When it last said so, seconds since 1970.
        state: Whether it goes on.
        outputs: What the Logic stages did so far.
        process: Id of the process that works.
    """

    id: str
    seed: int
    tasks: int
    passed: int
    steps: int
    began: float
    at: float
    state: Ending
    outputs: tuple[StageCounts, ...] = ()
    process: int = 0

    @property
    def seconds_left(self) -> float | None:
        """How long it still takes at its pace, None while that cannot be told."""
        if self.state != "working" or self.passed < LEAST_FOR_A_GUESS:
            return None
        return (self.at - self.began) / self.passed * (self.tasks - self.passed)


def read_labour(store: HubStore) -> Labour | None:
    """The last work on the demo, None before the first."""
    text = store.note(NOTE)
    if text is None:
        return None
    data: dict[str, Any] = loads(text)
    counts = tuple(
        StageCounts(one["stage"], one["name"], tuple(one["counts"])) for one in data["outputs"]
    )
    return Labour(**{**data, "outputs": counts})


def write_labour(store: HubStore, labour: Labour) -> None:
    """Say how far the work is."""
    store.take_note(NOTE, dumps(asdict(labour)))


def forget_labour(store: HubStore) -> None:
    """Say no more of the last work: the demo is as it was before."""
    store.drop_note(NOTE)


def ask_to_stop(store: HubStore, labour: str) -> None:
    """Ask a work to stop; it does so before its next tasks."""
    with store.write(Action.LABOUR, f"labour {labour}", after="asked to stop") as tx:
        put_note(tx, STOP, labour)


def is_asked_to_stop(store: HubStore, labour: str) -> bool:
    """Whether somebody asked this work to stop."""
    return store.note(STOP) == labour


def tail_of_log(settings: Settings) -> str:
    """The last line that a process that did not start has said, "" where it said nothing."""
    try:
        lines = (settings.data / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""


@contextmanager
def only_one(data: Path, store: HubStore | None = None) -> Iterator[None]:
    """Hold the demo: its people work, or it starts over, and never both.

    Args:
        data: The data folder.
        store: Its state; where that is on a server, the demo is held for all who use it.

    Raises:
        InputError: Somebody else holds it.
    """
    lock = os.open(data / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while not _locked(lock, fcntl.LOCK_EX):
            if time.monotonic() > end:
                raise _busy()
            time.sleep(0.02)
        with _seated(store):
            yield
    finally:
        os.close(lock)


@contextmanager
def _seated(store: HubStore | None) -> Iterator[None]:
    seat = None if store is None else Seat(store, "demo")
    if seat is not None and not seat.take():
        raise _busy()
    try:
        yield
    finally:
        if seat is not None:
            seat.leave()


def is_held(data: Path, store: HubStore | None = None) -> bool:
    """Whether somebody works on the demo or starts it over. Arguments as `only_one`."""
    return _is_held_here(data) or (store is not None and is_taken(store, "demo"))


def _is_held_here(data: Path) -> bool:
    try:
        lock = os.open(data / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _locked(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def _locked(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy() -> InputError:
    return InputError(
        "The demo",
        "is being worked on or started over in another window.",
        "Stop that work, or wait for its end.",
    )


def allow(store: HubStore, labour: str, tasks: int, seed: int) -> None:
    """Let a process work on the demo in the name of whoever acts.

    Raises:
        Forbidden: They may not do that.
    """
    about = {"tasks": tasks, "seed": seed}
    with store.write(Action.LABOUR, f"labour {labour}", after=about) as tx:
        put_note(tx, ALLOWED, labour)


def is_allowed(store: HubStore, labour: str) -> bool:
    """Whether somebody who may has let this very work begin."""
    return bool(labour) and store.note(ALLOWED) == labour


def begin(settings: Settings, store: HubStore, tasks: int, seed: int, speed: float) -> str:
    """Begin the work in a process of its own; returns what it is called.

    Args:
        settings: Whose data folder it is.
        store: Its state.
        tasks: How many tasks to let through.
        seed: Of its chances.
        speed: Tasks a second, 0 for as fast as possible.

    Raises:
        InputError: Somebody works on the demo already.
    """
    if is_held(settings.data):
        raise _busy()
    name = secrets.token_hex(6)
    allow(store, name, tasks, seed)
    command = [sys.executable, "-m", "core", "demo", "work", "--json", "--id", name]
    command += ["--tasks", str(tasks), "--seed", str(seed), "--speed", f"{speed:g}"]
    environment = {**os.environ, **environment_of(settings)}
    with (settings.data / LOG).open("wb") as log:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    threading.Thread(target=process.wait, name="labour", daemon=True).start()
    return name
