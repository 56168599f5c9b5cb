"""What Switchyard asks of a hub, in its own terms. Pages and publish know this and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

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


@dataclass(frozen=True, slots=True)
class HubTask:
    """A row of a hub's list of tasks, as far as changing many at once needs it.

    Args:
        id: Of the task.
        external_id: Of its asset; "" for none.
        asset: Id of its asset.
        stage: Id of the stage it is in.
        batches: Ids of the batches of its asset.
        assignee: Address, None for nobody.
        priority: None where the hub does not say.
        status: As the hub spells it.
        updated_at: When it was touched last, as the hub writes it; "" where it does not say.
        part: Whether it is the copy of a task in a sub-stage of a Consensus.
        annotations: How many it has; None where they were not asked for.
    """

    id: str
    external_id: str
    asset: str
    stage: str
    batches: tuple[str, ...]
    assignee: str | None
    priority: int | None
    status: str
    updated_at: str
    part: bool
    annotations: int | None

    @property
    def name(self) -> str:
        """What people know it by."""
        return self.external_id or self.id


@dataclass(frozen=True, slots=True)
class Requeueing:
    """What a requeue does beside moving tasks.

    Args:
        to: Id of the stage.
        remove_annotations: Whether the tasks lose what is labelled.
        remove_assignee: Whether they lose whoever has them.
        remove_history: Whether they lose their stage history.
    """

    to: str
    remove_annotations: bool = False
    remove_assignee: bool = False
    remove_history: bool = False


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

    def read_hub_tasks(
        self, project: Project, answers: bool, cancelled: Cancel = never
    ) -> tuple[HubTask, ...]:
        """Every task of a project as the hub lists it, parts of a Consensus among them.

        Args:
            project: As `read_project` gave it.
            answers: Whether annotations are asked for, to be counted.
            cancelled: Asked now and then.
        """

    def read_benchmark_tasks(
        self, project: Project, report: Report = silent, cancelled: Cancel = never
    ) -> tuple[Mapping[str, Any], ...]:
        """The benchmark tasks of a project with their annotations, as the hub lists them.

        Those that are marked, whose answers are known, and those that answer one.

        Args:
            project: As `read_project` gave it.
            report: Told how far it is.
            cancelled: Asked now and then.
        """

    def requeue(
        self, project_id: str, wanted: Requeueing, task_ids: Sequence[str], stages: Sequence[str]
    ) -> None:
        """Requeue these tasks, as far as they are still in these stages; `core.bulk` is careful."""

    def set_priority(
        self, project_id: str, priority: int, task_ids: Sequence[str], stages: Sequence[str]
    ) -> None:
        """Give these tasks a priority, as far as they are still in these stages."""

    def assign(self, project_id: str, email: str, task_ids: Sequence[str], stage: str) -> None:
        """Assign these tasks, as far as they are still in this stage."""
