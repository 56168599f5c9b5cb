"""The category schema: tools, classifications and relations, each possibly with nested ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CategoryKind = Literal["tool", "classification", "relation"]


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that a classification offers."""

    value: str
    schema_id: str


@dataclass(frozen=True, slots=True)
class Category:
    """One class of the schema.

    Args:
        kind: Where it stands: tool, classification or relation.
        tool: Ango's type, for example `bounding-box` or `radio`; any text is accepted.
        title: Name that people see; not unique.
        schema_id: Ango's id; of no fixed form.
        required: Whether an annotator must answer it.
        options: Offered answers, of classifications only.
        parent_option_id: Answer of the parent that shows this nested question, or None.
        nested: Classifications below this class; they have ids of their own.
        column_field: Whether its answers are a column of a table; Ango's `columnField`.
    """

    kind: CategoryKind
    tool: str
    title: str
    schema_id: str
    required: bool = False
    options: tuple[Option, ...] = ()
    parent_option_id: str | None = None
    nested: tuple[Category, ...] = ()
    column_field: bool = False

    def walk(self) -> Iterator[Category]:
        """This class and all below it, parents first."""
        yield self
        for child in self.nested:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class CategorySchema:
    """All classes of a project in the order of Ango Hub."""

    tools: tuple[Category, ...] = ()
    classifications: tuple[Category, ...] = ()
    relations: tuple[Category, ...] = ()

    @property
    def top_level(self) -> tuple[Category, ...]:
        """The classes that a task carries directly."""
        return self.tools + self.classifications + self.relations

    def walk(self) -> Iterator[Category]:
        """Every class, nested ones included, parents first."""
        for category in self.top_level:
            yield from category.walk()
