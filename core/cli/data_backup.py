"""The commands `backup` and `restore`: a data folder as one file, and back."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.arguments import FINE, Command, chosen_settings
from core.model.figures import counted, tenths
from core.model.phrases import moment_text
from core.terminal import note, print_json, say

if TYPE_CHECKING:
    from core.data_backup.manifest import Manifest

SECRET = "The file is as secret as the data folder: it holds keys, tasks and labels."


def register(command: Command) -> None:
    """Add the commands to a command line."""
    out = command("backup", _backup, "All of a data folder as one file, while all runs on.")
    out.add_argument("--out", type=Path, required=True, help="the file; it must be new")
    back = command("restore", _restore, "Put a backup into a data folder and its database.")
    back.add_argument("--in", dest="source", type=Path, required=True, help="the backup")
    back.add_argument("--replace", action="store_true", help="in the place of what is there")
    for one in (out, back):
        one.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def _backup(args: argparse.Namespace) -> int:
    from core.cli.inputs import reporter
    from core.data_backup.backing_up import back_up

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nothing half done stays behind
    manifest = back_up(chosen_settings(args), args.out, reporter("Backing up"))
    if args.json:
        print_json({"file": str(args.out), **_document(manifest)})
    else:
        say(f"{args.out}: {_words(manifest)}.")
        note(SECRET)
    return FINE


def _restore(args: argparse.Namespace) -> int:
    from core.cli.inputs import reporter
    from core.data_backup.restoring import restore

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = chosen_settings(args)
    manifest = restore(settings, args.source, args.replace, reporter("Restoring"))
    if args.json:
        print_json({"data": str(settings.data), **_document(manifest)})
    else:
        say(f"{settings.data} is as it was {moment_text(manifest.taken_at)}: {_words(manifest)}.")
    return FINE


def _document(manifest: Manifest) -> dict[str, object]:
    return {
        "taken_at": manifest.taken_at,
        "switchyard": manifest.switchyard,
        "migrations": len(manifest.migrations),
        "files": len(manifest.members),
        "bytes": manifest.size,
    }


def _words(manifest: Manifest) -> str:
    return f"files: {counted(len(manifest.members))}, {tenths(manifest.size / 2**20)} MiB"
