"""The way to a run: its page shows what the address names."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from pages._ui.nav import CHECK, RUN, Entry
from pages._ui.state import current

ARRIVED = "runs.arrived"


def open_run(session: str) -> NoReturn:
    """Show a run."""
    current().run = session
    st.switch_page(f"pages/{RUN.file}")


def leave_run(entry: Entry) -> None:
    """Forget the run on show where another page is; a session that begins at one goes to it.

    Args:
        entry: The page that is drawn now.
    """
    begins = not st.session_state.get(ARRIVED, False)
    st.session_state[ARRIVED] = True
    run = current().run
    if entry is RUN or entry.file == CHECK or run is None:
        return
    if begins and entry.file == "plugins/runs.py":  # as links were before
        open_run(run)
    current().run = None
