"""The one place where a figure is made: text in it is text, only templates hold markup.

Plotly draws `<b>`, `<br>`, `<a>` and `&lt;` of any label, tick or hover as markup, fills in `%{…}`
and sets `$…$` as a formula. Names of classes, people and stages are other people's, so every text
of a figure is escaped here, whoever wrote it; markup of ours stands in templates, which are written
out and take text through `customdata`. `tests/test_architecture.py` refuses figures made elsewhere
and templates that are put together.

Plotly undoes what is done here when it draws: its `convertEntities` knows `&amp;`, `&lt;`, `&gt;`
and numbers, and looks for formulas and templates before that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.charts.palette import Ink
from core.model.text import cut, one_line

_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%": "&#37;"})
_LABELS = {"ticktext", "label", "labels", "categoryarray"}
_TEXTS = _LABELS | {"text", "hovertext", "customdata", "name", "meta", "ids", "parents", "title"}
_PLACES = {"x", "y", "z"}
"""Where categories stand beside numbers."""

LONGEST_LABEL, LONGEST = 60, 240
"""Characters of a label beside a chart, and of any other text in it."""


def literal(text: str, most: int = LONGEST) -> str:
    """A text that Plotly draws as it stands, on one line, with what is hidden as its code."""
    return one_line(cut(text, most)).translate(_MARKUP)


def drawn(
    data: Sequence[Any],
    layout: Mapping[str, Any],
    ink: Ink,
    frames: Sequence[tuple[str, Sequence[int], Sequence[Any]]] = (),
) -> go.Figure:
    """A figure of traces and a layout, in which every text is drawn literally.

    Args:
        data: Traces; markup is markup in their templates only.
        layout: As Plotly has it.
        ink: Colours of the theme; ticks and titles get theirs here, since Streamlit's are too pale.
        frames: Of an animation: name, which traces are drawn anew, and these.
    """
    traces = [_literal(trace.to_plotly_json()) for trace in data]
    for trace in traces:
        if "colorbar" in trace:
            trace["colorbar"] = _inked(trace["colorbar"], ink)
    own = _literal(dict(layout))
    own |= {name: _inked(axis, ink) for name, axis in own.items() if _AXIS.fullmatch(name)}
    moving = [
        {
            "name": literal(name),
            "traces": list(which),
            "data": [_literal(trace.to_plotly_json()) for trace in some],
        }
        for name, which, some in frames
    ]
    return go.Figure(data=traces, layout=own, frames=moving)


_AXIS = re.compile(r"[xy]axis\d*")


def _inked(axis: Mapping[str, Any], ink: Ink) -> dict[str, Any]:
    """An axis or a colour bar with ticks and title that can be read."""
    color = {"color": ink.label}
    inked = {**axis, "tickfont": {**axis.get("tickfont", {}), **color}}
    if "title" in axis:
        title = axis["title"]
        inked["title"] = {**title, "font": {**title.get("font", {}), **color}}
    return inked


def _literal(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same properties with the texts in them escaped."""
    return {name: _property(name, one) for name, one in value.items()}


def _property(name: str, value: Any) -> Any:
    if name in _TEXTS or name in _PLACES:
        return _texts(value, LONGEST_LABEL if name in _LABELS else LONGEST)
    return _inside(value)


def _inside(value: Any) -> Any:
    """A property that is no text itself, but may have properties that are."""
    if isinstance(value, Mapping):
        return _literal(value)
    if isinstance(value, (list, tuple)):
        return [_inside(one) for one in value]
    return value


def _texts(value: Any, most: int) -> Any:
    """Texts, however deep they stand in lists; numbers stay."""
    if isinstance(value, str):
        return literal(value, most)
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind not in "OUS" else _texts(value.tolist(), most)
    if isinstance(value, Mapping):
        return _literal(value)
    if isinstance(value, (list, tuple)):
        return [_texts(one, most) for one in value]
    return value
