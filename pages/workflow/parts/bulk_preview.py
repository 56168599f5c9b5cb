"""What an operation would do, on the Bulk page: how many, what is lost, where tasks go."""

from __future__ import annotations

import streamlit as st

from core.bulk.carry_out import Carried
from core.bulk.operation import Assigning, Prioritising
from core.bulk.preview import BulkPreview
from core.bulk.shown import FIRST, levels
from core.bulk.situation import Situation
from core.charts.bulk import bulk_bars, bulk_table, first_tasks
from core.errors import TasksChanged
from core.model.figures import counted
from core.model.names import Names
from pages._ui.figure import data_table, figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain


def preview_view(shows: BulkPreview, seen: Situation, names: Names) -> None:
    """Show it; what cannot be taken back comes first."""
    st.markdown(f"**{plain(shows.sentence(names))}**")
    for note in shows.notes:
        if note.severity == "warning":
            st.warning(plain(note.sentence), icon=":material/warning:")
    for note in shows.notes:
        if note.severity == "note":
            st.markdown(f":material/info: {plain(note.sentence)}")
    for left in shows.left_out:
        st.caption(f"Stay as they are: {counted(left.tasks)} {plain(left.why)}.")
    rows = levels(shows, seen, names)
    if not rows:
        return
    change = shows.operation.change
    heading = "Stage"
    if isinstance(change, Prioritising):
        heading = "Priority"
    elif isinstance(change, Assigning):
        heading = "Assignee"
    figure(bulk_bars(rows, ink()), bulk_table(rows, heading), key("bulk.levels"))
    many = len(shows.touched)
    first = f"The first {FIRST} of {counted(many)} tasks" if many > FIRST else "The tasks"
    with st.expander(first):
        data_table(first_tasks(shows, names), key("bulk.first"))


def stale_view(error: TasksChanged) -> None:
    """Why it was refused, and what changed."""
    st.error(plain(str(error)), icon=":material/error:")
    for line in error.changes:
        st.markdown(f"- {plain(line)}")


def carried_view(done: Carried) -> None:
    """How many tasks are as wanted, read back from the hub."""
    words = plain(done.sentence)
    if done.whole:
        st.success(words, icon=":material/check_circle:")
        return
    st.warning(words, icon=":material/warning:")
    for name in done.others:
        st.markdown(f"- {plain(name)}")
