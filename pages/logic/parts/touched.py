"""What publishing touches, on its page: the tasks that will meet the rules first."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.charts.publish import shift_table
from core.publish.touched import Touched
from core.routing.versions.stages import StageChange, unchanged_words
from pages._ui.figure import data_table
from pages._ui.keys import Key, part
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened


def touched_view(here: Opened, result: Touched, at: Key) -> None:
    """Show the tasks that will meet the rules, and apart from them the what-if over all."""
    st.markdown(plain(result.sentence))
    if result.waiting and any(change.changed for change in result.changes):
        st.caption("By the labels, batches and durations that they have now, expected:")
        _table(here, result.changes, part(at, "touched"))
    with st.expander("What if all tasks went through anew?"):
        st.caption(result.what_if_sentence)
        _table(here, result.what_if, part(at, "shift"))


def _table(here: Opened, changes: Sequence[StageChange], name: Key) -> None:
    if any(change.changed for change in changes):
        data_table(shift_table(changes, here.names), name)
    same = unchanged_words(changes)
    if same:
        st.caption(f"Stages: {same}.")
