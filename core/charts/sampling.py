"""Figures and tables of a review by sample: what a share buys, plans of acceptance, costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, faded
from core.charts.rows import rows_layout, whiskers
from core.charts.tables import text_table
from core.model.figures import about_percent, between, counted, tenths
from core.sampling.cost import ReviewCost
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
    expected = [one.expected for _, one in rows]
    dots = go.Scatter(
        x=expected,
        y=list(range(len(rows))),
        mode="markers",
        marker={"size": 12, "color": color},
        error_x=whiskers(expected, [(one.low, one.high) for _, one in rows], color),
        customdata=[[name, count_text(one)] for name, one in rows],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
        cliponaxis=False,
        showlegend=False,
    )
    layout = rows_layout([name for name, _ in rows], what, ink)
    layout["margin"] |= {"t": 8}
    return drawn([dots], layout, ink)


def dots_table(rows: Sequence[tuple[str, SampledCount]], what: str) -> pd.DataFrame:
    """A row per count, with the ends of its central 95 %."""
    return text_table(
        {
            "": [name for name, _ in rows],
            what: [round(one.expected, 1) for _, one in rows],
            "Low": [one.low for _, one in rows],
            "High": [one.high for _, one in rows],
        }
    )


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


Curve = Sequence[tuple[float, float]]
"""Error rates with a chance or a number."""


def acceptance_curves(
    fixed: Curve, at_random: Curve, marks: Mapping[str, float], many: int, ink: Ink
) -> go.Figure:
    """How often a lot is accepted by its error rate: of a fixed sample, and drawn at random.

    Args:
        fixed: Chance of acceptance by error rate, both from 0 to 1.
        at_random: The same where each task is drawn by itself.
        marks: Error rates that are marked, by what they are.
        many: Tasks that are reviewed.
        ink: Colours of the theme.
    """
    traces = [
        go.Scatter(
            x=[100 * rate for rate, _ in curve],
            y=[100 * chance for _, chance in curve],
            mode="lines",
            name=title,
            line={"color": color, "width": 2.5, "dash": dash},
            hovertemplate="%{x:.2f} % wrong: accepted with %{y:.1f} %<extra></extra>",
        )
        for title, curve, color, dash in (
            (f"exactly {counted(many)} tasks", fixed, COLORS[0], "solid"),
            (f"about {counted(many)} tasks drawn at random, as Ango Hub does", at_random,
             COLORS[4], "dash"),
        )
    ]  # fmt: skip
    last = 100 * max(rate for rate, _ in fixed)
    shown = {name: 100 * rate for name, rate in marks.items() if 100 * rate <= last}
    layout = {
        **plain_layout("error rate of the tasks, %", "chance of acceptance, %", ink),
        "shapes": [upright(at, ink) for at in shown.values()],
        "annotations": [
            {"x": at, "y": 0, "yref": "paper", "yanchor": "bottom", "xanchor": "left", "text": name,
             "showarrow": False, "font": {"color": ink.label}} for name, at in shown.items()
        ],
    }  # fmt: skip
    layout["yaxis"] |= {"range": [0, 102]}
    return drawn(traces, layout, ink)


def acceptance_table(fixed: Curve, at_random: Curve, of_lot: Curve) -> pd.DataFrame:
    """A row per error rate."""
    return text_table(
        {
            "Error rate": [about_percent(rate) for rate, _ in fixed],
            "Accepted, many lots": [about_percent(chance) for _, chance in fixed],
            "Accepted, this lot": [about_percent(chance) for _, chance in of_lot],
            "Accepted, drawn at random": [about_percent(chance) for _, chance in at_random],
        }
    )


PLANS = (
    ("single", "all at once", COLORS[0], "solid"),
    ("double", "in two parts", COLORS[1], "dash"),
    ("sequential", "one by one", COLORS[2], "dot"),
)


def reviews_lines(
    rates: Sequence[float], means: Mapping[str, Sequence[float]], ink: Ink
) -> go.Figure:
    """Mean number of reviews by error rate, of the plans with the same guarantee."""
    traces = [
        go.Scatter(
            x=[100 * rate for rate in rates],
            y=list(means[plan]),
            mode="lines",
            name=title,
            line={"color": color, "width": 2.5, "dash": dash},
            hovertemplate="%{x:.2f} % wrong: %{y:,.1f} reviews<extra></extra>",
        )
        for plan, title, color, dash in PLANS
        if plan in means
    ]
    layout = plain_layout("error rate of the tasks, %", "reviews on average", ink)
    return drawn(traces, layout, ink)


def reviews_table(rates: Sequence[float], means: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """A row per error rate."""
    columns: dict[str, list[object]] = {"Error rate": [about_percent(rate) for rate in rates]}
    for plan, title, _, _ in PLANS:
        if plan in means:
            columns[f"Reviews, {title}"] = [round(one, 1) for one in means[plan]]
    return text_table(columns)


def cost_curve(cost: ReviewCost, ink: Ink) -> go.Figure:
    """Costs by the share reviewed: the cheapest share, and those that cost hardly more."""
    low, high = cost.flat
    line = go.Scatter(
        x=[100 * share for share, _ in cost.curve],
        y=[price for _, price in cost.curve],
        mode="lines",
        name="expected cost",
        line={"color": COLORS[0], "width": 2.5},
        hovertemplate="%{x:.0f} % reviewed: %{y:,.0f}<extra></extra>",
    )
    best = go.Scatter(
        x=[100 * cost.cheapest],
        y=[cost.of(cost.cheapest)],
        mode="markers",
        name="cheapest",
        marker={"size": 13, "symbol": "diamond", "color": CAUGHT},
        hovertemplate="cheapest: %{x:.0f} % reviewed, %{y:,.0f}<extra></extra>",
        cliponaxis=False,
    )
    flat = go.Scatter(
        x=[None],
        y=[None],
        mode="markers",
        name="at most 5 % dearer",
        marker={"size": 13, "symbol": "square", "color": faded(CAUGHT, 0.3)},
        hoverinfo="skip",
    )
    span = {"type": "rect", "x0": 100 * low, "x1": 100 * high, "y0": 0, "y1": 1, "yref": "paper",
            "fillcolor": faded(CAUGHT, 0.2), "line": {"width": 0}, "layer": "below"}  # fmt: skip
    layout = {
        **plain_layout("% of tasks reviewed", "cost, in the unit of your prices", ink),
        "shapes": [span],
    }
    layout["xaxis"] |= {"range": [-1, 101], "dtick": 20}
    layout["yaxis"] |= {"tickformat": ",d" if cost.of(cost.cheapest) >= 10 else ",.2f"}
    return drawn([line, best, flat], layout, ink)


def cost_table(cost: ReviewCost) -> pd.DataFrame:
    """A row per share."""
    return text_table(
        {
            "Share, %": [round(100 * share, 1) for share, _ in cost.curve],
            "Cost": [round(price, 2) for _, price in cost.curve],
        }
    )
