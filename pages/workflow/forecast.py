import streamlit as st

from core.errors import InputError
from core.flow.queueing.forecast import forecast
from pages._ui import drafting
from pages._ui.empty import no_workflow, nothing_to_show
from pages._ui.markdown_escape import plain
from pages._ui.state import opened
from pages.workflow.parts.forecasting import asked_of, past_of, plan_in_hand, prepared, worked_out
from pages.workflow.parts.outcome import (
    answers_view,
    beside_view,
    charts_view,
    numbers_view,
    plan_findings,
)
from pages.workflow.parts.plan_form import plan_form
from pages.workflow.parts.twin import exact_flow

here = opened()
st.header("Forecast")
if here.project is None or not here.project.stages:
    no_workflow()
    st.stop()
if not here.tasks:
    nothing_to_show(here, "how long the work takes and what it costs")
    st.stop()

flow, plan = exact_flow(here), plan_in_hand(here)
st.caption(
    f"The workflow with its people, simulated again and again, by {plain(drafting.which(here))} "
    "and the rates of the Map. Nothing here changes anything on a hub."
)
left, right = st.columns([4, 7], gap="large")
with left:
    plan_form(plan, flow.graph, here)
try:
    chain, work = prepared(flow, plan, here)
except InputError as error:
    right.error(plain(str(error)), icon=":material/error:")
    st.stop()
with right:
    result = worked_out(
        asked_of("forecast", here, flow, plan),
        lambda reached: forecast(chain, work, past_of(here), reached),
        "Simulating",
    )
    if result is not None:
        numbers_view(result, plan, here)
        charts_view(result, flow, plan, here)
        if drafting.stage_in_hand(here) != drafting.baseline(here):
            old = exact_flow(here, by_project=True)
            before = worked_out(
                asked_of("before", here, old, plan),
                lambda reached: forecast(*prepared(old, plan, here), past_of(here), reached),
                "Simulating the project's rules",
            )
            if before is not None:
                beside_view(before, result)
        answers_view(result, flow, plan, here)
if result is not None:
    plan_findings((*result.problems, *flow.problems), work, here)
