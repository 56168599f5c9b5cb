"""The command `up`: imports little, so that the dashboard it starts is soon there."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable
from pathlib import Path

from core.cli.arguments import FINE, port, settings_of
from core.cli.edge import Parser, run
from core.errors import InputError
from core.launcher.dashboard import dashboard, head_start
from core.terminal import note

ABOUT = "Start hub, demo plugin and dashboard together."


def register(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    _arguments(command("up", _up, ABOUT))


def main() -> int:
    """Run it as the first word of the command line, without loading the other commands."""
    parser = Parser(prog="python -m core", description=ABOUT)
    added = parser.add_subparsers(required=True, metavar="command", parser_class=Parser)
    together = added.add_parser("up", help=ABOUT, description=ABOUT)
    together.add_argument("--json", action="store_true", help="print one JSON document")
    together.set_defaults(run=_up)
    _arguments(together)
    return run(parser)


def _arguments(together: argparse.ArgumentParser) -> None:
    together.add_argument("--port", type=port, default=8600, help="of the hub (8600)")
    together.add_argument("--dashboard-port", type=port, default=8501, help="(8501)")
    together.add_argument("--upstream", metavar="URL", help="the one host to forward to")
    together.add_argument(
        "--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)"
    )


def _up(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    shown = dashboard(settings, args.dashboard_port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        shown.start()
        note(f"Switchyard: http://127.0.0.1:{args.dashboard_port}")
        head_start(shown, args.dashboard_port)
        from core.hub.upstream import read_upstream
        from core.launcher.up import Together

        upstream = None if args.upstream is None else read_upstream(args.upstream)
    except KeyboardInterrupt:
        shown.end()
        return FINE
    except InputError:
        shown.end()
        raise
    return Together(settings, note, {"dashboard": shown}).run(args.port, upstream)
