"""Widgets that show what is kept elsewhere."""

from __future__ import annotations

from typing import Any

import streamlit as st


def hold(key: str, value: Any) -> None:
    """Make a widget show a value; call it right before the widget is drawn.

    A value that it shows already is not set again: a browser would take that for news, and lose
    what somebody has chosen meanwhile.
    """
    shown = st.session_state.get(key)
    if key not in st.session_state or type(shown) is not type(value) or shown != value:
        st.session_state[key] = value


def page_number(pages: int, key: str, label: str = "") -> int:
    """Ask for a page, from 1; a page that is no longer there becomes the last one."""
    if pages < 2:
        st.session_state.pop(key, None)
        return 1
    if key in st.session_state:
        hold(key, min(pages, int(st.session_state[key])))
    return int(st.number_input(label or f"Page of {pages:,}", 1, pages, key=key))
