"""The commands about reviews of tasks: what they showed, where the next ones find most."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.arguments import FINE, Command, hours, natural, percentage, share
from core.cli.inputs import (
    about_tasks,
    dialect_of,
    open_workspace,
    project_of,
    pseudonyms_of,
    reporter,
    workspace_of,
    write_out,
)
from core.errors import InputError
from core.model.dialect import of_percent
from core.model.figures import about_percent, between, counted, signed, tenths
from core.routing.sentence import ELSE, rule_text, sentence
from core.terminal import print_json, say
from core.workspace import Workspace

if TYPE_CHECKING:
    from core.model.project import Project
    from core.model.stages import Logic
    from core.sampling.benchmark import JudgedAnswers
    from core.sampling.error_rates import ErrorRates
    from core.sampling.review_stages import ReviewStages


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add `quality`, `coverage` and `budget`; arguments as in `core.cli.hub`."""
    shown = command("quality", _quality, "What reviews showed: error rates by group.")
    about_tasks(shown, logic=())
    shown.add_argument("--by", required=True, help="annotator, batch, class, stage or week")
    _about_benchmark(shown)
    _about_reading(
        command("benchmark", _benchmark, "Reads the benchmark tasks of a project from a hub.")
    )
    covered = command("coverage", _coverage, "How many tasks of each group leave by each output.")
    about_tasks(covered)
    covered.add_argument("--by", required=True, help="annotator, batch, class or week")
    covered.add_argument(
        "--least", type=natural, default=1, metavar="K", help="tasks that are wanted (1)"
    )
    covered.add_argument(
        "--confidence", type=share, default=0.95, metavar="L", help="with which chance (0.95)"
    )
    covered.add_argument(
        "--by-stage", action="store_true", help="outputs that lead to the same stage count as one"
    )
    covered.add_argument(
        "--stages", action="store_true", help="also the Logic stages that review K of each group"
    )
    covered.add_argument("--whole", action="store_true", help="with --stages: whole percents")
    covered.add_argument(
        "--others",
        type=percentage,
        metavar="P",
        help="with --stages: percent for tasks of no group (the smallest share)",
    )
    covered.add_argument(
        "--review", metavar="STAGE", help="with --stages: the Review stage, by id or name (first)"
    )
    spread = command("budget", _budget, "Where a budget of reviews catches most.")
    about_tasks(spread, logic=())
    many = spread.add_mutually_exclusive_group(required=True)
    many.add_argument("--reviews", type=natural, metavar="N", help="tasks")
    many.add_argument(
        "--hours", type=hours, metavar="H", help="hours of review, at the pace of the histories"
    )
    spread.add_argument("--by", required=True, help="annotator, batch or class")
    spread.add_argument(
        "--floor", type=percentage, metavar="P", help="percent for everybody (5, or half the even)"
    )
    spread.add_argument("--whole", action="store_true", help="whole percents in all rules")
    spread.add_argument("--review", metavar="STAGE", help="the Review stage, by id or name (first)")
    _about_benchmark(spread)


def _about_reading(added: argparse.ArgumentParser) -> None:
    added.add_argument("--id", required=True, help="id of the project on the hub")
    added.add_argument("--out", type=Path, required=True, metavar="F.json", help="a new file")
    added.add_argument("--host", help="address of the hub (the local hub of the data directory)")
    added.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def _benchmark(args: argparse.Namespace) -> int:
    from core.cli.publish import gateway_of
    from core.export.benchmark import BENCHMARK, of_hub

    if args.out.exists():
        raise InputError(str(args.out), "is there already.", "Name a new file.")
    _, gateway = gateway_of(args)
    tasks = gateway.read_benchmark_tasks(gateway.read_project(args.id))
    if not tasks:
        hint = "Mark tasks as benchmarks on the hub, and turn benchmarks on in its settings."
        raise InputError("--id", "names a project without benchmark tasks.", hint)
    with of_hub(args.id, tasks).open() as stream:
        write_out(args.out, stream.read())
    answers = sum(task.get("type") == BENCHMARK for task in tasks)
    document = {"file": str(args.out), "known": len(tasks) - answers, "answers": answers}
    if args.json:
        print_json(document)
    else:
        say(f"{counted(document['known'])} known answers and {counted(answers)} answers of people "
            f"are in {args.out}.")  # fmt: skip
    return FINE


def _about_benchmark(added: argparse.ArgumentParser) -> None:
    added.add_argument(
        "--benchmark", type=Path, metavar="F", help="judge by answers to benchmark tasks instead"
    )
    added.add_argument(
        "--known", type=Path, action="append", metavar="F",
        help="file with the known answers that the first lacks (--tasks)",
    )  # fmt: skip
    added.add_argument(
        "--iou", type=share, metavar="O", help="overlap from which two labels are the same (0.5)"
    )


