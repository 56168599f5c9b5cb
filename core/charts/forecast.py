"""Figures and tables of a forecast: who is busy, what is under way when, what decides."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, faded
from core.charts.tables import text_table
from core.flow.answers import Influence, PeopleNeeded, Sensitivity
from core.flow.flow import ExactFlow
from core.flow.queueing.forecast import Forecast
from core.model.figures import between, percent, share_text, signed, tenths
from core.model.names import Names

BUSY = 0.85
"""Utilisation above which queues grow fast; the line that planners keep below."""


def utilisation_bars(result: Forecast, names: Names, ink: Ink) -> go.Figure:
    """How busy the people of each stage are, with the line at 85 %."""
    rows = [one for one in result.stages if one.utilisation is not None]
    shares = [one.utilisation or 0.0 for one in rows]
    bars = go.Bar(
        x=[100 * share for share in shares],
        y=[names.of_stage(one.stage.id) for one in rows],
        orientation="h",
        marker={"color": [COLORS[4] if share > BUSY else COLORS[0] for share in shares]},
        text=[
            f"{share_text(share)} of {one.people}" for share, one in zip(shares, rows, strict=True)
        ],
        textposition="outside",
        textfont={"color": ink.text},
        cliponaxis=False,
        hovertemplate="%{y}: %{x:,.1f} % of the open time<extra></extra>",
    )
    layout = {
        "height": 90 + 34 * max(1, len(rows)),
        "margin": {"l": 8, "r": 110, "t": 8, "b": 40},
        "xaxis": {
            "title": {"text": "% of the people's open time at work"},
            "range": [0, 100],
            "gridcolor": faded(ink.faint, 0.4),
        },
        "yaxis": {"autorange": "reversed", "automargin": True},
        "shapes": [
            {
                **{"type": "line", "x0": 100 * BUSY, "x1": 100 * BUSY, "y0": 0, "y1": 1},
                **{"yref": "paper", "line": {"color": ink.label, "width": 1.5, "dash": "dash"}},
            }
        ],
        "showlegend": False,
    }
    return drawn([bars], layout, ink)


def in_progress_chart(result: Forecast, names: Names, ink: Ink) -> go.Figure:
    """Tasks under way over time: all with their band, and those at each stage with people."""
    work = result.in_progress
    hours = work.hours.tolist()
    band = go.Scatter(
        x=[*hours, *hours[::-1]],
        y=[*work.high[-1].tolist(), *work.low[-1].tolist()[::-1]],
        fill="toself",
        fillcolor=faded(COLORS[0], 0.2),
        line={"width": 0},
        name="nine in ten replications",
        hoverinfo="skip",
    )
    lines = [
        go.Scatter(
            x=hours,
            y=work.mean[-1].tolist(),
            name="all",
            line={"color": COLORS[0], "width": 2.5},
            hovertemplate="%{x:,.0f} h: %{y:,.0f} tasks under way<extra></extra>",
        )
    ]
    staffed = [one.stage.id for one in result.stages if one.people]
    for number, stage in enumerate(staffed[: len(COLORS) - 1], start=1):
        place = result.places[stage]
        lines.append(
            go.Scatter(
                x=hours,
                y=work.mean[place].tolist(),
                name=names.of_stage(stage),
                line={"color": COLORS[number], "width": 1.5, "dash": "dot"},
                hovertemplate="%{x:,.0f} h: %{y:,.0f} tasks there<extra></extra>",
            )
        )
    layout = {
        "height": 320,
        "margin": {"l": 8, "r": 8, "t": 40, "b": 40},
        "xaxis": {"title": {"text": "hours from the start"}, "showgrid": False},
        "yaxis": {
            "title": {"text": "tasks"},
            "rangemode": "tozero",
            "tickformat": ",d",
            "automargin": True,
            "gridcolor": faded(ink.faint, 0.4),
        },
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    }
    return drawn([band, *lines], layout, ink)


def stages_table(result: Forecast, exact: ExactFlow, names: Names, window: bool) -> pd.DataFrame:
    """A row per stage.

    Args:
        result: The forecast.
        exact: The exact flow of as many tasks as come at all.
        names: Of stages.
        window: Whether only a window of a stream is seen, which has no exact number of visits.
    """
    of = {one.stage.id: one.visits.mean for one in exact.stages}
    scale = result.tasks / exact.tasks if exact.tasks else 0.0
    rows = result.stages
    columns = {
        "Stage": [names.of_stage(one.stage.id) for one in rows],
        "People": [one.people for one in rows],
        "Busy, %": [_percent(one.utilisation) for one in rows],
        "Wait, min": [_rounded(one.wait.mean) for one in rows],
        "Nine in ten, min": [_rounded(one.wait.p90) for one in rows],
        "Waiting": [_rounded(one.queue) for one in rows],
        "Visits": [_rounded(one.done) for one in rows],
    }
    if not window:
        exactly = [of[one.stage.id] * scale for one in rows]
        columns["Visits, exactly"] = [_rounded(visits) for visits in exactly]
        columns["Difference"] = [
            _rounded(one.done - visits) for one, visits in zip(rows, exactly, strict=True)
        ]
    return text_table({**columns, "Cost": [_rounded(one.cost) for one in rows]})


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def needed_table(result: PeopleNeeded) -> pd.DataFrame:
    """A row per number of people that was tried."""
    return text_table(
        {
            "People": [one.people for one in result.tried],
            "In time": [percent(round(one.share, 3)) for one in result.tried],
            "Through after, h": [_rounded(one.finish) for one in result.tried],
        }
    )


def influence_bars(result: Sensitivity, names: Names, ink: Ink) -> go.Figure:
    """What each change of the plan does to the outcome, the widest first."""
    bars = result.bars[:12]
    labels = [influence_words(bar, names) for bar in bars]
    ends = [sorted((bar.low, bar.high)) for bar in bars]
    chart = go.Bar(
        x=[high - low for low, high in ends],
        base=[low for low, _ in ends],
        y=labels,
        orientation="h",
        marker={"color": [COLORS[1] if place == 0 else COLORS[0] for place in range(len(bars))]},
        text=[f"{between(round(low), round(high))} h" for low, high in ends],
        textposition="outside",
        textfont={"color": ink.text},
        cliponaxis=False,
        customdata=[[bar.low, bar.high] for bar in bars],
        hovertemplate="%{customdata[0]:,.1f} h with less, %{customdata[1]:,.1f} h with more"
        "<extra></extra>",
    )
    title = "hours until all are through" if result.outcome == "finish" else "hours of a task"
    layout = {
        "height": 90 + 32 * max(1, len(bars)),
        "margin": {"l": 8, "r": 120, "t": 8, "b": 40},
        "xaxis": {"title": {"text": title}, "gridcolor": faded(ink.faint, 0.4)},
        "yaxis": {"autorange": "reversed", "automargin": True},
        "shapes": [
            {
                **{"type": "line", "x0": result.now, "x1": result.now, "y0": 0, "y1": 1},
                **{"yref": "paper", "line": {"color": ink.label, "width": 1.5, "dash": "dash"}},
            }
        ],
        "showlegend": False,
    }
    return drawn([chart], layout, ink)


def influence_words(bar: Influence, names: Names) -> str:
    """What is changed, in words."""
    how = "one person fewer or more" if bar.what == "people" else "visits a fifth shorter or longer"
    return f"{names.of_stage(bar.stage)}: {how}"


def influence_table(result: Sensitivity, names: Names) -> pd.DataFrame:
    """A row per change of the plan."""
    return text_table(
        {
            "Change": [influence_words(bar, names) for bar in result.bars],
            "With less, h": [_rounded(bar.low) for bar in result.bars],
            "With more, h": [_rounded(bar.high) for bar in result.bars],
        }
    )


def beside_table(rows: Sequence[tuple[str, float | None, float | None]]) -> pd.DataFrame:
    """Two forecasts side by side: (what, by the project's rules, by the rules in hand).

    What neither knows has no row.
    """
    known = [row for row in rows if row[1:] != (None, None)]
    return text_table(
        {
            "": [name for name, _, _ in known],
            "The project's rules": [_shown(one) for _, one, _ in known],
            "The rules in hand": [_shown(other) for _, _, other in known],
            "Difference": [
                "–" if one is None or other is None else signed(other - one, 1)
                for _, one, other in known
            ],
        }
    )


def _shown(value: float | None) -> str:
    return "–" if value is None else tenths(value)
