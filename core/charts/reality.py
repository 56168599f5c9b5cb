"""Figures and tables of a forecast beside what came."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, faded
from core.charts.tables import text_table
from core.flow.logs.document import NAMES
from core.flow.logs.reality import Band, Reality, date_of
from core.model.phrases import moment_text
from core.tasks.table import Floats

POINTS = 200
"""Of a line."""
CAME, FORECAST, FIRST = COLORS[1], COLORS[0], COLORS[2]


def cycle_lines(result: Reality, ink: Ink) -> go.Figure:
    """Share of the cases that are through within so many hours."""
    lines = [
        _shares(result.first_hours, "first part, as it was", FIRST, "dot", 1.5),
        _shares(result.forecast_hours, "forecast of the rest", FORECAST, "solid", 2.5),
        _shares(result.real_hours, "the rest, as it came", CAME, "solid", 2.5),
    ]
    layout = {
        **_layout("% of the cases", ink),
        "xaxis": {
            "title": {"text": "hours from begin to end"},
            "showgrid": False,
            "range": [0, 1.1 * float(np.percentile(result.forecast_hours, 97))]
            if len(result.forecast_hours)
            else None,
        },
    }
    return drawn(lines, layout, ink)


def _shares(hours: Floats, name: str, color: str, dash: str, width: float) -> go.Scatter:
    shares = np.linspace(0, 100, POINTS + 1)
    at: Floats = np.percentile(hours, shares) if len(hours) else np.zeros(0)
    return go.Scatter(
        x=at.tolist(),
        y=shares.tolist(),
        name=name,
        mode="lines",
        line={"color": color, "width": width, "dash": dash},
        hovertemplate="%{y:.0f} % within %{x:,.0f} h<extra></extra>",
    )


def under_way_lines(result: Reality, ink: Ink) -> go.Figure:
    """Cases under way after the date: what came over the band of the forecast."""
    band = result.under_way
    dates = _dates(band)
    mean, came = (
        go.Scatter(
            x=dates,
            y=values.tolist(),
            name=name,
            mode="lines",
            line={"color": color, "width": 2.5},
            hovertemplate="%{x|%-d %b, %H:%M}: %{y:,.0f} cases<extra></extra>",
        )
        for values, name, color in (
            (band.mean, "forecast, on the average", FORECAST),
            (band.real, "as it came", CAME),
        )
    )
    layout = {**_layout("cases under way", ink), "xaxis": {"type": "date", "showgrid": False}}
    return drawn([_area(band, dates), mean, came], layout, ink)


def begins_bars(result: Reality, ink: Ink) -> go.Figure:
    """Cases that begin in each part of the time: what came, and the band of the forecast."""
    band = result.begins
    dates = _dates(band)
    bars = go.Bar(
        x=dates,
        y=band.real.tolist(),
        name="as it came",
        marker={"color": faded(CAME, 0.55)},
        hovertemplate="until %{x|%-d %b}: %{y:,.0f} cases<extra></extra>",
    )
    forecast = go.Scatter(
        x=dates,
        y=band.mean.tolist(),
        name="forecast, nine in ten",
        mode="markers",
        marker={"color": FORECAST, "size": 8},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": (band.high - band.mean).tolist(),
            "arrayminus": (band.mean - band.low).tolist(),
            "color": FORECAST,
        },
        hovertemplate="until %{x|%-d %b}: %{y:,.1f} cases<extra></extra>",
    )
    layout = {**_layout("cases that begin", ink), "xaxis": {"type": "date", "showgrid": False}}
    return drawn([bars, forecast], layout, ink)


def _area(band: Band, dates: list[datetime]) -> go.Scatter:
    return go.Scatter(
        x=[*dates, *dates[::-1]],
        y=[*band.high.tolist(), *band.low.tolist()[::-1]],
        fill="toself",
        fillcolor=faded(FORECAST, 0.2),
        line={"width": 0},
        name="nine in ten replications",
        hoverinfo="skip",
    )


def _dates(band: Band) -> list[datetime]:
    return [date_of(minute).replace(tzinfo=None) for minute in band.at.tolist()]


def _layout(title: str, ink: Ink) -> dict[str, object]:
    return {
        "height": 300,
        "margin": {"l": 8, "r": 8, "t": 40, "b": 40},
        "yaxis": {
            "title": {"text": title},
            "rangemode": "tozero",
            "tickformat": ",d",
            "automargin": True,
            "gridcolor": faded(ink.faint, 0.4),
        },
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    }


def distances_table(result: Reality) -> pd.DataFrame:
    """A row per measure."""
    rows = result.distances
    return text_table(
        {
            "Measure": [NAMES[name] for name in rows],
            "Forecast": [round(one.mean, 3) for one in rows.values()],
            "Low": [round(one.low, 3) for one in rows.values()],
            "High": [round(one.high, 3) for one in rows.values()],
            "Luck": [round(one.luck, 3) for one in rows.values()],
            "First part": [
                None if one.first_part is None else round(one.first_part, 3)
                for one in rows.values()
            ],
        }
    )


def cycle_table(result: Reality) -> pd.DataFrame:
    """A row per decile of the hours of a case."""
    band = result.cycle
    return text_table({"% of the cases": band.at.astype(int).tolist(), **_columns(band)})


def band_table(band: Band) -> pd.DataFrame:
    """A row per time."""
    times = [moment_text(date_of(minute)) for minute in band.at.tolist()]
    return text_table({"At": times, **_columns(band)})


def _columns(band: Band) -> dict[str, list[float]]:
    named = {"As it came": band.real, "Forecast": band.mean, "Low": band.low, "High": band.high}
    return {name: np.round(values, 1).tolist() for name, values in named.items()}


def learnt_table(result: Reality) -> pd.DataFrame:
    """A row per activity: what the first part shows of it."""
    rows, names = result.calibration.work, result.calibration.log.activities
    return text_table(
        {
            "Activity": [names[one.activity] for one in rows],
            "People": [one.people for one in rows],
            "Events": [len(one.minutes) for one in rows],
            "Minutes": [round(float(one.minutes.mean()), 1) for one in rows],
            "Delay, min": [
                round(float(one.delays.mean()), 1) if len(one.delays) else None for one in rows
            ],
            "Hours a week": [round(168 * one.hours.open_share) for one in rows],
        }
    )
