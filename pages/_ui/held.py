"""Widgets that show a value of the draft, though the browser may still say an older one.

Streamlit sends the values of all widgets with every click. One that was changed from elsewhere in
the meantime would come back with its old value, and that would pass for a wish of the user. So a
widget whose value was changed elsewhere becomes a new widget, and what is said about the old one is
not heard. Values are given as the widget's own default, never through the session state: such an
assignment is lost when the next run starts before the browser has heard of it.

What a widget was given is remembered here as well: `st.switch_page` forgets the values of the
widgets in the frame, while the browser still has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True, slots=True)
class Held:
    """A widget that is about to be drawn.

    Args:
        name: What it is called here.
        key: What Streamlit calls it.
        value: What it shows, to be given as its default.
    """

    name: str
    key: str
    value: Any

    def then(self, act: Callable[[Any], None]) -> Callable[[], None]:
        """What to do with a value that the user gives."""

        def changed() -> None:
            if _key(self.name) == self.key:
                act(st.session_state[self.key])

        return changed


def _turns() -> dict[str, int]:
    turns: dict[str, int] = st.session_state.setdefault("held", {})
    return turns


def _given() -> dict[str, Any]:
    given: dict[str, Any] = st.session_state.setdefault("held.given", {})
    return given


def _key(name: str) -> str:
    turn = _turns().get(name, 0)
    return f"{name}.{turn}" if turn else name


def shown(name: str) -> Any:
    """What the widget has now, None before it was drawn."""
    return st.session_state.get(_key(name))


def held(name: str, value: Any, keep: Callable[[Any], bool] = lambda shown: False) -> Held:
    """A widget that shall show `value`.

    Args:
        name: What it is called.
        value: What the draft has.
        keep: Says of the widget's value that it stays on show, though the draft does not have it.
    """
    key, given = _key(name), _given()
    if key in st.session_state:
        now = st.session_state[key]
        if now == value or keep(now):
            given[name] = now
            return Held(name, key, now)
        _turns()[name] = _turns().get(name, 0) + 1
    elif given.get(name, value) != value:
        _turns()[name] = _turns().get(name, 0) + 1
    given[name] = value
    return Held(name, _key(name), value)
