"""One replication of a forecast on the workflow's map: how many tasks are where, step by step."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.map_places import curves_of, spread
from core.charts.palette import Ink, blended
from core.charts.workflow_map import LOOKS
from core.flow.flow import ExactFlow
from core.flow.layout import places
from core.flow.queueing.forecast import Forecast
from core.model.figures import counted
from core.model.names import Names
from core.model.phrases import hours_text
from core.model.stages import Archive, Complete

STEPS = 80
"""Moments that are shown."""
LEAST, MOST = 16.0, 64.0
"""Pixels across a stage without a task, and with the most that any ever has."""
ROW, LOW, HIGH = 90, 260, 620
SPEEDS = (("Play", 250), ("Fast", 60))
"""Milliseconds from one moment to the next."""


def replay(flow: ExactFlow, result: Forecast, names: Names, ink: Ink) -> go.Figure:
    """Draw it, with play, fast and pause, and a slider through the hours.

    Args:
        flow: The workflow.
        result: Its forecast; the first replication is shown.
        names: Of stages.
        ink: Colours of the theme.
    """
    spots = spread(places(flow.graph))
    shown = [place for place, spot in enumerate(spots) if spot is not None]
    work = result.in_progress
    ticks = list(range(0, len(work.hours), max(1, len(work.hours) // STEPS)))
    most = max(1.0, float(work.first[:-1].max()))
    pairs = sorted({(e.stage, e.target) for e in flow.graph.exits if e.target is not None})
    curves = curves_of(pairs, spots)
    shapes = [
        {
            "type": "path",
            "path": "M " + " L ".join(f"{round(x, 3)} {round(y, 3)}" for x, y in curve),
            "layer": "below",
            "line": {"color": blended(ink.label, 0.35, ink.paper), "width": 1.5},
        }
        for curve in curves
    ]

    def moment(tick: int) -> go.Scatter:
        counts = [float(work.first[place, tick]) for place in shown]
        return go.Scatter(
            x=[spots[place][0] for place in shown],
            y=[spots[place][1] for place in shown],
            mode="markers+text",
            text=[
                "" if isinstance(flow.graph.stages[place], Complete | Archive) else counted(count)
                for place, count in zip(shown, counts, strict=True)
            ],
            textposition="middle center",
            textfont={"color": ink.text, "size": 12},
            marker={
                "symbol": [LOOKS[flow.graph.stages[place].kind][0] for place in shown],
                "size": [LEAST + (MOST - LEAST) * (count / most) ** 0.5 for count in counts],
                "color": [_tint(flow, place, ink) for place in shown],
                "opacity": 1,
                "line": {"width": 1.5, "color": ink.label},
            },
            hovertext=[
                f"{names.of_stage(flow.graph.stages[place].id)}: {counted(count)} tasks"
                for place, count in zip(shown, counts, strict=True)
            ],
            hoverinfo="text",
            cliponaxis=False,
        )

    labels = [hours_text(float(work.hours[tick])) for tick in ticks]
    frames = [(str(number), [0], [moment(tick)]) for number, tick in enumerate(ticks)]
    xs = [spots[place][0] for place in shown]
    ys = [y for curve in curves for _, y in curve] + [spots[place][1] for place in shown]
    axis = {"visible": False, "zeroline": False, "fixedrange": True}
    layout = {
        "height": int(min(HIGH, max(LOW, (max(ys) - min(ys) + 1) * ROW))) + 130,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 130},
        "xaxis": {**axis, "range": [min(xs) - 0.6, max(xs) + 0.6]},
        "yaxis": {**axis, "range": [max(ys) + 0.6, min(ys) - 0.5]},
        "shapes": shapes,
        "annotations": [_name(spots[place], flow, place, names, ink) for place in shown],
        "showlegend": False,
        "updatemenus": [_buttons(ink)],
        "sliders": [_slider(labels, ink)],
    }
    return drawn([moment(ticks[0])], layout, ink, frames)


def _tint(flow: ExactFlow, place: int, ink: Ink) -> str:
    return blended(LOOKS[flow.graph.stages[place].kind][2], 0.45, ink.paper)


def _name(spot: tuple[float, float], flow: ExactFlow, place: int, names: Names, ink: Ink) -> Any:
    name = names.of_stage(flow.graph.stages[place].id)
    return {
        **{"x": spot[0], "y": spot[1], "yshift": -44, "showarrow": False},
        **{"text": name if len(name) <= 18 else f"{name[:17]}…", "bgcolor": ink.paper},
        "font": {"color": ink.text, "size": 11},
    }


def _buttons(ink: Ink) -> dict[str, Any]:
    def playing(milliseconds: int) -> list[Any]:
        frame = {"duration": milliseconds, "redraw": False}
        return [None, {"frame": frame, "fromcurrent": True, "transition": {"duration": 0}}]

    still = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    return {
        **{"type": "buttons", "direction": "left", "showactive": False},
        **{"x": 0, "xanchor": "left", "y": 0, "yanchor": "top", "pad": {"t": 78, "r": 8}},
        "font": {"color": ink.text},
        "bgcolor": ink.paper,
        "bordercolor": ink.faint,
        "buttons": [
            *({"label": name, "method": "animate", "args": playing(each)} for name, each in SPEEDS),
            {"label": "Pause", "method": "animate", "args": [[None], still]},
        ],
    }


def _slider(labels: list[str], ink: Ink) -> dict[str, Any]:
    still = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    return {
        **{"x": 0.0, "len": 1.0, "y": 0, "yanchor": "top", "pad": {"t": 8}},
        "currentvalue": {"prefix": "after ", "font": {"color": ink.text}},
        "font": {"color": ink.label, "size": 10},
        "steps": [
            {"label": label, "method": "animate", "args": [[str(number)], still]}
            for number, label in enumerate(labels)
        ],
    }
