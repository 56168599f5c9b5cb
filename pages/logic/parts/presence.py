"""Tells two editors of one draft about each other, and what to do when one was first."""

from __future__ import annotations

import streamlit as st

from core.errors import StoreUnavailable, UnknownName
from pages._ui import drafting
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.state import current

EVERY = "5s"


@st.fragment(run_every=EVERY)
def watch() -> None:
    """Look every few seconds what other windows do with the draft; one thing is said at a time."""
    state = current()
    if state.draft is None:
        return
    if state.parted is not None:
        _parted(state.parted)
        return
    drafts = services().drafts
    try:
        others = drafts.others(state.draft.id, state.editor, state.began)
    except StoreUnavailable:  # it writes, and a page that only shows needs no room
        others = 0
    try:
        latest = drafts.get(state.draft.id)
    except UnknownName as error:
        st.warning(
            f"{plain(str(error))} Your next edit is saved in a draft of its own.",
            icon=":material/delete:",
        )
        return
    if latest.version != state.draft.version:
        st.warning("This draft was changed in another window.", icon=":material/sync_problem:")
        if st.button("Load the other version", key="presence.reload"):
            drafting.load(latest.id)
            st.rerun()
    elif others:
        windows = "another window" if others == 1 else f"{others} other windows"
        st.info(f"This draft is also open in {windows}.", icon=":material/group:")


def _parted(other: str) -> None:
    """The last edit went into a draft of its own; a way back to the other one."""
    st.warning(
        "Another window changed this draft before you. Your edit is saved in a draft of its own.",
        icon=":material/call_split:",
    )
    left, right = st.columns(2)
    if left.button("Load the other version", key="presence.load", width="stretch"):
        drafting.load(other)
        st.rerun()
    right.button("Go on with mine", on_click=_go_on, key="presence.keep", width="stretch")


def _go_on() -> None:
    current().parted = None