def _judged(args: argparse.Namespace) -> JudgedAnswers | None:
    """Answers to benchmark tasks, where somebody asks by them.

    Raises:
        InputError: The files cannot be used, or only a part of the question was asked.
    """
    if args.benchmark is None:
        if args.known or args.iou is not None:
            hint = "Give the export of the task type benchmark."
            raise InputError("--benchmark", "is missing.", hint)
        return None
    from core.export.benchmark import read_benchmark
    from core.export.whole_items import task_file
    from core.quality.check import IOU
    from core.quality.overlap import check_least
    from core.sampling.benchmark import BY, compare_answers, judge
    from core.sampling.looks import check_by

    check_by(args.by, BY)  # before files are read
    least = IOU if args.iou is None else check_least(args.iou)
    known = [task_file(path) for path in args.known or [args.tasks]]
    with task_file(args.tasks).open():
        pass  # a name that is wrong is said, whether it is needed or not
    answers = read_benchmark(task_file(args.benchmark), known, reporter())
    return judge(compare_answers(answers), least)


def _rates(args: argparse.Namespace, judged: JudgedAnswers, project: Project) -> ErrorRates:
    from core.sampling.benchmark import benchmark_rates

    answers = Workspace(judged.table, project, dialect_of(args), pseudonyms=pseudonyms_of(args))
    return benchmark_rates(answers, judged, args.by)


def _project(args: argparse.Namespace) -> Project:
    if args.project is None:
        hint = "Give the get_project response with the workflow's stages."
        raise InputError("--project", "is missing.", hint)
    return project_of(args.project)


def _quality(args: argparse.Namespace) -> int:
    from core.sampling.document import judged_document, rates_document
    from core.sampling.error_rates import error_rates
    from core.sampling.looks import BY, check_by

    check_by(args.by, BY)  # before the tasks are read
    project, judged = _project(args), _judged(args)
    if judged is None:
        rates, more = error_rates(workspace_of(args, project), args.by), {}
    else:
        rates, more = _rates(args, judged, project), {"benchmark": judged_document(judged)}
    if args.json:
        print_json(rates_document(rates) | more)
        return FINE
    if rates.groups:
        what = "looks" if judged is None else "answers"
        say(f"{what:>8}  {'wrong':>8}  {'rate':>8}  {'95 % interval':>20}  {'shrunk':>8}")
    for one in rates.groups:
        limits = f"{about_percent(one.low, 1)} to {about_percent(one.high, 1)}"
        weighted = (
            "" if one.weighted is None else f", {about_percent(one.weighted.rate, 1)} weighted"
        )
        say(
            f"{counted(one.reviewed):>8}  {counted(one.wrong):>8}  "
            f"{about_percent(one.rate, 1):>8}  {limits:>20}  {about_percent(one.shrunk, 1):>8}  "
            f"{one.name}{weighted}{' (worse)' if one.worse else ''}"
        )
    say(*rates.sentences, *(() if judged is None else judged.sentences))
    return FINE


def _coverage(args: argparse.Namespace) -> int:
    from core.sampling.coverage import BY, coverage, quotas, stages_behind
    from core.sampling.document import coverage_document, quota_documents
    from core.sampling.looks import check_by
    from core.sampling.quotas import check_quota_groups

    check_by(args.by, BY)  # before the tasks are read
    if args.stages:
        check_quota_groups(args.by)
    about_stages = {"whole": args.whole or None, "others": args.others, "review": args.review}
    alone = next((name for name, value in about_stages.items() if value is not None), None)
    if alone is not None and not args.stages:
        raise InputError(f"--{alone}", "is about stages.", "Give --stages, too.")
    workspace, stage = open_workspace(args)
    words = [sentence(one.condition, workspace.names, workspace.dialect) for one in stage.active]
    names = [*words, ELSE]
    if args.by_stage:
        names = [workspace.names.of_stage(one) for one in stages_behind(stage)]
    covered = coverage(workspace, stage, args.by, args.least, args.by_stage)
    rows = coverage_document(covered, names, args.by_stage)
    needed = quota_documents(quotas(workspace, args.by, args.least, args.confidence))
    document: dict[str, Any] = {"least": args.least, "rows": rows, "quotas": needed}
    made = None
    if args.stages:
        made, more = _quota_stages(args, workspace, stage)
        document |= more
    if args.json:
        print_json(document)
        return FINE
    say(f"{'expected':>10}  {'95 % interval':>17}  {'fewer than ' + counted(args.least):>17}")
    for row in rows:
        limits = between(row["low"], row["high"])
        fewer = about_percent(row["fewer"])
        say(f"{tenths(row['expected']):>10}  {limits:>17}  {fewer:>17}  "
            f"{row['name']}: {row['stage' if args.by_stage else 'rule']}")  # fmt: skip
    for one in needed:
        percents = "" if one["share"] is None else f"{about_percent(one['share'] / 100)} at random"
        say(f"{one['name']}, {counted(one['tasks'])} tasks: {percents or 'too few tasks'}")
    if made is not None:
        _say_quota_stages(args, document, made, workspace)
    return FINE


