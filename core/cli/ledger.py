"""The command `ledger`: how the forecasts of past publishes held."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from core.cli.arguments import FINE, Command, settings_of
from core.cli.hub import store_of
from core.model.figures import between, counted, share_text
from core.terminal import print_json, say


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add the command to a command line; arguments as in `core.cli.hub`."""
    added = command("ledger", _ledger, "How the forecasts of past publishes held.")
    added.add_argument("--id", help="id of the project (all)")
    added.add_argument("--host", help="address of the hub (all)")
    added.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def _ledger(args: argparse.Namespace) -> int:
    from core.gateway.cache import Cache
    from core.gateway.hosts import clean_host
    from core.ledger import read_ledger
    from core.routing.observed.held import ledger_document

    settings = settings_of(args)
    host = None if args.host is None else clean_host(args.host)
    hubs = Cache(settings.hubs, most=settings.tasks_in_memory)
    ledger = read_ledger(store_of(args), hubs, args.id, host)
    if args.json:
        print_json(ledger_document(ledger))
        return FINE
    for entry in ledger.entries:
        came = "" if entry.came is None else f": {counted(entry.came)} tasks came since"
        say(f"{entry.at}  {entry.name} of {entry.project} on {entry.host}{came}")
        for one in entry.outputs:
            forecast = "" if one.share is None else f"{share_text(one.share)} forecast"
            if one.low is not None and one.high is not None and one.seen is not None:
                inside = "as forecast" if one.inside else "not as forecast"
                forecast += f", {between(one.low, one.high)}; {counted(one.seen)} came, {inside}"
            say(f"    {one.label}: {forecast}{f' ({one.why})' if one.why else ''}")
        say(*([f"    {entry.why}"] if entry.why else []))
    say(ledger.share.sentence if ledger.entries else "Nothing was published from here yet.")
    return FINE
