"""Cells and lines of a report: numbers, bars, and how many rows are left out."""

from __future__ import annotations

from markupsafe import Markup

from core.charts.palette import COLORS
from core.model.figures import between, counted, signed, tenths
from core.report import svg
from core.report.html import Cell, Paragraph, Part
from core.routing.engine.split import Count
from core.routing.versions.compare import ArrivalChange
from core.routing.versions.stages import StageChange

LABEL = 40
"""Letters of a label in a drawing."""


def label_text(text: str) -> str:
    """A label, cut where a drawing has no room for more."""
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"


def count_bar(count: Count, most: float, color: str) -> Markup:
    """A count as a bar with its interval."""
    return svg.bar(count.expected, count.low, count.high, 0, most, color)


def whole_cells(count: Count, label: str) -> list[Cell]:
    """Expected in whole tasks, interval and share."""
    interval = "exact" if count.exact else between(count.low, count.high)
    return [counted(count.expected), "uncertain" if count.uncertain else interval, label]


def left_out(many: int, several: str, one: str) -> list[Part]:
    """A line that says how many rows are left out."""
    words = one if many == 1 else several
    return [Paragraph(f"{counted(many)} {words}.", quiet=True)] if many else []


def sign_color(change: StageChange) -> str:
    """More is one colour, fewer another."""
    return COLORS[0] if change.difference >= 0 else COLORS[4]


def number_cells(count: Count, label: str) -> list[Cell]:
    """Expected to the tenth, interval, share, and the drawn number."""
    interval = "exact" if count.exact else between(count.low, count.high)
    return [
        tenths(count.expected),
        "uncertain" if count.uncertain else interval,
        label,
        counted(count.drawn),
    ]


def difference_bar(change: ArrivalChange, tasks: int) -> Markup:
    """A difference as a bar from the middle."""
    reach = max(1.0, tasks / 4, abs(change.low), abs(change.high))
    color = COLORS[0] if change.expected >= 0 else COLORS[4]
    return svg.bar(change.expected, change.low, change.high, -reach, reach, color)


def difference_cells(change: ArrivalChange) -> list[Cell]:
    """Before, after, difference, and its two intervals."""
    return [
        tenths(change.expected_before),
        tenths(change.expected_after),
        signed(change.expected, 1),
        change.same_draws,
        change.independent_draws,
    ]
