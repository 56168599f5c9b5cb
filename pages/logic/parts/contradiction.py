"""Whether the tasks' histories contradict the rules, said before their numbers."""

from __future__ import annotations

import streamlit as st

from core.errors import InputError
from core.model.stages import Logic
from core.tasks.select import Selection
from pages._ui import cached, drafting
from pages._ui.state import Opened
from pages._ui.verdict import verdict

MOST = 200_000
"""Tasks up to which the histories are followed as the page opens; it takes a second or two."""


def contradiction(here: Opened, stage: Logic) -> None:
    """Say it in one line; nothing where they agree, or where the rules are edited ones."""
    if stage != drafting.baseline(here) or not len(here.table):
        return
    if len(here.table) > MOST:
        st.caption("Whether the histories agree is asked on Plan: Is the hub behaving?")
        return
    # where a task is now, and when it was last worked on, depend on where the rules sent it
    within = cached.selected(here.table, Selection(batches=here.selection.batches))
    try:
        behaviour = cached.behaved(here.workspace, stage, within)
    except InputError:
        return  # no histories; Plan says what is missing
    if not behaviour.behaving:
        first, *more = behaviour.sentences[: behaviour.concluded]
        verdict("bad", [f"The histories contradict these numbers. {first}"])
        if more:
            st.caption("Plan says the rest: Is the hub behaving?")
