"""The command `story`: levers of a scenario, and its numbers against a baseline."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from core.cli.arguments import FINE, Command
from core.cli.inputs import about_tasks, dialect_of, stage_and_project, workspace_of
from core.errors import InputError
from core.model.figures import counted, signed
from core.scenario.cost import Costing, money_texts
from core.scenario.lever_texts import checked, read_value
from core.scenario.levers import Lever, place, possible_levers, propose, starting_at, value_text
from core.scenario.story import Board, board, story_document
from core.terminal import print_json, say
from core.workspace import Workspace


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add the command to a command line; arguments as in `core.cli.hub`."""
    telling = command("story", _story, "Levers of a scenario, and its numbers against a baseline.")
    about_tasks(telling, logic_needed=False)
    telling.add_argument("--scenario", type=Path, help="its rules, readings, assumptions, levers")
    telling.add_argument("--baseline", type=Path, help="stage or scenario to hold it against")
    telling.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="put a lever, by its name or id: share:RandomSample-0=35, least:Duration-0=10min, "
        "review_price=0.5, error_rate=8",
    )


def _story(args: argparse.Namespace) -> int:
    args.logic = args.logic or args.scenario or args.project
    if args.logic is None:
        raise InputError("story", "has no rules.", "Name a --scenario, a --logic or a --project.")
    rules, project = stage_and_project(args)
    scenario = args.of_scenario
    workspace = workspace_of(args, project)
    first, before, name = workspace, rules, "the rules themselves"
    if args.baseline is not None:
        args.of_scenario = None
        before, _ = stage_and_project(args, "baseline")
        first = replace(workspace, dialect=dialect_of(args)) if args.of_scenario else workspace
        name = args.of_scenario.name if args.of_scenario else args.baseline.name
    elif project is not None:
        own = [stage for stage in project.logic_stages if stage.id == rules.id]
        if own:
            before, name = own[0], "the project's rules"
    levers = propose(workspace, rules)
    if scenario is not None and scenario.story is not None and scenario.story.levers:
        levers = scenario.story.levers
    levers = _set(levers, possible_levers(workspace, rules), args.set)
    story = board(
        workspace, rules, (first, before), levers, scenario.assumptions if scenario else ()
    )
    for placed in story.levers:
        _check_reach(placed.lever, workspace, story)
    if args.json:
        print_json(story_document(story, name))
    else:
        _print(story, name)
    return FINE


def _set(
    levers: Sequence[Lever], possible: Sequence[Lever], words: Sequence[str]
) -> tuple[Lever, ...]:
    """The levers where they were put; one that was not among them is added."""
    chosen = {lever.id: lever for lever in levers}
    for word in words:
        name, equals, text = word.rpartition("=")
        name = name.strip()
        if not equals:
            hint = "Write NAME=VALUE, such as share:RandomSample-0=35."
            raise InputError("--set", f"“{word[:40]}” has no value.", hint)
        known = [*chosen.values(), *possible]
        lever = next((one for one in known if name in (one.id, one.name)), None)
        if lever is None:
            ids = ", ".join(one.id for one in possible)
            raise InputError("--set", f"“{name}” is no lever.", f"There are {ids}.")
        try:
            value = read_value(lever.kind, text)
        except ValueError as error:
            hint = "Give it as 35, 10min, 90s, on or off."
            raise InputError("--set", f"{error}.", hint) from error
        if lever.of_cost:  # nobody drags it here, so it need not stand on a position
            checked(replace(lever, start=value), "--set")  # before bounds are made around it
            chosen[lever.id] = checked(starting_at(lever, value), "--set")
        else:
            chosen[lever.id] = replace(lever, value=value)
    return tuple(sorted(chosen.values(), key=lambda lever: lever.value is None))


def _check_reach(lever: Lever, workspace: Workspace, story: Board) -> None:
    """A value beyond a lever's ends is a mistake here, where nobody sees it stop at the end."""
    placed = place(lever, story.rules, workspace.dialect, story.tasks)
    if lever.value is None or placed is None:
        return
    low, high = placed.positions[0], placed.positions[-1]
    if not low <= lever.value <= high:
        ends = f"{value_text(lever.kind, low)} to {value_text(lever.kind, high)}"
        raise InputError("--set", f"{lever.id} goes from {ends}.", "Choose a value between.")


def _print(story: Board, baseline: str) -> None:
    for placed in story.levers:
        begins = "it starts at" if placed.lever.of_cost else "the rules have"
        was = f" ({begins} {placed.labels[placed.own]})" if placed.moved else ""
        say(f"{placed.text:>10}  {placed.lever.name}{was}")
    say(f"{'expected':>10}  {'difference':>10}  stage, against {baseline}")
    for number in story.numbers:
        whole = round(number.expected) - round(number.before)
        say(f"{counted(number.expected):>10}  {signed(whole):>10}  {number.name}")
    if story.cost is not None:
        _print_cost(story, story.cost)
    say(*story.assumptions, *story.lost)


def _print_cost(story: Board, cost: Costing) -> None:
    if story.costs is not None:
        now, before = story.costs
        text, difference, _ = money_texts(now.money, before.money)
        say(f"{text:>10}  {difference:>10}  cost, in the currency of the prices")
        fewer = round(now.escaped) - round(before.escaped)
        say(f"{counted(now.escaped):>10}  {signed(fewer):>10}  wrong tasks that slip through")
    say(cost.words(story.levers))
