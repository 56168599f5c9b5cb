"""Widgets that show what is kept elsewhere."""

from __future__ import annotations

from typing import Any

import streamlit as st


def hold(key: str, value: Any) -> None:
    """Make a widget show a value; call it right before the widget is drawn.

    A value that it shows already is not set again: a browser would take that for news, and lose
    what somebody has chosen meanwhile.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
