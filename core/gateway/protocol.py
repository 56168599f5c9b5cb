"""What Switchyard asks of a hub, in its own terms. Pages and publish know this and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from core.gateway.limits import Cancel, never
from core.model.project import Project
from core.model.stages import Stage
from core.tasks.table import TaskTable

Way = Literal["export", "pages"]


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """A project as a list shows it."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is.

    Args:
        doing: In words, for example `Downloading the export`.
        done: Of `total`, in `unit`.
        total: None where it is not known.
        unit: `bytes` or `tasks`.
    """

    doing: str
    done: int = 0
    total: int | None = None
    unit: str = ""


Report = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Report to nobody."""


@dataclass(frozen=True, eq=False, slots=True)
class TaskRead:
    """The tasks of a whole project.

    Args:
        table: The tasks.
        way: How they were read; pages have no history and often no answers.
        refused: Why there was no export, as a sentence; "" when there was one.
        asked_at: Seconds since 1970 when the reading began.
    """

    table: TaskTable
    way: Way
    refused: str
    asked_at: float


class Gateway(Protocol):
    """A hub. Every method raises `GatewayError` with a hint; writes are never repeated."""

    @property
    def host(self) -> str:
        """Address of the hub."""

    def list_projects(self) -> tuple[ProjectEntry, ...]:
        """All projects that the key may see."""

    def read_project(self, project_id: str) -> Project:
        """Schema, batches, stages and people, fresh from the hub."""

    def read_tasks(
        self,
        project: Project,
        folder: Path,
        report: Report = silent,
        cancelled: Cancel = never,
    ) -> TaskRead:
        """All tasks of a project: by export, or page by page where an export is refused.

        Args:
            project: As `read_project` gave it.
            folder: Keeps what is half read, so that a later call goes on where this one broke off.
            report: Told how far it is.
            cancelled: Asked now and then.

        Raises:
            Cancelled: Somebody asked to stop.
        """

    def read_histories(
        self,
        project: Project,
        table: TaskTable,
        task_ids: Sequence[str],
        report: Report = silent,
        cancelled: Cancel = never,
    ) -> TaskTable:
        """The table with the stage histories of these tasks, one request each."""

    def write_stages(self, project_id: str, stages: Sequence[Stage]) -> None:
        """Replace the whole workflow; `core.publish` is the careful way to do so."""
