"""The command `compare`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from core.command_inputs import (
    FINE,
    Command,
    about_tasks,
    open_workspace,
    print_json,
    stage_and_project,
)
from core.logic.compare import Change, Comparison
from core.logic.document import compare_document
from core.logic.pair import aligned
from core.logic.sentence import ELSE, sentence
from core.model.stages import Logic
from core.workspace import Workspace


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add the command to a command line; arguments as in `core.hub.commands`."""
    comparing = command("compare", _compare, "What another version does differently.")
    about_tasks(comparing, logic=("--before", "--after"))


def _compare(args: argparse.Namespace) -> int:
    workspace, before = open_workspace(args, "before")
    after = aligned(before, stage_and_project(args, "after")[0])
    result = workspace.compare(before, after)
    sides = workspace.sides(before, after)
    moved = workspace.moves(sides, workspace.everything, args.seed)
    if args.json:
        print_json(compare_document(result, moved, before, after, args.seed))
        return FINE
    _print_comparison(workspace, result, before, after)
    for move in moved:
        print(f"{move.external_id or move.task}: {move.because}")
    return FINE


def _print_comparison(
    workspace: Workspace, result: Comparison, before: Logic, after: Logic
) -> None:
    print(f"{result.tasks:,} tasks; {_amount(result)}")
    print(
        f"{'before':>10}  {'after':>10}  {'difference':>10}  {'95 % interval':>19}  rule or stage"
    )
    for change in result.outputs:
        print(_line(change, _rule(workspace, change, before, after)))
    for target, change in zip(result.targets, result.arrivals, strict=True):
        print(_line(change, f"→ {workspace.names.of_stage(target)}"))


def _amount(result: Comparison) -> str:
    moved, rerouted = result.moved, result.rerouted
    return (
        f"{moved.expected:,.1f} move ({moved.certain:,} for certain, {moved.low:,} to "
        f"{moved.high:,}), {rerouted.expected:,.1f} reach the same stage by another rule"
    )


def _line(change: Change, what: str) -> str:
    interval = f"{change.low:+,} to {change.high:+,}" if change.low < change.high else "exact"
    return (
        f"{change.expected_before:>10,.1f}  {change.expected_after:>10,.1f}  "
        f"{change.expected:>+10,.1f}  {interval:>19}  {what}"
        f"{' (uncertain)' if change.uncertain else ''}"
    )


def _rule(workspace: Workspace, change: Change, before: Logic, after: Logic) -> str:
    stage, place = (after, change.after) if change.after is not None else (before, change.before)
    if place is None or place == len(stage.active):
        return ELSE
    return sentence(stage.active[place].condition, workspace.names, workspace.dialect)
