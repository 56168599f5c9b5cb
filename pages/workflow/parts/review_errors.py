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
from core.sampling.benchmark import BY as BENCHMARK_BY
from core.sampling.error_rates import ErrorRates
from core.sampling.looks import BY
from pages._ui import answered
from pages._ui.figure import figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened
from pages._ui.verdict import verdict
from pages.workflow.parts.review_benchmark import (
    BY_BENCHMARK,
    BY_REVIEWS,
    answers_picker,
    rates_by_answers,
)
from pages.workflow.parts.review_history import rates_of

GUESS = (
    "Best guess: drawn towards the rate of all groups, the more the less is known of a group. "
    "Worse than the rest: by more than chance explains, though many groups are looked at."
)

NAMED = 10
"""Groups that a line names."""


def errors_view(here: Opened) -> None:
    """The whole section."""
    tell_at, by_at = st.columns([2, 3], vertical_alignment="bottom")
    teller = answered.segment(tell_at, "Told by", (BY_REVIEWS, BY_BENCHMARK), key("review.teller"))
    if teller == BY_BENCHMARK:
        by = answered.segment(
            by_at, "By", BENCHMARK_BY, key("review.benchmark.by"), format_func=str.capitalize
        )
        _by_benchmark(here, by)
        return
    by = answered.segment(by_at, "By", BY, key("review.by"), format_func=str.capitalize)
    rates = rates_of(here, by)
    if not rates.reviewed:
        st.info(
            "No review has shown anything of these tasks yet. Once tasks were accepted, rejected "
            "or fixed in a review, here stands how often whose work was wrong.",
            icon=":material/info:",
        )
        return
    _all_of(rates)
    with st.expander("How far this can be trusted"):
        for sentence in rates.steering.sentences:
            st.markdown(f"- {plain(sentence)}")
        if rates.steering.possible:
            st.caption(
                "Rules choose what is reviewed, and so steer the rate. In the table, “Without "
                "steering” lets each task count for those that it stands for."
            )


def _by_benchmark(here: Opened, by: str) -> None:
    in_hand = answers_picker(here)
    if in_hand is None:
        return
    rates = rates_by_answers(here, in_hand.judged, by)
    _all_of(rates)
    with st.expander("How answers are judged"):
        for sentence in (*in_hand.judged.sentences, *rates.steering.sentences):
            st.markdown(f"- {plain(sentence)}")


def _all_of(rates: ErrorRates) -> None:
    _answer(rates)
    if rates.by == "week":
        _weeks(rates)
    else:
        _groups(rates)


def _answer(rates: ErrorRates) -> None:
    rate = share_text(rates.wrong / rates.reviewed)
    low, high = (share_text(one) for one in proportion_interval(rates.wrong, rates.reviewed))
    columns = st.columns([1, 3], vertical_alignment="center")
    columns[0].metric("Error rate of all", rate)
    many = f"{counted(rates.wrong)} of {counted(rates.reviewed)} {rates.words.counted}"
    columns[0].caption(plain(f"{low} to {high}, from {many}"))
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
    figure(
        rate_dots(rates, ink()),
        rates_table(rates),
        key("review.rates", rates.words.counted, rates.by),
    )
    st.caption("The dotted line is the rate of all groups together.", help=GUESS)
    if len(rates.groups) > MOST:
        what = rates.words.counted
        st.caption(plain(f"The {counted(MOST)} groups with most {what}; the table has all."))
    unseen = [f"{name} ({counted(tasks)} tasks)" for name, tasks in rates.unreviewed if tasks]
    idle = [name for name, tasks in rates.unreviewed if not tasks]
    for what, names in (("Without a review", unseen), ("Without a task", idle)):
        if names:
            more = f" and {counted(len(names) - NAMED)} more" * (len(names) > NAMED)
            st.caption(plain(f"{what}: {', '.join(names[:NAMED])}{more}."))


def _weeks(rates: ErrorRates) -> None:
    if not rates.drift.weeks:
        what = f"None of the {rates.words.counted} has a date, so there are no weeks."
        st.info(plain(what), icon=":material/info:")
        return
    chart = weeks_control(rates, ink())
    figure(chart, weeks_table(rates), key("review.weeks.chart", rates.words.counted))
    st.caption(
        plain(
            "Where nothing changes, hardly any week lies beyond the dotted limits: 1 in 370. Fewer "
            f"{rates.words.counted} make them wider."
        )
    )
