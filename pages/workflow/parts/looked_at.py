"""The stage of the map that is looked at: chosen by a click on it or by name, and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.charts.workflow_map import exits_table
from core.flow.flow import ExactFlow
from core.model.figures import between, counted, tenths
from core.model.stages import Logic
from pages._ui import drafting
from pages._ui.bound_widget import held
from pages._ui.figure import data_table
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened, current


def stage_picker(flow: ExactFlow, here: Opened) -> tuple[int, Callable[[], None]]:
    """Ask which stage is looked at; its place, and what a click on the map does."""
    stages, state = flow.graph.stages, current()
    ids = [stage.id for stage in stages]
    logic = next((s.id for s in stages if isinstance(s, Logic)), ids[flow.graph.start])
    if state.looked_at not in ids:
        state.looked_at = logic
    picked = held(key("map.stage"), state.looked_at)

    def take(stage: str) -> None:
        state.looked_at = stage

    st.selectbox(
        "Stage (or click one on the map)", ids, ids.index(picked.value),
        format_func=here.names.of_stage, key=picked.key, on_change=picked.then(take),
    )  # fmt: skip

    def clicked() -> None:
        points = st.session_state["map.drawing"]["selection"]["points"]
        places = [point["customdata"] for point in points if "customdata" in point]
        if places:
            place = places[-1][0] if isinstance(places[-1], list) else places[-1]
            take(ids[int(place)])

    return ids.index(state.looked_at or logic), clicked


def stage_view(flow: ExactFlow, place: int, standing: Sequence[int], here: Opened) -> None:
    """The numbers of one stage; a Logic stage opens its rules."""
    one = flow.stages[place]
    st.subheader(plain(here.names.of_stage(one.stage.id)))
    columns = st.columns(3)
    columns[0].metric("Visits", tenths(one.visits.mean), help="How often tasks come in.")
    columns[1].metric("Tasks", tenths(one.tasks.mean), help="How many tasks come in at all.")
    columns[2].metric("There now", counted(standing[place]))
    spread = one.visits.interval
    if spread is None:
        st.caption("Visits spread too widely for a 95 % interval.")
    else:
        st.caption(f"95 % interval of the visits: {between(*spread)}.")
    if one.exits:
        data_table(exits_table(flow, place, here.names), key("map.exits"))
    if isinstance(one.stage, Logic) and st.button(
        "Open its rules", icon=":material/alt_route:", key="map.rules"
    ):
        if one.stage.id != drafting.stage_in_hand(here).id:
            drafting.to_stage(one.stage.id)
        st.switch_page("pages/logic/rules.py")
