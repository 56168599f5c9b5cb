"""The command that holds a forecast against what then came."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.arguments import FINE, Command, natural
from core.cli.inputs import about_tasks, project_of, read_tasks, read_text, reporter
from core.errors import InputError
from core.model.figures import counted, decimals
from core.terminal import print_json, say

if TYPE_CHECKING:
    from core.flow.logs.event_log import EventLog
    from core.flow.logs.reality import Reality


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add `twin` to a command line; arguments as in `core.cli.hub`."""
    added = command("twin", _twin, "What the first part of a log forecasts, beside the rest.")
    about_tasks(added, tasks_needed=False, logic=())
    added.add_argument("--log", type=Path, help="CSV of events, instead of --tasks")
    added.add_argument(
        "--columns", nargs="+", default=[], metavar="PART=COLUMN",
        help="case, activity, resource, start, end: which column is which",
    )  # fmt: skip
    added.add_argument(
        "--split", default="0.7", help="a date, or the share of cases in the first part (0.7)"
    )
    added.add_argument("--replications", type=natural, help="how often the rest is simulated (50)")


def _twin(args: argparse.Namespace) -> int:
    from core.flow.logs.document import reality_document, reality_words
    from core.flow.logs.reality import REPLICATIONS, against_reality

    if (args.log is None) == (args.tasks is None):
        raise InputError("--log", "or --tasks is needed, one of them.", "Name a file of events.")
    log = _log_of(args)
    replications = REPLICATIONS if args.replications is None else args.replications
    if replications < 2:
        raise InputError("--replications", "is below 2, which have no spread.", "Fifty tell much.")
    until = split_of(args.split, log)
    result = against_reality(log, until, replications, args.seed or 0, reporter("Simulating"))
    if args.json:
        print_json(reality_document(result))
        return FINE
    for sentence in reality_words(result):
        say(sentence)
    _say_distances(result)
    for problem in result.problems:
        say(f"{problem.severity}: {problem.message} {problem.hint}".rstrip())
    return FINE


def _log_of(args: argparse.Namespace) -> EventLog:
    from core.flow.logs.event_log import log_of_table
    from core.flow.logs.read_csv import columns_of, read_log

    if args.log is not None:
        return read_log(read_text(args.log), str(args.log), columns_of(args.columns))
    project = None if args.project is None else project_of(args.project)
    return log_of_table(read_tasks(args.tasks, project), project)


def split_of(text: str, log: EventLog) -> float:
    """Where a log is parted, in its minutes: at a date, or where a share of cases has begun.

    Raises:
        InputError: It is neither, or the log cannot be parted.
    """
    from core.flow.logs.reality import minute_of, moment_of

    try:
        share = float(text)
    except ValueError:
        share = None
    if share is not None and 0 < share < 1:
        return moment_of(log, share)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        hint = "For example 0.7, or 2026-03-01."
        message = f"“{text}” is neither a date nor a share between 0 and 1."
        raise InputError("--split", message, hint) from error
    moment_of(log, 0.5)  # says what keeps any date from parting it
    return minute_of(at if at.tzinfo else at.replace(tzinfo=UTC))


def _say_distances(result: Reality) -> None:
    from core.flow.logs.document import NAMES

    say(f"{'distance':>10}  {'90 % of replications':>22}  {'luck':>8}  {'first part':>10}")
    for name, one in result.distances.items():
        first = "" if one.first_part is None else decimals(one.first_part, 2)
        span = f"{decimals(one.low, 2)} to {decimals(one.high, 2)}"
        numbers = f"{decimals(one.mean, 2):>10}  {span:>22}  {decimals(one.luck, 2):>8}"
        say(f"{numbers}  {first:>10}  {NAMES[name]}")
    people = [
        f"{result.calibration.log.activities[one.activity]} {counted(one.people)}"
        for one in result.calibration.work
    ]
    say(f"People at once: {', '.join(people)}")
