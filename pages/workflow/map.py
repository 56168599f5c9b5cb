import streamlit as st

from core.charts.workflow_map import map_table, workflow_map
from core.flow.standing import standing
from core.model.figures import counted, decimals, share_text
from core.model.glossary import INTERVAL
from pages._ui import drafting
from pages._ui.empty import no_workflow, nothing_to_show
from pages._ui.figure import data_table, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import opened
from pages.workflow.parts.looked_at import stage_picker, stage_view
from pages.workflow.parts.rates import parts_view, rates_view
from pages.workflow.parts.twin import exact_flow, flow_findings

ZOOM = {
    "displaylogo": False,
    "displayModeBar": True,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
}

here = opened()
st.header("Map")
if here.project is None or not here.project.stages:
    no_workflow()
    st.stop()
if not here.tasks:
    nothing_to_show(here, "where tasks go through the whole workflow")
    st.stop()

flow = exact_flow(here)
now = standing(flow.graph, here.table, here.within)
st.caption(
    f"{counted(here.tasks)} tasks, each once from the start, by {plain(drafting.which(here))}. "
    "On a way: expected passes, and passes per task. In brackets: tasks that are there now.",
    help=INTERVAL,
)
numbers = st.columns(4)
numbers[0].metric("Completed", share_text(flow.completed.mean / flow.tasks))
numbers[1].metric(
    "Touches per task",
    decimals(flow.touches / flow.tasks, 2),
    help="How often somebody labels or reviews a task, on the average.",
)
numbers[2].metric(
    "Rework",
    share_text(flow.rework),
    help="Part of the touches by which a task is at a stage where it has been before.",
)
numbers[3].metric(
    "Never complete",
    share_text((flow.archived.mean + flow.trapped.mean) / flow.tasks),
    help="Archived, behind an output that leads nowhere, or in a loop without a way out.",
)

chosen, take = stage_picker(flow, here)
st.plotly_chart(
    workflow_map(flow, now, chosen, here.names, ink()),
    key="map.drawing",
    on_select=take,
    selection_mode="points",
    config=ZOOM,
)
with st.popover("Table", icon=":material/table:", type="tertiary"):
    data_table(map_table(flow, now, here.names), key("map.stages"))

left, right = st.columns(2, gap="large")
with left:
    stage_view(flow, chosen, now, here)
with right:
    rates_view(flow, here)
    parts_view(flow, here)
flow_findings(flow, here)
