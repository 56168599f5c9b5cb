"""What cannot be taken back is asked first: by a second click, or by a project's name typed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.model.text import visible
from pages._ui.keys import Key, part
from pages._ui.markdown_escape import plain


def ask(at: Key) -> None:
    """Let `confirm` ask; for the button that would do it."""
    st.session_state[at] = True


def confirm(at: Key, question: str, yes: str, act: Callable[[], object]) -> None:
    """Ask, once `ask` was called; what is asked about is done by the button that says so.

    Args:
        at: Key of the question.
        question: What would be lost.
        yes: What the button says that does it.
        act: Does it.
    """
    if not st.session_state.get(at):
        return
    st.warning(plain(question), icon=":material/warning:")
    with st.container(horizontal=True):
        st.button(yes, type="primary", key=part(at, "yes"), on_click=_answered, args=(at, act))
        st.button("Not now", key=part(at, "no"), on_click=_answered, args=(at, None))


def _answered(at: Key, act: Callable[[], object] | None) -> None:
    st.session_state.pop(at, None)
    if act is not None:
        act()


def name_typed(name: str, at: Key, why: str) -> bool:
    """Ask for a project's name; true once it was typed, as it is or as it is shown.

    Spaces and line breaks count as one space, because a field holds one line.

    Args:
        name: The project's; its id where it has none.
        at: Key of the field.
        why: What it allows, such as `to allow writing`.
    """
    visible_name = _one_line(visible(name))
    typed: str = st.text_input(f"Type the project's name, {plain(visible_name)}, {why}", key=at)
    return bool(typed.strip()) and _one_line(typed) in (_one_line(name), visible_name)


def _one_line(text: str) -> str:
    return " ".join(text.split())
