"""The whole workflow as a map: every stage where it stands, every way with what takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.map_places import clear, curves_of, spread
from core.charts.palette import COLORS, Ink, blended
from core.charts.tables import text_table
from core.flow.flow import ExactFlow
from core.flow.graph import output_name, takes_part
from core.flow.layout import Place, places
from core.flow.rates import PartRate
from core.model.figures import counted, share_text
from core.model.names import Names

LOOKS: dict[str, tuple[str, str, str]] = {
    "Start": ("circle", "▶", COLORS[2]),
    "Label": ("square", "✎", COLORS[0]),
    "Review": ("hexagon", "✓", COLORS[6]),
    "Logic": ("diamond", "?", COLORS[1]),
    "Consensus": ("octagon", "≡", COLORS[8]),
    "Plugin": ("pentagon", "⚙", COLORS[5]),
    "Webhook": ("triangle-right", "↗", COLORS[9]),
    "Hold": ("cross", "‖", COLORS[4]),
    "Complete": ("circle", "■", COLORS[2]),
    "Archive": ("circle", "▽", COLORS[7]),
    "Unknown": ("x", "", COLORS[4]),
}
"""Shape, icon and colour of each type of stage."""

SIZE, CHOSEN = 38, 48
"""Pixels across a stage, and one that is looked at."""
ROW, LEAST, MOST = 120, 300, 900
"""Pixels from one row of stages to the next, and the height of the whole map."""
THIN, THICK = 1.5, 10.0
"""Width of a way that no task takes, and what all tasks add to it."""
LABEL_STEPS = (12, 10, 14, 8, 16, 6, 18, 4)
"""Steps of a way at which its label may stand, the best first."""
LONG, TALL = 0.42, 0.16
"""How near labels may come to each other, in columns and rows."""
HEAD = 19
"""Step at which the arrow of a way stands."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What leads from one stage to another, by however many outputs.

    Args:
        stage: Place of the stage.
        target: Place of the stage behind.
        outputs: Names of the outputs.
        expected: Expected passes of all tasks.
        share: Passes per task.
    """

    stage: int
    target: int
    outputs: tuple[str, ...]
    expected: float
    share: float

    @property
    def label(self) -> str:
        """As it stands on the way."""
        return f"{counted(self.expected)} · {share_text(self.share)}" if self.expected else "0"


def ways_of(flow: ExactFlow) -> tuple[Passage, ...]:
    """The ways of a workflow, by stage and first output; an output without a stage has none."""
    outputs: dict[tuple[int, int], list[int]] = {}
    for place, one in enumerate(flow.graph.exits):
        if one.target is not None:
            outputs.setdefault((one.stage, one.target), []).append(place)
    counts = flow.chain.tasks @ flow.solved.taken
    return tuple(
        Passage(
            stage,
            target,
            tuple(output_name(flow.graph.stages[stage], flow.graph.exits[p].output) for p in some),
            expected := float(sum(counts[p] for p in some)),
            expected / flow.tasks if flow.tasks else 0.0,
        )
        for (stage, target), some in outputs.items()
    )


def workflow_map(
    flow: ExactFlow, standing: Sequence[int], chosen: int | None, names: Names, ink: Ink
) -> go.Figure:
    """Draw it; the last trace has a point per stage, with the stage's place as `customdata`.

    Where things stand depends on the workflow alone, so nothing moves when a number changes.

    Args:
        flow: What tasks do.
        standing: Tasks that are at each stage now.
        chosen: Place of the stage that is looked at.
        names: Of stages.
        ink: Colours of the theme.
    """
    spots = spread(places(flow.graph))
    ways = ways_of(flow)
    curves = curves_of([(way.stage, way.target) for way in ways], spots)
    shapes = [_line(way, curve, ink) for way, curve in zip(ways, curves, strict=True)]
    notes = [_arrow(curve, ink) for curve in curves]
    middles = _middles(curves, [spot for spot in spots if spot is not None])
    notes += [_label(way, middle, ink) for way, middle in zip(ways, middles, strict=True)]
    hover = go.Scatter(
        x=[x for x, _ in middles],
        y=[y for _, y in middles],
        mode="markers",
        marker={"size": 26, "color": "rgba(0,0,0,0)"},
        hovertext=[_way_text(way, names, flow) for way in ways],
        hoverinfo="text",
    )
    shown = [place for place, spot in enumerate(spots) if spot is not None]
    at = [spots[place] for place in shown]
    reached = flow.graph.reached
    wrong = {one.place.split(" ")[0] for one in flow.problems if one.severity != "note"}
    looks = [LOOKS.get(flow.graph.stages[place].kind, LOOKS["Unknown"]) for place in shown]
    fills = [
        look[2] if place in reached else ink.faint for look, place in zip(looks, shown, strict=True)
    ]
    edges = [
        COLORS[4] if flow.graph.stages[place].id in wrong else ink.text if place == chosen else fill
        for place, fill in zip(shown, fills, strict=True)
    ]
    stages = go.Scatter(
        x=[x for x, _ in at],
        y=[y for _, y in at],
        mode="markers+text",
        text=[look[1] for look in looks],
        textfont={"color": "#FFFFFF", "size": 17},
        marker={
            "symbol": [look[0] for look in looks],
            "size": [CHOSEN if place == chosen else SIZE for place in shown],
            "color": fills,
            "opacity": 1,
            "line": {"width": 3, "color": edges},
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}, "textfont": {"color": "#FFFFFF"}},
        customdata=shown,
        hovertext=[_stage_text(place, standing, names, flow) for place in shown],
        hoverinfo="text",
        cliponaxis=False,
    )
    notes += [
        _name(place, spots[place], CHOSEN if place == chosen else SIZE, standing, names, flow, ink)
        for place in shown
    ]
    xs = [x for x, _ in at]
    ys = [y for _, y in (*at, *(point for curve in curves for point in curve))]
    axis = {"visible": False, "zeroline": False}
    layout = {
        "height": int(min(MOST, max(LEAST, (max(ys) - min(ys) + 1.1) * ROW))),
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": {**axis, "range": [min(xs) - 0.6, max(xs) + 0.6]},
        "yaxis": {**axis, "range": [max(ys) + 0.6, min(ys) - 0.5]},
        "shapes": shapes,
        "annotations": notes,
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "pan",
        "uirevision": "map",
    }
    return drawn([hover, stages], layout, ink)


def map_table(flow: ExactFlow, standing: Sequence[int], names: Names) -> pd.DataFrame:
    """The same as a table: a row per stage."""
    spans = [one.visits.interval or (None, None) for one in flow.stages]
    return text_table(
        {
            "Stage": [names.of_stage(one.stage.id) for one in flow.stages],
            "Type": [one.stage.kind for one in flow.stages],
            "Now": list(standing),
            "Visits": [round(one.visits.mean, 1) for one in flow.stages],
            "Low": [low for low, _ in spans],
            "High": [high for _, high in spans],
            "Tasks": [round(one.tasks.mean, 1) for one in flow.stages],
        }
    )


def exits_table(flow: ExactFlow, place: int, names: Names) -> pd.DataFrame:
    """What leaves one stage, a row per output."""
    one = flow.stages[place]
    spans = [exit_.count.interval or (None, None) for exit_ in one.exits]
    return text_table(
        {
            "Output": [output_name(one.stage, exit_.output) for exit_ in one.exits],
            "To": [names.of_stage(exit_.to) for exit_ in one.exits],
            "Expected": [round(exit_.count.mean, 1) for exit_ in one.exits],
            "Low": [low for low, _ in spans],
            "High": [high for _, high in spans],
        }
    )


def parts_table(rates: Sequence[PartRate], heading: str, exit_name: str) -> pd.DataFrame:
    """How often a stage took its first exit, a row per part with enough passes.

    Args:
        rates: By part.
        heading: What the parts are.
        exit_name: What the first exit is called.
    """
    rows = [one for one in rates if one.enough]
    return text_table(
        {
            heading: [one.name for one in rows],
            f"{exit_name.capitalize()}, %": [round(100 * one.first / one.of, 1) for one in rows],
            "Low, %": [round(100 * one.low, 1) for one in rows],
            "High, %": [round(100 * one.high, 1) for one in rows],
            "Passes": [one.of for one in rows],
        }
    )


def _line(way: Passage, curve: Sequence[Place], ink: Ink) -> dict[str, Any]:
    path = " L ".join(f"{round(x, 4)} {round(y, 4)}" for x, y in curve)
    return {
        "type": "path",
        "path": f"M {path}",
        "layer": "below",
        "line": {
            "color": blended(ink.label, 0.45, ink.paper),
            "width": THIN + THICK * min(1.0, way.share),
            "dash": "solid" if way.expected else "dot",
        },
    }


def _arrow(curve: Sequence[Place], ink: Ink) -> dict[str, Any]:
    """The head that says where a way leads, some way before its end."""
    (x0, y0), (x1, y1) = curve[HEAD - 1], curve[HEAD]
    return {
        **{"x": x1, "y": y1, "ax": x0, "ay": y0, "axref": "x", "ayref": "y"},
        **{"showarrow": True, "arrowhead": 2, "arrowsize": 1.4, "arrowwidth": 1.2},
        **{"arrowcolor": ink.label, "text": ""},
    }


def _middles(curves: Sequence[Sequence[Place]], stages: Sequence[Place]) -> list[Place]:
    """Where each way's label stands: near its middle, and clear of stages and of other labels."""
    middles: list[Place] = []
    for curve in curves:
        points = [curve[at] for at in LABEL_STEPS]
        free = (
            (x, y)
            for x, y in points
            if all(abs(x - a) > LONG or abs(y - b) > TALL for a, b in middles)
            and clear([(x, y)], stages)
        )
        middles.append(next(free, points[0]))
    return middles


