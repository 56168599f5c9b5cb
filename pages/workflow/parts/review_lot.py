"""The tasks of a review, as all sections ask for them: how many, how often wrong, how seen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.model.dialect import of_percent
from core.model.figures import counted, share_text
from core.proportions import proportion_interval
from core.sampling.shares import Lot
from pages._ui import answered
from pages._ui.keys import key
from pages._ui.state import Opened
from pages.workflow.parts.review_history import rates_of

USUAL_ERRORS = 5.0
"""Percent that the box begins with where no review has shown anything."""
MOST_TASKS = 100_000_000


def lot_in_hand(here: Opened, columns: Any) -> Lot | None:
    """Ask for it; begins with the tasks looked at and their history. None while a box is refused.

    Args:
        here: The workspace.
        columns: Three places for the boxes.
    """
    tasks = tasks_field(here, columns[0])
    rates = rates_of(here, "week")
    percents = round(100 * rates.wrong / rates.reviewed, 1) if rates.reviewed else USUAL_ERRORS
    errors = answered.number(
        "Wrong tasks", key("review.errors"), percents, unit="%", low=0, high=100,
        place=columns[1], below=st,
        help="The part of the tasks that is wrong; what reviews showed, until you type it.",
    )  # fmt: skip
    catch = answered.number(
        "A review notices", key("review.catch"), 100, unit="% of wrong ones", low=0, high=100,
        place=columns[2], below=st, help="Chance that a review of a wrong task finds it wrong.",
    )  # fmt: skip
    if None in (tasks, errors, catch):
        return None
    return Lot(int(tasks), of_percent(errors), of_percent(catch))


def tasks_field(here: Opened, place: Any) -> Any:
    """Ask for the number of tasks; begins with those looked at."""
    return answered.number(
        "Tasks", key("review.tasks"), here.tasks, low=1, high=MOST_TASKS, whole=True,
        place=place, below=st,
        help="The tasks looked at, until you type others; an emptied box has them again.",
    )  # fmt: skip


def history_words(here: Opened) -> None:
    """Say where the error rate comes from."""
    rates = rates_of(here, "week")
    if not rates.reviewed:
        st.caption(
            ":material/info: No review has shown anything of these tasks yet. 5 % wrong is only a "
            "beginning: type what you expect."
        )
        return
    low, high = proportion_interval(rates.wrong, rates.reviewed)
    st.caption(
        f"Reviews so far: {counted(rates.wrong)} of {counted(rates.reviewed)} were rejected or "
        f"fixed, {share_text(rates.wrong / rates.reviewed)} "
        f"({share_text(low)} to {share_text(high)})."
    )
