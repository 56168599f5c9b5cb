"""What charts with a row per class, group or stage share: the layout, and intervals of dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.charts.palette import Ink, faded

ROW = 34
"""Pixels of a row."""
PAIR = 0.14
"""How far two dots of one row stand from its middle, in rows."""

Ends = tuple[float | None, float | None]
"""Of an interval; None where it is not known."""


def rows_layout(labels: Sequence[str], across: str, ink: Ink, **axis: Any) -> dict[str, Any]:
    """Layout of a chart with a row per label, at 0, 1, 2 and so on, the first on top.

    Args:
        labels: Of the rows.
        across: What is measured, with its unit.
        ink: Colours of the theme.
        **axis: More of what is measured; from 0 on unless this says otherwise.
    """
    return {
        "height": 110 + ROW * max(1, len(labels)),
        "margin": {"l": 8, "r": 16, "t": 40, "b": 40},
        "xaxis": {
            "title": {"text": across},
            "gridcolor": faded(ink.faint, 0.4),
            "zeroline": False,
            **(axis or {"rangemode": "tozero"}),
        },
        "yaxis": {
            "tickvals": list(range(len(labels))),
            "ticktext": list(labels),
            "range": [len(labels) - 0.5, -0.5],
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
        },
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    }


def whiskers(values: Sequence[float], ends: Sequence[Ends], color: str) -> dict[str, Any]:
    """The intervals of dots, as `error_x` of their trace; an end that is not known has no length.

    Args:
        values: Where the dots are.
        ends: Of their intervals.
        color: Of the dots.
    """
    pairs = list(zip(values, ends, strict=True))
    return {
        "type": "data",
        "array": [0.0 if high is None else high - value for value, (_, high) in pairs],
        "arrayminus": [0.0 if low is None else value - low for value, (low, _) in pairs],
        "color": color,
        "thickness": 1.5,
        "width": 4,
    }
