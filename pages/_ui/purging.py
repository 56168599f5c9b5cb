"""Asks before a project is taken from this machine for good."""

from __future__ import annotations

import streamlit as st

from core.errors import SwitchyardError
from core.model.figures import counted
from core.purge import places, purge, to_purge
from pages._ui.confirm import name_typed
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.state import DEMO, current, open_workspace


@st.dialog("Purge this project from this machine")
def purge_dialog() -> None:
    """Say what goes, and ask for the name."""
    settings, store = services().settings, services().hub
    try:
        what = to_purge(settings, store, current().workspace)
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.markdown(
        f"**{plain(what.name)}** is deleted for good, with drafts, scenarios, runs, labels, logs "
        "and backups of its workflow. There is no undo; Ango Hub keeps what it has."
    )
    st.markdown("\n".join(f"- {plain(place)}" for place in places(what)))
    ready = name_typed(what.name, key("purge.name"), "to allow it")
    if not st.button("Purge it", type="primary", key="purge.go"):
        return
    if not ready:
        st.warning(
            "Nothing is purged yet. Type the name as it stands above, then press Purge it again.",
            icon=":material/edit_off:",
        )
        return
    try:
        removed = purge(settings, store, what, what.name)
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    gone = current().workspace
    open_workspace(DEMO)
    state = current()
    del state.away[gone]  # what was in hand there
    state.notice = f"{what.name} is gone from this machine: {counted(removed)} files, and its rows."
    st.rerun()
