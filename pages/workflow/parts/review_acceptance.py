"""Accept or refuse a lot by a sample: plans of ISO 2859-1, what they do, and what needs fewer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.charts.sampling import (
    Curve,
    acceptance_curves,
    acceptance_table,
    reviews_lines,
    reviews_table,
)
from core.model.figures import about_percent, counted
from core.sampling.acceptance import (
    curve_rates,
    mean_reviews,
    oc,
    oc_at_random,
    oc_of_lot,
)
from core.sampling.iso_2859 import AQLS, LEVELS, SEVERITIES, AqlPlan, SinglePlan, aql_plan
from pages._ui import answered
from pages._ui.figure import figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened
from pages.workflow.parts.review_history import rates_of
from pages.workflow.parts.review_lot import tasks_field

USUAL_AQL = 1.0
EVERY = 2
"""Of the error rates of a curve, so many apart are asked for mean reviews."""
LEVEL_HELP = "I reviews less, III more; S-1 to S-4 very little. II is the usual one."
AQL_HELP = (
    "Acceptable quality limit: percent of wrong tasks at which work is still accepted nearly "
    "always. The tables have 0.01 to 10; between two of theirs the stricter holds."
)


def acceptance_view(here: Opened) -> None:
    """The whole section."""
    columns = st.columns(4)
    tasks = tasks_field(here, columns[0])
    level = answered.pick(
        columns[1], "Level", list(LEVELS), key("review.level"), "II", help=LEVEL_HELP
    )
    severity = answered.pick(
        columns[2], "Severity", SEVERITIES, key("review.severity"), format_func=str.capitalize,
        help="Tightened after bad lots, reduced after many good ones.",
    )  # fmt: skip
    aql = answered.number(
        "Acceptable", key("review.aql"), USUAL_AQL, unit="% wrong", low=AQLS[0], high=AQLS[-1],
        place=columns[3], below=st, help=AQL_HELP,
    )  # fmt: skip
    if tasks is None or aql is None:
        return
    chosen = aql_plan(int(tasks), aql, level, severity)
    rates = rates_of(here, "week")
    now = rates.wrong / rates.reviewed if rates.reviewed else None
    _numbers(chosen, now)
    marks = {"acceptable": chosen.aql / 100} | ({} if now is None else {"by reviews": now})
    _curves_view(chosen, marks)


def _numbers(chosen: AqlPlan, now: float | None) -> None:
    plan, columns = chosen.plan, st.columns(5)
    columns[0].metric("Review", counted(min(plan.n, chosen.lot)))
    columns[0].caption(f"of {counted(chosen.lot)} tasks")
    columns[1].metric("Accept up to", counted(plan.accept))
    columns[1].caption("wrong ones")
    columns[2].metric("Refuse from", counted(plan.reject))
    columns[2].caption("wrong ones")
    columns[3].metric("Code letter", chosen.code, help="Of the lot, in the tables of ISO 2859-1.")
    if now is not None:
        (chance,) = oc(plan, [now])
        columns[4].metric("Accepted as work is now", about_percent(float(chance)))
        columns[4].caption(f"{about_percent(now, 1)} wrong, by reviews so far")
    for note in chosen.notes:
        st.caption(f":material/info: {plain(note)}")


@st.cache_data(max_entries=32, show_spinner="Working out how often it accepts")
def _curves(plan: SinglePlan, lot: int) -> tuple[Curve, Curve, Curve]:
    rates = curve_rates(plan)
    three = oc(plan, rates), oc_at_random(plan, lot, rates), oc_of_lot(plan, lot, rates)
    fixed, at_random, of_lot = (list(zip(rates, one.tolist(), strict=True)) for one in three)
    return fixed, at_random, of_lot


@st.cache_data(max_entries=32, show_spinner="Counting the reviews of other plans")
def _means(plan: SinglePlan) -> tuple[tuple[float, ...], dict[str, tuple[float, ...]]]:
    rates = curve_rates(plan)[::EVERY]
    return rates, mean_reviews(plan, rates)


def _curves_view(chosen: AqlPlan, marks: dict[str, float]) -> None:
    plan = chosen.plan
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("How often it accepts")
        fixed, at_random, of_lot = _curves(plan, chosen.lot)
        chart = acceptance_curves(fixed, at_random, marks, min(plan.n, chosen.lot), ink())
        figure(chart, acceptance_table(fixed, at_random, of_lot), key("review.oc"))
    with right:
        st.subheader(
            "Fewer reviews for the same",
            help="In two parts: a second sample only where the first leaves it open. One by one: "
            "after each review accept, refuse or go on (Wald). All accept good work with 95 % and "
            "bad work with 10 % at the same error rates.",
        )
        rates, means = _means(plan)
        figure(reviews_lines(rates, means, ink()), reviews_table(rates, means), key("review.asn"))
        st.caption(_fewest(means))


def _fewest(means: dict[str, Any]) -> str:
    names = {"double": "in two parts", "sequential": "one by one"}
    words = [f"{names[plan]} {counted(means[plan][0])}" for plan in names if plan in means]
    if not words:
        return "No other plan has the same guarantee with fewer reviews."
    at_once = f"all at once {counted(means['single'][0])}"
    return f"Reviews where nothing is wrong: {', '.join([at_once, *words])}."
