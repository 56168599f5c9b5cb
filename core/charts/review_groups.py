"""Figures and tables of reviews by group: who errs, where a budget goes, which groups it covers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, blended, readable_on
from core.charts.rows import ROW, rows_layout, whiskers
from core.charts.sampling import plain_layout, upright
from core.charts.tables import text_table
from core.model.figures import about_percent, between, counted, share_text, tenths
from core.sampling.budget import Budget
from core.sampling.coverage import Covered, Quota
from core.sampling.error_rates import ErrorRates
from core.sampling.quotas import QuotaGiven

MOST = 30
"""Groups that fit on a page; their table has all."""
USUAL, WORSE, EVEN = COLORS[0], COLORS[4], COLORS[1]


def budget_bars(budget: Budget, ink: Ink) -> go.Figure:
    """Which part of each group's tasks is reviewed, against an even share."""
    pairs = list(zip(budget.groups, budget.shares, strict=True))[:MOST]
    bars = go.Bar(
        x=[100 * share for _, share in pairs],
        y=list(range(len(pairs))),
        orientation="h",
        marker={"color": USUAL},
        text=[about_percent(share, 1) for _, share in pairs],
        textposition="outside",
        textfont={"color": ink.text},
        cliponaxis=False,
        customdata=[
            [group.name, tenths(share * group.tasks), counted(group.tasks), share_text(group.rate)]
            for group, share in pairs
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]} of %{customdata[2]} tasks reviewed, "
        "error rate %{customdata[3]}<extra></extra>",
        name="this spread",
    )
    even = 100 * budget.even_share
    line = go.Scatter(
        x=[even, even],
        y=[-0.5, len(pairs) - 0.5],
        mode="lines",
        line={"color": EVEN, "width": 2.5, "dash": "dash"},
        name="an even share",
        hoverinfo="skip",
    )
    labels = [group.name for group, _ in pairs]
    layout = rows_layout(labels, "% of the group's tasks reviewed", ink, range=[0, 100])
    layout["margin"] |= {"r": 70}
    return drawn([bars, line], layout, ink)


def budget_table(budget: Budget) -> pd.DataFrame:
    """A row per group."""
    pairs = list(zip(budget.groups, budget.shares, strict=True))
    return text_table(
        {
            "Group": [group.name for group, _ in pairs],
            "Tasks": [group.tasks for group, _ in pairs],
            "Error rate": [share_text(group.rate) for group, _ in pairs],
            "Reviewed, %": [round(100 * share, 2) for _, share in pairs],
            "Reviews": [round(share * group.tasks, 1) for group, share in pairs],
            "Wrong ones caught": [
                round(share * group.tasks * group.rate, 1) for group, share in pairs
            ],
        }
    )


def rate_dots(rates: ErrorRates, ink: Ink) -> go.Figure:
    """Error rate of each group with its exact interval, the shrunk one, and that of all."""
    rows = rates.groups[:MOST]
    traces = [
        _dots(rates, False, "error rate, 95 % interval", USUAL, "circle"),
        _dots(rates, True, "worse than the rest", WORSE, "square"),
        go.Scatter(
            x=[100 * one.shrunk for one in rows],
            y=list(range(len(rows))),
            mode="markers",
            name=f"best guess, few {rates.words.counted} count less",
            marker={"symbol": "diamond-open", "size": 11, "color": ink.text},
            customdata=[[one.name, share_text(one.shrunk)] for one in rows],
            hovertemplate="%{customdata[0]}: best guess %{customdata[1]}<extra></extra>",
            cliponaxis=False,
        ),
    ]
    labels = [one.name for one in rows]
    layout = rows_layout(labels, rates.words.axis, ink)
    layout["shapes"] = [upright(100 * rates.common, ink)]
    return drawn(traces, layout, ink)


def _dots(rates: ErrorRates, worse: bool, title: str, color: str, symbol: str) -> go.Scatter:
    rows = enumerate(rates.groups[:MOST])
    shown = [(place, one) for place, one in rows if one.worse == worse]
    values = [100 * one.rate for _, one in shown]
    return go.Scatter(
        x=values,
        y=[place for place, _ in shown],
        mode="markers",
        name=title,
        showlegend=bool(shown),
        marker={"size": 12, "color": color, "symbol": symbol},
        error_x=whiskers(values, [(100 * one.low, 100 * one.high) for _, one in shown], color),
        customdata=[
            [
                one.name,
                share_text(one.rate),
                share_text(one.low),
                share_text(one.high),
                counted(one.wrong),
                counted(one.reviewed),
                rates.words.counted,
            ]
            for _, one in shown
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]} (%{customdata[2]} to %{customdata[3]}), "
        "%{customdata[4]} of %{customdata[5]} %{customdata[6]}<extra></extra>",
        cliponaxis=False,
    )


