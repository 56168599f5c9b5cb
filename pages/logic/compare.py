import streamlit as st

from core.model.figures import counted
from core.routing.versions.stages import stage_changes
from pages._ui import cached, drafting, scenarios
from pages._ui.empty import nothing_to_show
from pages._ui.markdown_escape import plain
from pages._ui.state import current, opened
from pages._ui.with_run import with_run
from pages.logic.parts.comparison import (
    amounts_view,
    differences_view,
    edits_view,
    flow_view,
    movers_view,
    nothing_edited,
    stages_view,
    who_view,
)

state, here = current(), opened()
stage, base = drafting.stage_in_hand(here), scenarios.pinned(here)
work = here.workspace
st.header("Compare")
if not here.tasks:
    nothing_to_show(here, "which tasks go another way than before")
    st.stop()
labelled, before = with_run(here), base.workspace
if labelled is not None:
    here, before = labelled
    work = here.workspace
name = state.scenario.name if state.scenario else "the project's rules"
what = f"“{name}”" if state.scenario else "The draft" if state.draft else name.capitalize()
if state.scenario and cached.scenario(state.scenario.document).rules != stage:
    what = f"{what}, edited,"
against = f" against {base.name}" if what.lower() != base.name else ""  # never against itself
labels_of_run = ", with the labels of the run against without them" if labelled else ""
st.caption(
    f"{plain(what)}{plain(against)}{labels_of_run}: {counted(here.tasks)} tasks through "
    f"“{plain(stage.name)}”; chance falls the same way on both sides."
)
if before.dialect != work.dialect:
    st.info("The two differ in their assumptions about Ango Hub; tasks may move for that alone.")
elif labelled is None and base.stage == stage:
    nothing_edited(here)
    st.stop()
result = work.compare(base.stage, stage, here.within, before)
sides = work.sides(base.stage, stage, before)
splits = (
    before.split(base.stage, state.seed, here.within),
    work.split(stage, state.seed, here.within),
)
edits_view(here, base.stage, stage)
stages_view(here, stage_changes(*splits))
amounts_view(result)
if result.uncertain:
    st.warning("A rule that cannot be simulated plays a part; every number is uncertain.")
if not result.moved.expected and not result.rerouted.expected:
    st.info("No task goes another way.", icon=":material/check_circle:")
    st.stop()
flow_view(here, stage, result, sides)
differences_view(here, result, sides)
if not result.moved.expected:
    st.info("No task reaches another stage than before.", icon=":material/check_circle:")
    st.stop()
movers_view(here, sides, state.seed)
who_view(here, result, sides)
