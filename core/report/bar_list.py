"""Numbers per name as a table whose middle column is a bar: a chart that needs no script."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from core.model.figures import counted
from core.report.html import render
from core.tasks.summary import Tally


@dataclass(frozen=True, slots=True)
class BarRow:
    """One row.

    Args:
        name: What stands before the bar.
        number: How long it is, from 0 up.
        words: What stands behind it.
        title: What a pointer on the row is told.
        color: Of the bar, as CSS writes it; "" for that of the page.
        between: Ends of a whisker, None where there is none.
        rest: Whether the name stands for what has no name of its own; it is greyed.
    """

    name: str
    number: float
    words: str
    title: str = ""
    color: str = ""
    between: tuple[float, float] | None = None
    rest: bool = False


def bar_table(bars: Sequence[BarRow], what: str, unit: str) -> Markup:
    """A row per bar, all on one scale that begins at 0.

    Args:
        bars: In the order of the rows.
        what: Heading of the names.
        unit: Heading of the words behind the bars.
    """
    ends = [bar.between[1] if bar.between else bar.number for bar in bars]
    scale = 100 / max([*ends, 1e-9])
    rows = [
        {
            "name": bar.name,
            "title": bar.title or bar.name,
            "percent": bar.number * scale,
            "words": bar.words,
            "color": bar.color,
            "rest": bar.rest,
            "whisker": bar.between
            and (bar.between[0] * scale, (bar.between[1] - bar.between[0]) * scale),
        }
        for bar in bars
    ]
    return render("bars.html", what=what, unit=unit, rows=rows)


def tally_table(tally: Tally, what: str, unit: str, rest: Collection[str] = ()) -> Markup:
    """Names and their numbers; those in `rest` are greyed. The others as of `bar_table`."""
    bars = [BarRow(name, number, counted(number), rest=name in rest) for name, number in tally]
    return bar_table(bars, what, unit)
