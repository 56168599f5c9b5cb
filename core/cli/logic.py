"""The commands that plan the percentages of a Logic stage and judge what a hub did."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

from core.cli.arguments import FINE, MOST, NO, Command
from core.cli.inputs import about_tasks, open_workspace
from core.errors import InputError
from core.model.figures import between, counted, percent, tenths
from core.model.numbers import read_number
from core.routing.document import behaving_document, plan_document, stage_plan_document
from core.routing.observed.conformance import BASES, Behaviour
from core.routing.plan.shares import KEPT, plan, whole_words
from core.routing.sentence import rule_text
from core.routing.versions.stages import stage_changes, unchanged_words
from core.terminal import print_json, say


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add `plan` and `behaving` to a command line; arguments as in `core.cli.hub`."""
    added = command("plan", _plan, "Which percentages make the wanted shares.")
    about_tasks(added)
    asked = added.add_mutually_exclusive_group(required=True)
    asked.add_argument(
        "--want-stage",
        metavar="STAGE=SHARE",
        help="share of all tasks that one stage should get, by its name or id: Review=30%%",
    )
    asked.add_argument(
        "--shares",
        help="percent of all tasks, one per random rule from the top, then Else: 20,30,50",
    )
    added.add_argument(
        "--keep",
        choices=KEPT,
        default=KEPT[0],
        help="where they cannot be had: as many tasks as can be, or the proportions of the shares",
    )
    judging = command("behaving", _behaving, "Does the hub do what the rules say?")
    about_tasks(judging)
    source = judging.add_mutually_exclusive_group(required=True)
    source.add_argument("--counts", help="tasks seen per output from the top, Else last: 31,69")
    source.add_argument("--history", action="store_true", help="follow the tasks' histories")
    judging.add_argument(
        "--basis", choices=("same", "like"), help="counts of these very tasks, or of others like"
    )


def _shares(text: str) -> list[float]:
    shares = []
    for word in text.split(","):
        try:
            shares.append(read_number(word))
        except ValueError as error:
            hint = "Give percentages of all tasks, such as 20,30,50."
            raise InputError("--shares", f"“{word.strip()}” is not a number.", hint) from error
    return shares


def _stage_and_share(text: str) -> tuple[str, float]:
    """`Expert review=30%`, `Expert review = 12.5`: percent of all tasks."""
    name, _, share = text.rpartition("=")
    try:
        return name.strip(), read_number(share.strip().removesuffix("%").strip()) / 100
    except ValueError as error:
        hint = "Give a stage and a percentage of all tasks, such as Review=30%."
        raise InputError("--want-stage", f"“{text}” is not a stage and a share.", hint) from error


def _plan_stage(args: argparse.Namespace) -> int:
    name, share = _stage_and_share(args.want_stage)
    workspace, stage = open_workspace(args)
    names = workspace.names
    named = [t for t in stage.targets if t is not None and name in (t, names.of_stage(t))]
    result = workspace.plan_stage(stage, named[0] if named else name, share)
    changes = stage_changes(workspace.split(stage), workspace.split(result.edited))
    if args.json:
        print_json(stage_plan_document(result, names.of_stage(result.target), changes))
        return FINE if result.possible else NO
    say(result.message)
    for change in changes:
        if change.changed:
            say(f"{names.of_stage(change.stage)}: {change.words}")
    say(*filter(None, [unchanged_words(changes)]))
    return FINE if result.possible else NO


def _plan(args: argparse.Namespace) -> int:
    if args.want_stage is not None:
        return _plan_stage(args)
    shares = _shares(args.shares)
    workspace, stage = open_workspace(args)
    result = plan(workspace.matcher, stage, workspace.everything, shares, args.keep)
    if args.json:
        print_json(plan_document(result))
    else:
        for rule, chance in result.settings:
            say(f"{rule_text(stage.numbers[rule])}: {percent(chance)}")
        say(result.message)
        if result.whole != result.settings:
            say(whole_words(stage, result))
    return FINE if result.possible else NO


def _counts(text: str) -> list[int]:
    counts = []
    for word in text.split(","):
        if not re.fullmatch(r"[0-9]{1,10}", word.strip()) or int(word) > MOST:
            hint = "Give whole numbers from 0, one per output from the top, Else last: 31,69."
            raise InputError("--counts", f"“{word.strip()}” is not a number of tasks.", hint)
        counts.append(int(word))
    return counts


def _behaving(args: argparse.Namespace) -> int:
    counts = None if args.counts is None else _counts(args.counts)
    if (counts is None) != (args.basis is None):
        raise InputError(
            "--basis",
            "is needed with --counts, and only there.",
            "same: counts of the very tasks of --tasks; like: of others like them.",
        )
    workspace, stage = open_workspace(args)
    if counts is None:
        behaviour = workspace.behaved(stage)
    else:
        behaviour = workspace.behaving(stage, counts, args.basis)
    if args.json:
        print_json(behaving_document(behaviour))
    else:
        print_counts(behaviour)
    return FINE if behaviour.behaving else NO


def print_counts(behaviour: Behaviour) -> None:
    """Counts and what they mean, for a person."""
    say(f"{counted(behaviour.total)} tasks seen: {BASES[behaviour.basis]}")
    say(f"{'seen':>10}  {'expected':>10}  {'95 % interval':>17}  count of")
    for count in behaviour.counts:
        if count.expected is not None:
            span = between(count.low or 0, count.high or 0)
            off = " (off)" if count.off else ""
            line = f"{counted(count.observed or 0):>10}  {tenths(count.expected):>10}  {span:>17}"
            say(f"{line}  {count.label}{off}")
    for sentence in behaviour.sentences:
        say(sentence)
