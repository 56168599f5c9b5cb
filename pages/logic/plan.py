import streamlit as st

from core.model.figures import counted
from pages._ui import drafting
from pages._ui.empty import no_rules, nothing_to_show
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import current, opened
from pages.logic.parts.behaving import behaving_view
from pages.logic.parts.plan import (
    decides_view,
    output_picker,
    shares_view,
    stage_view,
    vary_view,
    wanted_view,
)

state, here = current(), opened()
stage = drafting.stage_in_hand(here)
st.header("Plan")
if not stage.active:
    no_rules("which settings give the shares that you want")
    st.stop()
if not here.tasks:
    nothing_to_show(here, "which settings give the shares that you want")
    st.stop()

split = here.workspace.split(stage, state.seed, here.within)
which = plain(drafting.which(here))
st.caption(f"{counted(here.tasks)} tasks through “{plain(stage.name)}”, by {which}.")
by_stage, shares, output, decides, behaving = st.tabs(
    ["A stage", "Shares", "One output", "What decides", "Is the hub behaving?"],
    key="plan.tab",
    on_change="rerun",
)
with by_stage:
    stage_view(here, stage, split)
with shares:
    shares_view(here, stage)
with output:
    chosen = output_picker(split, key("plan.output"))
    st.subheader("A wanted number")
    wanted_view(here, stage, split, chosen)
    st.subheader("A value varied")
    vary_view(here, stage, chosen)
if decides.open:  # reads the facts in every other way, which takes a while for a million tasks
    with decides:
        decides_view(here, stage, output_picker(split, key("plan.decided")))
with behaving:
    behaving_view(here, stage)
