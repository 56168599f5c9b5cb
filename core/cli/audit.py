"""The commands `audit …`: who changed what, whether the record is whole, and a file of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.access.actions import TITLES
from core.cli.arguments import FINE, NO, Command, natural, settings_of
from core.cli.hub import store_of
from core.cli.inputs import write_out
from core.errors import InputError
from core.model.phrases import entries_text
from core.terminal import note, print_json, say

if TYPE_CHECKING:
    from core.access.record import AuditEntry

MOST = 100


def register(_: Command, group: Callable[[str, str], Command]) -> None:
    """Add the commands to a command line; see `core.cli.hub.register`."""
    below = group("audit", "The record of changes: who, when, what.")
    listing = below("list", _list, "Changes, the latest first.")
    exporting = below("export", _export, "Write them to a file, .csv or .json.")
    exporting.add_argument("--out", type=Path, required=True, metavar="FILE")
    verifying = below("verify", _verify, "Is the record whole? Exit code 1 names what is not.")
    verifying.add_argument(
        "--seen",
        action="append",
        default=[],
        metavar="NUMBER:HASH",
        help="a head that was printed earlier and kept elsewhere",
    )
    for one in (listing, exporting):
        one.add_argument("--who", default="", help="only people with this in their name")
        one.add_argument("--action", default="", help=f"only one of: {', '.join(TITLES)}")
        one.add_argument("--since", default="", help="a day or moment, UTC: 2026-11-27T14:00")
    listing.add_argument("--limit", type=natural, default=MOST, help=f"the most ({MOST})")
    exporting.add_argument("--limit", type=natural, help="the most (all)")
    for one in (listing, verifying, exporting):
        one.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def _entries(args: argparse.Namespace) -> list[AuditEntry]:
    from core.store.audit import entries, since_text

    if args.action and args.action not in TITLES:
        message = f"{args.action[:40]} is no action."
        raise InputError("--action", message, f"It knows {', '.join(TITLES)}.")
    since = since_text(args.since)
    with store_of(args).read() as tx:
        return list(entries(tx, args.who, args.action, since, args.limit))


def _list(args: argparse.Namespace) -> int:
    from core.access.record import entry_document

    listed = _entries(args)
    if args.json:
        print_json([entry_document(entry) for entry in listed])
        return FINE
    for one in listed:
        say(f"{one.at}  {one.person} ({one.role})  {one.action}: {one.subject}{_told(one)}")
    if not listed:
        say("No such change is recorded.")
    return FINE


def _told(entry: AuditEntry) -> str:
    parts = (entry.before and f"was {entry.before}", entry.after and f"is {entry.after}")
    words = ", ".join(part for part in parts if part)
    return f"  {words}" if words else ""


def _verify(args: argparse.Namespace) -> int:
    from core.store.audit_seen import look_at_record, read_seen

    seen = tuple(map(read_seen, args.seen))
    head, wrong = look_at_record(store_of(args), settings_of(args).data, seen)
    document: dict[str, Any] = {"entries": head.number, "head": str(head), "wrong": wrong}
    if args.json:
        print_json(document)
    elif wrong is None:
        say(f"{entries_text(head.number)}, whole. Head: {head}")
    else:
        say(wrong)
    return FINE if wrong is None else NO


def _export(args: argparse.Namespace) -> int:
    from core.store.audit_export import exported

    listed = _entries(args)
    write_out(args.out, exported(listed, args.out.name))
    if args.json:
        print_json({"entries": len(listed), "file": str(args.out)})
    else:
        note(f"{entries_text(len(listed))} written to {args.out}.")
    return FINE