def _label(way: Passage, middle: Place, ink: Ink) -> dict[str, Any]:
    """What takes a way."""
    x, y = middle
    return {
        **{"x": x, "y": y, "text": way.label, "font": {"color": ink.text, "size": 11}},
        **{"bgcolor": ink.paper, "borderpad": 1, "showarrow": False},
    }


def _name(
    place: int,
    spot: Place,
    size: int,
    standing: Sequence[int],
    names: Names,
    flow: ExactFlow,
    ink: Ink,
) -> dict[str, Any]:
    """Name of a stage below it, with how many tasks are there now."""
    name = names.of_stage(flow.graph.stages[place].id)
    short = name if len(name) <= 18 else f"{name[:17]}…"
    now = f" ({counted(standing[place])})" if standing[place] else ""
    return {
        **{"x": spot[0], "y": spot[1], "yshift": -size / 2 - 13, "showarrow": False},
        **{"text": f"{short}{now}", "font": {"color": ink.text, "size": 12}},
        "bgcolor": ink.paper,
    }


def _stage_text(place: int, standing: Sequence[int], names: Names, flow: ExactFlow) -> str:
    one = flow.stages[place]
    kind = one.stage.kind if takes_part(one.stage) else f"{one.stage.kind}, in a Consensus"
    return (
        f"{names.of_stage(one.stage.id)} ({kind}): {counted(one.visits.mean)} visits by "
        f"{counted(one.tasks.mean)} tasks, {counted(standing[place])} there now"
    )


def _way_text(way: Passage, names: Names, flow: ExactFlow) -> str:
    stage, target = flow.graph.stages[way.stage], flow.graph.stages[way.target]
    return (
        f"{names.of_stage(stage.id)}, {', '.join(way.outputs)} → {names.of_stage(target.id)}: "
        f"{counted(way.expected)} passes, {share_text(way.share)} of the tasks"
    )
