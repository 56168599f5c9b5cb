"""The command line: `python -m core <command>` (docs/semantics.md, Command line).

Exit codes: 0 fine, 1 the answer is "no", 2 unusable input with one line that says what and where.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli import (
    audit,
    bulk,
    config,
    data_backup,
    demo,
    flow,
    forecast,
    hub,
    kept,
    ledger,
    plugins,
    publish,
    recently,
    reviews,
    runs,
    sampling,
    scenario,
    story,
    twin,
    up,
    users,
)
from core.cli import logic as planning
from core.cli.arguments import FINE, natural
from core.cli.counting import MEMORY, about_engine, open_dataset_workspace
from core.cli.edge import Parser, command_line, run
from core.cli.inputs import (
    about_tasks,
    open_workspace,
    print_problems,
    project_of,
    read_tasks,
    reporter,
)
from core.errors import InputError, UnknownName
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import between, counted, share_labels, tenths
from core.model.stages import Logic
from core.routing.dialect_text import at_words, missing
from core.routing.document import split_document, trace_document
from core.routing.engine.split import Split
from core.routing.observed.forecast import Coming
from core.routing.sentence import output_text
from core.tasks.facts import Honesty
from core.terminal import note, print_json, say
from core.workspace import Workspace

if TYPE_CHECKING:
    from core.dataset.workspace import DatasetWorkspace


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return run(_parser(), argv)


def _parser() -> Parser:
    parser, command, group = command_line()
    splitting = command("split", _split, "How many tasks leave through each output.")
    about_tasks(splitting)
    about_engine(splitting)
    splitting.add_argument("--next", type=natural, metavar="N", help="and of the next N like them")
    tracing = command("trace", _trace, "One task's way, rule by rule.")
    about_tasks(tracing)
    tracing.add_argument("--task", required=True, help="task id")
    converting = command("tasks", _tasks, "Convert an export to a task table.")
    converting.add_argument("--in", dest="source", type=Path, required=True)
    converting.add_argument("--out", type=Path, required=True, help="a .parquet file or a folder")
    converting.add_argument(
        "--partition", action="store_true", help="in parts, for tables larger than memory"
    )
    converting.add_argument(
        "--project", type=Path, help="get_project response: names the partition"
    )
    rooms = (
        planning,
        flow,
        forecast,
        twin,
        sampling,
        reviews,
        scenario,
        story,
        config,
        hub,
        plugins,
        demo,
        kept,
        publish,
        ledger,
        bulk,
        users,
        audit,
    )
    for room in rooms:
        room.register(command, group)
    runs.register(group)
    data_backup.register(command)
    recently.register(command)
    up.register(command)
    return parser


def _split(args: argparse.Namespace) -> int:
    if args.engine != MEMORY:
        return _split_on_disk(args)
    workspace, stage = open_workspace(args)
    result, problems = workspace.split(stage, args.seed), workspace.check(stage)
    coming = None if args.next is None else workspace.coming(stage, args.next)
    return _print_split(args, workspace, stage, result, problems, workspace.honesty, coming)


def _split_on_disk(args: argparse.Namespace) -> int:
    if args.next is not None:
        message = f"the next tasks are told in memory only, not by {args.engine}."
        raise InputError("--next", message, "Leave --engine or --next out.")
    with open_dataset_workspace(args) as (workspace, stage):
        counts = workspace.tally(stage, args.seed)
    result, problems = workspace.split_of(stage, counts, args.seed), workspace.check(stage, counts)
    return _print_split(args, workspace, stage, result, problems, workspace.honesty(counts))


def _print_split(
    args: argparse.Namespace,
    workspace: Workspace | DatasetWorkspace,
    stage: Logic,
    result: Split,
    problems: Sequence[RuleDiagnostic],
    honesty: Honesty,
    coming: Coming | None = None,
) -> int:
    if args.json:
        print_json(split_document(result, workspace.dialect, problems, honesty, coming))
        return FINE
    say(f"{counted(result.tasks)} tasks, seed {result.seed}")
    say(f"{'':>4}  {'expected':>10}  {'95 % interval':>17}  {'share':>8}  rule → stage")
    for output, share, base in zip(result.outputs, result.labels, result.bases, strict=True):
        count, target = output.count, workspace.names.of_stage(output.target)
        label = output_text(output.number)
        interval = "exact" if count.exact else between(count.low, count.high)
        say(
            f"{label:>4}  {tenths(count.expected):>10}  {interval:>17}  {share:>8}  "
            f"{output.sentence} → {target}{' (uncertain)' if output.count.uncertain else ''}"
            f"{base and f'; {base}'}"
        )
    if coming is not None:
        _say_next(coming, [output.sentence for output in result.outputs])
    when = at_words(workspace.dialect.at, workspace.names)
    for many, what in missing(honesty, when, stage, workspace.dialect):
        say(f"{counted(many)} {what}")
    print_problems(problems, stage)
    return FINE


def _say_next(coming: Coming, sentences: Sequence[str]) -> None:
    say(f"Of the next {counted(coming.tasks)} tasks like these:")
    for count, sentence in zip(coming.outputs, sentences, strict=True):
        if count.expected is not None:
            interval = between(count.low or 0, count.high or 0)
            say(f"{'':>4}  {tenths(count.expected):>10}  {interval:>17}  {sentence}")
    for week in coming.weeks.weeks:
        inside = sum(one.inside for one in week.outputs)
        about = (
            f"{counted(week.tasks)} tasks, {inside} of {len(week.outputs)} counts as told before"
        )
        say(f"week of {week.first}: {about}")
    say(*coming.sentences)


def _trace(args: argparse.Namespace) -> int:
    workspace, stage = open_workspace(args)
    try:
        result = workspace.trace(stage, args.task, args.seed)
    except UnknownName as error:
        raise InputError(
            str(args.tasks), f"has no task with the id {args.task}.", "Check the id."
        ) from error
    if args.json:
        print_json(trace_document(result, workspace.names))
        return FINE
    for step, chance in zip(result.steps, share_labels(result.probabilities), strict=True):
        say(f"{chance:>7}  {step.verdict:<11}  {step.rule}: {step.because}")
    return FINE


def _tasks(args: argparse.Namespace) -> int:
    from core.tasks.parquet import write_parquet

    if args.partition:
        return _tasks_in_parts(args)
    if args.project is not None:
        raise InputError(
            "--project", "only names a partition.", "Add --partition, or leave it out."
        )
    table = read_tasks(args.source)
    try:
        write_parquet(table, args.out)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(str(args.out), f"{reason}.", "Choose another place.") from error
    counts = table.counts
    document = {
        "tasks": len(table),
        "skipped": counts.skipped,
        "repeated": counts.repeated,
        "no_task": counts.no_task,
        "odd": counts.odd,
        "fingerprint": table.fingerprint,
    }
    if args.json:
        print_json(document)
    else:
        say(
            f"{counted(len(table))} tasks written to {args.out}, {counted(counts.skipped)} skipped."
        )
    return FINE


def _tasks_in_parts(args: argparse.Namespace) -> int:
    from core.dataset.convert import convert

    project = None if args.project is None else project_of(args.project)
    name = project.id if project else args.source.name.partition(".")[0]
    dataset = convert(args.source, args.out, name or "tasks", reporter())
    counts = dataset.names.counts
    note(*(f"{args.source.name}, {sentence}" for sentence in dataset.names.notes))
    if args.json:
        print_json(
            {
                "folder": str(dataset.folder),
                "parts": len(dataset.parts),
                "tasks": len(dataset),
                "skipped": counts.skipped,
                "repeated": counts.repeated,
                "no_task": counts.no_task,
                "odd": counts.odd,
            }
        )
    else:
        files = f"files in {dataset.folder}: {counted(len(dataset.parts))}"
        say(f"{counted(len(dataset))} tasks written, {counted(counts.skipped)} skipped; {files}.")
    return FINE
