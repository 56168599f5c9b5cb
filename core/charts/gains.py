"""Figures and tables of two runs on the same assets."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import Ink
from core.charts.quality import PRECISION, RECALL, class_name
from core.charts.rows import PAIR, rows_layout, whiskers
from core.charts.tables import text_table
from core.model.names import Names
from core.quality.gains import Gain


def gains_chart(gains: Sequence[Gain], names: Names, ink: Ink) -> go.Figure:
    """Differences of precision and recall between two runs, with their 95 % intervals."""
    labels = [class_name(one.schema_id, names) for one in gains]
    traces = []
    for title, symbol, color, place in (
        ("precision", "circle", PRECISION, -PAIR), ("recall", "diamond", RECALL, PAIR)
    ):  # fmt: skip
        known = [(n, one) for n, gain in enumerate(gains) if (one := getattr(gain, title))]
        values = [100 * one[0] for _, one in known]
        ends = [(100 * one[1], 100 * one[2]) for _, one in known]
        traces.append(
            go.Scatter(
                x=values,
                y=[n + place for n, _ in known],
                mode="markers",
                name=title,
                marker={"size": 11, "symbol": symbol, "color": color},
                error_x=whiskers(values, ends, color),
                customdata=[[labels[n], *(100 * value for value in one)] for n, one in known],
                hovertemplate="%{customdata[0]}: %{customdata[1]:+.1f} (95 %: "
                "%{customdata[2]:+.1f} to %{customdata[3]:+.1f})<extra></extra>",
            )
        )
    across = "percentage points more than the other run, with 95 % intervals"
    layout = rows_layout(labels, across, ink, zeroline=True, zerolinecolor=ink.label)
    return drawn(traces, layout, ink)


def gains_table(gains: Sequence[Gain], names: Names) -> pd.DataFrame:
    """A row per class, and in total last; differences in percentage points."""
    columns: dict[str, list[object]] = {
        "Class": [class_name(one.schema_id, names) for one in gains],
        "Better": [one.gained for one in gains],
        "Worse": [one.lost for one in gains],
    }
    for name in ("precision", "recall"):
        shares = [one.precision if name == "precision" else one.recall for one in gains]
        for place, end in enumerate(("points", "low", "high")):
            points: list[object] = [None if one is None else 100 * one[place] for one in shares]
            columns[f"{name.capitalize()}, {end}"] = points
    return text_table(columns)
