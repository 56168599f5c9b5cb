import streamlit as st

from core.charts.in_flight import ends_bars, examples_table, in_flight_table
from core.model.figures import counted, signed
from pages._ui import drafting
from pages._ui.empty import no_workflow, nothing_to_show
from pages._ui.figure import data_table, figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import opened
from pages.workflow.parts.time_left import remaining_view
from pages.workflow.parts.under_way import look

EXAMPLES = 50

here = opened()
st.header("In flight")
if here.project is None or not here.project.stages:
    no_workflow()
    st.stop()
if not here.tasks:
    nothing_to_show(here, "what becomes of the tasks that are under way")
    st.stop()

result = look(here)
edited = drafting.stage_in_hand(here) != drafting.baseline(here)
if not len(result.rows):
    st.info("No task is under way: all are at an end.", icon=":material/task_alt:")
    st.stop()
if edited:
    st.caption(
        f"What becomes of the tasks that are under way if {plain(drafting.which(here))} is "
        "published: now by the project's rules, after by these. Nothing here changes anything."
    )
else:
    st.caption(
        "What is still to come for the tasks that are under way. Edit a rule to see beside it what "
        "publishing the edit would change for them."
    )

before, after = result.looks
columns = st.columns(4)
columns[0].metric("Under way", counted(len(result.rows)))
if result.unknown:
    columns[0].caption(f"and {counted(result.unknown)} at stages that the workflow does not have")
work = [float(one.minutes.sum()) / 60 for one in (before, after)]
columns[1].metric("Hours of work left", counted(round(work[1])))
if edited:
    columns[1].caption(f"{signed(round(work[1] - work[0]))} by the edit")
    columns[2].metric("Change", counted(int(result.changed.sum())))
    columns[2].caption("end otherwise, or by another way")
    columns[3].metric("Stranded", counted(int(result.stranded.sum())))
    columns[3].caption("could reach no end any more")

st.subheader("How their ways end")
table = in_flight_table(result, here.names, edited)
figure(ends_bars(result, here.names, ink(), edited), table, key("flight.ends"))
st.subheader("Stage by stage")
data_table(table, key("flight.stages"))
st.caption(
    "Expected numbers by the rates of the Map and by how long visits took so far, waiting apart. "
    "Tasks that meet rules come to a Logic stage, perhaps again; a random rule draws afresh then."
)
remaining_view(here, result, edited)
if result.changed.any():
    st.subheader("Tasks that change")
    many = int(result.changed.sum())
    if many > EXAMPLES:
        st.caption(f"The first {counted(EXAMPLES)} of {counted(many)}, stranded ones first.")
    rows = examples_table(here.workspace, result, here.names, EXAMPLES)
    data_table(rows, key("flight.tasks"))
