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
from core.model.text import one_line
from pages._ui.figure import data_table, figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain


def preview_view(shows: BulkPreview, seen: Situation, names: Names) -> None:
    """Show it; what cannot be taken back comes first."""
    st.text(one_line(shows.sentence(names)))  # Markdown makes links of addresses
    warnings = [plain(one.sentence) for one in shows.notes if one.severity == "warning"]
    if warnings:
        st.warning("\n\n".join(warnings), icon=":material/warning:")
    notes = [plain(one.sentence) for one in shows.notes if one.severity == "note"]
    stay = [f"Stay as they are: {counted(o.tasks)} {plain(o.why)}." for o in shows.left_out]
    if notes or stay:
        st.markdown("\n".join(f"- {line}" for line in (*notes, *stay)))
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
    else:
        st.warning(words, icon=":material/warning:")
    for name in done.others:
        st.markdown(f"- {plain(name)}")
    st.caption(
        "Other pages show the tasks as they were read before; read them again on the Connect page."
    )
