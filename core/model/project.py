"""A project: schema, batches, people and stages."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.model.schema import CategorySchema
from core.model.stages import Logic, Stage


@dataclass(frozen=True, slots=True)
class ProjectBatch:
    """A named set of assets."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is assigned to the project."""

    email: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A `get_project` response as a value.

    `schema`, `batches`, `people` and `stages` are None where the response does not have them,
    which is not the same as having none: what is not known is not checked.
    """

    id: str
    name: str
    schema: CategorySchema | None = None
    batches: tuple[ProjectBatch, ...] | None = None
    people: tuple[Person, ...] | None = None
    stages: tuple[Stage, ...] | None = None
    source: str = field(default="", repr=False)

    @property
    def logic_stages(self) -> tuple[Logic, ...]:
        """The Logic stages in the order of the workflow's list."""
        return tuple(stage for stage in self.stages or () if isinstance(stage, Logic))
