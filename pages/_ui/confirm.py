"""A project's name typed to allow what changes it."""

from __future__ import annotations

import streamlit as st

from core.model.text import visible
from pages._ui.keys import Key
from pages._ui.markdown_escape import plain


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
