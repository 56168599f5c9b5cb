"""How often Review accepts and Consensus agrees: what the histories say, and sliders over it."""

from __future__ import annotations

import streamlit as st

from core.flow.flow import ExactFlow
from core.flow.rates import Rate
from core.model.figures import about_percent, counted
from core.model.stages import Review
from pages._ui.bound_widget import held
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
