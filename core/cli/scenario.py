"""The commands `compare`, `check` and `report`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from core.ango_json.inputs import pick_logic
from core.cli.arguments import FINE, NO, Command
from core.cli.counting import MEMORY, about_engine, open_dataset_workspace
from core.cli.inputs import (
    about_tasks,
    dialect_of,
    open_workspace,
    print_problems,
    read_text,
    stage_and_project,
    workspace_of,
    write_out,
)
from core.errors import InputError
from core.model.dialect import Dialect
from core.model.figures import counted, signed, tenths
from core.model.names import names_of
from core.model.stages import Logic
from core.routing.document import check_document, compare_document
from core.routing.lint.check import check, has_errors
from core.routing.sentence import ELSE, sentence
from core.routing.versions.align import aligned
from core.routing.versions.compare import WHICH_DRAWS, ArrivalChange, Comparison
from core.routing.versions.golden import GoldenVerdict
from core.routing.versions.moved_tasks import Move
from core.routing.versions.stages import led_elsewhere
from core.scenario.file import read_scenario
from core.scenario.scenario import misfits, scenario_of
from core.terminal import note, print_json, say
from core.workspace import Workspace

if TYPE_CHECKING:
    from core.dataset.workspace import DatasetWorkspace


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add the command to a command line; arguments as in `core.cli.hub`."""
    comparing = command("compare", _compare, "What another version does differently.")
    about_tasks(comparing, False, ("--before", "--after"), logic_needed=False)
    about_engine(comparing)
    comparing.add_argument(
        "--with-run", metavar="SESSION",
        help="the tasks of this run, without its labels and with them, instead of --tasks; rules "
        "are those of its project unless --before and --after name others",
    )  # fmt: skip
    comparing.add_argument("--data", type=Path, help="data directory of that run")
    checking = command("check", _check, "What is wrong or doubtful.")
    about_tasks(checking, tasks_needed=False, logic_needed=False)
    checking.add_argument("--scenario", type=Path, help="its golden tasks are checked, too")
    reporting = command("report", _report, "One HTML file about a scenario or a Logic stage.")
    about_tasks(reporting)
    reporting.add_argument("--baseline", type=Path, help="stage or scenario to compare with")
    reporting.add_argument("--out", type=Path, required=True, help="an .html file")
    reporting.add_argument("--date", default="", help="as it is to be read: 26 November 2026")
    reporting.add_argument("--author", default="", help="who reports")


def _check(args: argparse.Namespace) -> int:
    scenario = None
    if args.scenario is not None:
        scenario = read_scenario(read_text(args.scenario), str(args.scenario))
    if args.logic is None:
        args.of_scenario = scenario
    stage, project = stage_and_project(args)
    args.of_scenario = args.of_scenario or scenario  # its readings hold, whatever the rules
    golden = scenario.golden if scenario else ()
    verdicts: tuple[GoldenVerdict, ...] = ()
    if args.tasks is not None:
        workspace = workspace_of(args, project)
        problems, verdicts = workspace.check(stage), workspace.golden(stage, golden)
        for misfit in misfits(scenario, workspace) if scenario else ():
            note(f"{args.scenario}: {misfit}")
    elif golden:
        many = f"there are {len(golden)} golden tasks to check, but no tasks."
        raise InputError(str(args.scenario), many, "Name an export or a task table with --tasks.")
    else:
        problems = check(stage, names_of(project), dialect_of(args), project)
    if args.json:
        print_json(check_document(problems, verdicts))
    else:
        print_problems(problems, stage)
        for verdict in verdicts:
            word = "fine" if verdict.ok else "waived" if verdict.golden.waived else "failed"
            say(f"golden, {word}: {verdict.sentence} {verdict.golden.waived}".rstrip())
        say(f"{len(problems)} findings" if problems else "No findings.")
    return NO if has_errors(problems) or any(v.blocks for v in verdicts) else FINE


def _compare(args: argparse.Namespace) -> int:
    if args.with_run is not None:
        return _compare_with_run(args)
    for name in ("tasks", "before", "after"):
        if getattr(args, name) is None:
            raise InputError(f"--{name}", "is missing.", "Name it, or a run with --with-run.")
    if args.engine != MEMORY:
        return _compare_on_disk(args)
    first, before = open_workspace(args, "before")
    after, dialect = _after(args, before, first.dialect)
    second = replace(first, dialect=dialect)
    result = second.compare(before, after, other=first)
    sides = second.sides(before, after, first)
    moved = second.moves(sides, second.everything, args.seed)
    return _print_compared(args, second, result, moved, before, after)


