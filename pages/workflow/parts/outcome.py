"""What a forecast says: numbers, charts, and the answers of many of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import streamlit as st

from core.charts.forecast import (
    beside_table,
    in_progress_chart,
    influence_bars,
    influence_table,
    needed_table,
    stages_table,
    utilisation_bars,
)
from core.charts.replay import replay
from core.flow.answers import needed_words, people_needed, sensitivity
from core.flow.flow import ExactFlow
from core.flow.plan import WorkPlan
from core.flow.queueing.forecast import Forecast
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import counted, decimals, share_text, whole_number
from core.model.phrases import hours_text
from pages._ui.figure import data_table, figure, ink
from pages._ui.honesty import ICONS
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.state import Opened
from pages.workflow.parts.forecasting import Plan, asked_of, past_of, prepared, worked_out

NOT_KNOWN = "–"


def numbers_view(result: Forecast, plan: Plan, here: Opened) -> None:
    """The large numbers."""
    p10, p50, p90 = result.finish
    columns = st.columns(4)
    if plan["arrivals"]["kind"] == "poisson":
        columns[0].metric("Tasks per hour", _number(result.throughput, 2))
    else:
        columns[0].metric("All through after", _hours(p50))
        lost = any(problem.code == "tasks.trapped" for problem in result.problems)
        within = f"not within {_hours(plan['horizon_hours'])}"
        within = "some tasks never get to an end" if lost else within
        span = f"{_hours(p10)} to {_hours(p90)} in eight of ten cases"
        columns[0].caption(within if p50 is None else span)
    cycle = result.cycle
    columns[1].metric("A task takes", _hours(cycle.mean))
    if cycle.p90 is not None:
        columns[1].caption(
            f"half within {_hours(cycle.p50)}, nine in ten within {_hours(cycle.p90)}"
        )
    if result.priorities:
        means = [f"{whole_number(p.number)}: {_hours(p.mean)}" for p in result.priorities]
        columns[1].caption(f"of priority {', '.join(means)}")
    columns[2].metric("Cost of the work", _number(result.cost, 0))
    each = None if result.cost is None or not result.tasks else result.cost / result.tasks
    if each is not None:
        columns[2].caption(f"{decimals(each, 2)} per task; idle time is not paid")
    else:
        columns[2].caption("no cost per hour is given")
    name = "none" if result.bottleneck is None else here.names.of_stage(result.bottleneck)
    columns[3].metric("Bottleneck", plain(name))
    if result.next_bottleneck is not None:
        columns[3].caption(f"then {plain(here.names.of_stage(result.next_bottleneck))}")


def _hours(hours: float | None) -> str:
    return NOT_KNOWN if hours is None else hours_text(hours)


def _number(value: float | None, digits: int) -> str:
    return NOT_KNOWN if value is None else decimals(value, digits)


def charts_view(result: Forecast, exact: ExactFlow, plan: Plan, here: Opened) -> None:
    """Who is busy, what is under way when, and the numbers of every stage."""
    st.markdown("**How busy people are**")
    window = plan["arrivals"]["kind"] == "poisson"
    table = stages_table(result, exact, here.names, window)
    figure(utilisation_bars(result, here.names, ink()), table, key("forecast.busy"))
    st.markdown("**Tasks under way**")
    chart = in_progress_chart(result, here.names, ink())
    st.plotly_chart(chart, key="forecast.progress", config={"displayModeBar": False})
    with st.expander("One replication, step by step"):
        st.plotly_chart(
            replay(exact, result, here.names, ink()), key="forecast.replay",
            config={"displayModeBar": False},
        )  # fmt: skip
        st.caption("The first replication: how many tasks are at each stage, hour by hour.")
    with st.expander("Every stage, simulated and exact"):
        data_table(table, key("forecast.stages"))
        st.caption(
            "Visits: simulated, as a mean over replications; exactly, as the Map has them for as "
            "many tasks. They differ by the luck of the replications alone, where all tasks are "
            "through. Waits are on the clock, nights included."
        )


def answers_view(result: Forecast, flow: ExactFlow, plan: Plan, here: Opened) -> None:
    """How many people are needed, and what the outcome depends on."""
    needed, depends = st.tabs(["How many people?", "What decides?"], key="forecast.answers.tab",
                              on_change="rerun")  # fmt: skip
    with needed:
        if plan["arrivals"]["kind"] == "poisson":
            st.caption("Tasks come for ever here; let them come at once to ask for a finish.")
        else:
            _needed(result, flow, plan, here)
    if depends.open:
        with depends:
            _depends(flow, plan, here)


def _needed(result: Forecast, flow: ExactFlow, plan: Plan, here: Opened) -> None:
    stages = [one for one in plan["stages"] if flow.graph.find_id(one) is not None]
    if not stages:
        return
    columns = st.columns(3, vertical_alignment="bottom")
    first = stages.index(result.bottleneck) if result.bottleneck in stages else 0
    stage = columns[0].selectbox(
        "Stage", stages, first, format_func=here.names.of_stage, key="forecast.needed.stage"
    )
    middle = result.finish[1]
    hours = number_field(
        "All through within", key("forecast.needed.hours"),
        ceil(middle) if middle else 160, unit="h", units={"d": 24, "weeks": 168},
        low=1, high=100_000, place=columns[1], below=st,
    )  # fmt: skip
    certainty = number_field(
        "Certainty", key("forecast.needed.certainty"), 90, unit="%", low=1, high=100,
        place=columns[2], below=st,
    )  # fmt: skip
    if hours is None or certainty is None:
        return
    asked = (stage, hours, certainty)
    answer = worked_out(
        asked_of("people", here, flow, plan, asked),
        lambda reached: people_needed(
            *prepared(flow, plan, here), past_of(here), stage, hours, certainty / 100, reached
        ),
        "Trying numbers of people",
    )
    if answer is None:
        return
    icon = ":material/check_circle:" if answer.people is not None else ":material/block:"
    st.info(plain(needed_words(answer, here.names.of_stage)), icon=icon)
    data_table(needed_table(answer), key("forecast.needed"))


def _depends(flow: ExactFlow, plan: Plan, here: Opened) -> None:
    answer = worked_out(
        asked_of("decides", here, flow, plan),
        lambda reached: sensitivity(*prepared(flow, plan, here), past_of(here), reached),
        "Varying the plan",
    )
    if answer is None or not answer.bars:
        st.caption("Nothing can be said while the outcome itself is not known.")
        return
    figure(
        influence_bars(answer, here.names, ink()),
        influence_table(answer, here.names),
        key("forecast.decides"),
    )


def beside_view(before: Forecast, after: Forecast) -> None:
    """The forecast by the project's rules and that by the rules in hand."""
    st.markdown("**Beside the project's rules**")
    rows = [
        ("All through after, h", before.finish[1], after.finish[1]),
        ("A task takes, h", before.cycle.mean, after.cycle.mean),
        ("Tasks per hour", before.throughput, after.throughput),
        ("Cost of the work", before.cost, after.cost),
    ]
    data_table(beside_table(rows), key("forecast.beside"))
    st.caption("Both share their luck, so a difference is of the rules.")


def plan_findings(problems: Sequence[RuleDiagnostic], plan: WorkPlan, here: Opened) -> None:
    """What was wrong or assumed, each with its place."""
    st.subheader("Findings and assumptions")
    for problem in problems:
        stage = problem.place.partition(".")[2].partition(".")[0] or problem.place.split(" ")[0]
        known = here.names.of_stage(stage) if stage in here.names.stages else problem.place
        words = plain(f"{problem.message} {problem.hint}")
        st.markdown(f"{ICONS[problem.severity]} **{plain(known or 'Plan')}**: {words}")
    st.caption(
        f"{counted(plan.replications)} replications. People of a stage work at that stage alone, "
        "tasks are taken in the order in which they came, and everybody is there all the working "
        f"time. Above {share_text(0.85)} queues grow fast."
    )
