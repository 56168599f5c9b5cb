"""The Logic stage as it stands in the workflow: what leads to it, and where its outputs lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import Ink
from core.charts.split import color_of, number_of
from core.model.names import Names
from core.model.stages import Logic, Stage
from core.routing.engine.split import Split

ROW = 52
"""Pixels from one stage to the next below it."""

FROM, LOGIC, BEND, LEVEL, TO = 0.1, 0.36, 0.47, 0.55, 0.88
"""Where things stand, from 0 at the left to 1: boxes, and where an edge bends to be level."""

LETTER, LONGEST = 6.6, 20
MOST_NUMBERS = 12
"""Characters of the numbers on an edge, so that they keep to its length."""
HALF_BOX, MOST_HALF = 14, 76
"""Half the height of a box, and half its greatest width, in pixels."""

THIN, THICK = 1.0, 12.0
"""Width of an edge that no task takes, and what all tasks add to it."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What leaves the Logic stage for one stage.

    Args:
        target: Id of the stage, None where it is not wired.
        outputs: Numbers of the outputs that lead there, Else last.
        share: Expected part of all tasks, from 0 to 1.
        label: As it is written on the edge: `2–5, Else · 3 %`, `19 outputs · 40 %`.
        color: Of the output, where one alone leads there.
    """

    target: str | None
    outputs: tuple[str, ...]
    share: float
    label: str
    color: str


def edges_of(split: Split, colors: Mapping[str, str], ink: Ink) -> tuple[Edge, ...]:
    """One edge per stage that outputs lead to, in the order of the outputs."""
    edges = []
    for (target, count), share in zip(split.stages, split.stage_labels, strict=True):
        outputs = [output for output in split.outputs if output.target == target]
        numbers = tuple(number_of(output) for output in outputs)
        color = color_of(outputs[0], colors) if len(outputs) == 1 else ink.faint
        label = f"{outputs_text(numbers)} · {share}"
        edges.append(Edge(target, numbers, count.share, label, color))
    return tuple(edges)


def stage_picture(
    split: Split,
    stage: Logic,
    around: Sequence[Stage],
    names: Names,
    colors: Mapping[str, str],
    ink: Ink,
) -> go.Figure:
    """Draw it; every edge has the numbers of its outputs and their share of all tasks.

    Args:
        split: What leaves through each output.
        stage: The Logic stage.
        around: The stages of the workflow, for what leads to it.
        names: Of stages.
        colors: Colour per rule id.
        ink: Colours of the theme.
    """
    edges = edges_of(split, colors, ink)
    before = [one.name or one.id for one in around if stage.id in one.next and one.id != stage.id]
    rows = max(len(edges), len(before), 1)
    middle = (rows - 1) / 2
    ends = [middle + place - (len(edges) - 1) / 2 for place in range(len(edges))]
    starts = [middle + place - (len(before) - 1) / 2 for place in range(len(before))]
    shapes = [_line([(FROM, y), (LOGIC, middle)], ink.faint, 2.0, "solid") for y in starts]
    for edge, y in zip(edges, ends, strict=True):
        way = [(LOGIC, middle), (BEND, middle), (LEVEL, y), (TO, y)]
        dash = "solid" if edge.share else "dot"
        shapes.append(_line(way, edge.color, THIN + THICK * edge.share, dash))
    boxes = [(FROM, y, name) for name, y in zip(before, starts, strict=True)]
    boxes.append((LOGIC, middle, stage.name or "Logic"))
    boxes += [(TO, y, names.of_stage(e.target)) for e, y in zip(edges, ends, strict=True)]
    shapes += [_box(x, y, _short(name), ink) for x, y, name in boxes]
    named = go.Scatter(
        x=[x for x, _, _ in boxes],
        y=[y for _, y, _ in boxes],
        mode="text",
        text=[_short(name) for _, _, name in boxes],
        hovertext=[name for _, _, name in boxes],
        hoverinfo="text",
        textfont={"color": ink.text, "size": 12},
        cliponaxis=False,
    )
    labels = go.Scatter(  # above the boxes: beside them a narrow page leaves no room
        x=[LEVEL + 0.005] * len(edges),
        y=[y - HALF_BOX / ROW for y in ends],
        mode="text",
        text=[edge.label for edge in edges],
        textposition="top right",
        textfont={"color": ink.text, "size": 12},
        hoverinfo="skip",
        cliponaxis=False,
    )
    hidden = {"visible": False, "fixedrange": True}
    layout = {
        "height": ROW * rows + 40,
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8},
        "xaxis": {**hidden, "range": [0, 1]},
        "yaxis": {**hidden, "range": [rows - 0.5, -0.5]},
        "shapes": shapes,
        "showlegend": False,
    }
    return drawn([named, labels], layout, ink)


def outputs_text(numbers: Sequence[str]) -> str:
    """Which outputs these are, in the room that an edge has: neighbours as one, else how many."""
    runs: list[list[str]] = []
    for number in numbers:
        last = runs[-1][-1] if runs else ""
        if number.isdigit() and last.isdigit() and int(number) == int(last) + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs]
    text = ", ".join(texts)
    return text if len(text) <= MOST_NUMBERS else f"{len(numbers)} outputs"


def _line(
    way: Sequence[tuple[float, float]], color: str, width: float, dash: str
) -> dict[str, Any]:
    points = " L ".join(f"{x} {y}" for x, y in way)
    return {
        "type": "path",
        "path": f"M {points}",
        "layer": "below",
        "line": {"color": color, "width": width, "dash": dash},
    }


def _box(x: float, y: float, text: str, ink: Ink) -> dict[str, Any]:
    half = min(MOST_HALF, LETTER * len(text) / 2 + 10)
    return {
        "type": "rect",
        "layer": "below",
        **{"xsizemode": "pixel", "xanchor": x, "x0": -half, "x1": half},
        **{"ysizemode": "pixel", "yanchor": y, "y0": -HALF_BOX, "y1": HALF_BOX},
        "fillcolor": ink.faint,
        "line": {"width": 0},
    }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
