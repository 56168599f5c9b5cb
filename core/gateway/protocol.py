"""What Switchyard asks of a hub, in its own terms. Pages and publish know this and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, Protocol

from core.ango_json.text import Json
from core.errors import InputError
from core.gateway.limits import Cancel, never
from core.model.project import Project, ProjectBatch
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
class Asset:
    """A file to annotate. The external id is not unique."""

    id: str
    external_id: str | None
    url: str
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is.

    Args:
        doing: In words, for example `Downloading the export`.
        done: Of `total`, in `unit`.
        total: None where it is not known.
        unit: `bytes`, `tasks` or `assets`.
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
class Imported:
    """What an import of labels did.

    Args:
        labelled: Tasks that got labels, as the hub counts; None when it did not say.
        addressed: Tasks that the items addressed.
        sent: Items that were sent.
        messages: The hub's own, one per request.
    """

    labelled: int | None
    addressed: int | None
    sent: int
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskChoice:
    """Which tasks to requeue. Without any filter Ango Hub would take the whole project."""

    task_ids: tuple[str, ...] = ()
    external_ids: tuple[str, ...] = ()
    asset_ids: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    from_stages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values = [getattr(self, field.name) for field in fields(self)]
        if not any(values) or any(not text.strip() for value in values for text in value):
            raise InputError(
                "tasks to requeue",
                "no task is chosen; without a filter the whole project would be moved.",
                "Choose tasks, assets, batches or the stage that they are in.",
            )

    def filters(self) -> dict[str, list[str]]:
        """In the hub's words; what was not chosen is left out."""
        found = {
            "taskIds": self.task_ids,
            "externalIds": self.external_ids,
            "assetIds": self.asset_ids,
            "batches": self.batches,
            "fromStageIds": self.from_stages,
        }
        return {name: list(values) for name, values in found.items() if values}


@dataclass(frozen=True, slots=True)
class RequeueOptions:
    """What a requeue takes off the tasks."""

    remove_annotations: bool = False
    remove_assignee: bool = False
    remove_history: bool = False

    def options(self) -> dict[str, bool]:
        """In the hub's words."""
        return {
            "removeAnnotations": self.remove_annotations,
            "removeAssignee": self.remove_assignee,
            "removeStageHistory": self.remove_history,
        }


TAKE_NOTHING = RequeueOptions()


class Gateway(Protocol):
    """A hub. Every method raises `GatewayError` with a hint; writes are never repeated."""

    @property
    def host(self) -> str:
        """Address of the hub."""

    def count_projects(self) -> int:
        """How many projects the key may see; the cheapest question to test a connection."""

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

    def read_assets(
        self, project_id: str, report: Report = silent, cancelled: Cancel = never
    ) -> tuple[Asset, ...]:
        """All assets of a project."""

    def import_labels(self, project_id: str, items: Sequence[Json]) -> Imported:
        """Import labels as pre-labels; items are those of Ango's import format."""

    def write_stages(self, project_id: str, stages: Sequence[Stage]) -> None:
        """Replace the whole workflow; `core.publish` is the careful way to do so."""

    def write_schema(self, project_id: str, schema: Json) -> None:
        """Replace the whole category schema; an empty one is refused before any call."""

    def create_batches(self, project_id: str, names: Sequence[str]) -> tuple[ProjectBatch, ...]:
        """Create the batches that are not there yet; returns those that were created."""

    def requeue(
        self,
        project_id: str,
        to_stage: str,
        choice: TaskChoice,
        options: RequeueOptions = TAKE_NOTHING,
    ) -> int | None:
        """Move tasks to a stage; returns how many were moved, None when the hub did not say."""
