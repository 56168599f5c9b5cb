"""Tasks of two rules, opened on the Tasks page from where their number stands."""

from __future__ import annotations

import streamlit as st

from core.model.stages import Logic
from core.routing.explain.hits import both_match, taken_from
from core.routing.sentence import rule_text, rules_text
from core.tasks.bits import Bits
from pages._ui.state import Focus, Opened, current

TASKS_PAGE = "pages/project/tasks.py"


def open_tasks(focus: Focus) -> None:
    """Go to the Tasks page, narrowed to these tasks."""
    current().focus = focus
    st.switch_page(TASKS_PAGE)


def narrowed(here: Opened, stage: Logic) -> Bits:
    """The tasks looked at, narrowed to what was opened; draws what they are and a way out."""
    state = current()
    focus, ids = state.focus, [rule.id for rule in stage.active]
    if focus is None:
        return here.within
    if focus.upper not in ids or focus.lower not in ids:
        state.focus = None
        return here.within
    pair = ids.index(focus.upper), ids.index(focus.lower)
    numbers = [stage.numbers[place] for place in pair]
    says = f"Tasks that {rules_text(numbers)} both match"
    if focus.taken:
        says = f"Tasks that {rule_text(numbers[1])} matches and {rule_text(numbers[0])} takes"
    label, button = st.columns([4, 1], vertical_alignment="center")
    drawn = f"random rules as drawn, number {state.seed}"
    label.info(f"{says}; {drawn}.", icon=":material/filter_alt:")
    button.button("Show all tasks", key="tasks.unfocus", on_click=_forget, width="stretch")
    find = taken_from if focus.taken else both_match
    return find(here.workspace.matcher, stage, pair, state.seed) & here.within


def _forget() -> None:
    current().focus = None
