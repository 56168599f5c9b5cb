"""What stands above the list of rules: add one, take a step back, and go on with the edit."""

from __future__ import annotations

import streamlit as st

from core.routing import edit
from core.rule_types.registry import TYPES, type_label
from pages._ui import drafting
from pages._ui.keys import key
from pages._ui.state import Opened, current

WAYS_ON = (("Compare", "compare_arrows", "compare"), ("Publish", "publish", "publish"))


def rule_tools(here: Opened) -> None:
    """The row right above the list."""
    state = current()
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    row.selectbox(
        "Add a rule",
        list(TYPES),
        index=None,
        format_func=type_label,
        placeholder="Add a rule",
        label_visibility="collapsed",
        key="rules.add",
        on_change=_add,
        args=(here,),
    )
    steps = (state.draft.undo, state.draft.redo) if state.draft else (0, 0)
    for label, icon, left, act in (
        ("Undo", "undo", steps[0], drafting.undo),
        ("Redo", "redo", steps[1], drafting.redo),
    ):
        row.button(
            "", icon=f":material/{icon}:", help=label, disabled=not left, on_click=act,
            key=key("rules.step", icon),
        )  # fmt: skip


def ways_on() -> None:
    """Where an edit goes from here; nothing where none is in hand."""
    if current().draft is None:
        return
    with st.container(horizontal=True, horizontal_alignment="right"):
        for label, icon, where in WAYS_ON:
            if st.button(label, icon=f":material/{icon}:", key=key("rules.on", icon)):
                st.switch_page(f"pages/logic/{where}.py")


def _add(here: Opened) -> None:
    state, kind = current(), st.session_state["rules.add"]
    st.session_state["rules.add"] = None
    if kind is not None:
        stage = drafting.stage_in_hand(here)
        dialect, taken = here.workspace.dialect, drafting.known_ids(here)
        edited, state.rule = edit.add_new(stage, kind, dialect, here.names, taken)
        drafting.save(here, edited)
        state.notice = edit.rewritten(stage, edited, [state.rule]) or state.notice
