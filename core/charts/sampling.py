"""Figures and tables of a review by sample: what a share buys, plans of acceptance, costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, faded
from core.charts.tables import text_table
from core.model.figures import about_percent, between, counted, tenths
from core.sampling.shares import FixedSample, SampledCount, ShareBought

CAUGHT, ESCAPED = COLORS[2], COLORS[4]


def band(x: Sequence[float], counts: Sequence[SampledCount], color: str) -> go.Scatter:
    """The central 95 % of counts along an axis."""
    return go.Scatter(
        x=[*x, *reversed(x)],
        y=[*(one.high for one in counts), *(one.low for one in reversed(counts))],
        fill="toself",
        fillcolor=faded(color, 0.2),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )


def share_curve(points: Sequence[ShareBought], chosen: ShareBought, ink: Ink) -> go.Figure:
    """Wrong tasks caught and slipping through by the share reviewed, with their 95 % ranges."""
    x = [100 * one.share for one in points]
    traces: list[go.Scatter] = []
    for title, which, color, dash in (
        ("caught", "caught", CAUGHT, "solid"),
        ("slip through", "escaped", ESCAPED, "dash"),
    ):
        counts = [getattr(one, which) for one in points]
        traces.append(band(x, counts, color))
        traces.append(
            go.Scatter(
                x=x,
                y=[one.expected for one in counts],
                mode="lines",
                name=title,
                line={"color": color, "width": 2.5, "dash": dash},
                customdata=[[title, between(one.low, one.high)] for one in counts],
                hovertemplate="%{x:.0f} % reviewed: %{y:,.1f} %{customdata[0]}"
                " (%{customdata[1]})<extra></extra>",
            )
        )
    layout = {
        **plain_layout("% of tasks reviewed", "wrong tasks", ink),
        "shapes": [upright(100 * chosen.share, ink)],
    }
    layout["xaxis"] |= {"range": [0, 101], "dtick": 20}
    return drawn(traces, layout, ink)


def upright(at: float, ink: Ink, dash: str = "dot") -> dict[str, Any]:
    """A line from the bottom of a chart to its top."""
    line = {"color": ink.text, "width": 1.5, "dash": dash}
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def plain_layout(across: str, up: str, ink: Ink) -> dict[str, Any]:
    """Layout of a chart of lines, with the units of both axes."""
    return {
        "height": 340,
        "margin": {"l": 8, "r": 8, "t": 40, "b": 40},
        "xaxis": {"title": {"text": across}, "showgrid": False, "zeroline": False},
        "yaxis": {
            "title": {"text": up},
            "rangemode": "tozero",
            "automargin": True,
            "gridcolor": faded(ink.faint, 0.4),
        },
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    }


def share_table(points: Sequence[ShareBought]) -> pd.DataFrame:
    """A row per share."""
    return text_table(
        {
            "Share, %": [round(100 * one.share, 2) for one in points],
            "Reviewed": [one.reviewed.expected for one in points],
            "Caught": [one.caught.expected for one in points],
            "Caught, 95 %": [between(one.caught.low, one.caught.high) for one in points],
            "Slip through": [one.escaped.expected for one in points],
            "Slip through, 95 %": [between(one.escaped.low, one.escaped.high) for one in points],
            "None caught": [about_percent(one.none_caught) for one in points],
        }
    )


def dot_rows(
    rows: Sequence[tuple[str, SampledCount]], what: str, color: str, ink: Ink
) -> go.Figure:
    """Counts below each other, each a dot with the range of its central 95 %."""
    places = list(range(len(rows)))
    dots = go.Scatter(
        x=[one.expected for _, one in rows],
        y=places,
        mode="markers",
        marker={"size": 12, "color": color},
        error_x={
            "type": "data",
            "array": [one.high - one.expected for _, one in rows],
            "arrayminus": [one.expected - one.low for _, one in rows],
            "color": color,
            "thickness": 2,
            "width": 6,
        },
        customdata=[[name, count_text(one)] for name, one in rows],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
        cliponaxis=False,
    )
    layout = {
        "height": 110 + 44 * len(rows),
        "margin": {"l": 8, "r": 24, "t": 8, "b": 40},
        "xaxis": {
            "title": {"text": what},
            "gridcolor": faded(ink.faint, 0.4),
            "rangemode": "tozero",
            "zeroline": False,
        },
        "yaxis": {
            "tickvals": places,
            "ticktext": [name for name, _ in rows],
            "range": [len(rows) - 0.5, -0.5],
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
        },
        "showlegend": False,
    }
    return drawn([dots], layout, ink)


def count_text(count: SampledCount) -> str:
    """A count with its range: `93.2 (76 to 111)`."""
    return f"{tenths(count.expected)} ({between(count.low, count.high)})"


def fixed_table(bought: ShareBought, names: Mapping[str, str]) -> pd.DataFrame:
    """What the share and a fixed sample of as many tasks do.

    Args:
        bought: The share.
        names: Headings of both, by `random` and `fixed`.
    """
    columns: dict[str, list[str]] = {
        "": ["Reviewed", "Caught", "Slip through", "Chance that none is caught"]
    }
    columns[names["random"]] = [count_text(bought.reviewed), *_outcome(bought)]
    columns[names["fixed"]] = [counted(bought.fixed.reviewed), *_outcome(bought.fixed)]
    return text_table(columns)


def _outcome(one: ShareBought | FixedSample) -> list[str]:
    return [count_text(one.caught), count_text(one.escaped), about_percent(one.none_caught)]
