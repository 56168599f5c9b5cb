"""The edge of the command line: whatever goes wrong becomes one line and an exit code."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import partial
from typing import Any, NoReturn

from core.cli.arguments import UNUSABLE, Command
from core.cli.who import about_who
from core.errors import SwitchyardError, refused_by_disk
from core.private import write_for_owner
from core.terminal import note

DASH = "a value that begins with - is written as --option=VALUE; "


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        """Say it and end the process."""
        dash = "" if "expected one argument" not in message else DASH
        note(f"{self.prog}: {message} ({dash}see {self.prog} --help)")
        raise SystemExit(UNUSABLE)


def add_command(
    among: Any, name: str, act: Callable[[argparse.Namespace], int], about: str
) -> Parser:
    """Add a command to others; each can print JSON."""
    added: Parser = among.add_parser(name, help=about, description=about)
    added.add_argument("--json", action="store_true", help="print one JSON document")
    about_who(added)
    added.set_defaults(run=act)
    return added


def group(among: Any, name: str, about: str) -> Command:
    """Add a word with commands below it; gives what adds them."""
    inner = among.add_parser(name, help=about, description=about)
    below = inner.add_subparsers(required=True, metavar="command", parser_class=Parser)
    return partial(add_command, below)


def command_line() -> tuple[Parser, Command, Callable[[str, str], Command]]:
    """A command line without commands, what adds one, and what adds a group of them."""
    parser = Parser(prog="python -m core", description="Where will every task go?")
    among = parser.add_subparsers(required=True, metavar="command", parser_class=Parser)
    return parser, partial(add_command, among), partial(group, among)


def run(parser: Parser, argv: Sequence[str] | None = None) -> int:
    """Run the command of a command line, this process's own by default; returns its exit code."""
    args = parser.parse_args(argv)
    write_for_owner()  # what it writes holds tasks, wherever it is told to put it
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # half a surrogate pair in a file's text
    try:
        code = int(copy_context().run(args.run, args))  # who acts is the command's own
        sys.stdout.flush()  # a reader that has gone shows here, not when Python shuts down
        return code
    except SwitchyardError as error:
        note(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        note("Stopped.")
    except Exception as error:  # the edge: a user gets a sentence, a developer the traceback
        if os.environ.get("SWITCHYARD_DEBUG"):
            raise
        refused = refused_by_disk(error) if isinstance(error, OSError) else None
        kind = type(error).__name__
        note(str(refused or f"Switchyard failed ({kind}: {error}); this is a defect."))
    return UNUSABLE