def _compare_with_run(args: argparse.Namespace) -> int:
    """Where the tasks of a run would leave were its labels stored, beside where they leave now."""
    from core.after_run import around_run
    from core.cli.hub import store_of
    from core.store.runs import Runs

    if args.tasks is not None or args.engine != MEMORY:
        note("The tasks are those of the run, looked at in memory; --tasks and --engine are not.")
    store, dialect = store_of(args), dialect_of(args)
    run = Runs(store).get(args.with_run)
    sides = around_run(store, run, max(1, run.tasks), dialect)
    if sides is None:
        hint = "It needs labels in a project of this hub that has a Logic stage."
        raise InputError("--with-run", "has no tasks that a Logic stage could send on.", hint)
    project, without, with_run = sides
    if args.before is not None:
        before, _ = stage_and_project(args, "before")
    else:
        before = pick_logic(project.logic_stages, args.stage, project.name)
    args.seed = args.seed or 0
    after = before if args.after is None else _after(args, before, dialect)[0]
    result = with_run.compare(before, after, other=without)
    moved = with_run.moves(with_run.sides(before, after, without), with_run.everything, args.seed)
    return _print_compared(args, with_run, result, moved, before, after)


def _compare_on_disk(args: argparse.Namespace) -> int:
    with open_dataset_workspace(args, "before") as (first, before):
        after, dialect = _after(args, before, first.dialect)
        second = replace(first, dialect=dialect)
        result = second.compare(before, after, first)
        moved = second.moves(before, after, first, args.seed)
    return _print_compared(args, second, result, moved, before, after)


def _after(args: argparse.Namespace, before: Logic, dialect: Dialect) -> tuple[Logic, Dialect]:
    """The second version, under the rule ids of the first, and the dialect that it is read in."""
    stored, args.of_scenario = args.of_scenario, None
    after, _ = stage_and_project(args, "after")
    if stored is None and args.of_scenario is None:
        after = aligned(before, after, dialect)  # a scenario stores the ids of its rules
    return after, dialect_of(args) if args.of_scenario else dialect


def _print_compared(
    args: argparse.Namespace,
    workspace: Workspace | DatasetWorkspace,
    result: Comparison,
    moved: Sequence[Move],
    before: Logic,
    after: Logic,
) -> int:
    if args.json:
        print_json(compare_document(result, moved, before, after, args.seed))
        return FINE
    _print_comparison(workspace, result, before, after)
    for move in moved:
        say(f"{move.external_id or move.task}: {move.because}")
    return FINE


def _print_comparison(
    workspace: Workspace | DatasetWorkspace, result: Comparison, before: Logic, after: Logic
) -> None:
    say(f"{counted(result.tasks)} tasks; {_amount(result)}")
    say(f"95 % intervals of the difference. {WHICH_DRAWS}")
    say(
        f"{'before':>10}  {'after':>10}  {'difference':>10}  {'same draws':>19}  "
        f"{'independent draws':>19}  rule or stage"
    )
    led = led_elsewhere(before, after, workspace.names)
    for change in result.outputs:
        rule = _rule(workspace, change, before, after)
        elsewhere = "" if change.after is None else led.get(change.after, "")
        say(_line(change, f"{rule} {elsewhere}".rstrip()))
    for target, change in zip(result.targets, result.arrivals, strict=True):
        say(_line(change, f"→ {workspace.names.of_stage(target)}"))


def _amount(result: Comparison) -> str:
    moved, rerouted = result.moved, result.rerouted
    return (
        f"{tenths(moved.expected)} move ({counted(moved.certain)} for certain, "
        f"{counted(moved.low)} to "
        f"{counted(moved.high)}), {tenths(rerouted.expected)} reach the same stage by another rule"
    )


def _line(change: ArrivalChange, what: str) -> str:
    before, after = change.expected_before, change.expected_after
    same, apart = change.same_draws, change.independent_draws
    return (
        f"{tenths(before):>10}  {tenths(after):>10}  {signed(change.expected, 1):>10}  {same:>19} "
        f" {apart:>19}  "
        f"{what}"
    )


def _rule(
    workspace: Workspace | DatasetWorkspace, change: ArrivalChange, before: Logic, after: Logic
) -> str:
    stage, place = (after, change.after) if change.after is not None else (before, change.before)
    if place is None or place == len(stage.active):
        return ELSE
    return sentence(stage.active[place].condition, workspace.names, workspace.dialect)


def _report(args: argparse.Namespace) -> int:
    from core.report.report import Against, report  # the other commands start faster without it

    workspace, stage = open_workspace(args)
    scenario = args.of_scenario or scenario_of(workspace, stage, stage.name, args.seed)
    scenario = replace(scenario, seed=args.seed, dialect=workspace.dialect)
    against = None
    if args.baseline is not None:
        stored, args.of_scenario = args.of_scenario, None
        before, _ = stage_and_project(args, "baseline")
        first = replace(workspace, dialect=dialect_of(args)) if args.of_scenario else workspace
        if stored is None and args.of_scenario is None:
            scenario = replace(scenario, rules=aligned(before, scenario.rules, workspace.dialect))
        name = args.of_scenario.name if args.of_scenario else before.name
        against = Against(f"“{name}” of {args.baseline.name}", first, before)
    text = report(scenario, workspace, against, args.date, args.author)
    data = text.encode("utf-8", "replace")
    write_out(args.out, data)
    if args.json:
        digest = sha256(data).hexdigest()
        print_json({"file": str(args.out), "bytes": len(data), "sha256": digest})
    else:
        say(f"Report of {scenario.name} written to {args.out}.")
    return FINE
