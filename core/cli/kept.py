"""The commands `draft …`, `scenario …` and `workspace …`: names, deletion and the way back."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.arguments import FINE, NO, Command, natural, settings_of
from core.cli.hub import store_of
from core.errors import InputError, UnknownName
from core.model.figures import counted
from core.plugin_runs.log_text import time_text
from core.terminal import print_json, say

if TYPE_CHECKING:
    from core.store.drafts import Drafts
    from core.store.scenarios import Scenarios
    from core.store.workspaces import OpenedFiles

    Kept = Drafts | Scenarios | OpenedFiles

MOST = 100


def register(_: Command, group: Callable[[str, str], Command]) -> None:
    """Add the commands to a command line; see `core.cli.hub.register`."""
    for kind, about in (
        ("draft", "Drafts of Logic stages."),
        ("scenario", "Scenarios that were saved."),
        ("workspace", "Task files that were opened."),
    ):
        below = group(kind, about)
        listing = below("list", _list, f"Every {kind}, the latest first.")
        listing.add_argument("--deleted", action="store_true", help="those that were deleted")
        listing.add_argument("--limit", type=natural, default=MOST)
        if kind != "workspace":
            listing.add_argument("--workspace", help="only those of this one")
        else:
            opening = below("open", _open, "Open a task file or a folder of parts.")
            opening.add_argument("source", type=Path, help="export, task table or folder")
            opening.add_argument("--project", type=Path, help="get_project response")
            purging = below("purge", _purge, "Take a project from this machine for good.")
            purging.add_argument("--confirm", metavar="NAME", help="its name; without, what goes")
        deleting = below("delete", _delete, f"Put a {kind} away; restore brings it back.")
        restoring = below("restore", _restore, f"Bring a deleted {kind} back.")
        named = [deleting, restoring, *([purging] if kind == "workspace" else [])]
        if kind != "scenario":  # its name stands in its document
            named.append(below("rename", _rename, f"Give a {kind} another name."))
            named[-1].add_argument("--name", required=True)
        for one in named:
            one.add_argument("id")
        for one in (listing, *named, *([opening] if kind == "workspace" else [])):
            one.set_defaults(kind=kind)
            one.add_argument(
                "--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)"
            )


def _kept(args: argparse.Namespace) -> Kept:
    from core.store.drafts import Drafts
    from core.store.scenarios import Scenarios
    from core.store.workspaces import OpenedFiles

    store = store_of(args)
    match args.kind:
        case "draft":
            return Drafts(store)
        case "scenario":
            return Scenarios(store)
        case _:
            settings = settings_of(args)
            return OpenedFiles(store, settings.tables, settings.tasks_in_memory)


def _rows(args: argparse.Namespace) -> list[dict[str, Any]]:
    from core.store.workspaces import OpenedFiles

    kept = _kept(args)
    if isinstance(kept, OpenedFiles):
        files = kept.recent(args.limit, args.deleted)
        return [{"id": file.id, "name": file.name, "at": file.opened_at} for file in files]
    return [
        {
            "id": one.id,
            "name": one.name,
            "workspace": one.workspace,
            "stage": one.stage,
            "at": one.saved_at,
        }
        for one in kept.recent(args.workspace, args.limit, args.deleted)
    ]


def _list(args: argparse.Namespace) -> int:
    rows = _rows(args)
    if args.json:
        print_json(rows)
        return FINE
    for row in rows:
        say(f"{row['id']}  {time_text(row['at'])}  {row['name'] or '(no name)'}")
    if not rows:
        say(f"No {args.kind} is {'deleted' if args.deleted else 'kept'} here.")
    return FINE


def _open(args: argparse.Namespace) -> int:
    from core.cli.inputs import project_of, read_text, reporter
    from core.dataset.opening import on_disk
    from core.store.workspaces import OpenedFiles

    files = _kept(args)
    assert isinstance(files, OpenedFiles)
    project = read_text(args.project) if args.project else None
    project_id = project_of(args.project).id if args.project else ""
    table, file = files.open_path(args.source, project, project_id, reporter())
    if args.json:
        tasks = {"tasks": len(table), "in_memory": table.in_memory}
        print_json({"id": file.id, "name": file.name, **tasks})
        return FINE
    say(
        f"{file.name} is opened as {file.id}: {counted(len(table))} tasks. {on_disk(table)}".strip()
    )
    return FINE


def _purge(args: argparse.Namespace) -> int:
    from core.purge import places, purge, to_purge

    store, settings = store_of(args), settings_of(args)
    what = to_purge(settings, store, args.id)
    about = {
        "project": what.project,
        "name": what.name,
        "files": [file.name for file in what.files],
        "copies": [copy.host for copy in what.copies],
        "in_hub": what.in_hub,
    }
    if args.confirm is None:
        if args.json:
            print_json({**about, "purged": False})
        else:
            say(f"{what.name}: {', '.join(places(what))}.", f"Purge it: --confirm {what.name!r}")
        return NO
    removed = purge(settings, store, what, args.confirm)
    if args.json:
        print_json({**about, "purged": True, "removed": removed})
    else:
        say(f"{what.name} is gone from this machine: {counted(removed)} files, and its rows.")
    return FINE


def _rename(args: argparse.Namespace) -> int:
    def rename(kept: Any) -> None:  # scenarios have no such command
        kept.rename(args.id, args.name)

    return _do(args, rename, f"is called {args.name} now")


def _delete(args: argparse.Namespace) -> int:
    return _do(
        args, lambda kept: kept.delete(args.id), f"is deleted; {args.kind} restore undoes it"
    )


def _restore(args: argparse.Namespace) -> int:
    return _do(args, lambda kept: kept.restore(args.id), "is there again")


def _do(args: argparse.Namespace, act: Callable[[Kept], None], words: str) -> int:
    try:
        act(_kept(args))
    except UnknownName as error:
        raise InputError(args.id, f"names no {args.kind} here: {error}") from error
    if args.json:
        print_json({"id": args.id})
    else:
        say(f"The {args.kind} {args.id} {words}.")
    return FINE
