"""The command that simulates a workflow with its people."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.ango_json.text import loads
from core.cli.arguments import FINE, NO, Command, hours, share
from core.cli.inputs import (
    about_tasks,
    dialect_of,
    project_of,
    pseudonyms_of,
    read_tasks,
    read_text,
    reporter,
)
from core.errors import InputError
from core.model.figures import counted, decimals, share_text, tenths, whole_number
from core.terminal import print_json, say

if TYPE_CHECKING:
    from core.flow.queueing.forecast import Forecast


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add `forecast` to a command line; arguments as in `core.cli.hub`."""
    added = command("forecast", _forecast, "How long work takes, and who is overloaded.")
    added.add_argument("--plan", type=Path, required=True, help="JSON: people, minutes, arrivals")
    about_tasks(added, tasks_needed=False, logic=())
    added.add_argument("--need", metavar="STAGE", help="how many people it needs, see --within")
    added.add_argument("--within", type=hours, metavar="HOURS", help="with --need")
    added.add_argument(
        "--certainty", type=share, default=0.9, help="with --need: part of the cases (0.9)"
    )
    added.add_argument(
        "--sensitivity", action="store_true", help="what the outcome depends on, stage by stage"
    )


def _forecast(args: argparse.Namespace) -> int:
    from core.flow.read_plan import read_plan  # the other commands start faster without them

    where = str(args.plan)
    plan = read_plan(loads(read_text(args.plan), where), where)
    if args.seed is not None:
        plan = replace(plan, seed=args.seed)

    from core.flow.answers import needed_words, people_needed, sensitivity
    from core.flow.assumed import assumed_problems, assumed_project
    from core.flow.flow import flow_of
    from core.flow.forecast_document import (
        forecast_document,
        needed_document,
        sensitivity_document,
    )
    from core.flow.graph import graph_of
    from core.flow.queueing.forecast import forecast
    from core.flow.queueing.priorities import by_priority
    from core.flow.queueing.times import past_minutes
    from core.flow.rates import read_rates
    from core.tasks.parquet import NO_TASKS
    from core.workspace import Workspace

    assumed = args.project is None
    project = assumed_project(plan) if assumed else project_of(args.project)
    graph = graph_of(project.stages)
    typed = {} if assumed else read_rates(dict(plan.rates), graph, f"{where}, rates")
    table = NO_TASKS if args.tasks is None else read_tasks(args.tasks, project)
    workspace = Workspace(table, project, dialect_of(args), pseudonyms=pseudonyms_of(args))
    flow = flow_of(workspace, typed, graph)
    problems = (*plan.problems, *(assumed_problems(plan) if assumed else ()), *flow.problems)
    plan = replace(plan, problems=problems)
    times = past_minutes(table, graph.stages)
    chain, plan = by_priority(flow.chain, plan, table, project)
    result = forecast(chain, plan, times, reporter("Simulating"))
    document, code = forecast_document(result), FINE
    if not args.json:
        _say(result)
    if args.need is not None:
        if args.within is None:
            raise InputError(
                "--within", "is missing.", "Say in how many hours all shall be through."
            )
        trying = reporter("Trying numbers of people")
        needed = people_needed(chain, plan, times, args.need, args.within, args.certainty, trying)
        document["needed"] = needed_document(needed)
        code = FINE if needed.people is not None else NO
        if not args.json:
            say(needed_words(needed, workspace.names.of_stage))
    if args.sensitivity:
        answer = sensitivity(chain, plan, times, reporter("Varying the plan"))
        document["sensitivity"] = sensitivity_document(answer)
        for bar in answer.bars if answer and not args.json else ():
            name = workspace.names.of_stage(bar.stage)
            say(f"{_number(bar.low):>9} to {_number(bar.high)} h  {name}, {bar.what}")
    if args.json:
        print_json(document)
    return code


def _say(result: Forecast) -> None:
    say(f"{counted(result.replications)} replications")
    say(f"{'busy':>9}  {'wait, min':>11}  {'p90':>9}  {'queue':>9}  {'done':>9}  stage")
    for one in result.stages:
        busy = "" if one.utilisation is None else share_text(one.utilisation)
        numbers = (one.wait.mean, one.wait.p90, one.queue, one.done)
        wait, p90, queue, done = map(_number, numbers)
        marked = " (bottleneck)" if one.stage.id == result.bottleneck else ""
        line = f"{busy:>9}  {wait:>11}  {p90:>9}  {queue:>9}  {done:>9}"
        say(f"{line}  {one.stage.name}{marked}")
    cycle, (p10, p50, p90_) = result.cycle, result.finish
    if cycle.mean is not None:
        ends = "" if cycle.low is None else f" ({_number(cycle.low)} to {_number(cycle.high)})"
        middle = f"half within {_number(cycle.p50)}, nine in ten within {_number(cycle.p90)}"
        say(f"Hours from start to end: {_number(cycle.mean)}{ends}, {middle}")
    for some in result.priorities:
        say(f"  of priority {whole_number(some.number)}: {_number(some.mean)}")
    if result.throughput is not None:
        say(f"Tasks per hour: {decimals(result.throughput, 2)}")
    if p50 is not None:
        say(f"Hours until all are through: {_number(p50)} ({_number(p10)} to {_number(p90_)})")
    if result.cost is not None:
        say(f"Cost of the work: {decimals(result.cost, 2)}")
    for problem in result.problems:
        say(f"{problem.severity}: {problem.message} {problem.hint}")


def _number(value: float | None) -> str:
    return "-" if value is None else tenths(value)
