"""What the commands about tasks and rules share: their arguments, opening them, printing."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from core.ango_json.inputs import read_logic_input
from core.ango_json.project import read_project
from core.ango_json.text import decoded, loads
from core.cli.arguments import whole
from core.errors import InputError
from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import Dialect, parse_dialect
from core.model.figures import percent
from core.model.phrases import left_text, seconds_left
from core.model.project import Project
from core.model.pseudonyms import Pseudonyms
from core.model.reached import Reached
from core.model.stages import Logic
from core.private import kept_key
from core.routing.sentence import rule_text
from core.scenario.file import is_scenario, read_scenario
from core.settings import read_settings
from core.tasks.table import TaskTable
from core.terminal import note, say
from core.workspace import Workspace


def about_tasks(
    added: argparse.ArgumentParser,
    tasks_needed: bool = True,
    logic: Sequence[str] = ("--logic",),
    logic_needed: bool = True,
) -> None:
    """Give a command its tasks, its Logic stage, and what is known around them.

    Args:
        added: The command.
        tasks_needed: Whether it can do nothing without tasks.
        logic: Names of its Logic stages.
        logic_needed: Whether they must be named.
    """
    added.set_defaults(of_scenario=None)
    added.add_argument("--tasks", type=Path, required=tasks_needed, help="export or task table")
    for name in logic:
        what = "stage, stages, project or scenario"
        added.add_argument(name, type=Path, required=logic_needed, help=what)
    added.add_argument("--project", type=Path, help="get_project response")
    added.add_argument("--stage", help="id or name of the Logic stage")
    added.add_argument("--seed", type=whole, help="seed of the draw (that of a scenario, else 0)")
    added.add_argument("--dialect", nargs="+", default=[], metavar="NAME=VALUE")
    added.add_argument(
        "--pseudonyms", action="store_true", help="call people otherwise than by their address"
    )


def read_text(path: Path) -> str:
    """The text of a file that somebody named.

    Raises:
        InputError: It cannot be read, or is not UTF-8.
    """
    return decoded(_bytes_of(path), str(path))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(str(path), f"{reason}.", "Check the name.") from error


def text_of(path: Path | None) -> str | None:
    """The text of a file that somebody named, byte for byte; None without a name.

    Raises:
        InputError: It cannot be read, or is not UTF-8.
    """
    if path is None:
        return None
    try:
        return _bytes_of(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(str(path), "is not UTF-8 text.", "Save it as UTF-8.") from error


def write_out(path: Path, data: bytes) -> None:
    """Write a file that somebody named.

    Raises:
        InputError: It cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(str(path), f"{reason}.", "Choose another place.") from error


def stage_and_project(
    args: argparse.Namespace, logic: str = "logic"
) -> tuple[Logic, Project | None]:
    """The Logic stage behind an argument, and the project around it or that of `--project`.

    Of a scenario its seed and dialect hold, too, unless others were given.
    """
    path: Path | None = getattr(args, logic)
    around = None
    if path is not None and is_scenario(loads(read_text(path), str(path))):
        args.of_scenario = read_scenario(read_text(path), str(path))
    if path is not None and args.of_scenario is None:
        stage, around = read_logic_input(read_text(path), str(path), args.stage)
    elif args.of_scenario is not None:
        stage = args.of_scenario.rules
    else:
        raise InputError(f"--{logic}", "is missing.", "Name a Logic stage or a scenario.")
    if args.seed is None:
        args.seed = args.of_scenario.seed if args.of_scenario else 0
    if args.project is None:
        return stage, around
    return stage, project_of(args.project)


def project_of(path: Path) -> Project:
    """The project of a `get_project` response. Raises as `read_text`, or it is no such response."""
    return read_project(loads(read_text(path), str(path)), str(path))


def reporter(doing: str = "Reading") -> Reached:
    """Says on stderr how far some work is, once a second from the second second on."""
    began = last = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if total and now - last > 1:
            last = now
            left = left_text(seconds_left(now - began, done, total))
            note(f"{doing}: {percent(round(done / total, 2))}{left}")

    return report


def read_tasks(path: Path, project: Project | None = None) -> TaskTable:
    """A task file or a folder of parts, with progress and notes on stderr.

    Args:
        path: Where it is.
        project: Whose tasks are meant, where a folder holds those of several.
    """
    from core.dataset.opening import on_disk, open_table  # what needs no tasks starts faster

    most = read_settings().tasks_in_memory
    table = open_table(path, most, reporter(), project.id if project else "")
    note(*([on_disk(table)] if not table.in_memory else []))
    note(*(f"{path.name}, {sentence}" for sentence in table.notes))
    return table


def open_workspace(args: argparse.Namespace, logic: str = "logic") -> tuple[Workspace, Logic]:
    """Everything that the arguments of `about_tasks` name."""
    stage, project = stage_and_project(args, logic)
    return workspace_of(args, project), stage


def workspace_of(args: argparse.Namespace, project: Project | None) -> Workspace:
    """The tasks that the arguments name, with what is known around them."""
    table = read_tasks(args.tasks, project)
    return Workspace(table, project, dialect_of(args), pseudonyms=pseudonyms_of(args))


def pseudonyms_of(args: argparse.Namespace) -> Pseudonyms | None:
    """What people are called, where they are not called by their address."""
    settings = read_settings()
    asked = args.pseudonyms or settings.pseudonyms
    return Pseudonyms(kept_key(settings.pseudonyms_key)) if asked else None


def dialect_of(args: argparse.Namespace) -> Dialect:
    """The readings asked for, over those of the scenario that was read last."""
    return parse_dialect(args.dialect, args.of_scenario.dialect if args.of_scenario else None)


def print_problems(problems: Sequence[RuleDiagnostic], stage: Logic) -> None:
    """One line per finding about a stage."""
    for problem in problems:
        place = "stage" if problem.subject is None else rule_text(stage.numbers[problem.subject])
        say(f"{problem.severity}: {place}: {problem.message} {problem.hint}")
