"""The dashboard as a process, started before anything else: its page is what people wait for."""

from __future__ import annotations

import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from core.doors import refuse_open_door
from core.launcher.supervise import Child
from core.settings import Settings

ROOT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
READY_SECONDS = 10.0
HEAD_START_SECONDS = 3.0
"""For the first page: hub and demo work as hard in the same seconds, and two cores are few."""


def dashboard(settings: Settings, port: int, address: str = LOOPBACK) -> Child:
    """What serves the dashboard, not yet started.

    Args:
        settings: Whose data directory it shows.
        port: Where it answers.
        address: Where it listens.

    Raises:
        InputError: Others could reach it.
    """
    refuse_open_door(address, settings.asks_who)
    command = [sys.executable, "-m", "pages._ui.serve", "--server.port", str(port)]
    child = Child("dashboard", [*command, "--server.address", address])
    child.environment = environment_of(settings)
    return child


def environment_of(settings: Settings) -> dict[str, str]:
    """What a process of Switchyard's needs to use the same data directory and database."""
    return {
        "PYTHONPATH": str(ROOT),
        "SWITCHYARD_DATA": str(settings.data),
        "SWITCHYARD_DATABASE": settings.database,
        "SWITCHYARD_BESIDE_HUB": "1",
    }


def head_start(shown: Child, port: int, address: str = LOOPBACK) -> None:
    """Wait until a dashboard answers, and some seconds more, in which a browser draws its page.

    Args:
        shown: The dashboard, started; nobody waits for one that has ended.
        port: Where it answers.
        address: Where it listens.
    """
    end = time.monotonic() + READY_SECONDS
    while shown.is_running and time.monotonic() < end:
        with suppress(OSError), socket.create_connection((address, port), READY_SECONDS):
            time.sleep(HEAD_START_SECONDS)
            return
        time.sleep(0.05)
