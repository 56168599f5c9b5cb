"""Figures and tables of forecasts that publishes kept, beside what came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, faded
from core.charts.tables import text_table
from core.model.figures import counted
from core.model.names import Names
from core.model.phrases import moment_text
from core.routing.observed.held import ScoredForecast, ScoredOutput

INSIDE = {True: "yes", False: "no", None: "not told"}


def moment_of_entry(entry: ScoredForecast) -> str:
    """When it was published."""
    return moment_text(datetime.fromisoformat(entry.at))


def held_chart(entry: ScoredForecast, ink: Ink) -> go.Figure:
    """A row per output: the interval for as many tasks as came, and what came, in % of these."""
    rows = [one for one in entry.outputs if one.inside is not None]
    came = max(1, entry.came or 0)
    labels = [one.label for one in rows]

    def share(value: float | None) -> float:
        return 100 * (value or 0) / came

    intervals = go.Bar(
        y=labels,
        base=[share(one.low) for one in rows],
        x=[share(one.high) - share(one.low) for one in rows],
        orientation="h",
        width=0.5,
        name="forecast, 95 %",
        marker={"color": faded(COLORS[0], 0.35), "line": {"color": COLORS[0], "width": 1}},
        customdata=[[one.low, one.high] for one in rows],
        hovertemplate="%{y}: %{customdata[0]:,} to %{customdata[1]:,} forecast<extra></extra>",
    )
    dots = [
        _dots([one for one in rows if one.inside is inside], came, name, symbol, color)
        for inside, name, symbol, color in (
            (True, "came, as forecast", "circle", COLORS[2]),
            (False, "came, not as forecast", "x", COLORS[4]),
        )
    ]
    layout = {
        "height": 90 + 30 * max(1, len(rows)),
        "margin": {"l": 8, "r": 8, "t": 40, "b": 40},
        "yaxis": {
            "autorange": "reversed",
            "categoryorder": "array",
            "categoryarray": labels,
            "automargin": True,
            "showgrid": False,
        },
        "xaxis": {
            "title": {"text": f"% of the {counted(came)} tasks that came"},
            "rangemode": "tozero",
            "gridcolor": faded(ink.faint, 0.4),
        },
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    }
    return drawn([intervals, *dots], layout, ink)


def _dots(
    rows: Sequence[ScoredOutput], came: int, name: str, symbol: str, color: str
) -> go.Scatter:
    return go.Scatter(
        y=[one.label for one in rows],
        x=[100 * (one.seen or 0) / came for one in rows],
        mode="markers",
        marker={"size": 11, "symbol": symbol, "color": color},
        name=name,
        cliponaxis=False,
        customdata=[one.seen for one in rows],
        hovertemplate="%{y}: %{customdata:,} tasks came<extra></extra>",
    )


def held_table(entry: ScoredForecast, names: Names) -> pd.DataFrame:
    """A row per output of one forecast; before anything came, what is forecast alone."""
    rows = entry.outputs
    forecast = {
        "Output": [one.label for one in rows],
        "Leads to": [names.of_stage(one.target) for one in rows],
        "Share": [one.share for one in rows],
    }
    if not entry.came:
        why = [one.why for one in rows]
        return text_table({**forecast, "Why not told": why} if any(why) else forecast)
    return text_table(
        {
            **forecast,
            "Expected": [one.expected for one in rows],
            "Low": [one.low for one in rows],
            "High": [one.high for one in rows],
            "Came": [one.seen for one in rows],
            "As forecast": [INSIDE[one.inside] for one in rows],
            "Why not told": [one.why for one in rows],
        }
    )


def publishes_table(entries: Sequence[ScoredForecast]) -> pd.DataFrame:
    """A row per publish."""
    return text_table(
        {
            "Published": [moment_of_entry(one) for one in entries],
            "Stage": [one.name for one in entries],
            "Told by tasks": [one.forecast.tasks for one in entries],
            "Came since": [one.came for one in entries],
            "As forecast": [
                sum(o.counts and bool(o.inside) for o in one.outputs) for one in entries
            ],
            "Of outputs": [sum(o.counts for o in one.outputs) for one in entries],
            "What is not told": [one.why for one in entries],
        }
    )
