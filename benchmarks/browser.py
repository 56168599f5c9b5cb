"""What benchmarks in a browser share: servers on loopback and headless Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # without a graphics card, what moves while a page runs costs more than the page itself
    "--disable-threaded-animation",
]
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")

START = """
from pathlib import Path

from pages._ui import serve

serve.main(Path({script!r}))
"""


@dataclass(frozen=True)
class Server:
    """A server that was started: where it answers, and its process."""

    address: str
    pid: int


def launch(driver: Playwright) -> Browser:
    """Debian's Chromium without a window."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    assert path, "Chromium is missing"
    return driver.chromium.launch(executable_path=path, args=FLAGS)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(data: Path, port: int, *command: str) -> Iterator[str]:
    """Run a server from the root of the project; gives its address without waiting for it."""
    with running(data, port, *command) as server:
        yield server.address


@contextmanager
def running(data: Path, port: int, *command: str, **environment: str) -> Iterator[Server]:
    """Run a server from the root of the project, without waiting for it."""
    with (data.parent / f"{port}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "SWITCHYARD_DATA": str(data), **environment},
            stdout=log,
            stderr=log,
        )
        try:
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def served(data: Path, script: Path) -> Iterator[str]:
    """Run a script as `make run` runs the dashboard, and wait until it answers."""
    with dashboard(data, script) as server:
        yield server.address


@contextmanager
def dashboard(data: Path, script: Path, **environment: str) -> Iterator[Server]:
    """As `served`, with its process and what its environment has more."""
    port = free_port()
    command = ("-c", START.format(script=str(script)), "--server.port", str(port))
    with running(data, port, *command, **environment) as server:
        wait_for(server.address)
        yield server


def wait_for(address: str) -> None:
    """Wait until a Streamlit server answers.

    Raises:
        TimeoutError: After a minute.
    """
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("the server did not answer")
