"""What a page says when there is nothing to show on it."""

from __future__ import annotations

import streamlit as st

from pages._ui.state import Opened


def nothing_here(here: Opened) -> bool:
    """Whether no task is looked at; then it says why, and what to do."""
    if here.tasks:
        return False
    if len(here.table):
        message = "No task is in this selection. Widen it in the sidebar."
        st.info(message, icon=":material/filter_alt:")
    elif here.hub is not None:
        message = (
            "This project has no task yet. Upload assets in Ango Hub, then choose *Read again*"
        )
        st.info(f"{message} on the Connect page.", icon=":material/inbox:")
    else:
        st.info("This file holds no task. Open another export.", icon=":material/inbox:")
    return True