def _without_addresses(document: dict[str, Any], workspace: Workspace) -> dict[str, Any]:
    """The document without the rules as JSON, which name people, where these have other names."""
    if workspace.pseudonyms is None:
        return document
    note = "Rules as JSON hold addresses: ask without pseudonyms for them."
    return document | {"stages": None, "notes": [*document["notes"], note]}


def _quota_stages(
    args: argparse.Namespace, workspace: Workspace, stage: Logic
) -> tuple[ReviewStages, dict[str, Any]]:
    from core.sampling.document import quota_stages_document
    from core.sampling.quotas import quota_plan, quota_stages
    from core.sampling.review_stages import drawn_again, review_stage

    project = workspace.project
    review_stage(project, args.review)
    others = None if args.others is None else of_percent(args.others)
    plan = quota_plan(workspace, args.by, args.least, args.confidence, others)
    made = quota_stages(plan, project, workspace.dialect, args.whole, args.review)
    again = drawn_again(project, made, stage.id)
    return made, _without_addresses(quota_stages_document(plan, made, again), workspace)


def _say_quota_stages(
    args: argparse.Namespace, document: dict[str, Any], made: ReviewStages, workspace: Workspace
) -> None:
    say(*document["notes"])
    say(f"{'review':>10}  {'reviews':>10}  {'fewer than ' + counted(args.least):>17}")
    for one in document["given"]:
        share = about_percent(one["percent"] / 100)
        fewer = "" if one["fewer"] is None else about_percent(one["fewer"])
        say(f"{share:>10}  {tenths(one['reviews']):>10}  {fewer:>17}  {one['name']}")
    if args.whole:
        say(f"Whole percents change the reviews by {signed(document['rounding']['reviews'], 1)}.")
    _say_stages(made, workspace)


def _budget(args: argparse.Namespace) -> int:
    from core.sampling.budget import budget_of, review_minutes, reviews_in
    from core.sampling.document import budget_document
    from core.sampling.groups import BY
    from core.sampling.looks import check_by
    from core.sampling.review_stages import drawn_again, review_stage, stages_of

    check_by(args.by, BY)  # before the tasks are read
    project = _project(args)
    workspace = workspace_of(args, project)
    review_stage(project, args.review)  # before reviews are counted
    reviews = args.reviews
    if reviews is None:
        reviews = reviews_in(args.hours, review_minutes(workspace))
    floor = None if args.floor is None else of_percent(args.floor)
    judged = _judged(args)
    rates = None if judged is None else _rates(args, judged, project)
    budget = budget_of(workspace, args.by, reviews, floor, rates)
    stages = stages_of(budget, project, workspace.dialect, args.whole, args.review)
    document = budget_document(budget, stages, drawn_again(project, stages))
    document = _without_addresses(document, workspace)
    if args.json:
        print_json(document)
        return FINE
    say(*document["notes"])
    say(f"{'review':>10}  {'of tasks':>10}  {'wrong':>8}")
    for one in document["shares"]:
        reviewed, rate = about_percent(one["percent"] / 100), about_percent(one["rate"], 1)
        say(f"{reviewed:>10}  {counted(one['tasks']):>10}  {rate:>8}  {one['name']}")
    more = document["more"]
    say(
        f"{tenths(document['caught'])} wrong tasks are caught, an even share of "
        f"{about_percent(document['even_percent'] / 100)} catches {tenths(document['even'])}: "
        f"{signed(more['expected'], 1)} ({signed(more['low'])} to {signed(more['high'])})."
    )
    if args.whole:
        cost = document["rounding"]
        say(f"Whole percents change the reviews by {signed(cost['reviews'], 1)} and the wrong "
            f"tasks caught by {signed(cost['caught'], 1)}.")  # fmt: skip
    _say_stages(stages, workspace)
    return FINE


def _say_stages(made: ReviewStages, workspace: Workspace) -> None:
    for stage in made.stages:
        say(f"{stage.name}:")
        for number, rule in stage.numbered:
            words = sentence(rule.condition, workspace.names, workspace.dialect)
            target = workspace.names.of_stage(rule.target)
            say(f"  {rule_text(number)}: {words} → {target}")
        say(f"  {ELSE} → {workspace.names.of_stage(stage.otherwise)}")
