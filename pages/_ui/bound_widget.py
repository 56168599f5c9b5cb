"""Widgets that show a value of the draft, though the browser may still say an older one.

Streamlit sends the values of all widgets with every click. One that was changed from elsewhere in
the meantime would come back with its old value, and that would pass for a wish of the user. So a
widget whose value was changed elsewhere becomes a new widget, and what is said about the old one is
not heard. Values are given as the widget's own default, never through the session state: such an
assignment is lost when the next run starts before the browser has heard of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.model.figures import counted
from pages._ui.keys import Key, part


@dataclass(frozen=True, slots=True)
class Held:
    """A widget that is about to be drawn.

    Args:
        name: What it is called here.
        key: What Streamlit calls it.
        value: What it shows, to be given as its default.
    """

    name: Key
    key: Key
    value: Any

    def then(self, act: Callable[[Any], None]) -> Callable[[], None]:
        """What to do with a value that the user gives."""

        def changed() -> None:
            if _key(self.name) == self.key:
                act(st.session_state[self.key])

        return changed


@dataclass(slots=True)
class _Past:
    """How often a widget was made anew, and what it last showed."""

    turn: int = 0
    value: Any = None


def _past(name: Key) -> _Past | None:
    known: dict[str, _Past] = st.session_state.setdefault("held", {})
    return known.get(name)


def _key(name: Key) -> Key:
    past = _past(name)
    return part(name, past.turn) if past and past.turn else name


def shown(name: Key) -> Any:
    """What the widget has now, None before it was drawn."""
    return st.session_state.get(_key(name))


def held(name: Key, value: Any, keep: Callable[[Any], bool] = lambda shown: False) -> Held:
    """A widget that shall show `value`.

    Args:
        name: What it is called.
        value: What the draft has.
        keep: Says of the widget's value that it stays on show, though the draft does not have it.
    """
    past = _past(name)
    if past is None:
        past = st.session_state["held"][name] = _Past(0, value)
    # Streamlit forgets a widget that was not drawn for a while; a browser does not
    now = st.session_state.get(_key(name), past.value)
    if now != value and not keep(now):
        past.turn += 1
        now = value
    past.value = now
    return Held(name, _key(name), now)


def hold(at: Key, value: Any) -> None:
    """Make a widget show a value; call it right before the widget is drawn.

    Only for one that begins empty, so that its user can empty it: where a run is interrupted the
    value is lost, and the widget shows its own default.

    A value that it shows already is not set again: a browser would take that for news, and lose
    what somebody has chosen meanwhile.
    """
    in_widget = st.session_state.get(at)
    if at not in st.session_state or type(in_widget) is not type(value) or in_widget != value:
        st.session_state[at] = value


def page_number(pages: int, at: Key, label: str = "", place: Any = st) -> int:
    """Ask for a page, from 1; a page that is no longer there becomes the last one."""
    if pages < 2:
        st.session_state.pop(at, None)
        return 1
    if at in st.session_state:
        hold(at, min(pages, int(st.session_state[at])))
    return int(place.number_input(label or f"Page, 1 to {counted(pages)}", 1, pages, key=at))
