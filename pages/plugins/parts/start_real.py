"""The two ways to start, always in view: a dry run at a click, for real after one question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from core.access.actions import Action
from core.plugin_runs.last_look import last_look
from core.plugin_runs.model import RunRequest
from core.plugin_runs.preflight import Around, Preflight, is_blocked, preflight
from core.store.hub import SANDBOX, HubProject
from pages._ui.confirm import name_typed
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.may import opened_to
from pages.plugins.parts.preflight_card import summary

ASKING = "start.asking"
STYLE = Path(__file__).parent / "in_view.css"


def start_bar(findings: Sequence[Preflight], go: Callable[[bool], None]) -> None:
    """Draw both buttons at the lower edge of the window, however long the page is.

    Args:
        findings: Everything to say before the start.
        go: Starts it; given whether as a dry run.
    """
    st.html(STYLE)
    blocked = is_blocked(findings)
    with st.container(key="start-bar"):
        words, dry, real = st.columns([3, 2, 2], vertical_alignment="center")
        state = "Cannot start yet: see what is wrong above." if blocked else (
            f"{summary(findings)}. A dry run writes nothing.")  # fmt: skip
        words.markdown(f":red[{state}]" if blocked else state)
        dry.button(
            "Dry run", icon=":material/visibility:", type="primary", width="stretch",
            on_click=go, args=(True,), key="start.dry",
            **opened_to(Action.RUN_START, blocked,
                        "The plugin runs; its labels are kept aside for you to look at."),
        )  # fmt: skip
        real.button(
            "Start for real", icon=":material/play_arrow:", width="stretch",
            on_click=_ask, key="start.go",
            **opened_to(Action.RUN_START, blocked,
                        "Says once more what will be written, and asks."),
        )  # fmt: skip


def ask_once(
    request: RunRequest, facts: Around, project: HubProject, go: Callable[[bool], None]
) -> None:
    """Ask, while somebody wants to start for real: what will be done, and every doubt."""
    if not st.session_state.get(ASKING):
        return
    findings = preflight(request, facts)
    if is_blocked(findings):
        forget()
        return
    look = last_look(request, facts, findings)

    @st.dialog("Start for real?", on_dismiss=forget)
    def ask() -> None:
        for heading, sentence in look.lines:
            st.markdown(f"**{heading}** {plain(sentence)}")
        sure = True
        for doubt in look.doubts:
            st.warning(plain(f"{doubt.message} {doubt.hint}".strip()), icon=":material/warning:")
        if look.doubts:
            many = "this doubt" if len(look.doubts) == 1 else f"these {len(look.doubts)} doubts"
            read = key("start.read", *(doubt.message for doubt in look.doubts))
            sure = st.checkbox(f"I have read {many}", key=read)
        if project.backend != SANDBOX:
            st.caption("This project lives on Ango Hub: a run for real writes there.")
            name = project.name or project.id
            sure = name_typed(name, key("start.confirm"), "to allow it") and sure
        with st.container(horizontal=True):
            if st.button("Start for real", type="primary", icon=":material/play_arrow:",
                         disabled=not sure, key="start.real"):  # fmt: skip
                go(False)
                st.rerun()
            if st.button("Not now", key="start.not", on_click=forget):
                st.rerun()

    ask()


def forget() -> None:
    """Ask no more."""
    st.session_state.pop(ASKING, None)


def _ask() -> None:
    st.session_state[ASKING] = True
