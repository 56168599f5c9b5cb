"""The commands that send tasks through a whole workflow on paper."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.ango_json.text import loads
from core.cli.arguments import FINE, Command
from core.cli.inputs import (
    about_tasks,
    project_of,
    read_text,
    reporter,
    stage_and_project,
    workspace_of,
)
from core.errors import InputError
from core.model.figures import between, counted, percent, share_text, tenths
from core.model.phrases import hours_text
from core.terminal import print_json, say

if TYPE_CHECKING:
    from core.flow.flow import ExactFlow
    from core.flow.graph import Graph
    from core.model.project import Project
    from core.workspace import Workspace


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add `flow` and `ongoing` to a command line; arguments as in `core.cli.hub`."""
    whole = command("flow", _flow, "Where tasks go through the whole workflow, exactly.")
    about_tasks(whole, logic=())
    whole.add_argument(
        "--rates-by", choices=("Batch", "Class", "Annotator", "Duration"),
        help="how often each Review accepts, part by part of the tasks",
    )  # fmt: skip
    under_way = command(
        "ongoing", _ongoing, "What becomes of tasks under way, if this is published."
    )
    about_tasks(under_way)
    under_way.add_argument(
        "--plan", type=Path, help="with how long they still take, by this plan of work"
    )
    for one in (whole, under_way):
        one.add_argument(
            "--rates", type=Path, help='JSON: {"Review": {"accepted": 0.8}}; else histories tell'
        )


def _workflow(args: argparse.Namespace) -> tuple[Project, Graph, dict[int, float]]:
    """The project with its workflow, and the rates that were given."""
    from core.flow.graph import graph_of
    from core.flow.rates import read_rates

    if args.project is None:
        hint = "Give the get_project response with the workflow's stages."
        raise InputError("--project", "is missing.", hint)
    project = project_of(args.project)
    graph = graph_of(project.stages)
    where = str(args.rates)
    typed = read_rates(loads(read_text(args.rates), where), graph, where) if args.rates else {}
    return project, graph, typed


def _ongoing(args: argparse.Namespace) -> int:
    from core.ango_json.project import inner_project
    from core.flow.document import in_flight_document
    from core.flow.forecast_document import remaining_document
    from core.flow.graph import graph_of
    from core.flow.in_flight import ENDS, in_flight
    from core.flow.queueing.times import past_minutes
    from core.publish.publish import with_stage

    project, before, typed = _workflow(args)
    edited = inner_project(loads(read_text(args.logic), str(args.logic)))
    if edited is not None and args.stage is None:
        stages = project_of(args.logic).stages
    else:
        stage, _ = stage_and_project(args)
        stages = with_stage(before.stages, stage)
    workspace = workspace_of(args, project)
    rates = {before.stages[place].id: rate for place, rate in typed.items()}
    past = past_minutes(workspace.table, before.stages)
    minutes = {stage_id: float(took.mean()) for stage_id, took in past.items() if len(took)}
    after = graph_of(stages)
    result = in_flight(workspace, before, after, rates, minutes)
    left = None
    if args.plan is not None and len(result.rows):
        from core.flow.queueing.remaining import remaining
        from core.flow.read_plan import read_plan

        plan = read_plan(loads(read_text(args.plan), str(args.plan)), str(args.plan))
        left = remaining(
            workspace, result, (before, after), plan, past, rates, reporter("Simulating")
        )
    if args.json:
        more = {} if left is None else remaining_document(left)
        print_json({**in_flight_document(workspace, result, before), **more})
        return FINE
    say(f"{counted(len(result.rows))} of {counted(len(workspace.table))} tasks are under way")
    for one in result.stages:
        name = workspace.names.of_stage(one.stage)
        say(f"{counted(one.tasks):>10}  {name}: {counted(one.changed)} change")
        for place, end in enumerate(ENDS):
            was, is_ = one.ends[:, place]
            if was or is_:
                say(f"{'':>12}{end} {tenths(was)} → {tenths(is_)}")
    for when, look in zip(("now", "after"), left.looks if left else (), strict=False):
        mean, last = look.cycle.mean, look.finish[1]
        mean_text, all_text = (
            "not known" if hours is None else hours_text(hours) for hours in (mean, last)
        )
        say(f"{when}: {mean_text} left for a task, {all_text} for all")
    if result.stranded.any():
        say(f"{counted(int(result.stranded.sum()))} tasks would reach no end any more")
    return FINE


def _flow(args: argparse.Namespace) -> int:
    from core.flow.document import flow_document  # the other commands start faster without it
    from core.flow.flow import flow_of
    from core.flow.graph import output_name

    project, graph, typed = _workflow(args)
    workspace = workspace_of(args, project)
    flow = flow_of(workspace, typed, graph)
    by = {} if args.rates_by is None else _parts(flow, workspace, args.rates_by)
    if args.json:
        more = {} if args.rates_by is None else {"rates_by": by}
        print_json({**flow_document(flow), **more})
        return FINE
    say(f"{counted(flow.tasks)} tasks through {project.name or project.id}")
    say(f"{'visits':>12}  {'tasks':>12}  stage")
    for one in flow.stages:
        say(f"{tenths(one.visits.mean):>12}  {tenths(one.tasks.mean):>12}  {one.stage.name}")
        for exit_ in one.exits if len(one.exits) > 1 else ():
            to = workspace.names.of_stage(exit_.to)
            name = output_name(one.stage, exit_.output)
            low, high = exit_.count.interval or (0, 0)
            say(f"{'':>26}  {tenths(exit_.count.mean):>10} ({between(low, high)}) {name} → {to}")
    for name, count in (
        ("completed", flow.completed),
        ("archived", flow.archived),
        ("trapped", flow.trapped),
    ):
        say(f"{share_text(count.mean / flow.tasks if flow.tasks else 0.0)} {name}")
    per_task = flow.touches / flow.tasks if flow.tasks else 0.0
    say(f"{tenths(per_task)} touches per task, {share_text(flow.rework)} of them again")
    for place, rate in flow.rates.items():
        say(f"{flow.graph.stages[place].name}: {percent(round(rate.value, 4))}, {rate.origin}")
    for stage_id, rows in by.items():
        for row in rows:
            share = percent(round(row["rate"], 4))
            name = workspace.names.of_stage(stage_id)
            say(f"{share:>9} of {counted(row['of'])} at {name}: {row['name']}")
    for problem in flow.problems:
        say(f"{problem.severity}: {problem.message} {problem.hint}")
    return FINE


def _parts(flow: ExactFlow, workspace: Workspace, by: str) -> dict[str, list[dict[str, Any]]]:
    """Rates of each stage part by part, as the Map has them."""
    from core.flow.rates import rates_by
    from core.routing.explain.breakdown import groups

    parts = groups(workspace.table, workspace.facts, workspace.names, by)
    return {
        flow.graph.stages[place].id: [
            {
                "name": one.name,
                "rate": one.first / one.of,
                "seen": one.first,
                "of": one.of,
                "low": one.low,
                "high": one.high,
                "enough": one.enough,
            }
            for one in rates_by(flow.graph, workspace.table, parts, workspace.everything, place)
        ]
        for place in flow.rates
    }
