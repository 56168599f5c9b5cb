"""What the commands share that can count a table where it lies: `--engine`, opening, converting."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from core.cli.inputs import dialect_of, pseudonyms_of, reporter, stage_and_project
from core.model.figures import percent
from core.model.project import Project
from core.model.stages import Logic
from core.settings import read_settings
from core.terminal import note

if TYPE_CHECKING:
    from core.dataset.layout import Dataset
    from core.dataset.workspace import DatasetWorkspace

MEMORY = "memory"


def about_engine(added: argparse.ArgumentParser) -> None:
    """Give a command its choice of who counts."""
    added.add_argument(
        "--engine",
        choices=(MEMORY, "duckdb", "spark"),
        default=MEMORY,
        help="who counts: this process, or DuckDB or Spark where the tasks lie",
    )


@contextmanager
def open_dataset_workspace(
    args: argparse.Namespace, logic: str = "logic"
) -> Iterator[tuple[DatasetWorkspace, Logic]]:
    """Everything that the arguments of `about_tasks` and `about_engine` name.

    Raises:
        InputError: One of them cannot be used, or the engine is not there.
    """
    from core.dataset.engines import open_engine  # the other commands start faster without them
    from core.dataset.workspace import DatasetWorkspace

    stage, project = stage_and_project(args, logic)
    dialect = dialect_of(args)
    with (
        _table(args.tasks, project) as dataset,
        open_engine(args.engine, _counting(), master=read_settings().spark_master) as engine,
    ):
        yield DatasetWorkspace(dataset, project, dialect, engine, pseudonyms_of(args)), stage


@contextmanager
def _table(path: Path, project: Project | None) -> Iterator[Dataset]:
    """The table in a folder; of a file one that is made for as long as it is needed."""
    from core.dataset.convert import convert
    from core.dataset.layout import open_dataset

    if path.is_dir():
        yield open_dataset(path, project.id if project else "")
        return
    with TemporaryDirectory(prefix="switchyard-") as folder:
        yield convert(path, Path(folder), path.stem, reporter())


def _counting() -> Callable[[float], None]:
    """Says in a terminal how far the engine is, once a second from the second second on."""
    last = time.monotonic()

    def report(share: float) -> None:
        nonlocal last
        if sys.stderr.isatty() and time.monotonic() - last > 1:
            last = time.monotonic()
            note(f"Counting: {percent(round(share, 2))}")

    return report
