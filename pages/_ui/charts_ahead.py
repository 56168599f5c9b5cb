"""Lets the browser load what draws charts once it has the first page, and not at the first chart.

Streamlit's chart is a part of its own of 4.7 MB. Loading and starting it takes a second or two of
the browser, which Home, whose charts are tables, need not wait for.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_JS = (Path(__file__).parent / "charts_ahead.js").read_text(encoding="utf-8")
STATIC = Path(st.__file__).parent / "static"
_CHART = STATIC.glob("static/js/PlotlyChart.*.js")
PARTS = [part.relative_to(STATIC).as_posix() for part in _CHART]
"""Addresses of Streamlit's own part; their names hold a digest, which changes with its version."""


def charts_ahead() -> None:
    """Call it after the page; one that ends early does without."""
    mount = st.components.v2.component("switchyard_charts_ahead", html="<div></div>", js=_JS)
    mount(key="frame.charts-ahead", data=PARTS)
