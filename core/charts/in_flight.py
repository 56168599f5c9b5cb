"""Tasks under way, before and after an edit: how their ways end, and what is still to be done."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, faded
from core.charts.rows import PAIR, rows_layout, whiskers
from core.charts.tables import text_table
from core.flow.in_flight import ENDS, InFlight
from core.flow.queueing.remaining import Remaining
from core.model.figures import tenths
from core.model.names import Names
from core.workspace import Workspace

END_COLORS = (COLORS[2], COLORS[7], COLORS[4])
"""Of completed, archived and trapped."""
PATTERNS = ("", "/", "x")


def ends_bars(result: InFlight, names: Names, ink: Ink, edited: bool) -> go.Figure:
    """Two bars per stage, now and after the edit, each in parts by how ways end.

    Args:
        result: Tasks under way.
        names: Of stages.
        ink: Colours of the theme.
        edited: Whether there is an edit; else a bar per stage says it.
    """
    whens = (", now", ", after") if edited else ("",)
    rows = [
        (f"{names.of_stage(one.stage)}{when}", one.ends[number])
        for one in result.stages
        for number, when in enumerate(whens)
    ]
    bars = [
        go.Bar(
            x=[float(ends[place]) for _, ends in rows],
            y=[label for label, _ in rows],
            orientation="h",
            name=end,
            marker={
                "color": END_COLORS[place],
                "pattern": {"shape": PATTERNS[place], "fillmode": "overlay", "solidity": 0.15},
            },
            text=[tenths(float(ends[place])) if ends[place] > 0 else "" for _, ends in rows],
            textposition="auto",
            insidetextanchor="middle",
            insidetextfont={"color": "#FFFFFF"},
            outsidetextfont={"color": ink.text},
            textangle=0,
            hovertemplate="%{y}: %{x:,.1f} tasks<extra></extra>",
        )
        for place, end in enumerate(ENDS)
    ]
    layout = {
        "height": 110 + 34 * max(1, len(rows)),
        "barmode": "stack",
        "margin": {"l": 8, "r": 16, "t": 34, "b": 40},
        "xaxis": {"title": {"text": "expected tasks"}, "gridcolor": faded(ink.faint, 0.4)},
        "yaxis": {"autorange": "reversed", "automargin": True},
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    }
    return drawn(bars, layout, ink)


def in_flight_table(result: InFlight, names: Names, edited: bool) -> pd.DataFrame:
    """A row per stage; pairs are now and after the edit, where there is one."""
    rows = result.stages
    columns: dict[str, list[object]] = {
        "Stage": [names.of_stage(one.stage) for one in rows],
        "Tasks": [one.tasks for one in rows],
    }
    if edited:
        columns["Change"] = [one.changed for one in rows]
        columns["Stranded"] = [one.stranded for one in rows]
    for number, when in enumerate((", now", ", after") if edited else ("",)):
        columns |= {
            f"Complete{when}": [round(float(one.ends[number, 0]), 1) for one in rows],
            f"Meet rules{when}": [round(one.rules[number], 1) for one in rows],
            f"Touches{when}": [round(one.touches[number], 1) for one in rows],
            f"Hours of work{when}": [round(one.minutes[number] / 60, 1) for one in rows],
        }
    return text_table(columns)


def remaining_dots(result: Remaining, names: Names, ink: Ink, edited: bool) -> go.Figure:
    """Mean hours that tasks still take, by the stage where they are, with 95 % intervals."""
    labels = [names.of_stage(one.stage) for one in result.stages]
    looks = ((0, "now", "circle", COLORS[0]), (1, "after the edit", "diamond", COLORS[4]))
    traces = []
    for number, title, symbol, color in looks if edited else looks[:1]:
        rows = [(n, one.hours[number]) for n, one in enumerate(result.stages)]
        known = [(n, hours, hours.mean) for n, hours in rows if hours.mean is not None]
        values = [mean for _, _, mean in known]
        ends = [(hours.low, hours.high) for _, hours, _ in known]
        away = PAIR * (2 * number - 1) if edited else 0.0
        traces.append(
            go.Scatter(
                x=values,
                y=[n + away for n, _, _ in known],
                mode="markers",
                name=title,
                marker={"size": 11, "symbol": symbol, "color": color},
                error_x=whiskers(values, ends, color),
                cliponaxis=False,
                customdata=[labels[n] for n, _, _ in known],
                hovertemplate="%{customdata}: %{x:,.1f} h<extra></extra>",
            )
        )
    layout = rows_layout(labels, "hours left on the clock, mean with its 95 % interval", ink)
    return drawn(traces, {**layout, "showlegend": edited}, ink)


def remaining_table(result: Remaining, names: Names, edited: bool) -> pd.DataFrame:
    """A row per stage; hours now and after the edit, where there is one."""
    columns: dict[str, list[object]] = {
        "Stage": [names.of_stage(one.stage) for one in result.stages]
    }
    for number, when in enumerate((", now", ", after") if edited else ("",)):
        for title, which in (("Hours left", "mean"), ("Low", "low"), ("High", "high")):
            hours = [getattr(one.hours[number], which) for one in result.stages]
            columns[f"{title}{when}"] = [None if h is None else round(h, 1) for h in hours]
    return text_table(columns)


def examples_table(workspace: Workspace, result: InFlight, names: Names, most: int) -> pd.DataFrame:
    """Tasks that change, the stranded ones first."""
    places = [*result.stranded.nonzero()[0], *(result.changed & ~result.stranded).nonzero()[0]]
    places = [int(place) for place in places[:most]]
    ids = workspace.table.ids.take(result.rows[places]).to_pylist() if places else []
    by_place = {one.place: one.stage for one in result.stages}
    return text_table(
        {
            "Task": ids,
            "Stage": [names.of_stage(by_place[int(result.at[place])]) for place in places],
            "Stranded": ["yes" if result.stranded[place] else "no" for place in places],
            "Completes, %, now": [_percent(result.before.ends[place, 0]) for place in places],
            "Completes, %, after": [_percent(result.after.ends[place, 0]) for place in places],
            "Minutes of work, now": [round(float(result.before.minutes[p]), 1) for p in places],
            "Minutes of work, after": [round(float(result.after.minutes[p]), 1) for p in places],
        }
    )


def _percent(share: float) -> float:
    return round(100 * float(share), 1)
