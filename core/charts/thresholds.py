"""Figures and tables of what would be left to correct, had labels below a score been left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, faded
from core.charts.quality import PRECISION, RECALL
from core.charts.tables import text_table
from core.model.figures import share_text
from core.model.names import Names
from core.quality.thresholds import AtScore, Prices


def sweep_lines(rows: Sequence[AtScore], now: float | None, ink: Ink) -> go.Figure:
    """Precision and recall, had labels below a score been left out."""
    traces = [
        go.Scatter(
            x=[row.least for row in rows],
            y=[None if share is None else 100 * share for share in shares],
            mode="lines",
            name=title,
            line={"color": color, "width": 2.5, "dash": dash},
            hovertemplate="least score %{x:.2f}: %{y:.1f} %<extra></extra>",
        )
        for title, shares, color, dash in (
            ("precision", [row.precision for row in rows], PRECISION, "solid"),
            ("recall", [row.recall for row in rows], RECALL, "dash"),
        )
    ]
    layout = _score_layout("% of labels", now, ink)
    layout["yaxis"] |= {"range": [0, 102]}
    return drawn(traces, layout, ink)


WORK = (("remove", "to remove", COLORS[4], ""), ("add", "to add", COLORS[0], "/"),
        ("move", "to move", COLORS[1], "."), ("rename", "to rename", COLORS[6], "x"))  # fmt: skip


def work_areas(rows: Sequence[AtScore], prices: Prices, now: float | None, ink: Ink) -> go.Figure:
    """What the corrections of each kind cost per task, had labels below a score been left out."""
    tasks = max(1, rows[0].tasks)
    traces = [
        go.Scatter(
            x=[row.least for row in rows],
            y=[getattr(row, kind) * getattr(prices, kind) / tasks for row in rows],
            mode="lines",
            name=title,
            stackgroup="work",
            line={"color": color, "width": 1},
            fillpattern={"shape": pattern},
            customdata=[getattr(row, kind) / tasks for row in rows],
            hovertemplate="least score %{x:.2f}: %{customdata:.2f} labels per task, "
            "cost %{y:.2f}<extra></extra>",
        )
        for kind, title, color, pattern in WORK
    ]
    return drawn(traces, _score_layout("cost per task", now, ink), ink)


def _score_layout(what: str, now: float | None, ink: Ink) -> dict[str, Any]:
    layout: dict[str, Any] = {
        "height": 300,
        "margin": {"l": 8, "r": 8, "t": 40, "b": 40},
        "yaxis": {"title": {"text": what}, "rangemode": "tozero", "automargin": True,
                  "gridcolor": faded(ink.faint, 0.4)},
        "xaxis": {"title": {"text": "least score"}, "range": [0, 1], "showgrid": False},
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    }  # fmt: skip
    if now is not None:
        line = {"color": ink.text, "width": 1.5, "dash": "dot"}
        layout["shapes"] = [{"type": "line", "x0": now, "x1": now, "y0": 0, "y1": 1,
                             "yref": "paper", "line": line}]  # fmt: skip
    return layout


def sweep_table(rows: Sequence[AtScore], prices: Prices) -> pd.DataFrame:
    """A row per score."""
    tasks = max(1, rows[0].tasks)
    return text_table(
        {
            "Least score": [row.least for row in rows],
            "Labels": [row.labels for row in rows],
            "Right": [row.right for row in rows],
            "Precision": [_percent(row.precision) for row in rows],
            "Recall": [_percent(row.recall) for row in rows],
            "To remove": [row.remove for row in rows],
            "To add": [row.add for row in rows],
            "To move": [row.move for row in rows],
            "To rename": [row.rename for row in rows],
            "Cost per task": [row.cost(prices) / tasks for row in rows],
        }
    )


def cheapest_table(by_class: Mapping[str, AtScore], prices: Prices, names: Names) -> pd.DataFrame:
    """The cheapest least score of each class."""
    rows = list(by_class.values())
    return text_table(
        {
            "Class": [names.of_class(one) for one in by_class],
            "Cheapest least score": [row.least for row in rows],
            "Precision": [_percent(row.precision) for row in rows],
            "Recall": [_percent(row.recall) for row in rows],
            "Cost": [row.cost(prices) for row in rows],
        }
    )


def _percent(share: float | None) -> str | None:
    return None if share is None else share_text(share)
