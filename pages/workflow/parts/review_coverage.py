"""Coverage: how many tasks of each group leave by each output, and the stages for a quota."""

from __future__ import annotations

import streamlit as st

from core.charts.review_groups import (
    MOST,
    coverage_heat,
    coverage_table,
    given_table,
    quota_bars,
    quota_table,
)
from core.errors import InputError
from core.model.dialect import of_percent
from core.model.figures import about_percent, counted, signed
from core.model.stages import Logic
from core.routing.sentence import output_text
from core.sampling.coverage import BY, Covered, stages_behind
from core.sampling.groups import BY as GROUPS
from core.sampling.quotas import QuotaPlan, given_by, quota_notes, quota_stages
from core.sampling.review_stages import ReviewStages
from pages._ui import answered, drafting
from pages._ui.figure import data_table, figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened
from pages._ui.verdict import verdict
from pages.workflow.parts.review_history import coverage_of, quota_plan_of, quotas_of, weeks_told
from pages.workflow.parts.review_stages import Making, stages_view

USUAL_LEAST = 10
OUTPUTS, STAGES = "outputs", "stages"
LIKELY = 0.5
"""Chance of too few from which on a field counts as short."""


def coverage_view(here: Opened) -> None:
    """The whole section."""
    stage = drafting.stage_in_hand(here)
    by_at, least_at, counted_at = st.columns([2, 2, 3], vertical_alignment="bottom")
    by = answered.segment(by_at, "By", BY, key("review.covered.by"), format_func=str.capitalize)
    least = answered.number(
        "Wanted of each group", key("review.least"), USUAL_LEAST, unit="tasks", low=1,
        high=1_000_000, whole=True, place=least_at, below=st,
    )  # fmt: skip
    counted_by = answered.segment(
        counted_at, "Counted at", (OUTPUTS, STAGES), key("review.counted-at"),
        format_func=str.capitalize,
    )  # fmt: skip
    if least is None:
        return
    by_stage = counted_by == STAGES
    st.subheader("Who goes to which stage" if by_stage else "Who leaves by which output")
    if not stage.active:
        st.info(
            "There is no Logic stage with a rule in hand, so all tasks go one way.",
            icon=":material/alt_route:",
        )
    else:
        _heat(here, stage, by, int(least), by_stage)
        _weeks_view(here, stage)
    st.subheader(f"For at least {counted(least)} of each, drawn at random")
    needed = quotas_of(here, by, int(least))
    figure(quota_bars(needed, ink()), quota_table(needed), key("review.quotas"))
    st.caption("The percentage that a Random Sample of the group needs, each with 95 %.")
    _stages(here, by, int(least))


def _weeks_view(here: Opened, stage: Logic) -> None:
    weeks = weeks_told(here, stage)
    verdict("good" if weeks.alike else "not possible", weeks.sentences[:1])
    st.page_link("pages/logic/split.py", label="Week by week, on Split",
                 icon=":material/stacked_bar_chart:")  # fmt: skip


def _stages(here: Opened, by: str, least: int) -> None:
    st.subheader("Make these stages")
    if by not in GROUPS:
        st.info("No rule asks for a week, so no stages can be made for weeks.",
                icon=":material/info:")  # fmt: skip
        return
    others_at, _ = st.columns([2, 5])
    others_get = key("review.others")
    answered.number(
        "All others get", others_get, None, unit="%", low=0, high=100,
        empty="the smallest share", place=others_at, below=st,
        help="Tasks of no group, among them those of people, batches or classes that come later.",
    )  # fmt: skip
    others = answered.number_given(others_get, None, 0, 100)
    try:
        plan = quota_plan_of(here, by, least, None if others is None else of_percent(others))
    except InputError as error:
        st.info(plain(str(error)), icon=":material/info:")
        return
    stages_view(here, _making(here, plan))


def _making(here: Opened, plan: QuotaPlan) -> Making:
    def made(whole: bool) -> ReviewStages:
        return quota_stages(plan, here.project, here.workspace.dialect, whole)

    def alone(whole: bool) -> ReviewStages:
        return quota_stages(one, here.project, here.workspace.dialect, whole)

    def tell(stages: ReviewStages, whole: bool) -> None:
        more = plan.reviews(stages.shares) - plan.reviews(plan.shares)
        rounding = f"Percents are rounded up: {signed(more, 1)} reviews."
        st.caption(plain(" ".join([*quota_notes(plan, stages), *[rounding] * whole])))
        data_table(given_table(given_by(plan, stages), plan.least), key("review.given"))

    def instead(stages: ReviewStages) -> str:
        return f"gives all others {about_percent(stages.shares[-1])}, the smallest share."

    one = plan.for_one_stage()
    return Making(made, alone, tell, instead, "review-quotas.json")


def _heat(here: Opened, stage: Logic, by: str, least: int, by_stage: bool) -> None:
    rows = coverage_of(here, stage, by, least, by_stage)
    rules = [(number, rule.target) for number, rule in stage.numbered if rule.enabled]
    targets = [*rules, (None, stage.otherwise)]
    names = [f"{output_text(number)} → {here.names.of_stage(to)}" for number, to in targets]
    if by_stage:
        names = [here.names.of_stage(one) for one in stages_behind(stage)]
    st.caption(_answer(rows, least, "stage" if by_stage else "output"))
    chart = coverage_heat(rows, names, least, ink(), by_stage)
    figure(
        chart, coverage_table(rows, names, least, by_stage), key("review.coverage", str(by_stage))
    )
    if len({row.group for row in rows}) > MOST:
        st.caption(f"The first {counted(MOST)} groups; the table has all.")


def _answer(rows: tuple[Covered, ...], least: int, column: str) -> str:
    short = [row for row in rows if row.fewer > LIKELY]
    groups = len({row.group for row in short})
    if not short:
        return f"Every group most likely has {counted(least)} tasks or more at every {column}."
    of_groups = "1 group" if groups == 1 else f"{counted(groups)} groups"
    return (
        f"Numbers are expected tasks; coloured where fewer than {counted(least)} are likely: "
        f"{counted(len(short))} of {counted(len(rows))} fields, {of_groups}."
    )
