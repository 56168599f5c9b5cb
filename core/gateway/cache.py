"""What was read from hubs, kept per host and project, each with the time it was asked for.

It holds tasks and projects, never a key; it belongs to whoever may read the data folder.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa

from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.dataset.opening import open_table
from core.gateway.bulk import WAITING
from core.gateway.kept import folder_of, turn, write_whole
from core.gateway.limits import Cancel, never
from core.gateway.protocol import Gateway, Progress, Report, TaskRead, Way, silent
from core.model.project import Project
from core.settings import TASKS_IN_MEMORY
from core.tasks.parquet import write_parquet
from core.tasks.table import TaskTable


@dataclass(frozen=True, slots=True)
class CachedProject:
    """A project as it was read.

    Args:
        host: Its hub.
        project_id: Its id there.
        name: Its name.
        asked_at: Seconds since 1970 when the reading began.
        way: How its tasks were read.
        refused: Why not by export; "" when they were.
        tasks: How many.
        histories: Of how many the stage history was fetched afterwards.
    """

    host: str
    project_id: str
    name: str
    asked_at: float
    way: Way
    refused: str
    tasks: int
    histories: int = 0

    def age_seconds(self, now: float) -> float:
        """How old it is."""
        return max(0.0, now - self.asked_at)


def age_text(seconds: float) -> str:
    """An age as people say it: `just now`, `5 min old`, `3 h old`, `2 days old`."""
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size * (2 if unit == "days" else 1):
            return f"{int(seconds // size)} {unit} old"
    return "just now"


class Cache:
    """Projects of hubs in a folder.

    Args:
        folder: `Settings.hubs`.
        clock: Seconds since 1970.
        most: Tasks that memory is meant for; more stay on disk.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], float] = time.time,
        most: int = TASKS_IN_MEMORY,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._most = most
        self._written: tuple[CachedProject, TaskTable] | None = None

    def _of(self, host: str, project_id: str) -> Path:
        return folder_of(self._folder, host, project_id)

    def id_of(self, cached: CachedProject) -> str:
        """Short text that names a kept project; it stands in links and holds no key."""
        return self._of(cached.host, cached.project_id).name

    def by_id(self, kept: str) -> CachedProject | None:
        """What is kept under this id, or None."""
        return _about(self._folder / kept) if kept.isalnum() else None

    def put_project(self, host: str, project: Project) -> None:
        """Keep a project as it was read just now; its tasks stay as they were."""
        write_whole(self._of(host, project.id) / "project.json", project.source)

    def working_folder(self, host: str, project_id: str) -> Path:
        """Where half read tasks are kept."""
        return self._of(host, project_id) / "unfinished"

    def turn(
        self,
        host: str,
        project_id: str,
        what: str,
        cancelled: Cancel = never,
        waiting: Callable[[], None] = lambda: None,
    ) -> AbstractContextManager[None]:
        """Hold a project for something that windows and processes do one after the other."""
        return turn(self._of(host, project_id) / what, cancelled, waiting)

    def now(self) -> float:
        """Seconds since 1970."""
        return self._clock()

    def get(self, host: str, project_id: str) -> CachedProject | None:
        """What is kept of a project, or None."""
        return _about(self._of(host, project_id))

    def all(self) -> tuple[CachedProject, ...]:
        """All that is kept, latest first."""
        folders = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        copies = [about for about in map(_about, folders) if about is not None]
        return tuple(sorted(copies, key=lambda about: -about.asked_at))

    def project(self, cached: CachedProject) -> Project:
        """The project as it was read."""
        return read_project(loads(self.project_text(cached), "project"))

    def project_text(self, cached: CachedProject) -> str:
        """The project as it was read, as JSON text."""
        path = self._of(cached.host, cached.project_id) / "project.json"
        return path.read_text(encoding="utf-8")

    def table(self, cached: CachedProject) -> TaskTable:
        """Its tasks as they were read; those kept just now are handed over once, not read back."""
        written, self._written = self._written, None
        if written is not None and written[0] == cached:
            return written[1]
        path = self._of(cached.host, cached.project_id) / "tasks.parquet"
        return open_table(path, self._most, ours=True)

    def _handed_over(
        self, about: CachedProject, table: TaskTable
    ) -> tuple[CachedProject, TaskTable] | None:
        return (about, table) if len(table) <= self._most else None

    def put(self, host: str, project: Project, read: TaskRead) -> CachedProject:
        """Keep a project in place of what was kept of it."""
        folder = self._of(host, project.id)
        folder.mkdir(parents=True, exist_ok=True)
        about = CachedProject(
            host=host,
            project_id=project.id,
            name=project.name,
            asked_at=read.asked_at,
            way=read.way,
            refused=read.refused,
            tasks=len(read.table),
        )
        with self.turn(about.host, about.project_id, "kept"):
            write_parquet(read.table, folder / "tasks.parquet")
            write_whole(folder / "project.json", project.source)
            (folder / "empty.json").unlink(missing_ok=True)
            write_whole(folder / "about.json", json.dumps(asdict(about)))
            self._written = self._handed_over(about, read.table)
        return about

    def put_histories(
        self, kept: CachedProject, table: TaskTable, task_ids: Sequence[str]
    ) -> CachedProject:
        """Keep a table with the histories of some more tasks."""
        folder = self._of(kept.host, kept.project_id)
        rows = np.flatnonzero(np.diff(table.history.offsets) == 0)
        without = set(table.ids.take(pa.array(rows)).to_pylist())
        empty = self.empty_histories(kept) | (without & set(task_ids))
        about = replace(kept, histories=kept.histories + len(task_ids))
        with self.turn(about.host, about.project_id, "kept"):
            write_parquet(table, folder / "tasks.parquet")
            write_whole(folder / "empty.json", json.dumps(sorted(empty)))
            write_whole(folder / "about.json", json.dumps(asdict(about)))
            self._written = self._handed_over(about, table)
        return about

    def empty_histories(self, kept: CachedProject) -> frozenset[str]:
        """Ids of tasks whose history was fetched and has no entry."""
        path = self._of(kept.host, kept.project_id) / "empty.json"
        try:
            return frozenset(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return frozenset()

    def save_as(self, kept: CachedProject, folder: Path) -> None:
        """Keep what is kept of a project once more, elsewhere, for `take_from`."""
        with self.turn(kept.host, kept.project_id, "kept"):
            folder.mkdir(parents=True, exist_ok=True)
            for name in ("tasks.parquet", "project.json", "about.json"):
                shutil.copyfile(self._of(kept.host, kept.project_id) / name, folder / name)

    def take_from(self, folder: Path, host: str, project_id: str) -> CachedProject | None:
        """Keep what `save_as` wrote as if it had been read just now; None where it is not whole."""
        saved = _about(folder)
        if saved is None:
            return None
        about = replace(saved, host=host, project_id=project_id, asked_at=self.now())
        own = self._of(host, project_id)
        with self.turn(host, project_id, "kept"):
            own.mkdir(parents=True, exist_ok=True)
            for name in ("tasks.parquet", "project.json"):
                unfinished = own / f".{name}.part"
                shutil.copyfile(folder / name, unfinished)
                unfinished.replace(own / name)
            write_whole(own / "about.json", json.dumps(asdict(about)))
            self._written = None
        return about

    def forget(self, host: str, project_id: str) -> None:
        """Remove what is kept of a project."""
        self._written = None
        shutil.rmtree(self._of(host, project_id), ignore_errors=True)


def open_project(
    gateway: Gateway,
    cache: Cache,
    project_id: str,
    refresh: bool = False,
    report: Report = silent,
    cancelled: Cancel = never,
) -> CachedProject:
    """A project with its tasks: as kept, or read from the hub and then kept.

    Args:
        gateway: The hub.
        cache: Keeps it; what it kept before stays until the new reading is whole.
        project_id: Which project.
        refresh: Whether to read it again although it is kept.
        report: Told how far it is.
        cancelled: Asked now and then.
    """
    asked_at = cache.now()
    kept = cache.get(gateway.host, project_id)
    if kept is not None and not refresh:
        return kept
    report(Progress("Reading the project"))
    project = gateway.read_project(project_id)
    folder = cache.working_folder(gateway.host, project_id)
    with cache.turn(gateway.host, project_id, "opened", cancelled, partial(report, WAITING)):
        kept = cache.get(gateway.host, project_id)
        if kept is not None and kept.asked_at >= asked_at:
            return kept  # another window read it while this one waited
        read = gateway.read_tasks(project, folder, report, cancelled)
        return cache.put(gateway.host, project, read)


def _about(folder: Path) -> CachedProject | None:
    try:
        fields: dict[str, Any] = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        about = CachedProject(**{**fields, "way": cast(Way, fields["way"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    whole = (folder / "tasks.parquet").exists() and (folder / "project.json").exists()
    return about if whole else None
