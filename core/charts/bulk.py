"""What a bulk operation would move: tasks now and then, and the first of them by name."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.bulk.operation import Assigning, Prioritising
from core.bulk.preview import BulkPreview
from core.bulk.shown import FIRST, label_of
from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink
from core.charts.tables import text_table
from core.model.figures import counted
from core.model.names import Names
from core.model.phrases import joined

MOST_ROWS = 16
"""Rows of the chart; the table has all."""
MAX_LABEL = 30

Level = tuple[str, int, int]
"""A stage, a priority or somebody, with their tasks now and then."""


def bulk_bars(levels: Sequence[Level], ink: Ink) -> go.Figure:
    """Two bars a row: tasks now, faint, and then."""
    shown = sorted(levels, key=lambda row: -abs(row[2] - row[1]))[:MOST_ROWS]
    rows = [row for row in levels if row in shown]
    places = list(range(len(rows)))
    most = max([max(now, then) for _, now, then in rows] + [1])
    pairs = (("Now", 1, ink.faint), ("Then", 2, COLORS[0]))
    bars = [
        go.Bar(
            name=name,
            x=[row[column] for row in rows],
            y=places,
            orientation="h",
            marker={"color": color},
            text=[counted(float(row[column])) for row in rows],
            textposition="outside",
            textfont={"color": ink.text},
            cliponaxis=False,
            customdata=[row[0] for row in rows],
            hovertemplate="%{customdata}: %{x:,} tasks<extra></extra>",
        )
        for name, column, color in pairs
    ]
    labels = [one if len(one) <= MAX_LABEL else f"{one[: MAX_LABEL - 1]}…" for one, _, _ in rows]
    layout = {
        "height": 96 + 44 * max(1, len(rows)),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
        "barmode": "group",
        "bargap": 0.28,
        "bargroupgap": 0.08,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "traceorder": "normal",
            "font": {"color": ink.label},
        },
        "xaxis": {"title": {"text": "tasks"}, "range": [0, most * 1.18], "tickformat": ",d"},
        "yaxis": {
            "autorange": "reversed",
            "automargin": True,
            "tickvals": places,
            "ticktext": labels,
        },
    }
    return drawn(bars, layout, ink)


def bulk_table(levels: Sequence[Level], heading: str) -> pd.DataFrame:
    """The same as a table."""
    return text_table(
        {
            heading: [name for name, _, _ in levels],
            "Now": [now for _, now, _ in levels],
            "Then": [then for _, _, then in levels],
        }
    )


def first_tasks(shows: BulkPreview, names: Names) -> pd.DataFrame:
    """The first tasks that would be touched, each with what it is and would be."""
    operation, some = shows.operation, shows.touched[:FIRST]

    def text(value: str | int | None) -> str:
        return label_of(value, operation, names)

    if isinstance(operation.change, Prioritising):
        now = [text(one.task.priority) for one in some]
        then = [text(one.priority) for one in some]
    elif isinstance(operation.change, Assigning):
        now = [text(one.task.assignee) for one in some]
        then = [text(operation.change.person) for _ in some]
    else:
        now = [text(one.task.stage) for one in some]
        then = [joined([text(stage) for stage in one.stages], "or") for one in some]
    columns = {
        "External id": [one.task.external_id for one in some],
        "Now": now,
        "Then": then,
        "Task": [one.task.id for one in some],
    }
    if isinstance(operation.change, (Prioritising, Assigning)):
        columns["Stage"] = [names.of_stage(one.task.stage) for one in some]
    return text_table(columns)
