"""Where to look: a week's reviews spread over groups so that most wrong tasks are caught."""

from __future__ import annotations

from math import ceil

import streamlit as st

from core.charts.review_groups import MOST, budget_bars, budget_table
from core.charts.sampling import CAUGHT, dot_rows, dots_table
from core.errors import InputError
from core.model.dialect import of_percent
from core.model.figures import about_percent, between, counted, percent, signed
from core.model.phrases import about_duration
from core.sampling.budget import Budget, for_one_stage, reviews_in, rounded
from core.sampling.groups import BY
from core.sampling.review_stages import ReviewStages, stages_of
from core.sampling.shares import SampledCount
from core.tasks.select import days
from pages._ui import answered
from pages._ui.figure import figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened
from pages.workflow.parts.review_benchmark import (
    BY_BENCHMARK,
    BY_REVIEWS,
    answers_in_hand,
    rates_by_answers,
)
from pages.workflow.parts.review_history import (
    budget_for,
    looked_at,
    minutes_of,
    rates_of,
)
from pages.workflow.parts.review_stages import Making, stages_view

TASKS, HOURS = "tasks", "hours"
KNOWN = (
    "By other groups the numbers differ: how often each errs is known only so well, and a task of "
    "several groups counts in the one that errs most. By class, benchmark answers are wrong where "
    "their labels of that class are."
)


def budget_view(here: Opened) -> None:
    """The whole section."""
    rates, answers = rates_of(here, "week"), answers_in_hand()
    tellers = [BY_REVIEWS] * bool(rates.reviewed) + [BY_BENCHMARK] * (answers is not None)
    if not tellers:
        st.info(
            "No review has shown anything of these tasks yet, so no group is known to be worse. "
            "Review an even share first: “What a share buys” tells how large.",
            icon=":material/info:",
        )
        return
    weeks_before = _weeks(here)
    unit_at, many_at, weeks_at, floor_at, by_at = st.columns(
        [2, 2, 2, 2, 2], vertical_alignment="bottom"
    )
    unit = answered.segment(unit_at, "In", (TASKS, HOURS), key("review.unit"))
    begin = 40 if unit == HOURS else max(1, round(rates.reviewed / weeks_before))
    many = answered.number(
        "I can review", key("review.many", unit), begin, unit=f"{unit} a week",
        low=0, high=10_000_000, whole=unit != HOURS, place=many_at, below=st,
    )  # fmt: skip
    weeks = answered.number(
        "These tasks took", key("review.weeks"), weeks_before, unit="weeks",
        low=0.1, high=10_000, place=weeks_at, below=st,
        help="Reviews of as many weeks are spread over the tasks looked at.",
    )  # fmt: skip
    floor_at_least = key("review.floor")
    answered.number(
        "For everybody at least", floor_at_least, None, unit="%", low=0, high=100,
        empty="5, or half the even share", place=floor_at, below=st,
    )  # fmt: skip
    by = answered.pick(by_at, "By", BY, key("review.budget.by"), format_func=str.capitalize)
    teller = tellers[0]
    if len(tellers) > 1:
        teller = answered.segment(st, "Error rates told by", tellers, key("review.spread-by"))
    if many is None or weeks is None:
        return
    reviews = round(many * weeks)
    if unit == HOURS:
        minutes = minutes_of(here)
        reviews = reviews_in(many * weeks, minutes)
        st.caption(f"A review took {about_duration(60_000 * minutes)} on average so far.")
    try:
        floor = answered.number_given(floor_at_least, None, 0, 100)
        least = None if floor is None else of_percent(floor)
        if teller == BY_BENCHMARK and answers is not None:
            by_answers = rates_by_answers(here, answers.judged, by)
            budget = budget_for(here, by, reviews, least, answers.code, by_answers)
        else:
            budget = budget_for(here, by, reviews, least)
    except InputError as error:
        st.warning(plain(str(error)), icon=":material/info:")
        return
    _numbers(budget)
    _charts(budget)
    st.subheader("Make these stages")
    stages_view(here, _making(here, budget))


def _making(here: Opened, budget: Budget) -> Making:
    def made(whole: bool) -> ReviewStages:
        return stages_of(budget, here.project, here.workspace.dialect, whole)

    def alone(whole: bool) -> ReviewStages:
        return stages_of(one, here.project, here.workspace.dialect, whole)

    def tell(stages: ReviewStages, whole: bool) -> None:
        if whole:
            given = rounded(budget, stages.shares)
            reviews = signed(given.expected_reviews - budget.expected_reviews, 1)
            caught = signed(given.caught - budget.caught, 1)
            st.caption(f"Rounding: {reviews} reviews, {caught} wrong ones caught.")

    def instead(stages: ReviewStages) -> str:
        caught = counted(rounded(one, stages.shares).caught)
        return f"catches {caught} wrong ones instead of {counted(budget.caught)}."

    one = for_one_stage(budget)
    return Making(made, alone, tell, instead, "review-budget.json")


def _weeks(here: Opened) -> int:
    """How many weeks the tasks looked at took; 1 where that is not known."""
    span = days(looked_at(here).table)
    return 1 if span is None else max(1, ceil(((span[1] - span[0]).days + 1) / 7))


def _numbers(budget: Budget) -> None:
    columns = st.columns(4)
    columns[0].metric("Reviews", counted(budget.expected_reviews))
    columns[0].caption(f"{about_percent(budget.even_share, 1)} of {counted(budget.tasks)} tasks")
    columns[1].metric("Wrong ones caught", counted(budget.caught), help=KNOWN)
    columns[1].caption(f"{between(*budget.caught_interval)}, 95 % sure")
    columns[2].metric("With an even share", counted(budget.even))
    columns[2].caption(f"{between(*budget.even_interval)}, 95 % sure")
    low, high = budget.more_interval
    columns[3].metric("More caught", signed(round(budget.caught - budget.even)))
    columns[3].caption(f"{signed(low)} to {signed(high)}, 95 % sure")
    least = f"Every group gets at least {percent(round(budget.floor, 4))}."
    st.caption(plain(" ".join([least, *budget.notes[1:]])))


def _charts(budget: Budget) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("Who is reviewed how much")
        figure(budget_bars(budget, ink()), budget_table(budget), key("review.spread"))
        if len(budget.groups) > MOST:
            st.caption(f"The first {counted(MOST)} groups; the table has all.")
    with right:
        st.subheader("What that catches")
        rows = [
            ("this spread", SampledCount(budget.caught, *budget.caught_interval)),
            ("an even share", SampledCount(budget.even, *budget.even_interval)),
        ]
        chart = dot_rows(rows, "wrong tasks caught, 95 % ranges", CAUGHT, ink())
        figure(chart, dots_table(rows, "Wrong ones caught"), key("review.more"))