def rates_table(rates: ErrorRates) -> pd.DataFrame:
    """A row per group."""
    rows = rates.groups
    columns: dict[str, list[object]] = {
        "Group": [one.name for one in rows],
        "Tasks": [one.tasks for one in rows],
        rates.words.counted.capitalize(): [one.reviewed for one in rows],
        "Wrong": [one.wrong for one in rows],
        "Error rate": [share_text(one.rate) for one in rows],
        "95 % interval": [f"{share_text(one.low)} to {share_text(one.high)}" for one in rows],
        "Best guess": [share_text(one.shrunk) for one in rows],
        "Worse than the rest": ["yes" if one.worse else "" for one in rows],
    }
    if any(one.weighted is not None for one in rows):
        columns["Without steering"] = [
            "" if one.weighted is None else f"{share_text(one.weighted.rate)} "
            f"({share_text(one.weighted.low)} to {share_text(one.weighted.high)})"
            for one in rows
        ]  # fmt: skip
    return text_table(columns)


def weeks_control(rates: ErrorRates, ink: Ink) -> go.Figure:
    """Error rates by week, with the limits that hardly any week leaves where nothing changes."""
    weeks = rates.drift.weeks
    days = [one.first for one in weeks]
    limits = [
        go.Scatter(
            x=days,
            y=[100 * getattr(one, end) for one in weeks],
            mode="lines",
            line={"color": ink.label, "width": 1.5, "dash": "dot", "shape": "hvh"},
            name="limits, if nothing changes",
            showlegend=end == "high",
            hoverinfo="skip",
        )
        for end in ("low", "high")
    ]
    line = go.Scatter(
        x=days,
        y=[100 * one.rate for one in weeks],
        mode="lines+markers",
        name="error rate",
        line={"color": USUAL, "width": 2},
        marker={
            "size": [13 if one.out else 9 for one in weeks],
            "color": [WORSE if one.out else USUAL for one in weeks],
            "symbol": ["square" if one.out else "circle" for one in weeks],
        },
        customdata=[[share_text(one.rate), one.wrong, one.reviewed] for one in weeks],
        hovertemplate="week of %{x}: %{customdata[0]}, %{customdata[1]:,} of %{customdata[2]:,}"
        "<extra></extra>",
        cliponaxis=False,
    )
    layout = plain_layout("week, by its Monday", rates.words.axis, ink)
    layout["xaxis"] |= {"type": "category", "automargin": True}
    return drawn([*limits, line], layout, ink)


def weeks_table(rates: ErrorRates) -> pd.DataFrame:
    """A row per week."""
    weeks = rates.drift.weeks
    return text_table(
        {
            "Week of": [one.first for one in weeks],
            rates.words.counted.capitalize(): [one.reviewed for one in weeks],
            "Wrong": [one.wrong for one in weeks],
            "Error rate": [share_text(one.rate) for one in weeks],
            "Limits": [f"{share_text(one.low)} to {share_text(one.high)}" for one in weeks],
            "Beyond": ["yes" if one.out else "" for one in weeks],
        }
    )


