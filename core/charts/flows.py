"""Flows from one column of nodes to another, as a Sankey whose labels stand beside it.

Plotly writes a node's name over the links, where names of two columns meet each other and take
on the colour of what is below them. So the names stand outside, each at the height of its node;
nodes are far enough apart for a line of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import Ink, faded

SMALLEST = 0.05
"""Expected tasks below which a flow has no width to see; it is left out, and listed."""

PAD = 18
"""Pixels between two nodes, enough for a line of text."""

ROW, LEAST_HEIGHT = 34, 150
FONT, LETTER = 12, 6.4
"""Size of the names, and the width of a letter of them, in pixels."""

LONGEST = 32
"""Letters of a name beside the flow; pointing at its node shows all of it."""


@dataclass(frozen=True, slots=True)
class Node:
    """One end of flows.

    Args:
        label: Its name.
        color: As `#rrggbb`.
    """

    label: str
    color: str


@dataclass(frozen=True, slots=True)
class Link:
    """Tasks from a node on the left to one on the right.

    Args:
        source: Place of the left node.
        target: Place of the right node.
        tasks: Expected tasks.
        color: As `#rrggbb`.
    """

    source: int
    target: int
    tasks: float
    color: str


def middles(values: Sequence[float], scale: float, height: float) -> list[float]:
    """Middles of nodes stacked with gaps, from 0 at the top to 1; a shorter column stands central.

    Args:
        values: Tasks of each node.
        scale: Pixels per task.
        height: Of the drawing, in pixels.
    """
    long = sum(values) * scale + PAD * (len(values) - 1)
    top, places = max(0.0, (height - long) / 2), []
    for value in values:
        places.append((top + value * scale / 2) / height)
        top += value * scale + PAD
    return places


def flows(
    left: Sequence[Node], right: Sequence[Node], links: Sequence[Link], ink: Ink
) -> go.Figure:
    """The figure; nodes without a link of some width are left out.

    Args:
        left: Where tasks come from, top to bottom.
        right: Where they go.
        links: What flows.
        ink: Colours of the theme.
    """
    links = [link for link in links if link.tasks >= SMALLEST]
    used = sorted({link.source for link in links}), sorted({link.target for link in links})
    nodes = [left[i] for i in used[0]], [right[j] for j in used[1]]
    sums = (
        [sum(link.tasks for link in links if link.source == i) for i in used[0]],
        [sum(link.tasks for link in links if link.target == j) for j in used[1]],
    )
    most = max(1, *(len(column) for column in nodes))
    height = max(LEAST_HEIGHT, ROW * most)
    total = sum(sums[0]) or 1.0
    scale = (height - PAD * (most - 1)) / total
    places = [middles(column, scale, height) for column in sums]
    first = len(nodes[0])
    sankey = go.Sankey(
        arrangement="fixed",
        node={
            "x": [0.001] * first + [0.999] * len(nodes[1]),
            "y": [min(0.999, max(0.001, place)) for column in places for place in column],
            "label": ["" for column in nodes for _ in column],
            "customdata": [node.label for column in nodes for node in column],
            "color": [node.color for column in nodes for node in column],
            "pad": PAD,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "%{customdata}<br>%{value:,.1f} tasks expected<extra></extra>",
        },
        link={
            "source": [used[0].index(link.source) for link in links],
            "target": [first + used[1].index(link.target) for link in links],
            "value": [link.tasks for link in links],
            "color": [faded(link.color, ink.link_alpha) for link in links],
            "customdata": [[left[link.source].label, right[link.target].label] for link in links],
            "hovertemplate": "%{customdata[0]} → %{customdata[1]}<br>%{value:,.1f} tasks expected"
            "<extra></extra>",
        },
    )
    texts = [[_short(node.label) for node in column] for column in nodes]
    names = [
        go.Scatter(
            x=[side] * len(texts[side]),
            y=places[side],
            mode="text",
            text=[f"{text}   " if side == 0 else f"   {text}" for text in texts[side]],
            textposition="middle left" if side == 0 else "middle right",
            textfont={"color": ink.text, "size": FONT},
            cliponaxis=False,
            hoverinfo="skip",
        )
        for side in (0, 1)
    ]
    rooms = [
        24 + round(LETTER * max((len(text) for text in column), default=0)) for column in texts
    ]
    hidden = {"visible": False, "fixedrange": True}
    layout = {
        "height": height + 24,
        "margin": {"l": rooms[0], "r": rooms[1], "t": 12, "b": 12},
        "xaxis": {**hidden, "range": [0, 1]},
        "yaxis": {**hidden, "range": [1, 0]},
        "showlegend": False,
    }
    return drawn([sankey, *names], layout, ink)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
