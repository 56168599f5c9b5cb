"""Figures and tables of the backtest: what each week was, and what those before told."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, faded
from core.charts.tables import text_table
from core.model.phrases import day_text
from core.routing.observed.backtest import Week, Weeks

_DAY_MS = 86_400_000


def weeks_chart(weeks: Weeks, output: int, ink: Ink) -> go.Figure:
    """Share of each week that may take an output, over the interval from the weeks before."""
    rows = [(w, count) for w in weeks.weeks for count in w.outputs if count.output == output]
    places = [week.first for week, _ in rows]

    def share(value: int, week: Week) -> float:
        return 100 * value / week.tasks

    intervals = go.Bar(
        x=places,
        base=[share(count.low, week) for week, count in rows],
        y=[share(count.high - count.low, week) for week, count in rows],
        width=4 * _DAY_MS,
        name="what all weeks before told, 95 %",
        marker={"color": faded(COLORS[0], 0.35), "line": {"color": COLORS[0], "width": 1}},
        customdata=[[count.low, count.high, week.before] for week, count in rows],
        hovertemplate="week of %{x|%-d %b %Y}: %{customdata[0]:,} to %{customdata[1]:,} tasks told "
        "by the %{customdata[2]:,} before<extra></extra>",
    )
    weeks_seen = [
        go.Scatter(
            x=[week.first for week, count in rows if count.inside is inside],
            y=[share(count.may, week) for week, count in rows if count.inside is inside],
            mode="markers",
            marker={"size": 11, "symbol": symbol, "color": color},
            name=name,
            cliponaxis=False,
            customdata=[[count.may, week.tasks] for week, count in rows if count.inside is inside],
            hovertemplate="week of %{x|%-d %b %Y}: %{customdata[0]:,} of %{customdata[1]:,} tasks"
            "<extra></extra>",
        )
        for inside, symbol, color, name in (
            (True, "circle", COLORS[2], "the week, as told"),
            (False, "x", COLORS[4], "the week, not as told"),
        )
    ]
    layout = {
        "height": 280,
        "margin": {"l": 8, "r": 8, "t": 34, "b": 8},
        "xaxis": {"type": "date", "tickvals": places, "tickformat": "%-d %b", "showgrid": False},
        "yaxis": {
            "title": {"text": "% of the week's tasks"},
            "rangemode": "tozero",
            "automargin": True,
            "gridcolor": faded(ink.faint, 0.4),
        },
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    }
    return drawn([intervals, *weeks_seen], layout, ink)


def weeks_table(weeks: Weeks, labels: Sequence[str]) -> pd.DataFrame:
    """One row per week and output."""
    rows = [(week, count) for week in weeks.weeks for count in week.outputs]
    return text_table(
        {
            "Week of": [day_text(week.first) for week, _ in rows],
            "Tasks": [week.tasks for week, _ in rows],
            "Before": [week.before for week, _ in rows],
            "Output": [labels[count.output] for _, count in rows],
            "May take it": [count.may for _, count in rows],
            "Low": [count.low for _, count in rows],
            "High": [count.high for _, count in rows],
            "As told": ["yes" if count.inside else "no" for _, count in rows],
        }
    )
