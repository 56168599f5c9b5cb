"""The commands `bulk …`: what changing many tasks at once would do, and carrying it out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.arguments import FINE, NO, Command, whole
from core.cli.hub import store_of
from core.cli.publish import gateway_of
from core.errors import InputError
from core.model.figures import counted
from core.terminal import note, print_json, say

if TYPE_CHECKING:
    from core.bulk.carry_out import Carried
    from core.bulk.operation import Operation
    from core.bulk.preview import BulkPreview
    from core.model.names import Names

ONLY_SHOWN = "Nothing is written; --yes carries it out, after a last look."
OWN = {"requeue": ("to",), "priority": ("priority",), "assign": ("person",)}
REMOVALS = ("remove_annotations", "remove_assignee", "remove_history")


def register(_: Command, group: Callable[[str, str], Command]) -> None:
    """Add the commands to a command line; see `core.cli.hub.register`."""
    below = group("bulk", "Change many tasks of a project on a hub at once.")
    showing = below("show", _show, "What it would do to which tasks.")
    writing = below("write", _write, "The same, and with --yes carries it out.")
    for one in (showing, writing):
        one.add_argument("what", choices=tuple(OWN), help="requeue, priority or assign")
        one.add_argument("--id", required=True, help="id of the project on the hub")
        one.add_argument("--to", metavar="STAGE", help="requeue to this stage, by id or name")
        for name in REMOVALS:
            taken = name.removeprefix("remove_")
            words = f"the tasks lose their {taken}"
            one.add_argument(f"--{name.replace('_', '-')}", action="store_true", help=words)
        one.add_argument("--priority", type=whole, help="from -1000 to 1000; higher comes first")
        one.add_argument("--person", metavar="ADDRESS", help="assign to somebody of the project")
        for option, name, about in (
            ("--task", "tasks", "a task id"),
            ("--external-id", "external_ids", "an external id"),
            ("--asset", "assets", "an asset id"),
            ("--batch", "batches", "a batch, by id or name"),
            ("--from", "stages", "a stage where tasks are now, by id or name"),
        ):
            words = f"{about}; may be repeated"
            one.add_argument(option, dest=name, action="append", metavar="ONE", help=words)
        one.add_argument("--host", help="address of the hub (the local hub of the data directory)")
        one.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")
    writing.add_argument("--yes", action="store_true", help="carry it out")
    writing.add_argument("--seen", metavar="CODE", help="only if `bulk show` gave this code")


def _operation(args: argparse.Namespace) -> Operation:
    from core.bulk.operation import Assigning, BulkChange, BulkFilter, Operation, Prioritising
    from core.gateway.protocol import Requeueing

    for kind, names in OWN.items():
        for name in names:
            given = getattr(args, name) is not None
            if given and kind != args.what:
                raise InputError(f"--{name}", f"is not for `{args.what}`.", "Leave it out.")
            if not given and kind == args.what:
                raise InputError(f"--{name}", f"is missing for `{args.what}`.")
    removals = {name: bool(getattr(args, name)) for name in REMOVALS}
    if any(removals.values()) and args.what != "requeue":
        name = next(name for name, asked in removals.items() if asked).replace("_", "-")
        raise InputError(f"--{name}", f"is not for `{args.what}`.", "Leave it out.")
    change: BulkChange
    if args.what == "requeue":
        change = Requeueing(args.to, **removals)
    elif args.what == "priority":
        change = Prioritising(args.priority)
    else:
        change = Assigning(args.person)
    filters = ("tasks", "external_ids", "assets", "batches", "stages")
    chosen = {name: given and tuple(given) for name in filters for given in [getattr(args, name)]}
    return Operation(change, BulkFilter(**chosen))


def _show(args: argparse.Namespace) -> int:
    return _looked_at(args, writes=False)


def _write(args: argparse.Namespace) -> int:
    return _looked_at(args, writes=True)


def _looked_at(args: argparse.Namespace, writes: bool) -> int:
    from core.bulk.carry_out import carry_out
    from core.bulk.operation import checked
    from core.bulk.preview import preview
    from core.bulk.situation import look, needs_of
    from core.errors import TasksChanged
    from core.model.names import names_of

    asked = _operation(args)
    _, gateway = gateway_of(args)
    project = gateway.read_project(args.id)
    operation = checked(asked, project)
    seen = look(gateway, project, needs_of(operation, project))
    shows, names = preview(operation, seen), names_of(project)
    if not writes or not args.yes:
        _print(args, shows, names)
        if writes:
            note(ONLY_SHOWN)
        return NO if writes else FINE
    if args.seen is not None and args.seen != shows.code:
        message = "Tasks or the workflow changed since this code was shown; nothing was written."
        raise TasksChanged(message, "Look again with `bulk show`.")
    done = carry_out(gateway, seen, shows, store_of(args))
    _print(args, shows, names, done)
    return FINE if done.whole else NO


def _print(
    args: argparse.Namespace, shows: BulkPreview, names: Names, done: Carried | None = None
) -> None:
    from core.bulk.shown import FIRST, label_of, preview_document, then_label

    if args.json:
        result = None
        if done is not None:
            result = {"wanted": done.wanted, "done": done.done, "trouble": done.trouble}
        print_json({**preview_document(shows, names), "written": result})
        return
    operation = shows.operation
    say(shows.sentence(names))
    say(*(f"{one.severity}: {one.sentence}" for one in shows.notes))
    for move in shows.moves:
        now = label_of(move.now, operation, names)
        say(f"{counted(move.tasks):>10}  {now} → {then_label(move, operation, names)}")
    say(*(f"Stay as they are: {counted(one.tasks)} {one.why}." for one in shows.left_out))
    say(*(f"  {one.task.id}  {one.task.external_id}" for one in shows.touched[:FIRST]))
    if len(shows.touched) > FIRST:
        say(f"  and {counted(len(shows.touched) - FIRST)} more")
    if done is None:
        say(f"Code of what was looked at: {shows.code}")
    else:
        say(done.sentence, *(f"  not as wanted: {one}" for one in done.others))
