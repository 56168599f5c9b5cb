"""The event log that is looked at: one that was uploaded, else the histories of the tasks."""

from __future__ import annotations

from hashlib import blake2b

import streamlit as st

from core.ango_json.text import decoded
from core.errors import InputError
from core.flow.logs.event_log import EventLog, log_of_table
from core.flow.logs.read_csv import columns_of, read_log
from core.model.figures import counted
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened

KEPT = "reality.log"


def log_picker(here: Opened) -> None:
    """What is looked at, and the way to another log."""
    kept = st.session_state.get(KEPT)
    left, right = st.columns([3, 2], vertical_alignment="center")
    if kept is None:
        left.markdown(f"Histories of {counted(len(here.table))} tasks.")
    else:
        left.markdown(f"Event log **{plain(kept[0])}**, {counted(len(kept[2]))} cases.")
    with right.popover("Another event log", icon=":material/upload:", width="stretch"):
        _upload()
        if kept is not None and st.button("Back to the tasks", key=key("reality.back")):
            del st.session_state[KEPT]
            st.rerun()


def _upload() -> None:
    st.caption("A CSV with case, activity, resource, start and end, by any usual name.")
    uploaded = st.file_uploader("Event log", type=["csv"], key=key("reality.upload"))
    other = st.text_input(
        "Columns of other names",
        key=key("reality.columns"),
        placeholder="case=Order; start=Began at",
    )
    if not st.button(
        "Take this log", type="primary", key=key("reality.take"), disabled=not uploaded
    ):
        return
    assert uploaded is not None
    content = uploaded.getvalue()
    try:
        columns = columns_of([pair for pair in other.split(";") if pair.strip()])
        log = read_log(decoded(content, uploaded.name), uploaded.name, columns)
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    code = blake2b(content + other.encode(), digest_size=8).hexdigest()
    st.session_state[KEPT] = (uploaded.name, code, log)
    st.rerun()


def log_in_hand(here: Opened) -> tuple[EventLog, str] | None:
    """The log and what names it; None where there are no tasks either.

    Raises:
        InputError: The tasks have no history with dates.
    """
    kept = st.session_state.get(KEPT)
    if kept is not None:
        return kept[2], kept[1]
    if not len(here.table):
        return None
    source = here.project.source if here.project else None
    return _of_tasks(here.table.fingerprint, source, here), here.table.fingerprint


@st.cache_resource(max_entries=4, show_spinner="Reading the histories")
def _of_tasks(fingerprint: str, source: str | None, _here: Opened) -> EventLog:  # noqa: ARG001
    return log_of_table(_here.table, _here.project)
