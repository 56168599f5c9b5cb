"""What is in a project: tasks per name, and how long they took; each figure with its table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, ELSE_GREY, Ink
from core.charts.tables import text_table
from core.model.figures import counted
from core.model.phrases import about_duration, duration_text
from core.tasks.summary import NO_BATCH, NO_STAGE, NOBODY, Durations, Tally

MAX_LABEL = 30
_REST = {NO_BATCH, NO_STAGE, NOBODY}


def tally_bars(tally: Tally, ink: Ink, color: str = COLORS[0], unit: str = "tasks") -> go.Figure:
    """Tasks, or things of another unit, per name, most first."""
    labels = [name if len(name) <= MAX_LABEL else f"{name[: MAX_LABEL - 1]}…" for name, _ in tally]
    bar = go.Bar(
        x=[count for _, count in tally],
        y=list(range(len(tally))),
        orientation="h",
        marker={"color": [ELSE_GREY if name in _REST else color for name, _ in tally]},
        text=[counted(count) for _, count in tally],
        textposition="outside",
        textfont={"color": ink.text},
        cliponaxis=False,
        customdata=[name for name, _ in tally],
        hovertemplate="%{customdata}: %{x:,} %{xaxis.title.text}<extra></extra>",
    )
    most = max([count for _, count in tally] + [1])
    layout = {
        "height": 70 + 24 * max(1, len(tally)),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
        "xaxis": {"title": {"text": unit}, "range": [0, most * 1.18], "tickformat": ",d"},
        "yaxis": {
            "autorange": "reversed",
            "automargin": True,
            "tickvals": list(range(len(tally))),
            "ticktext": labels,
        },
        "showlegend": False,
        "bargap": 0.3,
    }
    return drawn([bar], layout, ink)


def tally_table(tally: Tally, heading: str, tasks: int) -> pd.DataFrame:
    """Name, tasks and share of the tasks looked at."""
    return text_table(
        {
            heading: [name for name, _ in tally],
            "Tasks": [count for _, count in tally],
            "Share": [count / tasks if tasks else 0.0 for _, count in tally],
        }
    )


def duration_bars(durations: Durations, ink: Ink) -> go.Figure:
    """Histogram of task durations in minutes, with the median and the 90th percentile."""
    minutes = durations.edges_ms / 60_000
    longest = len(durations.counts) - 1
    spans = [
        f"{duration_text(low)} or more"
        if place == longest
        else f"{duration_text(low)} to {duration_text(high)}"
        for place, (low, high) in enumerate(
            zip(durations.edges_ms[:-1].tolist(), durations.edges_ms[1:].tolist(), strict=True)
        )
    ]
    bar = go.Bar(
        x=(minutes[:-1] + minutes[1:]) / 2,
        y=durations.counts,
        width=np.diff(minutes),
        marker={"color": COLORS[0], "line": {"width": 0}},
        customdata=spans,
        hovertemplate="%{customdata}: %{y:,} tasks<extra></extra>",
    )
    marks = [("median", durations.median_ms), ("90 %", durations.p90_ms)]
    lines = [
        {
            "type": "line",
            "x0": value / 60_000,
            "x1": value / 60_000,
            "yref": "paper",
            "y0": 0,
            "y1": 1 - 0.1 * place,  # below the words of the line before
            "line": {"color": ink.text, "width": 1, "dash": "dot"},
        }
        for place, (_, value) in enumerate(marks)
    ]
    notes = [
        {
            "x": value / 60_000,
            "yref": "paper",
            "y": 1 - 0.12 * place,
            "text": f"{name} {about_duration(value)}",
            "xanchor": "left",
            "xshift": 4,
            "showarrow": False,
            "font": {"color": ink.text, "size": 12},
        }
        for place, (name, value) in enumerate(marks)
    ]
    if durations.longer:
        notes.append(
            {
                "x": (minutes[-2] + minutes[-1]) / 2,
                "y": int(durations.counts[-1]),
                "text": f"≥ {duration_text(float(durations.edges_ms[-2]))}",
                "xanchor": "right",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"color": ink.text, "size": 12},
            }
        )
    layout = {
        "height": 260,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
        "xaxis": {"title": {"text": "duration in minutes"}},
        "yaxis": {"title": {"text": "tasks"}, "tickformat": ",d"},
        "shapes": lines,
        "annotations": notes,
        "showlegend": False,
        "bargap": 0.02,
    }
    return drawn([bar], layout, ink)


def duration_table(durations: Durations) -> pd.DataFrame:
    """The bars as rows; the last row holds all that took longer, too."""
    lows = durations.edges_ms[:-1] / 60_000 if len(durations.counts) else durations.edges_ms
    return text_table({"From minutes": lows, "Tasks": durations.counts})
