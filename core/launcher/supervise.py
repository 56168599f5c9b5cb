"""Keeps child processes running: restarted after growing pauses, ended cleanly, their words kept.

A child is ended by its own process id; it gets a polite signal first, and some seconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from core.secret import VARIABLE, Secret

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
STEADY_SECONDS = 60.0
"""A child that ran that long starts with a short pause again."""
POLITE_SECONDS = 5.0
MOST_BYTES = 2 * 2**20
LOOPBACK = "127.0.0.1,localhost,::1"
PR_SET_PDEATHSIG = 1
MISLEADING = ("PORT", "CONNECTOR", "SWITCHYARD_DATABASE", "SWITCHYARD_USER", "SWITCHYARD_PASSWORD")
SECRETS, OURS = (VARIABLE, "PGPASSWORD", "PGPASSFILE"), ("SWITCHYARD_", "STREAMLIT_")
"""Names, and beginnings of names, of what is set for Switchyard and not for plugins."""


@dataclass(slots=True)
class Child:
    """A process that is to be running.

    Args:
        name: For messages.
        command: To start it.
        environment: Added to this process's own.
        log: File for what it says, or None to leave its output as it is.
        pass_fds: Open descriptors that it inherits.
        stdout: What to do with its standard output when it is not kept.
        is_theirs: Whether it is a program of others, which gets nothing that was set for ours.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str | Secret] = field(default_factory=dict, repr=False)
    log: Path | None = None
    pass_fds: Sequence[int] = ()
    stdout: int | None = None
    process: subprocess.Popen[str] | None = None
    started_at: float = 0.0
    again_at: float = 0.0
    pause: float = FIRST_PAUSE
    asked: bool = False
    is_theirs: bool = False

    def start(self) -> subprocess.Popen[str]:
        """Start it."""
        out: IO[bytes] | int | None = self.stdout
        file = None
        if self.log is not None:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            large = self.log.exists() and self.log.stat().st_size > MOST_BYTES
            out = file = self.log.open("wb" if large else "ab")
        try:
            self.process = subprocess.Popen(
                list(self.command),
                env={**_inherited(self.is_theirs), **_revealed(self.environment)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=file,
                text=True,
                pass_fds=self.pass_fds,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        finally:
            if file is not None:
                file.close()
        self.started_at, self.asked = time.monotonic(), False
        return self.process

    @property
    def is_running(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def runs_for(self) -> float:
        """Seconds since its start; 0 when it does not run."""
        return time.monotonic() - self.started_at if self.is_running else 0.0

    def look(self) -> int | None:
        """Restart it when its pause is over; returns its exit code when it has just ended."""
        now = time.monotonic()
        if self.is_running:
            return None
        if self.process is not None and not self.again_at:
            steady = now - self.started_at > STEADY_SECONDS
            self.pause = FIRST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
            self.again_at = now + self.pause
            return self.process.returncode
        if now >= self.again_at:
            self.again_at = 0.0
            self.start()
        return None

    def ask_to_end(self) -> None:
        """Send it the polite signal, once: some take the second one amiss."""
        if self.process is not None and self.process.poll() is None and not self.asked:
            self.asked = True
            self.process.terminate()

    def end(self) -> None:
        """End it, politely first."""
        self.ask_to_end()
        if self.process is None:
            return
        try:
            self.process.wait(POLITE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _revealed(environment: Mapping[str, str | Secret]) -> dict[str, str]:
    return {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in environment.items()
    }


def _inherited(is_theirs: bool) -> dict[str, str]:
    """This process's environment, without what would mislead a child or is no business of it."""
    own = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    if is_theirs:
        own = {n: v for n, v in own.items() if n not in SECRETS and not n.startswith(OURS)}
    proxies = [own.get("NO_PROXY") or own.get("no_proxy") or "", LOOPBACK]
    direct = ",".join(part for part in proxies if part)
    return {**own, "NO_PROXY": direct, "no_proxy": direct, "PYTHONUNBUFFERED": "1"}


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
