"""The command `up`: imports little, so that the dashboard it starts is soon there."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from core.cli.arguments import FINE, Command, port, settings_of
from core.cli.edge import command_line, run
from core.launcher.dashboard import LOOPBACK, dashboard, head_start
from core.launcher.stopping import Stopped, Stopping
from core.terminal import note


def register(command: Command) -> None:
    """Add the command to a command line."""
    together = command("up", _up, "Start hub, demo plugin and dashboard together.")
    together.add_argument("--port", type=port, default=8600, help="of the hub (8600)")
    together.add_argument("--dashboard-port", type=port, default=8501, help="(8501)")
    listens = os.environ.get("STREAMLIT_SERVER_ADDRESS") or LOOPBACK
    together.add_argument("--address", default=listens, help="of the dashboard (127.0.0.1)")
    together.add_argument("--upstream", metavar="URL", help="the one host to forward to")
    together.add_argument(
        "--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)"
    )


def main() -> int:
    """Run it as the first word of the command line, without loading the other commands."""
    parser, command, _ = command_line()
    register(command)
    return run(parser)


def _up(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    shown = dashboard(settings, args.dashboard_port, args.address)
    stopping = Stopping()
    stopping.listen()
    try:
        shown.start()
        name = f"[{args.address}]" if ":" in args.address else args.address
        note(f"Switchyard: http://{name}:{args.dashboard_port}")
        head_start(shown, args.dashboard_port, args.address)
        from core.hub.upstream import read_upstream
        from core.launcher.up import Together

        upstream = None if args.upstream is None else read_upstream(args.upstream)
        return Together(settings, note, {"dashboard": shown}, stopping).run(args.port, upstream)
    except Stopped:
        return FINE
    finally:
        shown.end()
