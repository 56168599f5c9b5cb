"""The command that plans the percentages of a Logic stage."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from core.command_inputs import FINE, NO, Command, about_tasks, open_workspace
from core.errors import InputError
from core.logic.document import plan_document
from core.logic.plan import plan
from core.model.figures import percent
from core.terminal import print_json, say


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add `plan` to a command line; arguments as in `core.hub.commands`."""
    added = command("plan", _plan, "Which percentages make the wanted shares.")
    about_tasks(added)
    added.add_argument(
        "--shares",
        required=True,
        help="percent of all tasks, one per random rule from the top, then Else: 20,30,50",
    )


def _shares(text: str) -> list[float]:
    found = []
    for word in text.split(","):
        try:
            found.append(float(word))
        except ValueError as error:
            hint = "Give percentages of all tasks, such as 20,30,50."
            raise InputError("--shares", f"“{word.strip()}” is not a number.", hint) from error
    return found


def _plan(args: argparse.Namespace) -> int:
    shares = _shares(args.shares)
    workspace, stage = open_workspace(args)
    result = plan(workspace.matcher, stage, workspace.everything, shares)
    if args.json:
        print_json(plan_document(result))
    else:
        for rule, chance in result.settings:
            say(f"rule {rule + 1}: {percent(chance)}")
        say(result.message)
    return FINE if result.possible else NO
