"""Figures and tables of a run's labels against those of people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, blended, faded, readable_on
from core.charts.rows import PAIR, ROW, rows_layout, whiskers
from core.charts.tables import text_table
from core.model.figures import counted, share_text
from core.model.names import Names
from core.quality.average_precision import AveragePrecision
from core.quality.check import Quality
from core.quality.document import measured_text
from core.quality.resample import Measured

NOTHING, IN_TOTAL = "nothing there", "in total"
PRECISION, RECALL = COLORS[0], COLORS[4]
MOST_SIDE = 30
"""Classes of a confusion matrix that fit on a page; of more, those with most labels."""


def class_name(schema_id: str | None, names: Names) -> str:
    """What a class is called, or all of them."""
    return IN_TOTAL if schema_id is None else names.of_class(schema_id)


def shares_chart(result: Quality, names: Names, ink: Ink) -> go.Figure:
    """Precision and recall of each class, and in total, with their 95 % intervals."""
    rows = [*result.classes, result.total]
    labels = [class_name(one.schema_id, names) for one in rows]
    traces = [
        _dots(labels, [getattr(one, which) for one in rows], title, symbol, color, place)
        for which, title, symbol, color, place in (
            ("precision", "precision: of the run's labels, right", "circle", PRECISION, -PAIR),
            ("recall", "recall: of people's labels, found by the run", "diamond", RECALL, PAIR),
        )
    ]
    across = "% of labels, with 95 % intervals"
    layout = rows_layout(labels, across, ink, range=[-2, 102])
    return drawn(traces, layout, ink)


def _dots(
    labels: Sequence[str], shares: Sequence[Measured], title: str, symbol: str, color: str,
    place: float,
) -> go.Scatter:  # fmt: skip
    known = [(n, share, 100 * share.value) for n, share in enumerate(shares)
             if share.value is not None]  # fmt: skip
    values = [value for _, _, value in known]
    ends = [(_percent(one.low), _percent(one.high)) for _, one, _ in known]
    return go.Scatter(
        x=values,
        y=[n + place for n, _, _ in known],
        mode="markers",
        name=title,
        marker={"size": 11, "symbol": symbol, "color": color},
        error_x=whiskers(values, ends, color),
        cliponaxis=False,
        customdata=[[labels[n], measured_text(one)] for n, one, _ in known],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def confusion_heat(
    result: Quality, names: Names, chosen: tuple[int, int] | None, ink: Ink
) -> go.Figure:
    """Labels of people (rows) by what the run has there (columns), each row as parts of a whole.

    Every cell that holds labels is a mark that can be selected; its `customdata` begins with its
    row and column.

    Args:
        result: How the labels came out.
        names: Of the classes.
        chosen: Row and column of the cell that is looked at, or None.
        ink: Colours of the theme.
    """
    shown = most_used(result)
    counts = result.confusion[np.ix_(shown, shown)]
    titles = _titles(result, names)
    axis = [titles[n] for n in shown]
    whole = np.maximum(1, counts.sum(axis=1, keepdims=True))
    nothing = len(result.schema_ids)
    parts = counts / whole
    right = [(r, c) for r in range(len(shown)) for c in range(len(shown)) if shown[r] == shown[c]]
    for r, c in right:
        parts[r, c] = 0.0  # what is right has a mark of its own; strength is for mistakes
    heat = go.Heatmap(
        z=(100 * parts).tolist(),
        x=list(range(len(shown))),
        y=list(range(len(shown))),
        zmin=0,
        zmax=100,
        xgap=2,
        ygap=2,
        colorscale=[[0, blended(ink.faint, 0.15, ink.paper)], [1, RECALL]],
        colorbar={"title": {"text": "% of the row"}, "thickness": 12},
        hoverinfo="skip",
    )
    cells = [
        (r, c) for r in range(len(shown)) for c in range(len(shown))
        if counts[r, c] or ((r, c) in right and shown[r] != nothing)
    ]  # fmt: skip
    strengths = [blended(RECALL, float(parts[r, c]), ink.paper) for r, c in cells]
    marks = go.Scatter(
        x=[c for _, c in cells],
        y=[r for r, _ in cells],
        mode="markers+text",
        text=[counted(counts[r, c]) for r, c in cells],
        textfont={"color": [readable_on(one) for one in strengths], "size": 13},
        marker={
            "symbol": "square",
            "size": 26,
            "color": [faded(COLORS[2], 0.25) if one in right else "rgba(0,0,0,0)" for one in cells],
            "line": {
                "width": [3 if chosen == (shown[r], shown[c]) else 0 for r, c in cells],
                "color": ink.text,
            },
        },
        customdata=[[shown[r], shown[c], axis[r], axis[c]] for r, c in cells],
        hovertemplate="people: %{customdata[2]}<br>run: %{customdata[3]}<br>%{text} labels"
        "<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}, "textfont": {"color": ink.text}},
        showlegend=False,
        cliponaxis=False,
    )
    ticks = {"tickvals": list(range(len(shown))), "ticktext": axis, "showgrid": False,
             "zeroline": False, "automargin": True, "fixedrange": True}  # fmt: skip
    edge = [-0.5, len(shown) - 0.5]
    layout = {
        "height": 150 + ROW * max(3, len(shown)),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "clickmode": "event+select",
        "xaxis": {**ticks, "range": edge, "title": {"text": "what the run has there"}},
        "yaxis": {**ticks, "range": edge[::-1], "title": {"text": "labels of people"}},
    }
    return drawn([heat, marks], layout, ink)


def most_used(result: Quality) -> list[int]:
    """Positions of the classes that the matrix shows, in their order, nothing there last."""
    counts, nothing = result.confusion, len(result.schema_ids)
    if nothing <= MOST_SIDE:
        return list(range(nothing + 1))
    many = counts[:-1].sum(axis=1) + counts[:, :-1].sum(axis=0)
    return [*sorted(np.argsort(-many, kind="stable")[:MOST_SIDE].tolist()), nothing]


def _titles(result: Quality, names: Names) -> list[str]:
    return [*(names.of_class(one) for one in result.schema_ids), NOTHING]


def confusion_table(result: Quality, names: Names) -> pd.DataFrame:
    """The whole matrix: a row per class of people."""
    titles = _titles(result, names)
    columns = [(f"Run: {title}", column.tolist())
               for title, column in zip(titles, result.confusion.T, strict=True)]  # fmt: skip
    return text_table([("Labels of people", titles), *columns])


def quality_table(
    result: Quality, names: Names, ap: AveragePrecision | None = None
) -> pd.DataFrame:
    """A row per class, and in total last."""
    rows = [*result.classes, result.total]
    columns: dict[str, list[object]] = {
        "Class": [class_name(one.schema_id, names) for one in rows],
        "Right": [one.right for one in rows],
        "Wrong class": [one.wrong_class for one in rows],
        "Missed": [one.missed for one in rows],
        "of these misplaced": [one.misplaced for one in rows],
        "Made up": [one.made_up for one in rows],
    }
    for title, which in (("Precision", "precision"), ("Recall", "recall"), ("F1", "f1"),
                         ("Mean overlap", "iou")):  # fmt: skip
        columns[title] = [measured_text(getattr(one, which)) for one in rows]
    if ap is not None:
        means = [*(ap.over.get(str(one.schema_id)) for one in result.classes), ap.mean_over]
        columns["AP, 50 to 95"] = ["–" if one is None else share_text(one) for one in means]
    return text_table(columns)
