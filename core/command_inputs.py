"""What the commands about tasks and rules share: their arguments, opening them, printing."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.model.dialect import parse_dialect
from core.model.problems import Problem
from core.model.project import Project
from core.model.stages import Logic
from core.tasks.read import read_path
from core.tasks.table import TaskTable
from core.wire.inputs import read_logic_input
from core.wire.project import read_project
from core.wire.text import loads
from core.workspace import Workspace

FINE, NO, UNUSABLE = 0, 1, 2
"""Exit codes: fine, the answer is "no", unusable input."""

MOST = 1_000_000_000
"""The largest count that anybody may ask for."""

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
"""Adds a command of a name, a function and a sentence."""


def about_tasks(
    added: argparse.ArgumentParser,
    tasks_needed: bool = True,
    logic: Sequence[str] = ("--logic",),
) -> None:
    """Give a command its tasks, its Logic stage, and what is known around them.

    Args:
        added: The command.
        tasks_needed: Whether it can do nothing without tasks.
        logic: Names of its Logic stages.
    """
    added.add_argument("--tasks", type=Path, required=tasks_needed, help="export or task table")
    for name in logic:
        added.add_argument(name, type=Path, required=True, help="stage, stages or project")
    added.add_argument("--project", type=Path, help="get_project response")
    added.add_argument("--stage", help="id or name of the Logic stage")
    added.add_argument("--seed", type=int, default=0, help="seed of the draw (0)")
    added.add_argument("--dialect", nargs="+", default=[], metavar="NAME=VALUE")


def natural(text: str) -> int:
    """A count on the command line: a whole number from 0.

    Raises:
        ValueError: It is none; the parser then says which argument.
    """
    number = int(text)
    if not 0 <= number <= MOST:
        raise ValueError(text)
    return number


def read_text(path: Path) -> str:
    """The text of a file that somebody named.

    Raises:
        InputError: It cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(str(path), "is not UTF-8 text.", "Save it as UTF-8 JSON.") from error
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(str(path), f"{reason}.", "Check the name.") from error


def stage_and_project(
    args: argparse.Namespace, logic: str = "logic"
) -> tuple[Logic, Project | None]:
    """The Logic stage behind an argument, and the project around it or that of `--project`."""
    path: Path = getattr(args, logic)
    stage, around = read_logic_input(read_text(path), str(path), args.stage)
    if args.project is None:
        return stage, around
    return stage, read_project(loads(read_text(args.project), str(args.project)), str(args.project))


def _reporter() -> Callable[[int, int], None]:
    """Says on stderr how far a reading is, once a second from the second second on."""
    last = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        if total and time.monotonic() - last > 1:
            last = time.monotonic()
            print(f"Reading: {done / total:.0%}", file=sys.stderr)

    return report


def read_tasks(path: Path) -> TaskTable:
    """A task file, with progress and notes on stderr."""
    table = read_path(path, _reporter())
    for note in table.notes:
        print(f"{path.name}, {note}", file=sys.stderr)
    return table


def open_workspace(args: argparse.Namespace, logic: str = "logic") -> tuple[Workspace, Logic]:
    """Everything that the arguments of `about_tasks` name."""
    stage, project = stage_and_project(args, logic)
    return Workspace(read_tasks(args.tasks), project, parse_dialect(args.dialect)), stage


def print_json(document: dict[str, Any]) -> None:
    """One JSON document on stdout; every number in it is finite."""
    print(json.dumps(document, ensure_ascii=False, allow_nan=False))


def print_problems(problems: Sequence[Problem]) -> None:
    """One line per finding."""
    for problem in problems:
        place = "stage" if problem.rule is None else f"rule {problem.rule + 1}"
        print(f"{problem.severity}: {place}: {problem.message} {problem.hint}")