def coverage_heat(
    rows: Sequence[Covered], columns: Sequence[str], least: int, ink: Ink, by_stage: bool = False
) -> go.Figure:
    """Expected tasks of each group (rows) by output (columns), shaded by the chance of too few.

    Args:
        rows: Every output for every group.
        columns: What outputs are called, Else last; or stages.
        least: Tasks that are wanted.
        ink: Colours of the theme.
        by_stage: Whether the columns are stages.
    """
    title = "stage that the tasks go to"
    title = title if by_stage else f"rule that takes the tasks → {title}"
    groups = list(dict.fromkeys(row.group for row in rows))[:MOST]
    by_cell = {(row.group, row.place): row for row in rows}
    fewer = np.array(
        [[by_cell[group, n].fewer for n in range(len(columns))] for group in groups]
    ).reshape(len(groups), len(columns))
    heat = go.Heatmap(
        z=(100 * fewer).tolist(),
        x=list(range(len(columns))),
        y=list(range(len(groups))),
        zmin=0,
        zmax=100,
        xgap=2,
        ygap=2,
        colorscale=[[0, blended(ink.faint, 0.15, ink.paper)], [1, WORSE]],
        colorbar={
            "title": {"text": f"% chance of fewer than {counted(least)}", "side": "top"},
            "orientation": "h",
            "thickness": 10,
            "y": 1,
            "yanchor": "bottom",
            "len": 0.4,
            "x": 0,
            "xanchor": "left",
        },
        hoverinfo="skip",
    )
    cells = [(r, c) for r in range(len(groups)) for c in range(len(columns))]
    held = [by_cell[groups[r], c] for r, c in cells]
    marks = go.Scatter(
        x=[c for _, c in cells],
        y=[r for r, _ in cells],
        mode="text",
        text=[counted(one.expected) for one in held],
        textfont={
            "color": [readable_on(blended(WORSE, float(fewer[r, c]), ink.paper)) for r, c in cells],
            "size": 13,
        },
        customdata=[
            [one.group, columns[one.place], tenths(one.expected), between(one.low, one.high),
             about_percent(one.fewer)] for one in held
        ],
        hovertemplate="%{customdata[0]}, %{customdata[1]}: %{customdata[2]} tasks "
        "(%{customdata[3]}); too few: %{customdata[4]}<extra></extra>",
        showlegend=False,
    )  # fmt: skip
    ticks = {"showgrid": False, "zeroline": False, "automargin": True, "fixedrange": True}
    layout = {
        "height": 190 + ROW * max(3, len(groups)),
        "margin": {"l": 8, "r": 8, "t": 70, "b": 8},
        "xaxis": {**ticks, "tickvals": list(range(len(columns))), "ticktext": list(columns),
                  "ticklabeloverflow": "allow", "title": {"text": title, "standoff": 14}},
        "yaxis": {**ticks, "tickvals": list(range(len(groups))), "ticktext": groups,
                  "range": [len(groups) - 0.5, -0.5]},
    }  # fmt: skip
    return drawn([heat, marks], layout, ink)


def coverage_table(
    rows: Sequence[Covered], columns: Sequence[str], least: int, by_stage: bool = False
) -> pd.DataFrame:
    """A row per group and output, or per group and stage."""
    return text_table(
        {
            "Group": [row.group for row in rows],
            "Stage" if by_stage else "Output": [columns[row.place] for row in rows],
            "Tasks of the group": [row.tasks for row in rows],
            "Expected": [row.expected for row in rows],
            "95 % interval": [between(row.low, row.high) for row in rows],
            f"Chance of fewer than {counted(least)}": [about_percent(row.fewer) for row in rows],
        }
    )


def quota_bars(needed: Sequence[Quota], ink: Ink) -> go.Figure:
    """The percentage of each group at which enough of its tasks are drawn."""
    shown = needed[:MOST]
    shares = [one.needed.share for one in shown]
    bars = go.Bar(
        x=[share or 0.0 for share in shares],
        y=list(range(len(shown))),
        orientation="h",
        marker={"color": USUAL},
        text=["too few tasks" if share is None else about_percent(share / 100, 1)
              for share in shares],
        textposition="outside",
        textfont={"color": ink.text},
        cliponaxis=False,
        customdata=[[one.group, one.tasks] for one in shown],
        hovertemplate="%{customdata[0]}, %{customdata[1]:,} tasks: %{text}<extra></extra>",
        showlegend=False,
    )  # fmt: skip
    layout = rows_layout([one.group for one in shown], "% of the group's tasks at random", ink)
    layout["margin"] = {"l": 8, "r": 90, "t": 8, "b": 40}
    return drawn([bars], layout, ink)


def quota_table(needed: Sequence[Quota]) -> pd.DataFrame:
    """A row per group."""
    return text_table(
        {
            "Group": [one.group for one in needed],
            "Tasks": [one.tasks for one in needed],
            "At random": [
                "too few tasks"
                if one.needed.share is None
                else about_percent(one.needed.share / 100)
                for one in needed
            ],
        }
    )


def given_table(given: Sequence[QuotaGiven], least: int) -> pd.DataFrame:
    """A row per group: what the rules that were made give it."""
    return text_table(
        {
            "Group": [one.group for one in given],
            "Tasks": [one.tasks for one in given],
            "Needed": [_needed_text(one) for one in given],
            "Its rule gives": [about_percent(one.share) for one in given],
            "Reviews": [round(one.reviews, 1) for one in given],
            f"Chance of fewer than {counted(least)}": [
                "" if one.fewer is None else about_percent(one.fewer) for one in given
            ],
        }
    )


def _needed_text(one: QuotaGiven) -> str:
    if one.holds is None:
        return "no quota"
    return "too few tasks" if one.needed is None else about_percent(one.needed)
