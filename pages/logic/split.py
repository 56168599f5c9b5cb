import streamlit as st

from core.charts.split import (
    not_drawn,
    range_text,
    split_bars,
    split_sankey,
    split_table,
    stage_table,
    was_text,
)
from core.charts.stage_picture import stage_picture
from core.model.figures import counted
from core.model.glossary import INTERVAL
from core.publish.touched import anew_words
from core.routing.engine.split import Split
from pages._ui import drafting, scenarios
from pages._ui.empty import nothing_to_show
from pages._ui.figure import data_table, figure, ink
from pages._ui.honesty import findings, honesty_panel
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.state import current, opened
from pages.logic.parts.coming import coming_view
from pages.logic.parts.contradiction import contradiction
from pages.logic.parts.labour import labour_view

state, here = current(), opened()
stage = drafting.stage_in_hand(here)
st.header("Split")
if not here.tasks:
    nothing_to_show(here, "how many tasks leave through each output")
    st.stop()


def set_seed(chosen: int) -> None:
    state.seed = chosen


def stage_numbers(result: Split) -> None:
    columns = st.container(key="split-stages").columns(max(1, min(6, len(result.stages))))
    shares = result.stage_labels
    for place, (target, count) in enumerate(result.stages):
        with columns[place % len(columns)].container(border=True, height="stretch"):
            st.metric(plain(here.names.of_stage(target)), counted(count.expected))
            st.caption(f"{shares[place]}  \n{range_text(count)}")
            if stood:
                st.caption(was_text(before.get(target), count, was.get(target, "")))


work = here.workspace
result = work.split(stage, state.seed, here.within)
stood = scenarios.standing(here, stage)
before = dict(stood.split.stages) if stood else {}
was = dict(zip(before, stood.split.stage_labels, strict=True)) if stood else {}
colors = drafting.colors(here, stage)
contradiction(here, stage)
st.caption(
    f"Expected {plain(anew_words(work, stage, here.within))}. By "
    f"{plain(drafting.which(here))}; a thin line is the 95 % interval.",
    help=INTERVAL,
)
stage_numbers(result)
per_output, in_workflow = st.columns(2, gap="medium")
with per_output:
    st.subheader("Tasks per output")
    bars = split_bars(result, here.names, colors, ink(), sentences=False)
    st.plotly_chart(bars, key="split.outputs", config={"displayModeBar": False})
with in_workflow:
    st.subheader("In the workflow")
    around = (here.project.stages if here.project else None) or ()
    drawing = stage_picture(result, stage, around, here.names, colors, ink())
    st.plotly_chart(drawing, key="split.workflow", config={"displayModeBar": False})
    st.caption("On each edge: its outputs, and their share of all tasks.")
st.subheader("From rules to stages")
flow = split_sankey(result, here.names, colors, ink())
figure(flow, stage_table(result, here.names), key("split.stages"))
if not_drawn(result):
    st.caption(not_drawn(result))

labour_view(here)
st.subheader("All numbers")
seed, about = st.columns([1, 3], vertical_alignment="bottom")
number_field(
    "Random draw no.", key("split.seed"), state.seed, set_seed, whole=True, place=seed,
    stays=f"The draw stays number {state.seed}.",
)  # fmt: skip
about.caption(
    "For the column Drawn, chance is tried once. The same number always gives the same draw; "
    "Ango Hub draws afresh for every task."
)
data_table(split_table(result, here.names), key("split.table"))
st.subheader("The next tasks")
coming_view(here, stage, result)
known, findings_beside = st.columns(2, gap="medium")
with known.container(border=True):
    st.markdown("**What is not known**")
    honesty_panel(here, stage)
with findings_beside.container(border=True):
    st.markdown("**Findings**")
    findings(work.check(stage), stage)
