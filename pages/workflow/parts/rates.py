"""How often Review accepts and Consensus agrees: what the histories say, and sliders over it."""

from __future__ import annotations

import streamlit as st

from core.charts.workflow_map import parts_table
from core.flow.flow import ExactFlow
from core.flow.graph import output_name
from core.flow.rates import FEW, Rate, rates_by
from core.model.figures import about_percent, counted
from core.model.stages import Review
from core.routing.explain.breakdown import BREAKDOWNS, groups
from pages._ui.bound_widget import held
from pages._ui.figure import data_table
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened, current


def rates_view(flow: ExactFlow, here: Opened) -> None:
    """A slider per Review and Consensus that tasks get to."""
    rates = {place: rate for place, rate in flow.rates.items() if place in flow.graph.reached}
    if not rates:
        return
    st.subheader("Rates")
    for place, rate in rates.items():
        _slider(flow, place, rate, here)
    if any(rate.origin == "typed" for rate in rates.values()) and st.button(
        "Back to what the histories say", icon=":material/undo:", key="map.rates.reset"
    ):
        current().rates.clear()
        st.rerun()


def parts_view(flow: ExactFlow, here: Opened) -> None:
    """The rates of one stage by batch, annotator, class or duration, where passes are enough."""
    graph = flow.graph
    places = [p for p, rate in flow.rates.items() if rate.of and p in graph.reached]
    if not places:
        return
    with st.expander("Rates by batch and by annotator"):
        left, right = st.columns(2)
        ids = [graph.stages[place].id for place in places]
        stage = left.selectbox("Of", ids, format_func=here.names.of_stage, key="map.parts.stage")
        by = right.selectbox("By", BREAKDOWNS, key="map.parts.by")
        place = places[ids.index(stage)]
        work = here.workspace
        parts = groups(here.table, work.facts, here.names, by)
        rates = rates_by(graph, here.table, parts, here.within, place)
        few = [one for one in rates if not one.enough]
        data_table(
            parts_table(rates, by, output_name(graph.stages[place], 0)), key("map.parts"), {}
        )
        if few:
            left_out = sum(one.of for one in few)
            words = f"{counted(len(few))} parts with fewer than {FEW} passes are left out"
            st.caption(f"{words} ({counted(left_out)} passes).")


def _slider(flow: ExactFlow, place: int, rate: Rate, here: Opened) -> None:
    stage = flow.graph.stages[place]
    act = "accepted" if isinstance(stage, Review) else "in agreement"

    def changed(percent: float) -> None:
        current().rates[stage.id] = percent / 100

    slider = held(key("map.rate", stage.id), round(100 * rate.value, 1))
    st.slider(
        f"{plain(here.names.of_stage(stage.id))}: {act}", 0.0, 100.0, slider.value, step=0.5,
        format="%g %%", key=slider.key, on_change=slider.then(changed),
    )  # fmt: skip
    st.caption(rate_words(rate))


def rate_words(rate: Rate) -> str:
    """Where a rate comes from, as a sentence."""
    if not rate.of:
        return "No pass in the histories: assumed." if rate.origin == "assumed" else "Set here."
    span = f"{about_percent(rate.low, 1)} to {about_percent(rate.high, 1)}"
    share = about_percent(rate.first / rate.of, 1)
    words = f"{share} of {counted(rate.of)} passes in the histories (95 % interval {span})"
    return f"Set here; {words}." if rate.origin == "typed" else f"{words}."
