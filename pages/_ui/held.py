"""Widgets that show a value of the draft, though the browser may still hold an older one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def _current(key: str) -> str:
    turn = st.session_state.setdefault("held", {}).get(key, 0)
    return f"{key}.{turn}" if turn else key


def shown(key: str) -> Any:
    """What the widget has now, None before it was drawn."""
    return st.session_state.get(_current(key))


def held(key: str, value: Any, keep: Callable[[Any], bool] = lambda shown: False) -> str:
    """The key of a widget that is about to be drawn and shall show `value`.

    Where the widget has another value, because the draft was changed elsewhere, it becomes a new
    widget: what a browser says about the old one, before it has heard of the change, is then not
    taken for a wish of the user.

    Args:
        key: The widget's name.
        value: What the draft has.
        keep: Says of the widget's value that it stays on show, though the draft does not have it.
    """
    name = _current(key)
    if name in st.session_state:
        if st.session_state[name] == value or keep(st.session_state[name]):
            return name
        turns = st.session_state["held"]
        turns[key] = turns.get(key, 0) + 1
        name = _current(key)
    st.session_state[name] = value
    return name
