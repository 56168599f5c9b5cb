"""The command that checks a config, with the very function that the page asks."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from core.cli.arguments import FINE, NO, Command
from core.cli.inputs import text_of
from core.terminal import print_json, say


def register(_: Command, group: Callable[[str, str], Command]) -> None:
    """Add `config check` to a command line; arguments as in `core.cli.hub`."""
    within = group("config", "Configs of plugins.")
    checking = within("check", _check, "What keeps a config from being sent; exit 1 with mistakes.")
    checking.add_argument("file", type=Path, help="JSON, as the plugin would receive it")
    checking.add_argument("--schema", type=Path, help="JSON Schema that it must hold to")


def _check(args: argparse.Namespace) -> int:
    from core.plugin_runs.config.check import mistake_text, mistakes
    from core.plugin_runs.config.form import fields

    text, schema = text_of(args.file) or "", text_of(args.schema)
    all_mistakes = mistakes(text, schema)
    if args.json:
        keys = [field.key for field in fields(text, text, schema)]
        listed = [
            one.data._asdict() | {"path": one.subject, "message": one.message}
            for one in all_mistakes
        ]
        print_json({"mistakes": listed, "fields": keys})
    else:
        for one in all_mistakes:
            say(mistake_text(one))
        if not all_mistakes:
            say("Valid. A plugin receives this text as it stands.")
    return NO if all_mistakes else FINE
