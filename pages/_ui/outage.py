"""What a page says of an error that nothing around it expected, such as a database that is away.

A page can meet one at any line, in a fragment and in what a click sets off. So it is said where
Streamlit would show a traceback; version 1.56. What a role does not allow is said there, too. While
the database is away, the page comes back by itself. The server loads this before it starts, so it
imports little.
"""

from __future__ import annotations

import streamlit as st
from streamlit import error_util
from streamlit.runtime import fragment
from streamlit.runtime.scriptrunner import exec_code, get_script_run_ctx

from core.errors import Forbidden, StoreUnavailable, SwitchyardError, refused_by_disk
from pages._ui.markdown_escape import plain

NOT_KEPT = "A change that you made just then was not kept; do it again."
"""Stands first, since a long notice is cut."""


def say_outages() -> None:
    """Make the server say them; call it once, before it starts."""
    otherwise = error_util.handle_uncaught_app_exception

    def handle(ex: BaseException) -> None:
        if isinstance(ex, OSError):
            ex = refused_by_disk(ex) or ex
        if isinstance(ex, StoreUnavailable):
            show_outage(ex)
        elif isinstance(ex, Forbidden):
            st.error(plain(str(ex)), icon=":material/block:")
            st.button("Go on", key="outage.go-on")
        elif isinstance(ex, SwitchyardError):
            st.error(plain(str(ex)), icon=":material/error:")
        else:
            otherwise(ex)

    for module in (exec_code, fragment):
        module.handle_uncaught_app_exception = handle  # type: ignore[attr-defined]


def show_outage(error: SwitchyardError) -> None:
    """Say it in place of what would stand there, until the database answers."""
    st.error(plain(str(error)), icon=":material/error:")
    refused = isinstance(error, StoreUnavailable)
    _come_back(f"{NOT_KEPT} {error.message}" if refused else None)


@st.fragment(run_every=2.0)
def _come_back(notice: str | None) -> None:
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not context.fragment_ids_this_run:
        return  # the page is only being drawn
    from pages._ui.services import services

    try:
        services().hub.note("")
    except SwitchyardError:
        return
    if notice is not None:  # it may have been there for a moment only
        from pages._ui.state import current

        current().notice = notice
    st.rerun()
