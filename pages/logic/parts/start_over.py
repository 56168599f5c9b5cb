"""Puts the demo back as it was packaged, after asking once."""

from __future__ import annotations

import streamlit as st

from core.errors import SwitchyardError
from core.launcher.start_over import start_over, started_over_at
from pages._ui.services import connected_hub, services
from pages._ui.state import current, write_link


def start_over_button() -> None:
    """Offer it."""
    if st.button(
        "Start over",
        icon=":material/restart_alt:",
        help="Puts the demo back as it was packaged. Asks first.",
        key="demo.again",
    ):
        _ask()


@st.dialog("Start over?")
def _ask() -> None:
    st.markdown(
        "The demo on the local hub goes back to what it was when it was packaged: its tasks, their "
        "labels and its rules. Your drafts, scenarios, backups and runs stay."
    )
    with st.container(horizontal=True):
        sure = st.button("Start over", type="primary", key="demo.sure", on_click=_carry_out)
        kept = st.button("Keep it as it is", key="demo.keep")
    if sure or kept:
        st.rerun()


def _carry_out() -> None:
    hub, state = connected_hub(), current()
    try:
        start_over(services().settings, services().hub, hub.url if hub else None)
    except SwitchyardError as error:
        state.notice = f"Nothing was put back. {error}"
        return
    st.session_state["demo.restarted"] = started_over_at(services().hub)
    kept = " Your draft is in the list of drafts." if state.draft else ""
    state.draft, state.parted, state.scenario, state.seen = None, None, None, None
    state.notice = f"The demo is as packaged again.{kept}"
    write_link()
