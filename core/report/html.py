"""The parts of a report, and their HTML: templates that escape every text by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.model.text import visible


def _shown(value: Any) -> Any:
    """What is hidden in a text, or turns its line round, as its code; the rest as it stands."""
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return visible(value) if is_text else value


def _size(value: float) -> str:
    """Two decimals at most, so that equal drawings are equal texts on every machine."""
    return f"{round(value, 2) + 0.0:g}"


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_shown,
    keep_trailing_newline=True,
)
_TEMPLATES.filters["size"] = _size


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    text: str
    level: int = 2
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True, slots=True)
class Headline:
    """The one sentence that a reader takes along."""

    text: str
    kind: ClassVar[str] = "headline"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text."""

    text: str
    quiet: bool = False
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True, slots=True)
class DownloadLink:
    """A link to a file that the page itself carries.

    Args:
        name: Of the file.
        data: Its bytes in base64.
        text: Of the link.
        more: What is said behind it.
    """

    name: str
    data: str
    text: str
    more: str
    kind: ClassVar[str] = "download"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    lines: Sequence[str]
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True, slots=True)
class Cards:
    """Large numbers: (label, number, what is said below)."""

    numbers: Sequence[tuple[str, str, str]]
    kind: ClassVar[str] = "cards"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of `svg`, which is markup already."""

    svg: Markup
    kind: ClassVar[str] = "drawing"


Cell = str | Markup


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Args:
        columns: Their names; without any the table has no head.
        rows: Texts, or drawings as markup.
        numbers: One letter per column, `n` where it holds numbers.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numbers: str = ""
    kind: ClassVar[str] = "table"

    @property
    def titled(self) -> bool:
        """Whether any column has a name."""
        return any(self.columns)

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Each column, and whether it holds numbers."""
        return [(name, self._is_number(place)) for place, name in enumerate(self.columns)]

    @property
    def cells(self) -> list[list[tuple[Cell, bool]]]:
        """Each cell, and whether it is a number."""
        return [[(c, self._is_number(i)) for i, c in enumerate(row)] for row in self.rows]

    def _is_number(self, place: int) -> bool:
        return self.numbers[place : place + 1] == "n"


Part = Heading | Headline | Paragraph | DownloadLink | Bullets | Cards | Drawing | Table


def page(title: str, parts: Iterable[Part]) -> str:
    """A whole file; it may load nothing and run nothing."""
    return render("page.html", title=title, parts=list(parts))


def render(template: str, **values: Any) -> Markup:
    """A template of `templates` with values; what is not markup yet is escaped."""
    return Markup(_TEMPLATES.get_template(template).render(values))
