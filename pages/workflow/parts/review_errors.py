"""Who errs: error rates by group with their intervals, and whether weeks differ."""

from __future__ import annotations

import streamlit as st

from core.charts.review_groups import (
    MOST,
    rate_dots,
    rates_table,
    weeks_control,
    weeks_table,
)
from core.model.figures import counted, share_text
from core.model.phrases import joined
from core.proportions import proportion_interval
from core.sampling.error_rates import ErrorRates
from core.sampling.looks import BY
from pages._ui.figure import figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened
from pages._ui.verdict import verdict
from pages.workflow.parts.review_history import rates_of

GUESS = (
    "Drawn towards the rate of all groups, the more the fewer reviews a group has. Worse than the "
    "rest: by more than chance explains, though many groups are looked at."
)

NAMED = 10
"""Groups that a line names."""


def errors_view(here: Opened) -> None:
    """The whole section."""
    by = st.segmented_control(
        "By", BY, default=BY[0], required=True, format_func=str.capitalize, key="review.by"
    )
    rates = rates_of(here, by or BY[0])
    if not rates.reviewed:
        st.info(
            "No review has shown anything of these tasks yet. Once tasks were accepted, rejected "
            "or fixed in a review, here stands how often whose work was wrong.",
            icon=":material/info:",
        )
        return
    _answer(rates)
    if rates.by == "week":
        _weeks(rates)
    else:
        _groups(rates)
    with st.expander("How far this can be trusted"):
        for sentence in rates.steering.sentences:
            st.markdown(f"- {plain(sentence)}")
        if rates.steering.possible:
            st.caption(
                "Rules choose what is reviewed, and so steer the rate. In the table, “Without "
                "steering” lets each task count for those that it stands for."
            )


def _answer(rates: ErrorRates) -> None:
    rate = share_text(rates.wrong / rates.reviewed)
    low, high = (share_text(one) for one in proportion_interval(rates.wrong, rates.reviewed))
    columns = st.columns([1, 3], vertical_alignment="center")
    columns[0].metric("Error rate of all", rate)
    columns[0].caption(
        f"{low} to {high}, from {counted(rates.wrong)} of {counted(rates.reviewed)} reviews"
    )
    with columns[1]:
        if rates.by == "week":
            _verdict_of_weeks(rates)
            return
        worse = [one.name for one in rates.groups if one.worse]
        if len(rates.groups) < 2:
            verdict("good", ["There is one group only, so there is nothing to compare."])
        elif worse:
            verdict("bad", [f"Worse than the rest: {joined(worse, 'and')}."])
        else:
            verdict("good", ["No group is worse than the rest by more than chance explains."])


def _verdict_of_weeks(rates: ErrorRates) -> None:
    out = [week.first for week in rates.drift.weeks if week.out]
    if out:
        verdict("bad", [f"Beyond the limits: the weeks of {joined(out, 'and')}."])
    elif rates.drift.drifts:
        verdict("bad", ["The weeks differ by more than chance explains."])
    else:
        verdict("good", ["The weeks differ no more than chance explains."])


def _groups(rates: ErrorRates) -> None:
    figure(rate_dots(rates, ink()), rates_table(rates), key("review.rates", rates.by))
    st.caption("The dotted line is the rate of all.", help=GUESS)
    if len(rates.groups) > MOST:
        st.caption(f"The {counted(MOST)} groups with most reviews; the table has all.")
    unseen = [f"{name} ({counted(tasks)} tasks)" for name, tasks in rates.unreviewed if tasks]
    idle = [name for name, tasks in rates.unreviewed if not tasks]
    for what, names in (("Without a review", unseen), ("Without a task", idle)):
        if names:
            more = f" and {counted(len(names) - NAMED)} more" * (len(names) > NAMED)
            st.caption(plain(f"{what}: {', '.join(names[:NAMED])}{more}."))


def _weeks(rates: ErrorRates) -> None:
    if not rates.drift.weeks:
        st.info("No review has a date, so there are no weeks.", icon=":material/info:")
        return
    chart = weeks_control(rates.drift, ink())
    figure(chart, weeks_table(rates.drift), key("review.weeks.chart"))
    st.caption(
        "Where nothing changes, hardly any week lies beyond the dotted limits: 1 in 370. Fewer "
        "reviews make them wider."
    )
