"""The dashboard as a process, started before anything that takes longer to import."""

from __future__ import annotations

import sys
from pathlib import Path

from core.launcher.supervise import Child
from core.settings import Settings

ROOT = Path(__file__).parents[2]


def dashboard(settings: Settings, port: int) -> Child:
    """What serves the dashboard on loopback, not yet started.

    Args:
        settings: Whose data directory it shows.
        port: Where it answers.
    """
    command = [sys.executable, "-m", "pages._ui.serve", "--server.port", str(port)]
    child = Child("dashboard", [*command, "--server.address", "127.0.0.1"])
    child.environment = {
        "PYTHONPATH": str(ROOT),
        "SWITCHYARD_DATA": str(settings.data),
        "SWITCHYARD_DATABASE": settings.database,
    }
    return child
