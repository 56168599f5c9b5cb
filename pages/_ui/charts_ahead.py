"""Lets the browser load what draws charts at once, and not when the first chart has arrived.

Streamlit's chart is a part of its own of 4.7 MB. Loading and starting it takes a second or two of
the browser, in which it would only wait for the first page.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_LOADS = """
export default ({ data }) => {
  for (const part of data) import(new URL(part, document.baseURI));
};
"""
_STATIC = Path(st.__file__).parent / "static"


def charts_ahead() -> None:
    """Call it before anything that takes time; it imports nothing but Streamlit."""
    parts = sorted(_STATIC.glob("static/js/PlotlyChart.*.js"))
    mount = st.components.v2.component("switchyard_charts_ahead", html="<div></div>", js=_LOADS)
    mount(key="frame.charts-ahead", data=[part.relative_to(_STATIC).as_posix() for part in parts])
