"""The command `recently`: what Home shows of the last day."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from core.cli.arguments import FINE, Command, natural, settings_of
from core.cli.hub import store_of
from core.plugin_runs.log_text import time_text
from core.terminal import print_json, say

HOUR_SECONDS = 3_600.0


def register(command: Command) -> None:
    """Add the command to a command line."""
    added = command("recently", _recently, "What happened lately, and which plugins are missing.")
    added.add_argument("--hours", type=natural, default=24, help="how far to look back (24)")
    added.add_argument("--workspace", default="demo", help="whose drafts count (demo)")
    added.add_argument("--project", help="id of the project whose runs count (all)")
    added.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def _recently(args: argparse.Namespace) -> int:
    from core.recently import MOST_RUNS, concerns, recently
    from core.store.drafts import Drafts
    from core.store.plugins import Registry
    from core.store.runs import Runs

    store = store_of(args)
    registry = Registry(store, settings_of(args).data)
    since = time.time() - args.hours * HOUR_SECONDS
    runs = Runs(store)
    events = recently(runs, Drafts(store), registry, args.workspace, (), since, args.project)
    latest = runs.list(project=args.project, limit=MOST_RUNS)
    listed = concerns((), (), registry.list(), registry.liveness(), latest)
    if args.json:
        print_json(
            {
                "events": [event.as_dict() for event in events],
                "attention": [concern.as_dict() for concern in listed],
            }
        )
        return FINE
    for event in events:
        say(f"{time_text(event.at)}  {event.words}")
    for concern in listed:
        say(f"Needs attention: {concern.words}")
    if not events and not listed:
        say("Nothing happened, and nothing needs attention.")
    return FINE
