"""Tells two editors of one draft about each other, and what to do when one was first."""

from __future__ import annotations

import streamlit as st

from core.errors import UnknownName
from pages._ui import drafting
from pages._ui.services import services
from pages._ui.state import current

EVERY = "5s"


def conflict() -> None:
    """Offer the two ways out when an edit could not be saved."""
    state = current()
    if state.unsaved is None or state.draft is None:
        return
    st.warning(
        "This draft was changed in another window. Your edit is still here, but not saved.",
        icon=":material/sync_problem:",
    )
    left, right = st.columns(2)
    left.button(
        "Load the other version",
        on_click=drafting.load,
        args=(state.draft.id,),
        key="presence.load",
        width="stretch",
    )
    right.button(
        "Keep mine as a draft of its own",
        on_click=drafting.keep_mine,
        key="presence.keep",
        width="stretch",
    )


@st.fragment(run_every=EVERY)
def watch() -> None:
    """Look every few seconds whether somebody else has the draft open, or changed it."""
    state = current()
    if state.draft is None or state.unsaved is not None:
        return
    drafts = services().drafts
    others = drafts.others(state.draft.id, state.editor)
    try:
        latest = drafts.get(state.draft.id)
    except UnknownName:
        return
    if latest.version != state.draft.version:
        st.warning("This draft was changed in another window.", icon=":material/sync_problem:")
        if st.button("Load the other version", key="presence.reload"):
            drafting.load(latest.id)
            st.rerun()
    elif others:
        windows = "another window" if others == 1 else f"{others} other windows"
        st.info(f"This draft is also open in {windows}.", icon=":material/group:")
