import streamlit as st

from core.charts.compare import (
    BOTH_INTERVALS,
    change_bars,
    change_labels,
    change_table,
    groups_table,
    matrix_table,
    migration_sankey,
    moves_table,
    stage_matrix_table,
)
from core.charts.tables import written
from core.model.figures import between, counted, share_text
from core.routing.explain.breakdown import BREAKDOWNS
from pages._ui import cached, drafting, scenarios
from pages._ui.bound_widget import page_number
from pages._ui.figure import csv_button, data_table, figure, ink
from pages._ui.honesty import nothing_to_show
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import current, opened

PAGE = 100
state, here = current(), opened()
stage, base = drafting.stage_in_hand(here), scenarios.pinned(here)
work, names = here.workspace, here.names
st.header("Compare")
if not here.tasks:
    nothing_to_show(here)
    st.stop()
name = state.scenario.name if state.scenario else "the project's rules"
what = f"“{name}”" if state.scenario else "The draft" if state.draft else name.capitalize()
if state.scenario and cached.scenario(state.scenario.document).rules != stage:
    what = f"{what}, edited,"
st.caption(
    f"{plain(what)} against {plain(base.name)}: {counted(here.tasks)} tasks through "
    f"“{plain(stage.name)}”"
    ", with the same draws on both sides. Choose scenario and baseline in the sidebar."
)
if base.workspace.dialect != work.dialect:
    st.info("The two are read in different dialects; tasks may move for that alone.")
result = work.compare(base.stage, stage, here.within, base.workspace)
sides = work.sides(base.stage, stage, base.workspace)
moved, rerouted = result.moved, result.rerouted
drawn = work.moved_count(sides, here.within, state.seed)
numbers = st.columns(4)
numbers[0].metric("Tasks that move", counted(moved.expected), help="Their target stage differs")
span = f"{between(moved.low, moved.high)} · {counted(moved.certain)} whatever the draws"
numbers[0].caption("exact" if moved.low == moved.high else span)
numbers[1].metric("Share of tasks", share_text(moved.expected / here.tasks))
same = "Nothing changes for these tasks"
numbers[2].metric("Same stage, other rule", counted(rerouted.expected), help=same)
numbers[3].metric("Move in this draw", counted(drawn), help=f"With seed {state.seed}")
if result.uncertain:
    st.warning("A rule that cannot be simulated plays a part; every number is uncertain.")
if not moved.expected and not rerouted.expected:
    st.info("No task goes another way.", icon=":material/check_circle:")
    st.stop()

st.subheader("Migration")
stay = st.toggle("Show tasks that stay, too", key="compare.stay")
flow = migration_sankey(result, *sides, names, drafting.colors(here, stage), ink(), stay)
as_flow, as_matrix, by_stage = st.tabs(["Flow", "From output to output", "From stage to stage"])
as_flow.caption(
    "Colour: of the rule that takes them now. Grey: by Else, or to the same stage by another rule."
)
as_flow.plotly_chart(flow, key="compare.flow", config={"displayModeBar": False})
with as_matrix:
    data_table(matrix_table(result, *sides, names), key("compare.matrix"), {})
with by_stage:
    data_table(stage_matrix_table(result, names), key("compare.between"), {})

st.subheader("Difference of each count")
st.caption(BOTH_INTERVALS)
outputs, arrivals = change_labels(result, *sides, names)
of_stages, of_outputs = st.tabs(["Stages", "Outputs"])
with of_stages:
    bars = change_bars(result.arrivals, arrivals, ink())
    figure(bars, change_table(result.arrivals, arrivals), key("compare.stages"))
with of_outputs:
    bars = change_bars(result.outputs, outputs, ink())
    figure(bars, change_table(result.outputs, outputs), key("compare.outputs"))

if not moved.expected:
    st.info("No task reaches another stage than before.", icon=":material/check_circle:")
    st.stop()
st.subheader("Tasks that move")
pages = max(1, (drawn + PAGE - 1) // PAGE)
head, turn = st.columns([4, 1], vertical_alignment="bottom")
number = page_number(pages, key("compare.page"), place=turn)
head.caption(f"{counted(drawn)} in the draw of seed {state.seed}, and what changed their way.")
moves = work.moves(sides, here.within, state.seed, (number - 1) * PAGE, PAGE)
shown = moves_table(moves, *sides, names)
event = st.dataframe(
    written(shown),
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row",
    height=300,
    column_config={"Because": st.column_config.TextColumn(width="large")},
    key="compare.moves",
)
csv_button(shown.reset_index(), key("compare.list"))
picked = [row for row in event["selection"]["rows"] if row < len(shown)]
if picked and st.button(
    f"Open {plain(shown['Asset'].iloc[picked[0]] or shown.index[picked[0]])}",
    icon=":material/open_in_new:", key="compare.open",
):  # fmt: skip
    st.session_state["tasks.text"] = shown.index[picked[0]]
    st.switch_page("pages/project/tasks.py")

st.subheader("Who moves")
by = st.segmented_control("By", BREAKDOWNS, default=BREAKDOWNS[0], key="compare.by")
groups = work.moved_groups(sides, result, here.within, by or BREAKDOWNS[0])
st.caption("Expected tasks that move, and their share of the group; a task may be in two groups.")
data_table(groups_table(groups, by or BREAKDOWNS[0]), key("compare.groups"))
